import AWSModel

/// A query of Metrics Insights: `SELECT MAX(Duration) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName`.
///
/// It adds up what many metrics recorded, one line for each group of label values.
struct MetricSelection: Hashable {
    enum Function: String {
        case average = "AVG"
        case count = "COUNT"
        case maximum = "MAX"
        case minimum = "MIN"
        case sum = "SUM"

        var statistic: MetricStatistic {
            switch self {
            case .average: .average
            case .count: .sampleCount
            case .maximum: .maximum
            case .minimum: .minimum
            case .sum: .sum
            }
        }

        /// One number of a line, to put lines in order.
        func figure(of values: [Double]) -> Double? {
            guard !values.isEmpty else { return nil }
            return switch self {
            case .average: values.reduce(0, +) / Double(values.count)
            case .count: Double(values.count)
            case .maximum: values.max()
            case .minimum: values.min()
            case .sum: values.reduce(0, +)
            }
        }
    }

    struct Condition: Hashable {
        var label: String
        var isEqual: Bool
        var value: String
    }

    struct Order: Hashable {
        var function: Function
        var isDescending: Bool
    }

    var function: Function
    var metricName: String
    var namespace: String
    /// The exact set of dimension names, where a schema gives one.
    var schema: Set<String>?
    var conditions: [Condition] = []
    var groups: [String] = []
    var order: Order?
    var limit: Int?

    /// AWS: a query gives at most this many lines, named or not.
    static let mostLines = 500
    private static let account = "AWS.AccountId"

    /// Whether an expression is such a query, rather than math.
    static func isSelection(_ text: String) -> Bool {
        let start = text.drop(while: \.isWhitespace)
        return start.prefix(6).uppercased() == "SELECT" && (start.dropFirst(6).first?.isWhitespace ?? true)
    }

    // MARK: Finding

    private static func value(of label: String, in series: MetricSeries) -> String? {
        if label == account { return series.scope.accountID }
        return series.dimensions.first { $0.name == label }?.value
    }

    /// The values of the grouping labels; nil for a metric that the query passes over.
    ///
    /// AWS: a condition holds only for metrics that have the label, also where it must differ.
    private func key(of series: MetricSeries) -> [String]? {
        guard series.name == metricName, series.namespace == namespace else { return nil }
        if let schema,
            schema.count != series.dimensions.count || !series.dimensions.allSatisfy({ schema.contains($0.name) })
        {
            return nil
        }
        for condition in conditions {
            guard let value = Self.value(of: condition.label, in: series),
                (value == condition.value) == condition.isEqual
            else { return nil }
        }
        var key: [String] = []
        for label in groups {
            guard let value = Self.value(of: label, in: series) else { return nil }
            key.append(value)
        }
        return key
    }

    /// A line of each group, in the order asked for; without groups the one line of all.
    func lines(in store: MetricStore, scope: Scope, range: MetricRange, period: Int64) -> [MathSeries] {
        var cells: [[String]: [Int64: MetricBucket]] = [:]
        if groups.isEmpty { cells[[]] = [:] }
        for metric in store.all where metric.series.scope == scope {
            guard let key = key(of: metric.series) else { continue }
            for bucket in metric.buckets(from: range.start, to: range.end, period: period) {
                cells[key, default: [:]][bucket.start, default: MetricBucket(start: bucket.start)].add(bucket)
            }
        }
        let lines = cells.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, buckets in
            line(key, buckets.values.sorted { $0.start < $1.start }, scope: scope, period: period)
        }
        return Array(ordered(lines).prefix(limit ?? Self.mostLines))
    }

    private func line(_ key: [String], _ buckets: [MetricBucket], scope: Scope, period: Int64) -> MathSeries {
        let labels = zip(groups, key).filter { $0.0 != Self.account }
        let source = MetricSeries(
            scope: scope, namespace: namespace, name: metricName,
            dimensions: labels.map { MetricSeries.Dimension($0.0, $0.1) }, unit: "")
        var line = MathSeries(
            label: key.isEmpty ? metricName : key.joined(separator: " "), period: period, source: source,
            statistic: function.rawValue)
        for bucket in buckets {
            if let value = function.statistic.value(of: bucket) { line.append(bucket.start, value) }
        }
        return line
    }

    private func ordered(_ lines: [MathSeries]) -> [MathSeries] {
        guard let order else { return lines }
        return MathFunctions.sorted(
            lines, by: { order.function.figure(of: $0) ?? 0 }, descending: order.isDescending, limit: nil)
    }
}
