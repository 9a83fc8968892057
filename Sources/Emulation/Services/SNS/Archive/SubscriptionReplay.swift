import AWSModel
import AWSTypes

/// What a subscription's `ReplayPolicy` asked for, and how far it is.
struct SubscriptionReplay {
    enum Status: String {
        case pending = "Pending"
        case running = "In progress"
        case completed = "Completed"
        case failed = "Failed"
    }

    /// The policy, read.
    struct Policy {
        var start: Instant
        var end: Instant?

        /// Nil for the empty policy, which ends a replay.
        init?(_ text: String) throws(ServiceError) {
            guard !text.isEmpty else { return nil }
            guard let policy = (try? JSONReader.parse(text))?.object else {
                throw .snsInvalid("ReplayPolicy: failed to parse JSON.")
            }
            guard !policy.isEmpty else { return nil }
            for (name, _) in policy where !["PointType", "StartingPoint", "EndingPoint"].contains(name) {
                throw .snsInvalid("ReplayPolicy: Unrecognized field \(name)")
            }
            guard policy.string("PointType") == "Timestamp" else {
                throw .snsInvalid("ReplayPolicy: PointType must be Timestamp")
            }
            guard let start = Self.point(policy["StartingPoint"]) else {
                throw .snsInvalid("ReplayPolicy: StartingPoint must be a timestamp")
            }
            self.start = start
            guard let text = policy["EndingPoint"], text != .null else { return }
            guard let end = Self.point(text), end > start else {
                throw .snsInvalid("ReplayPolicy: EndingPoint must be a timestamp after StartingPoint")
            }
            self.end = end
        }

        private static func point(_ value: DocumentValue?) -> Instant? {
            if let seconds = value?.double { return Instant(epochSeconds: seconds) }
            return value?.string.flatMap { Instant(iso8601: $0) }
        }
    }

    var policy: Policy
    var status = Status.pending
    var started: Instant
    /// The last message that was replayed.
    var cursor: Int64 = 0
    var delivered = 0

    var isActive: Bool { status == .pending || status == .running }
    /// AWS: until it has caught up, new messages come through the archive; with an ending point none come after it.
    var holdsBackNewMessages: Bool { isActive || status == .completed && policy.end != nil }
}

extension SNSService {
    private static let messagesPerStep = 100
    /// A replay waits as long as so many of its messages have not arrived.
    private static let maximumOpenDeliveries = 1000

    func checkReplay(_ text: String, on topic: SNSTopic, _ prefix: String) throws(ServiceError) {
        guard topic.isFIFO else {
            throw .snsInvalid("\(prefix)ReplayPolicy: only subscriptions to FIFO topics can be replayed")
        }
        do throws(ServiceError) {
            guard try SubscriptionReplay.Policy(text) != nil else { return }
        } catch {
            throw .snsInvalid(prefix + error.message.dropFirst("Invalid parameter: ".count))
        }
        guard topic.archive != nil else {
            throw .snsInvalid("\(prefix)ReplayPolicy: the topic does not have an ArchivePolicy")
        }
    }

    /// Begins what the subscription's policy asks for, in place of what was under way; ends it where there is no policy.
    func startReplay(of subscription: SNSSubscription) {
        guard let text = subscription.attributes["ReplayPolicy"],
            let policy = (try? SubscriptionReplay.Policy(text)) ?? nil
        else {
            subscription.attributes["ReplayPolicy"] = nil
            return endReplay(of: subscription)
        }
        subscription.replay = SubscriptionReplay(policy: policy, started: core.now)
        record(subscription.replay, of: subscription)
        stepLater(subscription)
    }

    func endReplay(of subscription: SNSSubscription) {
        guard subscription.replay != nil else { return }
        subscription.replay = nil
        forget("replay", subscription.arn)
    }

    func stepLater(_ subscription: SNSSubscription, at time: Instant? = nil) {
        guard let replay = subscription.replay, replay.isActive else { return }
        let isHeldUp = subscription.openDeliveries.count >= Self.maximumOpenDeliveries
        let delay: Duration = replay.status == .pending || isHeldUp ? .seconds(1) : .milliseconds(1)
        core.schedule(at: time ?? core.now + delay, TimerLabel(kind: "Replay", resourceArn: subscription.arn)) {
            [weak self, weak subscription] in
            guard let self, let subscription, subscription.replay?.started == replay.started,
                subscription.replay?.cursor == replay.cursor, subscription.replay?.isActive == true
            else { return }
            step(subscription)
        }
    }

