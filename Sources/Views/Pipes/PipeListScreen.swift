import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All pipes with their state, source and target.
struct PipeListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var pipe: Pipes.Pipe
        var id: String { pipe.arn ?? "" }
        var name: String { pipe.name ?? "" }
        var state: String { pipe.currentState ?? "" }
        var mark: StatusMark { PipeReading.mark(of: state) }
    }

    private static let table = Table<Row>(
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
        ], empty: "No pipes. Press n to create one.")

    var list = ResourceList("Pipes", Self.table) { token, context in
        let page = try await context.aws.call(Pipes.listPipes, .init(nextToken: token))
        return ListPage((page.pipes ?? []).map { Row(pipe: $0) }, next: page.nextToken)
    }
    static let noun: Noun = "pipe"

    var crumbs: [String] { ["Pipes"] }
    var topics: Set<Topic> { ["pipes"] }
    var copyText: String? { selected?.id }
    var ownBindings: [KeyBinding] { [.open(one), Self.new(), .why(one)] }

    var actions: [BulkAction<Row>] {
        [
            .onOff(
                Self.noun, title: "start/stop", help: "Start or stop what is marked or selected", on: .start,
                off: .stop, name: { $0.name }, isOn: { $0.state == "RUNNING" },
                availability: {
                    .when(["RUNNING", "STOPPED"].contains($0.state), otherwise: "The pipe is changing its state")
                }
            ) { try await PipeScreen.set($0.name, isRunning: $1, $2) },
            .delete(
                Self.noun, help: "Delete what is marked or selected", question: .destructive,
                note: { _ in "Messages stay in the source." }, name: { $0.name },
                each: { _ = try await $1.aws.call(Pipes.deletePipe, .init(name: $0.name)) }),
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("pipes.pipe", $0.name)] } ?? []
        case "create": [.push(PipeEditorScreen(editing: nil))]
        case "why": selected.map { [.open("why", $0.id)] } ?? []
        default: nil
        }
    }
}
