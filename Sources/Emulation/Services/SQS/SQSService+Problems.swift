import AWSModel

// What is stuck in queues. Each queue is looked at once; of its messages only the oldest and the heads of FIFO groups.
extension SQSService {
    /// What is held or waits for less than this is at work, not stuck.
    private static let patience = Duration.seconds(60)
    private static let longWait = Duration.seconds(300)
    /// A FIFO queue may have a group for each customer.
    private static let mostGroups = 1000

    public func problems(in scope: Scope) -> [Problem] {
        var sources: [String: [Queue]] = [:]
        for queue in queuesByID.values {
            if let target = queue.attributes.redrivePolicy?.targetArn { sources[target, default: []].append(queue) }
        }
        return queues(in: scope).flatMap { queue -> [Problem] in
            let feeding = sources[queue.arn] ?? []
            return [
                deadLetters(in: queue, from: feeding), unusableDeadLetterQueue(of: queue), lockedGroups(of: queue),
                neverDeleted(in: queue), feeding.isEmpty ? unconsumed(queue) : nil,
            ].compactMap { $0 }
        }
    }

    private func deadLetters(in queue: Queue, from sources: [Queue]) -> Problem? {
        guard !sources.isEmpty, let oldest = queue.oldest else { return nil }
        let origin = oldest.details?.deadLetterSourceArn
        let from = origin.map { ResourceNaming.last(of: $0) } ?? sources.map(\.name).sorted().joined(separator: ", ")
        var text =
            queue.count == 1
            ? "A message of \(from) was given up" : "\(queue.count) messages were given up, the oldest of \(from)"
        if oldest.receivesElsewhere > 0 {
            text += " after \(oldest.receivesElsewhere) receive\(oldest.receivesElsewhere == 1 ? "" : "s")"
        }
        if let failure = oldest.failure { text += ": \(failure.text)" } else { text += "." }
        return Problem(
            queue.arn, item: oldest.messageID, rule: "DeadLetters", text: text, since: oldest.failure?.time,
            relatedArn: oldest.failure?.consumerArn ?? origin)
    }

    private func unusableDeadLetterQueue(of queue: Queue) -> Problem? {
        guard let policy = queue.attributes.redrivePolicy, deadLetterTarget(of: queue) == nil else { return nil }
        return Problem(
            queue.arn, rule: "DeadLetterQueueUnusable",
            text:
                "Its dead-letter queue \(ResourceNaming.last(of: policy.targetArn)) does not exist, is of another type or refuses it: failed messages stay and are received again.",
            relatedArn: policy.targetArn)
    }

    /// A receiver took a message of a FIFO group and keeps it, while others of the group wait behind it.
    private func lockedGroups(of queue: Queue) -> Problem? {
        guard queue.isFIFO, queue.inFlightCount > 0, queue.readyCount > 0 else { return nil }
        var locked: [(group: MessageGroup, blocker: QueueMessage)] = []
        for group in queue.groups.values.prefix(Self.mostGroups) where group.isLocked && group.ready > 0 {
            guard let head = group.list.head, let blocker = blocker(of: head, in: queue),
                blocker.receivedAt + Self.patience <= core.now
            else { continue }
            locked.append((group, blocker))
        }
        let longest = locked.min { ($0.blocker.receivedAt, $0.group.id) < ($1.blocker.receivedAt, $1.group.id) }
        guard let (group, blocker) = longest else { return nil }
        let others = locked.count > 1 ? " \(locked.count - 1) more groups are blocked, too." : ""
        let waiting = group.ready == 1 ? "1 message waits" : "\(group.ready) messages wait"
        return Problem(
            queue.arn, item: group.id, rule: "MessageGroupLock",
            text:
                "Group \(group.id) is blocked: \(waiting) behind one that was received and not deleted since.\(others)",
            since: blocker.receivedAt, movesAt: blocker.visibleAt, relatedArn: blocker.holder?.text)
    }

    /// Received again and again, and no dead-letter queue to take it.
    private func neverDeleted(in queue: Queue) -> Problem? {
        guard queue.attributes.redrivePolicy == nil, let oldest = queue.oldest, oldest.receivesHere >= 3 else {
            return nil
        }
        var text = "Its oldest message was received \(oldest.receivesHere) times and never deleted"
        if let failure = oldest.failure { text += ": \(failure.text)" } else { text += "." }
        return Problem(
            queue.arn, item: oldest.messageID, rule: "NoDeadLetterQueue",
            text: text + " No dead-letter queue takes it: it comes back until it expires.",
            since: oldest.firstReceivedAt, movesAt: oldest.state == .inFlight ? oldest.visibleAt : nil,
            relatedArn: oldest.failure?.consumerArn)
    }

    private func unconsumed(_ queue: Queue) -> Problem? {
        guard queue.canGive, let oldest = queue.oldest, oldest.sentAt + Self.longWait <= core.now,
            queue.parked.isEmpty, !queue.consumers.contains(where: { $0.consumer != nil }),
            queue.lastReceivedAt.map({ $0 + Self.longWait <= core.now }) ?? true
        else { return nil }
        let count = queue.readyCount == 1 ? "1 message waits" : "\(queue.readyCount) messages wait"
        return Problem(
            queue.arn, rule: "NoConsumers",
            text: "\(count), and nobody receives from it.",
            since: oldest.sentAt)
    }

    /// A consumer of the engine could not handle these: told by *Why?*, also once they are dead letters.
    func noteFailure(_ receiptHandles: [String], in queueArn: String, _ failure: ConsumerFailure) {
        guard let queue = queuesByArn[queueArn] else { return }
        for handle in receiptHandles {
            // A handle of this queue's own making always resolves; a message that is gone needs no reason.
            guard let message = (try? resolve(handle, in: queue))?.message else { continue }
            message.failure = failure
        }
    }
}

/// Names of resources in sentences.
enum ResourceNaming {
    /// What follows the last separator of an ARN: a queue's, function's or rule's name.
    static func last(of arn: String) -> String {
        arn.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? arn
    }

    /// A function with the alias or version that was named: `charge-card:live`; else as ``last(of:)``.
    static func function(_ arn: String) -> String {
        arn.firstRange(of: ":function:").map { String(arn[$0.upperBound...]) } ?? last(of: arn)
    }
}