    /// One slice: a large archive does not hold up a turn.
    private func step(_ subscription: SNSSubscription) {
        guard var replay = subscription.replay else { return }
        guard let topic = topics[subscription.topicArn], let archive = topic.archive else {
            replay.status = .failed
            return record(replay, of: subscription)
        }
        if subscription.openDeliveries.count >= Self.maximumOpenDeliveries { return stepLater(subscription) }
        let messages = archived(after: replay, topic, archive)
        let cause = core.record(
            .delivery, service: "sns", action: "Replay", resource: subscription.arn, cause: nil,
            detail: "\(messages.count) archived messages")
        for message in messages {
            replay.cursor = message.id
            guard let again = replayed(message, replay, to: subscription, of: topic, cause) else { continue }
            replay.delivered += 1
            begin(again, to: subscription)
        }
        let hasCaughtUp = messages.count < Self.messagesPerStep
        let isOpenEnded = replay.policy.end.map { $0 <= core.now } ?? true
        replay.status = hasCaughtUp && isOpenEnded ? .completed : .running
        record(replay, of: subscription)
        core.changes.mark(subscription.topicArn)
        // An ending point that is still to come: the next message goes on with it, or that time ends it.
        stepLater(subscription, at: hasCaughtUp ? replay.policy.end : nil)
    }

    private func archived(
        after replay: SubscriptionReplay, _ topic: SNSTopic, _ archive: TopicArchive
    ) -> [SNSMessage] {
        var messages: [SNSMessage] = []
        let from = max(replay.policy.start, archive.beginning(at: core.now))
        let to = replay.policy.end ?? .distantFuture
        try? core.journal.rows.forEach(
            "SELECT id, document FROM sns_archive WHERE topic = ? AND id > ? AND at >= ? AND at <= ? ORDER BY id LIMIT ?",
            [
                .text(topic.arn), .integer(replay.cursor), .instant(from), .instant(to),
                .integer(Self.messagesPerStep),
            ]
        ) { messages.append(message(id: $0.integer(0), from: $0.document(1))) }
        guard messages.count < Self.messagesPerStep else { return messages }
        let last = messages.last?.id ?? replay.cursor
        messages += archive.unwritten(after: last).filter { $0.publishedAt >= from && $0.publishedAt <= to }
            .prefix(Self.messagesPerStep - messages.count)
        return messages
    }

    /// The message as this replay delivers it; nil where the subscription's filter keeps it out.
    private func replayed(
        _ message: SNSMessage, _ replay: SubscriptionReplay, to subscription: SNSSubscription, of topic: SNSTopic,
        _ cause: Cause
    ) -> SNSMessage? {
        if let clause = subscription.filter?.mismatch(message) {
            subscription.filteredOut += 1
            note(.filtered, message, subscription, attempt: 0, clause: clause)
            count("NumberOfNotificationsFilteredOut", of: topic)
            return nil
        }
        let again = SNSMessage(
            id: nextID(), messageID: message.messageID, topicArn: message.topicArn, text: message.text,
            subject: message.subject, isStructured: message.isStructured, attributes: message.attributes,
            groupID: message.groupID,
            // Each replay has deduplication ids of its own: a queue would drop what it got within five minutes.
            deduplicationID: MessageDigest.sha256("\(message.messageID) \(replay.started.microseconds)"),
            sequence: message.sequence, publishedAt: message.publishedAt, cause: cause,
            traceHeader: message.traceHeader)
        again.isReplayed = true
        return again
    }

    // MARK: Rows

    func record(_ replay: SubscriptionReplay?, of subscription: SNSSubscription) {
        guard let replay else { return }
        subscription.replay = replay
        record(
            "replay", subscription.arn,
            SNSDocumented(attributes: [
                "status": replay.status.rawValue, "started": String(replay.started.microseconds),
                "cursor": String(replay.cursor), "delivered": String(replay.delivered),
            ]))
    }

    func restoreReplay(_ arn: String, _ attributes: [String: String]) {
        guard let subscription = subscriptions[arn], let text = subscription.attributes["ReplayPolicy"],
            let policy = (try? SubscriptionReplay.Policy(text)) ?? nil
        else { return }
        func number(_ name: String) -> Int64 { attributes[name].flatMap { Int64($0) } ?? 0 }
        var replay = SubscriptionReplay(policy: policy, started: Instant(microseconds: number("started")))
        replay.status = attributes["status"].flatMap(SubscriptionReplay.Status.init) ?? .failed
        replay.cursor = number("cursor")
        replay.delivered = Int(number("delivered"))
        subscription.replay = replay
    }
}
