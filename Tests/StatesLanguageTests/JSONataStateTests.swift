import AWSModel
import StatesLanguage
import Testing

/// JSONata in states: the reference implementation's suite inside a Pass state, and what AWS adds around it.
@Suite struct JSONataStateTests {
    @Test func expressionsInsidePassStates() throws {
        let lines = RecordedCase.readLines("jsonata-asl-cases.jsonl")
        guard !lines.isEmpty else {
            print("JSONata states: all skipped, ../shared/conformance/jsonata-asl-cases.jsonl is missing")
            return
        }
        var right = 0
        for line in lines {
            guard let wrong = try Self.difference(line) else {
                right += 1
                continue
            }
            print("JSONata state \(line.string("id") ?? ""): \(wrong.prefix(300))")
        }
        print("JSONata states: \(lines.count), \(right) right")
        #expect(right >= 950)
    }

    /// Nil where the case comes out as it should.
    private static func difference(_ line: DocumentObject) throws -> String? {
        let expect = line.object("expect") ?? [:]
        let parsed = StateMachineDefinition.parse(JSONWriter.string(line["definition"] ?? .null))
        guard let definition = parsed.definition else {
            return expect.contains("rejected_or_failed") ? nil : parsed.errorMessage
        }
        var simulated = try SimulatedExecution(definition, input: JSONWriter.string(line["input"] ?? [:]))
        try simulated.run()
        let outcome = simulated.execution.outcome
        if expect.contains("rejected_or_failed") { return outcome.status == .failed ? nil : "accepted" }
        guard outcome.status.rawValue == expect.string("status") else {
            return "\(outcome.status.rawValue) \(outcome.cause ?? "") \(outcome.output?.text ?? "")"
        }
        if outcome.status == .failed {
            return outcome.error == expect.string("error") ? nil : outcome.error ?? "no error"
        }
        let isUnordered = line["unordered"]?.bool == true
        return same(outcome.output?.value ?? .null, expect["output"] ?? .null, isUnordered: isUnordered)
            ? nil : "wanted \(JSONWriter.string(expect["output"] ?? .null)), found \(outcome.output?.text ?? "")"
    }

    private static func same(_ left: DocumentValue, _ right: DocumentValue, isUnordered: Bool) -> Bool {
        if let a = left.double, let b = right.double { return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }
        switch (left, right) {
        case (.list(var a), .list(var b)):
            guard a.count == b.count else { return false }
            if isUnordered {
                a.sort { JSONWriter.string($0) < JSONWriter.string($1) }
                b.sort { JSONWriter.string($0) < JSONWriter.string($1) }
            }
            return zip(a, b).allSatisfy { same($0, $1, isUnordered: false) }
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.allSatisfy { key, value in b[key].map { same(value, $0, isUnordered: false) } ?? false }
        default: return left == right
        }
    }

    private func run(_ text: String, input: String = "{}", answer: (TaskOrder) -> ExecutionEvent? = { _ in nil })
        throws -> SimulatedExecution
    {
        let parsed = StateMachineDefinition.parse(text)
        let definition = try #require(parsed.definition, "\(parsed.diagnostics)")
        var simulated = try SimulatedExecution(definition, input: input)
        try simulated.run(answer: answer)
        return simulated
    }

    private static let function = "arn:aws:lambda:us-east-1:123456789012:function:work"

    @Test func aTaskSeesItsResultAndSetsFromWhatWasBefore() throws {
        let simulated = try run(
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"T"},"T":{"Type":"Task","Resource":"\#(Self.function)","Arguments":{"a":"{% $states.input.n + $x %}"},"TimeoutSeconds":"{% 10 * $x %}","Assign":{"x":"{% $x + 1 %}","y":"{% $x %}"},"Output":{"r":"{% $states.result.v %}","x":"{% $x %}"},"Next":"B"},"B":{"Type":"Pass","Output":"{% [$states.input.r, $x, $y] %}","End":true}}}"#,
            input: #"{"n":4}"#
        ) { order in
            #expect(order.parameters.text == #"{"a":5}"#)
            #expect(order.timeoutSeconds == 10)
            return .taskSucceeded(order.id, Payload(["v": 7]))
        }
        #expect(simulated.execution.outcome.output?.text == "[7,2,1]")
    }

    @Test func aFailedExpressionCanBeCaught() throws {
        let simulated = try run(
            #"{"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","Arguments":{"a":"{% $missing %}"},"Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Assign":{"e":"{% $states.errorOutput.Error %}"},"Output":"{% $states.input %}","Next":"C"}],"End":true},"C":{"Type":"Pass","Output":"{% $e %}","End":true}}}"#
        )
        #expect(simulated.execution.outcome.output?.value == "States.QueryEvaluationError")
        #expect(simulated.history.contains { $0.type == .evaluationFailed && $0.details.resource == "Arguments/a" })
    }

    @Test(arguments: [
        ("$hash('abc', 'MD5')", "900150983cd24fb0d6963f7d28e17f72"),
        ("$hash('abc', 'SHA-1')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("$hash('abc', 'SHA-256')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("$hash('abc', 'CRC')", "States.QueryEvaluationError"),
    ]) func digestsAreComputed(expression: String, wanted: String) throws {
        let text =
            #"{"StartAt":"P","QueryLanguage":"JSONata","States":{"P":{"Type":"Pass","Output":"{% \#(expression) %}","End":true}}}"#
        let definition = try #require(StateMachineDefinition.parse(text).definition)
        var simulated = try SimulatedExecution(definition)
        try simulated.run()
        let outcome = simulated.execution.outcome
        #expect((outcome.output?.value.string ?? outcome.error) == wanted)
    }
}
