import AWSModel
import StatesLanguage
import Testing

/// RedriveExecution: what succeeded stays, what failed runs again.
@Suite struct RedriveTests {
    private static let function = "arn:aws:lambda:us-east-1:123456789012:function:work"

    private func redriven(_ simulated: SimulatedExecution) throws -> SimulatedExecution {
        let old = simulated.execution.identity
        let identity = ExecutionIdentity(
            arn: old.arn, name: old.name, stateMachineArn: old.stateMachineArn, stateMachineName: old.stateMachineName,
            roleArn: old.roleArn, region: old.region, startTime: old.startTime, input: old.input, redriveCount: 1,
            redriveTime: simulated.now)
        var next = simulated
        next.execution = try Execution(
            redriving: simulated.execution.checkpoint, definition: simulated.execution.definition, identity: identity)
        try next.send(.redrive)
        return next
    }

    private func definition(_ text: String) throws -> StateMachineDefinition {
        try #require(StateMachineDefinition.parse(text).definition)
    }

    @Test func aFailedTaskIsScheduledAgainWithItsInput() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"n":1},"Next":"T"},"T":{"Type":"Task","Resource":"\#(Self.function)","Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}],"End":true}}}"#
            ))
        try simulated.run { .taskFailed($0.id, error: "E", cause: nil) }
        #expect(simulated.execution.status == .failed)
        let count = simulated.history.count
        var next = try redriven(simulated)
        var failures = 1
        try next.run { order in
            #expect(order.parameters.text == #"{"n":1}"#)
            failures -= 1
            return failures >= 0 ? .taskFailed(order.id, error: "E", cause: nil) : .taskSucceeded(order.id, Payload(2))
        }
        #expect(next.execution.outcome.output?.text == "2")
        // The retrier's counter began anew, and the state is not entered again.
        #expect(
            next.history[count...].map(\.type.name) == [
                "ExecutionRedriven", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed",
                "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "TaskStateExited",
                "ExecutionSucceeded",
            ])
        #expect(next.history.map(\.id) == Array(1...next.history.count))
    }

    @Test func onlyTheBranchesThatDidNotSucceedRunAgain() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","End":true}}},"End":true}}}"#
            ), input: "[1,2,3]")
        try simulated.run { order in
            order.parameters.text == "2"
                ? .taskFailed(order.id, error: "E", cause: nil) : .taskSucceeded(order.id, order.parameters)
        }
        #expect(simulated.execution.status == .failed)
        var next = try redriven(simulated)
        var seen: [String] = []
        try next.run { order in
            seen.append(order.parameters.text)
            return .taskSucceeded(order.id, order.parameters)
        }
        #expect(next.execution.outcome.output?.text == "[1,2,3]")
        #expect(seen == ["2", "3"])
    }

    @Test func aStoppedExecutionGoesOnWhereItStood() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}},{"StartAt":"Q","States":{"Q":{"Type":"Pass","Result":5,"End":true}}}],"End":true}}}"#
            ))
        try simulated.send(.start)
        try simulated.send(.stop(error: nil, cause: nil))
        #expect(simulated.execution.status == .aborted)
        var next = try redriven(simulated)
        try next.run()
        #expect(next.execution.outcome.output?.text == "[{},5]")
    }

    @Test func whatSucceededIsNotRedriven() throws {
        var simulated = try SimulatedExecution(
            try definition(#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#))
        try simulated.run()
        #expect(throws: CheckpointError.self) {
            try Execution(
                redriving: simulated.execution.checkpoint, definition: simulated.execution.definition,
                identity: simulated.execution.identity)
        }
    }
}
