import AWSModel

/// What a timer is for, so that the console can show what will happen before it does.
public struct TimerLabel: Sendable, Hashable {
    /// `VisibilityTimeout`, `Wait`, `RetryWait`, `MetricFlush` …
    public var kind: String
    public var resourceArn: String
    /// Housekeeping is left out of the console's list.
    public var isInternal: Bool

    public init(kind: String, resourceArn: String, isInternal: Bool = false) {
        self.kind = kind
        self.resourceArn = resourceArn
        self.isInternal = isInternal
    }
}

public struct TimerID: Sendable, Hashable {
    var rawValue: UInt64
}

/// A heap of timers ordered by (time, insertion). Cancelled ones are dropped when they reach the top.
public final class TimerQueue {
    struct Entry {
        var time: Instant
        var id: UInt64

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.time != right.time ? left.time < right.time : left.id < right.id
        }
    }

    private struct Armed {
        var label: TimerLabel
        var time: Instant
        var action: () -> Void
    }

    private var heap: [Entry] = []
    private var armed: [UInt64: Armed] = [:]
    private var last: UInt64 = 0

    public var count: Int { armed.count }
    /// Those that people can see.
    public var visibleCount: Int { armed.values.count { !$0.label.isInternal } }

    func schedule(at time: Instant, _ label: TimerLabel, _ action: @escaping () -> Void) -> TimerID {
        last += 1
        armed[last] = Armed(label: label, time: time, action: action)
        heap.append(Entry(time: time, id: last))
        siftUp(heap.count - 1)
        return TimerID(rawValue: last)
    }

    func cancel(_ id: TimerID) {
        armed[id.rawValue] = nil
        // A timer that is set anew again and again leaves its old entries behind; a sorted array is a heap.
        guard heap.count > 256, heap.count > armed.count * 2 else { return }
        heap = armed.map { Entry(time: $0.value.time, id: $0.key) }.sorted(by: Entry.precedes)
    }

    func removeAll() {
        armed.removeAll()
        heap.removeAll()
    }

    /// The time of the next timer that is still armed.
    public var nextTime: Instant? {
        dropCancelled()
        return heap.first?.time
    }

    /// Takes the next timer due at or before `time`.
    func popDue(at time: Instant) -> (time: Instant, action: () -> Void)? {
        dropCancelled()
        guard let first = heap.first, first.time <= time, let timer = armed.removeValue(forKey: first.id) else {
            return nil
        }
        removeFirst()
        return (first.time, timer.action)
    }

    /// The next `limit` events in order, for the console's time screen.
    public func upcoming(limit: Int) -> [(time: Instant, label: TimerLabel)] {
        armed.values.lazy.filter { !$0.label.isInternal }
            .sorted { $0.time < $1.time }
            .prefix(limit)
            .map { ($0.time, $0.label) }
    }

    /// The next event that people can see, for stepping.
    public var nextVisibleTime: Instant? {
        armed.values.lazy.filter { !$0.label.isInternal }.map(\.time).min()
    }

    private func dropCancelled() {
        while let first = heap.first, armed[first.id] == nil { removeFirst() }
    }

    private func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(0)
    }

    private func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard Entry.precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private func siftDown(_ start: Int) {
        var parent = start
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
}
