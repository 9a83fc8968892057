import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One line of a chart: a metric of some dimensions by one statistic.
struct MetricQuery: Hashable, Sendable {
    var namespace: String
    var name: String
    var dimensions: [CloudWatch.Dimension]
    var statistic: String
    /// In the legend.
    var label: String
    /// A period without data points counts as 0, as suits sums of events.
    var fillsZero = false
}

/// How far back a chart looks, and how much time one of its points stands for.
struct MetricWindow: Hashable, Sendable {
    static let ranges: [(title: String, seconds: Int)] = [
        ("5 min", 300), ("15 min", 900), ("1 h", 3600), ("3 h", 10_800), ("12 h", 43_200), ("1 d", 86_400),
        ("3 d", 259_200), ("1 w", 604_800),
    ]
    static let periods: [(title: String, seconds: Int)] = [
        ("1 s", 1), ("10 s", 10), ("1 min", 60), ("5 min", 300), ("15 min", 900), ("1 h", 3600), ("6 h", 21_600),
        ("1 d", 86_400),
    ]

    /// Index into `ranges`.
    var range = 2
    /// Seconds; nil takes what suits the range.
    var chosenPeriod: Int?

    var seconds: Int { Self.ranges[range].seconds }
    var title: String { Self.ranges[range].title }

    /// About 60 to 180 points, whatever the range.
    var period: Int {
        if let chosenPeriod { return chosenPeriod }
        return switch seconds {
        case ...10_800: 60
        case ...43_200: 300
        case ...86_400: 900
        default: 3600
        }
    }

    var periodTitle: String { Self.periods.first { $0.seconds == period }?.title ?? "\(period) s" }
    var description: String { "last \(title), a point every \(periodTitle)" }

    mutating func widen(_ step: Int) { range = max(0, min(range + step, Self.ranges.count - 1)) }

    func menuOfRanges() -> Menu {
        Menu(
            "Range",
            Self.ranges.indices.map {
                MenuItem(ActionID("range.\($0)"), "Last \(Self.ranges[$0].title)", detail: $0 == range ? "now" : "")
            })
    }

    func menuOfPeriods() -> Menu {
        let automatic = MenuItem("period.0", "Automatic", detail: chosenPeriod == nil ? "now" : "")
        return Menu(
            "Period",
            [automatic]
                + Self.periods.map {
                    MenuItem(
                        ActionID("period.\($0.seconds)"), $0.title, detail: $0.seconds == chosenPeriod ? "now" : "")
                })
    }

    /// Does what an item of either menu names.
    mutating func choose(_ action: ActionID) -> Bool {
        let parts = action.name.split(separator: ".")
        guard parts.count == 2, let number = Int(parts[1]) else { return false }
        switch parts[0] {
        case "range" where Self.ranges.indices.contains(number): range = number
        case "period": chosenPeriod = number == 0 ? nil : number
        default: return false
        }
        return true
    }
}

/// What CloudWatch said about some lines in a window.
struct MetricReading: Sendable {
    /// In the order of the queries.
    var series: [ChartSeries]
    /// Milliseconds since 1970.
    var range: ClosedRange<Int64>
    /// The query that each line comes from.
    var ids: [String] = []
    /// What CloudWatch had to say, as that a search found more than it gives.
    var messages: [String] = []
    /// Thresholds of alarms on what is read.
    var levels: [ChartLevel] = []

    /// - Throws: `AWSError`
    static func read(_ queries: [MetricQuery], _ window: MetricWindow, _ context: ConsoleContext) async throws
        -> MetricReading
    {
        try await read(queries, seconds: window.seconds, period: window.period, context)
    }

    /// Reads to the end of the period under way, by the engine's clock where there is one: so that a world whose clock was
    /// moved shows its own recent past.
    /// - Parameters:
    ///   - seconds: how far back.
    ///   - period: what one point stands for, in seconds.
    /// - Throws: `AWSError`
    static func read(_ queries: [MetricQuery], seconds: Int, period: Int, _ context: ConsoleContext) async throws
        -> MetricReading
    {
        guard !queries.isEmpty else {
            return MetricReading(
                series: [], range: await range(seconds: seconds, period: period, context), messages: [])
        }
        var reading = try await read(
            queries.enumerated().map { $1.request(id: "m\($0)", period: period) }, seconds: seconds, period: period,
            context)
        // In the order of the queries, and each there even without a point.
        let found = Dictionary(zip(reading.ids, reading.series), uniquingKeysWith: { first, _ in first })
        let step = Int64(period) * 1000
        let now = await context.now().epochMilliseconds
        reading.series = queries.enumerated().map { index, query in
            let points = found["m\(index)"]?.points ?? []
            guard query.fillsZero else { return ChartSeries(query.label, points) }
            return ChartSeries(
                query.label,
                spaced(
                    points.filter { $0.value != nil }, period: step, from: reading.range.lowerBound,
                    to: min(now, reading.range.upperBound), fillsZero: true))
        }
        reading.ids = queries.indices.map { "m\($0)" }
        return reading
    }

