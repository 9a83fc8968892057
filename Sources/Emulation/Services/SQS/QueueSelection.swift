import AWSModel

/// How much a receive may take.
struct ReceiveLimits {
    var messages: Int
    var bytes: Int?
    var groups: Int?
}

extension Queue {
    /// Takes messages in the queue's order and marks them in flight.
    ///
    /// - Parameter exhausted: called for a message whose receives are used up; true if it was moved away.
    /// - Returns: the messages, and whether some may have been left because too many had to be moved in one go.
    func select(
        _ limits: ReceiveLimits, at now: Instant, visibility: Duration, holder: SharedText,
        exhausted: (QueueMessage) -> Bool
    ) -> (taken: [QueueMessage], isCutShort: Bool) {
        var taken: [QueueMessage] = []
        var bytes = 0
        var groupCount = 0
        var moves = 0
        let until = now + visibility
        let room = min(limits.messages, max(0, inFlightLimit - inFlightCount))

        func fits(_ message: QueueMessage) -> Bool {
            guard let limit = limits.bytes else { return true }
            return taken.isEmpty || bytes + message.size <= limit
        }
        func accept(_ message: QueueMessage) {
            if limits.bytes != nil { bytes += message.size }
            take(message, at: now, until: until, holder: holder)
            taken.append(message)
        }

        selection: while taken.count < room, let group = available.first {
            if isFIFO {
                if let limit = limits.groups, groupCount == limit { break }
                groupCount += 1
                // AWS: as many as possible from one group, in order, then from others.
                var next = group.list.head
                while taken.count < room, let message = next, message.state == .ready {
                    next = message.next
                    if exhausted(message) {
                        moves += 1
                        if moves >= SQSLimits.movesInOneReceive { return (taken, true) }
                        continue
                    }
                    guard fits(message) else { break selection }
                    accept(message)
                }
            } else {
                guard let message = group.list.head else { break }
                if exhausted(message) {
                    moves += 1
                    if moves >= SQSLimits.movesInOneReceive { return (taken, true) }
                    continue
                }
                guard fits(message) else { break }
                accept(message)
            }
        }
        // Received with a timeout of 0: visible again at once, but not twice in one receive.
        if visibility <= .zero {
            for message in taken { release(message, at: now) }
        }
        return (taken, false)
    }
}

/// SQS's fixed quotas.
enum SQSLimits {
    static let inFlight = 120_000
    static let batchEntries = 10
    /// AWS: 1 MiB since August 2025, for a message and for a batch.
    static let messageBytes = 1_048_576
    /// AWS: the visibility timeout, all extensions included, ends 12 hours after the receive.
    static let visibilitySeconds = 43_200
    static let deduplicationWindow = Duration.seconds(300)
    static let moveRate = 500
    /// Ours: bounds a turn; the rest follows in the next.
    static let movesInOneReceive = 1000
    /// AWS: a queue without use for six hours stops reporting metrics.
    static let metricsIdle = Duration.seconds(6 * 3600)
}
