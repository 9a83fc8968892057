import AWSModel
import StatesLanguage

/// Makes valid machines at random: both query languages, nested Map and Parallel, retries, catches, waits, tasks.
struct RandomMachine {
    private var random: TurnRandom
    private var lastName = 0

    init(seed: UInt64) { random = TurnRandom(seed: seed) }

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
        switch number(0...(depth < 2 ? 9 : 5)) {
        case 0: state = ["Type": "Wait", "Seconds": .integer(Int64(number(0...20)))]
        case 1, 2: state = pass(usesJSONata)
        case 3...5: state = task(usesJSONata)
        case 6, 7:
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
        if let target = next { state["Next"] = .string(target) } else { state["End"] = true }
        if ["Task", "Parallel", "Map"].contains(state.string("Type") ?? "") { handlers(&state, later, usesJSONata) }
        return state
    }

    private mutating func pass(_ usesJSONata: Bool) -> DocumentObject {
        guard usesJSONata else {
            return [
                "Type": "Pass", "Parameters": ["n": .integer(Int64(number(0...9))), "u.$": "States.UUID()"],
                "ResultPath": .string(chance(1, 2) ? "$" : "$.p"), "Assign": ["x": .integer(Int64(number(0...9)))],
            ]
        }
        return [
            "Type": "Pass", "Output": ["r": "{% $random() %}", "n": "{% 1 + 2 %}"],
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
                    "JitterStrategy": "FULL",
                ],
                ["ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": .integer(Int64(number(1...5)))],
            ]
        }
        if let target = later.last, chance(1, 2) {
            state["Catch"] = [["ErrorEquals": ["States.ALL"], "Next": .string(target)]]
        }
    }
}
