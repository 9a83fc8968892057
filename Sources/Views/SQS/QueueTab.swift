import Synchronization

/// A tab of the queue's screen.
protocol QueueTab: ResourceTab where Reading == QueueReading {
    /// Nil until it has been read.
    var queue: QueueReading? { get set }
}

extension QueueTab {
    var reading: QueueReading? {
        get { queue }
        set { queue = newValue }
    }
}

/// The time of the frame being drawn, for table cells that count down.
///
/// A measurement, not state: as with `Viewport`, drawing leaves it where the cells of the same frame read it.
final class FrameClock: Sendable {
    private let value = Atomic<Int64>(0)

    /// Milliseconds since 1970.
    var now: Int64 {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}
