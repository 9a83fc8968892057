import AWSClient
import AWSModel
import AWSTypes

/// A topic as `GetTopicAttributes` tells it: every attribute as text, with readings of those the screens need.
struct TopicReading: Identifiable, Hashable, Sendable {
    var arn: String
    var attributes: [String: String] = [:]
    var tags: [String: String] = [:]
    var hasEngine = true
    /// Why the attributes could not be read.
    var problem: String?

    init(arn: String) { self.arn = arn }

    var id: String { arn }
    var name: String { ResourceName.last(of: arn) }
    var isRead: Bool { !attributes.isEmpty }
    var isFIFO: Bool { name.hasSuffix(".fifo") }
    var confirmed: Int { number("SubscriptionsConfirmed") }
    var pending: Int { number("SubscriptionsPending") }
    var displayName: String { attributes["DisplayName"] ?? "" }
    var usesContentDeduplication: Bool { attributes["ContentBasedDeduplication"] == "true" }
    var encryptionKey: String? { attributes["KmsMasterKeyId"].flatMap { $0.isEmpty ? nil : $0 } }

    /// How long a FIFO topic keeps its messages to be replayed; 0 where it keeps none.
    var archiveDays: Int {
        let policy = attributes["ArchivePolicy"].flatMap { try? JSONReader.parse($0) }?.object
        let period = policy?["MessageRetentionPeriod"]
        return period?.integer.map(Int.init) ?? period?.string.flatMap { Int($0) } ?? 0
    }

    func number(_ attribute: String) -> Int { attributes[attribute].flatMap { Int($0) } ?? 0 }

    /// What deleting it destroys: `orders: 3 subscriptions, 1 of them pending`.
    var holdings: String {
        guard isRead else { return "\(name): all its subscriptions" }
        let pending = pending > 0 ? ", \(pending.grouped) of them pending" : ""
        return "\(name): \(Quantity.count(confirmed + self.pending, "subscription"))\(pending)"
    }
}

extension TopicReading {
    /// - Parameter topic: a name or ARN.
    /// - Throws: `AWSError`, as when there is no such topic.
    static func read(_ topic: String, _ context: ConsoleContext) async throws -> TopicReading {
        let arn = ARN(topic) == nil ? try await find(topic, context) : topic
        var reading = TopicReading(arn: arn)
        reading.attributes =
            try await context.aws.call(SNS.getTopicAttributes, .init(topicArn: arn)).attributes ?? [:]
        let tags = try? await context.aws.call(SNS.listTagsForResource, .init(resourceArn: arn)).tags
        reading.tags = Dictionary((tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        reading.hasEngine = context.capabilities.hasEngine
        return reading
    }

    /// AWS: no operation tells a topic's ARN by its name alone.
    private static func find(_ name: String, _ context: ConsoleContext) async throws -> String {
        guard let arn = try await ListPage.all(context, page).first(where: { $0.name == name })?.arn else {
            throw AWSError("NotFound", "Topic does not exist: \(name)", httpStatus: 404)
        }
        return arn
    }

    /// A page of topics, not yet read.
    static func page(_ token: String?, _ context: ConsoleContext) async throws -> ListPage<TopicReading> {
        let page = try await context.aws.call(SNS.listTopics, .init(nextToken: token))
        return ListPage(
            (page.topics ?? []).compactMap { $0.topicArn.map { TopicReading(arn: $0) } }, next: page.nextToken)
    }

    /// Its attributes, or why they could not be read.
    static let details = ListDetails<TopicReading>(isRead: { $0.isRead || $0.problem != nil }) { topic, context in
        var topic = topic
        do {
            topic.attributes =
                try await context.aws.call(SNS.getTopicAttributes, .init(topicArn: topic.arn)).attributes ?? [:]
        } catch {
            topic.problem = error.sentence
        }
        topic.hasEngine = context.capabilities.hasEngine
        return topic
    }
}
