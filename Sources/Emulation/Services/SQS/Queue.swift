import AWSModel

/// One queue: its settings, and its messages in structures that stay quick at any backlog.
///
/// Nothing here writes rows, answers calls or sets timers: ``SQSService`` does, around it.
final class Queue {
    /// The row's key; never used again once the queue is deleted.
    let id: Int64
    let scope: Scope
    let name: String
    let arn: String
    let isFIFO: Bool
    let createdAt: Instant
    var modifiedAt: Instant
    var attributes: QueueAttributes
    var tags: [String: String]
    /// AWS: 120,000 on standard and FIFO queues.
    var inFlightLimit = SQSLimits.inFlight
    /// AWS: one PurgeQueue a minute.
    var purgedAt: Instant?

    // MARK: Messages

    private(set) var messages: [Int64: QueueMessage] = [:]
    /// In flight and delayed, by when they become ready.
    private(set) var deadlines = IndexedHeap<DeadlineSlot>()
    /// All, by when they were sent: the oldest expires first.
    private(set) var expiries = IndexedHeap<ExpirySlot>()
    /// FIFO groups and fair queues' tenants that have messages, or hold some in flight.
    private(set) var groups: [String: MessageGroup] = [:]
    private let ungrouped = MessageGroup(id: "")
    private(set) var available = IndexedHeap<AvailabilitySlot>()
    private(set) var readyCount = 0
    private(set) var inFlightCount = 0
    private(set) var delayedCount = 0
    private var lastTurn: UInt64 = 0

    // MARK: FIFO

    var deduplication = DeduplicationWindow()
    var attempts = ReceiveAttempts()

    // MARK: Who waits

    var parked: [ParkedReceive] = []
    var consumers: [RegisteredConsumer] = []
    var isDispatchDue = false
    var isTimerDue = false
    var timer: TimerID?
    var timerTime: Instant?
    var timerKind = ""

    // MARK: Figures

    lazy var metrics = QueueMetrics(queueName: name, scope: scope, isFIFO: isFIFO)
    var lastReceivedAt: Instant?
    var lastActiveAt: Instant
    /// Moved to the dead-letter queue since the engine started.
    var deadLetterCount = 0

    init(
        id: Int64, scope: Scope, name: String, attributes: QueueAttributes, tags: [String: String], createdAt: Instant,
        modifiedAt: Instant
    ) {
        self.id = id
        self.scope = scope
        self.name = name
        self.attributes = attributes
        self.tags = tags
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        lastActiveAt = createdAt
        arn = scope.arn("sqs", name)
        isFIFO = name.hasSuffix(".fifo")
    }

    var count: Int { messages.count }

    /// Searches all messages for a message id; for people, not for every call.
    func message(named messageID: String) -> QueueMessage? {
        let digits = messageID.filter { $0 != "-" }
        guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
            let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        return messages.values.first { $0.uuidLow == low && $0.uuidHigh == high }
    }
    var canGive: Bool { !available.isEmpty }
    var oldest: QueueMessage? { expiries.first }

    func group(named id: String?) -> MessageGroup {
        guard let id, !id.isEmpty else { return ungrouped }
        if let group = groups[id] { return group }
        let group = MessageGroup(id: id)
        groups[id] = group
        return group
    }

    /// Every group that holds anything, also the one of messages without group.
    var allGroups: [MessageGroup] {
        ungrouped.count == 0 ? Array(groups.values) : [ungrouped] + groups.values
    }

    var hasGroups: Bool { !groups.isEmpty }

    // MARK: Transitions

    func reserve(_ count: Int) { messages.reserveCapacity(count) }

    /// A message arrives, by being sent, moved or restored.
    func insert(_ message: QueueMessage, at now: Instant) {
        messages[message.id] = message
        expiries.insert(message, key: message.sentAt)
        message.group.count += 1
        if message.visibleAt > now {
            message.state = message.receivesHere > 0 ? .inFlight : .delayed
            deadlines.insert(message, key: DeadlineSlot.Key(time: message.visibleAt, id: message.id))
        } else {
            message.state = .ready
        }
        switch message.state {
        case .ready:
            readyCount += 1
            message.group.ready += 1
        case .delayed: delayedCount += 1
        case .inFlight:
            inFlightCount += 1
            message.group.inFlight += 1
        }
        if isFIFO || message.state == .ready { message.group.list.append(message) }
        refresh(message.group)
    }

