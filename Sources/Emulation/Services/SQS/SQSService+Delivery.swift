import AWSModel
import AWSTypes

// How messages come into a queue, out of it, and from one to another.
extension SQSService {
    /// What SendMessage answers.
    struct Sent {
        var messageID: String
        var sequenceNumber: String?
    }

    /// AWS: what a traced caller sends carries its trace.
    private func traceHeader(of cause: Cause) -> String? {
        core.foreignTraces[cause.trace].map { TraceHeader.text(cause, at: core.now, within: $0) }
    }

    /// Puts a checked message into the queue, unless it is a duplicate.
    func send(_ draft: MessageDraft, to queue: Queue, by caller: Caller, cause: Cause) -> Sent {
        let now = core.now
        trimDeduplication(of: queue)
        let key = queue.isFIFO ? deduplicationKey(of: draft, in: queue) : nil
        if let key, let first = queue.deduplication.record(key, at: now) {
            queue.metrics.count(.deduplicatedSent, 1, core.telemetry)
            // AWS: accepted, but not delivered; the answer is the first one's.
            return Sent(
                messageID: IdentifierSource.text(ofUUID: (first.uuidHigh, first.uuidLow)),
                sequenceNumber: QueueMessage.sequenceNumber(forRow: first.row))
        }
        let uuid = core.identifiers.uuidWords()
        let message = QueueMessage(
            id: nextMessageID(), uuid: uuid, body: draft.body, sentAt: now, visibleAt: now + draft.delay,
            sender: texts.shared(caller.userID),
            details: .unlessEmpty(
                attributes: draft.attributes,
                deduplicationID: draft.isDeduplicationIDGiven ? draft.deduplicationID : nil,
                traceHeader: draft.traceHeader ?? traceHeader(of: cause) ?? caller.traceHeader),
            group: queue.group(named: draft.groupID), cause: cause)
        if let key {
            queue.deduplication.insert(
                key, DeduplicationWindow.Record(row: message.id, uuidHigh: uuid.0, uuidLow: uuid.1, at: now))
            core.journal.record(
                "INSERT OR REPLACE INTO sqs_deduplications VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .integer(message.id), .integer(queue.id), .text(key), .integer(Int64(bitPattern: uuid.0)),
                    .integer(Int64(bitPattern: uuid.1)), .instant(now),
                ])
        }
        arrive(message, in: queue)
        queue.metrics.count(.sent, 1, core.telemetry)
        queue.metrics.count(.sentSize, Double(draft.size), core.telemetry)
        return Sent(messageID: message.messageID, sequenceNumber: queue.isFIFO ? message.sequenceNumber : nil)
    }

    private func deduplicationKey(of draft: MessageDraft, in queue: Queue) -> String {
        DeduplicationWindow.key(
            deduplicationID: draft.deduplicationID ?? "", groupID: draft.groupID ?? "",
            perGroup: queue.attributes.deduplicatesPerGroup)
    }

    func trimDeduplication(of queue: Queue) {
        guard !queue.deduplication.isEmpty else { return }
        for row in queue.deduplication.trim(at: core.now) {
            core.journal.record("DELETE FROM sqs_deduplications WHERE id = ?", [.integer(row)])
        }
    }

    /// A message enters a queue, newly sent or moved from another.
    func arrive(_ message: QueueMessage, in queue: Queue) {
        queue.insert(message, at: core.now)
        recordArrival(message, in: queue)
        messagesChanged(in: queue)
    }

    /// After any change of a queue's messages: screens, timers and those who wait hear of it.
    func messagesChanged(in queue: Queue) {
        queue.lastActiveAt = core.now
        markChanged(queue)
        armTimerLater(of: queue)
        dispatchLater(to: queue)
        // An idle engine has no minute timer; the first change after six hours starts it again.
        armMetricsTimer()
    }

    // MARK: Receiving

    /// Takes messages for somebody, moving those whose receives are used up to the dead-letter queue.
    func take(
        _ limits: ReceiveLimits, from queue: Queue, visibility: Duration?, holder: String
    ) -> [QueueMessage] {
        let now = core.now
        let target = deadLetterTarget(of: queue)
        let maxReceives = queue.attributes.redrivePolicy?.maxReceiveCount ?? .max
        let result = queue.select(
            limits, at: now, visibility: visibility ?? .seconds(queue.attributes.visibilityTimeout),
            holder: texts.shared(holder)
        ) { message in
            guard let target, message.receivesHere >= maxReceives else { return false }
            moveToDeadLetters(message, from: queue, to: target)
            return true
        }
        for message in result.taken { recordReceive(message) }
        if !result.taken.isEmpty {
            queue.lastReceivedAt = now
            queue.metrics.count(.received, Double(result.taken.count), core.telemetry)
            messagesChanged(in: queue)
        } else if result.isCutShort {
            messagesChanged(in: queue)
        }
        return result.taken
    }

    /// The queue dead letters go to; nil without a policy, and where the queue is gone, of another kind, or refuses.
    func deadLetterTarget(of queue: Queue) -> Queue? {
        guard let policy = queue.attributes.redrivePolicy, let target = queuesByArn[policy.targetArn],
            target.isFIFO == queue.isFIFO, target.attributes.redriveAllowPolicy?.allows(queue.arn) != false
        else { return nil }
        return target
    }

    private func moveToDeadLetters(_ message: QueueMessage, from queue: Queue, to target: Queue) {
        let cause = core.record(
            .delivery, service: "sqs", action: "MoveToDeadLetterQueue", resource: target.arn, cause: message.cause,
            detail: "\(message.messageID) from \(queue.name) after \(message.receivesHere) receives")
        remove(message, from: queue)
        queue.deadLetterCount += 1
        let moved = QueueMessage(
            id: nextMessageID(), uuid: (message.uuidHigh, message.uuidLow), body: message.body,
            // AWS: a standard message keeps its enqueue time, so its retention runs on; a FIFO message's is reset.
            sentAt: queue.isFIFO ? core.now : message.sentAt, visibleAt: core.now, sender: message.sender,
            details: MessageDetails(
                attributes: message.details?.attributes ?? [],
                deduplicationID: message.details?.deduplicationID, traceHeader: message.details?.traceHeader,
                deadLetterSourceArn: queue.arn),
            group: target.group(named: message.group.id), receiveCount: message.receiveCount,
            receivesElsewhere: message.receiveCount, cause: cause)
        moved.firstReceivedAt = message.firstReceivedAt
        moved.failure = message.failure
        arrive(moved, in: target)
        messagesChanged(in: queue)
    }

    func remove(_ message: QueueMessage, from queue: Queue) {
        queue.remove(message)
        recordRemoval(message)
    }

    // MARK: Handles

    func receiptHandle(of message: QueueMessage, in queue: Queue) -> String {
        ReceiptHandle(
            queueID: queue.id, messageRow: message.id, messageTag: message.uuidLow, receiveCount: message.receiveCount
        ).text
    }

    /// What a handle stands for in this queue: the message, nil where it is gone.
    func resolve(_ text: String, in queue: Queue) throws(ServiceError) -> (
        handle: ReceiptHandle, message: QueueMessage?
    ) {
        guard text.utf8.contains(where: { $0 > 0x20 }) else { throw .missingParameter("ReceiptHandle") }
        guard let handle = ReceiptHandle(text), handle.queueID == queue.id else { throw .receiptHandleIsInvalid(text) }
        guard let message = queue.messages[handle.messageRow], message.uuidLow == handle.messageTag else {
            return (handle, nil)
        }
        return (handle, message)
    }

    /// Deletes what a handle stands for. AWS: a message that is gone already counts as deleted.
    func delete(handle text: String, from queue: Queue) throws(ServiceError) {
        let (handle, message) = try resolve(text, in: queue)
        guard let message else { return }
        // AWS: a handle of a standard queue works for twelve hours, also when the message was received again since.
        guard
            queue.isFIFO
                ? message.state == .inFlight && handle.receiveCount == message.receiveCount
                : core.now <= message.receivedAt + .seconds(SQSLimits.visibilitySeconds)
        else { throw .invalidParameterValue(text, "ReceiptHandle", "The receipt handle has expired.") }
        remove(message, from: queue)
        queue.metrics.count(.deleted, 1, core.telemetry)
        messagesChanged(in: queue)
    }

    /// Restarts the visibility timeout from now.
    func changeVisibility(handle text: String, in queue: Queue, to seconds: Int) throws(ServiceError) {
        guard (0...SQSLimits.visibilitySeconds).contains(seconds) else {
            throw .invalidParameterValue(
                seconds, "VisibilityTimeout", "VisibilityTimeout must be an integer between 0 and 43200.")
        }
        let (handle, message) = try resolve(text, in: queue)
        guard let message else {
            throw .invalidParameterValue(
                text, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
        }
        // AWS, unlike its documentation: a standard queue takes any handle it gave for the message, also an older
        // one, and also once the message can be received again. Then it is hidden again.
        guard
            queue.isFIFO
                ? message.state == .inFlight && handle.receiveCount == message.receiveCount
                : message.receivesHere > 0 && handle.receiveCount <= message.receiveCount
        else {
            throw .queue("MessageNotInflight", "The specified message isn't in flight.")
        }
        let now = core.now
        let until = now + .seconds(seconds)
        guard until <= message.receivedAt + .seconds(SQSLimits.visibilitySeconds) else {
            throw .invalidParameterValue(
                seconds, "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit [\(SQSLimits.visibilitySeconds) seconds].")
        }
        if seconds == 0 {
            message.visibleAt = now
            queue.release(message, at: now)
        } else if message.state == .ready {
            queue.hide(message, until: until)
        } else {
            queue.postpone(message, until: until)
        }
        recordVisibility(message)
        messagesChanged(in: queue)
    }
}
