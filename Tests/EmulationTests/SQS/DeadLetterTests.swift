import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct DeadLetterTests {
    private func redrive(_ sqs: SQSFixture, _ target: String, _ count: Int) -> String {
        #"{"deadLetterTargetArn":"\#(sqs.arn(target))","maxReceiveCount":\#(count)}"#
    }

    @Test func theReceiveAfterTheLastAllowedOneMovesTheMessage() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead")
        let url = try sqs.queue("q", ["RedrivePolicy": redrive(sqs, "dead", 1)])
        let sent = try sqs.send(url, "poison")
        #expect(try sqs.bodies(url, visibility: 5) == ["poison"])
        sqs.engine.advance(by: .seconds(5))
        #expect(try sqs.counts(url) == [1, 0, 0])
        #expect(try sqs.receive(url).isEmpty)
        #expect(try sqs.counts(url) == [0, 0, 0])
        let message = try #require(try sqs.receive(dead, system: ["All"]).first)
        #expect(message.messageId == sent.messageId)
        #expect(message.attributes?["DeadLetterQueueSourceArn"] == sqs.arn("q"))
        // Counted across all queues; the enqueue time is the first queue's.
        #expect(message.attributes?["ApproximateReceiveCount"] == "2")
        #expect(message.attributes?["SentTimestamp"] == "1767225600000")
    }

    @Test func retentionInTheDeadLetterQueueRunsFromTheFirstSend() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead", ["MessageRetentionPeriod": "60"])
        let url = try sqs.queue("q", ["RedrivePolicy": redrive(sqs, "dead", 1)])
        try sqs.send(url, "poison")
        _ = try sqs.receive(url, visibility: 50)
        sqs.engine.advance(by: .seconds(50))
        _ = try sqs.receive(url)
        #expect(try sqs.counts(dead) == [1, 0, 0])
        sqs.engine.advance(by: .seconds(10))
        #expect(try sqs.counts(dead) == [0, 0, 0])
    }

    @Test func fifoMovesResetTheTimeAndFreeTheGroup() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead.fifo")
        let url = try sqs.queue(
            "q.fifo", ["RedrivePolicy": redrive(sqs, "dead.fifo", 1), "ContentBasedDeduplication": "true"])
        try sqs.send(url, "poison", group: "g")
        try sqs.send(url, "good", group: "g")
        _ = try sqs.receive(url, max: 1, visibility: 5)
        sqs.engine.advance(by: .seconds(5))
        #expect(try sqs.bodies(url) == ["good"])
        let message = try #require(try sqs.receive(dead, system: ["All"]).first)
        #expect(message.body == "poison")
        #expect(message.attributes?["SentTimestamp"] == "1767225605000")
        #expect(message.attributes?["MessageGroupId"] == "g")
    }

    @Test func aLongPollOnTheDeadLetterQueueHearsOfTheMove() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead")
        let url = try sqs.queue("q", ["RedrivePolicy": redrive(sqs, "dead", 1), "VisibilityTimeout": "2"])
        try sqs.send(url, "poison")
        _ = try sqs.receive(url)
        let poll = sqs.poll(dead)
        sqs.engine.advance(by: .seconds(2))
        #expect(poll.result == nil)
        #expect(try sqs.receive(url).isEmpty)
        #expect(try poll.result?.get().messages?.first?.body == "poison")
    }

    @Test func withoutAUsableTargetMessagesStay() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead")
        let url = try sqs.queue("q", ["RedrivePolicy": redrive(sqs, "dead", 1), "VisibilityTimeout": "1"])
        try sqs.engine.call(SQS.deleteQueue, SQS.DeleteQueueRequest(queueUrl: dead))
        try sqs.send(url, "poison")
        for _ in 0..<3 {
            #expect(try sqs.bodies(url) == ["poison"])
            sqs.engine.advance(by: .seconds(1))
        }
        #expect(sqs.service.explain(sqs.arn("q"), item: nil).contains { $0.rule == "DeadLetterQueueUnusable" })
    }

    @Test func policiesAreChecked() throws {
        let sqs = try SQSFixture()
        _ = try sqs.queue("dead")
        _ = try sqs.queue("picky", ["RedriveAllowPolicy": #"{"redrivePermission":"denyAll"}"#])
        func message(_ name: String, _ policy: String) -> String? {
            sqs.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: name, attributes: ["RedrivePolicy": policy]))?
                .message
        }
        // Recorded from AWS.
        let dummy = #"{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}"#
        #expect(
            message("q", dummy)
                == "Value \(dummy) for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn."
        )
        #expect(
            message("q", #"{"deadLetterTargetArn":"arn:aws:sns:us-east-1:123456789012:t","maxReceiveCount":5}"#)?
                .hasSuffix("Reason: Only SQS queues are valid resources for deadLetterTargetArn.") == true)
        #expect(message("q", "{}")?.hasSuffix("does not contain mandatory attribute: maxReceiveCount.") == true)
        #expect(
            message("q", redrive(sqs, "none.fifo", 3))?
                .hasSuffix("Reason: Dead-letter queue must be same type of queue as the source..") == true)
        #expect(
            message("q", #"{"deadLetterTargetArn":"\#(sqs.arn("dead"))","maxReceiveCount":5,"more":1}"#)?
                .hasSuffix("Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].") == true)
        #expect(message("q", redrive(sqs, "none", 3))?.hasSuffix("Dead letter target does not exist.") == true)
        #expect(
            message("q", redrive(sqs, "dead", 0))?.contains("valid values are from 1 to 1000 both inclusive") == true)
        #expect(message("q", redrive(sqs, "dead", 1001)) != nil)
        #expect(message("q", "x")?.hasSuffix("Redrive policy is not a valid JSON map.") == true)
        #expect(message("q", redrive(sqs, "picky", 3)) != nil)
        #expect(message("q", redrive(sqs, "dead", 1000)) == nil)
        let sources = try sqs.engine.call(
            SQS.listDeadLetterSourceQueues,
            SQS.ListDeadLetterSourceQueuesRequest(queueUrl: "http://127.0.0.1:4566/123456789012/dead"))
        #expect(sources.queueUrls == ["http://127.0.0.1:4566/123456789012/q"])
    }
}

