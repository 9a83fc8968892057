import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct StandardQueueTests {
    @Test func aMessageIsReceivedOnceAndGoneAfterDelete() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("orders")
        #expect(url == "http://127.0.0.1:4566/123456789012/orders")
        let sent = try sqs.send(url, "hello")
        #expect(sent.md5OfMessageBody == "5d41402abc4b2a76b9719d911017c592")
        #expect(sent.sequenceNumber == nil)
        let message = try #require(try sqs.receive(url).first)
        #expect(message.messageId == sent.messageId)
        #expect(message.body == "hello")
        #expect(message.md5OfBody == "5d41402abc4b2a76b9719d911017c592")
        #expect(message.attributes == nil)
        #expect(try sqs.counts(url) == [0, 1, 0])
        #expect(try sqs.receive(url).isEmpty)
        try sqs.delete(url, message)
        sqs.engine.advance(by: .seconds(100))
        #expect(try sqs.receive(url).isEmpty)
        #expect(try sqs.counts(url) == [0, 0, 0])
    }

    @Test func anEmptyReceiveHasNoMessagesKey() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let result = try sqs.engine.call(SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: url))
        #expect(result.document.isEmpty)
    }

    @Test func theVisibilityTimeoutGivesTheMessageBack() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let first = try #require(try sqs.receive(url, system: ["All"]).first)
        #expect(first.attributes?["ApproximateReceiveCount"] == "1")
        sqs.engine.advance(by: .milliseconds(29_999))
        #expect(try sqs.receive(url).isEmpty)
        sqs.engine.advance(by: .milliseconds(1))
        let second = try #require(try sqs.receive(url, system: ["All"]).first)
        #expect(second.attributes?["ApproximateReceiveCount"] == "2")
        #expect(second.receiptHandle != first.receiptHandle)
        #expect(
            second.attributes?["ApproximateFirstReceiveTimestamp"]
                == first.attributes?["ApproximateFirstReceiveTimestamp"])
        #expect(second.attributes?["SentTimestamp"] == "1767225600000")
        #expect(second.attributes?["SenderId"] == "123456789012")
    }

    @Test func anOldHandleDeletesForTwelveHoursAlsoOnceReceivedAgain() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let first = try #require(try sqs.receive(url).first)
        sqs.engine.advance(by: .seconds(31))
        let second = try #require(try sqs.receive(url).first)
        try sqs.delete(url, first)
        #expect(try sqs.counts(url) == [0, 0, 0])
        try sqs.delete(url, first)
        try sqs.delete(url, second)

        try sqs.send(url, "b")
        let late = try #require(try sqs.receive(url).first)
        sqs.engine.advance(by: .seconds(43_201))
        let handle = late.receiptHandle ?? ""
        #expect(
            sqs.error(SQS.deleteMessage, SQS.DeleteMessageRequest(queueUrl: url, receiptHandle: handle))?.message
                == "Value \(handle) for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.")
    }

    @Test func aLapsedHandleStillDeletesOnAStandardQueue() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let message = try #require(try sqs.receive(url, visibility: 1).first)
        sqs.engine.advance(by: .seconds(2))
        try sqs.delete(url, message)
        #expect(try sqs.counts(url) == [0, 0, 0])
    }

    @Test func changeVisibilityRestartsFromNowAndZeroReleases() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let message = try #require(try sqs.receive(url).first)
        sqs.engine.advance(by: .seconds(20))
        try sqs.changeVisibility(url, message, 60)
        sqs.engine.advance(by: .seconds(59))
        #expect(try sqs.receive(url).isEmpty)
        try sqs.changeVisibility(url, message, 0)
        #expect(try sqs.counts(url) == [1, 0, 0])
    }

    @Test func anyHandleOfAMessageChangesItsVisibilityAlsoOnceItIsVisibleAgain() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let first = try #require(try sqs.receive(url, visibility: 0).first)
        _ = try #require(try sqs.receive(url, visibility: 30).first)
        try sqs.changeVisibility(url, first, 0)
        #expect(try sqs.counts(url) == [1, 0, 0])
        try sqs.changeVisibility(url, first, 0)
        #expect(try sqs.counts(url) == [1, 0, 0])
        try sqs.changeVisibility(url, first, 5)
        #expect(try sqs.counts(url) == [0, 1, 0])
        #expect(try sqs.receive(url).isEmpty)
        sqs.engine.advance(by: .seconds(5))
        let again = try #require(try sqs.receive(url, system: ["All"]).first)
        #expect(again.attributes?["ApproximateReceiveCount"] == "3")
    }

    @Test func visibilityEndsTwelveHoursAfterTheReceive() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let message = try #require(try sqs.receive(url, visibility: 43_200).first)
        sqs.engine.advance(by: .seconds(10))
        let error = sqs.error(
            SQS.changeMessageVisibility,
            SQS.ChangeMessageVisibilityRequest(
                queueUrl: url, receiptHandle: message.receiptHandle ?? "", visibilityTimeout: 43_200))
        #expect(
            error?.message
                == "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]."
        )
        try sqs.changeVisibility(url, message, 43_190)
    }

    @Test func delaysHoldMessagesBack() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["DelaySeconds": "5"])
        try sqs.send(url, "queue's")
        try sqs.send(url, "own", delay: 10)
        try sqs.send(url, "none", delay: 0)
        #expect(try sqs.counts(url) == [1, 0, 2])
        #expect(try sqs.bodies(url) == ["none"])
        sqs.engine.advance(by: .seconds(5))
        #expect(try sqs.bodies(url) == ["queue's"])
        sqs.engine.advance(by: .seconds(5))
        #expect(try sqs.bodies(url) == ["own"])
    }

    @Test func retentionRemovesOldMessagesInFlightToo() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["MessageRetentionPeriod": "60"])
        try sqs.send(url, "a")
        sqs.engine.advance(by: .seconds(30))
        try sqs.send(url, "b")
        #expect(try sqs.bodies(url, max: 1, visibility: 600) == ["a"])
        sqs.engine.advance(by: .seconds(30))
        #expect(try sqs.counts(url) == [1, 0, 0])
        sqs.engine.advance(by: .seconds(30))
        #expect(try sqs.counts(url) == [0, 0, 0])
    }

    @Test func purgeEmptiesOnceAMinute() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        for index in 0..<3 { try sqs.send(url, "\(index)", delay: index == 2 ? 9 : 0) }
        _ = try sqs.receive(url, max: 1)
        try sqs.engine.call(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: url))
        #expect(try sqs.counts(url) == [0, 0, 0])
        let error = sqs.error(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: url))
        #expect(error?.message == "Only one PurgeQueue operation on q is allowed every 60 seconds.")
        #expect(error?.status == 403)
        sqs.engine.advance(by: .seconds(60))
        try sqs.engine.call(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: url))
    }

    @Test func quietGroupsGoFirst() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        for index in 0..<20 { try sqs.send(url, "noisy\(index)", group: "noisy") }
        #expect(try sqs.receive(url, max: 8).count == 8)
        try sqs.send(url, "quiet", group: "quiet")
        let message = try #require(try sqs.receive(url, max: 1, system: ["MessageGroupId"]).first)
        #expect(message.body == "quiet")
        #expect(message.attributes == ["MessageGroupId": "quiet"])
        #expect(try sqs.bodies(url, max: 10).count == 10)
    }

    @Test func receivingWithATimeoutOfZeroLeavesMessagesVisible() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        try sqs.send(url, "b")
        #expect(try sqs.bodies(url, visibility: 0) == ["a", "b"])
        #expect(try sqs.counts(url) == [2, 0, 0])
    }

    @Test func messageAttributeFiltersAndTheirDigests() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["VisibilityTimeout": "0"])
        func text(_ value: String) -> SQS.MessageAttributeValue {
            SQS.MessageAttributeValue(stringValue: value, dataType: "String")
        }
        let sent = try sqs.engine.call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: "msg",
                messageAttributes: ["Help.Me": text("Me"), "Hello": text("There"), "General": text("Kenobi")]))
        // Recorded from AWS.
        #expect(sent.md5OfMessageAttributes == "4c360f3fdafd970e05fae2f149d997f5")
        func digest(_ names: [String]) throws -> String? {
            try sqs.receive(url, attributes: names).first?.md5OfMessageAttributes
        }
        #expect(try digest([]) == nil)
        #expect(try digest(["All"]) == "4c360f3fdafd970e05fae2f149d997f5")
        #expect(try digest([".*"]) == "4c360f3fdafd970e05fae2f149d997f5")
        #expect(try digest(["Foo"]) == nil)
        #expect(try digest(["General", "Hello"]) == "fca026605781cb4126a1e9044df24232")
        #expect(try digest(["Hel.*"]) == "83fee93c1bcd8b9a5a923ffacdc636c7")
    }

    @Test func batchesAnswerEntryByEntry() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let result = try sqs.engine.call(
            SQS.sendMessageBatch,
            SQS.SendMessageBatchRequest(
                queueUrl: url,
                entries: [
                    SQS.SendMessageBatchRequestEntry(id: "1", messageBody: "a"),
                    SQS.SendMessageBatchRequestEntry(id: "2", messageBody: "bad\u{1}"),
                    SQS.SendMessageBatchRequestEntry(id: "3", messageBody: "c", delaySeconds: 901),
                ]))
        #expect(result.successful.map(\.id) == ["1"])
        #expect(result.failed.map(\.code) == ["InvalidMessageContents", "InvalidParameterValue"])
        #expect(result.failed.map(\.senderFault) == [true, true])
        let message = try #require(try sqs.receive(url).first)
        let handle = try #require(message.receiptHandle)
        let changed = try sqs.engine.call(
            SQS.changeMessageVisibilityBatch,
            SQS.ChangeMessageVisibilityBatchRequest(
                queueUrl: url,
                entries: [
                    SQS.ChangeMessageVisibilityBatchRequestEntry(id: "a", receiptHandle: handle, visibilityTimeout: 9),
                    SQS.ChangeMessageVisibilityBatchRequestEntry(id: "b", receiptHandle: "x", visibilityTimeout: 9),
                ]))
        #expect(changed.successful.map(\.id) == ["a"])
        #expect(changed.failed.map(\.code) == ["ReceiptHandleIsInvalid"])
        let deleted = try sqs.engine.call(
            SQS.deleteMessageBatch,
            SQS.DeleteMessageBatchRequest(
                queueUrl: url, entries: [SQS.DeleteMessageBatchRequestEntry(id: "z", receiptHandle: handle)]))
        #expect(deleted.successful.map(\.id) == ["z"])
        #expect(try sqs.counts(url) == [0, 0, 0])
    }
}

