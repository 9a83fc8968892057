import AWSModel
import StatesLanguage
import Testing

/// How much a state may set, and an execution may keep.
@Suite struct VariableLimitTests {
    private func outcome(of states: String, restarts: Bool = false) throws -> ExecutionOutcome {
        let text = #"{"StartAt":"S0","QueryLanguage":"JSONata","States":{\#(states)}}"#
        let parsed = StateMachineDefinition.parse(text)
        let definition = try #require(parsed.definition, "\(parsed.errorMessage)")
        var simulated = try SimulatedExecution(definition)
        simulated.restartsAlways = restarts
        try simulated.run()
        return simulated.execution.outcome
    }

    private func assigning(_ length: Int, _ name: String, state: Int, next: String) -> String {
        #""S\#(state)":{"Type":"Pass","Assign":{"\#(name)":"{% $pad('', \#(length), 'x') %}"},"Output":1,\#(next)}"#
    }

    @Test func oneAssignHolds256KiB() throws {
        #expect(try outcome(of: assigning(262_000, "a", state: 0, next: #""End":true"#)).status == .succeeded)
        let failed = try outcome(of: assigning(262_200, "a", state: 0, next: #""End":true"#))
        #expect(failed.status == .failed)
        #expect(failed.error == "States.DataLimitExceeded")
    }

    @Test(arguments: [false, true]) func anExecutionHoldsTenMebibytes(restarts: Bool) throws {
        func states(_ count: Int, _ name: (Int) -> String) -> String {
            (0..<count).map {
                assigning(
                    262_000, name($0), state: $0,
                    next: $0 == count - 1 ? #""End":true"# : #""Next":"S\#($0 + 1)""#)
            }.joined(separator: ",")
        }
        #expect(try outcome(of: states(40) { "v\($0)" }, restarts: restarts).status == .succeeded)
        #expect(try outcome(of: states(41) { "v\($0)" }, restarts: restarts).error == "States.DataLimitExceeded")
        #expect(try outcome(of: states(41) { "v\($0 % 2)" }, restarts: restarts).status == .succeeded)
    }

    @Test(arguments: [
        (String(repeating: "n", count: 80), true), (String(repeating: "n", count: 81), false), ("states", false),
        ("1a", false), ("a_1", true),
    ]) func namesAreChecked(name: String, isValid: Bool) {
        let text =
            #"{"StartAt":"P","States":{"P":{"Type":"Pass","Assign":{"\#(name)":1},"End":true}}}"#
        #expect((StateMachineDefinition.parse(text).definition != nil) == isValid)
    }
}
