import AWSModel

/// One topic and those who listen to it.
final class SNSTopic {
    let name: String
    let scope: Scope
    let arn: String
    let isFIFO: Bool
    /// What was set, as AWS's attribute map names it; what has a default is missing until set.
    var attributes: [String: String]
    var tags: [String: String]
    var subscriptions = OrderedKeys<SNSSubscription>()
    /// The same by protocol and endpoint: a topic has each listener once.
    var listeners: [String: SNSSubscription] = [:]
    var deletedSubscriptions = 0
    var pending = 0
    var lastSequence: Int64 = 0
    /// FIFO: what was published within the last five minutes, by deduplication id.
    var deduplication: [String: (messageID: String, sequence: String, at: Instant)] = [:]
    var deduplicationOrder: [(key: String, at: Instant)] = []
    var published = 0
    /// FIFO: what is kept for replays, where the topic has an archive policy.
    var archive: TopicArchive?
    var log = DeliveryLog()
    private var requests: [String: Int] = [:]
    private var requestSecond: Int64 = 0

    init(name: String, scope: Scope, attributes: [String: String], tags: [String: String]) {
        self.name = name
        self.scope = scope
        self.attributes = attributes
        self.tags = tags
        arn = scope.arn("sns", name)
        isFIFO = name.hasSuffix(".fifo")
    }

    /// AWS: deduplication and throughput count by message group instead of by topic.
    var isHighThroughput: Bool { attributes["FifoThroughputScope"] == "MessageGroup" }
    var signatureVersion: String { attributes["SignatureVersion"] ?? "1" }
    var isContentDeduplicated: Bool { attributes["ContentBasedDeduplication"] == "true" }

    /// AWS: 300 publish requests a second for a FIFO topic, or for each message group where it counts by group.
    private static let requestsPerSecond = 300

    func admit(_ drafts: [SNSDraft], at now: Instant) throws(ServiceError) {
        guard isFIFO else { return }
        let second = now.microseconds / 1_000_000
        if second != requestSecond {
            requestSecond = second
            requests.removeAll()
        }
        let counted = isHighThroughput ? Set(drafts.compactMap(\.groupID)) : [""]
        guard counted.allSatisfy({ requests[$0, default: 0] < Self.requestsPerSecond }) else {
            throw .sns("ThrottledException", "Throttled", "Rate exceeded", status: 429)
        }
        for key in counted { requests[key, default: 0] += 1 }
    }

    static let deduplicationWindow = Duration.seconds(300)

    func forgetOldDuplicates(at now: Instant) -> [String] {
        var gone: [String] = []
        while let first = deduplicationOrder.first, first.at + Self.deduplicationWindow <= now {
            deduplicationOrder.removeFirst()
            if let known = deduplication[first.key], known.at == first.at {
                deduplication[first.key] = nil
                gone.append(first.key)
            }
        }
        return gone
    }

    /// AWS: 20 digits, increasing within the topic.
    func nextSequence() -> String {
        lastSequence += 1
        let digits = String(lastSequence)
        return "1" + String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
    }
}

/// Somebody who listens to a topic.
final class SNSSubscription {
    let arn: String
    let topicArn: String
    let scope: Scope
    let kind: String
    let endpoint: String
    var attributes: [String: String]
    var isConfirmed: Bool
    /// The confirmation's; AWS: valid for two days.
    var token: String?
    let createdAt: Instant
    let principal: String
    var needsAuthenticationToUnsubscribe = false
    var filter: SNSFilter?
    var delivery = DeliveryPolicy.customerManaged
    /// FIFO: what waits behind a message of its group that is being retried.
    var waitingGroups: [String: [SNSDelivery]] = [:]
    /// The archive's messages that it asked for once more.
    var replay: SubscriptionReplay?
    /// What is on its way to it.
    var openDeliveries: [Int64: SNSDelivery] = [:]
    /// Requests on their way to an HTTP endpoint.
    var requestsOut = 0
    var waitingPosts: [() -> Void] = []
    var nextRequestAt: Instant?
    var delivered = 0
    var failed = 0
    var filteredOut = 0
    var lastDrop: FilteredMessage?

    init(
        arn: String, topicArn: String, scope: Scope, kind: String, endpoint: String, attributes: [String: String],
        isConfirmed: Bool, token: String?, createdAt: Instant, principal: String
    ) {
        self.arn = arn
        self.topicArn = topicArn
        self.scope = scope
        self.kind = kind
        self.endpoint = endpoint
        self.attributes = attributes
        self.isConfirmed = isConfirmed
        self.token = token
        self.createdAt = createdAt
        self.principal = principal
        refresh()
    }

    /// Reads anew what the attributes say, its own and the delivery policy of its topic.
    func refresh(topicPolicy: String? = nil) {
        filter = attributes["FilterPolicy"].flatMap {
            try? SNSFilter($0, scope: attributes["FilterPolicyScope"] ?? "MessageAttributes")
        }
        delivery = DeliveryPolicy(kind: kind, text: attributes["DeliveryPolicy"], topicPolicy: topicPolicy)
    }

    var listener: String { "\(kind) \(endpoint)" }
    var isRaw: Bool { attributes["RawMessageDelivery"] == "true" }
    var isHTTP: Bool { kind == "http" || kind == "https" }

    var deadLetterTarget: String? {
        guard let text = attributes["RedrivePolicy"], let policy = try? JSONReader.parse(text) else { return nil }
        return policy["deadLetterTargetArn"]?.string
    }
}

/// A message on its way to one subscriber.
final class SNSDelivery {
    let id: Int64
    let message: SNSMessage
    let subscriptionArn: String
    var attempts = 0
    var due: Instant
    var lastError = ""
    var isStored = false

    init(id: Int64, message: SNSMessage, subscriptionArn: String, due: Instant) {
        self.id = id
        self.message = message
        self.subscriptionArn = subscriptionArn
        self.due = due
    }
}
