import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All log groups.
struct LogGroupListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var group: Logs.LogGroup
        var id: String { group.logGroupName ?? "" }
        var retention: String { group.retentionInDays.map { Quantity.count($0, "day") } ?? "never expires" }
    }

    /// AWS: the retention periods there are, in days.
    static let retentions = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]

    private static let table = Table<Row>(
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

    var list = ResourceList("Log groups", Self.table) { token, context in
        let page = try await context.aws.call(Logs.describeLogGroups, .init(nextToken: token, limit: 50))
        return ListPage((page.logGroups ?? []).map { Row(group: $0) }, next: page.nextToken)
    }
    static let noun: Noun = "log group"

    var crumbs: [String] { ["CloudWatch", "Log groups"] }
    var topics: Set<Topic> { ["logs"] }
    var copyText: String? { selected?.id }

    var ownBindings: [KeyBinding] {
        [
            .open(one),
            KeyBinding(["l"], "tail", "tail", help: "Follow its events live", availability: one, menu: true),
            KeyBinding(
                ["i"], "insights", "insights", help: "Query the marked groups, or the selected one", availability: one,
                menu: true),
            KeyBinding(
                ["e"], "retention", "retention", help: "For how long events are kept", availability: one, menu: true,
                needs: [.changes]),
            Self.new(),
        ]
    }

    var actions: [BulkAction<Row>] {
        [
            .delete(
                Self.noun, help: "Delete what is marked or selected", question: .destructive, name: { $0.id },
                consequence: { "\($0.id): \(Quantity.bytes($0.group.storedBytes ?? 0)) of events" },
                each: { _ = try await $1.aws.call(Logs.deleteLogGroup, .init(logGroupName: $0.id)) })
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("logs.group", $0.id)] } ?? []
        case "tail": selected.map { [.open("logs.tail", $0.id)] } ?? []
        case "insights": selected == nil ? [] : [.push(InsightsScreen(groups: list.table.targets.map(\.id)))]
        case "retention": askForRetention(list.table.targets)
        case "create":
            asking(Self.createForm) { values, context in
                let name = values["name"]
                _ = try await context.aws.call(Logs.createLogGroup, .init(logGroupName: name))
                if Self.days(values) != nil { try await Self.keep(name, Self.days(values), context) }
                return .init("Created \(name)")
            }
        default: nil
        }
    }

    private func askForRetention(_ targets: [Row]) -> [Effect<Message>] {
        guard let first = targets.first else { return [] }
        let form = Form(
            "Retention of \(targets.count == 1 ? first.id : Self.noun.count(targets.count))", submit: "Save",
            [Self.retentionField(first.group.retentionInDays)])
        return asking(form) { values, context in
            for row in targets { try await Self.keep(row.id, Self.days(values), context) }
            return .init("Set the retention of \(Self.noun.count(targets.count))")
        }
    }

    private static func keep(_ name: String, _ days: Int?, _ context: ConsoleContext) async throws {
        if let days {
            _ = try await context.aws.call(Logs.putRetentionPolicy, .init(logGroupName: name, retentionInDays: days))
        } else {
            _ = try await context.aws.call(Logs.deleteRetentionPolicy, .init(logGroupName: name))
        }
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
}