@Suite struct MessageMoveTaskTests {
    private struct World {
        let sqs: SQSFixture
        let dead: String
        let url: String

        /// A queue `q` with `count` dead letters in `dead`.
        init(deadLetters count: Int) throws {
            sqs = try SQSFixture()
            dead = try sqs.queue("dead")
            url = try sqs.queue(
                "q",
                [
                    "RedrivePolicy": #"{"deadLetterTargetArn":"\#(sqs.arn("dead"))","maxReceiveCount":"1"}"#,
                    "VisibilityTimeout": "0",
                ])
            for index in 0..<count { try sqs.send(url, "\(index)") }
            while try sqs.counts(dead)[0] < count { _ = try sqs.receive(url) }
        }

        func start(_ destination: String? = nil, rate: Int? = nil) throws -> String {
            let result = try sqs.engine.call(
                SQS.startMessageMoveTask,
                SQS.StartMessageMoveTaskRequest(
                    sourceArn: sqs.arn("dead"), destinationArn: destination, maxNumberOfMessagesPerSecond: rate))
            return try #require(result.taskHandle)
        }

        func last() throws -> SQS.ListMessageMoveTasksResultEntry {
            let list = try sqs.engine.call(
                SQS.listMessageMoveTasks, SQS.ListMessageMoveTasksRequest(sourceArn: sqs.arn("dead")))
            return try #require(list.results?.first)
        }
    }

    @Test func messagesGoBackToTheirSource() throws {
        let world = try World(deadLetters: 3)
        _ = try world.start()
        world.sqs.engine.advance(by: .seconds(1))
        let task = try world.last()
        #expect(task.status == "COMPLETED")
        #expect(task.approximateNumberOfMessagesMoved == 3)
        #expect(task.approximateNumberOfMessagesToMove == 3)
        #expect(task.taskHandle == nil && task.destinationArn == nil)
        #expect(task.startedTimestamp == Int(TestEngine.start.epochMilliseconds))
        let messages = try world.sqs.receive(world.url, system: ["All"])
        #expect(messages.compactMap(\.body).sorted() == ["0", "1", "2"])
        // New messages: they start counting again.
        #expect(messages.map { $0.attributes?["ApproximateReceiveCount"] } == ["1", "1", "1"])
    }

