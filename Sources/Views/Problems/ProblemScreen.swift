import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What is stuck, failing or dropping, found by the engine, each with its reason.
struct ProblemScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[ProblemRow], any Error>)
        case noEngine
    }

    static let name = "What is wrong"

    private(set) var table = Table<ProblemRow>(
        id: "problems", columns: ProblemRow.columns,
        empty: "Nothing is stuck, failing or dropping. What is shows up here by itself.")
    private(set) var failure: String?
    private(set) var hasEngine = true

    var crumbs: [String] { ["Skua", Self.name] }
    var title: String { Self.name }
    var topics: Set<Topic> {
        ["sqs", "sns", "lambda", "states", "cloudwatch", "events", "pipes", "scheduler", "iam", "skua/clock"]
    }
    /// Things also turn wrong by nothing happening.
    var tickInterval: Duration? { hasEngine ? .seconds(5) : nil }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.sentence }

    var bindings: [KeyBinding] {
        let selected = table.selected
        return [
            KeyBinding(
                ["enter", "w"], "why?", "why", help: "Why, and when will it move?",
                availability: .when(selected != nil, otherwise: "Nothing is wrong"), menu: true),
            KeyBinding(
                ["o"], "open", "open", help: "Open the resource",
                availability: .when(
                    selected?.name.address != nil,
                    otherwise: selected == nil ? "Nothing is wrong" : "This has no screen of its own"), menu: true),
            KeyBinding(
                ["c"], "cause", "cause", help: "Open what causes it, or suffers from it",
                availability: .when(
                    selected?.related.flatMap { ResourceName($0).address } != nil,
                    otherwise: "No other resource has to do with it"), menu: true),
            .refresh,
        ] + table.numberBindings + Table<ProblemRow>.bindings.filter { $0.action != "table.mark" }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .tick, .action("refresh"): return [load()]
        case .message(.loaded(.success(let rows))):
            failure = nil
            table.rows = rows
        case .message(.loaded(.failure(let error))):
            failure = error.sentence
            table.rows = table.rows ?? []
        case .message(.noEngine):
            hasEngine = false
            table.rows = []
        case .action("why"): return table.selected.map { [.push(WhyScreen($0))] } ?? []
        case .action("open"): return table.selected?.name.address.map { [.open($0)] } ?? []
        case .action("cause"):
            return table.selected?.related.flatMap { ResourceName($0).address }.map { [.open($0)] } ?? []
        case .action(let action):
            if let problem = table.numbered(by: action) { return [.push(WhyScreen(problem))] }
            _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        }
        return []
    }

    private func load() -> Effect<Message> {
        .work("load") { context in
            guard context.capabilities.hasEngine else { return .noEngine }
            do throws(AWSError) {
                return .loaded(.success(try await ProblemRow.all(context.aws)))
            } catch {
                return .loaded(.failure(error))
            }
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        let isFocused = frame.isInteractive
        guard hasEngine else {
            let inside = surface.panel(Self.name, focused: true)
            inside.write(
                "Only Skua's own engine looks for what is wrong.", x: 1, y: inside.height / 2,
                width: inside.width - 2, align: .centre, Style(.dim))
            return
        }
        let note: StyledLine =
            failure.map { [Span("✗ ", .failure), Span($0.clipped(to: 40), .failure)] } ?? table.countNote
        let inside = surface.panel(Self.name, focused: isFocused, note: note)
        let parts = inside.rows([.fill(), .fixed(table.selected == nil ? 0 : min(8, inside.height / 2))])
        table.render(on: parts[0], focused: isFocused)
        if let problem = table.selected { renderDetail(of: problem, on: parts[1], now: frame.now) }
    }

    private func renderDetail(of problem: ProblemRow, on surface: Surface, now: Int64) {
        surface.horizontalLine(y: 0, Style(.faint))
        let width = max(10, surface.width - 2)
        var lines: [StyledLine] = [
            [Span(problem.rule, Style(.title, .bold)), Span("  \(problem.place)", .dim)]
        ]
        lines += TextWrapping.wrap(problem.text, to: width).map { StyledLine($0) }
        if let moves = problem.movesAt {
            lines.append([Span("◌ ", .warning), Span("Moves at \(ElapsedTime.date(moves))", .warning)])
        }
        if let related = problem.related { lines.append(StyledLine(related.clippedInMiddle(to: width), .link)) }
        for (index, line) in lines.prefix(surface.height - 1).enumerated() { surface.write(line, x: 1, y: 1 + index) }
    }
}

/// The list of what is wrong by name.
public enum ProblemScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "problems", ProblemScreen.name, summary: "What is stuck, failing or dropping, and why"
        ) { _ in ProblemScreen() }
    ]
}
