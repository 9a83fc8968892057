import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// A world that is closed and opened again goes on where it was.
@Suite struct QueuePersistenceTests {
    @Test func messagesTheirStatesAndHandlesSurvive() throws {
        let journal = try Journal(path: nil)
        let before = try SQSFixture(journal: journal)
        let url = try before.queue("q", ["VisibilityTimeout": "100"])
        let sent = try before.engine.call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: "held",
                messageAttributes: [
                    "t": SQS.MessageAttributeValue(stringValue: "x", dataType: "String.custom"),
                    "b": SQS.MessageAttributeValue(binaryValue: [0, 255], dataType: "Binary"),
                ],
                messageSystemAttributes: [
                    "AWSTraceHeader": SQS.MessageSystemAttributeValue(stringValue: "Root=1", dataType: "String")
                ]))
        let held = try #require(try before.receive(url, max: 1).first)
        try before.send(url, "waiting")
        try before.send(url, "delayed", delay: 50)

        let after = try SQSFixture(journal: journal, wall: TestEngine.start + .seconds(10))
        #expect(try after.counts(url) == [1, 1, 1])
        #expect(try after.bodies(url) == ["waiting"])
        after.engine.advance(by: .seconds(40))
        #expect(try after.bodies(url) == ["delayed"])
        try after.changeVisibility(url, held, 0)
        let again = try #require(try after.receive(url, system: ["All"], attributes: ["All"]).first)
        #expect(again.messageId == sent.messageId)
        #expect(again.md5OfMessageAttributes == sent.md5OfMessageAttributes)
        #expect(again.attributes?["ApproximateReceiveCount"] == "2")
        #expect(again.attributes?["AWSTraceHeader"] == "Root=1")
        try after.delete(url, again)

        let last = try SQSFixture(journal: journal, wall: TestEngine.start + .seconds(20))
        #expect(try last.counts(url) == [0, 2, 0])
        #expect(try last.attributes(url)["VisibilityTimeout"] == "100")
    }

    @Test func duplicatesAreStillKnownAndNumbersStillGrow() throws {
        let journal = try Journal(path: nil)
        let before = try SQSFixture(journal: journal)
        let url = try before.queue("q.fifo")
        let first = try before.send(url, "one", group: "g", deduplicationID: "d")
        try before.delete(url, try #require(try before.receive(url).first))

        let after = try SQSFixture(journal: journal, wall: TestEngine.start + .seconds(60))
        #expect(try after.send(url, "two", group: "g", deduplicationID: "d").messageId == first.messageId)
        let next = try after.send(url, "three", group: "g", deduplicationID: "e")
        #expect(try #require(first.sequenceNumber) < #require(next.sequenceNumber))
        after.engine.advance(by: .seconds(240))
        #expect(try after.send(url, "four", group: "g", deduplicationID: "d").messageId != first.messageId)
    }

    @Test func groupsStayLockedAndInOrder() throws {
        let journal = try Journal(path: nil)
        let before = try SQSFixture(journal: journal)
        let url = try before.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for index in 1...3 { try before.send(url, "\(index)", group: "g") }
        _ = try before.receive(url, max: 1)

        let after = try SQSFixture(journal: journal, wall: TestEngine.start + .seconds(5))
        #expect(try after.receive(url).isEmpty)
        after.engine.advance(by: .seconds(25))
        #expect(try after.bodies(url) == ["1", "2", "3"])
    }

    @Test func deletedPurgedAndExpiredStayGone() throws {
        let journal = try Journal(path: nil)
        let before = try SQSFixture(journal: journal)
        let deleted = try before.queue("deleted")
        let purged = try before.queue("purged")
        let expiring = try before.queue("expiring", ["MessageRetentionPeriod": "60"])
        for url in [deleted, purged, expiring] { try before.send(url, "x") }
        try before.engine.call(SQS.deleteQueue, SQS.DeleteQueueRequest(queueUrl: deleted))
        try before.engine.call(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: purged))

        let after = try SQSFixture(journal: journal, wall: TestEngine.start + .seconds(59))
        #expect(
            after.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: "deleted"))?.code == "QueueDeletedRecently")
        #expect(after.error(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: purged))?.code == "PurgeQueueInProgress")
        #expect(try after.counts(purged) == [0, 0, 0])
        #expect(try after.counts(expiring) == [1, 0, 0])
        after.engine.advance(by: .seconds(1))
        #expect(try after.counts(expiring) == [0, 0, 0])
        #expect(try after.counts(try after.queue("deleted")) == [0, 0, 0])
    }

    @Test func aMoveTaskGoesOn() throws {
        let journal = try Journal(path: nil)
        let before = try SQSFixture(journal: journal)
        let dead = try before.queue("dead")
        let url = try before.queue(
            "q",
            [
                "RedrivePolicy": #"{"deadLetterTargetArn":"\#(before.arn("dead"))","maxReceiveCount":1}"#,
                "VisibilityTimeout": "0",
            ])
        for index in 0..<4 { try before.send(url, "\(index)") }
        while try before.counts(dead)[0] < 4 { _ = try before.receive(url) }
        try before.engine.call(
            SQS.startMessageMoveTask,
            SQS.StartMessageMoveTaskRequest(sourceArn: before.arn("dead"), maxNumberOfMessagesPerSecond: 1))
        before.engine.advance(by: .seconds(2))
        #expect(try before.counts(dead) == [2, 0, 0])

        let after = try SQSFixture(journal: journal, wall: TestEngine.start + .seconds(10))
        #expect(try after.counts(dead) == [2, 0, 0])
        after.engine.advance(by: .seconds(2))
        #expect(try after.counts(url) == [4, 0, 0])
        let task = try after.engine.call(
            SQS.listMessageMoveTasks, SQS.ListMessageMoveTasksRequest(sourceArn: after.arn("dead"))
        ).results?.first
        #expect(task?.status == "COMPLETED" && task?.approximateNumberOfMessagesMoved == 4)
    }
}
