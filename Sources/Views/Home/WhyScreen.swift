import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Why?* of any resource: each rule that holds it, what it says, when it will move, and where it leads.
struct WhyScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[Skua.Reason], any Error>)
    }

    let arn: String
    let item: String?
    private(set) var reasons: [Skua.Reason]?
    private(set) var failure: String?
    private(set) var selected = 0

    init(arn: String, item: String? = nil) {
        self.arn = arn
        self.item = item
    }

    private var name: ResourceName { ResourceName(arn) }
    private var current: Skua.Reason? { reasons.flatMap { $0.indices.contains(selected) ? $0[selected] : nil } }
    private var link: ScreenAddress? { current?.relatedArn.flatMap { ResourceName($0).address } }

    var crumbs: [String] { [name.name, "Why?"] }
    var title: String { "Why?" }
    var topics: Set<Topic> { ["sqs", "lambda", "states", "skua/clock"] }
    var tickInterval: Duration? { reasons?.contains { $0.movesAt != nil } == true ? .seconds(1) : nil }
    var copyText: String? { current.map { "\($0.rule ?? ""): \($0.text ?? "")" } }

    var bindings: [KeyBinding] {
        [
            .open(.when(link != nil, otherwise: "This reason has no screen of its own")), .refresh,
            KeyBinding(["j", "down"], "down", "down", prominence: .help),
            KeyBinding(["k", "up"], "up", "up", prominence: .help),
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"):
            let request = Skua.ExplainRequest(resourceArn: arn, item: item)
            return [
                .work("load") {
                    try await $0.aws.call(Skua.explain, request).reasons ?? []
                } then: {
                    .loaded($0)
                }
            ]
        case .message(.loaded(.success(let found))):
            reasons = found
            failure = nil
            selected = max(0, min(selected, found.count - 1))
        case .message(.loaded(.failure(let error))): failure = error.sentence
        case .action("open"): return link.map { [.open($0)] } ?? []
        case .action("down"), .input(.key(.down)): selected = min(max(0, (reasons?.count ?? 0) - 1), selected + 1)
        case .action("up"), .input(.key(.up)): selected = max(0, selected - 1)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let count = reasons.map { $0.isEmpty ? "" : $0.count == 1 ? "1 reason" : "\($0.count) reasons" } ?? ""
        let subject = item.map { "\(name.name), \($0)" } ?? name.name
        let inside = surface.panel("Why? \(subject)", focused: true, note: StyledLine(count, .dim))
        guard let reasons, !reasons.isEmpty else {
            let text = failure ?? (reasons == nil ? "Asking…" : "Nothing holds it: it does what it was set up to do.")
            inside.write(
                text, x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let width = max(20, inside.width - 6)
        let blocks = reasons.map { block($0, now: frame.now, width: width) }
        // Scrolls by whole blocks, so that the selected one is in view.
        var top = 0
        while top < selected, blocks[top...selected].reduce(0, { $0 + $1.count + 1 }) > inside.height { top += 1 }
        var y = 0
        for index in top..<blocks.count {
            for (row, line) in blocks[index].enumerated() where y + row < inside.height {
                if row == 0, index == selected {
                    inside.write("›", x: 1, y: y, Style(.accent, .bold))
                    inside.placeCursor(x: 1, y: y)
                }
                inside.write(line, x: 3, y: y + row)
            }
            y += blocks[index].count + 1
        }
    }

    private func block(_ reason: Skua.Reason, now: Int64, width: Int) -> [StyledLine] {
        var lines = [StyledLine(reason.rule ?? "", Style(.title, .bold))]
        lines += TextWrapping.wrap(reason.text ?? "", to: width).map { StyledLine($0) }
        if let moves = reason.movesAt {
            let remaining = moves.epochMilliseconds - now
            let clock = ElapsedTime.date(moves)
            let when =
                remaining > 0
                ? "Moves in \(ElapsedTime.text(milliseconds: remaining)), at \(clock)" : "Was due at \(clock)"
            lines.append([Span("◌ ", .warning), Span(when, .warning)])
        }
        if let arn = reason.relatedArn { lines.append(StyledLine(arn.clippedInMiddle(to: width), .link)) }
        return lines
    }
}
