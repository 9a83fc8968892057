import AWSModel
import TerminalUI

/// The entries of a trace as bars over time: dotted while something waited for its turn, solid while it worked.
struct TraceWaterfall: Sendable {
    struct Bar: Hashable, Sendable {
        /// Milliseconds since the trace began: when its cause was done with, when it began, when it was over.
        var waitedFrom: Int64
        var from: Int64
        var to: Int64
        var hasFailed: Bool
        var isRunning: Bool
    }

    private(set) var bars: [Bar] = []
    private(set) var span: Int64 = 1

    /// - Parameter now: where what is under way ends for now.
    init(_ lines: [TraceTree.Line], now: Instant) {
        guard let start = lines.map(\.entry.time).min() else { return }
        func offset(_ time: Instant) -> Int64 { (time - start).wholeMicroseconds / 1000 }
        for line in lines {
            let entry = line.entry
            let isRunning = entry.endedAt == nil && entry.detail == "running"
            let end = entry.endedAt ?? (isRunning ? max(now, entry.time) : entry.time)
            let cause = line.cause.map { lines[$0].entry }
            // A cause that is still at work when its effect begins made nothing wait.
            let ready = cause.map { min($0.endedAt ?? $0.time, entry.time) } ?? entry.time
            bars.append(
                Bar(
                    waitedFrom: offset(ready), from: offset(entry.time), to: offset(end),
                    hasFailed: entry.error != nil, isRunning: isRunning))
        }
        span = max(1, bars.map(\.to).max() ?? 1)
    }

    func line(_ index: Int, width: Int) -> StyledLine {
        guard bars.indices.contains(index), width > 0 else { return "" }
        let bar = bars[index]
        func column(_ offset: Int64) -> Int { min(width - 1, Int(Double(offset) / Double(span) * Double(width))) }
        let (wait, from) = (column(bar.waitedFrom), column(bar.from))
        let to = max(from, min(width - 1, Int((Double(bar.to) / Double(span) * Double(width)).rounded(.up)) - 1))
        var line = StyledLine(String(repeating: " ", count: wait))
        line.append(String(repeating: "·", count: from - wait), .dim)
        let role: Role = bar.hasFailed ? .failure : bar.isRunning ? .running : .success
        line.append(String(repeating: bar.hasFailed ? "▒" : "█", count: to - from + 1), role)
        return line
    }

    /// Times under the bars, as many as have room.
    func axis(width: Int) -> StyledLine {
        let end = ElapsedTime.text(milliseconds: span)
        guard width > end.columns + 12 else { return StyledLine(end.clipped(to: width), .dim) }
        let middle = ElapsedTime.text(milliseconds: span / 2)
        var text = "0".padded(to: width / 2 - middle.columns / 2) + middle
        text = text.padded(to: width - end.columns) + end
        return StyledLine(text, .dim)
    }

    /// `waited 1.2 s, took 41 ms`
    func words(_ index: Int) -> String {
        guard bars.indices.contains(index) else { return "" }
        let bar = bars[index]
        var parts: [String] = []
        if bar.from > bar.waitedFrom {
            parts.append("waited \(ElapsedTime.text(milliseconds: bar.from - bar.waitedFrom))")
        }
        if bar.isRunning {
            parts.append("running for \(ElapsedTime.text(milliseconds: bar.to - bar.from))")
        } else if bar.to > bar.from {
            parts.append("took \(ElapsedTime.text(milliseconds: bar.to - bar.from))")
        }
        return parts.joined(separator: ", ")
    }
}

extension TraceScreen {
    /// Names on the left, bars on the right, the selected one in view.
    func renderWaterfall(on surface: Surface, focused: Bool, now: Instant) {
        let waterfall = TraceWaterfall(tree.lines, now: now)
        let left = min(52, max(28, surface.width * 2 / 5))
        let parts = surface.columns([.fixed(left), .fill()], gap: 1)
        let rows = surface.height - 1
        guard rows > 0, table.count > 0 else { return }
        let top = max(0, min(table.selectedIndex - rows / 2, table.count - rows))
        for y in 0..<min(rows, table.count - top) {
            guard let line = table.row(at: top + y), let index = tree.index(of: line.id) else { continue }
            let isSelected = top + y == table.selectedIndex
            if isSelected {
                surface.part(Rect(x: 0, y: y, width: surface.width, height: 1)).fill(
                    Style(.text, on: focused ? .selection : .selectionIdle))
                if focused { surface.placeCursor(x: 0, y: y) }
            }
            parts[0].write(StyledLine(line.guides, .faint) + line.entry.what, x: 1, y: y)
            parts[1].write(waterfall.line(index, width: parts[1].width), x: 0, y: y)
            if isSelected {
                surface.restyle(Rect(x: 0, y: y, width: surface.width, height: 1)) {
                    $0.background = focused ? .selection : .selectionIdle
                }
            }
        }
        parts[0].write(
            [
                Span("·", .dim), Span(" wait  ", .dim), Span("█", .success), Span(" work  ", .dim), Span("▒", .failure),
                Span(" failed", .dim),
            ], x: 1, y: rows)
        parts[1].write(waterfall.axis(width: parts[1].width), x: 0, y: rows)
    }
}
