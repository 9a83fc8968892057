import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// An engine with EventBridge, Scheduler, Pipes and SQS, and short ways to say what the tests say often.
final class EventsFixture {
    let engine: TestEngine
    static let role = "arn:aws:iam::123456789012:role/events"

    init(journal: Journal? = nil, wall: Instant = TestEngine.start) throws {
        engine = try TestEngine(
            services: [
                { SQSService(core: $0) }, { EventsService(core: $0) }, { SchedulerService(core: $0) },
                { PipesService(core: $0) },
            ], journal: journal, wall: wall)
    }

    func arn(_ queue: String) -> String { "arn:aws:sqs:us-east-1:123456789012:\(queue)" }
    func url(_ queue: String) -> String { "http://127.0.0.1:4566/123456789012/\(queue)" }

    func queue(_ name: String) throws {
        var attributes: [String: String]?
        if name.hasSuffix(".fifo") { attributes = ["FifoQueue": "true", "ContentBasedDeduplication": "true"] }
        try engine.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: name, attributes: attributes))
    }

    func rule(_ pattern: String, name: String = "rule", bus: String? = nil, targets: [Events.Target]) throws {
        try engine.call(Events.putRule, .init(name: name, eventPattern: pattern, eventBusName: bus))
        try engine.call(Events.putTargets, .init(rule: name, eventBusName: bus, targets: targets))
    }

    @discardableResult
    func put(source: String = "shop", type: String = "order", detail: String = "{}", bus: String? = nil) throws
        -> String
    {
        let answer = try engine.call(
            Events.putEvents,
            .init(entries: [.init(source: source, detailType: type, detail: detail, eventBusName: bus)]))
        return answer.entries?.first?.eventId ?? ""
    }

    func receive(_ queue: String) throws -> [SQS.Message] {
        try engine.call(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(
                queueUrl: url(queue), messageAttributeNames: ["All"], maxNumberOfMessages: 10, waitTimeSeconds: 0)
        ).messages ?? []
    }

    func bodies(_ queue: String) throws -> [DocumentValue] {
        try receive(queue).map { try JSONReader.parse($0.body ?? "") }
    }
}
