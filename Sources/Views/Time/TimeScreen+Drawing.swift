import AWSModel
import TerminalUI

extension TimeScreen {
    static let eventColumns: [TableColumn<UpcomingEvent>] = [
        TableColumn("In", min: 12, ideal: 12, align: .right, order: TableColumn.by { $0.at }) { event in
            TableCell(
                event.remaining > 0 ? ElapsedTime.text(milliseconds: event.remaining) : "now",
                event.remaining < 60_000 ? .text : .dim)
        },
        TableColumn("At", min: 11, ideal: 11) { TableCell(moment($0.at, now: $0.now), .dim) },
        TableColumn("What", min: 18, ideal: 26, order: TableColumn.by { $0.what }, text: { $0.what }),
        TableColumn("Resource", min: 12, order: TableColumn.by { $0.id.resource }) { event in
            let resource = event.resource
            guard !resource.name.isEmpty else { return TableCell("–", .faint) }
            var line = StyledLine(resource.shortName, resource.address == nil ? .text : .link)
            if !resource.kind.isEmpty { line.append("  \(resource.kind)", .dim) }
            return TableCell(line)
        },
    ]

    /// `14:30:12` today, `11-24 02:26` this year, `2027-01-02` beyond.
    private static func moment(_ instant: Instant, now: Instant) -> String {
        let date = ElapsedTime.date(instant)
        let today = ElapsedTime.date(now)
        if date.prefix(10) == today.prefix(10) { return String(date.dropFirst(11)) }
        if date.prefix(4) == today.prefix(4) { return String(date.dropFirst(5).prefix(11)) }
        return String(date.prefix(10))
    }

    func render(on surface: Surface, in frame: FrameContext) {
        guard hasEngine else {
            let inside = surface.panel("Time", focused: true)
            let lines = [
                "This endpoint's time is its own.",
                "Pausing, scaling and jumping need Skua's own engine: run skua without an endpoint.",
            ]
            for (row, line) in lines.enumerated() {
                inside.write(
                    line, x: 1, y: inside.height / 2 - 1 + row, width: inside.width - 2, align: .centre,
                    Style(row == 0 ? .text : .dim))
            }
            return
        }
        let parts = surface.rows([.fixed(surface.height >= 20 ? 11 : 6), .fill()])
        renderClock(on: parts[0])
        let note: StyledLine? =
            total > events.totalCount && events.totalCount >= Self.mostEvents
            ? StyledLine("first \(events.totalCount) of \(total.grouped)", .dim) : events.countNote
        let inside = parts[1].panel("Coming up", focused: frame.isInteractive, note: note)
        guard inside.height >= 8, let rows = events.rows, !rows.isEmpty else {
            return events.render(on: inside, focused: frame.isInteractive)
        }
        let lower = inside.rows([.fixed(2), .fixed(1), .fill()])
        renderStrip(TimeStrip(rows), on: lower[0])
        events.render(on: lower[2], focused: frame.isInteractive)
    }

    /// The same events on a line of time, the selected one lit.
    private func renderStrip(_ strip: TimeStrip, on surface: Surface) {
        let line = surface.inset(horizontally: 2)
        let selected = events.selected.flatMap { chosen in events.rows?.firstIndex { $0.id == chosen.id } }
        line.write(strip.marks(width: line.width, selected: selected), x: 0, y: 0)
        line.write(strip.axis(width: line.width), x: 0, y: 1)
    }

