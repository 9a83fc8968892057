import AWSModel
import AWSTypes

// What QueueConsumer.swift promises to event source mappings and pipes. All of it is for use within a turn.
extension SQSService {
    /// Registers a consumer and offers it what is there already, in this turn's deferred work.
    ///
    /// The registration holds the consumer weakly. It is not stored: consumers register again when a world is opened.
    /// - Returns: nil where there is no such queue.
    public func addConsumer(_ consumer: any QueueConsumer, to queueArn: String) -> QueueConsumerID? {
        guard let queue = queuesByArn[queueArn] else { return nil }
        lastConsumer += 1
        let id = QueueConsumerID(rawValue: lastConsumer)
        queue.consumers.append(RegisteredConsumer(id: id, consumer: consumer))
        core.changes.mark(queue.arn)
        dispatchLater(to: queue)
        return id
    }

    public func removeConsumer(_ id: QueueConsumerID) {
        for queue in queuesByID.values where queue.consumers.contains(where: { $0.id == id }) {
            queue.consumers.removeAll { $0.id == id }
            core.changes.mark(queue.arn)
        }
    }

    /// Nil where there is no such queue.
    public func depth(ofQueue queueArn: String) -> QueueDepth? {
        queuesByArn[queueArn].map {
            QueueDepth(
                visible: $0.readyCount, inFlight: $0.inFlightCount, delayed: $0.delayedCount,
                receivableGroups: $0.isFIFO ? $0.available.count : min(1, $0.readyCount))
        }
    }

    /// Nil where there is no such queue.
    public func isFIFO(queueArn: String) -> Bool? { queuesByArn[queueArn]?.isFIFO }

    /// The queue's own timeout, which a mapping's function must not outlast; nil where there is no such queue.
    public func visibilityTimeout(ofQueue queueArn: String) -> Duration? {
        queuesByArn[queueArn].map { .seconds($0.attributes.visibilityTimeout) }
    }

    /// Takes messages as ReceiveMessage would, FIFO rules and dead-letter moves included, without parking.
    ///
    /// - Throws: `QueueDoesNotExist`.
    public func receiveBatch(_ request: QueueBatchRequest) throws(ServiceError) -> [ReceivedMessage] {
        guard let queue = queuesByArn[request.queueArn] else { throw .queueDoesNotExist }
        guard request.maxMessages > 0 else { return [] }
        let messages = take(
            ReceiveLimits(messages: request.maxMessages, bytes: request.maxBytes, groups: request.maxGroups),
            from: queue, visibility: request.visibilityTimeout, holder: request.holder)
        if messages.isEmpty { queue.metrics.count(.emptyReceives, 1, core.telemetry) }
        return messages.map { message in
            let attributes = message.details?.attributes ?? []
            return ReceivedMessage(
                messageID: message.messageID, receiptHandle: receiptHandle(of: message, in: queue),
                body: message.body, md5OfBody: MessageDigest.md5(message.body),
                md5OfMessageAttributes: MessageDigest.md5(ofSorted: attributes),
                attributes: message.systemAttributes(.all, isFIFO: queue.isFIFO),
                messageAttributes: Dictionary(attributes.map { ($0.name, $0.attributeValue) }) { first, _ in first },
                groupID: message.group.id.isEmpty ? nil : message.group.id, receiveCount: Int(message.receiveCount),
                sentAt: message.sentAt, size: message.size, cause: message.cause)
        }
    }

    /// - Returns: the handles that could not be deleted; all of them where the queue is gone.
    public func deleteMessages(_ receiptHandles: [String], in queueArn: String) -> [String] {
        guard let queue = queuesByArn[queueArn] else { return receiptHandles }
        return receiptHandles.filter { handle in
            do throws(ServiceError) {
                try delete(handle: handle, from: queue)
                return false
            } catch {
                return true
            }
        }
    }

    /// - Returns: the handles that could not be changed; all of them where the queue is gone.
    public func changeVisibility(
        _ receiptHandles: [String], in queueArn: String, to timeout: Duration
    ) -> [String] {
        guard let queue = queuesByArn[queueArn] else { return receiptHandles }
        let seconds = Int(timeout.inSeconds)
        return receiptHandles.filter { handle in
            do throws(ServiceError) {
                try changeVisibility(handle: handle, in: queue, to: seconds)
                return false
            } catch {
                return true
            }
        }
    }
}
