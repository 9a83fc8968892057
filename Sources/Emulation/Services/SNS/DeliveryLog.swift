import AWSModel
import AWSTypes

/// What lately became of a topic's messages at its subscribers, newest last; the oldest goes when the log is full.
struct DeliveryLog {
    enum Status: String {
        case delivered
        case failed
        case retrying
        case filtered
        case deadLettered = "dead-lettered"
    }

    struct Entry {
        var number: Int64
        var time: Instant
        var subscription: SNSSubscription
        var messageID: String
        var status: Status
        var attempt: Int
        var nextAttemptAt: Instant?
        var error: String?
        /// The clause of the filter policy that did not hold.
        var clause: String?
        var deadLetterTarget: String?
    }

    static let capacity = 300

    private var entries: [Entry] = []
    private var added: Int64 = 0

    mutating func append(_ entry: Entry) {
        var entry = entry
        entry.number = added
        if entries.count < Self.capacity {
            entries.append(entry)
        } else {
            entries[Int(added % Int64(Self.capacity))] = entry
        }
        added += 1
    }

    /// Newest first, those before an entry's number.
    func newest(before number: Int64?) -> some Sequence<Entry> {
        let oldest = added - Int64(entries.count)
        let end = max(oldest, min(number ?? added, added))
        return (oldest..<end).reversed().lazy.map { [entries] in entries[Int($0 % Int64(Self.capacity))] }
    }
}

extension SNSService {
    func note(
        _ status: DeliveryLog.Status, _ message: SNSMessage, _ subscription: SNSSubscription, attempt: Int,
        next: Instant? = nil, error: String? = nil, clause: String? = nil, deadLetterTarget: String? = nil
    ) {
        topics[subscription.topicArn]?.log.append(
            DeliveryLog.Entry(
                number: 0, time: core.now, subscription: subscription, messageID: message.messageID, status: status,
                attempt: attempt, nextAttemptAt: next, error: error, clause: clause,
                deadLetterTarget: deadLetterTarget))
    }

    /// One page of a topic's or a subscription's log.
    func deliveryLog(_ input: Skua.ListDeliveriesRequest) throws(ServiceError) -> Skua.ListDeliveriesResponse {
        guard let arn = input.topicArn ?? input.subscriptionArn.flatMap({ subscriptions[$0]?.topicArn ?? $0 }),
            let topic = topics[arn]
        else { throw ServiceError("ResourceNotFoundException", "No such topic or subscription.", status: 404) }
        let limit = min(input.maxResults ?? 100, 1000)
        var page: [DeliveryLog.Entry] = []
        for entry in topic.log.newest(before: input.nextToken.flatMap { Int64($0) })
        where (input.subscriptionArn ?? entry.subscription.arn) == entry.subscription.arn
            && (input.messageId ?? entry.messageID) == entry.messageID
            && (input.status ?? entry.status.rawValue) == entry.status.rawValue
        {
            guard page.count < limit else {
                return Skua.ListDeliveriesResponse(
                    deliveries: page.map(Self.shown), nextToken: page.last.map { String($0.number) })
            }
            page.append(entry)
        }
        return Skua.ListDeliveriesResponse(deliveries: page.map(Self.shown))
    }

    private static func shown(_ entry: DeliveryLog.Entry) -> Skua.DeliveryAttempt {
        Skua.DeliveryAttempt(
            time: entry.time, topicArn: entry.subscription.topicArn, subscriptionArn: entry.subscription.arn,
            protocol: entry.subscription.kind, endpoint: entry.subscription.endpoint, messageId: entry.messageID,
            status: entry.status.rawValue, attempt: entry.attempt, nextAttemptAt: entry.nextAttemptAt,
            error: entry.error, filterClause: entry.clause, deadLetterTargetArn: entry.deadLetterTarget)
    }
}
