import AWSClient
import AWSTypes
import TerminalUI

/// What a service counts of a resource: a chart of a screen's *Monitoring* tab.
struct ResourceMetric: Sendable {
    var title: String
    var metric: String
    var statistic = "Sum"
    var unit = ""
}

/// The metrics of a resource, each in a chart: the *Monitoring* tab of its screen.
struct ResourceMetricsTab<Reading: Sendable>: ResourceTab {
    enum Message: Sendable {
        case loaded(Result<MetricReading, any Error>)
        case chosen(ActionID)
    }

    let namespace: String
    let metrics: [ResourceMetric]
    let dimensions: @Sendable (Reading) -> [CloudWatch.Dimension]

    var reading: Reading?
    var isStale = false
    var window = MetricWindow()
    var lines: MetricReading?
    var failure: String?
    /// Milliseconds; all charts share it.
    var cursor: Int64?

    init(
        _ namespace: String, _ metrics: [ResourceMetric],
        dimensions: @escaping @Sendable (Reading) -> [CloudWatch.Dimension]
    ) {
        self.namespace = namespace
        self.metrics = metrics
        self.dimensions = dimensions
    }

    var topics: Set<Topic> { ["cloudwatch"] }
    var handlesEscape: Bool { cursor != nil }

    var bindings: [KeyBinding] {
        [
            KeyBinding(["+", "="], "longer", "longer", help: "Look further back"),
            KeyBinding(["-"], "shorter", "shorter", help: "Look closer"),
            KeyBinding(["g"], "range", "range", help: "Choose the range", prominence: .help, menu: true),
            KeyBinding(["p"], "period", "period", help: "Choose the time a point stands for", menu: true),
            KeyBinding(["left", "h"], "cursor", "left", help: "Move the cursor back in time"),
            KeyBinding(
                ["right", "l"], "cursor forward", "right", help: "Move the cursor forward in time", prominence: .help),
            KeyBinding(["M"], "metrics", "metrics", help: "All metrics of the service in the explorer", menu: true),
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return load()
        case .action("longer"):
            window.widen(1)
            return load()
        case .action("shorter"):
            window.widen(-1)
            return load()
        case .action("range"): return [.menu(window.menuOfRanges()) { .chosen($0) }]
        case .action("period"): return [.menu(window.menuOfPeriods()) { .chosen($0) }]
        case .action("left"): moveCursor(-1)
        case .action("right"): moveCursor(1)
        case .action("metrics"): return [.open("cloudwatch.metrics", namespace)]
        case .input(.key(.escape)): cursor = nil
        case .message(.chosen(let action)): return window.choose(action) ? load() : []
        case .message(.loaded(.success(let new))):
            failure = nil
            lines = new
            if let at = cursor, !new.range.contains(at) { cursor = nil }
        case .message(.loaded(.failure(let error))): failure = error.sentence
        default: break
        }
        return []
    }

    private mutating func moveCursor(_ step: Int64) {
        if let lines { cursor = lines.moved(cursor, by: step, period: window.period) }
    }

    private func load() -> [Effect<Message>] {
        guard let reading else { return [] }
        let dimensions = dimensions(reading)
        let queries = metrics.map {
            MetricQuery(
                namespace: namespace, name: $0.metric, dimensions: dimensions, statistic: $0.statistic,
                label: $0.title, fillsZero: $0.statistic == "Sum")
        }
        let window = window
        return [
            .work("metrics") { context in
                try await MetricReading.read(queries, window, context)
            } then: {
                .loaded($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        parts[0].write("Last \(window.title), a point every \(window.periodTitle)", x: 2, y: 0, Style(.dim))
        if let cursor {
            let text = ElapsedTime.date(.init(epochMilliseconds: cursor))
            parts[0].write(text, x: parts[0].width - text.count - 2, y: 0, Style(.accent))
        }
        guard let lines else {
            let inside = parts[1].panel("Monitoring")
            inside.write(
                failure ?? "Loading…", x: 2, y: inside.height / 2, width: inside.width - 4, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let columns = parts[1].width >= 130 ? 3 : 2
        let rows = parts[1].rows(Array(repeating: .fill(), count: (metrics.count + columns - 1) / columns))
        for (index, metric) in metrics.enumerated() {
            let cells = rows[index / columns].columns(Array(repeating: .fill(), count: columns))
            draw(metric, lines.series[index], index, lines.range, on: cells[index % columns])
        }
    }

    private func draw(
        _ metric: ResourceMetric, _ line: ChartSeries, _ index: Int, _ range: ClosedRange<Int64>, on cell: Surface
    ) {
        let points = line.points
        let value =
            cursor.flatMap { at in points.last { $0.time <= at }?.value }
            ?? (cursor == nil ? points.last { $0.value != nil }?.value : nil)
        let note = value.map { StyledLine("\(AxisTicks.short($0))\(metric.unit)", .text) } ?? StyledLine("–", .dim)
        let inside = cell.panel(metric.title, note: note)
        // Too low for axes: the trend alone.
        if inside.height < 4 {
            Sparkline(points.map(\.value), role: .series(index)).render(
                on: inside.part(Rect(x: 1, y: inside.height / 2, width: inside.width - 2, height: 1)))
            return
        }
        LineChart(
            [ChartSeries(metric.title, points, role: .series(index))], range: range, unit: metric.unit, cursor: cursor,
            showsLegend: false
        ).render(on: inside)
    }
}
