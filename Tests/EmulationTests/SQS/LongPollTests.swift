import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct LongPollTests {
    @Test func aPollWaitsForAnArrival() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let poll = sqs.poll(url)
        #expect(poll.result == nil)
        sqs.engine.advance(by: .seconds(19))
        try sqs.send(url, "a")
        #expect(try poll.result?.get().messages?.map(\.body) == ["a"])
    }

    @Test func aPollEndsEmptyAfterItsTime() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["ReceiveMessageWaitTimeSeconds": "3"])
        let poll = sqs.engine.begin(SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: url))
        sqs.engine.advance(by: .milliseconds(2_999))
        #expect(poll.result == nil)
        sqs.engine.advance(by: .milliseconds(1))
        #expect(try poll.result?.get().messages == nil)
        #expect(poll.result != nil)
    }

    @Test func aWaitOfZeroBeatsTheQueuesOwn() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["ReceiveMessageWaitTimeSeconds": "20"])
        #expect(sqs.poll(url, wait: 0).result != nil)
    }

    @Test func pollsAreServedInTheOrderTheyCame() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let polls = (0..<3).map { _ in sqs.poll(url, max: 1) }
        try sqs.send(url, "a")
        #expect(polls.map { $0.result != nil } == [true, false, false])
        try sqs.send(url, "b")
        #expect(polls.map { $0.result != nil } == [true, true, false])
    }

    @Test func delayAndVisibilityLapsesWakeAPoll() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "later", delay: 4)
        let poll = sqs.poll(url)
        sqs.engine.advance(by: .seconds(4))
        #expect(try poll.result?.get().messages?.first?.body == "later")
        let again = sqs.poll(url, wait: 20)
        sqs.engine.advance(by: .seconds(15))
        #expect(again.result == nil)
        let third = sqs.poll(url, wait: 20)
        sqs.engine.advance(by: .seconds(15))
        #expect(try again.result?.get().messages == nil)
        #expect(try third.result?.get().messages?.first?.body == "later")
    }

    @Test func anAbandonedPollTakesNothing() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let gone = sqs.poll(url)
        let next = sqs.poll(url)
        sqs.engine.core.abandon(gone.id)
        try sqs.send(url, "a")
        #expect(gone.result == nil)
        #expect(try next.result?.get().messages?.first?.body == "a")
    }

    @Test func oneArrivingBatchFillsOnePoll() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let poll = sqs.poll(url, max: 10)
        try sqs.engine.call(
            SQS.sendMessageBatch,
            SQS.SendMessageBatchRequest(
                queueUrl: url,
                entries: (0..<5).map { SQS.SendMessageBatchRequestEntry(id: "\($0)", messageBody: "\($0)") }))
        #expect(try poll.result?.get().messages?.count == 5)
    }

    @Test func aPollOnADeletedQueueEnds() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let poll = sqs.poll(url)
        try sqs.engine.call(SQS.deleteQueue, SQS.DeleteQueueRequest(queueUrl: url))
        #expect(throws: ServiceError.self) { try poll.result?.get() }
    }
}
