import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A state machine as the list shows it.
struct MachineRow: Identifiable, Sendable {
    /// Executions by status, as far as they were counted.
    struct Counts: Hashable, Sendable {
        var running = 0
        var succeeded = 0
        var failed = 0
        /// More executions exist than were counted.
        var isPartial = false
    }

    var arn: String
    var name: String
    var type: String
    var status: String?
    var created: Instant
    var counts: Counts?

    var id: String { arn }

    /// It has been counted; an Express machine has nothing to count.
    var isKnown: Bool { status != nil }

    var statusCell: TableCell {
        switch status {
        case "ACTIVE": .status(.enabled, "Active")
        case "DELETING": .status(.waiting, "Deleting")
        case .some(let other): .status(.unknown, other)
        case nil: TableCell("…", .faint)
        }
    }

    func cell(_ value: KeyPath<Counts, Int>, _ role: Role) -> TableCell {
        guard let counts else { return TableCell(isKnown ? "–" : "…", .faint) }
        let number = counts[keyPath: value]
        return TableCell(number.grouped + (counts.isPartial ? "+" : ""), number > 0 ? role : .dim)
    }
}

/// All state machines.
struct MachineListScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[MachineRow], any Error>)
        case counted([String: (status: String?, counts: MachineRow.Counts?)])
        case createRequested(FormValues)
        case roles([String])
        case startRequested(MachineRow, FormValues)
        case started(Result<ExecutionStart.Outcome, any Error>)
        case deleted(BulkResult<MachineRow>)
    }

    var table = Table<MachineRow>(
        id: "machines",
        columns: [
            TableColumn("Name", min: 18, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Type", min: 8, ideal: 10, order: TableColumn.by { $0.type }) {
                TableCell($0.type == "EXPRESS" ? "Express" : "Standard", .dim)
            },
            TableColumn("Status", min: 9, ideal: 10) { $0.statusCell },
            TableColumn("Running", min: 7, ideal: 8, align: .right, order: TableColumn.by { $0.counts?.running ?? 0 }) {
                $0.cell(\.running, .running)
            },
            TableColumn(
                "Succeeded", min: 9, ideal: 10, align: .right, order: TableColumn.by { $0.counts?.succeeded ?? 0 }
            ) { $0.cell(\.succeeded, .text) },
            TableColumn("Failed", min: 6, ideal: 8, align: .right, order: TableColumn.by { $0.counts?.failed ?? 0 }) {
                $0.cell(\.failed, .failure)
            },
            TableColumn("Created", min: 19, ideal: 19, order: TableColumn.by { $0.created }) {
                TableCell(ElapsedTime.date($0.created), .dim)
            },
        ], empty: "No state machines. Press n to create one.")
    var failure: String?
    private var isCounting = false
    private var mustCountAgain = false

    var crumbs: [String] { ["Step Functions", "State machines"] }
    var topics: Set<Topic> { ["states"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.arn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No state machine is selected")
        return [
            KeyBinding.open(one),
            KeyBinding(
                ["e"], "start execution", "start", help: "Start an execution", availability: one, menu: true,
                needs: [.changes]),
            KeyBinding(["n"], "new", "create", help: "Create a state machine", menu: true, needs: [.changes]),
            KeyBinding(["A"], "activities", "activities", help: "All activities and their pending tasks", menu: true),
            Self.deletion.binding(in: table), .quietWhy(one), .refresh,
        ] + Table<MachineRow>.bindings
    }

    private static let deletion = BulkAction<MachineRow>.delete(
        "state machine", help: "Delete what is marked or selected", name: { $0.name },
        consequence: { row in
            row.counts.map { "\(row.name): \($0.running.grouped) running executions are stopped" } ?? row.name
        },
        each: { _ = try await $1.aws.call(SFN.deleteStateMachine, .init(stateMachineArn: $0.arn)) })

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return [Self.load()]
        case .action("open"): return table.selected.map { [.open("states.machine", $0.name)] } ?? []
        case .action("why"): return table.selected.map { [.open("why", $0.arn)] } ?? []
        case .action("start"):
            guard let row = table.selected else { return [] }
            return [.form(StateMachineForms.start(machine: row.name, input: "{}")) { .startRequested(row, $0) }]
        case .action("create"): return [Self.roles()]
        case .action("activities"): return [.open("states.activities")]
        case .action("delete"): return Self.deletion.effects(on: table.targets) { .deleted($0) }
        case .action("refresh"): return [Self.load()]
        case .action(let action):
            _ = table.perform(action)
            return []
        case .input(let input):
            if !table.handle(input), case .mouse(let hit) = input, hit.event.kind == .doublePress,
                let row = table.selected
            {
                return [.open("states.machine", row.name)]
            }
            return []
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            let known = Dictionary((table.rows ?? []).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            table.rows = rows.map { row in
                var row = row
                (row.counts, row.status) = (known[row.id]?.counts, known[row.id]?.status)
                return row
            }
            // Counting takes many calls: while one count is under way, changes wait for the next.
            guard !rows.isEmpty, !isCounting else {
                mustCountAgain = isCounting
                return []
            }
            isCounting = true
            return [Self.count(rows)]
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .counted(let counts):
            table.rows = table.rows?.map { row in
                var row = row
                if let new = counts[row.id] { (row.status, row.counts) = (new.status, new.counts) }
                return row
            }
            isCounting = mustCountAgain
            guard mustCountAgain, let rows = table.rows, !rows.isEmpty else { return [] }
            mustCountAgain = false
            return [Self.count(rows, after: .seconds(1))]
        case .roles(let roles): return [.form(StateMachineForms.create(roles: roles)) { .createRequested($0) }]
        case .createRequested(let values):
            let plan = DefinitionEditorScreen.Purpose.create(
                name: values["name"], type: values["type"], role: values["role"])
            return [.push(DefinitionEditorScreen(plan, text: StateMachineForms.definition(values["starter"])))]
        case .startRequested(let row, let values):
            return [ExecutionStart.work(of: row.arn, type: row.type, values) { .started($0) }]
        case .started(let result): return ExecutionStart.effects(after: result, machine: table.selected?.name ?? "")
        case .deleted(let result):
            table.unmark(result.succeeded.map(\.id))
            return [Self.load()]
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("State machines", focused: true, note: table.note(failure)), focused: frame.isInteractive)
    }

    // MARK: Work

    static func load() -> Effect<Message> {
        .work("load") { context in
            var rows: [MachineRow] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(SFN.listStateMachines, .init(maxResults: 1000, nextToken: token))
                rows += page.stateMachines.map {
                    MachineRow(arn: $0.stateMachineArn, name: $0.name, type: $0.type, created: $0.creationDate)
                }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return rows
        } then: {
            .loaded($0)
        }
    }

    /// Status and counts of the first hundred machines: AWS has no call that tells them all at once.
    private static func count(_ rows: [MachineRow], after pause: Duration = .zero) -> Effect<Message> {
        let machines = rows.prefix(100).map { ($0.arn, $0.type) }
        return .work("count") { context in
            if pause > .zero { try? await Task.sleep(for: pause) }
            var result: [String: (status: String?, counts: MachineRow.Counts?)] = [:]
            for (arn, type) in machines where !Task.isCancelled {
                let status = try? await context.aws.call(SFN.describeStateMachine, .init(stateMachineArn: arn)).status
                var counts: MachineRow.Counts?
                if type != "EXPRESS",
                    let page = try? await context.aws.call(
                        SFN.listExecutions, .init(stateMachineArn: arn, maxResults: 1000))
                {
                    var tally = MachineRow.Counts(isPartial: page.nextToken != nil)
                    for execution in page.executions {
                        switch execution.status {
                        case "RUNNING", "PENDING_REDRIVE": tally.running += 1
                        case "SUCCEEDED": tally.succeeded += 1
                        default: tally.failed += 1
                        }
                    }
                    counts = tally
                }
                result[arn] = (status, counts)
            }
            return .counted(result)
        }
    }

    private static func roles() -> Effect<Message> {
        .work("roles") { context in
            let roles = try? await context.aws.call(IAM.listRoles, .init(maxItems: 100)).roles
            let suited = (roles ?? []).filter { ($0.assumeRolePolicyDocument ?? "").contains("states.amazonaws.com") }
            return .roles(suited.map(\.arn))
        }
    }
}
