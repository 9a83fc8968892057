import AWSModel

/// A message for more subscribers than one turn serves: how far it is.
struct MessageFanout {
    var message: SNSMessage
    var topicArn: String
    /// The last subscription that was served.
    var last: String
}

// From a topic to all its subscribers, in slices: others get their turn in between.
extension SNSService {
    static let subscribersPerTurn = 1000

    func fanOut(_ message: SNSMessage, from topic: SNSTopic) {
        guard topic.subscriptions.count > Self.subscribersPerTurn else {
            for subscription in topic.subscriptions.values { offer(message, to: subscription, of: topic) }
            return
        }
        // It counts as one more delivery, so that the message stays until the last slice.
        message.openDeliveries += 1
        messages[message.id] = message
        serve(MessageFanout(message: message, topicArn: topic.arn, last: ""))
    }

    private func serve(_ fanout: MessageFanout) {
        var fanout = fanout
        guard let topic = topics[fanout.topicArn] else { return finish(fanout) }
        let page = topic.subscriptions.page(after: fanout.last, limit: Self.subscribersPerTurn)
        for (arn, subscription) in page.entries {
            fanout.last = arn
            // Who came after the message was published does not get it.
            guard subscription.createdAt <= fanout.message.publishedAt else { continue }
            offer(fanout.message, to: subscription, of: topic)
        }
        markChanged(topic.arn)
        guard page.hasMore else { return finish(fanout) }
        record(fanout)
        wait(fanout)
    }

    private func wait(_ fanout: MessageFanout) {
        let label = TimerLabel(kind: "Fanout", resourceArn: fanout.topicArn, isInternal: true)
        core.schedule(at: core.now + .milliseconds(1), label) { [weak self] in self?.serve(fanout) }
    }

    private func finish(_ fanout: MessageFanout) {
        if fanouts.removeValue(forKey: fanout.message.id) != nil {
            core.journal.record("DELETE FROM sns_fanouts WHERE message = ?", [.integer(fanout.message.id)])
        }
        release(fanout.message)
    }

    private func record(_ fanout: MessageFanout) {
        record(fanout.message)
        fanouts[fanout.message.id] = fanout
        core.journal.record(
            "INSERT OR REPLACE INTO sns_fanouts VALUES (?, ?, ?)",
            [.integer(fanout.message.id), .text(fanout.topicArn), .text(fanout.last)])
    }

    func restoreFanouts(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT message, topic, last FROM sns_fanouts") { row in
            guard let message = messages[row.integer(0)] else { return }
            message.openDeliveries += 1
            fanouts[message.id] = MessageFanout(message: message, topicArn: row.text(1), last: row.text(2))
        }
    }

    func resumeFanouts() {
        for id in fanouts.keys.sorted() {
            if let fanout = fanouts[id] { wait(fanout) }
        }
    }
}
