import AWSModel

/// What the calls of a mocked state give, in the form of Step Functions Local:
/// `{"0": {"Throw": {"Error": "E", "Cause": "C"}}, "1-2": {"Return": {}}}`.
public struct MockedResponses: Sendable, Hashable {
    public enum Answer: Sendable, Hashable {
        case returned(DocumentValue)
        case thrown(error: String?, cause: String?)
    }

    /// What to show to whoever wrote them.
    public struct Fault: Error, Sendable, Hashable {
        public var message: String
    }

    private struct Response: Sendable, Hashable {
        /// From 0; the calls that get this answer.
        var calls: ClosedRange<Int>
        var answer: Answer
    }

    private var responses: [Response] = []

    /// - Parameter name: what to call them in a complaint.
    init(_ value: DocumentValue, name: String) throws(Fault) {
        guard let object = value.object else { throw Fault(message: "\(name) is no JSON object.") }
        for (key, answer) in object {
            let bounds = key.split(separator: "-").compactMap { Int($0) }
            guard let first = bounds.first, let last = bounds.last, first >= 0, first <= last, bounds.count <= 2 else {
                throw Fault(message: "\(name): '\(key)' is neither a number nor a range such as 0-2.")
            }
            if let result = answer["Return"] {
                responses.append(Response(calls: first...last, answer: .returned(result)))
            } else if let thrown = answer["Throw"] {
                let answer = Answer.thrown(error: thrown["Error"]?.string, cause: thrown["Cause"]?.string)
                responses.append(Response(calls: first...last, answer: answer))
            } else {
                throw Fault(message: "\(name)/\(key) has neither Return nor Throw.")
            }
        }
    }

    var isEmpty: Bool { responses.isEmpty }

    /// What a call gives; nil where fewer calls are listed.
    func answer(call: Int) -> Answer? { responses.first { $0.calls.contains(call) }?.answer }

    /// What the last of the listed calls gives.
    var last: Answer? { responses.max { $0.calls.upperBound < $1.calls.upperBound }?.answer }
}
