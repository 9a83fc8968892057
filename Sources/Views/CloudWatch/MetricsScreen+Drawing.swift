import AWSModel
import Synchronization
import TerminalUI

/// Which metrics are charted, for the cells of the list that show their colours.
final class ChosenColours: Sendable {
    private let chosen = Mutex<[MetricRow]>([])

    func set(_ rows: [MetricRow]) { chosen.withLock { $0 = rows } }
    func index(of row: MetricRow) -> Int? { chosen.withLock { $0.firstIndex(of: row) } }
}

extension MetricsScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        if surface.width >= 100 {
            let columns = surface.columns([.percent(40), .fill()])
            drawList(on: columns[0], frame)
            let rows = columns[1].rows([.fill(), .fixed(summaryCount + 3)])
            drawChart(on: rows[0], showsLegend: false)
            drawSummary(on: rows[1])
        } else {
            let rows = surface.rows([.percent(52), .fill()])
            drawChart(on: rows[0], showsLegend: true)
            drawList(on: rows[1], frame)
        }
    }

    private var summaryCount: Int { max(1, charted.count, min(Self.mostSeries, reading?.series.count ?? 0)) }

    private func drawList(on surface: Surface, _ frame: FrameContext) {
        if let namespace {
            let note: StyledLine =
                lines.isEmpty
                ? metrics.countNote : StyledLine("\(lines.count) of \(Self.mostSeries) charted", .accent)
            metrics.render(on: surface.panel(namespace, focused: true, note: note), focused: frame.isInteractive)
            return
        }
        namespaces.showing(failure).render(
            on: surface.panel("Namespaces", focused: true, note: namespaces.countNote), focused: frame.isInteractive)
    }

    private func drawChart(on surface: Surface, showsLegend: Bool) {
        let title = lines.isEmpty ? charted.first?.row?.name ?? "Chart" : "Chart"
        let note: StyledLine =
            cursor.map { StyledLine(ElapsedTime.date(Instant(epochMilliseconds: $0)), .accent) }
            ?? StyledLine(window.description, .dim)
        let inside = surface.panel(
            title, note: note, footer: cursor == nil ? nil : StyledLine(window.description, .dim))
        guard let reading, !charted.isEmpty, readingFailure == nil else {
            let text =
                readingFailure
                ?? (charted.isEmpty
                    ? (namespace == nil ? "Enter opens a namespace." : "Nothing to chart.") : "Loading…")
            let wrapped = TextWrapping.wrap(text, to: max(10, inside.width - 2))
            for (row, line) in wrapped.enumerated() {
                inside.write(
                    line, x: 1, y: inside.height / 2 - wrapped.count / 2 + row, width: inside.width - 2,
                    align: .centre, Style(readingFailure == nil ? .dim : .failure))
            }
            return
        }
        LineChart(
            Array(reading.series.prefix(Self.mostSeries)), range: reading.range, levels: reading.levels,
            cursor: cursor, showsLegend: showsLegend
        ).render(on: inside)
    }

    /// The lines with their figures, under the chart.
    private func drawSummary(on surface: Surface) {
        let more = (reading?.series.count ?? 0) - Self.mostSeries
        let note =
            more > 0
            ? StyledLine("\(more) more not shown", .warning)
            : reading?.messages.first.map { StyledLine($0.clipped(to: 40), .warning) }
        let inside = surface.panel(cursor == nil ? "Latest" : "At the cursor", note: note)
        let width = 9
        let first = inside.width - 4 * width - 1
        for (column, title) in ["value", "min", "avg", "max"].enumerated() {
            inside.write(title, x: first + column * width, y: 0, width: width, align: .right, Style(.heading, .bold))
        }
        guard let reading else { return }
        for (index, series) in reading.series.prefix(Self.mostSeries).enumerated() where index + 1 < inside.height {
            let y = index + 1
            inside.write("━", x: 1, y: y, Style(.series(index)))
            let id = lines.isEmpty || !reading.ids.indices.contains(index) ? "" : reading.ids[index] + " "
            let start = inside.write(id, x: 3, y: y, Style(.accent))
            inside.write(series.name.clippedInMiddle(to: max(4, first - start - 1)), x: start, y: y, Style(.text))
            let summary = SeriesSummary(series, cursor: cursor)
            for (column, value) in [summary.last, summary.minimum, summary.average, summary.maximum].enumerated() {
                inside.write(
                    value.map { AxisTicks.short($0) } ?? "–", x: first + column * width, y: y, width: width,
                    align: .right, Style(column == 0 ? .text : .dim))
            }
        }
    }
}
