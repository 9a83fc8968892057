import AWSModel

/// One series with its values, in memory; the journal has the same as rows.
final class StoredMetric {
    /// Dimensions in order of their names.
    let series: MetricSeries
    /// Names the series in the journal; nil until it gets its first value.
    var rowID: Int64?
    /// When it last got a value, in epoch seconds. AWS: a metric is listed for two weeks after that.
    var lastRecorded: Int64 = .min
    /// The call that put a value last, while it is remembered: what an alarm then does follows from it.
    var lastPut: Cause?
    /// Waits for the next flush.
    var isChanged = false
    private var seconds = MetricTier(.second)
    private var minutes = MetricTier(.minute)
    private var fiveMinutes = MetricTier(.fiveMinutes)
    private var hours = MetricTier(.hour)

    init(series: MetricSeries) { self.series = series }

    /// The hot path of automatic metrics.
    func record(_ value: Double, count: Double, at time: Int64) {
        if time > lastRecorded { lastRecorded = time }
        minutes.add(value, count: count, at: time)
    }

    /// Adds values that were put by a client; `isHighResolution` keeps the second too.
    func record(_ bucket: MetricBucket, at time: Int64, isHighResolution: Bool, now: Int64) {
        if time > lastRecorded { lastRecorded = time }
        minutes.add(bucket, at: time)
        if isHighResolution, time > now - MetricResolution.second.retention { seconds.add(bucket, at: time) }
    }

    func restore(_ bucket: MetricBucket, resolution: MetricResolution) {
        withTier(resolution) { $0.restore(bucket) }
        lastRecorded = max(lastRecorded, bucket.start)
    }

    var isEmpty: Bool {
        seconds.buckets.isEmpty && minutes.buckets.isEmpty && fiveMinutes.buckets.isEmpty && hours.buckets.isEmpty
    }

    /// The buckets that differ from what is stored, by resolution.
    func takeChanges() -> [(resolution: MetricResolution, bucket: MetricBucket)] {
        MetricResolution.allCases.flatMap { resolution in
            withTier(resolution) { tier in tier.hasChanges ? tier.takeChanges() : [] }.map { (resolution, $0) }
        }
    }

    /// Rolls up and drops what is too old; what was rolled up counts as changed.
    func expire(at now: Int64) {
        for resolution in MetricResolution.allCases {
            let expired = withTier(resolution) { $0.expire(at: now) }
            guard let coarser = resolution.coarser else { continue }
            for bucket in expired { withTier(coarser) { $0.add(bucket, at: bucket.start) } }
        }
    }

    /// When ``expire(at:)`` next has something to do, in epoch seconds.
    var nextExpiry: Int64? {
        MetricResolution.allCases.compactMap { resolution in
            withTier(resolution) { tier in tier.buckets.first.map { $0.start + resolution.retention } }
        }.min()
    }

    /// What was recorded in `start ..< end`, in periods counted from `start`; periods without data are left out.
    ///
    /// AWS: data older than 15 days is there only for periods of five minutes and more, older than 63 days of an hour.
    func buckets(from start: Int64, to end: Int64, period: Int64) -> [MetricBucket] {
        var result: [MetricBucket] = []
        func collect(_ tier: MetricTier) {
            for bucket in tier.buckets(from: start, to: end) {
                let cell = start + (bucket.start - start) / period * period
                if let last = result.indices.last, result[last].start == cell {
                    result[last].add(bucket)
                } else {
                    var copy = bucket
                    copy.start = cell
                    result.append(copy)
                }
            }
        }
        if period < MetricResolution.minute.rawValue, !seconds.buckets.isEmpty {
            collect(seconds)
            return result
        }
        if period >= MetricResolution.hour.rawValue { collect(hours) }
        if period >= MetricResolution.fiveMinutes.rawValue { collect(fiveMinutes) }
        collect(minutes)
        return result
    }

    private func withTier<Value>(_ resolution: MetricResolution, _ body: (inout MetricTier) -> Value) -> Value {
        switch resolution {
        case .second: body(&seconds)
        case .minute: body(&minutes)
        case .fiveMinutes: body(&fiveMinutes)
        case .hour: body(&hours)
        }
    }
}
