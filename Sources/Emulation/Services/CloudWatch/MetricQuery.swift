import AWSModel
import AWSTypes

/// A range of time to read, aligned as CloudWatch aligns it.
struct MetricRange {
    /// Epoch seconds, inclusive.
    var start: Int64
    /// Epoch seconds, exclusive.
    var end: Int64

    /// AWS: the start is rounded down to the minute; to five minutes or the hour where data is that old; for periods
    /// below a minute to the period.
    init(from start: Instant, to end: Instant, period: Int64, now: Instant) {
        let age = now.wholeSeconds - start.wholeSeconds
        let unit: Int64 =
            if period < 60 { period } else if age < MetricResolution.minute.retention {
                60
            } else if age
                < MetricResolution.fiveMinutes.retention
            { 300 } else { 3600 }
        self.start = start.wholeSeconds - start.wholeSeconds % unit
        self.end = end.microseconds % 1_000_000 == 0 ? end.wholeSeconds : end.wholeSeconds + 1
    }

    /// Periods that fit in.
    func count(of period: Int64) -> Int64 { max(0, (end - start + period - 1) / period) }

    /// AWS: a multiple of 60, or one of the periods of high-resolution metrics.
    static func isPeriod(_ period: Int) -> Bool {
        period > 0 && (period % 60 == 0 || [1, 5, 10, 20, 30].contains(period))
    }
}

extension MetricSeries {
    init(scope: Scope, namespace: String, name: String, dimensions: [CloudWatch.Dimension]?, unit: String = "") {
        self.init(
            scope: scope, namespace: namespace, name: name,
            dimensions: (dimensions ?? []).map { Dimension($0.name, $0.value) }, unit: unit)
    }
}

extension MetricStore {
    /// One statistic of a metric over a range; values of all units taken together, unless one is asked for.
    func values(
        _ statistic: MetricStatistic, of series: MetricSeries, unit: String?, in range: MetricRange, period: Int64
    ) -> [(time: Int64, value: Double)] {
        let found = find(series, unit: unit)
        var cells: [MetricBucket]
        if found.count == 1 {
            cells = found[0].buckets(from: range.start, to: range.end, period: period)
        } else {
            var byStart: [Int64: MetricBucket] = [:]
            for metric in found {
                for bucket in metric.buckets(from: range.start, to: range.end, period: period) {
                    byStart[bucket.start, default: MetricBucket(start: bucket.start)].add(bucket)
                }
            }
            cells = byStart.values.sorted { $0.start < $1.start }
        }
        return cells.compactMap { bucket in statistic.value(of: bucket).map { (bucket.start, $0) } }
    }
}
