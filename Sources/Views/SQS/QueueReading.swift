import AWSClient
import AWSModel
import AWSTypes

/// A queue as `GetQueueAttributes` tells it: every attribute as text, with readings of those the screens need.
struct QueueReading: Identifiable, Hashable, Sendable {
    var name: String
    var url: String
    var attributes: [String: String] = [:]
    var tags: [String: String] = [:]
    /// Engine time of the reading, milliseconds since 1970.
    var readAt: Int64 = 0
    var hasEngine = true
    /// Why the attributes could not be read.
    var problem: String?

    init(url: String) {
        self.url = url
        name = ResourceName.last(of: url)
    }

    /// A dead-letter target and how many receives lead there.
    struct RedrivePolicy: Hashable, Sendable {
        var targetARN: String
        var maxReceiveCount: Int
    }

    var id: String { name }
    var isRead: Bool { !attributes.isEmpty }
    var arn: String { attributes["QueueArn"] ?? "" }
    var isFIFO: Bool { name.hasSuffix(".fifo") }
    var visible: Int { number("ApproximateNumberOfMessages") }
    var inFlight: Int { number("ApproximateNumberOfMessagesNotVisible") }
    var delayed: Int { number("ApproximateNumberOfMessagesDelayed") }
    var total: Int { visible + inFlight + delayed }
    var visibilityTimeout: Int { number("VisibilityTimeout", default: 30) }
    /// Seconds since 1970.
    var created: Int { number("CreatedTimestamp") }
    var ageMilliseconds: Int64 { created == 0 ? 0 : max(0, readAt - Int64(created) * 1000) }
    var usesContentDeduplication: Bool { attributes["ContentBasedDeduplication"] == "true" }

    func number(_ attribute: String, default fallback: Int = 0) -> Int {
        attributes[attribute].flatMap { Int($0) } ?? fallback
    }

    var redrivePolicy: RedrivePolicy? {
        guard let text = attributes["RedrivePolicy"], let policy = (try? JSONReader.parse(text))?.object,
            let target = policy.string("deadLetterTargetArn")
        else { return nil }
        // AWS: the number comes as a string from older tools.
        let count = policy.integer("maxReceiveCount") ?? policy.string("maxReceiveCount").flatMap { Int($0) }
        return RedrivePolicy(targetARN: target, maxReceiveCount: count ?? 0)
    }

    /// `allowAll`, `denyAll` or `byQueue`, and the queues of the last.
    var redriveAllowPolicy: (permission: String, sources: [String]) {
        guard let text = attributes["RedriveAllowPolicy"], let policy = (try? JSONReader.parse(text))?.object else {
            return ("allowAll", [])
        }
        return (policy.string("redrivePermission") ?? "allowAll", policy.strings("sourceQueueArns") ?? [])
    }

    /// What deleting or purging it destroys: `orders: 1,204 visible, 3 in flight, 0 delayed`.
    var holdings: String {
        guard isRead else { return "\(name): all its messages" }
        return "\(name): \(visible.grouped) visible, \(inFlight.grouped) in flight, \(delayed.grouped) delayed"
    }
}

extension QueueReading {
    /// - Parameter queue: a name, URL or ARN.
    /// - Throws: `AWSError`, as when there is no such queue.
    static func read(_ queue: String, _ context: ConsoleContext) async throws -> QueueReading {
        let name = ResourceName.last(of: queue)
        let url = try await context.aws.call(SQS.getQueueUrl, .init(queueName: name)).queueUrl ?? queue
        var reading = QueueReading(url: url)
        reading.attributes =
            try await context.aws.call(SQS.getQueueAttributes, .init(queueUrl: url, attributeNames: ["All"])).attributes
            ?? [:]
        reading.tags = (try? await context.aws.call(SQS.listQueueTags, .init(queueUrl: url)).tags) ?? [:]
        reading.hasEngine = context.capabilities.hasEngine
        reading.readAt = await context.now().epochMilliseconds
        return reading
    }

    /// A page of queues, not yet read.
    static func page(_ token: String?, _ context: ConsoleContext) async throws -> ListPage<QueueReading> {
        let page = try await context.aws.call(SQS.listQueues, .init(nextToken: token, maxResults: 1000))
        return ListPage((page.queueUrls ?? []).map { QueueReading(url: $0) }, next: page.nextToken)
    }

    /// Its attributes, or why they could not be read.
    static let details = ListDetails<QueueReading>(isRead: { $0.isRead || $0.problem != nil }) { queue, context in
        var queue = queue
        do {
            queue.attributes =
                try await context.aws.call(
                    SQS.getQueueAttributes, .init(queueUrl: queue.url, attributeNames: ["All"])
                ).attributes ?? [:]
        } catch {
            queue.problem = error.sentence
        }
        queue.readAt = await context.now().epochMilliseconds
        queue.hasEngine = context.capabilities.hasEngine
        return queue
    }
}
