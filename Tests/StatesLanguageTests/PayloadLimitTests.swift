import AWSModel
import StatesLanguage
import Testing

/// AWS: 262,144 bytes for any input, output or result, and 25,000 events for a Standard execution.
@Suite struct PayloadLimitTests {
    private static let limit = 262_144

    private func run(
        _ text: String, input: String = "{}", type: StateMachineType = .standard,
        answer: (TaskOrder) -> ExecutionEvent? = { _ in nil }
    ) throws -> SimulatedExecution {
        let parsed = StateMachineDefinition.parse(text)
        let definition = try #require(parsed.definition, "\(parsed.errorMessage)")
        var simulated = try SimulatedExecution(definition, input: input, type: type)
        try simulated.run(answer: answer)
        return simulated
    }

    /// A JSON text of that many bytes.
    private func text(ofBytes count: Int) -> DocumentValue { .string(String(repeating: "x", count: count - 2)) }

    private func task(catching name: String? = nil) -> String {
        let handler = name.map { #""Catch":[{"ErrorEquals":["\#($0)"],"Next":"C"}],"# } ?? ""
        let target = name == nil ? "" : #","C":{"Type":"Succeed"}"#
        return
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody":"b"},\#(handler)"End":true}\#(target)}}"#
    }

    @Test func aResultOfExactlyTheLimitIsTaken() throws {
        let simulated = try run(task()) { .taskSucceeded($0.id, Payload(text(ofBytes: Self.limit))) }
        #expect(simulated.execution.status == .succeeded)
        #expect(simulated.execution.outcome.output?.text.utf8.count == Self.limit)
    }

    @Test func oneByteMoreFailsTheTask() throws {
        let simulated = try run(task()) { .taskSucceeded($0.id, Payload(text(ofBytes: Self.limit + 1))) }
        #expect(simulated.execution.status == .failed)
        #expect(simulated.execution.outcome.error == "States.DataLimitExceeded")
        #expect(
            simulated.execution.outcome.cause?.hasSuffix(
                "returned a result with a size exceeding the maximum number of bytes service limit.") == true)
    }

    /// Recorded: a catcher may name it, and States.ALL stands for it too, where a task's result is too large.
    @Test(arguments: ["States.DataLimitExceeded", "States.ALL"]) func itCanBeCaught(name: String) throws {
        let simulated = try run(task(catching: name)) {
            .taskSucceeded($0.id, Payload(text(ofBytes: Self.limit + 1)))
        }
        #expect(simulated.execution.status == .succeeded)
        #expect(simulated.execution.outcome.output?.value["Error"] == "States.DataLimitExceeded")
    }

    /// Bytes of UTF-8 count, not characters.
    @Test func aPassStateMayNotDoubleItsInput() throws {
        let machine =
            #"{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}}}"#
        let half = String(repeating: "é", count: (Self.limit / 2 - 8) / 2 - 1)
        #expect(try run(machine, input: "\"\(half)\"").execution.status == .succeeded)
        let more = try run(machine, input: "\"\(half)éééééééé\"")
        #expect(more.execution.outcome.error == "States.DataLimitExceeded")
        #expect(more.execution.outcome.cause?.contains("'P'") == true)
    }

    @Test func onlyStandardExecutionsCountTheirEvents() throws {
        func machine(_ count: Int) -> String {
            #"{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% $states.input + 1 %}","Next":"C"},"C":{"Type":"Choice","Choices":[{"Condition":"{% $states.input < \#(count) %}","Next":"P"}],"Default":"S"},"S":{"Type":"Succeed"}}}"#
        }
        let within = try run(machine(6_000), input: "0")
        #expect(within.execution.status == .succeeded)
        let beyond = try run(machine(7_000), input: "0")
        #expect(beyond.execution.status == .failed)
        #expect(beyond.execution.lastEventID == Execution.maximumEvents)
        #expect(beyond.execution.outcome.cause?.contains("maximum number of history events") == true)
        #expect(try run(machine(7_000), input: "0", type: .express).execution.status == .succeeded)
    }
}
