import AWSModel
import AWSTypes

/// What a FIFO topic published, kept in the journal to be delivered once more. AWS: for 1 to 365 days.
final class TopicArchive {
    var retention: Duration
    let began: Instant
    /// The newest message's id: where a replay has caught up.
    var newest: Int64 = 0
    /// Messages whose rows may not be written yet, each with the journal's commits at the time.
    private var unwritten: [(message: SNSMessage, commits: UInt64)] = []
    var timer: TimerID?

    init(retention: Duration, began: Instant) {
        self.retention = retention
        self.began = began
    }

    /// AWS: the earliest point that can be replayed from.
    func beginning(at now: Instant) -> Instant { max(began, now - retention) }

    func append(_ message: SNSMessage, commits: UInt64) {
        unwritten.removeAll { $0.commits < commits }
        unwritten.append((message, commits))
        newest = message.id
    }

    /// What came after a message and cannot be read from the journal yet.
    func unwritten(after id: Int64) -> [SNSMessage] { unwritten.map(\.message).filter { $0.id > id } }

    /// The retention that a policy asks for; nil for the empty policy, which ends the archive.
    static func retention(_ text: String) throws(ServiceError) -> Duration? {
        guard !text.isEmpty else { return nil }
        guard let policy = (try? JSONReader.parse(text))?.object else {
            throw .snsInvalid("ArchivePolicy: failed to parse JSON.")
        }
        guard !policy.isEmpty else { return nil }
        for (name, _) in policy where name != "MessageRetentionPeriod" {
            throw .snsInvalid("ArchivePolicy: Unrecognized field \(name)")
        }
        let value = policy["MessageRetentionPeriod"]
        guard let days = value?.integer ?? value?.string.flatMap({ Int64($0) }), (1...365).contains(days) else {
            throw .snsInvalid("ArchivePolicy: MessageRetentionPeriod must be between 1 and 365")
        }
        return .seconds(days * 86_400)
    }
}

extension SNSService {
    /// Makes the topic's archive what its attribute says.
    func setArchive(of topic: SNSTopic) {
        let text = topic.attributes["ArchivePolicy"] ?? ""
        guard let retention = (try? TopicArchive.retention(text)) ?? nil else { return endArchive(of: topic) }
        if let archive = topic.archive {
            archive.retention = retention
        } else {
            topic.archive = TopicArchive(retention: retention, began: core.now)
            record(
                "archive", topic.arn, SNSDocumented(attributes: ["began": String(core.now.microseconds)]))
        }
        expireLater(topic)
    }

    /// AWS: without its policy an archive's messages are gone, and replays of them cannot go on.
    func endArchive(of topic: SNSTopic) {
        topic.attributes["ArchivePolicy"] = nil
        guard let archive = topic.archive else { return }
        core.cancel(archive.timer)
        topic.archive = nil
        forget("archive", topic.arn)
        core.journal.record("DELETE FROM sns_archive WHERE topic = ?", [.text(topic.arn)])
        for subscription in topic.subscriptions.values where subscription.replay?.isActive == true {
            subscription.replay?.status = .failed
            record(subscription.replay, of: subscription)
        }
        record(topic)
    }

    /// Keeps a published message.
    func archive(_ message: SNSMessage, on topic: SNSTopic) {
        guard let archive = topic.archive else { return }
        archive.append(message, commits: core.journal.commits)
        core.journal.record(
            "INSERT OR REPLACE INTO sns_archive VALUES (?, ?, ?, ?)",
            [
                .integer(message.id), .text(topic.arn), .instant(message.publishedAt),
                .document(Self.document(of: message)),
            ])
        count("NumberOfMessagesArchived", of: topic)
        if archive.timer == nil { expireLater(topic) }
    }

    // MARK: Retention

    /// Waits until the oldest message that came after `limit` has had its time.
    private func expireLater(_ topic: SNSTopic, after limit: Instant = .epoch) {
        guard let archive = topic.archive else { return }
        core.cancel(archive.timer)
        archive.timer = nil
        var oldest: Instant?
        try? core.journal.rows.forEach(
            "SELECT min(at) FROM sns_archive WHERE topic = ? AND at > ?", [.text(topic.arn), .instant(limit)]
        ) { oldest = $0.isNull(0) ? nil : $0.instant(0) }
        let waiting = archive.unwritten(after: 0).first { $0.publishedAt > limit }?.publishedAt
        guard let first = oldest ?? waiting else { return }
        let label = TimerLabel(kind: "ArchiveRetention", resourceArn: topic.arn, isInternal: true)
        archive.timer = core.schedule(at: first + archive.retention, label) { [weak self, weak topic] in
            guard let self, let topic, let archive = topic.archive else { return }
            let limit = core.now - archive.retention
            core.journal.record(
                "DELETE FROM sns_archive WHERE topic = ? AND at <= ?", [.text(topic.arn), .instant(limit)])
            expireLater(topic, after: limit)
        }
    }

    // MARK: Reading back

    func restoreArchive(_ topicArn: String, _ attributes: [String: String]) {
        guard let topic = topics[topicArn], let text = topic.attributes["ArchivePolicy"],
            let retention = (try? TopicArchive.retention(text)) ?? nil
        else { return }
        topic.archive = TopicArchive(
            retention: retention, began: Instant(microseconds: attributes["began"].flatMap { Int64($0) } ?? 0))
    }

    func resumeArchives() {
        for topic in topics.values where topic.archive != nil {
            try? core.journal.rows.forEach("SELECT max(id) FROM sns_archive WHERE topic = ?", [.text(topic.arn)]) {
                topic.archive?.newest = $0.integer(0)
            }
            expireLater(topic)
        }
        for subscription in subscriptions.values.sorted(by: { $0.arn < $1.arn })
        where subscription.replay?.isActive == true {
            stepLater(subscription)
        }
    }
}
