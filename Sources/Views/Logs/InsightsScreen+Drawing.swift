import TerminalUI

extension InsightsScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        var main = surface
        if surface.width >= 116 {
            let columns = surface.columns([.fill(), .fixed(30)])
            main = columns[0]
            drawFields(on: columns[1])
        }
        let lines = editor.text.count { $0.isNewline } + 1
        let most = pane == .query ? main.height / 2 : main.height / 4
        let height = max(3, min(lines, max(3, most - 3))) + (problem == nil ? 0 : 1) + 2
        let parts = main.rows([.fixed(height), .fill()])
        drawQuery(on: parts[0], frame)
        if pane == .groups { drawPicker(on: parts[1], frame) } else { drawResults(on: parts[1], frame) }
    }

    private func drawQuery(on surface: Surface, _ frame: FrameContext) {
        let title =
            groups.isEmpty
            ? "Query" : groups.count == 1 ? groups[0].clippedInMiddle(to: 40) : "\(groups.count) log groups"
        let inside = surface.panel(title, focused: pane == .query, note: StyledLine(range.title, .dim))
        inside.region("query")
        let rows = inside.rows([.fill(), .fixed(problem == nil ? 0 : 1)])
        editor.render(on: rows[0], focused: frame.isInteractive && pane == .query, id: "query")
        if let problem {
            rows[1].write([Span("✗ ", .failure), Span(problem.text.clipped(to: rows[1].width - 4), .failure)], x: 1)
        }
    }

    private func drawPicker(on surface: Surface, _ frame: FrameContext) {
        let note: StyledLine =
            picker.marked.isEmpty
            ? StyledLine("Space marks several", .dim) : StyledLine("\(picker.marked.count) marked", .accent)
        picker.render(
            on: surface.panel("Choose log groups", focused: true, note: note), focused: frame.isInteractive)
    }

    private func drawResults(on surface: Surface, _ frame: FrameContext) {
        let note: StyledLine
        if isRunning {
            note = StatusMark.running.line("running, Esc stops")
        } else if let result {
            let mark: StatusMark = result.status == "Complete" ? .succeeded : .aborted
            note = mark.line(result.status == "Complete" ? Quantity.count(result.rows.count, "row") : result.status)
        } else {
            note = StyledLine("not run yet", .dim)
        }
        let inside = surface.panel(
            "Results", focused: pane == .results, note: note,
            footer: result.map { StyledLine($0.summary, .dim) })
        inside.region("results")
        let isFocused = frame.isInteractive && pane == .results
        guard let chart, showsChart, inside.height >= 9 else {
            table.render(on: inside, focused: isFocused)
            return
        }
        let height = min(chart.height * (inside.height >= 24 ? 2 : 1), inside.height / 2)
        let rows = inside.rows([.fixed(height), .fill()])
        chart.render(on: rows[0].inset(horizontally: 1))
        table.render(on: rows[1], focused: isFocused)
    }

    private func drawFields(on surface: Surface) {
        let inside = surface.panel("Fields")
        if fields.isEmpty {
            let text = groups.isEmpty ? "No group chosen" : "No recent events"
            inside.write(text, x: 0, y: 1, width: inside.width, align: .centre, Style(.dim))
            return
        }
        for (y, field) in fields.prefix(inside.height).enumerated() {
            let isOwn = field.name.hasPrefix("@")
            inside.write(field.name.clippedInMiddle(to: inside.width - 7), x: 1, y: y, Style(isOwn ? .dim : .text))
            inside.write("\(field.percent) %", x: inside.width - 6, y: y, width: 5, align: .right, Style(.faint))
        }
    }
}
