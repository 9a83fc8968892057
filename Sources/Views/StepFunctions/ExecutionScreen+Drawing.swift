import AWSModel
import TerminalUI

/// How an execution is laid out at each size.
extension ExecutionScreen {
    /// Where the pane about the selected state goes.
    private enum Arrangement {
        case beside, below, alternating
    }

    private func arrangement(_ size: Size) -> Arrangement {
        switch tab {
        case .graph: size.width >= 100 ? .beside : size.height >= 36 ? .below : .alternating
        case .table: size.width >= 170 ? .beside : size.height >= 30 ? .below : .alternating
        default: size.width >= 110 ? .beside : size.height >= 30 ? .below : .alternating
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let now = Instant(epochMilliseconds: frame.now)
        let header = headerLines(now: now, width: surface.width - 2)
        let parts = surface.rows([.fixed(header.count), .fixed(1), .fill()])
        for (y, line) in header.enumerated() { parts[0].write(line, x: 1, y: y) }
        tabs.render(on: parts[1])
        let body = parts[2]
        if let failure, description == nil {
            let inside = body.panel("Execution", focused: true)
            let lines = TextWrapping.wrap(failure, to: max(10, inside.width - 8))
            for (row, line) in lines.enumerated() {
                inside.write(
                    line, x: 0, y: inside.height / 2 - lines.count / 2 + row, width: inside.width, align: .centre,
                    Style(.failure))
            }
            return
        }
        switch tab {
        case .graph, .table, .events: renderWithDetail(on: body, frame, now)
        case .input: inputViewer.render(on: body.panel("Execution input", focused: true), focused: frame.isInteractive)
        case .output:
            outputViewer.render(on: body.panel("Execution output", focused: true), focused: frame.isInteractive)
        case .details: detailList.render(on: body.panel("Details", focused: true), focused: frame.isInteractive)
        }
    }

    private func renderWithDetail(on body: Surface, _ frame: FrameContext, _ now: Instant) {
        switch arrangement(body.size) {
        case .beside:
            let parts = body.columns([.percent(share), .fill()])
            renderOverview(on: parts[0], focused: focus == .overview, frame, now)
            renderDetail(on: parts[1], focused: focus == .detail, frame, now)
        case .below:
            let parts = body.rows([.percent(tab == .graph ? 60 : 46), .fill()])
            renderOverview(on: parts[0], focused: focus == .overview, frame, now)
            renderDetail(on: parts[1], focused: focus == .detail, frame, now)
        case .alternating:
            if focus == .detail {
                renderDetail(on: body, focused: true, frame, now)
            } else if tab == .events {
                renderOverview(on: body, focused: true, frame, now)
            } else {
                let summary = summaryLines(now: now, width: body.width - 4)
                let parts = body.rows([.fill(), .fixed(summary.count)])
                renderOverview(on: parts[0], focused: true, frame, now)
                for (y, line) in summary.enumerated() { parts[1].write(line, x: 2, y: y) }
            }
        }
    }

    /// The selected state under a graph that has no room beside it.
    private func summaryLines(now: Instant, width: Int) -> [StyledLine] {
        guard let selectedState else {
            return [StyledLine("Start and End are no states: nothing happens there.", .dim)]
        }
        let summary = StateSummary(visit: selected, state: definition?.state(selectedState), name: selectedState)
        var lines = summary.lines(trace: trace, now: now, width: width)
        lines[0] = [Span(selectedState, Style(.title, .bold)), Span("  ")] + lines[0]
        return Array(lines.prefix(3))
    }

    private func renderOverview(on surface: Surface, focused: Bool, _ frame: FrameContext, _ now: Instant) {
        let hasFocus = focused && frame.isInteractive
        switch tab {
        case .graph:
            let inside = surface.panel("Graph", focused: focused, note: graphNote)
            if pane.graph.nodes.isEmpty, description == nil {
                inside.write("Loading…", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            } else {
                var pane = pane
                pane.captions = captions(now: now)
                pane.render(on: inside, focused: hasFocus)
            }
        case .table:
            var table = visitTable
            if trace.status.isOpen { table.rows = VisitRow.rows(trace, now: now) }
            if let historyProblem { table.emptyText = historyProblem }
            table.render(on: surface.panel("States", focused: focused, note: visitTable.countNote), focused: hasFocus)
        default:
            var table = eventTable
            if let historyProblem { table.emptyText = historyProblem }
            let order = StyledLine(newestFirst ? "newest first · " : "oldest first · ", .dim)
            table.render(
                on: surface.panel("Events", focused: focused, note: order + eventTable.countNote), focused: hasFocus)
        }
    }

    private var graphNote: StyledLine? {
        if definitionProblem != nil || (definition == nil && description != nil) {
            return StyledLine("visited states only: the definition is not available", .warning)
        }
        guard let map = pickableMap, let item = shownItem(of: map) else { return nil }
        return StyledLine("item #\(item) of \(map.itemCount ?? map.iterations.count)", .dim)
    }

    private func renderDetail(on surface: Surface, focused: Bool, _ frame: FrameContext, _ now: Instant) {
        let hasFocus = focused && frame.isInteractive
        if tab == .events {
            let title = eventTable.selected.map { "\($0.id) \($0.event.type)" } ?? "Event"
            eventViewer.render(on: surface.panel(title, focused: focused), focused: hasFocus)
        } else {
            detail.render(on: surface, focused: focused, trace: trace, now: now)
        }
    }

    // MARK: Header

    private func headerLines(now: Instant, width: Int) -> [StyledLine] {
        guard let description else { return [[Span(names.execution, Style(.title, .bold))]] }
        let end = description.stopDate ?? max(now, description.startDate)
        let took = (end.microseconds - description.startDate.microseconds) / 1000
        var line: StyledLine = StatusMark.execution(description.status).line(description.status)
        line.spans[1].style = Style(.text, .bold)
        line.append("  \(names.execution)", Style(.title, .bold))
        if let count = description.redriveCount, count > 0 { line.append(" · redriven \(count)×", .warning) }
        line.append(" · \(ElapsedTime.date(description.startDate)) · ", .dim)
        line.append(ElapsedTime.text(milliseconds: took))
        line.append(" · \(Quantity.count(trace.visits.count, "transition"))", .dim)
        if isReading { line.append(" · reading event \(trace.lastEventID.grouped)…", .accent) }
        var lines = [line]
        if let error = description.error ?? trace.error {
            let cause = (description.cause ?? trace.cause).map { ": \(CauseText.short($0))" } ?? ""
            let place = trace.fatalVisit.map { " in \($0.name)" } ?? ""
            let text = "\(error)\(place)\(cause)".replacingLineEnds
            lines += TextWrapping.wrap(text, to: max(20, width)).prefix(2).map { StyledLine($0, .failure) }
        } else if description.status == "TIMED_OUT" {
            lines.append(StyledLine("The execution ran longer than TimeoutSeconds allows.", .failure))
        }
        return lines
    }
}