    private static func range(seconds: Int, period: Int, _ context: ConsoleContext) async -> ClosedRange<Int64> {
        let period = Int64(max(1, period)) * 1000
        let now = await context.now().epochMilliseconds
        let end = (now / period + 1) * period
        return (end - Int64(seconds) * 1000)...end
    }

    /// Reads queries as they are, math and searches among them: one of these may come to several lines, or none.
    /// - Throws: `AWSError`
    static func read(
        _ requests: [CloudWatch.MetricDataQuery], seconds: Int, period: Int, _ context: ConsoleContext
    ) async throws -> MetricReading {
        let range = await range(seconds: seconds, period: period, context)
        struct Line: Hashable {
            var id: String
            var label: String
        }
        var order: [Line] = []
        var points: [Line: [ChartSeries.Point]] = [:]
        var messages: [String] = []
        var token: String?
        repeat {
            let output = try await context.aws.call(
                CloudWatch.getMetricData,
                .init(
                    metricDataQueries: requests, startTime: Instant(epochMilliseconds: range.lowerBound),
                    endTime: Instant(epochMilliseconds: range.upperBound), nextToken: token,
                    scanBy: "TimestampAscending"))
            for result in output.metricDataResults ?? [] {
                let line = Line(id: result.id ?? "", label: result.label ?? "")
                if points[line] == nil { order.append(line) }
                points[line, default: []] += zip(result.timestamps ?? [], result.values ?? []).map {
                    ChartSeries.Point(time: $0.epochMilliseconds, value: $1)
                }
                messages += (result.messages ?? []).compactMap(\.value)
            }
            messages += (output.messages ?? []).compactMap(\.value)
            token = output.nextToken
        } while token != nil && !Task.isCancelled
        // A query may name a period of its own.
        let periods = Dictionary(
            requests.map { ($0.id, $0.metricStat?.period ?? $0.period ?? period) }, uniquingKeysWith: { $1 })
        let series = order.map { line in
            ChartSeries(
                line.label,
                spaced(
                    points[line] ?? [], period: Int64(periods[line.id] ?? period) * 1000, from: range.lowerBound,
                    to: range.upperBound, fillsZero: false))
        }
        return MetricReading(series: series, range: range, ids: order.map(\.id), messages: messages)
    }

    /// A cursor one point further, within the chart; where there is none yet, on the newest point.
    /// - Parameters:
    ///   - cursor: milliseconds since 1970.
    ///   - period: seconds.
    func moved(_ cursor: Int64?, by step: Int64, period: Int) -> Int64 {
        let period = Int64(period) * 1000
        let at = cursor.map { $0 + step * period } ?? range.upperBound - period
        return max(range.lowerBound, min(at, range.upperBound - period))
    }

    /// Puts a gap, or zeros, where periods have no data point, so that no line is drawn across.
    static func spaced(
        _ points: [ChartSeries.Point], period: Int64, from start: Int64, to end: Int64, fillsZero: Bool
    ) -> [ChartSeries.Point] {
        guard !points.isEmpty else { return [] }
        var result: [ChartSeries.Point] = []
        var expected = fillsZero ? start : points[0].time
        for point in points {
            while expected < point.time {
                result.append(ChartSeries.Point(time: expected, value: fillsZero ? 0 : nil))
                // One gap is enough.
                expected = fillsZero ? expected + period : point.time
            }
            result.append(point)
            expected = point.time + period
        }
        while fillsZero, expected < end {
            result.append(ChartSeries.Point(time: expected, value: 0))
            expected += period
        }
        return result
    }
}

extension MetricQuery {
    fileprivate func request(id: String, period: Int) -> CloudWatch.MetricDataQuery {
        let metric = CloudWatch.Metric(namespace: namespace, metricName: name, dimensions: dimensions)
        return CloudWatch.MetricDataQuery(
            id: id, metricStat: CloudWatch.MetricStat(metric: metric, period: period, stat: statistic))
    }
}
