import AWSModel
import TerminalUI

/// What will happen, on a line of time: near things wide apart, far ones close together.
struct TimeStrip: Sendable {
    /// Milliseconds from now, in the order of the list.
    private let offsets: [Int64]
    private let horizon: Double

    init(_ events: [UpcomingEvent]) {
        offsets = events.map(\.remaining)
        horizon = max(60, Double(offsets.max() ?? 0) / 1000)
    }

    /// The column of a time, in seconds from now.
    func column(_ seconds: Double, width: Int) -> Int {
        guard width > 1 else { return 0 }
        return min(width - 1, Int((Self.scale(max(0, seconds)) / Self.scale(horizon) * Double(width - 1)).rounded()))
    }

    /// Nearly the logarithm to base 2 of one more: straight between powers of two, which no eye tells apart here.
    private static func scale(_ seconds: Double) -> Double {
        let value = seconds + 1
        return Double(value.exponent) + value.significand - 1
    }

    /// One mark for what falls on a column: `●` for one, how many for several, `+` from ten on.
    func marks(width: Int, selected: Int?) -> StyledLine {
        guard width > 0 else { return "" }
        var counts = [Int](repeating: 0, count: width)
        for offset in offsets { counts[column(Double(offset) / 1000, width: width)] += 1 }
        let chosen = selected.flatMap { offsets.indices.contains($0) ? offsets[$0] : nil }.map {
            column(Double($0) / 1000, width: width)
        }
        var line = StyledLine()
        for (x, count) in counts.enumerated() {
            let text = count == 0 ? "─" : count == 1 ? "●" : count < 10 ? "\(count)" : "+"
            line.append(
                text,
                x == chosen ? Style(.text, on: .selection, .bold) : Style(count == 0 ? .faint : .accent))
        }
        return line
    }

    private static let ticks: [(seconds: Double, label: String)] = [
        (0, "now"), (1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (6 * 3600, "6 h"),
        (86_400, "1 d"), (7 * 86_400, "1 w"), (30 * 86_400, "30 d"), (365 * 86_400, "1 y"),
    ]

    /// The times under the marks, as many as have room.
    func axis(width: Int) -> StyledLine {
        var text = ""
        for (seconds, label) in Self.ticks where seconds <= horizon {
            let x = column(seconds, width: width)
            // Under its mark, but not beyond the end.
            let start = min(x, width - label.columns)
            guard start >= 0, text.isEmpty || start >= text.columns + 2 else { continue }
            text = text.padded(to: start) + label
        }
        return StyledLine(text, .dim)
    }
}
