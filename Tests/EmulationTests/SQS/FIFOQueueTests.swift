import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct FIFOQueueTests {
    @Test func aGroupIsLockedWhileOneOfItsMessagesIsInFlight() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for body in ["a1", "a2", "b1", "a3"] { try sqs.send(url, body, group: String(body.prefix(1))) }
        #expect(try sqs.bodies(url, max: 1) == ["a1"])
        #expect(try sqs.bodies(url, max: 10) == ["b1"])
        #expect(try sqs.receive(url).isEmpty)
        #expect(try sqs.counts(url) == [2, 2, 0])
        sqs.engine.advance(by: .seconds(30))
        // In its old place, and the rest behind it.
        #expect(try sqs.bodies(url, max: 10) == ["a1", "a2", "a3", "b1"])
    }

    @Test func aReceiveFillsFromOneGroupThenFromOthers() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for body in ["a1", "b1", "a2", "b2"] { try sqs.send(url, body, group: String(body.prefix(1))) }
        #expect(try sqs.bodies(url, max: 3) == ["a1", "a2", "b1"])
        #expect(try sqs.receive(url).isEmpty)
    }

    @Test func deletingUnlocksTheGroup() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        try sqs.send(url, "1", group: "g")
        try sqs.send(url, "2", group: "g")
        let first = try #require(try sqs.receive(url, max: 1).first)
        let poll = sqs.poll(url)
        #expect(poll.result == nil)
        try sqs.delete(url, first)
        #expect(try poll.result?.get().messages?.map(\.body) == ["2"])
    }

    @Test func duplicatesWithinFiveMinutesAreSwallowedEvenAfterDelete() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo")
        let first = try sqs.send(url, "one", group: "g", deduplicationID: "d")
        let message = try #require(try sqs.receive(url).first)
        try sqs.delete(url, message)
        let second = try sqs.send(url, "two", group: "other", deduplicationID: "d")
        #expect(second.messageId == first.messageId)
        #expect(second.sequenceNumber == first.sequenceNumber)
        #expect(try sqs.receive(url).isEmpty)
        sqs.engine.advance(by: .seconds(300))
        let third = try sqs.send(url, "three", group: "g", deduplicationID: "d")
        #expect(third.messageId != first.messageId)
        #expect(try sqs.bodies(url) == ["three"])
    }

    @Test func theScopeMayBeTheGroup() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue(
            "q.fifo", ["DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"])
        try sqs.send(url, "one", group: "a", deduplicationID: "d")
        try sqs.send(url, "two", group: "b", deduplicationID: "d")
        try sqs.send(url, "three", group: "a", deduplicationID: "d")
        #expect(try sqs.bodies(url) == ["one", "two"])
    }

    @Test func contentBasedDeduplicationTakesTheBodysHash() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        let first = try sqs.send(url, "same", group: "a")
        #expect(try sqs.send(url, "same", group: "a").messageId == first.messageId)
        try sqs.send(url, "same", group: "a", deduplicationID: "given")
        let messages = try sqs.receive(url, system: ["All"])
        #expect(
            messages.first?.attributes?["MessageDeduplicationId"]
                == "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5")
        #expect(messages.map { $0.attributes?["MessageDeduplicationId"] == "given" } == [false, true])
        let numbers = messages.compactMap { $0.attributes?["SequenceNumber"] }
        #expect(numbers.count == 2 && numbers[0] < numbers[1])
        #expect(numbers.map(\.count) == [20, 20])
    }

    @Test func theSameAttemptReturnsTheSameMessagesAndRestartsTheirTimeout() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        try sqs.send(url, "1", group: "g")
        let first = try sqs.receive(url, attempt: "try")
        sqs.engine.advance(by: .seconds(20))
        let second = try sqs.receive(url, attempt: "try")
        #expect(second.map(\.receiptHandle) == first.map(\.receiptHandle))
        #expect(try sqs.receive(url, attempt: "another").isEmpty)
        sqs.engine.advance(by: .seconds(20))
        #expect(try sqs.counts(url) == [0, 1, 0])
        sqs.engine.advance(by: .seconds(10))
        #expect(try sqs.counts(url) == [1, 0, 0])
        let third = try sqs.receive(url, attempt: "try")
        #expect(third.first?.receiptHandle != first.first?.receiptHandle)
    }

    @Test func anExpiredHandleCannotDelete() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        try sqs.send(url, "1", group: "g")
        let message = try #require(try sqs.receive(url, visibility: 1).first)
        sqs.engine.advance(by: .seconds(2))
        let handle = message.receiptHandle ?? ""
        let error = sqs.error(SQS.deleteMessage, SQS.DeleteMessageRequest(queueUrl: url, receiptHandle: handle))
        #expect(
            error?.message
                == "Value \(handle) for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.")
        #expect(error?.queryCode == "InvalidParameterValue")
    }

    @Test func aReleasedMessageInFrontIsReceivedAlthoughItsSiblingsAreInFlight() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for index in 1...3 { try sqs.send(url, "\(index)", group: "g") }
        let batch = try sqs.receive(url, max: 2)
        try sqs.changeVisibility(url, batch[0], 0)
        // The second is still in flight: what comes after it waits.
        #expect(try sqs.bodies(url) == ["1"])
        try sqs.delete(url, batch[1])
        #expect(try sqs.bodies(url).isEmpty)
    }

    @Test func aReleasedMessageWaitsForTheOneBeforeIt() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for index in 1...3 { try sqs.send(url, "\(index)", group: "g") }
        let batch = try sqs.receive(url, max: 2)
        try sqs.changeVisibility(url, batch[1], 0)
        #expect(try sqs.bodies(url).isEmpty)
        try sqs.delete(url, batch[0])
        #expect(try sqs.bodies(url) == ["2", "3"])
    }

    @Test func theQueuesDelayHoldsForAllAndChangesRetroactively() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true", "DelaySeconds": "10"])
        try sqs.send(url, "1", group: "g")
        #expect(try sqs.counts(url) == [0, 0, 1])
        try sqs.engine.call(
            SQS.setQueueAttributes, SQS.SetQueueAttributesRequest(queueUrl: url, attributes: ["DelaySeconds": "60"]))
        sqs.engine.advance(by: .seconds(30))
        #expect(try sqs.receive(url).isEmpty)
        try sqs.engine.call(
            SQS.setQueueAttributes, SQS.SetQueueAttributesRequest(queueUrl: url, attributes: ["DelaySeconds": "20"]))
        #expect(try sqs.bodies(url) == ["1"])
        let error = sqs.error(
            SQS.sendMessage,
            SQS.SendMessageRequest(queueUrl: url, messageBody: "x", delaySeconds: 2, messageGroupId: "g"))
        #expect(
            error?.message
                == "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type."
        )
    }

    @Test func groupAndDeduplicationAreRequired() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo")
        let noGroup = sqs.error(SQS.sendMessage, SQS.SendMessageRequest(queueUrl: url, messageBody: "x"))
        #expect(noGroup?.queryCode == "MissingParameter")
        #expect(noGroup?.message == "The request must contain the parameter MessageGroupId.")
        let noID = sqs.error(
            SQS.sendMessage, SQS.SendMessageRequest(queueUrl: url, messageBody: "x", messageGroupId: "g"))
        #expect(
            noID?.message
                == "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
        )
        let batch = sqs.error(
            SQS.sendMessageBatch,
            SQS.SendMessageBatchRequest(
                queueUrl: url, entries: [SQS.SendMessageBatchRequestEntry(id: "1", messageBody: "x")]))
        #expect(batch?.queryCode == "InvalidParameterValue")
        let spaces = sqs.error(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: "x", messageDeduplicationId: "d", messageGroupId: "with space"))
        #expect(spaces?.message.contains("can only include alphanumeric and punctuation characters") == true)
    }

    @Test func purgeForgetsDuplicates() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo")
        try sqs.send(url, "1", group: "g", deduplicationID: "d")
        try sqs.engine.call(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: url))
        try sqs.send(url, "2", group: "g", deduplicationID: "d")
        #expect(try sqs.bodies(url) == ["2"])
    }

    @Test func groupsTakeTurns() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for body in ["a1", "a2", "b1", "c1"] { try sqs.send(url, body, group: String(body.prefix(1))) }
        let first = try #require(try sqs.receive(url, max: 1).first)
        try sqs.delete(url, first)
        #expect(try sqs.bodies(url, max: 1) == ["b1"])
        #expect(try sqs.bodies(url, max: 1) == ["c1"])
        #expect(try sqs.bodies(url, max: 1) == ["a2"])
    }
}
