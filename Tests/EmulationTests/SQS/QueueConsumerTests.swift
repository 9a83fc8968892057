import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct QueueConsumerTests {
    /// Takes batches as they come.
    private final class Consumer: QueueConsumer {
        let consumerArn = "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:1"
        unowned let service: SQSService
        var batches: [[ReceivedMessage]] = []
        var maxMessages = 10
        var maxBytes: Int?
        var isWilling = true
        var deleted: [String] = []

        init(_ service: SQSService) { self.service = service }

        func messagesAvailable(in queueArn: String) {
            guard isWilling else { return }
            let request = QueueBatchRequest(
                queueArn: queueArn, maxMessages: maxMessages, maxBytes: maxBytes, holder: consumerArn)
            guard let batch = try? service.receiveBatch(request), !batch.isEmpty else { return }
            batches.append(batch)
        }

        func queueDeleted(_ queueArn: String) { deleted.append(queueArn) }
    }

    @Test func aConsumerHearsOfWhatIsThereAndWhatComes() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        for index in 0..<25 { try sqs.send(url, "\(index)") }
        let consumer = Consumer(sqs.service)
        let id = try #require(sqs.service.addConsumer(consumer, to: sqs.arn("q")))
        sqs.engine.commit()
        #expect(consumer.batches.map(\.count) == [10, 10, 5])
        #expect(consumer.batches[0][0].attributes["ApproximateReceiveCount"] == "1")
        try sqs.send(url, "new")
        #expect(consumer.batches.last?.map(\.body) == ["new"])
        #expect(
            sqs.service.depth(ofQueue: sqs.arn("q"))
                == QueueDepth(visible: 0, inFlight: 26, delayed: 0, receivableGroups: 0))
        let handles = consumer.batches[0].map(\.receiptHandle)
        #expect(sqs.service.deleteMessages(handles + ["garbage"], in: sqs.arn("q")) == ["garbage"])
        #expect(
            sqs.service.changeVisibility(consumer.batches[1].map(\.receiptHandle), in: sqs.arn("q"), to: .zero).isEmpty)
        sqs.engine.commit()
        // Given back, they are offered again at once.
        #expect(consumer.batches.last?.count == 10)
        sqs.service.removeConsumer(id)
        try sqs.send(url, "unheard")
        #expect(try sqs.bodies(url) == ["unheard"])
        #expect(sqs.service.addConsumer(consumer, to: sqs.arn("none")) == nil)
    }

    @Test func anUnwillingConsumerLeavesMessagesVisible() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let consumer = Consumer(sqs.service)
        consumer.isWilling = false
        _ = sqs.service.addConsumer(consumer, to: sqs.arn("q"))
        let id = try #require(try sqs.send(url, "a").messageId)
        #expect(try sqs.counts(url) == [1, 0, 0])
        #expect(sqs.service.explain(sqs.arn("q"), item: id)[0].rule == "ConsumerBusy")
    }

    @Test func longPollsGoBeforeConsumers() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let consumer = Consumer(sqs.service)
        _ = sqs.service.addConsumer(consumer, to: sqs.arn("q"))
        let poll = sqs.poll(url, max: 1)
        try sqs.send(url, "a")
        #expect(try poll.result?.get().messages?.first?.body == "a")
        #expect(consumer.batches.isEmpty)
    }

    @Test func aFIFOGroupIsInOneBatchAtATime() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        let consumer = Consumer(sqs.service)
        consumer.maxMessages = 2
        for body in ["a1", "a2", "a3", "b1"] { try sqs.send(url, body, group: String(body.prefix(1))) }
        _ = sqs.service.addConsumer(consumer, to: sqs.arn("q.fifo"))
        sqs.engine.commit()
        #expect(consumer.batches.map { $0.map(\.body) } == [["a1", "a2"], ["b1"]])
        _ = sqs.service.deleteMessages(consumer.batches[0].map(\.receiptHandle), in: sqs.arn("q.fifo"))
        sqs.engine.commit()
        #expect(consumer.batches.last?.map(\.body) == ["a3"])
    }

    @Test func batchesMayBeLimitedInBytesAndGroups() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for body in ["aa", "ab", "ba", "bb"] { try sqs.send(url, body, group: String(body.prefix(1))) }
        let arn = sqs.arn("q.fifo")
        let one = try sqs.service.receiveBatch(
            QueueBatchRequest(queueArn: arn, maxMessages: 10, maxGroups: 1, holder: "me"))
        #expect(one.map(\.body) == ["aa", "ab"])
        let small = try sqs.service.receiveBatch(
            QueueBatchRequest(queueArn: arn, maxMessages: 10, maxBytes: 3, holder: "me"))
        #expect(small.map(\.body) == ["ba"])
    }

    @Test func aDeletedQueueSaysGoodbye() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let consumer = Consumer(sqs.service)
        _ = sqs.service.addConsumer(consumer, to: sqs.arn("q"))
        try sqs.engine.call(SQS.deleteQueue, SQS.DeleteQueueRequest(queueUrl: url))
        #expect(consumer.deleted == [sqs.arn("q")])
    }

    @Test func theTraceGoesOnThroughTheQueue() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        let sendEntry = try #require(sqs.engine.core.timeline.newest(before: nil, limit: 1).first)
        let batch = try sqs.service.receiveBatch(
            QueueBatchRequest(queueArn: sqs.arn("q"), maxMessages: 1, holder: "me"))
        #expect(batch.first?.cause.trace == sendEntry.trace)
        #expect(batch.first?.cause.entry == sendEntry.id)
    }
}
