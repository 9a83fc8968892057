import TerminalUI

/// Draws what is around a screen: the top line, the line of keys, the message of a window too small.
enum ShellFrame {
    static func drawTooSmall(on surface: Surface) {
        let lines = [
            "This window is \(surface.width)×\(surface.height).",
            "Skua needs \(Size.smallest.width)×\(Size.smallest.height) or more.",
            "", "Enlarge it, or press q to quit.",
        ]
        let first = max(0, (surface.height - lines.count) / 2)
        for (row, line) in lines.enumerated() {
            surface.write(
                line, x: 0, y: first + row, width: surface.width, align: .centre, Style(row == 0 ? .warning : .text))
        }
    }

    static func drawTop(on row: Surface, crumbs: [String], status: ConsoleStatus) {
        let right = statusLine(status, width: max(row.width / 2, row.width - 4 - leastWidth(of: crumbs)))
        let rightWidth = min(right.columns, row.width - 24)
        let shown = clippedCrumbs(crumbs, to: row.width - rightWidth - 4)
        var x = 1
        for (index, crumb) in shown.enumerated() {
            if index > 0 { x = row.write(" › ", x: x, y: 0, Style(.faint)) }
            let isLast = index == shown.count - 1
            let style = isLast ? Style(.title, .bold) : Style(index == 0 ? .accent : .dim)
            x = row.write(crumb, x: x, y: 0, style)
        }
        if right.columns + x + 2 <= row.width { row.write(right, x: row.width - right.columns - 1, y: 0) }
    }

    /// What is left of a path when all its names are cut short.
    private static func leastWidth(of crumbs: [String]) -> Int {
        crumbs.reduce(0) { $0 + min(12, $1.columns) } + 3 * max(0, crumbs.count - 1)
    }

    /// Names on the way give way first, the longest before the others; then whole ones; where one is comes last.
    private static func clippedCrumbs(_ crumbs: [String], to width: Int) -> [String] {
        var shown = crumbs
        func excess() -> Int { shown.reduce(0) { $0 + $1.columns } + 3 * max(0, shown.count - 1) - width }
        for _ in shown.indices where excess() > 0 {
            guard let longest = shown.indices.dropLast().max(by: { shown[$0].columns < shown[$1].columns }) else {
                break
            }
            shown[longest] = shown[longest].clippedInMiddle(to: max(6, shown[longest].columns - excess()))
        }
        if excess() > 0, shown.count > 2 { shown.replaceSubrange(1..<(shown.count - 1), with: ["…"]) }
        if excess() > 0, shown.count > 1 { shown.replaceSubrange(..<(shown.count - 1), with: ["…"]) }
        if excess() > 0, let last = shown.last {
            shown[shown.count - 1] = last.clippedInMiddle(to: max(6, last.columns - excess()))
        }
        return shown
    }

    /// The longest that fits: the cost goes first, then what is the same everywhere in the endpoint's name. Where one is,
    /// whose account and in which clock never go.
    static func statusLine(_ status: ConsoleStatus, width: Int) -> StyledLine {
        var line = statusLine(status)
        guard line.columns > width else { return line }
        var brief = status
        brief.cost = nil
        line = statusLine(brief)
        guard line.columns > width else { return line }
        brief.endpoint = status.endpoint.map { name in
            name.firstRange(of: "://").map { String(name[$0.upperBound...]) } ?? name
        }
        line = statusLine(brief)
        guard line.columns > width, let endpoint = brief.endpoint else { return line }
        brief.endpoint = endpoint.clippedInMiddle(to: max(8, endpoint.columns - (line.columns - width)))
        return statusLine(brief)
    }

    static func statusLine(_ status: ConsoleStatus) -> StyledLine {
        var parts: [StyledLine] = []
        if let endpoint = status.endpoint {
            parts.append(
                status.isProduction
                    ? StyledLine("▲ \(endpoint)", Style(.failure, .bold)) : StyledLine(endpoint, .warning))
        }
        if status.isReadOnly { parts.append(StyledLine("read-only", .accent)) }
        parts.append(StyledLine("\(status.account) \(status.region)", .dim))
        switch status.clock {
        case .live: parts.append([Span("▶", .success), Span(" ×1", .dim)])
        case .scaled(let rate): parts.append([Span("▶", .warning), Span(" ×\(AxisTicks.short(rate))", .warning)])
        // A clock that stands still can be read at leisure; one that runs would need a frame every second.
        case .paused:
            parts.append(StyledLine(status.measuredAt == nil ? "⏸ paused" : "⏸ \(timeOfDay(status.now))", .warning))
        case .jumping: parts.append(StyledLine("▶▶ jumping", .warning))
        case .none: break
        }
        if let cost = status.cost { parts.append(StyledLine(cost, .dim)) }
        var line = StyledLine()
        for (index, part) in parts.enumerated() {
            if index > 0 { line.append("  ", .faint) }
            line = line + part
        }
        return line
    }

    /// `14:02:11`, in UTC.
    private static func timeOfDay(_ milliseconds: Int64) -> String {
        let second = ((milliseconds / 1000) % 86_400 + 86_400) % 86_400
        return [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(
            separator: ":")
    }

    /// Keys from the left while there is room; those of the shell at the right end always. Each can be pressed with the mouse.
    static func drawKeys(on row: Surface, _ screen: [KeyBinding], _ shell: [KeyBinding]) {
        let tail = shell.reduce(0) { $0 + width(of: $1) }
        var x = 1
        for binding in screen where binding.prominence == .footer {
            guard x + width(of: binding) + tail + 1 <= row.width else { break }
            x = draw(binding, on: row, x: x)
        }
        x = max(x, row.width - tail)
        for binding in shell where x + width(of: binding) <= row.width + 2 { x = draw(binding, on: row, x: x) }
    }

    private static func label(_ binding: KeyBinding) -> String { binding.title.lowercased() }

    private static func width(of binding: KeyBinding) -> Int {
        (binding.keys.first?.description.columns ?? 0) + 1 + label(binding).columns + 2
    }

    private static func draw(_ binding: KeyBinding, on row: Surface, x: Int) -> Int {
        guard let key = binding.keys.first else { return x }
        let enabled = binding.availability.isEnabled
        var end = row.write(key.description, x: x, y: 0, Style(enabled ? .key : .disabled, enabled ? .bold : []))
        end = row.write(label(binding), x: end + 1, y: 0, Style(enabled ? .dim : .disabled))
        row.region("shell.key.\(binding.action.name)", Rect(x: x, y: 0, width: end - x, height: 1))
        return end + 2
    }
}
