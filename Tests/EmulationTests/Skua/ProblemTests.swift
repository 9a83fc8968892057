import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What the engine finds wrong by itself, each kind as it comes to be in real worlds.
@Suite struct ProblemTests {
    private let bench: LambdaBench

    init() throws { bench = try LambdaBench() }

    private func problems(at seconds: Int = 0) throws -> [Skua.Problem] {
        if seconds > 0 { bench.advance(seconds) }
        return try bench.call(Skua.listProblems, Skua.ListProblemsRequest()).problems ?? []
    }

    private func problem(_ rule: String) throws -> Skua.Problem? { try problems().first { $0.rule == rule } }

    private func reasons(_ problem: Skua.Problem) throws -> [Skua.Reason] {
        try bench.call(
            Skua.explain, Skua.ExplainRequest(resourceArn: problem.resourceArn ?? "", item: problem.item)
        ).reasons ?? []
    }

    private func map(
        _ queue: String, to function: String, change: (inout Lambda.CreateEventSourceMappingRequest) -> Void = { _ in }
    ) throws {
        var request = Lambda.CreateEventSourceMappingRequest(eventSourceArn: queue, functionName: function)
        change(&request)
        _ = try bench.call(Lambda.createEventSourceMapping, request)
        bench.advance(5)
    }

    private func machine(_ name: String, _ definition: String, role: String = LambdaBench.role) throws -> String {
        try bench.call(
            SFN.createStateMachine, SFN.CreateStateMachineInput(name: name, definition: definition, roleArn: role)
        ).stateMachineArn
    }

    private func execution(_ machine: String, _ name: String) throws -> String {
        let answer = try bench.call(
            SFN.startExecution, SFN.StartExecutionInput(stateMachineArn: machine, name: name))
        bench.advance(0)
        return answer.executionArn
    }

    @Test func aWorldInOrderHasNone() throws {
        try bench.createFunction()
        let queue = try bench.createQueue("jobs")
        try map(queue.arn, to: "worker")
        try bench.send("one", to: queue.url)
        bench.end()
        #expect(try problems().isEmpty)
    }

