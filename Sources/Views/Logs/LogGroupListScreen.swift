import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All log groups.
struct LogGroupListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var group: Logs.LogGroup
        var id: String { group.logGroupName ?? "" }
        var retention: String { group.retentionInDays.map { Quantity.count($0, "day") } ?? "never expires" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case createRequested(FormValues)
        case created(Result<String, any Error>, FormValues)
        case retentionChosen(FormValues, [Row])
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    /// AWS: the retention periods there are, in days.
    static let retentions = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]

    var table = Table<Row>(
        id: "groups",
        columns: [
            TableColumn("Log group", min: 24, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn(
                "Retention", min: 13, ideal: 14, align: .right,
                order: TableColumn.by { $0.group.retentionInDays ?? .max }
            ) { TableCell($0.retention, .dim) },
            TableColumn("Stored", min: 9, ideal: 10, align: .right, order: TableColumn.by { $0.group.storedBytes ?? 0 })
            { TableCell(Quantity.bytes($0.group.storedBytes ?? 0)) },
            TableColumn("Created", min: 19, ideal: 19, order: TableColumn.by { $0.group.creationTime ?? 0 }) {
                TableCell(
                    $0.group.creationTime.map { ElapsedTime.date(Instant(epochMilliseconds: Int64($0))) } ?? "–", .dim)
            },
        ], empty: "No log groups. A function makes its own when it first runs; n creates one.")
    var failure: String?

    var crumbs: [String] { ["CloudWatch", "Log groups"] }
    var topics: Set<Topic> { ["logs"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No log group is selected")
        return [
            .open(one),
            KeyBinding(["l"], "tail", "tail", help: "Follow its events live", availability: one, menu: true),
            KeyBinding(
                ["i"], "insights", "insights", help: "Query the marked groups, or the selected one", availability: one,
                menu: true),
            KeyBinding(
                ["e"], "retention", "retention", help: "For how long events are kept", availability: one, menu: true),
            KeyBinding(["n"], "new", "create", help: "Create a log group", menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("logs.group", $0.id)] } ?? []
        case .action("tail"): return table.selected.map { [.open("logs.tail", $0.id)] } ?? []
        case .action("insights"):
            let targets = table.targets.map(\.id)
            return targets.isEmpty ? [] : [.push(InsightsScreen(groups: targets))]
        case .action("create"): return [.form(Self.createForm) { .createRequested($0) }]
        case .action("retention"):
            let targets = table.targets
            return targets.isEmpty ? [] : [.form(Self.retentionForm(targets)) { .retentionChosen($0, targets) }]
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "log group \(first.id)" : "\(targets.count) log groups"
            let lines = targets.map { "\($0.id): \(Quantity.bytes($0.group.storedBytes ?? 0)) of events" }
            return [
                .confirm(
                    .delete(what, consequences: lines, typeToConfirm: targets.count == 1 ? nil : "delete"),
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
        case .createRequested(let values):
            return [
                .work("create") { context in
                    let name = values["name"]
                    _ = try await context.aws.call(Logs.createLogGroup, .init(logGroupName: name))
                    if let days = Self.days(values) {
                        _ = try await context.aws.call(
                            Logs.putRetentionPolicy, .init(logGroupName: name, retentionInDays: days))
                    }
                    return name
                } then: {
                    .created($0, values)
                }
            ]
        case .created(.success(let name), _): return [.toast("Created \(name)"), Self.load()]
        case .created(.failure(let error), let values):
            return [
                .form(Self.createForm.filled(with: values, failure: error.sentence)) { .createRequested($0) }
            ]
        case .retentionChosen(let values, let targets):
            return [
                .work("retention") { context in
                    for row in targets {
                        if let days = Self.days(values) {
                            _ = try await context.aws.call(
                                Logs.putRetentionPolicy, .init(logGroupName: row.id, retentionInDays: days))
                        } else {
                            _ = try await context.aws.call(Logs.deleteRetentionPolicy, .init(logGroupName: row.id))
                        }
                    }
                } then: {
                    .acted("Set the retention of \(Quantity.count(targets.count, "log group"))", $0)
                }
            ]
        case .deleteConfirmed(let targets):
            return [
                .work("delete") { context in
                    for row in targets {
                        _ = try await context.aws.call(Logs.deleteLogGroup, .init(logGroupName: row.id))
                    }
                } then: {
                    .acted("Deleted \(Quantity.count(targets.count, "log group"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    private static func days(_ values: FormValues) -> Int? { Int(values["days"].prefix { $0.isNumber }) }

    private static func retentionField(_ days: Int?) -> FormField {
        FormField(
            "days", "Keep events", .choice(["for ever"] + retentions.map { Quantity.count($0, "day") }),
            value: days.map { Quantity.count($0, "day") } ?? "for ever", hint: "← → choose; default for ever")
    }

    private static var createForm: Form {
        Form(
            "Create log group", submit: "Create",
            [
                FormField(
                    "name", "Name", hint: "1–512 letters, digits and . - _ / #", required: true,
                    validate: { text, _ in
                        if text.count > 512 { return "At most 512 characters" }
                        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_/#".contains($0)) }
                            ? nil : "Letters, digits and . - _ / # only"
                    }),
                retentionField(nil),
            ])
    }

    private static func retentionForm(_ targets: [Row]) -> Form {
        Form(
            "Retention of \(targets.count == 1 ? targets[0].id : "\(targets.count) log groups")", submit: "Save",
            [retentionField(targets.first?.group.retentionInDays)])
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Log groups", focused: true, note: table.countNote), focused: frame.isInteractive)
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var rows: [Row] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Logs.describeLogGroups, .init(nextToken: token, limit: 50))
                rows += (page.logGroups ?? []).map { Row(group: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return rows
        } then: {
            .loaded($0)
        }
    }
}
