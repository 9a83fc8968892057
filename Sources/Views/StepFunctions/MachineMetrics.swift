import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The metrics of a state machine as the Monitoring tab draws them.
struct MachineMetrics: Sendable {
    var series: [String: [ChartSeries.Point]] = [:]
    var from: Int64 = 0
    var to: Int64 = 0
    var problem: String?

    /// Namespace `AWS/States`; name, statistic.
    private static let counts = [
        "ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsAborted", "ExecutionsTimedOut",
        "ExecutionThrottled",
    ]

    static let ranges: [(title: String, seconds: Int64, period: Int)] = [
        ("15 min", 900, 60), ("1 h", 3600, 60), ("3 h", 10_800, 300), ("12 h", 43_200, 300), ("1 d", 86_400, 900),
        ("1 w", 604_800, 3600),
    ]

    /// `now` is the engine's, so that a world whose clock was moved shows its own recent past.
    static func read(_ arn: String, now: Instant, range: Int, _ context: ConsoleContext) async -> MachineMetrics {
        let (_, seconds, period) = ranges[range]
        let step = Int64(period) * 1_000_000
        let end = Instant(microseconds: (now.microseconds / step + 1) * step)
        let start = Instant(microseconds: end.microseconds - seconds * 1_000_000)
        var metrics = MachineMetrics(from: start.epochMilliseconds, to: end.epochMilliseconds)
        let dimensions = [CloudWatch.Dimension(name: "StateMachineArn", value: arn)]
        var queries: [CloudWatch.MetricDataQuery] = []
        func add(_ id: String, _ name: String, _ statistic: String) {
            let metric = CloudWatch.Metric(namespace: "AWS/States", metricName: name, dimensions: dimensions)
            queries.append(
                CloudWatch.MetricDataQuery(
                    id: id, metricStat: CloudWatch.MetricStat(metric: metric, period: period, stat: statistic)))
        }
        for (index, name) in counts.enumerated() { add("c\(index)", name, "Sum") }
        for (id, statistic) in [("t0", "Average"), ("t1", "p99"), ("t2", "Maximum")] {
            add(id, "ExecutionTime", statistic)
        }
        let names = counts + ["Average", "p99", "Maximum"]
        let ids = queries.map(\.id)
        do {
            let output = try await context.aws.call(
                CloudWatch.getMetricData,
                .init(metricDataQueries: queries, startTime: start, endTime: end, scanBy: "TimestampAscending"))
            for result in output.metricDataResults ?? [] {
                guard let index = ids.firstIndex(of: result.id ?? "") else { continue }
                metrics.series[names[index]] = zip(result.timestamps ?? [], result.values ?? []).map {
                    ChartSeries.Point(time: $0.epochMilliseconds, value: $1)
                }
            }
        } catch {
            metrics.problem = error.sentence
        }
        return metrics
    }

    private func sum(_ name: String) -> Int { Int((series[name] ?? []).reduce(0) { $0 + ($1.value ?? 0) }) }

    func render(on surface: Surface, range: Int) {
        let note = StyledLine("last \(Self.ranges[range].title) · + and - change the range", .dim)
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
