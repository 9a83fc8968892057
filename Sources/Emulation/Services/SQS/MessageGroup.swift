/// A doubly linked list through the messages themselves: append and remove in O(1), at any backlog.
struct MessageList {
    // The queue's dictionary owns what is listed; see QueueMessage.
    private(set) unowned(unsafe) var head: QueueMessage?
    private unowned(unsafe) var tail: QueueMessage?
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ message: QueueMessage) {
        message.previous = tail
        message.next = nil
        if let tail { tail.next = message } else { head = message }
        tail = message
        message.isListed = true
        count += 1
    }

    mutating func remove(_ message: QueueMessage) {
        guard message.isListed else { return }
        let next = message.next
        let previous = message.previous
        if let previous { previous.next = next } else { head = next }
        if let next { next.previous = previous } else { tail = previous }
        message.next = nil
        message.previous = nil
        message.isListed = false
        count -= 1
    }

    mutating func removeAll() {
        head = nil
        tail = nil
        count = 0
    }
}

/// A FIFO message group, or a fair queue's tenant; a standard queue's messages without group share one, too.
///
/// FIFO: lists all its messages in order, in flight or not. Standard: lists those that are ready.
final class MessageGroup {
    /// Empty for messages without group.
    let id: String
    var list = MessageList()
    /// All its messages, in whatever state; the queue forgets the group with the last.
    var count = 0
    var inFlight = 0
    /// FIFO: messages in state ready. Standard: `list.count`.
    var ready = 0
    /// Its turn among groups of equal rank.
    var turn: UInt64 = 0
    var position: Int32 = -1

    init(id: String) { self.id = id }

    /// FIFO. AWS: messages in flight block what comes after them in their group; one in front of them that became
    /// visible again is received all the same.
    var isLocked: Bool { inFlight > 0 && list.head?.state != .ready }
}

/// The groups that have something to give, in the order in which they are served.
enum AvailabilitySlot: HeapSlot {
    struct Key: Comparable {
        /// Fair queues: how many are in flight; a noisy tenant waits for the quiet ones. FIFO: always 0.
        var rank: Int
        var turn: UInt64
        static func < (left: Key, right: Key) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.turn < right.turn
        }
    }
    static func position(of element: MessageGroup) -> Int32 { element.position }
    static func setPosition(_ position: Int32, of element: MessageGroup) { element.position = position }
}
