import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Names that point to one or two versions, with the share of each.
struct MachineAliasesTab: MachineTab {
    struct Reading: Sendable {
        var aliases: [SFN.DescribeStateMachineAliasOutput] = []
        var versions: [String] = []
    }

    enum Message: Sendable {
        case loaded(Result<Reading, any Error>)
        case submitted(String?, FormValues)
        case saved(String?, FormValues, Result<Void, any Error>)
        case startRequested(String, FormValues)
        case started(Result<ExecutionStart.Outcome, any Error>)
        case deleted(BulkResult<Row>)
    }

    struct Row: Identifiable, Sendable {
        var alias: SFN.DescribeStateMachineAliasOutput
        var id: String { alias.stateMachineAliasArn ?? "" }
        var name: String { alias.name ?? StateMachineNames.qualifier(id) }
        var routes: [(version: String, weight: Int)] {
            (alias.routingConfiguration ?? []).map {
                (StateMachineNames.qualifier($0.stateMachineVersionArn), $0.weight)
            }
        }
        var versions: String { routes.map(\.version).joined(separator: " and ") }

        /// `████████████████░░ 90% / 10%`: the first version's share, then the second's.
        var weights: StyledLine {
            let cells = 18
            let routes = routes
            guard routes.count > 1 else {
                return [Span(String(repeating: "█", count: cells), .series1), Span(" 100%", .dim)]
            }
            let other = min(cells - 1, max(1, routes[1].weight * cells / 100))
            return [
                Span(String(repeating: "█", count: cells - other), .series1),
                Span(String(repeating: "░", count: other), .series2),
                Span(" \(routes[0].weight)% / \(routes[1].weight)%", .dim),
            ]
        }
    }

    var machine: SFN.DescribeStateMachineOutput?
    var versions: [String] = []
    var failure: String?
    var table = Table<Row>(
        id: "machine.aliases",
        columns: [
            TableColumn("Alias", min: 10, ideal: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Version", min: 9, ideal: 10) { TableCell($0.versions) },
            TableColumn("Executions go to", min: 28, ideal: 30) { TableCell($0.weights) },
            TableColumn("Description", min: 12) { TableCell($0.alias.description ?? "", .dim) },
            TableColumn("Updated", min: 19, ideal: 19) { row in
                TableCell(row.alias.updateDate.map(ElapsedTime.date) ?? "–", .dim)
            },
        ], empty: "No aliases. Publish a version, then press n to name it.")

    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No alias is selected")
        let published = Availability.when(
            !versions.isEmpty, otherwise: "An alias points to versions: publish one first (Versions, n)")
        return [
            KeyBinding(
                ["enter"], "edit", "aliases.edit", help: "Change versions, weights and description", availability: one,
                menu: true, needs: [.changes]),
            KeyBinding(
                ["n"], "new", "aliases.add", help: "Create an alias", availability: published, menu: true,
                needs: [.changes]),
            KeyBinding(
                ["e"], "start execution", "aliases.start", help: "Start an execution of what the alias points to",
                availability: one, menu: true, needs: [.changes]),
            Self.deletion.binding(in: table),
        ] + Table<Row>.bindings
    }

    private static let deletion: BulkAction<Row> = {
        var action = BulkAction<Row>.delete(
            Noun("alias", "aliases"), question: .destructive, name: { $0.name },
            consequence: { "\($0.name), which points to version \($0.versions)" },
            each: {
                _ = try await $1.aws.call(SFN.deleteStateMachineAlias, .init(stateMachineAliasArn: $0.id))
            })
        // `delete` is the machine's own.
        action.action = "aliases.delete"
        return action
    }()

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .changed, .reappeared: return [load()].compactMap { $0 }
        case .action("aliases.edit"):
            return table.selected.map { [show(MachineForms.alias($0, versions: versions), for: $0.id)] } ?? []
        case .action("aliases.add"): return [show(MachineForms.alias(nil, versions: versions), for: nil)]
        case .action("aliases.start"):
            guard let row = table.selected else { return [] }
            return [
                .form(StateMachineForms.start(machine: "\(machine?.name ?? ""):\(row.name)", input: "{}")) {
                    .startRequested(row.id, $0)
                }
            ]
        case .action("aliases.delete"): return Self.deletion.effects(on: table.targets) { .deleted($0) }
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private func load() -> Effect<Message>? {
        guard let arn = machine?.stateMachineArn else { return nil }
        return .work("aliases") { context in
            var reading = Reading()
            let list = try await context.aws.call(
                SFN.listStateMachineAliases, .init(stateMachineArn: arn, maxResults: 100)
            ).stateMachineAliases
            for alias in list where !Task.isCancelled {
                reading.aliases.append(
                    try await context.aws.call(
                        SFN.describeStateMachineAlias, .init(stateMachineAliasArn: alias.stateMachineAliasArn)))
            }
            reading.versions = try await context.aws.call(
                SFN.listStateMachineVersions, .init(stateMachineArn: arn, maxResults: 1000)
            ).stateMachineVersions.map(\.stateMachineVersionArn)
            return reading
        } then: {
            .loaded($0)
        }
    }

    private func show(_ form: Form, for arn: String?) -> Effect<Message> { .form(form) { .submitted(arn, $0) } }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let reading)):
            failure = nil
            versions = reading.versions
            table.rows = reading.aliases.map { Row(alias: $0) }
        case .loaded(.failure(let error)): failure = error.sentence
        case .submitted(let arn, let values): return [save(arn, values)]
        case .saved(let arn, let values, .success):
            return [.toast(arn == nil ? "Created alias \(values["name"])" : "Saved the alias"), load()].compactMap {
                $0
            }
        case .saved(let arn, let values, .failure(let error)):
            let row = table.rows?.first { $0.id == arn }
            return [
                show(
                    MachineForms.alias(row, versions: versions).filled(with: values, failure: error.sentence), for: arn)
            ]
        case .startRequested(let arn, let values):
            return [ExecutionStart.work(of: arn, type: machine?.type, values) { .started($0) }]
        case .started(let result): return ExecutionStart.effects(after: result, machine: machine?.name ?? "")
        case .deleted(let result):
            table.unmark(result.succeeded.map(\.id))
            return [load()].compactMap { $0 }
        }
        return []
    }

    private func save(_ arn: String?, _ values: FormValues) -> Effect<Message> {
        let routes = MachineForms.routes(values, versions: versions)
        return .work("save") { context in
            if let arn {
                _ = try await context.aws.call(
                    SFN.updateStateMachineAlias,
                    .init(
                        stateMachineAliasArn: arn, description: values["description"], routingConfiguration: routes))
            } else {
                _ = try await context.aws.call(
                    SFN.createStateMachineAlias,
                    .init(
                        description: values.optional("description"), name: values["name"], routingConfiguration: routes
                    ))
            }
        } then: {
            .saved(arn, values, $0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Aliases", focused: true, note: table.note(failure)), focused: frame.isInteractive)
    }
}