    /// A ready message is received: in flight until `visibleAt`.
    func take(_ message: QueueMessage, at now: Instant, until visibleAt: Instant, holder: SharedText) {
        let group = message.group
        readyCount -= 1
        group.ready -= 1
        inFlightCount += 1
        group.inFlight += 1
        if !isFIFO {
            group.list.remove(message)
            group.turn = nextTurn()
        }
        message.state = .inFlight
        message.receiveCount += 1
        message.receivedAt = now
        if message.firstReceivedAt == nil { message.firstReceivedAt = now }
        message.visibleAt = visibleAt
        message.holder = holder
        deadlines.set(message, key: DeadlineSlot.Key(time: visibleAt, id: message.id))
        refresh(group)
    }

    /// The visibility timeout of a message in flight, or the delay of a delayed one, ends at another time.
    func postpone(_ message: QueueMessage, until visibleAt: Instant) {
        message.visibleAt = visibleAt
        deadlines.set(message, key: DeadlineSlot.Key(time: visibleAt, id: message.id))
    }

    /// A message of a standard queue that was received and became ready again is in flight once more, with whom had it.
    func hide(_ message: QueueMessage, until visibleAt: Instant) {
        let group = message.group
        readyCount -= 1
        group.ready -= 1
        inFlightCount += 1
        group.inFlight += 1
        group.list.remove(message)
        message.state = .inFlight
        message.visibleAt = visibleAt
        deadlines.set(message, key: DeadlineSlot.Key(time: visibleAt, id: message.id))
        refresh(group)
    }

    /// A message in flight or delayed becomes ready. FIFO: in its old place; standard: behind what is ready already.
    func release(_ message: QueueMessage, at now: Instant) {
        let group = message.group
        switch message.state {
        case .ready: return
        case .inFlight:
            inFlightCount -= 1
            group.inFlight -= 1
        case .delayed: delayedCount -= 1
        }
        deadlines.remove(message)
        message.state = .ready
        message.visibleAt = min(message.visibleAt, now)
        readyCount += 1
        group.ready += 1
        if !isFIFO { group.list.append(message) }
        refresh(group)
    }

    /// A ready message that was never received is delayed after all: a FIFO queue's delay was raised.
    func delay(_ message: QueueMessage, until time: Instant) {
        guard message.state == .ready else { return postpone(message, until: time) }
        readyCount -= 1
        message.group.ready -= 1
        delayedCount += 1
        message.state = .delayed
        message.visibleAt = time
        if !isFIFO { message.group.list.remove(message) }
        deadlines.insert(message, key: DeadlineSlot.Key(time: time, id: message.id))
        refresh(message.group)
    }

    func remove(_ message: QueueMessage) {
        guard messages.removeValue(forKey: message.id) != nil else { return }
        let group = message.group
        group.count -= 1
        switch message.state {
        case .ready:
            readyCount -= 1
            group.ready -= 1
        case .delayed: delayedCount -= 1
        case .inFlight:
            inFlightCount -= 1
            group.inFlight -= 1
        }
        group.list.remove(message)
        deadlines.remove(message)
        expiries.remove(message)
        refresh(group)
        if group.count == 0, groups[group.id] === group { groups[group.id] = nil }
    }

    func removeAll() {
        deadlines.removeAll()
        expiries.removeAll()
        available.removeAll()
        for group in allGroups {
            group.list.removeAll()
            group.count = 0
            group.ready = 0
            group.inFlight = 0
        }
        groups.removeAll()
        messages.removeAll()
        readyCount = 0
        inFlightCount = 0
        delayedCount = 0
    }

    // MARK: Order

    private func nextTurn() -> UInt64 {
        lastTurn += 1
        return lastTurn
    }

    /// Puts the group where it belongs among those that can be received from.
    private func refresh(_ group: MessageGroup) {
        let canGive =
            isFIFO ? group.list.head?.state == .ready : !group.list.isEmpty
        guard canGive else { return available.remove(group) }
        if !available.contains(group) {
            group.turn = nextTurn()
        } else if isFIFO {
            return
        }
        let rank = isFIFO || group.id.isEmpty ? 0 : group.inFlight
        available.set(group, key: AvailabilitySlot.Key(rank: rank, turn: group.turn))
    }

    /// Fair queues: a tenant is noisy while it holds more than its equal share of what is in flight.
    func isNoisy(_ group: MessageGroup) -> Bool {
        !group.id.isEmpty && groups.count > 1 && group.inFlight * groups.count > inFlightCount
    }
}
