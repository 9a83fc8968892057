import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One rule that holds something.
struct FunctionReason: Hashable, Sendable {
    var rule: String
    var text: String
    /// Milliseconds since 1970.
    var movesAt: Int64?
    var relatedARN: String?

    init(_ reason: Skua.Reason) {
        rule = reason.rule ?? ""
        text = reason.text ?? ""
        movesAt = reason.movesAt?.epochMilliseconds
        relatedARN = reason.relatedArn
    }
}

/// *Why?* of a function or one of its triggers: each rule, what it says, when it will move, and where it leads.
struct FunctionReasonsScreen: Screen {
    typealias Message = Never

    let function: String
    let subject: String
    let reasons: [FunctionReason]
    var selected = 0

    private var current: FunctionReason? { reasons.indices.contains(selected) ? reasons[selected] : nil }
    private var neighbour: FunctionNeighbour? { current?.relatedARN.map { FunctionNeighbour($0) } }

    var crumbs: [String] { ["Lambda", function, "Why?"] }
    var tickInterval: Duration? { reasons.contains { $0.movesAt != nil } ? .seconds(1) : nil }
    var copyText: String? { current.map { "\($0.rule): \($0.text)" } }

    var bindings: [KeyBinding] {
        [
            KeyBinding.open(.when(neighbour?.address != nil, otherwise: neighbour?.unavailable ?? "This reason speaks of no other resource")),
            KeyBinding(["j", "down"], "Down", "down", prominence: .help),
            KeyBinding(["k", "up"], "Up", "up", prominence: .help),
        ]
    }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action("open"): return neighbour?.address.map { [.open($0)] } ?? []
        case .action("down"): selected = max(0, min(selected + 1, reasons.count - 1))
        case .action("up"): selected = max(0, selected - 1)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let count = reasons.count == 1 ? "1 reason" : "\(reasons.count) reasons"
        let inside = surface.panel("Why? \(subject)", focused: true, note: StyledLine(count, .dim))
        guard !reasons.isEmpty else {
            inside.write("Nothing holds it.", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            return
        }
        let blocks = reasons.map { block($0, now: frame.now, width: max(20, inside.width - 6)) }
        var top = 0
        while top < selected, blocks[top...selected].reduce(0, { $0 + $1.count + 1 }) > inside.height { top += 1 }
        var y = 0
        for index in top..<blocks.count {
            if index == selected, y < inside.height {
                inside.write("›", x: 1, y: y, Style(.accent, .bold))
                inside.placeCursor(x: 1, y: y)
            }
            for (row, line) in blocks[index].enumerated() { inside.write(line, x: 3, y: y + row) }
            y += blocks[index].count + 1
        }
    }

    private func block(_ reason: FunctionReason, now: Int64, width: Int) -> [StyledLine] {
        var lines = [StyledLine(reason.rule, Style(.title, .bold))]
        lines += TextWrapping.wrap(reason.text, to: width).map { StyledLine($0) }
        if let moves = reason.movesAt {
            let clock = FunctionText.date(Instant(epochMilliseconds: moves))
            let text = moves > now ? "Moves in \(FunctionText.duration(milliseconds: Double((moves - now) / 1000 * 1000))), at \(clock)" : "Was due at \(clock)"
            lines.append([Span("◌ ", .warning), Span(text, .warning)])
        }
        if let arn = reason.relatedARN { lines.append(StyledLine(arn.clippedInMiddle(to: width), .link)) }
        return lines
    }
}
