import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All pipes with their state, source and target.
struct PipeListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var pipe: Pipes.Pipe
        var id: String { pipe.arn ?? "" }
        var name: String { pipe.name ?? "" }
        var state: String { pipe.currentState ?? "" }
        var mark: StatusMark { PipeReading.mark(of: state) }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "pipes",
        columns: [
            TableColumn("Pipe", min: 14, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("State", min: 12, ideal: 14, order: TableColumn.by { $0.state }) {
                .status($0.mark, $0.state.lowercased())
            },
            TableColumn("Source", min: 12, clipsMiddle: true) {
                TableCell(ResourceName($0.pipe.source ?? "").name)
            },
            TableColumn("Enrichment", min: 10, clipsMiddle: true) {
                TableCell($0.pipe.enrichment.map { ResourceName($0).name } ?? "–", .dim)
            },
            TableColumn("Target", min: 12, clipsMiddle: true) {
                TableCell(ResourceName($0.pipe.target ?? "").name)
            },
        ], empty: "No pipes yet. Press n to create one.")
    var failure: String?

    var crumbs: [String] { ["Pipes"] }
    var topics: Set<Topic> { ["pipes"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No pipe is selected")
        let settled = table.selected.map { ["RUNNING", "STOPPED"].contains($0.state) } ?? false
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a pipe", menu: true),
            KeyBinding(
                ["o"], "start/stop", "toggle", help: "Start or stop the pipe",
                availability: table.selected == nil
                    ? one : .when(settled, otherwise: "The pipe is changing its state"), menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one,
                menu: true,
                destructive: true),
            .why(one),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("pipes.pipe", $0.name)] } ?? []
        case .action("create"): return [.push(PipeEditorScreen(editing: nil))]
        case .action("why"): return table.selected.map { [.open("why", $0.id)] } ?? []
        case .action("toggle"): return table.selected.map { [Self.toggle($0)] } ?? []
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "pipe \(first.name)" : "\(targets.count) pipes"
            return [
                .confirm(
                    .delete(what, consequences: ["Messages stay in the source queue"]),
                    then: .deleteConfirmed(targets))
            ]
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .deleteConfirmed(let targets):
            return [
                .work("delete") { context in
                    for row in targets {
                        _ = try await context.aws.call(Pipes.deletePipe, .init(name: row.name))
                    }
                } then: {
                    .acted("Deleting \(Quantity.count(targets.count, "pipe"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    private static func toggle(_ row: Row) -> Effect<Message> {
        let isRunning = row.state == "RUNNING"
        return PipeScreen.toggle(row.name, isRunning: isRunning) {
            .acted(isRunning ? "Stopping \(row.name)" : "Starting \(row.name)", $0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Pipes", focused: true, note: table.countNote), focused: frame.isInteractive
        )
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var rows: [Row] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Pipes.listPipes, .init(nextToken: token))
                rows += (page.pipes ?? []).map { Row(pipe: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return rows
        } then: {
            .loaded($0)
        }
    }
}
