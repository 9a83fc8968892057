import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Monitor*: charts of the function's metrics and its newest log lines.
struct FunctionMonitorTab: FunctionTab {
    enum Message: Sendable {
        case measured(Result<FunctionMetrics, any Error>)
        case logged(Result<[StyledLine], any Error>)
        case rangeChosen(ActionID)
        case periodChosen(ActionID)
    }

    /// Seconds, and how the picker calls them.
    static let ranges: [(seconds: Int, title: String)] = [
        (900, "15 minutes"), (3600, "1 hour"), (10_800, "3 hours"), (43_200, "12 hours"), (86_400, "1 day"),
        (604_800, "1 week"),
    ]
    static let periods: [(seconds: Int, title: String)] = [
        (60, "1 minute"), (300, "5 minutes"), (900, "15 minutes"), (3600, "1 hour"), (21_600, "6 hours"),
    ]

    var functionName: String
    var logGroup: String
    var range = 3600
    var period = 60
    var metrics: FunctionMetrics?
    var failure: String?
    var log = TextViewer(id: "monitor.log")
    /// First chart shown where not all fit.
    var firstChart = 0
    /// How wide the tab last was.
    private let measure = Viewport()
    /// Columns from which all charts stand side by side.
    private static let widthOfAllCharts = 108

    init(functionName: String) {
        self.functionName = functionName
        logGroup = "/aws/lambda/\(functionName)"
        log.follows = true
        log.emptyText = "Loading…"
    }

    var capturesText: Bool { log.capturesText }
    var handlesEscape: Bool { log.handlesEscape }
    var copyText: String? { log.text.isEmpty ? nil : log.text }
    /// The window moves with time even where nothing happens.
    var tickInterval: Duration? { .seconds(60) }

    var bindings: [KeyBinding] {
        var keys = [
            KeyBinding(["x"], "range", "monitor.range", help: "How far back the charts go", menu: true),
            KeyBinding(["p"], "period", "monitor.period", help: "How much time one point stands for", menu: true),
        ]
        if measure.width < Self.widthOfAllCharts {
            keys.append(
                KeyBinding(["m"], "next chart", "monitor.chart", help: "The chart that does not fit here", menu: true))
        }
        return keys + TextViewer.bindings
    }

    mutating func tick() -> Effects { load() }
    func refresh() -> Effects { load() }

    mutating func show(_ details: FunctionDetails) { logGroup = details.logGroup }

    func load() -> Effects {
        let (name, group, range, period) = (functionName, logGroup, range, period)
        return [
            .work("monitor.metrics") { context in
                try await FunctionMetrics.fetch(name, range: range, period: period, context)
            } then: {
                .monitor(.measured($0))
            },
            .work("monitor.log") { context in
                let end = await context.now().epochMilliseconds
                var events: [Logs.FilteredLogEvent] = []
                var token: String?
                var pages = 0
                repeat {
                    let page = try await context.aws.call(
                        Logs.filterLogEvents,
                        .init(logGroupName: group, startTime: Int(end) - range * 1000, nextToken: token, limit: 1000))
                    events = Array((events + (page.events ?? [])).suffix(500))
                    token = page.nextToken
                    pages += 1
                } while token != nil && pages < 10 && !Task.isCancelled
                return events.flatMap(FunctionLogLine.lines)
            } then: {
                .monitor(.logged($0))
            },
        ]
    }

    mutating func perform(_ action: ActionID) -> Effects {
        switch action.name {
        case "monitor.range":
            return [
                .menu(Menu("Time range", Self.ranges.map { MenuItem(ActionID("\($0.seconds)"), $0.title) })) {
                    .monitor(.rangeChosen($0))
                }
            ]
        case "monitor.period":
            let items = Self.periods.map { item in
                MenuItem(
                    ActionID("\(item.seconds)"), item.title,
                    availability: .when(
                        range / item.seconds <= 1440 && item.seconds * 2 <= range,
                        otherwise: "Too \(item.seconds * 2 > range ? "long" : "short") for this range"))
            }
            return [.menu(Menu("Period", items)) { .monitor(.periodChosen($0)) }]
        case "monitor.chart":
            firstChart = (firstChart + 1) % 3
            return []
        default:
            _ = log.perform(action)
            return []
        }
    }

    mutating func handle(_ input: WidgetInput) -> Effects {
        _ = log.handle(input)
        return []
    }

