import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

/// Roles that carry policies are held to them; what tasks did is measured.
@Suite struct ExecutionRoleTests {
    private func engine() throws -> TestEngine {
        let engine = try TestEngine(services: [
            StubLambda.init, SQSService.init, StepFunctionsService.init, IAMService.init, STSService.init,
            CloudWatchService.init,
        ])
        try engine.call(
            IAM.createRole,
            .init(
                roleName: "machine",
                assumeRolePolicyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
            ))
        engine.stubLambda.answer = { _ in StubLambda.succeeded("1") }
        try engine.call(SQS.createQueue, .init(queueName: "q"))
        return engine
    }

    private func allow(_ engine: TestEngine, _ action: String, _ resource: String = "*") throws {
        try engine.call(
            IAM.putRolePolicy,
            .init(
                roleName: "machine", policyName: "p",
                policyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\#(action)","Resource":"\#(resource)"}]}"#
            ))
    }

    private func run(_ engine: TestEngine, _ resource: String, _ parameters: String) throws
        -> SFN.DescribeExecutionOutput
    {
        let machine = try engine.createMachine(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(resource)","Parameters":\#(parameters),"End":true}}}"#,
            name: "m\(engine.core.identifiers.hex(8))")
        let execution = try engine.startExecution(machine)
        engine.settle()
        engine.settle()
        return try engine.describe(execution)
    }

