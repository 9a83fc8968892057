import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct ExecutionServiceTests {
    static let task = """
        {"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"\(TestEngine.function)","Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2}],
        "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.problem","Next":"Caught"}],"End":true},"Caught":{"Type":"Pass","End":true}}}
        """

    @Test func aFunctionArnRuns() throws {
        let engine = try TestEngine.withStepFunctions()
        engine.stubLambda.answer = { _ in StubLambda.succeeded(#"{"done": true}"#) }
        let execution = try engine.startExecution(try engine.createMachine(Self.task), input: #"{"n":1}"#)
        let description = try engine.describe(execution)
        #expect(description.status == "SUCCEEDED")
        #expect(description.output == #"{"done": true}"#)
        #expect(
            engine.stubLambda.invocations.map { String(decoding: $0.payload ?? [], as: UTF8.self) } == [#"{"n":1}"#])
        #expect(
            try engine.eventTypes(execution) == [
                "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted",
                "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded",
            ])
    }

    @Test func errorsAreRetriedThenCaught() throws {
        let engine = try TestEngine.withStepFunctions()
        let failure = #"{"errorType": "Busy", "errorMessage": "later"}"#
        engine.stubLambda.answer = { _ in StubLambda.failed(failure) }
        let execution = try engine.startExecution(try engine.createMachine(Self.task), input: #"{"n":1}"#)
        #expect(try engine.describe(execution).status == "RUNNING")
        #expect(
            engine.core.service(StepFunctionsService.self)?.explain(execution, item: nil).first?.rule == "RetryWait")
        engine.advance(by: .seconds(1))
        #expect(engine.stubLambda.invocations.count == 2)
        engine.advance(by: .seconds(2))
        #expect(engine.stubLambda.invocations.count == 3)
        let description = try engine.describe(execution)
        #expect(description.status == "SUCCEEDED")
        // AWS: the cause is the runtime's text, byte for byte.
        let output = try JSONReader.parse(description.output ?? "")
        #expect(output == ["n": 1, "problem": ["Error": "Busy", "Cause": .string(failure)]])
    }

    @Test func lambdaInvokeGivesTheWholeAnswerAndServiceErrorsAreNamed() throws {
        let engine = try TestEngine.withStepFunctions()
        let definition =
            #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"work","Payload.$":"$"},"End":true}}}"#
        let machine = try engine.createMachine(definition)
        engine.stubLambda.answer = { _ in StubLambda.succeeded("[1]") }
        let output = try JSONReader.parse(try engine.describe(try engine.startExecution(machine)).output ?? "")
        #expect(output["Payload"] == [1])
        #expect(output["StatusCode"] == 200)
        #expect(output["SdkHttpMetadata"]?["HttpStatusCode"] == 200)
        engine.stubLambda.answer = { _ throws(ServiceError) in
            throw ServiceError("ResourceNotFoundException", "Function not found: x", status: 404)
        }
        let failed = try engine.describe(try engine.startExecution(machine))
        #expect(failed.status == "FAILED")
        #expect(failed.error == "Lambda.ResourceNotFoundException")
        #expect(
            failed.cause?.hasPrefix(
                "Function not found: x (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: "
            )
                == true)
    }

    @Test func sendMessageSerialisesObjectsAndNamesErrors() throws {
        let engine = try TestEngine.withStepFunctions()
        let definition =
            #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl.$":"$.url","MessageBody":{"a.$":"$.n"}},"End":true}}}"#
        let machine = try engine.createMachine(definition)
        let sent = try engine.describe(try engine.startExecution(machine, input: #"{"url":"http://q/1/orders","n":1}"#))
        #expect(sent.status == "SUCCEEDED")
        #expect(engine.stubSQS.sent.map(\.messageBody) == [#"{"a":1}"#])
        #expect(try JSONReader.parse(sent.output ?? "")["MessageId"] == "id-1")
        let failed = try engine.describe(try engine.startExecution(machine, input: #"{"url":"http://q/1/none","n":1}"#))
        #expect(failed.error == "SQS.QueueDoesNotExistException")
    }

    @Test func startingIsIdempotentWhileItRuns() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#)
        let first = try engine.startExecution(machine, input: "{}", name: "one")
        #expect(try engine.startExecution(machine, input: "{}", name: "one") == first)
        let other = engine.error(SFN.startExecution, .init(stateMachineArn: machine, name: "one", input: "[]"))
        #expect(other?.code == "ExecutionAlreadyExists")
        engine.advance(by: .seconds(60))
        #expect(try engine.describe(first).status == "SUCCEEDED")
        #expect(
            engine.error(SFN.startExecution, .init(stateMachineArn: machine, name: "one", input: "{}"))?.message
                == "Execution Already Exists: '\(first)'")
        let bad = engine.error(SFN.startExecution, .init(stateMachineArn: machine, input: "not json"))
        #expect(
            bad?.message
                == "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'"
        )
    }

    @Test func stoppingAbortsWhatIsUnderWay() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#)
        let execution = try engine.startExecution(machine)
        _ = try engine.call(SFN.stopExecution, .init(executionArn: execution, error: "E", cause: "C"))
        let description = try engine.describe(execution)
        #expect(description.status == "ABORTED")
        #expect(description.error == "E")
        #expect(
            try engine.eventTypes(execution) == [
                "ExecutionStarted", "WaitStateEntered", "WaitStateAborted", "ExecutionAborted",
            ])
        let listed = try engine.call(SFN.listExecutions, .init(stateMachineArn: machine, statusFilter: "ABORTED"))
        #expect(listed.executions.map(\.executionArn) == [execution])
    }

    @Test func historyComesInPagesBothWays() throws {
        let engine = try TestEngine.withStepFunctions()
        let execution = try engine.startExecution(try engine.createMachine(StateMachineTests.pass))
        let first = try engine.call(SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 3))
        #expect(first.events.map(\.id) == [1, 2, 3])
        let rest = try engine.call(
            SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 3, nextToken: first.nextToken))
        #expect(rest.events.map(\.id) == [4])
        #expect(rest.nextToken == nil)
        let back = try engine.call(
            SFN.getExecutionHistory,
            .init(executionArn: execution, maxResults: 2, reverseOrder: true, includeExecutionData: false))
        #expect(back.events.map(\.id) == [4, 3])
        #expect(back.events.first?.executionSucceededEventDetails?.output == nil)
    }

    @Test func expressAnswersWithItsResult() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(Self.task, type: "EXPRESS")
        let pending = engine.begin(SFN.startSyncExecution, .init(stateMachineArn: machine, input: #"{"n":1}"#))
        #expect(pending.result == nil)
        engine.stubLambda.waiting.removeFirst().succeed(StubLambda.succeeded("7"))
        engine.settle()
        let output = try #require(try pending.result?.get())
        #expect(output.status == "SUCCEEDED")
        #expect(output.output == "7")
        #expect(output.billingDetails?.billedDurationInMilliseconds == 100)
        let execution = try engine.startExecution(machine)
        #expect(execution.contains(":express:machine:"))
        let refused = engine.error(SFN.describeExecution, .init(executionArn: execution))
        #expect(refused?.message == "Invalid Arn: 'Resource type not valid in this context: express'")
        engine.advance(by: .seconds(300))
        let standard = try engine.createMachine(StateMachineTests.pass, name: "standard")
        #expect(
            engine.error(SFN.startSyncExecution, .init(stateMachineArn: standard))?.code
                == "StateMachineTypeNotSupported")
    }

    @Test func aTaskTokenIsAnsweredFromOutside() throws {
        let engine = try TestEngine.withStepFunctions()
        let definition =
            #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":10,"Parameters":{"QueueUrl":"http://q/1/orders","MessageBody.$":"$$.Task.Token"},"End":true}}}"#
        let execution = try engine.startExecution(try engine.createMachine(definition))
        let token = try #require(engine.stubSQS.sent.first?.messageBody)
        engine.advance(by: .seconds(8))
        _ = try engine.call(SFN.sendTaskHeartbeat, .init(taskToken: token))
        engine.advance(by: .seconds(8))
        #expect(try engine.describe(execution).status == "RUNNING")
        _ = try engine.call(SFN.sendTaskSuccess, .init(taskToken: token, output: #"{"ok":true}"#))
        #expect(try engine.describe(execution).output == #"{"ok":true}"#)
        #expect(try engine.eventTypes(execution).contains("TaskSubmitted"))
        #expect(engine.error(SFN.sendTaskSuccess, .init(taskToken: token, output: "1"))?.code == "TaskTimedOut")
        #expect(engine.error(SFN.sendTaskSuccess, .init(taskToken: "x", output: "1"))?.code == "InvalidToken")
    }
}