    private func renderClock(on surface: Surface) {
        let inside = surface.panel(
            "Engine clock", note: clock.map { StyledLine("\(ElapsedTime.date($0.now).prefix(10)) UTC", .dim) })
        guard let clock else {
            inside.write(
                failure ?? "Asking the clock…", x: 2, y: inside.height / 2, width: inside.width - 4,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let time = ElapsedTime.clock(clock.now)
        let style = Style(clock.mode == .running ? .text : .warning)
        let lines = stateLines(clock)
        guard inside.height >= 9 else {
            inside.write(time, x: 3, y: 0, Style(style.foreground, .bold))
            for (row, line) in lines.prefix(inside.height - 1).enumerated() { inside.write(line, x: 16, y: row) }
            renderProgress(clock, on: inside, x: 3, y: 1, width: 12)
            return renderControls(clock, on: inside, y: inside.height - 1)
        }
        LargeDigits.draw(time, on: inside, x: 3, y: 1, style)
        let x = 3 + LargeDigits.width(of: time) + 5
        if inside.width - x >= 36 {
            for (row, line) in lines.enumerated() { inside.write(line, x: x, y: 1 + row) }
            renderProgress(clock, on: inside, x: x, y: 1 + lines.count, width: min(40, inside.width - x - 2))
            renderControls(clock, on: inside, y: 7)
        } else {
            var column = 3
            for line in lines where column + line.columns < inside.width {
                column = inside.write(line, x: column, y: 7) + 3
            }
            renderProgress(clock, on: inside, x: 3, y: 6, width: inside.width - 6)
            renderControls(clock, on: inside, y: 8)
        }
    }

    /// Mode, offset, what is out, what is next.
    private func stateLines(_ clock: ClockReading) -> [StyledLine] {
        var lines: [StyledLine] = []
        switch clock.mode {
        case .running:
            let isLive = clock.rate == 1
            lines.append([
                Span("▶ ", isLive ? .success : .warning),
                Span("running ×\(AxisTicks.short(clock.rate))", Style(isLive ? .text : .warning, .bold)),
            ])
        case .paused: lines.append([Span("⏸ ", .warning), Span("paused", Style(.warning, .bold))])
        case .jumping:
            lines.append([
                Span("▶▶ ", .warning),
                Span(
                    "jumping to \(clock.jumpTarget.map { Self.moment($0, now: clock.now) } ?? "")",
                    Style(.warning, .bold)),
            ])
        }
        if clock.effectsOut > 0 {
            let words = clock.effectsOut == 1 ? "1 function at work" : "\(clock.effectsOut) functions at work"
            lines.append([Span("● ", .running), Span(words)])
        }
        if clock.mode != .jumping { lines.append(nextLine(clock)) }
        if abs(clock.offset) < 1 {
            lines.append(StyledLine("with the wall", .dim))
        } else {
            let words = ElapsedTime.text(milliseconds: Int64(abs(clock.offset) * 1000))
            lines.append(StyledLine("\(words) \(clock.offset > 0 ? "ahead of" : "behind") the wall", .dim))
        }
        return lines
    }

    private func nextLine(_ clock: ClockReading) -> StyledLine {
        if let next = clock.nextEventAt {
            let remaining = max(0, (next - clock.now).wholeMicroseconds / 1000)
            return StyledLine("next event in \(ElapsedTime.text(milliseconds: remaining))", .dim)
        }
        return StyledLine("nothing is due", .dim)
    }

    private func renderProgress(_ clock: ClockReading, on surface: Surface, x: Int, y: Int, width: Int) {
        guard let fraction = jumpFraction(clock) else { return }
        ProgressBar(fraction, role: .warning).render(on: surface.part(Rect(x: x, y: y, width: width, height: 1)))
    }

    private func jumpFraction(_ clock: ClockReading) -> Double? {
        guard clock.mode == .jumping, let start = jumpStart, let target = clock.jumpTarget, target > start else {
            return nil
        }
        return (clock.now - start).inSeconds / (target - start).inSeconds
    }

    /// The controls, each with its key; the one that holds is lit.
    private func renderControls(_ clock: ClockReading, on surface: Surface, y: Int) {
        var x = 3
        func item(_ key: String, _ label: String, isOn: Bool) {
            guard x + key.columns + label.columns + 3 <= surface.width else { return }
            x = surface.write(key, x: x, y: y, Style(.key, .bold))
            x = surface.write(" ", x: x, y: y)
            let style = isOn ? Style(.text, on: .selection, .bold) : Style(.dim)
            x = surface.write(" \(label) ", x: x, y: y, style) + 2
        }
        item(
            "Space", clock.mode == .paused ? "paused" : clock.mode == .jumping ? "stop" : "pause",
            isOn: clock.mode == .paused)
        for (index, rate) in Self.rates.enumerated() {
            item("\(index + 1)", "×\(Int(rate))", isOn: clock.mode == .running && clock.rate == rate)
        }
        item("s", "step", isOn: false)
        item("J", "jump", isOn: clock.mode == .jumping)
    }
}
