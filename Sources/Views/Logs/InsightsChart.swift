import AWSModel
import TerminalUI

/// The drawing that suits a query's answer: events over time, a statistic over bins of time, or one by group.
enum InsightsChart: Sendable {
    case bars(BarChart)
    case lines(LineChart)
    case categories(CategoryBars)

    private static let mostSeries = 6

    /// Nil where there is nothing to draw.
    /// - Parameter bounds: the range asked for, milliseconds since 1970.
    init?(_ result: InsightsResult, bounds: ClosedRange<Int64>) {
        guard let first = result.rows.first else { return nil }
        let times = result.columns.filter { Self.time(first[$0]) != nil }
        if times.contains("@timestamp") {
            self = .bars(Self.histogram(result, bounds))
            return
        }
        let numbers = result.columns.filter { name in
            !times.contains(name) && result.rows.contains { Double($0[name] ?? "") != nil }
                && result.rows.allSatisfy { ($0[name] ?? "").isEmpty || Double($0[name] ?? "") != nil }
        }
        let names = result.columns.filter { !times.contains($0) && !numbers.contains($0) }
        guard !numbers.isEmpty else { return nil }
        if let time = times.first {
            self = Self.overTime(result, time, numbers, names, bounds)
            return
        }
        guard !names.isEmpty, result.rows.count > 1, let number = numbers.last else { return nil }
        self = .categories(
            CategoryBars(
                result.rows.prefix(50).compactMap { row in
                    Double(row[number] ?? "").map {
                        CategoryBars.Bar(names.map { row[$0] ?? "–" }.joined(separator: " "), $0)
                    }
                }))
    }

    /// Events counted in about sixty bins.
    private static func histogram(_ result: InsightsResult, _ bounds: ClosedRange<Int64>) -> BarChart {
        let span = max(1, bounds.upperBound - bounds.lowerBound)
        let steps: [Int64] = [1, 5, 10, 30, 60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800]
        let period = steps.map { $0 * 1000 }.first { $0 * 60 >= span } ?? 604_800_000
        var counts: [Int64: Double] = [:]
        for row in result.rows {
            guard let time = time(row["@timestamp"]) else { continue }
            counts[time - time % period, default: 0] += 1
        }
        let points = counts.sorted { $0.key < $1.key }.map { ChartSeries.Point(time: $0.key, value: $0.value) }
        return BarChart(ChartSeries("events", points), period: period, range: bounds)
    }

    private static func overTime(
        _ result: InsightsResult, _ time: String, _ numbers: [String], _ names: [String], _ bounds: ClosedRange<Int64>
    ) -> InsightsChart {
        var order: [String] = []
        var points: [String: [ChartSeries.Point]] = [:]
        for row in result.rows {
            guard let at = Self.time(row[time]) else { continue }
            let group = names.map { row[$0] ?? "–" }.joined(separator: " ")
            for number in numbers {
                let key = group.isEmpty ? number : numbers.count == 1 ? group : "\(group) \(number)"
                if points[key] == nil { order.append(key) }
                points[key, default: []].append(ChartSeries.Point(time: at, value: Double(row[number] ?? "")))
            }
        }
        let series = order.prefix(mostSeries).map { key in
            ChartSeries(key, (points[key] ?? []).sorted { $0.time < $1.time })
        }
        let period = series.map { gap($0.points) }.min() ?? 60_000
        let range = (bounds.lowerBound - bounds.lowerBound % max(1, period))...bounds.upperBound
        if series.count == 1 { return .bars(BarChart(series[0], period: period, range: range)) }
        return .lines(
            LineChart(
                series.map {
                    ChartSeries(
                        $0.name,
                        MetricReading.spaced(
                            $0.points, period: period, from: range.lowerBound, to: range.upperBound, fillsZero: false))
                }, range: range))
    }

    /// The shortest time between two points: the width of a bin.
    private static func gap(_ points: [ChartSeries.Point]) -> Int64 {
        zip(points, points.dropFirst()).map { $1.time - $0.time }.filter { $0 > 0 }.min() ?? 60_000
    }

    /// Milliseconds of `2026-11-23 14:02:11.000`.
    static func time(_ text: String?) -> Int64? {
        guard let text, text.utf8.count == 23 else { return nil }
        let digits = text.utf8.map { Int($0) - 48 }
        func number(_ from: Int, _ count: Int) -> Int? {
            var value = 0
            for digit in digits[from..<(from + count)] {
                guard (0...9).contains(digit) else { return nil }
                value = value * 10 + digit
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), let rest = number(20, 3),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let date = CalendarDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        return date.instant.epochMilliseconds + Int64(rest)
    }

    /// Rows that it wants to have.
    var height: Int {
        switch self {
        case .bars: 6
        case .lines: 9
        case .categories(let chart): min(8, chart.bars.count)
        }
    }

    func render(on surface: Surface) {
        switch self {
        case .bars(let chart): chart.render(on: surface)
        case .lines(let chart): chart.render(on: surface)
        case .categories(let chart): chart.render(on: surface)
        }
    }
}
