import AWSModel

/// An event that waits to be run, or is being run.
final class AsynchronousEvent {
    let requestID: String
    let functionName: String
    let scope: Scope
    let qualifier: String?
    let payload: [UInt8]
    let clientContext: String?
    let accepted: Instant
    let cause: Cause
    /// Its latest run, which leads to what is delivered in the end.
    var lastInvocation: Cause?
    /// Runs so far, throttled ones not counted.
    var attempts = 0
    var throttles = 0
    var due: Instant
    var isRunning = false

    init(
        requestID: String, functionName: String, scope: Scope, qualifier: String?, payload: [UInt8],
        clientContext: String?, accepted: Instant, cause: Cause, due: Instant
    ) {
        self.requestID = requestID
        self.functionName = functionName
        self.scope = scope
        self.qualifier = qualifier
        self.payload = payload
        self.clientContext = clientContext
        self.accepted = accepted
        self.cause = cause
        self.due = due
    }
}

/// A function's asynchronous events, the next due first.
final class AsynchronousQueue {
    private struct Entry {
        var due: Instant
        var sequence: UInt64
        var event: AsynchronousEvent

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.due != right.due ? left.due < right.due : left.sequence < right.sequence
        }
    }

    private var heap: [Entry] = []
    private var lastSequence: UInt64 = 0
    private(set) var running: [String: AsynchronousEvent] = [:]
    var timer: TimerID?

    var waitingCount: Int { heap.count }
    var nextDue: Instant? { heap.first?.due }
    /// Events that wait, in no order.
    var waiting: some Sequence<AsynchronousEvent> { heap.lazy.map(\.event) }

    func insert(_ event: AsynchronousEvent) {
        lastSequence += 1
        heap.append(Entry(due: event.due, sequence: lastSequence, event: event))
        var child = heap.count - 1
        while child > 0, Entry.precedes(heap[child], heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    func popDue(at time: Instant) -> AsynchronousEvent? {
        guard let first = heap.first, first.due <= time else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown()
        }
        return first.event
    }

    private func siftDown() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [parent * 2 + 1, parent * 2 + 2]
            where child < heap.count && Entry.precedes(heap[child], heap[smallest]) {
                smallest = child
            }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }

    func started(_ event: AsynchronousEvent) {
        event.isRunning = true
        running[event.requestID] = event
    }

    func ended(_ event: AsynchronousEvent) {
        event.isRunning = false
        running[event.requestID] = nil
    }

    func removeAll() -> [AsynchronousEvent] {
        let all = heap.map(\.event) + running.values
        heap.removeAll()
        running.removeAll()
        return all
    }
}
