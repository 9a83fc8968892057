import AWSTypes
import TerminalUI

/// The metrics of a state machine as the Monitoring tab draws them.
struct MachineMetrics: Sendable {
    /// By metric for counts, by statistic for the execution time.
    var series: [String: [ChartSeries.Point]] = [:]
    var from: Int64 = 0
    var to: Int64 = 0
    var problem: String?

    private static let counts = [
        "ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsAborted", "ExecutionsTimedOut",
        "ExecutionThrottled",
    ]

    static func read(_ arn: String, _ window: MetricWindow, _ context: ConsoleContext) async -> MachineMetrics {
        let dimensions = [CloudWatch.Dimension(name: "StateMachineArn", value: arn)]
        let queries =
            counts.map {
                MetricQuery(
                    namespace: "AWS/States", name: $0, dimensions: dimensions, statistic: "Sum", label: $0,
                    fillsZero: true)
            }
            + ["Average", "p99", "Maximum"].map {
                MetricQuery(
                    namespace: "AWS/States", name: "ExecutionTime", dimensions: dimensions, statistic: $0, label: $0)
            }
        do {
            let reading = try await MetricReading.read(queries, window, context)
            return MachineMetrics(
                series: Dictionary(reading.series.map { ($0.name, $0.points) }) { $1 },
                from: reading.range.lowerBound, to: reading.range.upperBound)
        } catch {
            return MachineMetrics(problem: error.sentence)
        }
    }

    private func sum(_ name: String) -> Int { Int((series[name] ?? []).reduce(0) { $0 + ($1.value ?? 0) }) }

    func render(on surface: Surface, window: MetricWindow) {
        let note = StyledLine("last \(window.title) · + and - change the range", .dim)
        if let problem {
            let inside = surface.panel("Monitoring", focused: true, note: note)
            inside.write(problem, x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.failure))
            return
        }
        let parts = surface.rows([.fixed(3), .fill()])
        let head = parts[0].panel("Executions", focused: true, note: note)
        var x = 1
        for (title, name, role) in [
            ("started", "ExecutionsStarted", Role.text), ("succeeded", "ExecutionsSucceeded", .success),
            ("failed", "ExecutionsFailed", .failure), ("aborted", "ExecutionsAborted", .dim),
            ("timed out", "ExecutionsTimedOut", .warning), ("throttled", "ExecutionThrottled", .warning),
        ] {
            let count = sum(name)
            // The common ones are always told, the rare ones when there are any: so the row fits 80 columns.
            if count == 0, ["ExecutionsAborted", "ExecutionsTimedOut", "ExecutionThrottled"].contains(name) {
                continue
            }
            x =
                head.write(
                    [Span(count.grouped, Style(count > 0 ? role : .dim, .bold)), Span(" \(title)", .dim)], x: x, y: 0)
                + 3
        }
        let charts =
            surface.width >= 100 ? parts[1].columns([.percent(50), .fill()]) : parts[1].rows([.fill(), .fill()])
        chart(
            ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed"], ["started", "succeeded", "failed"],
            [.series1, .success, .failure]
        ).render(on: charts[0].panel("Executions per period"))
        chart(
            ["Average", "p99", "Maximum"], ["average", "p99", "maximum"], [.series1, .series2, .series3], unit: " ms"
        ).render(on: charts[1].panel("Execution time"))
    }

    private func chart(_ names: [String], _ titles: [String], _ roles: [Role], unit: String = "") -> LineChart {
        let lines = zip(zip(names, titles), roles).compactMap { pair, role in
            series[pair.0].map { ChartSeries(pair.1, $0, role: role) }
        }
        return LineChart(lines, range: from < to ? from...to : nil, unit: unit)
    }
}
