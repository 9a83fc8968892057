import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Definitions and roles that never change, by number.
struct MachineVersionsTab: MachineTab {
    struct Row: Identifiable, Sendable {
        var arn: String
        var created: Instant
        var description: String?
        var definition: String?
        var aliases: [String]
        var id: String { arn }
        var number: Int { Int(StateMachineNames.qualifier(arn)) ?? 0 }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case publishRequested(FormValues)
        case published(FormValues, Result<String, any Error>)
        case startRequested(String, FormValues)
        case started(Result<ExecutionStart.Outcome, any Error>)
        case deleted(BulkResult<Row>)
    }

    var machine: SFN.DescribeStateMachineOutput?
    var failure: String?
    var table = Table<Row>(
        id: "machine.versions",
        columns: [
            TableColumn("Version", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.number }) {
                TableCell("\($0.number)")
            },
            TableColumn("Aliases", min: 10, ideal: 18) { TableCell($0.aliases.joined(separator: ", "), .accent) },
            TableColumn("Description", min: 16) { TableCell($0.description ?? "", .dim) },
            TableColumn("Published", min: 19, ideal: 19, order: TableColumn.by { $0.created }) {
                TableCell(ElapsedTime.date($0.created), .dim)
            },
        ], empty: "No versions. Press n to publish the definition and role as they are now.")

    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.arn }

    private static let deletion: BulkAction<Row> = {
        var action = BulkAction<Row>.delete(
            "version", question: .destructive, name: { "\($0.number)" },
            consequence: { "version \($0.number): its running executions go on" },
            availability: {
                .when($0.aliases.isEmpty, otherwise: "Alias \($0.aliases.joined(separator: ", ")) points to it")
            },
            each: {
                _ = try await $1.aws.call(SFN.deleteStateMachineVersion, .init(stateMachineVersionArn: $0.arn))
            })
        // `delete` is the machine's own.
        action.action = "versions.delete"
        return action
    }()

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No version is selected")
        return [
            KeyBinding(
                ["enter"], "compare", "versions.compare", help: "What has changed since this version",
                availability: .when(
                    table.selected?.definition != nil, otherwise: "The version's definition is not known"), menu: true),
            KeyBinding(
                ["n"], "publish", "versions.publish", help: "Publish definition and role as they are now", menu: true,
                needs: [.changes]),
            KeyBinding(
                ["e"], "start execution", "versions.start", help: "Start an execution of this version",
                availability: one, menu: true, needs: [.changes]),
            Self.deletion.binding(in: table),
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .changed, .reappeared: return [load()].compactMap { $0 }
        case .action("versions.compare"):
            guard let row = table.selected, let old = row.definition, let new = machine?.definition else { return [] }
            return [
                .push(
                    DefinitionDiffScreen(
                        crumbs: ["Step Functions", machine?.name ?? "", "Version \(row.number)"],
                        oldTitle: "version \(row.number)", newTitle: "the definition now", old: old, new: new))
            ]
        case .action("versions.publish"): return [.form(MachineForms.publish()) { .publishRequested($0) }]
        case .action("versions.start"):
            guard let row = table.selected else { return [] }
            let title = "\(machine?.name ?? "") version \(row.number)"
            return [.form(StateMachineForms.start(machine: title, input: "{}")) { .startRequested(row.arn, $0) }]
        case .action("versions.delete"): return Self.deletion.effects(on: table.targets) { .deleted($0) }
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private func load() -> Effect<Message>? {
        guard let arn = machine?.stateMachineArn else { return nil }
        return .work("versions") { context in
            try await Self.read(arn, context)
        } then: {
            .loaded($0)
        }
    }

    /// Versions newest first, with the aliases that point to each. The newest fifty are described.
    static func read(_ arn: String, _ context: ConsoleContext) async throws -> [Row] {
        let versions = try await context.aws.call(
            SFN.listStateMachineVersions, .init(stateMachineArn: arn, maxResults: 1000)
        ).stateMachineVersions
        var names: [String: [String]] = [:]
        let aliases = try await context.aws.call(
            SFN.listStateMachineAliases, .init(stateMachineArn: arn, maxResults: 100)
        ).stateMachineAliases
        for alias in aliases {
            let routes = try await context.aws.call(
                SFN.describeStateMachineAlias, .init(stateMachineAliasArn: alias.stateMachineAliasArn)
            ).routingConfiguration
            for route in routes ?? [] {
                names[route.stateMachineVersionArn, default: []].append(
                    StateMachineNames.qualifier(alias.stateMachineAliasArn))
            }
        }
        var rows = versions.map {
            Row(
                arn: $0.stateMachineVersionArn, created: $0.creationDate,
                aliases: names[$0.stateMachineVersionArn] ?? [])
        }
        for index in rows.indices.prefix(50) where !Task.isCancelled {
            let description = try? await context.aws.call(
                SFN.describeStateMachine, .init(stateMachineArn: rows[index].arn))
            rows[index].description = description?.description
            rows[index].definition = description?.definition
        }
        return rows
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)): failure = error.sentence
        case .publishRequested(let values):
            guard let machine else { return [] }
            return [
                .work("publish") { context in
                    try await context.aws.call(
                        SFN.publishStateMachineVersion,
                        .init(
                            stateMachineArn: machine.stateMachineArn, revisionId: machine.revisionId,
                            description: values.optional("description"))
                    ).stateMachineVersionArn
                } then: {
                    .published(values, $0)
                }
            ]
        case .published(_, .success(let arn)):
            // AWS: publishing a revision that is published already answers its version again.
            let isKnown = (table.allRows ?? []).contains { $0.arn == arn }
            let number = StateMachineNames.qualifier(arn)
            return [
                isKnown
                    ? .toast("Nothing has changed since version \(number)", .warning)
                    : .toast("Published version \(number)"), load(),
            ].compactMap { $0 }
        case .published(let values, .failure(let error)):
            return [
                .form(MachineForms.publish().filled(with: values, failure: error.sentence)) { .publishRequested($0) }
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

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Versions", focused: true, note: table.note(failure)), focused: frame.isInteractive)
    }
}
