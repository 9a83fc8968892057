import AWSTypes
import TerminalUI

/// Points of a function's metrics, by what the charts call them.
struct FunctionMetrics: Sendable {
    /// Milliseconds since 1970.
    var range: ClosedRange<Int64>
    var points: [String: [ChartSeries.Point]] = [:]

    func series(_ id: String, _ name: String, _ role: Role) -> ChartSeries {
        ChartSeries(name, points[id] ?? [], role: role)
    }

    /// - Parameters:
    ///   - range: how far back, in seconds.
    ///   - period: what one point stands for, in seconds.
    /// - Throws: `AWSError`
    static func fetch(_ function: String, range: Int, period: Int, _ context: ConsoleContext) async throws
        -> FunctionMetrics
    {
        func query(_ id: String, _ metric: String, _ statistic: String) -> MetricQuery {
            MetricQuery(
                namespace: "AWS/Lambda", name: metric,
                dimensions: [CloudWatch.Dimension(name: "FunctionName", value: function)], statistic: statistic,
                label: id, fillsZero: statistic == "Sum")
        }
        let queries = [
            query("invocations", "Invocations", "Sum"), query("errors", "Errors", "Sum"),
            query("throttles", "Throttles", "Sum"),
            query("p50", "Duration", "p50"), query("p99", "Duration", "p99"),
            query("concurrent", "ConcurrentExecutions", "Maximum"),
        ]
        let reading = try await MetricReading.read(queries, seconds: range, period: period, context)
        return FunctionMetrics(
            range: reading.range, points: Dictionary(reading.series.map { ($0.name, $0.points) }) { $1 })
    }
}
