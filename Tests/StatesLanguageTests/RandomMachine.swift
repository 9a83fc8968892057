import AWSModel
import StatesLanguage

/// Makes valid machines at random: both query languages, nested Map and Parallel, retries, catches, waits, tasks.
struct RandomMachine {
    private var random: TurnRandom
    private var lastName = 0
    /// Without random numbers in its data and without jitter, so that turns may be cut anywhere.
    private let isPredictable: Bool

    init(seed: UInt64, isPredictable: Bool = false) {
        random = TurnRandom(seed: seed)
        self.isPredictable = isPredictable
    }

    mutating func definition() -> String {
        var machine = workflow(depth: 0)
        if chance(1, 3) { machine["TimeoutSeconds"] = .integer(Int64(number(5...400))) }
        return JSONWriter.string(.object(machine))
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func chance(_ part: Int, _ whole: Int) -> Bool { number(1...whole) <= part }

    /// Each state leads to a later one, so that every machine ends.
    private mutating func workflow(depth: Int) -> DocumentObject {
        let names = (0..<number(1...4)).map { _ in
            lastName += 1
            return "S\(lastName)"
        }
        var states = DocumentObject()
        for (place, name) in names.enumerated() {
            let later = Array(names[(place + 1)...])
            states[name] = .object(state(next: later.first, later: later, depth: depth))
        }
        return ["StartAt": .string(names[0]), "States": .object(states)]
    }

    private mutating func state(next: String?, later: [String], depth: Int) -> DocumentObject {
        var state: DocumentObject
        let usesJSONata = chance(1, 2)
        switch number(0...(depth < 2 ? 12 : 8)) {
        case 0: state = wait(usesJSONata)
        case 6 where later.isEmpty: state = fail(usesJSONata)
        case 7 where !later.isEmpty: return choice(later, usesJSONata)
        case 8 where later.isEmpty: return succeed(usesJSONata)
        case 6...8: state = pass(usesJSONata)
        case 1, 2: state = pass(usesJSONata)
        case 3...5: state = task(usesJSONata)
        case 9, 10:
            state = [
                "Type": "Parallel",
                "Branches": .list((0..<number(1...3)).map { _ in .object(workflow(depth: depth + 1)) }),
            ]
        default:
            state = [
                "Type": "Map", "ItemProcessor": .object(workflow(depth: depth + 1)),
                "MaxConcurrency": .integer(Int64(number(0...2))),
            ]
            if usesJSONata {
                state["Items"] = .string("{% [1..\(number(1...4))] %}")
                state["ItemSelector"] = ["v": "{% $states.context.Map.Item.Value %}"]
            } else {
                state["ItemsPath"] = "$$.Execution.Input.items"
                state["ItemSelector"] = ["v.$": "$$.Map.Item.Value"]
            }
        }
        if usesJSONata { state["QueryLanguage"] = "JSONata" }
        if state.string("Type") == "Fail" { return state }
        if let target = next { state["Next"] = .string(target) } else { state["End"] = true }
        if ["Task", "Parallel", "Map"].contains(state.string("Type") ?? "") { handlers(&state, later, usesJSONata) }
        return state
    }

    private mutating func wait(_ usesJSONata: Bool) -> DocumentObject {
        let seconds = number(0...20)
        switch number(0...3) {
        case 0: return ["Type": "Wait", "Timestamp": .string("2026-11-23T10:00:\(10 + seconds)Z")]
        case 1 where usesJSONata: return ["Type": "Wait", "Seconds": .string("{% \(seconds) %}")]
        default: return ["Type": "Wait", "Seconds": .integer(Int64(seconds))]
        }
    }

    /// Rarely reached: most machines should get on.
    private mutating func fail(_ usesJSONata: Bool) -> DocumentObject {
        guard chance(1, 3) else { return ["Type": "Pass"] }
        return ["Type": "Fail", "Error": usesJSONata ? "{% 'B' & 'C' %}" : "B", "Cause": "as written"]
    }

    private mutating func succeed(_ usesJSONata: Bool) -> DocumentObject {
        usesJSONata
            ? ["Type": "Succeed", "QueryLanguage": "JSONata", "Output": ["s": "{% $states.input %}"]]
            : ["Type": "Succeed", "InputPath": "$"]
    }

    /// Reads a variable where there may be one; its last target is reached by the default.
    private mutating func choice(_ later: [String], _ usesJSONata: Bool) -> DocumentObject {
        let target = DocumentValue.string(later[number(0...later.count - 1)])
        let fallback = DocumentValue.string(later[0])
        guard usesJSONata else {
            return [
                "Type": "Choice", "Default": fallback,
                "Choices": [
                    [
                        "And": [["Variable": "$.n", "IsPresent": true], ["Variable": "$.n", "NumericLessThan": 5]],
                        "Next": target, "Assign": ["z": true],
                    ],
                    ["Not": ["Variable": "$", "IsNull": false], "Next": target],
                ],
            ]
        }
        return [
            "Type": "Choice", "QueryLanguage": "JSONata", "Default": fallback,
            "Choices": [
                [
                    "Condition": "{% $exists($y) and $count($keys($y)) > 1 %}", "Next": target,
                    "Output": ["o": "{% $y %}"],
                ]
            ],
        ]
    }

    private mutating func pass(_ usesJSONata: Bool) -> DocumentObject {
        guard usesJSONata else {
            return [
                "Type": "Pass",
                "Parameters": [
                    "n": .integer(Int64(number(0...9))), "u.$": isPredictable ? "$$.State.Name" : "States.UUID()",
                ],
                "ResultPath": .string(chance(1, 2) ? "$" : "$.p"), "Assign": ["x": .integer(Int64(number(0...9)))],
            ]
        }
        return [
            "Type": "Pass",
            "Output": ["r": isPredictable ? "{% $x ? $x : 0 %}" : "{% $random() %}", "n": "{% 1 + 2 %}"],
            "Assign": ["y": "{% $states.input %}"],
        ]
    }

    private mutating func task(_ usesJSONata: Bool) -> DocumentObject {
        var task: DocumentObject = [
            "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "TimeoutSeconds": .integer(Int64(number(20...60))),
        ]
        if chance(1, 3) { task["HeartbeatSeconds"] = .integer(Int64(number(1...15))) }
        if chance(1, 2) {
            if usesJSONata {
                task["Output"] = ["o": "{% $states.result %}"]
            } else {
                task["ResultSelector"] = ["o.$": "$"]
            }
        }
        return task
    }

    private mutating func handlers(_ state: inout DocumentObject, _ later: [String], _ usesJSONata: Bool) {
        if chance(1, 2) {
            state["Retry"] = [
                [
                    "ErrorEquals": ["A", "States.Timeout"], "MaxAttempts": .integer(Int64(number(0...2))),
                    "JitterStrategy": isPredictable ? "NONE" : "FULL",
                ],
                ["ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": .integer(Int64(number(1...5)))],
            ]
        }
        if let target = later.last, chance(1, 2) {
            var catcher: DocumentObject = ["ErrorEquals": ["States.ALL"], "Next": .string(target)]
            if usesJSONata {
                catcher["Output"] = ["caught": "{% $states.errorOutput.Error %}"]
                catcher["Assign"] = ["error": "{% $states.errorOutput %}"]
            } else {
                catcher["ResultPath"] = "$.error"
                catcher["Assign"] = ["error.$": "$.Error"]
            }
            state["Catch"] = [.object(catcher)]
        }
    }
}