    @Test func aGroupIsBlockedOnceItsReceiverKeepsIt() throws {
        let queue = try bench.createQueue(
            "parcels.fifo", attributes: ["FifoQueue": "true", "VisibilityTimeout": "3600"])
        for body in ["1", "2", "3"] { try bench.send(body, to: queue.url, group: "north") }
        _ = try bench.call(
            SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: queue.url, maxNumberOfMessages: 1))
        #expect(try problems(at: 59).isEmpty, "a receiver may work for a while")
        let found = try #require(try problems(at: 1).first)
        #expect(found.rule == "MessageGroupLock")
        #expect((found.resourceArn, found.item) == (queue.arn, "north"))
        #expect(found.text?.contains("2 messages wait behind one that was received and not deleted") == true)
        #expect(found.movesAt == LambdaBench.start + .seconds(3600))
        #expect(try reasons(found).first?.rule == "MessageGroupLock")
    }

    @Test func aPoisonMessageTellsHowItsConsumerFailed() throws {
        try bench.createFunction()
        let dead = try bench.createQueue("jobs-dead")
        let queue = try bench.createQueue(
            "jobs", attributes: ["RedrivePolicy": #"{"deadLetterTargetArn":"\#(dead.arn)","maxReceiveCount":1}"#])
        try map(queue.arn, to: "worker")
        try bench.send("poison", to: queue.url)
        bench.end(LambdaBench.failure, error: true)
        #expect(try problems().isEmpty, "it is still being tried")
        bench.advance(30)
        let found = try #require(try problem("DeadLetters"))
        #expect(found.resourceArn == dead.arn)
        #expect(found.text == "A message of jobs was given up after 1 receive: worker failed with Exception: boom.")
        #expect(try reasons(found).contains { $0.rule == "ConsumerFailed" && $0.text?.contains("boom") == true })
    }

    @Test func aMessageThatNobodyDeletesHasNowhereToGo() throws {
        let queue = try bench.createQueue("jobs", attributes: ["VisibilityTimeout": "1"])
        try bench.send("again and again", to: queue.url)
        for _ in 1...3 {
            #expect(try bench.receiveAll(queue.url).count == 1)
            bench.advance(2)
        }
        #expect(try problem("NoDeadLetterQueue")?.text?.contains("received 3 times") == true)
    }

    @Test func aDisabledMappingLetsMessagesWait() throws {
        try bench.createFunction()
        let queue = try bench.createQueue("jobs")
        try map(queue.arn, to: "worker") { $0.enabled = false }
        #expect(try problems().isEmpty)
        try bench.send("one", to: queue.url)
        let found = try #require(try problem("MappingDisabled"))
        #expect(found.resourceArn == queue.arn)
        #expect(found.text == "Its event source mapping to worker is disabled: 1 message waits.")
        #expect(try problems(at: 600).map(\.rule) == ["MappingDisabled"], "one reason is enough")
    }

    @Test func aQueueWithoutConsumersIsFoundAfterAWhile() throws {
        let queue = try bench.createQueue("jobs")
        try bench.send("one", to: queue.url)
        #expect(try problems(at: 299).isEmpty)
        #expect(try problems(at: 1).map(\.rule) == ["NoConsumers"])
    }

    @Test func aMappingFilterThatDropsEverything() throws {
        try bench.createFunction()
        let queue = try bench.createQueue("jobs")
        try map(queue.arn, to: "worker") {
            $0.filterCriteria = Lambda.FilterCriteria(filters: [
                Lambda.Filter(pattern: #"{"body":{"kind":["ordr"]}}"#)
            ])
        }
        try bench.send(#"{"kind":"order"}"#, to: queue.url)
        #expect(try problem("FilterCriteria")?.text?.contains("dropped every message, 1 so far") == true)
    }

    @Test func aThrottledFunction() throws {
        try bench.createFunction()
        _ = try bench.call(
            Lambda.putFunctionConcurrency,
            Lambda.PutFunctionConcurrencyRequest(functionName: "worker", reservedConcurrentExecutions: 0))
        _ = bench.error(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker"))
        let found = try #require(try problem("ReservedConcurrency"))
        #expect(found.text == "Its reserved concurrency is 0: every invocation is throttled, once so far.")
        #expect(try reasons(found).map(\.rule) == ["ReservedConcurrency"])
        _ = try bench.call(
            Lambda.deleteFunctionConcurrency, Lambda.DeleteFunctionConcurrencyRequest(functionName: "worker"))
        #expect(try problems().isEmpty)
    }

    @Test func aFunctionThatFailsEachTime() throws {
        try bench.createFunction()
        func invoke(error: Bool) {
            let answer = bench.begin(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker"))
            bench.end(error ? LambdaBench.failure : "null", error: error)
            _ = answer
        }
        for _ in 1...2 { invoke(error: true) }
        #expect(try problems().isEmpty)
        invoke(error: true)
        #expect(try problem("InvocationsFail")?.text?.contains("last 3 invocations failed") == true)
        invoke(error: false)
        #expect(try problems().isEmpty)
    }

    @Test func aFailedExecutionWithItsCause() throws {
        let machine = try machine(
            "orders", #"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"CardDeclined","Cause":"No money"}}}"#)
        let execution = try execution(machine, "order-1")
        let found = try #require(try problem("ExecutionFailed"))
        #expect(found.resourceArn == execution)
        #expect(found.text == "order-1 failed with CardDeclined: No money.")
        #expect(try reasons(found).first?.text?.contains("CardDeclined") == true)
    }

    @Test func aTokenThatNobodySendsBack() throws {
        let queue = try bench.createQueue("approvals")
        let machine = try machine(
            "refunds",
            #"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"\#(queue.url)","MessageBody":{"t.$":"$$.Task.Token"}},"End":true}}}"#
        )
        let first = try execution(machine, "refund-1")
        #expect(try problems(at: 59).isEmpty)
        let found = try #require(try problems(at: 1).first)
        #expect((found.rule, found.resourceArn) == ("TaskToken", first))
        #expect(
            found.text == "'Ask' waits for its task token to be sent back: no timeout ends the wait.")
        _ = try execution(machine, "refund-2")
        let message = try #require(try bench.receiveAll(queue.url).first?.body)
        let token = try #require(try JSONReader.parse(message)["t"]?.string)
        _ = try bench.call(SFN.sendTaskSuccess, SFN.SendTaskSuccessInput(taskToken: token, output: "{}"))
        #expect(try problems().isEmpty, "the second has not waited long")
        #expect(try problems(at: 60).map(\.rule) == ["TaskToken"])
    }

    @Test func aTokenIsWaitedForAfterARestart() throws {
        let journal = try Journal(path: nil)
        let before = try LambdaBench(journal: journal)
        let queue = try before.createQueue("approvals")
        let machine = try before.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(
                name: "refunds",
                definition:
                    #"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"\#(queue.url)","MessageBody":{"t.$":"$$.Task.Token"}},"End":true}}}"#,
                roleArn: LambdaBench.role)
        ).stateMachineArn
        _ = try before.call(SFN.startExecution, SFN.StartExecutionInput(stateMachineArn: machine, name: "refund-1"))
        before.advance(0)
        let after = try LambdaBench(journal: journal, wall: LambdaBench.start + .seconds(60))
        let found = try after.call(Skua.listProblems, Skua.ListProblemsRequest()).problems ?? []
        #expect(found.map(\.rule) == ["TaskToken"])
        #expect(found.first?.text?.contains("since before the engine started") == true)
    }

    @Test func aMissingPermission() throws {
        try bench.createFunction()
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
        let role =
            try bench.call(
                IAM.createRole, IAM.CreateRoleRequest(roleName: "report", assumeRolePolicyDocument: trust)
            ).role.arn
        _ = try bench.call(
            IAM.putRolePolicy,
            IAM.PutRolePolicyRequest(
                roleName: "report", policyName: "logs",
                policyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}"#))
        let machine = try machine(
            "report",
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"worker"},"End":true}}}"#,
            role: role)
        _ = try execution(machine, "report-1")
        let found = try #require(try problem("AccessDenied"))
        #expect(found.resourceArn == role)
        #expect(found.text?.hasPrefix("lambda:InvokeFunction on worker was denied to role report: no identity") == true)
        #expect(try reasons(found).first?.rule == "AccessDenied")
        #expect(try problems().map(\.rule) == ["AccessDenied", "ExecutionFailed"], "what is stuck comes first")
    }

    @Test func aSubscriptionFilterThatDropsEverything() throws {
        let queue = try bench.createQueue("analytics")
        let topic = try bench.call(SNS.createTopic, SNS.CreateTopicInput(name: "events")).topicArn ?? ""
        _ = try bench.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topic, protocol: "sqs", endpoint: queue.arn,
                attributes: ["FilterPolicy": #"{"status":["DONE"]}"#]))
        func publish(_ status: String) throws {
            _ = try bench.call(
                SNS.publish,
                SNS.PublishInput(
                    topicArn: topic, message: "m",
                    messageAttributes: ["status": SNS.MessageAttributeValue(dataType: "String", stringValue: status)]))
        }
        try publish("done")
        let found = try #require(try problem("FilterPolicy"))
        #expect(found.text?.contains(#"1 so far: none matches {"status":["DONE"]}"#) == true)
        #expect(try reasons(found).first?.text?.contains(#"{"status":["DONE"]} does not hold"#) == true)
        try publish("DONE")
        #expect(try problem("FilterPolicy") == nil)
    }
}
