/// What a series got in one period.
struct MetricBucket {
    /// Epoch seconds at which the period begins.
    var start: Int64
    var sampleCount = 0.0
    var sum = 0.0
    var minimum = 0.0
    var maximum = 0.0
    /// Kept only once values differ; until then every sample is ``minimum``.
    var histogram: ValueHistogram?
    /// True where single values are unknown (a statistic set) or negative: no percentiles then.
    var isOpaque = false

    init(start: Int64) { self.start = start }

    mutating func add(_ value: Double, count: Double) {
        if sampleCount == 0 {
            minimum = value
            maximum = value
        } else if value != minimum || histogram != nil {
            spread()
            histogram?.add(value, count: count)
            minimum = Swift.min(minimum, value)
            maximum = Swift.max(maximum, value)
        }
        sampleCount += count
        sum += value * count
        if value < 0 { becomeOpaque() }
    }

    /// Adds values that were summed up elsewhere.
    mutating func add(sampleCount count: Double, sum: Double, minimum: Double, maximum: Double) {
        guard count > 0 else { return }
        if minimum == maximum || count == 1 {
            add(minimum, count: count)
            return
        }
        self.minimum = sampleCount == 0 ? minimum : Swift.min(self.minimum, minimum)
        self.maximum = sampleCount == 0 ? maximum : Swift.max(self.maximum, maximum)
        sampleCount += count
        self.sum += sum
        becomeOpaque()
    }

    /// Takes in another bucket: a wider period, or the same one of another unit.
    mutating func add(_ other: MetricBucket) {
        guard other.sampleCount > 0 else { return }
        if sampleCount == 0 {
            let start = start
            self = other
            self.start = start
            return
        }
        if isOpaque || other.isOpaque {
            becomeOpaque()
        } else if other.histogram != nil || histogram != nil || other.minimum != minimum {
            spread()
            if let histogram = other.histogram {
                self.histogram?.add(histogram)
            } else {
                histogram?.add(other.minimum, count: other.sampleCount)
            }
        }
        minimum = Swift.min(minimum, other.minimum)
        maximum = Swift.max(maximum, other.maximum)
        sampleCount += other.sampleCount
        sum += other.sum
    }

    /// Single values with their counts, smallest first; nil where they are not known.
    var distribution: [(value: Double, count: Double)]? {
        if isOpaque || sampleCount == 0 { return nil }
        return histogram?.ordered ?? [(value: minimum, count: sampleCount)]
    }

    private mutating func spread() {
        guard histogram == nil, !isOpaque else { return }
        var histogram = ValueHistogram()
        histogram.add(minimum, count: sampleCount)
        self.histogram = histogram
    }

    private mutating func becomeOpaque() {
        isOpaque = true
        histogram = nil
    }
}

/// Resolutions at which values are kept, and for how long. AWS: each is rolled up into the next.
enum MetricResolution: Int64, CaseIterable {
    case second = 1
    case minute = 60
    case fiveMinutes = 300
    case hour = 3600

    /// Seconds after which data of this resolution is rolled up or dropped.
    var retention: Int64 {
        switch self {
        case .second: 3 * 3600
        case .minute: 15 * 86_400
        case .fiveMinutes: 63 * 86_400
        case .hour: 455 * 86_400
        }
    }

    /// Where expired data goes; seconds are kept as minutes from the start.
    var coarser: MetricResolution? {
        switch self {
        case .minute: .fiveMinutes
        case .fiveMinutes: .hour
        case .second, .hour: nil
        }
    }
}

/// The buckets of one series at one resolution, oldest first.
struct MetricTier {
    let resolution: MetricResolution
    private(set) var buckets: [MetricBucket] = []
    /// Starts of buckets that differ from what is stored.
    private(set) var changed: [Int64] = []

    init(_ resolution: MetricResolution) { self.resolution = resolution }

    var hasChanges: Bool { !changed.isEmpty }

    /// The index of the bucket for a time in epoch seconds, made where it is missing; it counts as changed.
    private mutating func place(for seconds: Int64) -> Int {
        // Looks at starts alone: taking a whole bucket out of the array would cost more than adding to it.
        let start = seconds - seconds % resolution.rawValue
        if changed.isEmpty || changed[changed.count - 1] != start { changed.append(start) }
        let last = buckets.count - 1
        if last >= 0, buckets[last].start >= start {
            if buckets[last].start == start { return last }
            let index = firstIndex(from: start)
            if buckets[index].start != start { buckets.insert(MetricBucket(start: start), at: index) }
            return index
        }
        buckets.append(MetricBucket(start: start))
        return buckets.count - 1
    }

    mutating func add(_ value: Double, count: Double, at seconds: Int64) {
        let index = place(for: seconds)
        buckets[index].add(value, count: count)
    }

    mutating func add(_ bucket: MetricBucket, at seconds: Int64) {
        let index = place(for: seconds)
        buckets[index].add(bucket)
    }

    /// Puts back what was stored; rows come in order of their start.
    mutating func restore(_ bucket: MetricBucket) { buckets.append(bucket) }

    /// The first bucket that starts at or after `seconds`.
    func firstIndex(from seconds: Int64) -> Int {
        var low = 0
        var high = buckets.count
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle].start < seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func buckets(from start: Int64, to end: Int64) -> ArraySlice<MetricBucket> {
        let first = firstIndex(from: start)
        return buckets[first..<max(first, firstIndex(from: end))]
    }

    subscript(start start: Int64) -> MetricBucket? {
        let index = firstIndex(from: start)
        return index < buckets.count && buckets[index].start == start ? buckets[index] : nil
    }

    /// Removes and returns what is older than the retention.
    mutating func expire(at now: Int64) -> [MetricBucket] {
        let count = firstIndex(from: now - resolution.retention)
        guard count > 0 else { return [] }
        let expired = Array(buckets[..<count])
        buckets.removeFirst(count)
        return expired
    }

    mutating func takeChanges() -> [MetricBucket] {
        let starts = Set(changed).sorted()
        changed.removeAll(keepingCapacity: true)
        return starts.compactMap { self[start: $0] }
    }
}
