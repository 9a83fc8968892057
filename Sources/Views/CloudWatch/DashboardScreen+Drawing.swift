import AWSModel
import TerminalUI

extension DashboardScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        guard let reading else {
            let inside = surface.panel(name)
            inside.write(
                failure ?? "Loading…", x: 0, y: inside.height / 2, width: inside.width, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let widgets = reading.body.widgets
        guard !widgets.isEmpty else {
            let inside = surface.panel(name, focused: true)
            inside.write(
                reading.body.failure ?? "", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim)
            )
            return
        }
        if isZoomed {
            draw(selected, of: reading, on: surface, isFocused: frame.isInteractive)
            return
        }
        let parts = surface.rows([.fixed(1), .fill()])
        let moment = cursor.map { "at \(ElapsedTime.date(Instant(epochMilliseconds: $0)))" } ?? window.description
        parts[0].write(
            moment, x: 0, y: 0, width: surface.width - 1, align: .right, Style(cursor == nil ? .dim : .accent))
        parts[0].write(Quantity.count(widgets.count, "panel"), x: 1, y: 0, Style(.dim))
        let area = parts[1]
        let scale = area.height >= 30 ? 2 : 1.75
        var layout = DashboardLayout(widgets, width: area.width, rowsPerUnit: scale)
        if layout.height > area.height {
            // A column for the bar that tells where one is.
            layout = DashboardLayout(widgets, width: area.width - 1, rowsPerUnit: scale)
        }
        let place = layout.places[selected]
        viewport.record(top: viewport.top, height: area.height, width: area.width)
        _ = viewport.follow(min(place.maxY, place.y + area.height) - 1, visible: area.height, total: layout.height)
        let top = viewport.follow(place.y, visible: area.height, total: layout.height)
        for (index, place) in layout.places.enumerated() where place.maxY > top && place.y < top + area.height {
            draw(
                index, of: reading, on: area.part(place.offset(x: 0, y: -top)),
                isFocused: frame.isInteractive && index == selected)
        }
        area.scrollBar(top: top, visible: area.height, total: layout.height, x: area.width - 1, height: area.height)
    }

    private func draw(_ index: Int, of reading: DashboardReading, on surface: Surface, isFocused: Bool) {
        let widget = reading.body.widgets[index]
        let panel = reading.panels[widget.id]
        var note: StyledLine?
        if case .alarms(let alarms) = panel {
            let count = alarms.count { $0.state == "ALARM" }
            note = count > 0 ? StyledLine("✗ \(count) in alarm", .failure) : StyledLine("✓ none in alarm", .success)
        }
        let inside = surface.panel(widget.title, focused: isFocused, note: note)
        surface.region("panel.\(index)")
        switch (widget.content, panel) {
        case (.text(let lines), _):
            for (y, line) in wrapped(lines, inside.width - 2).prefix(inside.height).enumerated() {
                inside.write(line, x: 1, y: y)
            }
        case (.unsupported(let reason), _): say(reason, .dim, on: inside)
        case (_, .failure(let text)): say(text, .failure, on: inside)
        case (.metric(let widget), .metric(let metric, let levels)):
            drawMetric(metric, levels, widget, on: inside)
        case (.log(let widget), .log(let result, let bounds)): drawLog(result, bounds, widget, on: inside)
        case (_, .alarms(let alarms)): drawAlarms(alarms, on: inside)
        default: say("Loading…", .dim, on: inside)
        }
    }

    private func wrapped(_ lines: [StyledLine], _ width: Int) -> [StyledLine] {
        lines.flatMap { line in
            line.spans.count == 1
                ? TextWrapping.wrap(line.text, to: width).map { StyledLine($0, line.spans[0].style) } : [line]
        }
    }

    private func say(_ text: String, _ role: Role, on surface: Surface) {
        let lines = TextWrapping.wrap(text, to: max(10, surface.width - 2))
        let first = max(0, (surface.height - lines.count) / 2)
        for (row, line) in lines.enumerated() {
            surface.write(line, x: 1, y: first + row, width: surface.width - 2, align: .centre, Style(role))
        }
    }

    // MARK: Widgets

    private func drawMetric(
        _ metric: MetricReading, _ levels: [ChartLevel], _ widget: MetricWidget, on surface: Surface
    ) {
        switch widget.view {
        case "singleValue", "gauge": drawNumbers(metric, on: surface)
        case "bar", "pie":
            let bars = metric.series.compactMap { series in
                value(of: series).map { CategoryBars.Bar(series.name, $0) }
            }
            if bars.isEmpty {
                say("No data in this range", .dim, on: surface)
            } else {
                CategoryBars(bars).render(on: surface.inset(horizontally: 1))
            }
        case "table":
            for (y, series) in metric.series.prefix(surface.height).enumerated() {
                let number = value(of: series).map { AxisTicks.short($0) } ?? "–"
                surface.write(series.name.clippedInMiddle(to: max(4, surface.width - 12)), x: 1, y: y, Style(.dim))
                surface.write(number, x: surface.width - 10, y: y, width: 9, align: .right)
            }
        default:
            let shown = Array(metric.series.prefix(MetricsScreen.mostSeries))
            LineChart(shown, range: metric.range, levels: levels, cursor: cursor).render(on: surface)
        }
    }

    /// At the cursor, else the newest.
    private func value(of series: ChartSeries) -> Double? { SeriesSummary(series, cursor: cursor).last }

    /// Each with its trend behind it.
    private func drawNumbers(_ metric: MetricReading, on surface: Surface) {
        let count = max(1, min(metric.series.count, max(1, surface.width / 12)))
        let columns = surface.columns([Extent](repeating: .fill(), count: count))
        for (column, series) in zip(columns, metric.series) {
            let number = value(of: series).map { AxisTicks.short($0) } ?? "–"
            column.write(number, x: 1, y: 0, Style(.accent, .bold))
            if column.height > 1 {
                column.write(series.name.clippedInMiddle(to: max(4, column.width - 2)), x: 1, y: 1, Style(.dim))
            }
            if column.height > 2 {
                let span = Sparkline(series.points.map(\.value)).span(width: column.width - 2)
                column.write(StyledLine([span]), x: 1, y: 2)
            }
        }
        if metric.series.isEmpty { say("No data in this range", .dim, on: surface) }
    }

    private func drawLog(
        _ result: InsightsResult, _ bounds: ClosedRange<Int64>, _ widget: LogWidget, on surface: Surface
    ) {
        if widget.view != "table", let chart = InsightsChart(result, bounds: bounds) {
            chart.render(on: surface.inset(horizontally: 1))
            return
        }
        var table = result.table()
        table.emptyText = "Nothing matched in this range."
        table.render(on: surface, focused: false)
    }

    private func drawAlarms(_ alarms: [AlarmReading], on surface: Surface) {
        if alarms.isEmpty { say("None of its alarms is there.", .dim, on: surface) }
        for (y, alarm) in alarms.prefix(surface.height).enumerated() {
            let end = surface.write(alarm.mark.line(alarm.name), x: 1, y: y)
            surface.write(
                alarm.stateWord, x: end + 1, y: y, width: max(0, surface.width - end - 2), align: .right,
                Style(alarm.mark.role))
        }
    }
}
