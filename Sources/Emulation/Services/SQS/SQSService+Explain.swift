import AWSModel

// Why? for queues and messages: the rule that holds a thing, and when it moves.
extension SQSService {
    /// - Parameter item: a message id, or a message group's id; nil asks about the queue.
    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        guard let queue = queuesByArn[resourceArn] else { return [] }
        var reasons = explain(queue, item)
        if core.clock.mode == .paused, core.clock.jumpTarget == nil, reasons.contains(where: { $0.movesAt != nil }) {
            reasons.append(
                Explanation(
                    rule: "ClockPaused",
                    text: "The engine's clock is paused: none of these times comes before it runs, steps or jumps."))
        }
        return reasons
    }

    private func explain(_ queue: Queue, _ item: String?) -> [Explanation] {
        guard let item, !item.isEmpty else { return explain(queue) }
        if let message = queue.message(named: item) { return explain(message, in: queue) }
        if let group = queue.groups[item] { return explain(group, in: queue) }
        return [
            Explanation(
                rule: "MessageGone",
                text: "\(queue.name) has no message or group \(item): it was deleted, purged, moved or has expired.")
        ]
    }

    private func explain(_ message: QueueMessage, in queue: Queue) -> [Explanation] {
        var reasons: [Explanation] = []
        switch message.state {
        case .inFlight:
            let holder = message.holder.map { " by \($0.text)" } ?? ""
            reasons.append(
                Explanation(
                    rule: "VisibilityTimeout",
                    text:
                        "It is in flight: received\(holder) \(Self.span(core.now - message.receivedAt)) ago, and becomes visible again \(when(message.visibleAt)) unless it is deleted before.",
                    movesAt: message.visibleAt, relatedArn: message.holder?.text))
        case .delayed:
            reasons.append(
                Explanation(
                    rule: "DelaySeconds", text: "It is delayed: it becomes visible \(when(message.visibleAt)).",
                    movesAt: message.visibleAt))
        case .ready:
            if blocker(of: message, in: queue) == nil { reasons += explainVisible(queue, ahead: message) }
        }
        if message.state != .inFlight, let blocker = blocker(of: message, in: queue) {
            let state = blocker.state == .inFlight ? "in flight until" : "delayed until"
            reasons.append(
                Explanation(
                    rule: "MessageGroupLock",
                    text:
                        "Its group \(message.group.id) is blocked by message \(blocker.messageID), \(state) \(Self.clock(blocker.visibleAt)): a FIFO queue hands out no other message of the group before that one is deleted or visible again.",
                    movesAt: blocker.visibleAt, relatedArn: blocker.holder?.text))
        }
        reasons += explainDeadLetters(message, in: queue)
        if let source = message.details?.deadLetterSourceArn {
            reasons.append(
                Explanation(
                    rule: "DeadLetter",
                    text:
                        "It is a dead letter of \(source), received \(message.receivesElsewhere) times there without being deleted.",
                    relatedArn: source))
        }
        if let failure = message.failure {
            reasons.append(
                Explanation(
                    rule: "ConsumerFailed", text: "Its consumer failed on it: \(failure.text)",
                    relatedArn: failure.consumerArn))
        }
        let expiry = message.sentAt + queue.attributes.retention
        reasons.append(
            Explanation(
                rule: "RetentionPeriod",
                text:
                    "If nobody deletes it, it expires \(when(expiry)), \(Self.span(queue.attributes.retention)) after it was sent.",
                movesAt: expiry))
        return reasons
    }

    private func explainDeadLetters(_ message: QueueMessage, in queue: Queue) -> [Explanation] {
        guard let policy = queue.attributes.redrivePolicy else { return [] }
        let count = "It was received \(message.receivesHere) of \(policy.maxReceiveCount) times"
        guard let target = deadLetterTarget(of: queue) else {
            return [
                Explanation(
                    rule: "DeadLetterQueueUnusable",
                    text:
                        "\(count), but \(policy.targetArn) does not exist, is of another type or refuses this queue: it stays here.",
                    relatedArn: policy.targetArn)
            ]
        }
        guard message.receivesHere >= policy.maxReceiveCount else {
            guard message.receivesHere > 0 else { return [] }
            return [
                Explanation(
                    rule: "MaxReceiveCount", text: "\(count); after that it moves to \(target.name).",
                    relatedArn: target.arn)
            ]
        }
        return [
            Explanation(
                rule: "MaxReceiveCount",
                text: "\(count): the next receive moves it to \(target.name) instead of returning it.",
                relatedArn: target.arn)
        ]
    }

    private func explain(_ group: MessageGroup, in queue: Queue) -> [Explanation] {
        if queue.isFIFO {
            guard let head = group.list.head else { return [] }
            if group.isLocked {
                let blocker = blocker(of: head, in: queue) ?? head
                return [
                    Explanation(
                        rule: "MessageGroupLock",
                        text:
                            "Group \(group.id) is blocked by message \(blocker.messageID), received \(Self.span(core.now - blocker.receivedAt)) ago and in flight until \(Self.clock(blocker.visibleAt)): \(group.ready) more wait behind it, since a FIFO queue hands out no other message of a group before that one is deleted or visible again.",
                        movesAt: blocker.visibleAt, relatedArn: blocker.holder?.text)
                ]
            }
            return explain(head, in: queue)
        }
        guard queue.isNoisy(group) else { return explainVisible(queue, ahead: nil) }
        return [
            Explanation(
                rule: "NoisyGroup",
                text:
                    "Group \(group.id) holds \(group.inFlight) of \(queue.inFlightCount) messages in flight, more than its share: quieter groups are served first."
            )
        ]
    }

    private func explain(_ queue: Queue) -> [Explanation] {
        var reasons: [Explanation] = []
        if let policy = queue.attributes.redrivePolicy, deadLetterTarget(of: queue) == nil {
            reasons.append(
                Explanation(
                    rule: "DeadLetterQueueUnusable",
                    text:
                        "Its dead-letter queue \(policy.targetArn) does not exist, is of another type or refuses this queue: failed messages stay and are received again.",
                    relatedArn: policy.targetArn))
        }
        if queue.count == 0 {
            reasons.append(Explanation(rule: "QueueEmpty", text: "It has no messages."))
            return reasons
        }
        if queue.canGive { return reasons + explainVisible(queue, ahead: nil) }
        if let first = queue.deadlines.first {
            if queue.readyCount > 0 {
                reasons.append(
                    Explanation(
                        rule: "MessageGroupLock",
                        text:
                            "All its groups that have messages are locked by messages in flight or delayed; the next moves \(when(first.visibleAt)).",
                        movesAt: first.visibleAt))
            } else {
                let rule = first.state == .inFlight ? "VisibilityTimeout" : "DelaySeconds"
                reasons.append(
                    Explanation(
                        rule: rule,
                        text:
                            "Nothing is visible: \(queue.inFlightCount) in flight, \(queue.delayedCount) delayed; the next becomes visible \(when(first.visibleAt)).",
                        movesAt: first.visibleAt))
            }
        }
        return reasons
    }

    /// Why something visible is not taken.
    private func explainVisible(_ queue: Queue, ahead message: QueueMessage?) -> [Explanation] {
        if queue.inFlightCount >= queue.inFlightLimit {
            return [
                Explanation(
                    rule: "InFlightLimit",
                    text:
                        "It holds \(queue.inFlightLimit) messages in flight, the most SQS allows: nothing is handed out until some are deleted or visible again."
                )
            ]
        }
        var reasons: [Explanation] = []
        if let message, !queue.isFIFO, queue.isNoisy(message.group) { reasons += explain(message.group, in: queue) }
        let hasConsumers = queue.consumers.contains { $0.consumer != nil }
        if !hasConsumers, queue.parked.isEmpty {
            let last =
                queue.lastReceivedAt.map { "the last receive was \(Self.span(core.now - $0)) ago" }
                ?? "nobody has received from it yet"
            reasons.append(
                Explanation(
                    rule: "NoConsumers",
                    text:
                        "It is visible and waits to be received: no event source mapping polls \(queue.name), no long poll waits, and \(last)."
                ))
        } else if hasConsumers {
            reasons.append(
                Explanation(
                    rule: "ConsumerBusy",
                    text:
                        "It is visible and offered to \(queue.consumers.compactMap { $0.consumer?.consumerArn }.joined(separator: ", ")), which has not taken it yet.",
                    relatedArn: queue.consumers.first?.consumer?.consumerArn))
        }
        return reasons
    }

    // MARK: Words for time

    private func when(_ time: Instant) -> String { "at \(Self.clock(time)) (in \(Self.span(time - core.now)))" }

    private static func clock(_ time: Instant) -> String { time.iso8601(milliseconds: false) }

    static func span(_ duration: Duration) -> String { duration.words }
}
