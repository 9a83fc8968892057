import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The answer to *Why?*: each rule, what it says, when it will move, and where it leads.
struct QueueReasons: Sendable {
    /// Nil while asking.
    var reasons: [Skua.Reason]?
    var problem: String?
    var selected = 0

    /// - Parameters:
    ///   - arn: the queue's.
    ///   - item: a message's or a message group's id; nil asks about the queue itself.
    static func of(_ arn: String, item: String?, _ context: ConsoleContext) async throws -> [Skua.Reason] {
        try await context.aws.call(Skua.explain, .init(resourceArn: arn, item: item)).reasons ?? []
    }

    private var current: Skua.Reason? { reasons.flatMap { $0.indices.contains(selected) ? $0[selected] : nil } }
    /// The screen the selected reason speaks of.
    var link: ScreenAddress? { current?.relatedArn.flatMap { ResourceName($0).address } }
    var text: String? { current.map { "\($0.rule ?? ""): \($0.text ?? "")" } }
    var hasCountdown: Bool { reasons?.contains { $0.movesAt != nil } ?? false }

    static let bindings: [KeyBinding] = [
        KeyBinding(["j", "down"], "Down", "reasons.down", prominence: .help),
        KeyBinding(["k", "up"], "Up", "reasons.up", prominence: .help),
    ]

    mutating func set(_ new: [Skua.Reason]) {
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
        guard let reasons, !reasons.isEmpty else {
            let text = problem ?? (reasons == nil ? "Asking…" : "Nothing holds it.")
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

    private static func block(_ reason: Skua.Reason, now: Int64, width: Int) -> [StyledLine] {
        var lines = [StyledLine(reason.rule ?? "", Style(.title, .bold))]
        lines += TextWrapping.wrap(reason.text ?? "", to: width).map { StyledLine($0) }
        if let moves = reason.movesAt {
            let left = moves.epochMilliseconds - now
            let when = left > 0 ? "moves in \(ElapsedTime.countdown(milliseconds: left))" : "due"
            lines.append([Span("◌ \(when)", .warning), Span(", at \(ElapsedTime.date(moves))", .dim)])
        }
        if let arn = reason.relatedArn {
            lines.append([Span("→ ", .dim), Span(arn.clippedInMiddle(to: width - 2), .link)])
        }
        return lines
    }
}

/// *Why?* of a queue, over the whole screen.
struct QueueReasonsScreen: Screen {
    let crumbs: [String]
    let subject: String
    var list: QueueReasons

    init(crumbs: [String], subject: String, reasons: [Skua.Reason]) {
        self.crumbs = crumbs
        self.subject = subject
        list = QueueReasons(reasons: reasons)
    }

    var tickInterval: Duration? { list.hasCountdown ? .seconds(1) : nil }
    var copyText: String? { list.text }
    var bindings: [KeyBinding] {
        [.open(.when(list.link != nil, otherwise: "This reason names nothing that has a screen"))]
            + QueueReasons.bindings
    }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action("open"): return list.link.map { [.open($0)] } ?? []
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let inside = surface.panel(
            "Why? \(subject)", focused: true,
            note: StyledLine(Quantity.count(list.reasons?.count ?? 0, "reason"), .dim))
        list.render(on: inside.inset(horizontally: 1), now: frame.now, focused: frame.isInteractive)
    }
}
