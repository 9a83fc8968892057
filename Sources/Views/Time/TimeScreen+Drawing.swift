import AWSModel
import TerminalUI

extension TimeScreen {
    static let eventColumns: [TableColumn<UpcomingEvent>] = [
        TableColumn("In", min: 12, ideal: 12, align: .right, order: TableColumn.by { $0.at }) { event in
            TableCell(
                event.remaining > 0 ? ElapsedTime.text(milliseconds: event.remaining) : "now", event.remaining < 60_000 ? .text : .dim)
        },
        TableColumn("At", min: 8, ideal: 19) { event in
            TableCell(isSameDay(event.at, event.now) ? ElapsedTime.clock(event.at) : ElapsedTime.date(event.at), .dim)
        },
        TableColumn("What", min: 18, ideal: 32, order: TableColumn.by { $0.what }, text: { $0.what }),
        TableColumn("Resource", min: 12, clipsMiddle: true, order: TableColumn.by { $0.id.resource }) { event in
            let resource = event.resource
            guard !resource.name.isEmpty else { return TableCell("–", .faint) }
            var line = StyledLine(resource.shortName, resource.address == nil ? .text : .link)
            if !resource.kind.isEmpty { line.append("  \(resource.kind)", .dim) }
            return TableCell(line)
        },
    ]

    private static func isSameDay(_ left: Instant, _ right: Instant) -> Bool {
        left.microseconds / 86_400_000_000 == right.microseconds / 86_400_000_000
    }

    func render(on surface: Surface, in frame: FrameContext) {
        guard hasEngine else {
            let inside = surface.panel("Time", focused: true)
            let lines = ["This endpoint's time is its own.", "Pausing, scaling and jumping need Skua's own engine: run skua without an endpoint."]
            for (row, line) in lines.enumerated() {
                inside.write(line, x: 1, y: inside.height / 2 - 1 + row, width: inside.width - 2, align: .centre, Style(row == 0 ? .text : .dim))
            }
            return
        }
        let parts = surface.rows([.fixed(surface.height >= 20 ? 11 : 6), .fill()])
        renderClock(on: parts[0])
        let note: StyledLine? = total > events.totalCount ? StyledLine("first \(events.totalCount) of \(total.grouped)", .dim) : events.countNote
        events.render(on: parts[1].panel("Coming up", focused: frame.isInteractive, note: note), focused: frame.isInteractive)
    }

    private func renderClock(on surface: Surface) {
        let inside = surface.panel("Engine clock", note: clock.map { StyledLine("\(ElapsedTime.date($0.now).prefix(10)) UTC", .dim) })
        guard let clock else {
            inside.write(failure ?? "Asking the clock…", x: 2, y: inside.height / 2, width: inside.width - 4, Style(failure == nil ? .dim : .failure))
            return
        }
        let time = ElapsedTime.clock(clock.now)
        let style = Style(clock.mode == .running ? .text : .warning)
        if inside.height >= 9 {
            LargeDigits.draw(time, on: inside, x: 3, y: 1, style)
            let x = 3 + LargeDigits.width(of: time) + 5
            renderState(clock, on: inside.part(Rect(x: x, y: 1, width: inside.width - x - 1, height: 5)))
            renderRates(clock, on: inside, y: 7)
        } else {
            inside.write(time, x: 3, y: 0, Style(style.foreground, .bold))
            renderState(clock, on: inside.part(Rect(x: 16, y: 0, width: inside.width - 17, height: 3)))
            renderRates(clock, on: inside, y: inside.height - 1)
        }
    }

    private func renderState(_ clock: ClockReading, on surface: Surface) {
        var lines: [StyledLine] = []
        switch clock.mode {
        case .running:
            let isLive = clock.rate == 1
            lines.append([Span("▶ ", isLive ? .success : .warning), Span("running ×\(AxisTicks.short(clock.rate))", Style(isLive ? .text : .warning, .bold))])
        case .paused: lines.append([Span("⏸ ", .warning), Span("paused", Style(.warning, .bold))])
        case .jumping: lines.append([Span("▶▶ ", .warning), Span("jumping to \(clock.jumpTarget.map(ElapsedTime.clock) ?? "")", Style(.warning, .bold))])
        }
        if abs(clock.offset) < 1 {
            lines.append(StyledLine("with the wall", .dim))
        } else {
            let words = ElapsedTime.text(milliseconds: Int64(abs(clock.offset) * 1000))
            lines.append(StyledLine("\(words) \(clock.offset > 0 ? "ahead of" : "behind") the wall", .dim))
        }
        if clock.effectsOut > 0 {
            let words = clock.effectsOut == 1 ? "1 function at work" : "\(clock.effectsOut) functions at work"
            lines.append([Span("● ", .running), Span(words, .text)])
        }
        if let next = clock.nextEventAt, clock.mode != .jumping {
            let remaining = max(0, (next - clock.now).wholeMicroseconds / 1000)
            lines.append(StyledLine("next event in \(ElapsedTime.text(milliseconds: remaining))", .dim))
        } else if clock.mode != .jumping {
            lines.append(StyledLine("nothing is due", .dim))
        }
        for (row, line) in lines.enumerated() where row < surface.height { surface.write(line, x: 0, y: row) }
        if let fraction = jumpFraction(clock), lines.count < surface.height {
            ProgressBar(fraction, role: .warning).render(on: surface.part(Rect(x: 0, y: lines.count, width: min(40, surface.width), height: 1)))
        }
    }

    private func jumpFraction(_ clock: ClockReading) -> Double? {
        guard clock.mode == .jumping, let start = jumpStart, let target = clock.jumpTarget, target > start else { return nil }
        return (clock.now - start).inSeconds / (target - start).inSeconds
    }

    /// The controls, each with its key; the one that holds is lit.
    private func renderRates(_ clock: ClockReading, on surface: Surface, y: Int) {
        var x = 3
        func item(_ key: String, _ label: String, isOn: Bool) {
            x = surface.write(key, x: x, y: y, Style(.key, .bold))
            x = surface.write(" ", x: x, y: y)
            let style = isOn ? Style(.text, on: .selection, .bold) : Style(.dim)
            x = surface.write(" \(label) ", x: x, y: y, style) + 2
        }
        item("Space", clock.mode == .paused ? "paused" : "pause", isOn: clock.mode == .paused)
        for (index, rate) in Self.rates.enumerated() {
            item("\(index + 1)", "×\(Int(rate))", isOn: clock.mode == .running && clock.rate == rate)
        }
        item("s", "step", isOn: false)
        item("J", "jump", isOn: clock.mode == .jumping)
    }
}
