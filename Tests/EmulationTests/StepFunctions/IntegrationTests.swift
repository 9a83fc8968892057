import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct IntegrationTests {
    private func task(_ resource: String, _ parameters: String, more: String = "") -> String {
        #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(resource)","Parameters":\#(parameters)\#(more),"End":true}}}"#
    }

    @Test func namesAreThoseOfTheJavaSDK() {
        let names = [
            "DBInstanceIdentifier": "DbInstanceIdentifier", "MD5OfMessageBody": "Md5OfMessageBody", "ETag": "ETag",
            "executionArn": "ExecutionArn", "SSEKMSKeyId": "SsekmsKeyId", "KMSMasterKeyID": "KmsMasterKeyId",
            "SS": "Ss", "BOOL": "Bool", "eventSourceARN": "EventSourceArn", "DynamoDB": "DynamoDb",
            "CloudWatch Logs": "CloudWatchLogs", "SFN": "Sfn", "S3": "S3",
        ]
        for (name, expected) in names { #expect(SDKNames.pascal(name) == expected) }
        #expect(SDKNames.exception("QueueDoesNotExist", of: "sqs") == "Sqs.QueueDoesNotExistException")
        #expect(SDKNames.exception("NoSuchBucket", of: "s3") == "S3.NoSuchBucketException")
        #expect(SDKNames.exception("AccessDenied", of: "sfn") == "Sfn.SfnException")
    }

    @Test func anyOperationOfTheEngineRunsThroughTheSDK() throws {
        let engine = try TestEngine.withStepFunctions()
        let child = try engine.createMachine(StateMachineTests.pass, name: "child")
        let machine = try engine.createMachine(
            task("arn:aws:states:::aws-sdk:sfn:startExecution", #"{"StateMachineArn":"\#(child)","Input":{"a":1}}"#))
        let execution = try engine.startExecution(machine)
        engine.settle()
        let output = try JSONReader.parse(try engine.describe(execution).output ?? "")
        #expect(output["StartDate"]?.string == "2026-01-01T00:00:00Z")
        let started = try #require(output["ExecutionArn"]?.string)
        #expect(try engine.describe(started).input == #"{"a":1}"#)
    }

    @Test func failuresOfTheSDKSpeakItsWords() throws {
        let engine = try TestEngine.withStepFunctions()
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:none"
        let machine = try engine.createMachine(
            task("arn:aws:states:::aws-sdk:sfn:describeStateMachine", #"{"StateMachineArn":"\#(arn)"}"#))
        let description = try engine.describe(try engine.startExecution(machine))
        engine.settle()
        _ = description
        let ended = try engine.describe(description.executionArn)
        #expect(ended.error == "Sfn.StateMachineDoesNotExistException")
        #expect(
            ended.cause?.hasPrefix(
                "State Machine Does Not Exist: '\(arn)' (Service: Sfn, Status Code: 400, Request ID: ")
                == true)
    }

    /// AWS: what an operation does not have, or not as that, never reaches it.
    @Test func parametersAreHeldToTheOperation() throws {
        let engine = try TestEngine.withStepFunctions()
        let message = #""QueueUrl":"https://localhost/orders","MessageBody":"x""#
        let unknown = { (name: String) in "[The field '\(name)' is not supported by Step Functions]" }
        let cases = [
            ("arn:aws:states:::sqs:sendMessage", #"{\#(message),"Nope":1}"#, unknown("Nope")),
            ("arn:aws:states:::aws-sdk:sqs:sendMessage", #"{\#(message),"queueURL":1}"#, unknown("queueURL")),
            (
                "arn:aws:states:::sqs:sendMessage", #"{\#(message),"DelaySeconds":"soon"}"#,
                "[The value for the field 'DelaySeconds' must be an INTEGER]"
            ),
            (
                "arn:aws:states:::sqs:sendMessage", #"{\#(message),"MessageAttributes":[]}"#,
                "[The value for the field 'MessageAttributes' must be an OBJECT]"
            ),
            ("arn:aws:states:::lambda:invoke", #"{"FunctionName":"f","Function":1}"#, unknown("Function")),
            ("arn:aws:states:::states:startExecution", #"{"StateMachineArn":"x","Arn":1}"#, unknown("Arn")),
        ]
        for (number, (resource, parameters, complaint)) in cases.enumerated() {
            let execution = try engine.startExecution(
                try engine.createMachine(task(resource, parameters), name: "m\(number)"))
            engine.settle()
            let ended = try engine.describe(execution)
            #expect(ended.error == "States.Runtime")
            #expect(
                ended.cause == "The Parameters '\(parameters)' could not be used to start the Task: \(complaint)")
        }
        #expect(engine.stubSQS.sent.isEmpty && engine.stubLambda.invocations.isEmpty)
    }

    @Test func whatAServicesModelForbidsIsThatServicesError() throws {
        let engine = try TestEngine.withStepFunctions()
        let cases = [
            ("arn:aws:states:::lambda:invoke", #"{"FunctionName":"a b"}"#, "Lambda.AWSLambdaException"),
            (
                "arn:aws:states:::states:startExecution", #"{"StateMachineArn":"x","Name":""}"#,
                "StepFunctions.ValidationException"
            ), ("arn:aws:states:::states:startExecution", "{}", "StepFunctions.ValidationException"),
            (
                "arn:aws:states:::states:startExecution", #"{"StateMachineArn":"x"}"#,
                "StepFunctions.InvalidArnException"
            ),
        ]
        for (number, (resource, parameters, error)) in cases.enumerated() {
            let execution = try engine.startExecution(
                try engine.createMachine(task(resource, parameters), name: "m\(number)"))
            engine.settle()
            #expect(try engine.describe(execution).error == error)
        }
    }

    @Test func whatIsNotThereIsNamedWhenItRuns() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(task("arn:aws:states:::dynamodb:getItem", "{}"))
        let execution = try engine.startExecution(machine)
        engine.settle()
        let ended = try engine.describe(execution)
        #expect(ended.status == "FAILED")
        #expect(ended.cause?.contains("dynamodb:getItem") == true)
    }

    @Test func aNestedExecutionIsWaitedFor() throws {
        let engine = try TestEngine.withStepFunctions()
        let child = try engine.createMachine(
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"P"},"P":{"Type":"Pass","Result":{"b":2},"End":true}}}"#,
            name: "child")
        let machine = try engine.createMachine(
            task("arn:aws:states:::states:startExecution.sync:2", #"{"StateMachineArn":"\#(child)","Name":"n"}"#))
        let execution = try engine.startExecution(machine)
        engine.settle()
        #expect(try engine.describe(execution).status == "RUNNING")
        engine.advance(by: .seconds(5))
        let output = try JSONReader.parse(try engine.describe(execution).output ?? "")
        #expect(output["Output"] == ["b": 2])
        #expect(output["Status"] == "SUCCEEDED")
        #expect(
            try engine.eventTypes(execution).filter { $0.hasPrefix("Task") } == [
                "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
            ])
    }

    /// AWS: what a task waits for ends with it, however that ends.
    @Test(arguments: ["task", "execution", "stop", "sibling"])
    func aNestedExecutionEndsWithItsTask(reason: String) throws {
        let engine = try TestEngine.withStepFunctions()
        let child = try engine.createMachine(
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":50,"End":true}}}"#, name: "child")
        let limit = reason == "task" ? #","TimeoutSeconds":5"# : ""
        let nested =
            #""T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"\#(child)"}\#(limit),"End":true}"#
        let failing =
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"F"},"F":{"Type":"Fail","Error":"E"}}}"#
        let machine = try engine.createMachine(
            reason == "sibling"
                ? #"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"T","States":{\#(nested)}},\#(failing)],"End":true}}}"#
                : #"{"StartAt":"T","States":{\#(nested)}\#(reason == "execution" ? #","TimeoutSeconds":5"# : "")}"#)
        let execution = try engine.startExecution(machine)
        engine.settle()
        let started = try #require(
            try engine.call(SFN.listExecutions, .init(stateMachineArn: child)).executions.first?.executionArn)
        #expect(try engine.describe(started).status == "RUNNING")
        if reason == "stop" { _ = try engine.call(SFN.stopExecution, .init(executionArn: execution)) }
        engine.advance(by: .seconds(5))
        engine.settle()
        let ended = try engine.describe(started)
        #expect(ended.status == "ABORTED")
        #expect(ended.error == nil)
        #expect(
            ended.cause
                == "The Task state in AWS Step Functions execution [\(execution)] which was managing this resource was aborted"
        )
    }

    @Test func workersTakeTheTasksOfAnActivity() throws {
        let engine = try TestEngine.withStepFunctions()
        let activity = try engine.call(SFN.createActivity, .init(name: "paint")).activityArn
        let machine = try engine.createMachine(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(activity)","End":true}}}"#)
        let poll = engine.begin(SFN.getActivityTask, .init(activityArn: activity, workerName: "anna"))
        #expect(poll.result == nil)
        let execution = try engine.startExecution(machine, input: #"{"n":1}"#)
        engine.settle()
        let given = try #require(try poll.result?.get())
        #expect(given.input == #"{"n":1}"#)
        try engine.call(SFN.sendTaskSuccess, .init(taskToken: try #require(given.taskToken), output: "7"))
        #expect(try engine.describe(execution).output == "7")
        #expect(
            try engine.eventTypes(execution).filter { $0.hasPrefix("Activity") } == [
                "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
            ])
        let idle = engine.begin(SFN.getActivityTask, .init(activityArn: activity))
        engine.advance(by: .seconds(60))
        #expect(try idle.result?.get().taskToken == nil && idle.result != nil)
    }

    @Test func anAliasDrawsOneOfItsVersions() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(StateMachineTests.pass)
        let version = try engine.call(SFN.publishStateMachineVersion, .init(stateMachineArn: machine))
            .stateMachineVersionArn
        let alias = try engine.call(
            SFN.createStateMachineAlias,
            .init(name: "live", routingConfiguration: [.init(stateMachineVersionArn: version, weight: 100)])
        ).stateMachineAliasArn
        #expect(alias == "\(machine):live")
        let description = try engine.describe(try engine.startExecution(alias))
        #expect(description.stateMachineAliasArn == alias && description.stateMachineVersionArn == version)
        #expect(
            engine.error(SFN.deleteStateMachineVersion, .init(stateMachineVersionArn: version))?.code
                == "ConflictException")
        let wrong = engine.error(
            SFN.createStateMachineAlias,
            .init(name: "half", routingConfiguration: [.init(stateMachineVersionArn: version, weight: 50)]))
        #expect(wrong?.message == "Sum of routing configuration weights must equal 100. Received: [50]")
    }
}
