import AWSModel

/// A text shared by many messages: who sent them, who holds them.
final class SharedText {
    let text: String
    init(_ text: String) { self.text = text }
}

/// Why a consumer of the engine gave a message back. Memory only: it explains the live world.
final class ConsumerFailure {
    let text: String
    /// Whose failure it was: the function, the pipe.
    let consumerArn: String
    let time: Instant

    init(_ text: String, by consumerArn: String, at time: Instant) {
        self.text = text
        self.consumerArn = consumerArn
        self.time = time
    }
}

/// One message in a queue. There may be millions: no stored handle, digest or timer, and nothing optional that is large.
final class QueueMessage {
    enum State: UInt8 {
        /// Can be received, unless its FIFO group is locked.
        case ready
        case delayed
        case inFlight
    }

    /// The row's key, and the place in the order of arrival; FIFO sequence numbers come from it.
    let id: Int64
    let uuidHigh: UInt64
    let uuidLow: UInt64
    let body: String
    /// AWS: kept when a standard message moves to a dead-letter queue, so retention runs on.
    let sentAt: Instant
    /// When the delay or the visibility timeout ends; the past for a message that is ready.
    var visibleAt: Instant
    var firstReceivedAt: Instant?
    /// The last receive: a message stays in flight for at most 12 hours from it.
    var receivedAt: Instant
    /// The timeline entry of the call that sent it, 0 for none, and its trace.
    var causeEntry: UInt64
    var trace: UInt64
    let sender: SharedText
    var holder: SharedText?
    /// How its last consumer failed on it; shared by the messages of a batch.
    var failure: ConsumerFailure?
    let details: MessageDetails?
    var group: MessageGroup
    /// AWS: counts over all queues the message went through.
    var receiveCount: Int32
    /// Receives before it came to this queue: `maxReceiveCount` starts anew in each.
    let receivesElsewhere: Int32
    var deadlinePosition: Int32 = -1
    var expiryPosition: Int32 = -1
    var state: State = .ready

    // Links of the group's list. The queue's dictionary of messages owns every message for as long as it is in a list,
    // so these need not own; owning links would also free a long list recursively.
    unowned(unsafe) var next: QueueMessage?
    unowned(unsafe) var previous: QueueMessage?
    var isListed = false

    init(
        id: Int64, uuid: (UInt64, UInt64), body: String, sentAt: Instant, visibleAt: Instant, sender: SharedText,
        details: MessageDetails?, group: MessageGroup, receiveCount: Int32 = 0, receivesElsewhere: Int32 = 0,
        cause: Cause?
    ) {
        self.id = id
        uuidHigh = uuid.0
        uuidLow = uuid.1
        self.body = body
        self.sentAt = sentAt
        self.visibleAt = visibleAt
        receivedAt = sentAt
        self.sender = sender
        self.details = details
        self.group = group
        self.receiveCount = receiveCount
        self.receivesElsewhere = receivesElsewhere
        causeEntry = cause?.entry?.rawValue ?? 0
        trace = cause?.trace.rawValue ?? 0
    }

    var messageID: String { IdentifierSource.text(ofUUID: (uuidHigh, uuidLow)) }
    var receivesHere: Int { Int(receiveCount - receivesElsewhere) }

    var cause: Cause {
        Cause(
            entry: causeEntry == 0 ? nil : TimelineEntry.ID(rawValue: causeEntry), trace: TraceID(rawValue: trace))
    }

    /// AWS: body and attribute names, types and values; system attributes are free.
    var size: Int {
        body.utf8.count + (details?.attributes.reduce(0) { $0 + $1.size } ?? 0)
    }

    /// AWS: 20 digits, increasing.
    var sequenceNumber: String { Self.sequenceNumber(forRow: id) }

    static func sequenceNumber(forRow id: Int64) -> String {
        let digits = String(id &* 256)
        return "188" + String(repeating: "0", count: max(0, 17 - digits.utf8.count)) + digits
    }
}

/// What only some messages have.
final class MessageDetails {
    /// In the order of their names, as the digest wants them.
    let attributes: [StoredMessageAttribute]
    /// Nil on standard queues, and where content-based deduplication made it: then it is the body's hash.
    let deduplicationID: String?
    let traceHeader: String?
    /// The queue it failed in, on a dead-letter queue.
    let deadLetterSourceArn: String?

    init(
        attributes: [StoredMessageAttribute] = [], deduplicationID: String? = nil, traceHeader: String? = nil,
        deadLetterSourceArn: String? = nil
    ) {
        self.attributes = attributes
        self.deduplicationID = deduplicationID
        self.traceHeader = traceHeader
        self.deadLetterSourceArn = deadLetterSourceArn
    }

    /// Nil rather than an object that says nothing.
    static func unlessEmpty(
        attributes: [StoredMessageAttribute], deduplicationID: String?, traceHeader: String?,
        deadLetterSourceArn: String? = nil
    ) -> MessageDetails? {
        guard !attributes.isEmpty || deduplicationID != nil || traceHeader != nil || deadLetterSourceArn != nil else {
            return nil
        }
        return MessageDetails(
            attributes: attributes, deduplicationID: deduplicationID, traceHeader: traceHeader,
            deadLetterSourceArn: deadLetterSourceArn)
    }
}

/// Messages that came from the same place share what they can: the same text is stored once.
struct SharedTexts {
    private var known: [String: SharedText] = [:]

    mutating func shared(_ text: String) -> SharedText {
        if let shared = known[text] { return shared }
        // Session names may be many: forget rather than grow; messages keep what they hold.
        if known.count >= 4096 { known.removeAll(keepingCapacity: true) }
        let shared = SharedText(text)
        known[text] = shared
        return shared
    }
}

enum DeadlineSlot: HeapSlot {
    struct Key: Comparable {
        var time: Instant
        var id: Int64
        static func < (left: Key, right: Key) -> Bool {
            left.time != right.time ? left.time < right.time : left.id < right.id
        }
    }
    static func position(of element: QueueMessage) -> Int32 { element.deadlinePosition }
    static func setPosition(_ position: Int32, of element: QueueMessage) { element.deadlinePosition = position }
}

enum ExpirySlot: HeapSlot {
    typealias Key = Instant
    static func position(of element: QueueMessage) -> Int32 { element.expiryPosition }
    static func setPosition(_ position: Int32, of element: QueueMessage) { element.expiryPosition = position }
}
