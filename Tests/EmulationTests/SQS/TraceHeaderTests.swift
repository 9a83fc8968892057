import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What a client says in `X-Amzn-Trace-Id` goes on with the message.
struct TraceHeaderTests {
    private static let header = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1"

    private let engine: TestEngine
    private let url: String

    init() throws {
        engine = try TestEngine()
        url = try engine.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: "traced")).queueUrl ?? ""
    }

    private var tracer: Caller {
        var caller = engine.caller
        caller.traceHeader = Self.header
        return caller
    }

    private func received() throws -> [String?] {
        try engine.call(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(
                queueUrl: url, messageSystemAttributeNames: ["AWSTraceHeader"], maxNumberOfMessages: 10,
                waitTimeSeconds: 0)
        ).messages?.map { $0.attributes?["AWSTraceHeader"] } ?? []
    }

    @Test func aSendersHeaderIsTheMessages() throws {
        let sent = try engine.call(
            SQS.sendMessage, SQS.SendMessageRequest(queueUrl: url, messageBody: "m"), as: tracer)
        // The digest is of what came as an attribute only.
        #expect(sent.md5OfMessageSystemAttributes == nil)
        #expect(try received() == [Self.header])
    }

    @Test func anAttributeCountsMore() throws {
        _ = try engine.call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: "m",
                messageSystemAttributes: [
                    "AWSTraceHeader": SQS.MessageSystemAttributeValue(stringValue: "Root=1-2", dataType: "String")
                ]),
            as: tracer)
        #expect(try received() == ["Root=1-2"])
    }

    @Test func aTopicHandsItOn() throws {
        let topic = try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "t")).topicArn ?? ""
        _ = try engine.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topic, protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:123456789012:traced"))
        _ = try engine.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: "m"), as: tracer)
        _ = try engine.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: "m"))
        engine.advance(by: .seconds(1))
        #expect(try received() == [Self.header, nil])
    }
}