    @Test func theRateHoldsAndCancelStops() throws {
        let world = try World(deadLetters: 10)
        let handle = try world.start(rate: 2)
        #expect(try world.last().approximateNumberOfMessagesMoved == 0)
        #expect(try world.last().taskHandle == handle)
        world.sqs.engine.advance(by: .seconds(2))
        #expect(try world.last().approximateNumberOfMessagesMoved == 4)
        let cancelled = try world.sqs.engine.call(
            SQS.cancelMessageMoveTask, SQS.CancelMessageMoveTaskRequest(taskHandle: handle))
        #expect(cancelled.approximateNumberOfMessagesMoved == 4)
        #expect(try world.last().status == "CANCELLING")
        world.sqs.engine.advance(by: .seconds(5))
        #expect(try world.last().status == "CANCELLED")
        #expect(try world.sqs.counts(world.dead) == [6, 0, 0])
    }

    @Test func oneTaskASource() throws {
        let world = try World(deadLetters: 3)
        _ = try world.start(rate: 1)
        let second = world.sqs.error(
            SQS.startMessageMoveTask, SQS.StartMessageMoveTaskRequest(sourceArn: world.sqs.arn("dead")))
        #expect(
            second?.message
                == "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
        )
    }

    @Test func aVanishedDestinationFailsTheTask() throws {
        let world = try World(deadLetters: 3)
        let other = try world.sqs.queue("other")
        _ = try world.start(world.sqs.arn("other"), rate: 1)
        world.sqs.engine.advance(by: .seconds(1))
        try world.sqs.engine.call(SQS.deleteQueue, SQS.DeleteQueueRequest(queueUrl: other))
        world.sqs.engine.advance(by: .seconds(5))
        let task = try world.last()
        #expect(task.status == "FAILED")
        #expect(task.failureReason == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(task.approximateNumberOfMessagesMoved == 1)
    }

    @Test func messagesSentStraightToTheDeadLetterQueueHaveNoSource() throws {
        let world = try World(deadLetters: 0)
        try world.sqs.send(world.dead, "direct")
        _ = try world.start()
        world.sqs.engine.advance(by: .seconds(1))
        #expect(try world.last().failureReason == "CouldNotDetermineMessageSource")
    }

    @Test func errorsAreAWSs() throws {
        let world = try World(deadLetters: 0)
        let sqs = world.sqs
        func start(_ source: String, _ destination: String? = nil) -> ServiceError? {
            sqs.error(
                SQS.startMessageMoveTask,
                SQS.StartMessageMoveTaskRequest(sourceArn: source, destinationArn: destination))
        }
        #expect(start(sqs.arn("q"))?.message == "Source queue must be configured as a Dead Letter Queue.")
        #expect(
            start(sqs.arn("none"))?.message
                == "The resource that you specified for the SourceArn parameter doesn't exist.")
        #expect(start(sqs.arn("none"))?.status == 404)
        #expect(
            start(sqs.arn("dead"), sqs.arn("none"))?.message
                == "The resource that you specified for the DestinationArn parameter doesn't exist.")
        let invalid = sqs.error(SQS.cancelMessageMoveTask, SQS.CancelMessageMoveTaskRequest(taskHandle: "foobared"))
        #expect(invalid?.message == "Value for parameter TaskHandle is invalid.")
        let unknown = Base64.encode(Array(#"{"taskId":"x","sourceArn":"\#(sqs.arn("dead"))"}"#.utf8))
        #expect(
            sqs.error(SQS.cancelMessageMoveTask, SQS.CancelMessageMoveTaskRequest(taskHandle: unknown))?.message
                == "Task does not exist.")
    }
}
