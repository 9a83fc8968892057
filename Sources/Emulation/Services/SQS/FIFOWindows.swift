import AWSModel

/// What FIFO queues remember for five minutes: deduplication ids, whether or not the message is still there.
struct DeduplicationWindow {
    struct Record {
        /// The first message's row, from which its sequence number follows.
        var row: Int64
        var uuidHigh: UInt64
        var uuidLow: UInt64
        var at: Instant
    }

    private var records: [String: Record] = [:]
    /// In order of time; from `head` on they still count.
    private var order: [(key: String, row: Int64, at: Instant)] = []
    private var head = 0

    var count: Int { records.count }
    var isEmpty: Bool { records.isEmpty }

    /// AWS: per queue, or per message group where the scope says so.
    static func key(deduplicationID: String, groupID: String, perGroup: Bool) -> String {
        perGroup ? "\(groupID)\u{1F}\(deduplicationID)" : deduplicationID
    }

    func record(_ key: String, at now: Instant) -> Record? {
        guard let record = records[key], record.at + SQSLimits.deduplicationWindow > now else { return nil }
        return record
    }

    mutating func insert(_ key: String, _ record: Record) {
        records[key] = record
        order.append((key, record.row, record.at))
    }

    /// Forgets what is older than the window.
    /// - Returns: the rows of what was forgotten.
    mutating func trim(at now: Instant) -> [Int64] {
        var forgotten: [Int64] = []
        while head < order.count, order[head].at + SQSLimits.deduplicationWindow <= now {
            let entry = order[head]
            forgotten.append(entry.row)
            if records[entry.key]?.row == entry.row { records[entry.key] = nil }
            head += 1
        }
        if head > 1024, head * 2 > order.count {
            order.removeFirst(head)
            head = 0
        }
        return forgotten
    }

    mutating func removeAll() { self = DeduplicationWindow() }
}

/// Receives that may be repeated with the same ReceiveRequestAttemptId. Kept in memory: a restart ends the retry.
struct ReceiveAttempts {
    struct Attempt {
        /// The messages' rows, and which receive of each it was, and until when it was in flight.
        var received: [(row: Int64, count: Int32, visibleAt: Instant)]
        var at: Instant
    }

    private var attempts: [String: Attempt] = [:]

    subscript(id: String, at now: Instant) -> Attempt? {
        guard let attempt = attempts[id], attempt.at + SQSLimits.deduplicationWindow > now else { return nil }
        return attempt
    }

    mutating func insert(_ id: String, _ attempt: Attempt) {
        if attempts.count >= 1000 {
            attempts = attempts.filter { $0.value.at + SQSLimits.deduplicationWindow > attempt.at }
        }
        attempts[id] = attempt
    }

    mutating func removeAll() { attempts.removeAll() }
}
