import AWSModel
import AWSTypes
import Testing

@testable import Emulation

struct TopicArchiveTests {
    private let journal: Journal
    private let engine: TestEngine
    private let topicArn: String
    private let queueUrl: String

    init() throws {
        journal = try Journal(path: nil)
        engine = try TestEngine(journal: journal)
        topicArn =
            try engine.call(
                SNS.createTopic,
                SNS.CreateTopicInput(
                    name: "f.fifo",
                    attributes: ["FifoTopic": "true", "ArchivePolicy": #"{"MessageRetentionPeriod":"2"}"#])
            ).topicArn ?? ""
        queueUrl =
            try engine.call(
                SQS.createQueue, SQS.CreateQueueRequest(queueName: "q.fifo", attributes: ["FifoQueue": "true"])
            ).queueUrl ?? ""
    }

    private func publish(_ text: String, _ engine: TestEngine? = nil, group: String = "g") throws {
        try (engine ?? self.engine).call(
            SNS.publish,
            SNS.PublishInput(
                topicArn: topicArn, message: text,
                messageAttributes: [
                    "kind": SNS.MessageAttributeValue(dataType: "String", stringValue: text)
                ], messageDeduplicationId: text, messageGroupId: group))
    }

    private func subscribe(_ attributes: [String: String] = [:]) throws -> String {
        try engine.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topicArn, protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:123456789012:q.fifo",
                attributes: attributes.merging(["RawMessageDelivery": "true"]) { given, _ in given },
                returnSubscriptionArn: true)
        ).subscriptionArn ?? ""
    }

    private func set(_ name: String, _ value: String, of subscription: String) throws {
        try engine.call(
            SNS.setSubscriptionAttributes,
            SNS.SetSubscriptionAttributesInput(
                subscriptionArn: subscription, attributeName: name, attributeValue: value))
    }

