import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All schedule groups.
struct ScheduleGroupListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var group: Scheduler.ScheduleGroupSummary
        /// Schedules in it, as far as one page goes; nil until they were counted.
        var count: Int?
        var isMore = false
        var id: String { group.name ?? "" }
        var isDefault: Bool { id == "default" }
    }

    private static let table = Table<Row>(
        id: "groups",
        columns: [
            TableColumn("Group", min: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Schedules", min: 9, ideal: 10, align: .right, order: TableColumn.by { $0.count ?? 0 }) {
                TableCell(
                    ($0.count.map(\.grouped) ?? "…") + ($0.isMore ? "+" : ""), ($0.count ?? 0) > 0 ? .text : .dim)
            },
            TableColumn("State", min: 10, ideal: 12) {
                .status($0.group.state == "ACTIVE" ? .enabled : .waiting, ($0.group.state ?? "").lowercased())
            },
            TableColumn("Created", min: 19, ideal: 19) { TableCell(ScheduleText.text($0.group.creationDate), .dim) },
        ], empty: "No groups. Press n to create one.")

    var list = ResourceList("Schedule groups", Self.table, details: Self.details) { token, context in
        let page = try await context.aws.call(Scheduler.listScheduleGroups, .init(nextToken: token))
        return ListPage(page.scheduleGroups.map { Row(group: $0) }, next: page.nextToken)
    }
    static let noun: Noun = "group"

    private static let details = ListDetails<Row>(isRead: { $0.count != nil }) { row, context in
        var row = row
        let page = try? await context.aws.call(Scheduler.listSchedules, .init(groupName: row.id, maxResults: 100))
        row.count = page?.schedules.count ?? 0
        row.isMore = page?.nextToken != nil
        return row
    }

    var crumbs: [String] { ["Scheduler", "Groups"] }
    var topics: Set<Topic> { ["scheduler"] }
    var copyText: String? { selected?.group.arn }

    var ownBindings: [KeyBinding] {
        [KeyBinding(["enter"], "schedules", "open", help: "Its schedules", availability: one), Self.new()]
    }

    var actions: [BulkAction<Row>] {
        [
            .delete(
                Self.noun, help: "Delete the groups marked, or the selected one, with their schedules",
                name: { $0.id }, consequence: { "\($0.id): \(Quantity.count($0.count ?? 0, "schedule"))" },
                availability: { .when(!$0.isDefault, otherwise: "AWS keeps the default group") },
                each: { _ = try await $1.aws.call(Scheduler.deleteScheduleGroup, .init(name: $0.id)) })
        ]
    }

    static let createForm = Form(
        "Create schedule group", submit: "Create",
        [
            FormField(
                "name", "Name", of: ModelledMember(Scheduler.createScheduleGroup, "Name"),
                note: "letters, digits, . - and _")
        ])

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("scheduler.schedules", $0.id)] } ?? []
        case "create":
            asking(Self.createForm) { values, context in
                _ = try await context.aws.call(Scheduler.createScheduleGroup, .init(name: values["name"]))
                return .init("Created \(values["name"])")
            }
        default: nil
        }
    }
}