    @Test func whatAPolicyDoesNotAllowIsStatesPermissions() throws {
        let engine = try engine()
        let child = try engine.createMachine(StateMachineTests.pass, name: "child")
        let queue = "arn:aws:sqs:us-east-1:123456789012:q"
        let tasks: [(resource: String, parameters: String, action: String, on: String)] = [
            (TestEngine.function, "{}", "lambda:InvokeFunction", TestEngine.function),
            (
                "arn:aws:states:::lambda:invoke", #"{"FunctionName":"\#(TestEngine.function)"}"#,
                "lambda:InvokeFunction", TestEngine.function
            ),
            (
                "arn:aws:states:::sqs:sendMessage",
                #"{"QueueUrl":"http://localhost/123456789012/q","MessageBody":"x"}"#, "sqs:SendMessage", queue
            ),
            (
                "arn:aws:states:::states:startExecution", #"{"StateMachineArn":"\#(child)"}"#, "states:StartExecution",
                child
            ),
            (
                "arn:aws:states:::aws-sdk:sqs:getQueueAttributes",
                #"{"QueueUrl":"http://localhost/123456789012/q","AttributeNames":["All"]}"#,
                "sqs:GetQueueAttributes", queue
            ),
        ]
        for task in tasks {
            try allow(engine, "s3:GetObject")
            let refused = try run(engine, task.resource, task.parameters)
            #expect(refused.status == "FAILED" && refused.error == "States.Permissions", "\(task.resource)")
            // AWS: SQS writes its actions small.
            let action = task.action.hasPrefix("sqs:") ? task.action.lowercased() : task.action
            let sentence =
                "is not authorized to perform: \(action) on resource: \(task.on) because no identity-based policy allows the \(action) action"
            #expect(
                refused.cause?.hasPrefix("User: arn:aws:sts::123456789012:assumed-role/machine/") == true
                    && refused.cause?.contains(sentence) == true, "\(refused.cause ?? "")")
            try allow(engine, task.action, task.on)
            #expect(try run(engine, task.resource, task.parameters).status == "SUCCEEDED", "\(task.resource)")
        }
        // A role that carries nothing is not asked.
        try engine.call(IAM.deleteRolePolicy, .init(roleName: "machine", policyName: "p"))
        #expect(try run(engine, TestEngine.function, "{}").status == "SUCCEEDED")
    }

    @Test func aRefusalCanBeCaught() throws {
        let engine = try engine()
        try allow(engine, "s3:GetObject")
        let machine = try engine.createMachine(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(TestEngine.function)","Catch":[{"ErrorEquals":["States.Permissions"],"ResultPath":null,"Next":"P"}],"End":true},"P":{"Type":"Pass","Result":"caught","End":true}}}"#
        )
        let execution = try engine.startExecution(machine)
        engine.settle()
        #expect(try engine.describe(execution).output == #""caught""#)
    }

    /// AWS: with tracing on, the header of the start goes on to what tasks call.
    @Test func aTraceGoesOnThroughTasks() throws {
        let engine = try engine()
        let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
        let queue = try engine.call(SQS.getQueueUrl, .init(queueName: "q")).queueUrl ?? ""
        let definition =
            #"{"StartAt":"Q","States":{"Q":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"\#(queue)","MessageBody":"x"},"End":true}}}"#
        for (name, isTraced) in [("plain", false), ("traced", true)] {
            let machine = try engine.call(
                SFN.createStateMachine,
                .init(
                    name: name, definition: definition, roleArn: TestEngine.role,
                    tracingConfiguration: .init(enabled: isTraced))
            ).stateMachineArn
            _ = try engine.call(SFN.startExecution, .init(stateMachineArn: machine, traceHeader: header))
            engine.settle()
            let message = try #require(
                try engine.call(
                    SQS.receiveMessage, .init(queueUrl: queue, messageSystemAttributeNames: ["AWSTraceHeader"])
                ).messages?.first)
            let found = message.attributes?["AWSTraceHeader"]
            #expect(found?.hasPrefix("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=") == (isTraced ? true : nil))
        }
    }

    /// What was out when the program was stopped is measured from its own beginning.
    @Test func tasksThatARestartInterruptedAreMeasuredToo() throws {
        let path = NSTemporaryDirectory() + "skua-measures-\(UInt64.random(in: 0 ... .max)).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        func engine(_ wall: Instant) throws -> TestEngine {
            try TestEngine(
                services: [StubLambda.init, StepFunctionsService.init, CloudWatchService.init],
                journal: try Journal(path: path), wall: wall)
        }
        do {
            let engine = try engine(TestEngine.start)
            _ = try engine.startExecution(
                try engine.createMachine(
                    #"{"StartAt":"F","States":{"F":{"Type":"Task","Resource":"\#(TestEngine.function)","End":true}}}"#
                ))
            engine.advance(by: .seconds(2))
        }
        let engine = try engine(TestEngine.start + .seconds(2))
        engine.advance(by: .seconds(3))
        engine.stubLambda.waiting.removeFirst().succeed(StubLambda.succeeded("1"))
        engine.settle()
        func sum(_ name: String, _ dimension: String, _ value: String) throws -> Double? {
            try engine.call(
                CloudWatch.getMetricStatistics,
                .init(
                    namespace: "AWS/States", metricName: name, dimensions: [.init(name: dimension, value: value)],
                    startTime: TestEngine.start, endTime: engine.wall + .seconds(60), period: 3600,
                    statistics: ["Sum"])
            ).datapoints?.first?.sum
        }
        #expect(try sum("LambdaFunctionsSucceeded", "LambdaFunctionArn", TestEngine.function) == 1)
        #expect(try sum("LambdaFunctionRunTime", "LambdaFunctionArn", TestEngine.function) == 5_000)
    }

    @Test func tasksAreMeasuredByWhatTheyCall() throws {
        let engine = try engine()
        engine.stubLambda.answer = nil
        let activity = try engine.call(SFN.createActivity, .init(name: "hands")).activityArn
        let machine = try engine.createMachine(
            #"{"StartAt":"F","States":{"F":{"Type":"Task","Resource":"\#(TestEngine.function)","Next":"Q"},"Q":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"http://localhost/123456789012/q","MessageBody":"x"},"Next":"A"},"A":{"Type":"Task","Resource":"\#(activity)","End":true}}}"#
        )
        _ = try engine.startExecution(machine)
        engine.advance(by: .seconds(2))
        engine.stubLambda.waiting.removeFirst().succeed(StubLambda.succeeded("1"))
        engine.settle()
        engine.advance(by: .seconds(3))
        let poll = engine.begin(SFN.getActivityTask, .init(activityArn: activity))
        engine.advance(by: .seconds(1))
        let token = try #require(try poll.result?.get().taskToken)
        try engine.call(SFN.sendTaskSuccess, .init(taskToken: token, output: "1"))
        func sum(_ name: String, _ dimension: String, _ value: String) throws -> Double? {
            try engine.call(
                CloudWatch.getMetricStatistics,
                .init(
                    namespace: "AWS/States", metricName: name, dimensions: [.init(name: dimension, value: value)],
                    startTime: TestEngine.start, endTime: engine.wall + .seconds(60), period: 3600,
                    statistics: ["Sum"])
            ).datapoints?.first?.sum
        }
        let queue = "arn:aws:states:::sqs:sendMessage"
        #expect(try sum("LambdaFunctionsSucceeded", "LambdaFunctionArn", TestEngine.function) == 1)
        #expect(try sum("LambdaFunctionRunTime", "LambdaFunctionArn", TestEngine.function) == 2_000)
        #expect(try sum("ServiceIntegrationsSucceeded", "ServiceIntegrationResourceArn", queue) == 1)
        #expect(try sum("ServiceIntegrationTime", "ServiceIntegrationResourceArn", queue) == 0)
        #expect(try sum("ActivitiesSucceeded", "ActivityArn", activity) == 1)
        #expect(try sum("ActivityScheduleTime", "ActivityArn", activity) == 3_000)
        #expect(try sum("ActivityRunTime", "ActivityArn", activity) == 1_000)
        #expect(try sum("ActivityTime", "ActivityArn", activity) == 4_000)
        #expect(try sum("ExecutionTime", "StateMachineArn", machine) == 6_000)
        #expect(try sum("ConsumedCapacity", "ServiceMetric", "StateTransition") == 3)
    }
}