    mutating func receive(_ message: Message) -> Effects {
        switch message {
        case .measured(.success(let new)): (metrics, failure) = (new, nil)
        case .measured(.failure(let error)): failure = error.sentence
        case .logged(.success(let lines)):
            log.emptyText = "No log lines in this range. \(logGroup) fills when the function runs."
            log.setLines(lines)
        case .logged(.failure(let error)):
            log.emptyText =
                FunctionText.isNotFound(error)
                ? "No log yet: \(logGroup) is created by the first invocation." : error.sentence
            log.setLines([])
        case .rangeChosen(let id):
            range = Int(id.name) ?? range
            // About sixty points: enough to see a shape, few enough for a terminal's columns.
            period = Self.periods.map(\.seconds).first { range / $0 <= 72 } ?? 21_600
            return load()
        case .periodChosen(let id):
            period = Int(id.name) ?? period
            return load()
        }
        return []
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        measure.record(top: 0, height: surface.height, width: surface.width)
        let count = surface.width >= Self.widthOfAllCharts ? 3 : surface.width >= 70 ? 2 : 1
        let parts = surface.rows([.fixed(min(16, max(9, surface.height * 55 / 100))), .fill()])
        let columns = parts[0].columns([Extent](repeating: .fill(), count: count))
        for (slot, column) in columns.enumerated() {
            let index = count == 3 ? slot : (firstChart + slot) % 3
            drawChart(index, on: column, isLast: slot == count - 1, isPartial: count < 3)
        }
        let inside = parts[1].panel(
            "Log \(logGroup)", focused: frame.isInteractive, note: [Span("L", .key), Span(" tail", .dim)])
        log.render(on: inside.inset(horizontally: 1), focused: frame.isInteractive)
    }

    private func drawChart(_ index: Int, on surface: Surface, isLast: Bool, isPartial: Bool) {
        let titles = ["Invocations", "Duration", "Concurrency"]
        var note: StyledLine?
        if isLast {
            let rangeTitle = Self.ranges.first { $0.seconds == range }?.title ?? "\(range) s"
            let periodTitle = Self.periods.first { $0.seconds == period }?.title ?? "\(period) s"
            note = StyledLine("\(rangeTitle) by \(periodTitle)", .dim)
        }
        let inside = surface.panel(titles[index], note: note)
        guard let metrics else {
            inside.write(
                failure ?? "Loading…", x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let inSeconds = (metrics.points["p99"] ?? []).contains { ($0.value ?? 0) >= 2000 }
        let throttles = metrics.series("throttles", "Throttles", .warning)
        let series =
            switch index {
            case 0:
                // The last one is drawn on top: a line of no errors must not hide the invocations.
                [metrics.series("errors", "Errors", .failure)]
                    + (throttles.points.contains { ($0.value ?? 0) > 0 } ? [throttles] : [])
                    + [metrics.series("invocations", "Invocations", .series1)]
            case 1:
                [metrics.series("p50", "p50", .series1), metrics.series("p99", "p99", .series2)].map {
                    inSeconds ? $0.scaled(by: 0.001) : $0
                }
            default: [metrics.series("concurrent", "Concurrent executions", .series3)]
            }
        LineChart(
            series, range: metrics.range,
            unit: index == 1 ? (inSeconds ? " s" : " ms") : ""
        )
        .render(on: inside)
    }
}

/// A log event as coloured lines.
enum FunctionLogLine {
    static func lines(_ event: Logs.FilteredLogEvent) -> [StyledLine] {
        let time = event.timestamp.map { ElapsedTime.clock(Instant(epochMilliseconds: Int64($0))) } ?? ""
        let message = (event.message ?? "").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let kept = message.last?.isEmpty == true ? message.dropLast() : message[...]
        return kept.enumerated().map { index, text in
            [Span(index == 0 ? time + "  " : "          ", .faint), styled(String(text))]
        }
    }

    /// Lambda's own lines step back, errors and warnings step forward.
    static func styled(_ text: String) -> Span { Span(text.replacingTabs, LogLine.level(of: text).role) }
}

extension String {
    /// One REPORT line holds tabs between its figures.
    fileprivate var replacingTabs: String { String(map { $0 == "\t" ? " " : $0 }) }
}

extension ChartSeries {
    /// In another unit.
    fileprivate func scaled(by factor: Double) -> ChartSeries {
        var copy = self
        copy.points = points.map { Point(time: $0.time, value: $0.value.map { $0 * factor }) }
        return copy
    }
}
