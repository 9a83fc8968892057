import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All schedule groups.
struct ScheduleGroupListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var group: Scheduler.ScheduleGroupSummary
        /// Schedules in it, as far as one page goes.
        var count: Int
        var isMore: Bool
        var id: String { group.name ?? "" }
        var isDefault: Bool { id == "default" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case createRequested(FormValues)
        case created(Result<Void, any Error>, FormValues)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "groups",
        columns: [
            TableColumn("Group", min: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Schedules", min: 9, ideal: 10, align: .right, order: TableColumn.by { $0.count }) {
                TableCell($0.count.grouped + ($0.isMore ? "+" : ""), $0.count > 0 ? .text : .dim)
            },
            TableColumn("State", min: 10, ideal: 12) {
                .status($0.group.state == "ACTIVE" ? .enabled : .waiting, ($0.group.state ?? "").lowercased())
            },
            TableColumn("Created", min: 19, ideal: 19) { TableCell(ScheduleText.text($0.group.creationDate), .dim) },
        ], empty: "No groups. Press n to create one.")
    var failure: String?

    var crumbs: [String] { ["Scheduler", "Groups"] }
    var topics: Set<Topic> { ["scheduler"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.group.arn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No group is selected")
        let own = table.targets.contains(where: \.isDefault)
        return [
            KeyBinding(["enter"], "schedules", "open", help: "Its schedules", availability: one),
            KeyBinding(["n"], "new", "create", help: "Create a group", menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the groups marked, or the selected one, with their schedules",
                availability: one.isEnabled ? .when(!own, otherwise: "AWS keeps the default group") : one, menu: true,
                destructive: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    static let createForm = Form(
        "Create schedule group", submit: "Create",
        [
            FormField(
                "name", "Name", of: ModelledMember(Scheduler.createScheduleGroup, "Name"),
                note: "letters, digits, . - and _")
        ])

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("scheduler.schedules", $0.id)] } ?? []
        case .action("create"): return [.form(Self.createForm) { .createRequested($0) }]
        case .action("delete"):
            let rows = table.targets
            let what = rows.count == 1 ? "group \(rows[0].id)" : "\(rows.count) groups"
            return rows.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(
                            what, consequences: rows.map { "\($0.id): \(Quantity.count($0.count, "schedule"))" },
                            typeToConfirm: rows.count == 1 ? rows[0].id : "delete"), then: .deleteConfirmed(rows))
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
                    _ = try await context.aws.call(Scheduler.createScheduleGroup, .init(name: values["name"]))
                } then: {
                    .created($0, values)
                }
            ]
        case .created(.success, let values): return [.toast("Created \(values["name"])"), Self.load()]
        case .created(.failure(let error), let values):
            return [.form(Self.createForm.filled(with: values, failure: error.sentence)) { .createRequested($0) }]
        case .deleteConfirmed(let rows):
            return [
                .work("delete") { context in
                    for row in rows {
                        _ = try await context.aws.call(Scheduler.deleteScheduleGroup, .init(name: row.id))
                    }
                } then: {
                    .acted("Deleted \(Quantity.count(rows.count, "group"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var groups: [Scheduler.ScheduleGroupSummary] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Scheduler.listScheduleGroups, .init(nextToken: token))
                groups += page.scheduleGroups
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            var rows: [Row] = []
            for group in groups {
                let page = try await context.aws.call(
                    Scheduler.listSchedules, .init(groupName: group.name, maxResults: 100))
                rows.append(Row(group: group, count: page.schedules.count, isMore: page.nextToken != nil))
            }
            return rows
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Schedule groups", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
