import AWSModel
import StatesLanguage
import Testing

/// `$$` and `$states.context`, as each kind of state sees it.
@Suite struct ContextObjectTests {
    private func run(_ text: String, input: String = "{}", answer: (TaskOrder) -> ExecutionEvent? = { _ in nil })
        throws -> SimulatedExecution
    {
        let parsed = StateMachineDefinition.parse(text)
        let definition = try #require(parsed.definition, "\(parsed.errorMessage)")
        var simulated = try SimulatedExecution(definition, input: input)
        simulated.restartsAlways = true
        try simulated.run(answer: answer)
        return simulated
    }

    @Test func executionMachineAndState() throws {
        let simulated = try run(
            #"{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"c.$":"$$"},"End":true}}}"#, input: #"{"a":1}"#)
        let context = try #require(simulated.execution.outcome.output?.value["c"])
        let identity = simulated.execution.identity
        #expect(
            context["Execution"] == [
                "Id": .string(identity.arn), "Input": ["a": 1], "Name": .string(identity.name),
                "RoleArn": .string(identity.roleArn), "StartTime": "2026-11-23T10:00:00.000Z", "RedriveCount": 0,
            ])
        #expect(
            context["StateMachine"] == [
                "Id": .string(identity.stateMachineArn), "Name": .string(identity.stateMachineName),
            ])
        #expect(context["State"] == ["Name": "P", "EnteredTime": "2026-11-23T10:00:00.000Z"])
        #expect(context["Task"] == nil && context["Map"] == nil)
    }

    @Test func aRetryIsCountedAndTheEntryKeepsItsTime() throws {
        let seen = Log()
        _ = try run(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody.$":"$$.State"},"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":7}],"End":true}}}"#
        ) { order in
            seen.values.append(order.parameters.value["MessageBody"] ?? .null)
            return order.attempt < 2
                ? .taskFailed(order.id, error: "A", cause: nil) : .taskSucceeded(order.id, .emptyObject)
        }
        #expect(seen.values.map { $0["RetryCount"] } == [0, 1, 2])
        #expect(Set(seen.values.map { $0["EnteredTime"] }).count == 1)
    }

    @Test(arguments: [
        #""Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token"}}"#,
        #""QueryLanguage":"JSONata","Arguments":{"QueueUrl":"q","MessageBody":{"t":"{% $states.context.Task.Token %}"}}"#,
    ]) func aTokenIsThere(fields: String) throws {
        let seen = Log()
        _ = try run(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",\#(fields),"End":true}}}"#
        ) { order in
            seen.values.append(order.parameters.value["MessageBody"]?["t"] ?? .null)
            seen.values.append(order.token.map { .string($0) } ?? .null)
            return .taskSucceeded(order.id, .emptyObject)
        }
        #expect(seen.values.count == 2 && seen.values[0] == seen.values[1] && seen.values[0].string != nil)
    }

    @Test func anItemIsSeenWithinItsIteration() throws {
        let inner =
            #"{"StartAt":"N","States":{"N":{"Type":"Map","ItemsPath":"$.l","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"End":true}}},"ItemSelector":{"outer.$":"$.k","inner.$":"$$.Map.Item.Value"},"End":true}}}"#
        let simulated = try run(
            #"{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":\#(inner),"End":true}}}"#,
            input: #"{"items":[{"k":1,"l":["a"]},{"k":2,"l":["b","c"]}]}"#)
        #expect(
            simulated.execution.outcome.output?.text
                == #"[[{"i":0,"v":"a"}],[{"i":0,"v":"b"},{"i":1,"v":"c"}]]"#)
    }

    @Test func outsideOfAMapThereIsNoItem() throws {
        let simulated = try run(
            #"{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"i.$":"$$.Map.Item.Index"},"End":true}}}"#)
        #expect(simulated.execution.outcome.error == "States.Runtime")
    }
}

/// What a closure saw, in order.
private final class Log {
    var values: [DocumentValue] = []
}
