import AWSModel
import TerminalUI

/// The answer to *Why?*: each rule, what it says, when it will move, and where it leads.
struct ReasonList: Sendable {
    /// Nil while asking.
    private(set) var reasons: [Reason]?
    var problem: String?
    private(set) var selected = 0

    init(_ reasons: [Reason]? = nil) { self.reasons = reasons }

    private var current: Reason? { reasons.flatMap { $0.indices.contains(selected) ? $0[selected] : nil } }
    /// The screen the selected reason speaks of.
    var link: ScreenAddress? { current?.relatedARN.flatMap { ResourceName($0).address } }
    var text: String? { current.map { "\($0.rule): \($0.text)" } }
    var hasCountdown: Bool { reasons?.contains { $0.movesAt != nil } ?? false }

    static let bindings: [KeyBinding] = [
        KeyBinding(["j", "down"], "Down", "reasons.down", prominence: .help),
        KeyBinding(["k", "up"], "Up", "reasons.up", prominence: .help),
    ]

    mutating func set(_ new: [Reason]) {
        reasons = new
        problem = nil
        selected = min(selected, max(0, new.count - 1))
    }

    mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "reasons.down": selected = min(max(0, (reasons?.count ?? 0) - 1), selected + 1)
        case "reasons.up": selected = max(0, selected - 1)
        default: return false
        }
        return true
    }

    mutating func handle(_ input: WidgetInput) -> Bool {
        guard case .key(let key) = input, let binding = Self.bindings.binding(for: key) else { return false }
        return perform(binding.action)
    }

    func render(on surface: Surface, now: Int64, focused: Bool) {
        guard problem == nil, let reasons, !reasons.isEmpty else {
            let text = problem ?? (reasons == nil ? "Asking…" : "Nothing holds it: it does what it was set up to do.")
            surface.write(
                text, x: 0, y: surface.height / 2, width: surface.width, align: .centre,
                Style(problem == nil ? .dim : .failure))
            return
        }
        let width = max(16, surface.width - 4)
        let blocks = reasons.map { Self.block($0, now: now, width: width) }
        // Whole blocks scroll, so that the selected one is in view.
        var top = 0
        while top < selected, blocks[top...selected].reduce(0, { $0 + $1.count + 1 }) > surface.height + 1 { top += 1 }
        var y = 0
        for index in top..<blocks.count {
            for (row, line) in blocks[index].enumerated() where y + row < surface.height {
                surface.write(line, x: 2, y: y + row)
            }
            if index == selected, focused, y < surface.height {
                surface.write("›", x: 0, y: y, Style(.accent, .bold))
                surface.placeCursor(x: 0, y: y)
            }
            y += blocks[index].count + 1
        }
    }

    private static func block(_ reason: Reason, now: Int64, width: Int) -> [StyledLine] {
        var lines = [StyledLine(reason.rule, Style(.title, .bold))]
        lines += TextWrapping.wrap(reason.text, to: width).map { StyledLine($0) }
        if let moves = reason.movesAt {
            let clock = ElapsedTime.date(Instant(epochMilliseconds: moves))
            let when =
                moves > now
                ? "Moves in \(ElapsedTime.text(milliseconds: moves - now)), at \(clock)" : "Was due at \(clock)"
            lines.append([Span("◌ ", .warning), Span(when, .warning)])
        }
        if let arn = reason.relatedARN { lines.append(StyledLine(arn.clippedInMiddle(to: width), .link)) }
        return lines
    }
}
