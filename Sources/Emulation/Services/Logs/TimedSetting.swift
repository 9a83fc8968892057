/// A setting that counts for the events which come while it is there. AWS: what was ingested before it was put is not
/// touched by it, and what came under it stays as it was when it is taken away.
struct TimedSetting<Value> {
    /// In the order of their times; nil from when on there is none.
    private var versions: [(since: Int64, value: Value?)] = []

    var isEmpty: Bool { versions.isEmpty }
    var current: Value? { versions.last?.value }

    mutating func put(_ value: Value?, since time: Int64) { versions.append((time, value)) }

    /// What counted when an event came, in milliseconds.
    func value(at time: Int64) -> Value? { versions.last { $0.since <= time }?.value }
}
