import AWSModel
import StatesLanguage

@testable import Emulation

/// Machines at random whose output depends on nothing but their input: whatever is killed, whenever, it must come out.
struct RandomWorkflow {
    private var random: TurnRandom
    private var lastName = 0

    static let child = "arn:aws:states:us-east-1:123456789012:stateMachine:child"
    static let activity = "arn:aws:states:us-east-1:123456789012:activity:hands"
    static let queueURL = "http://localhost/123456789012/tokens"

    init(seed: UInt64) { random = TurnRandom(seed: seed &* 31 &+ 7) }

    mutating func definition() -> String { JSONWriter.string(.object(workflow(depth: 0, length: 2...4))) }

    /// What every nested execution runs.
    static let childDefinition =
        #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3,"Next":"T"},"T":{"Type":"Task","Resource":"\#(TestEngine.function)","End":true}}}"#

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func workflow(depth: Int, length: ClosedRange<Int>) -> DocumentObject {
        let names = (0..<number(length)).map { _ in
            lastName += 1
            return "S\(lastName)"
        }
        var states = DocumentObject()
        for (place, name) in names.enumerated() {
            let next = place + 1 < names.count ? names[place + 1] : nil
            var state = state(name, next: next, depth: depth)
            if let next { state["Next"] = .string(next) } else { state["End"] = true }
            states[name] = .object(state)
        }
        if states.contains(where: { $0.1["Catch"] != nil }) {
            states["Caught"] = ["Type": "Pass", "Result": "caught", "ResultPath": "$.caught", "End": true]
        }
        return ["StartAt": .string(names[0]), "States": .object(renamed(states))]
    }

    /// Names are unique in the whole machine.
    private mutating func renamed(_ states: DocumentObject) -> DocumentObject {
        lastName += 1
        let caught = "Caught\(lastName)"
        var result = DocumentObject()
        for (name, value) in states {
            guard var state = value.object else { continue }
            if state["Catch"] != nil {
                state["Catch"] = [["ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": .string(caught)]]
            }
            result[name == "Caught" ? caught : name] = .object(state)
        }
        return result
    }

    private mutating func state(_ name: String, next: String?, depth: Int) -> DocumentObject {
        let path = DocumentValue.string("$.\(name)")
        let n = DocumentValue.integer(Int64(number(1...99)))
        switch number(0...(depth < 2 ? 13 : 8)) {
        case 0: return ["Type": "Pass", "Result": ["n": n], "ResultPath": path]
        case 1: return ["Type": "Wait", "Seconds": .integer(Int64(number(1...20)))]
        case 2, 3: return task(["op": "double", "n": n], path)
        case 4:
            var state = task(["op": "fail", "n": n], path)
            state["Retry"] = [
                ["ErrorEquals": ["Oops"], "IntervalSeconds": 2, "MaxAttempts": .integer(Int64(number(0...2)))]
            ]
            state["Catch"] = []
            return state
        case 5:
            var state = task(["op": "hang", "n": n], path)
            state["TimeoutSeconds"] = 4
            state["Catch"] = []
            return state
        case 6:
            return [
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": [
                    "QueueUrl": .string(Self.queueURL), "MessageBody": ["token.$": "$$.Task.Token", "n": n],
                ], "ResultPath": path,
            ]
        case 7:
            return [
                "Type": "Task", "Resource": .string(Self.activity), "Parameters": ["n": n], "ResultPath": path,
            ]
        case 8:
            return [
                "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
                "Parameters": ["StateMachineArn": .string(Self.child), "Input": ["op": "double", "n": n]],
                "ResultSelector": ["out.$": "$.Output"], "ResultPath": path,
            ]
        case 9, 10:
            return [
                "Type": "Parallel", "ResultPath": path,
                "Branches": .list((0..<number(1...3)).map { _ in .object(workflow(depth: depth + 1, length: 1...2)) }),
            ]
        case 11, 12:
            return map(path, depth, ["ProcessorConfig": ["Mode": "INLINE"]], ["ItemsPath": "$$.Execution.Input.items"])
        default:
            let type = number(0...1) == 0 ? "STANDARD" : "EXPRESS"
            var more: DocumentObject
            if number(0...1) == 0 {
                more = [
                    "ItemReader": [
                        "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": ["InputType": "JSON"],
                        "Parameters": ["Bucket": "items", "Key": "items.json"],
                    ]
                ]
            } else {
                more = ["ItemsPath": "$$.Execution.Input.items"]
            }
            // Express children know no tokens, activities or nested waits.
            return map(
                path, type == "EXPRESS" ? 2 : depth,
                ["ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": .string(type)]], more,
                isExpress: type == "EXPRESS")
        }
    }

    private mutating func map(
        _ path: DocumentValue, _ depth: Int, _ config: DocumentObject, _ more: DocumentObject, isExpress: Bool = false
    ) -> DocumentObject {
        var processor: DocumentObject
        if isExpress {
            lastName += 1
            let work: DocumentValue = [
                "Type": "Task", "Resource": .string(TestEngine.function),
                "Parameters": ["op": "double", "n.$": "$.v"], "End": true,
            ]
            var states = DocumentObject()
            states["E\(lastName)"] = work
            processor = ["StartAt": .string("E\(lastName)"), "States": .object(states)]
        } else {
            processor = workflow(depth: depth + 1, length: 1...2)
        }
        for (key, value) in config { processor[key] = value }
        var state: DocumentObject = [
            "Type": "Map", "ItemProcessor": .object(processor), "MaxConcurrency": .integer(Int64(number(0...2))),
            "ItemSelector": ["v.$": "$$.Map.Item.Value"], "ResultPath": path,
        ]
        for (key, value) in more { state[key] = value }
        return state
    }

    private func task(_ parameters: DocumentObject, _ path: DocumentValue) -> DocumentObject {
        [
            "Type": "Task", "Resource": .string(TestEngine.function), "Parameters": .object(parameters),
            "ResultPath": path,
        ]
    }
}
