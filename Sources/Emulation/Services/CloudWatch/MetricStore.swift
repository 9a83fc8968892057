import AWSModel

/// Every series, found by its identity or, on the hot path, by its index.
final class MetricStore {
    private var stored: [StoredMetric] = []
    private var indices: [MetricSeries: Int] = [:]
    /// Series that differ in their unit alone, by an identity without unit.
    private var units: [MetricSeries: [Int]] = [:]
    private var lastRow: Int64 = 0

    subscript(index: Int) -> StoredMetric? { index >= 0 && index < stored.count ? stored[index] : nil }

    var all: [StoredMetric] { stored }

    /// The index of a series, which it gets on first use and keeps.
    func index(of series: MetricSeries) -> Int {
        if let index = indices[series] { return index }
        let canonical = Self.canonical(series)
        if let index = indices[canonical] {
            // The order in which a service names its dimensions is looked up once, too.
            indices[series] = index
            return index
        }
        let index = stored.count
        stored.append(StoredMetric(series: canonical))
        indices[canonical] = index
        if series != canonical { indices[series] = index }
        units[Self.withoutUnit(canonical), default: []].append(index)
        return index
    }

    /// Series with data of this identity; all units, or `unit` alone. Dimensions may come in any order.
    func find(_ series: MetricSeries, unit: String?) -> [StoredMetric] {
        let identity = Self.withoutUnit(Self.canonical(series))
        return (units[identity] ?? []).map { stored[$0] }.filter { unit == nil || $0.series.unit == unit }
    }

    /// Units that a metric has data in, by name.
    func units(of series: MetricSeries) -> [String] {
        let found = find(series, unit: nil).filter { !$0.isEmpty }.map {
            $0.series.unit.isEmpty ? "None" : $0.series.unit
        }
        return Set(found).sorted()
    }

    static func canonical(_ series: MetricSeries) -> MetricSeries {
        var canonical = series
        canonical.dimensions.sort { ($0.name, $0.value) < ($1.name, $1.value) }
        return canonical
    }

    static func withoutUnit(_ series: MetricSeries) -> MetricSeries {
        var identity = series
        identity.unit = ""
        return identity
    }

    /// When data is next due to be rolled up or dropped, in epoch seconds.
    var nextExpiry: Int64? { stored.lazy.compactMap(\.nextExpiry).min() }
}

// MARK: - Rows

extension MetricStore {
    func write(_ metric: StoredMetric, to journal: Journal) {
        let changes = metric.takeChanges()
        guard !changes.isEmpty else { return }
        let row = row(of: metric, in: journal)
        for (resolution, bucket) in changes {
            journal.record(
                "INSERT OR REPLACE INTO cloudwatch_buckets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .integer(row), .integer(resolution.rawValue), .integer(bucket.start), .real(bucket.sampleCount),
                    .real(bucket.sum), .real(bucket.minimum), .real(bucket.maximum), .bool(bucket.isOpaque),
                    bucket.histogram.map { .blob($0.encoded) } ?? .null,
                ])
        }
    }

    private func row(of metric: StoredMetric, in journal: Journal) -> Int64 {
        if let row = metric.rowID { return row }
        lastRow += 1
        metric.rowID = lastRow
        let series = metric.series
        let dimensions = series.dimensions.map { DocumentValue.list([.string($0.name), .string($0.value)]) }
        journal.record(
            "INSERT OR REPLACE INTO cloudwatch_series VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(lastRow), .text(series.scope.accountID), .text(series.scope.region), .text(series.namespace),
                .text(series.name), .text(JSONWriter.string(.list(dimensions))), .text(series.unit),
            ])
        return lastRow
    }

    /// Rolls up and drops what is past its retention, in memory and in the journal.
    func expire(at now: Int64, in journal: Journal) {
        for resolution in MetricResolution.allCases {
            journal.record(
                "DELETE FROM cloudwatch_buckets WHERE period = ? AND start < ?",
                [.integer(resolution.rawValue), .integer(now - resolution.retention)])
        }
        for metric in stored {
            metric.expire(at: now)
            write(metric, to: journal)
            if metric.isEmpty, let row = metric.rowID {
                journal.record("DELETE FROM cloudwatch_series WHERE id = ?", [.integer(row)])
                metric.rowID = nil
            }
        }
    }

    /// Puts rows back. Services that were restored earlier may hold handles already: those keep their index.
    func restore(from store: StoredRows) throws(StorageError) {
        var byRow: [Int64: StoredMetric] = [:]
        try store.forEach(
            "SELECT id, account, region, namespace, name, dimensions, unit FROM cloudwatch_series ORDER BY id"
        ) { row in
            let dimensions = (try? JSONReader.parse(row.text(5)))?.list ?? []
            let series = MetricSeries(
                scope: Scope(accountID: row.text(1), region: row.text(2)), namespace: row.text(3), name: row.text(4),
                dimensions: dimensions.map { MetricSeries.Dimension($0[0]?.string ?? "", $0[1]?.string ?? "") },
                unit: row.text(6))
            let metric = stored[index(of: series)]
            metric.rowID = row.integer(0)
            byRow[row.integer(0)] = metric
            lastRow = max(lastRow, row.integer(0))
        }
        try store.forEach(
            """
            SELECT series, period, start, sample_count, sum, minimum, maximum, opaque, histogram
            FROM cloudwatch_buckets ORDER BY series, period, start
            """
        ) { row in
            guard let metric = byRow[row.integer(0)], let resolution = MetricResolution(rawValue: row.integer(1)) else {
                return
            }
            var bucket = MetricBucket(start: row.integer(2))
            bucket.sampleCount = row.real(3)
            bucket.sum = row.real(4)
            bucket.minimum = row.real(5)
            bucket.maximum = row.real(6)
            bucket.isOpaque = row.bool(7)
            bucket.histogram = row.isNull(8) ? nil : ValueHistogram(encoded: row.blob(8))
            metric.restore(bucket, resolution: resolution)
        }
    }
}
