import TerminalUI

/// The Map Runs of one execution.
struct MapRunListScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[MapRunRow], any Error>)
    }

    let execution: String
    var table = MapRunRow.table()
    var failure: String?

    init(execution: String) { self.execution = execution }

    private var names: (machine: String, execution: String) { StateMachineNames.parts(ofExecution: execution) }
    var crumbs: [String] { ["Step Functions", names.machine, names.execution, "Map Runs"] }
    var topics: Set<Topic> { [Topic("states/\(names.machine)")] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.arn }
    var bindings: [KeyBinding] {
        [.open(.when(table.selected != nil, otherwise: "No Map Run is selected")), .refresh] + Table<MapRunRow>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"):
            let execution = execution
            return [
                .work("load") { context in
                    try await MapRunReading.list(execution, context)
                } then: {
                    .loaded($0)
                }
            ]
        case .action("open"): return open()
        case .action(let action): _ = table.perform(action)
        case .input(let input):
            if !table.handle(input), case .mouse(let hit) = input, hit.event.kind == .doublePress { return open() }
        case .message(.loaded(.success(let rows))):
            failure = nil
            table.rows = rows
        case .message(.loaded(.failure(let error))): failure = error.sentence
        case .tick: break
        }
        return []
    }

    private func open() -> [Effect<Message>] { table.selected.map { [.open("states.maprun", $0.arn)] } ?? [] }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Map Runs", focused: true, note: table.note(failure)), focused: frame.isInteractive)
    }
}
