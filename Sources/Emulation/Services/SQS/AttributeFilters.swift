/// Which system attributes a receive asked for.
struct SystemAttributeFilter: OptionSet {
    let rawValue: UInt16

    static let names = [
        "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber",
        "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
    ]
    static let all = SystemAttributeFilter(rawValue: 1 << 9 - 1)

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Names it does not know ask for nothing.
    init(names: [String]) {
        var bits: UInt16 = 0
        for name in names {
            if name == "All" { bits |= Self.all.rawValue }
            if let index = Self.names.firstIndex(of: name) { bits |= 1 << UInt16(index) }
        }
        rawValue = bits
    }

    func has(_ name: String) -> Bool {
        Self.names.firstIndex(of: name).map { rawValue & 1 << UInt16($0) != 0 } ?? false
    }
}

/// Which message attributes a receive asked for. AWS: `All`, `*`, `.*`, `prefix.*` or names.
struct MessageAttributeFilter {
    private let isAll: Bool
    private let prefixes: [String]
    private let names: Set<String>

    static let all = MessageAttributeFilter(["All"])

    init(_ requested: [String]) {
        isAll = requested.contains { $0 == "All" || $0 == ".*" || $0 == "*" }
        prefixes = requested.filter { $0.hasSuffix(".*") }.map { String($0.dropLast(2)) }
        names = Set(requested)
    }

    func includes(_ name: String) -> Bool {
        isAll || names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
}

extension QueueMessage {
    /// The system attributes asked for that this message has.
    func systemAttributes(_ filter: SystemAttributeFilter, isFIFO: Bool) -> [String: String] {
        guard !filter.isEmpty else { return [:] }
        var result: [String: String] = [:]
        func put(_ name: String, _ value: @autoclosure () -> String?) {
            if filter.has(name) { result[name] = value() }
        }
        put("SenderId", sender.text)
        put("SentTimestamp", String(sentAt.epochMilliseconds))
        put("ApproximateReceiveCount", String(receiveCount))
        put("ApproximateFirstReceiveTimestamp", firstReceivedAt.map { String($0.epochMilliseconds) })
        put("MessageGroupId", group.id.isEmpty ? nil : group.id)
        if isFIFO {
            put("SequenceNumber", sequenceNumber)
            put("MessageDeduplicationId", details?.deduplicationID ?? MessageDigest.sha256(body))
        }
        put("AWSTraceHeader", details?.traceHeader)
        put("DeadLetterQueueSourceArn", details?.deadLetterSourceArn)
        return result
    }
}
