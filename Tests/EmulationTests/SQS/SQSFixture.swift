import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// An engine with SQS alone, and short ways to say what the tests say often.
final class SQSFixture {
    let engine: TestEngine

    init(journal: Journal? = nil, wall: Instant = TestEngine.start) throws {
        engine = try TestEngine(services: [{ SQSService(core: $0) }], journal: journal, wall: wall)
    }

    var service: SQSService { engine.core.service(SQSService.self)! }
    var now: Instant { engine.core.now }

    func queue(_ name: String, _ attributes: [String: String] = [:]) throws -> String {
        var attributes = attributes
        if name.hasSuffix(".fifo") { attributes["FifoQueue"] = "true" }
        let result = try engine.call(
            SQS.createQueue,
            SQS.CreateQueueRequest(queueName: name, attributes: attributes.isEmpty ? nil : attributes))
        return try #require(result.queueUrl)
    }

    func arn(_ name: String) -> String { "arn:aws:sqs:us-east-1:123456789012:\(name)" }

    @discardableResult
    func send(
        _ url: String, _ body: String, group: String? = nil, deduplicationID: String? = nil, delay: Int? = nil
    ) throws -> SQS.SendMessageResult {
        try engine.call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: body, delaySeconds: delay, messageDeduplicationId: deduplicationID,
                messageGroupId: group))
    }

    /// A short poll.
    func receive(
        _ url: String, max: Int = 10, visibility: Int? = nil, system: [String] = [], attributes: [String] = [],
        attempt: String? = nil
    ) throws -> [SQS.Message] {
        try engine.call(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(
                queueUrl: url, messageSystemAttributeNames: system, messageAttributeNames: attributes,
                maxNumberOfMessages: max, visibilityTimeout: visibility, waitTimeSeconds: 0,
                receiveRequestAttemptId: attempt)
        ).messages ?? []
    }

    func bodies(_ url: String, max: Int = 10, visibility: Int? = nil) throws -> [String] {
        try receive(url, max: max, visibility: visibility).map { $0.body ?? "" }
    }

    /// A long poll.
    func poll(_ url: String, max: Int = 10, wait: Int = 20) -> TestEngine.Pending<SQS.ReceiveMessageResult> {
        engine.begin(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(queueUrl: url, maxNumberOfMessages: max, waitTimeSeconds: wait))
    }

    func delete(_ url: String, _ message: SQS.Message) throws {
        try engine.call(
            SQS.deleteMessage, SQS.DeleteMessageRequest(queueUrl: url, receiptHandle: message.receiptHandle ?? ""))
    }

    func changeVisibility(_ url: String, _ message: SQS.Message, _ seconds: Int) throws {
        try engine.call(
            SQS.changeMessageVisibility,
            SQS.ChangeMessageVisibilityRequest(
                queueUrl: url, receiptHandle: message.receiptHandle ?? "", visibilityTimeout: seconds))
    }

    func attributes(_ url: String, _ names: [String] = ["All"]) throws -> [String: String] {
        try engine.call(
            SQS.getQueueAttributes, SQS.GetQueueAttributesRequest(queueUrl: url, attributeNames: names)
        ).attributes ?? [:]
    }

    /// Visible, in flight and delayed, as GetQueueAttributes counts them.
    func counts(_ url: String) throws -> [Int] {
        let attributes = try attributes(url)
        return ["", "NotVisible", "Delayed"].map { Int(attributes["ApproximateNumberOfMessages\($0)"] ?? "") ?? -1 }
    }

    func error<Input, Output>(_ operation: AWSModel.Operation<Input, Output>, _ input: Input) -> ServiceError? {
        engine.error(operation, input)
    }
}
