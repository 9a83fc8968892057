import AWSModel

/// One thing that happened: an API call, a delivery, an invocation, a transition, an alarm.
public struct TimelineEntry: Sendable, Hashable {
    public struct ID: Sendable, Hashable, Comparable {
        public var rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
        public static func < (left: ID, right: ID) -> Bool { left.rawValue < right.rawValue }
    }

    public enum Kind: String, Sendable, CaseIterable {
        case call, delivery, invocation, transition, alarm, timer
    }

    public var id: ID
    public var time: Instant
    public var kind: Kind
    /// `sqs`, `lambda`, `states` …
    public var service: String
    /// An operation or event name: `SendMessage`, `Invoke`, `TaskStateEntered`.
    public var action: String
    /// The resource it happened to, as an ARN where there is one.
    public var resource: String
    public var trace: TraceID
    /// The entry that led to this one.
    public var cause: ID?
    /// Nil while under way or where nothing can fail; an error code where it failed.
    public var error: String?
    /// Further words for people: a message id, a duration, a status.
    public var detail: String
    /// When it was over; nil while it is under way, and for what takes no time.
    public var endedAt: Instant?
    /// What went in and came out; nil where there is nothing to show, or it is no longer kept.
    public var input: TimelinePayload?
    public var output: TimelinePayload?
}

/// The last ``limit`` entries of what happened, oldest first. Memory only: it explains the live world and
/// is rebuilt by running it.
public final class Timeline {
    public let limit: Int
    private var ring: [TimelineEntry] = []
    /// Index in `ring` of the oldest entry once it is full.
    private var head = 0
    private var last: UInt64 = 0
    /// Payloads are kept of the newest entries only, as far as the budget reaches.
    private static let payloadBudget = 16 << 20
    private static let largestPayload = 1 << 20
    private var payloadBytes = 0
    /// No entry up to this one has a payload any more.
    private var strippedUpTo: UInt64 = 0

    public init(limit: Int = 20_000) { self.limit = limit }

    func removeAll() {
        ring.removeAll()
        head = 0
        payloadBytes = 0
        strippedUpTo = last
    }

    public var count: Int { ring.count }
    public var lastID: TimelineEntry.ID { TimelineEntry.ID(rawValue: last) }

    @discardableResult
    public func record(
        _ kind: TimelineEntry.Kind, service: String, action: String, resource: String, cause: Cause,
        error: String? = nil, detail: String = "", at time: Instant
    ) -> TimelineEntry.ID {
        last += 1
        let entry = TimelineEntry(
            id: TimelineEntry.ID(rawValue: last), time: time, kind: kind, service: service, action: action,
            resource: resource, trace: cause.trace, cause: cause.entry, error: error, detail: detail)
        if ring.count < limit {
            ring.append(entry)
        } else {
            payloadBytes -= Self.payloadSize(ring[head])
            ring[head] = entry
            head = (head + 1) % limit
        }
        return entry.id
    }

    /// Completes an entry that was recorded before its outcome was known; long gone ones are left alone.
    public func amend(
        _ id: TimelineEntry.ID, resource: String? = nil, error: String? = nil, detail: String? = nil,
        endedAt: Instant? = nil
    ) {
        guard let index = index(of: id) else { return }
        if let endedAt { ring[index].endedAt = endedAt }
        if let resource { ring[index].resource = resource }
        if let error { ring[index].error = error }
        if let detail { ring[index].detail = detail }
    }

    /// Keeps what went into an entry, or came out of it; the oldest payloads go when there is too much.
    public func attach(_ id: TimelineEntry.ID, input: TimelinePayload? = nil, output: TimelinePayload? = nil) {
        guard let index = index(of: id), id.rawValue > strippedUpTo else { return }
        payloadBytes -= Self.payloadSize(ring[index])
        if let input, input.size <= Self.largestPayload { ring[index].input = input }
        if let output, output.size <= Self.largestPayload { ring[index].output = output }
        payloadBytes += Self.payloadSize(ring[index])
        while payloadBytes > Self.payloadBudget, strippedUpTo < last {
            strippedUpTo += 1
            guard let old = self.index(of: TimelineEntry.ID(rawValue: strippedUpTo)) else { continue }
            payloadBytes -= Self.payloadSize(ring[old])
            ring[old].input = nil
            ring[old].output = nil
        }
    }

    private static func payloadSize(_ entry: TimelineEntry) -> Int {
        (entry.input?.size ?? 0) + (entry.output?.size ?? 0)
    }

    public subscript(id: TimelineEntry.ID) -> TimelineEntry? { index(of: id).map { ring[$0] } }

    /// Entries after `cursor`, oldest first, that `isIncluded`.
    public func entries(
        after cursor: TimelineEntry.ID?, limit: Int, where isIncluded: (TimelineEntry) -> Bool = { _ in true }
    ) -> [TimelineEntry] {
        var found: [TimelineEntry] = []
        for entry in ordered(after: cursor) where isIncluded(entry) {
            found.append(entry)
            if found.count == limit { break }
        }
        return found
    }

    /// The newest entries that `isIncluded`, newest first, older than `before`.
    public func newest(
        before: TimelineEntry.ID?, limit: Int, where isIncluded: (TimelineEntry) -> Bool = { _ in true }
    ) -> [TimelineEntry] {
        var found: [TimelineEntry] = []
        for offset in stride(from: ring.count - 1, through: 0, by: -1) {
            let entry = ring[(head + offset) % max(ring.count, 1)]
            if let before, entry.id >= before { continue }
            guard isIncluded(entry) else { continue }
            found.append(entry)
            if found.count == limit { break }
        }
        return found
    }

    private func ordered(after cursor: TimelineEntry.ID?) -> some Sequence<TimelineEntry> {
        let oldest = last &- UInt64(ring.count) &+ 1
        let skip = cursor.map { $0.rawValue >= oldest ? Int($0.rawValue - oldest) + 1 : 0 } ?? 0
        return (min(skip, ring.count)..<ring.count).lazy.map { self.ring[(self.head + $0) % self.ring.count] }
    }

    private func index(of id: TimelineEntry.ID) -> Int? {
        let oldest = last &- UInt64(ring.count) &+ 1
        guard !ring.isEmpty, id.rawValue >= oldest, id.rawValue <= last else { return nil }
        return (head + Int(id.rawValue - oldest)) % ring.count
    }
}
