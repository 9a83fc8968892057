import AWSTypes
import TerminalUI

/// A metric of certain dimensions, as the explorer lists it.
struct MetricRow: Identifiable, Hashable, Sendable {
    var namespace: String
    var name: String
    var dimensions: [CloudWatch.Dimension]

    init(_ metric: CloudWatch.Metric) {
        namespace = metric.namespace ?? ""
        name = metric.metricName ?? ""
        dimensions = metric.dimensions ?? []
    }

    var id: MetricRow { self }
    /// `QueueName orders, …`; a dash for none.
    var dimensionText: String {
        dimensions.isEmpty ? "–" : dimensions.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
    /// What tells it from others of its name: the values alone.
    var label: String {
        dimensions.isEmpty
            ? name : "\(name) \(dimensions.map { ResourceName.last(of: $0.value) }.joined(separator: " "))"
    }

    /// Counts of events are summed; all else is averaged.
    var suitingStatistic: String {
        let sums = [
            "NumberOf", "Invocations", "Errors", "Throttles", "Executions", "Count", "DeadLetterErrors",
            "IncomingLogEvents", "IncomingBytes", "DestinationDeliveryFailures",
        ]
        return sums.contains { name.hasPrefix($0) } ? "Sum" : "Average"
    }
}

/// A namespace with how many metrics it has.
struct NamespaceRow: Identifiable, Hashable, Sendable {
    var id: String
    var count: Int
}

/// The statistics a chart can show.
enum MetricStatistic {
    static let all = ["Average", "Sum", "Minimum", "Maximum", "SampleCount", "p50", "p90", "p95", "p99", "p99.9"]
}

/// What the points of one line say as a whole.
struct SeriesSummary: Hashable, Sendable {
    var last: Double?
    var minimum: Double?
    var average: Double?
    var maximum: Double?

    /// - Parameter cursor: a moment, milliseconds since 1970, to take `last` at.
    init(_ series: ChartSeries, cursor: Int64?) {
        let values = series.points.compactMap(\.value)
        minimum = values.min()
        maximum = values.max()
        average = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        if let cursor {
            last = series.points.last { $0.time <= cursor }?.value
        } else {
            last = values.last
        }
    }
}