@Suite struct InFlightLimitTests {
    @Test func aStandardQueueSaysOverLimit() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        for index in 0..<4 { try sqs.send(url, "\(index)") }
        let queue = try #require(sqs.service.queuesByArn[sqs.arn("q")])
        #expect(queue.inFlightLimit == 120_000)
        queue.inFlightLimit = 3
        #expect(try sqs.receive(url, max: 10).count == 3)
        let error = sqs.error(SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: url, waitTimeSeconds: 0))
        #expect(error?.queryCode == "OverLimit" && error?.status == 403)
        #expect(sqs.service.explain(sqs.arn("q"), item: nil).map(\.rule) == ["InFlightLimit"])
    }

    @Test func aFIFOQueueJustReturnsNothing() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for index in 0..<4 { try sqs.send(url, "\(index)", group: "\(index)") }
        try #require(sqs.service.queuesByArn[sqs.arn("q.fifo")]).inFlightLimit = 3
        #expect(try sqs.receive(url, max: 10).count == 3)
        #expect(try sqs.receive(url).isEmpty)
    }

    @Test func aMissingTimeoutIsNotZero() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let handle = try #require(try sqs.receive(url).first?.receiptHandle)
        var answer: CallResult?
        sqs.engine.core.perform(
            service: SQS.id, operation: "ChangeMessageVisibility",
            input: ["QueueUrl": .string(url), "ReceiptHandle": .string(handle)], caller: sqs.engine.caller
        ) { answer = $0 }
        sqs.engine.commit()
        guard case .failure(let error) = answer else {
            Issue.record("answered without a timeout")
            return
        }
        #expect(error.message == "The request must contain the parameter VisibilityTimeout.")
        #expect(try sqs.counts(url) == [0, 1, 0])
    }

    @Test func aPausedClockIsAReason() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let id = try #require(try sqs.send(url, "a", delay: 5).messageId)
        sqs.engine.core.setClockMode(.paused)
        #expect(
            sqs.service.explain(sqs.arn("q"), item: id).map(\.rule) == [
                "DelaySeconds", "RetentionPeriod", "ClockPaused",
            ])
    }
}
