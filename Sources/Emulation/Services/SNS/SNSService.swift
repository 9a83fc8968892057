import AWSModel
import AWSTypes

/// Amazon SNS: topics, and everybody who listens to them.
public final class SNSService: Service {
    public static let id = SNS.id
    public static let migrations = SNSTables.migrations

    unowned let core: EngineCore

    var topics: [String: SNSTopic] = [:]
    var subscriptions: [String: SNSSubscription] = [:]
    /// The same in the order of their lists.
    var topicLists: [Scope: OrderedKeys<SNSTopic>] = [:]
    var subscriptionLists: [Scope: OrderedKeys<SNSSubscription>] = [:]
    var applications: [String: SNSDocumented] = [:]
    var endpoints: [String: SNSDocumented] = [:]
    /// The same in the order of their lists: applications by scope, endpoints and their tokens by application.
    var applicationLists: [Scope: OrderedKeys<String>] = [:]
    var endpointLists: [String: OrderedKeys<String>] = [:]
    var endpointTokens: [String: [String: String]] = [:]
    /// SMS attributes, numbers that opted out and sandbox numbers, by account and region.
    var settings: [Scope: SNSSettings] = [:]
    var deliveries: [Int64: SNSDelivery] = [:]
    var messages: [Int64: SNSMessage] = [:]
    /// By message.
    var fanouts: [Int64: MessageFanout] = [:]
    /// Those that can still be confirmed, or were, by their tokens.
    var tokens: [String: SNSSubscription] = [:]
    var outbox = Outbox()
    /// By subscription.
    var confirmations: [String: SNSConfirmation] = [:]
    /// Subscriptions that ended and can be restored, by token.
    var offers: [String: SNSDocumented] = [:]
    var identity: SigningIdentity?
    /// Whether any topic's policy ever denied something; asked at every call.
    public internal(set) var holdsDenials = false
    var lastID: Int64 = 0
    var reservedIDs: Int64 = 0

    public init(core: EngineCore) {
        self.core = core
        core.authorizer.register(self, for: "sns")
    }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(SNS.createTopic, createTopic)
        table.on(SNS.deleteTopic, deleteTopic)
        table.on(SNS.listTopics, listTopics)
        table.on(SNS.getTopicAttributes, getTopicAttributes)
        table.on(SNS.setTopicAttributes, setTopicAttributes)
        table.on(SNS.subscribe, subscribe)
        table.on(SNS.confirmSubscription, confirmSubscription)
        table.on(SNS.unsubscribe, unsubscribe)
        table.on(SNS.listSubscriptions, listSubscriptions)
        table.on(SNS.listSubscriptionsByTopic, listSubscriptionsByTopic)
        table.on(SNS.getSubscriptionAttributes, getSubscriptionAttributes)
        table.on(SNS.setSubscriptionAttributes, setSubscriptionAttributes)
        table.on(SNS.publish, publish)
        table.on(SNS.publishBatch, publishBatch)
        table.on(SNS.addPermission, addPermission)
        table.on(SNS.removePermission, removePermission)
        table.on(SNS.tagResource, tagResource)
        table.on(SNS.untagResource, untagResource)
        table.on(SNS.listTagsForResource, listTagsForResource)
        registerMobile(&table)
        return table
    }

    // MARK: Finding things

    /// Makes it known, by its ARN and to its topic.
    func add(_ subscription: SNSSubscription) {
        subscriptions[subscription.arn] = subscription
        subscriptionLists[subscription.scope, default: OrderedKeys()][subscription.arn] = subscription
        guard let topic = topics[subscription.topicArn] else { return }
        if let token = subscription.token { tokens[token] = subscription }
        topic.subscriptions[subscription.arn] = subscription
        topic.listeners[subscription.listener] = subscription
        if !subscription.isConfirmed { topic.pending += 1 }
        subscription.refresh(topicPolicy: topic.attributes["DeliveryPolicy"])
    }

    func add(_ topic: SNSTopic) {
        topics[topic.arn] = topic
        topicLists[topic.scope, default: OrderedKeys()][topic.arn] = topic
    }

    func topic(_ arn: String, _ call: Call) throws(ServiceError) -> SNSTopic {
        try Self.check(arn: arn)
        try check(regionOf: arn, call)
        guard let topic = topics[arn] else { throw .snsTopicMissing }
        core.attribute(call, to: arn)
        return topic
    }

    static func check(arn: String, _ parameter: String = "TopicArn") throws(ServiceError) {
        let count = arn.split(separator: ":", omittingEmptySubsequences: false).count
        guard count >= 6 else {
            throw .snsInvalid("\(parameter) Reason: An ARN must have at least 6 elements, not \(count)")
        }
    }

    /// AWS: a region's endpoint knows nothing of another region's topics.
    func check(regionOf arn: String, _ call: Call) throws(ServiceError) {
        if let region = ARN(arn)?.region, region != call.scope.region { throw .snsInvalid("TopicArn") }
    }

    func nextID() -> Int64 {
        lastID += 1
        if lastID >= reservedIDs {
            reservedIDs = lastID + 65_536
            core.journal.record("INSERT OR REPLACE INTO sns_state VALUES ('ids', ?)", [.text(String(reservedIDs))])
        }
        return lastID
    }

    func markChanged(_ topicArn: String) {
        core.changes.mark(topicArn)
        core.changes.mark("sns:topics")
    }

    // MARK: Metrics

    func count(_ name: String, _ value: Double = 1, of topic: SNSTopic, unit: String = "Count") {
        core.telemetry.record(
            value,
            in: MetricSeries(
                scope: topic.scope, namespace: "AWS/SNS", name: name,
                dimensions: [MetricSeries.Dimension("TopicName", topic.name)], unit: unit))
    }

    /// One page of a list. AWS: 100 a page.
    static func page<Element>(
        _ list: OrderedKeys<Element>?, after token: String?
    ) throws(ServiceError) -> ([Element], next: String?) {
        guard let list else { return ([], nil) }
        var last: String?
        if let token, !token.isEmpty {
            guard let bytes = Base64.decode(token) else { throw .snsInvalid("NextToken") }
            last = String(decoding: bytes, as: UTF8.self)
        }
        let page = list.page(after: last, limit: 100)
        return (
            page.entries.map(\.value), page.hasMore ? page.entries.last.map { Base64.encode($0.key.utf8) } : nil
        )
    }

    /// One page of what is sorted by its key.
    static func page<Element>(
        _ elements: [Element], after token: String?, key: (Element) -> String
    ) throws(ServiceError) -> ([Element], next: String?) {
        var rest = elements[...]
        if let token, !token.isEmpty {
            guard let bytes = Base64.decode(token) else { throw .snsInvalid("NextToken") }
            let last = String(decoding: bytes, as: UTF8.self)
            rest = rest.drop { key($0) <= last }
        }
        let page = Array(rest.prefix(100))
        guard rest.count > 100, let last = page.last else { return (page, nil) }
        return (page, Base64.encode(key(last).utf8))
    }
}

extension SNSService: ResourcePolicyHolder {
    public func resourcePolicy(of arn: String) -> String? { topics[arn].map { policy(of: $0) } }
}

/// A platform application or endpoint: a name and what was set on it.
struct SNSDocumented {
    var attributes: [String: String]
    /// Of an endpoint, the application it belongs to.
    var parent = ""
}

struct SNSSettings {
    var sms: [String: String] = [:]
    var optedOut: Set<String> = []
    /// Number to `Pending` or `Verified`.
    var sandbox: [String: String] = [:]
}