    private func policy(from start: Instant, to end: Instant? = nil) -> String {
        let tail = end.map { #","EndingPoint":"\#($0.iso8601())""# } ?? ""
        return #"{"PointType":"Timestamp","StartingPoint":"\#(start.iso8601())"\#(tail)}"#
    }

    private func status(_ subscription: String, _ engine: TestEngine? = nil) throws -> String? {
        try (engine ?? self.engine).call(
            SNS.getSubscriptionAttributes, SNS.GetSubscriptionAttributesInput(subscriptionArn: subscription)
        ).attributes?["ReplayStatus"]
    }

    /// Takes what is in the queue out of it.
    private func take(_ engine: TestEngine? = nil) throws -> [SQS.Message] {
        let engine = engine ?? self.engine
        var all: [SQS.Message] = []
        while true {
            let messages =
                try engine.call(
                    SQS.receiveMessage,
                    SQS.ReceiveMessageRequest(
                        queueUrl: queueUrl, messageAttributeNames: ["All"], maxNumberOfMessages: 10,
                        waitTimeSeconds: 0)
                ).messages ?? []
            if messages.isEmpty { return all }
            for message in messages {
                try engine.call(
                    SQS.deleteMessage,
                    SQS.DeleteMessageRequest(queueUrl: queueUrl, receiptHandle: message.receiptHandle ?? ""))
            }
            all += messages
        }
    }

    @Test func aReplayDeliversItsTimeOnceMore() throws {
        let subscription = try subscribe()
        let began = engine.core.now
        for text in ["a", "b"] { try publish(text) }
        engine.advance(by: .seconds(3600))
        try publish("c")
        #expect(try take().compactMap(\.body) == ["a", "b", "c"])
        #expect(try status(subscription) == nil)
        try set("ReplayPolicy", policy(from: began, to: began + .seconds(60)), of: subscription)
        #expect(try status(subscription) == "Pending")
        engine.advance(by: .seconds(2))
        #expect(try status(subscription) == "Completed")
        let again = try take()
        #expect(again.compactMap(\.body) == ["a", "b"])
        #expect(again.first?.messageAttributes?["Replayed"]?.stringValue == "true")
        // AWS: with an ending point the subscription gets no new messages, until the policy is taken off.
        try publish("d")
        #expect(try take().isEmpty)
        try set("ReplayPolicy", "{}", of: subscription)
        #expect(try status(subscription) == nil)
        try publish("e")
        #expect(try take().compactMap(\.body) == ["e"])
    }

    /// AWS: without an ending point it goes over into what is newly published, in order.
    @Test func anOpenReplayCatchesUp() throws {
        let began = engine.core.now
        for number in 0..<250 { try publish("m\(number)", group: "g\(number % 3)") }
        let subscription = try subscribe(["ReplayPolicy": policy(from: began)])
        try publish("during")
        engine.advance(by: .milliseconds(1001))
        #expect(try status(subscription) == "In progress")
        engine.advance(by: .seconds(1))
        #expect(try status(subscription) == "Completed")
        try publish("after")
        let bodies = try take().compactMap(\.body)
        #expect(bodies.count == 252)
        #expect(Set(bodies).count == 252)
        #expect(bodies.filter { !$0.hasPrefix("m") } == ["during", "after"])
    }

    @Test func aFilterSelectsWhatIsReplayed() throws {
        for text in ["a", "b", "c"] { try publish(text) }
        let subscription = try subscribe([
            "ReplayPolicy": policy(from: .epoch), "FilterPolicy": #"{"kind":["b"]}"#,
        ])
        engine.advance(by: .seconds(2))
        #expect(try status(subscription) == "Completed")
        #expect(try take().compactMap(\.body) == ["b"])
    }

    @Test func anEndThatIsToComeIsWaitedFor() throws {
        try publish("a")
        let end = engine.core.now + .seconds(600)
        let subscription = try subscribe(["ReplayPolicy": policy(from: .epoch, to: end)])
        engine.advance(by: .seconds(10))
        try publish("b")
        engine.advance(by: .seconds(10))
        #expect(try status(subscription) == "In progress")
        #expect(try take().compactMap(\.body) == ["a", "b"])
        engine.advance(by: .seconds(600))
        #expect(try status(subscription) == "Completed")
    }

    @Test func aReplayGoesOnAfterARestart() throws {
        let began = engine.core.now
        for number in 0..<150 { try publish("m\(number)") }
        let subscription = try subscribe(["ReplayPolicy": policy(from: began)])
        engine.advance(by: .milliseconds(1000))
        #expect(try status(subscription) == "In progress")
        let second = try TestEngine(journal: journal, wall: engine.wall)
        try publish("new", second)
        second.advance(by: .seconds(2))
        #expect(try status(subscription, second) == "Completed")
        #expect(try take(second).compactMap(\.body) == (0..<150).map { "m\($0)" } + ["new"])
    }

    /// AWS: from when the archive began, and never longer ago than messages are kept.
    @Test func whatIsTooOldIsGone() throws {
        let topics = try #require(engine.core.service(SNSService.self))
        let began = engine.core.now
        func beginning() throws -> String? {
            try engine.call(SNS.getTopicAttributes, SNS.GetTopicAttributesInput(topicArn: topicArn))
                .attributes?["BeginningArchiveTime"]
        }
        #expect(try beginning() == began.iso8601())
        try publish("old")
        engine.advance(by: .seconds(86_400))
        try publish("young")
        engine.advance(by: .seconds(86_400))
        #expect(try beginning() == (engine.core.now - .seconds(2 * 86_400)).iso8601())
        var kept = 0
        try topics.core.journal.rows.forEach("SELECT count(*) FROM sns_archive") { kept = $0.int(0) }
        #expect(kept == 1)
        _ = try subscribe(["ReplayPolicy": policy(from: .epoch)])
        engine.advance(by: .seconds(2))
        #expect(try take().compactMap(\.body) == ["young"])
    }

    @Test func anArchiveMustEndBeforeItsTopic() throws {
        try publish("a")
        let error = engine.error(SNS.deleteTopic, SNS.DeleteTopicInput(topicArn: topicArn))
        #expect(error?.queryCode == "InvalidState")
        #expect(error?.message == "Invalid state: Cannot delete a topic with an ArchivePolicy")
        let subscription = try subscribe(["ReplayPolicy": policy(from: .epoch)])
        try engine.call(
            SNS.setTopicAttributes,
            SNS.SetTopicAttributesInput(topicArn: topicArn, attributeName: "ArchivePolicy", attributeValue: "{}"))
        #expect(try status(subscription) == "Failed")
        try publish("b")
        #expect(try take().compactMap(\.body) == ["b"])
        #expect(
            engine.error(
                SNS.setSubscriptionAttributes,
                SNS.SetSubscriptionAttributesInput(
                    subscriptionArn: subscription, attributeName: "ReplayPolicy",
                    attributeValue: policy(from: .epoch)))?.queryCode == "InvalidParameter")
        try engine.call(SNS.deleteTopic, SNS.DeleteTopicInput(topicArn: topicArn))
    }

    @Test func policiesAreChecked() throws {
        func refused(_ value: String) -> Bool {
            let error = engine.error(
                SNS.setTopicAttributes,
                SNS.SetTopicAttributesInput(topicArn: topicArn, attributeName: "ArchivePolicy", attributeValue: value))
            return error?.queryCode == "InvalidParameter"
        }
        for value in [
            #"{"MessageRetentionPeriod":"0"}"#, #"{"MessageRetentionPeriod":366}"#, #"{"Days":"1"}"#, "[", "x",
        ] {
            #expect(refused(value))
        }
        #expect(!refused(#"{"MessageRetentionPeriod":365}"#))
        let subscription = try subscribe()
        for value in [
            "x", #"{"PointType":"Offset","StartingPoint":"2026-01-01T00:00:00Z"}"#, #"{"PointType":"Timestamp"}"#,
            #"{"PointType":"Timestamp","StartingPoint":"2026-01-02T00:00:00Z","EndingPoint":"2026-01-01T00:00:00Z"}"#,
        ] {
            #expect(throws: ServiceError.self) { try set("ReplayPolicy", value, of: subscription) }
        }
    }
}
