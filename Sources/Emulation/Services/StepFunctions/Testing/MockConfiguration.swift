import AWSModel

/// Answers that stand in for tasks, in the form of Step Functions Local's `MockConfigFile.json`: per state machine and
/// test case, which states are mocked, and what each call of them gives.
public struct MockConfiguration: Sendable, Hashable {
    public enum Answer: Sendable, Hashable {
        case returned(DocumentValue)
        case thrown(error: String?, cause: String?)
    }

    /// What to show to whoever wrote the file.
    public struct Fault: Error, Sendable, Hashable {
        public var message: String
    }

    private struct Response: Sendable, Hashable {
        /// From 0; the calls that get this answer.
        var calls: ClosedRange<Int>
        var answer: Answer
    }

    private var machines: [String: [String: [String: [Response]]]] = [:]

    public init(parsing text: String) throws(Fault) {
        guard let document = (try? JSONReader.parse(text))?.object else {
            throw Fault(message: "The mocks are no JSON object.")
        }
        var responses: [String: [Response]] = [:]
        for (name, value) in document.object("MockedResponses") ?? [:] {
            responses[name] = try Self.responses(value, of: name)
        }
        for (machine, value) in document.object("StateMachines") ?? [:] {
            for (testCase, states) in value["TestCases"]?.object ?? [:] {
                var mocked: [String: [Response]] = [:]
                for (state, name) in states.object ?? [:] {
                    guard let name = name.string, let found = responses[name] else {
                        throw Fault(
                            message:
                                "\(machine)/\(testCase)/\(state) names a response that MockedResponses does not have.")
                    }
                    mocked[state] = found
                }
                machines[machine, default: [:]][testCase] = mocked
            }
        }
    }

    private static func responses(_ value: DocumentValue, of name: String) throws(Fault) -> [Response] {
        var found: [Response] = []
        for (key, answer) in value.object ?? [:] {
            let bounds = key.split(separator: "-").compactMap { Int($0) }
            guard let first = bounds.first, let last = bounds.last, first >= 0, first <= last, bounds.count <= 2 else {
                throw Fault(message: "\(name): '\(key)' is neither a number nor a range such as 0-2.")
            }
            if let result = answer["Return"] {
                found.append(Response(calls: first...last, answer: .returned(result)))
            } else if let thrown = answer["Throw"] {
                let answer = Answer.thrown(error: thrown["Error"]?.string, cause: thrown["Cause"]?.string)
                found.append(Response(calls: first...last, answer: answer))
            } else {
                throw Fault(message: "\(name)/\(key) has neither Return nor Throw.")
            }
        }
        return found
    }

    public func has(testCase: String, of machine: String) -> Bool { machines[machine]?[testCase] != nil }

    /// Whether a state is mocked at all.
    func isMocked(_ state: String, testCase: String, of machine: String) -> Bool {
        machines[machine]?[testCase]?[state] != nil
    }

    /// What a call of a state gives; nil where the file lists fewer calls.
    func answer(call: Int, of state: String, testCase: String, machine: String) -> Answer? {
        machines[machine]?[testCase]?[state]?.first { $0.calls.contains(call) }?.answer
    }
}
