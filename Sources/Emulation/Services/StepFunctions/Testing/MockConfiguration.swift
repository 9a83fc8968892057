import AWSModel

/// Answers that stand in for tasks, in the form of Step Functions Local's `MockConfigFile.json`: per state machine and
/// test case, which states are mocked, and what each call of them gives.
public struct MockConfiguration: Sendable, Hashable {
    public typealias Answer = MockedResponses.Answer
    public typealias Fault = MockedResponses.Fault

    private var machines: [String: [String: [String: MockedResponses]]] = [:]

    public init(parsing text: String) throws(Fault) {
        guard let document = (try? JSONReader.parse(text))?.object else {
            throw Fault(message: "The mocks are no JSON object.")
        }
        var responses: [String: MockedResponses] = [:]
        for (name, value) in document.object("MockedResponses") ?? [:] {
            responses[name] = try MockedResponses(value, name: name)
        }
        for (machine, value) in document.object("StateMachines") ?? [:] {
            for (testCase, states) in value["TestCases"]?.object ?? [:] {
                var mocked: [String: MockedResponses] = [:]
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

    public func has(testCase: String, of machine: String) -> Bool { machines[machine]?[testCase] != nil }

    /// What stands in for a state; nil where nothing does.
    func responses(of state: String, testCase: String, machine: String) -> MockedResponses? {
        machines[machine]?[testCase]?[state]
    }
}
