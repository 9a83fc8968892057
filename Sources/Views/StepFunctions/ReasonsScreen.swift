import AWSModel
import TerminalUI

/// The answer to *Why?*: each rule, what it says, when it will move, and where it leads.
struct ReasonsScreen: Screen {
    typealias Message = Never

    let crumbs: [String]
    let subject: String
    let reasons: [StateReason]
    var selected = 0

    init(crumbs: [String], subject: String, reasons: [StateReason]) {
        self.crumbs = crumbs
        self.subject = subject
        self.reasons = reasons
    }

    private var current: StateReason? { reasons.indices.contains(selected) ? reasons[selected] : nil }
    private var link: ScreenAddress? { current?.relatedARN.flatMap { ResourceName($0).address } }
    var tickInterval: Duration? { reasons.contains { $0.movesAt != nil } ? .seconds(1) : nil }
    var copyText: String? { current.map { "\($0.rule): \($0.text)" } }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["enter"], "open", "open", help: "Open what the reason speaks of",
                availability: .when(link != nil, otherwise: "This reason has no screen of its own")),
            KeyBinding(["j", "down"], "down", "down", prominence: .help),
            KeyBinding(["k", "up"], "up", "up", prominence: .help),
        ]
    }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action("open"): return link.map { [.open($0)] } ?? []
        case .action("down"): selected = min(max(0, reasons.count - 1), selected + 1)
        case .action("up"): selected = max(0, selected - 1)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let inside = surface.panel(
            "Why? \(subject)", focused: true,
            note: StyledLine(reasons.count == 1 ? "1 reason" : "\(reasons.count) reasons", .dim))
        guard !reasons.isEmpty else {
            inside.write(
                "Nothing holds it.", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            return
        }
        let width = max(20, inside.width - 6)
        let blocks = reasons.map { block($0, now: frame.now, width: width) }
        // Scroll by whole blocks so that the selected one is in view.
        var top = 0
        while top < selected, blocks[top...selected].reduce(0, { $0 + $1.count + 1 }) > inside.height { top += 1 }
        var y = 0
        for index in top..<blocks.count {
            let isSelected = index == selected
            for (row, line) in blocks[index].enumerated() where y + row < inside.height {
                if row == 0 {
                    inside.write(isSelected ? "›" : " ", x: 1, y: y, Style(.accent, .bold))
                    if isSelected { inside.placeCursor(x: 1, y: y) }
                }
                inside.write(line, x: 3, y: y + row)
            }
            y += blocks[index].count + 1
        }
    }

    private func block(_ reason: StateReason, now: Int64, width: Int) -> [StyledLine] {
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
