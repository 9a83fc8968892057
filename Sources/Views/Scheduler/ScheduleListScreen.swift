import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All schedules, or those of a group, with when they run and what they call; below them when the selected one fires next.
struct ScheduleListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var summary: Scheduler.ScheduleSummary
        /// AWS lists schedules without their expressions: each is asked for. Nil until it was.
        var schedule: Scheduler.GetScheduleOutput?
        var problem: String?
        var id: String { summary.arn ?? "" }
        var name: String { summary.name ?? "" }
        var group: String { summary.groupName ?? "default" }
        var isEnabled: Bool { (schedule?.state ?? summary.state) != "DISABLED" }
        var target: String { ResourceName(schedule?.target?.arn ?? summary.target?.arn ?? "").name }
        var zone: String { schedule.map { $0.scheduleExpressionTimezone ?? "UTC" } ?? "" }
        var reading: ScheduleReading? { schedule.map { ScheduleReading(schedule: $0) } }
    }

    enum Message: Sendable {
        case list(ResourceList<Row>.Message)
        case previewed(String, FiringsPreview.Answer)
    }

    private static let table = Table<Row>(
        id: "schedules",
        columns: [
            TableColumn("Schedule", min: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn(
                "State", min: 10, ideal: 10, order: TableColumn.by { $0.schedule?.state ?? $0.summary.state ?? "" }
            ) {
                .status($0.isEnabled ? .enabled : .disabled, $0.isEnabled ? "enabled" : "disabled")
            },
            TableColumn("Expression", min: 22) { TableCell($0.schedule.map { $0.scheduleExpression ?? "" } ?? "…") },
            TableColumn("Target", min: 12, clipsMiddle: true) { TableCell($0.target, .dim) },
            TableColumn("Zone", min: 8, ideal: 16) { TableCell($0.zone, .dim) },
            TableColumn("Group", min: 8, ideal: 12) { TableCell($0.group, .dim) },
        ], empty: "No schedules. Press n to create one.")
    var list: ResourceList<Row>
    var firings = FiringsPreview()
    private var previewed: String?
    /// Nil shows those of all groups.
    let group: String?

    init(group: String? = nil) {
        self.group = group
        list = ResourceList("Schedules", Self.table, details: Self.details) { token, context in
            let page = try await context.aws.call(
                Scheduler.listSchedules, .init(groupName: group, maxResults: 100, nextToken: token))
            return ListPage(page.schedules.map { Row(summary: $0) }, next: page.nextToken)
        }
    }

    private static let details = ListDetails<Row>(isRead: { $0.schedule != nil || $0.problem != nil }) { row, context in
        var row = row
        do {
            row.schedule = try await context.aws.call(
                Scheduler.getSchedule, .init(groupName: row.group, name: row.name))
        } catch {
            row.problem = error.sentence
        }
        return row
    }

    var crumbs: [String] { ["Scheduler", group, "Schedules"].compactMap { $0 } }
    var topics: Set<Topic> { ["scheduler", "skua/clock"] }
    var capturesText: Bool { list.table.capturesText }
    var handlesEscape: Bool { list.table.handlesEscape }
    var copyText: String? { selected?.id }
    private var selected: Row? { list.table.selected }

    var bindings: [KeyBinding] {
        let one = Availability.when(selected != nil, otherwise: "No schedule is selected")
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a schedule", menu: true, needs: [.changes]),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit the schedule", availability: one, menu: true, needs: [.changes]),
            .why(one),
        ] + actions.map { $0.binding(in: list.table) } + [
            KeyBinding(["v"], "groups", "groups", help: "Schedule groups", prominence: .help, menu: true), .refresh,
        ] + Table<Row>.bindings
    }

    private var actions: [BulkAction<Row>] {
        [
            .onOff(
                "schedule", help: "Enable or disable what is marked or selected", name: { $0.name },
                isOn: { $0.isEnabled },
                availability: { .when($0.schedule != nil, otherwise: $0.problem ?? "It has not been read yet") }
            ) { row, turnsOn, context in
                guard let schedule = row.schedule else { return }
                try await ScheduleScreen.set(schedule, isEnabled: turnsOn, context)
            },
            .delete(
                "schedule", help: "Delete what is marked or selected", question: .destructive, name: { $0.name },
                consequence: { "\($0.name): \($0.target) is called no more" },
                each: {
                    _ = try await $1.aws.call(Scheduler.deleteSchedule, .init(groupName: $0.group, name: $0.name))
                }),
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"):
            previewed = nil
            return pass(event.passedOn())
        case .action("open"): return selected.map { [.open("scheduler.schedule", $0.name, $0.group)] } ?? []
        case .action("create"):
            return [.push(ScheduleEditorScreen(group: group ?? selected?.group ?? "default"))]
        case .action("edit"): return selected?.reading.map { [.push(ScheduleEditorScreen(editing: $0))] } ?? []
        case .action("groups"): return [.open("scheduler.groups")]
        case .action("why"): return selected.map { [.push(WhyScreen(arn: $0.id))] } ?? []
        case .message(.previewed(let id, let answer)):
            guard id == selected?.id else { return [] }
            previewed = id
            firings.set(answer)
            return []
        case .message(.list(let message)): return pass(.message(message))
        case .action(let action):
            if let bulk = actions.first(where: { $0.action == action }) {
                return bulk.effects(on: list.table.targets) { .list(.acted($0)) }
            }
            return pass(event.passedOn())
        case .input, .tick: return pass(event.passedOn())
        }
    }

    private mutating func pass(_ event: ScreenEvent<ResourceList<Row>.Message>?) -> [Effect<Message>] {
        guard let event else { return [] }
        return list.update(event).map { $0.carried { .list($0) } } + previewSelected()
    }

    private func previewSelected() -> [Effect<Message>] {
        guard let row = selected, row.id != previewed, row.isEnabled, let query = row.reading?.firings else {
            return []
        }
        return [.work("firings") { .previewed(row.id, await FiringsPreview.read(query, $0)) }]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let shows = selected?.isEnabled == true && surface.height >= 16
        let rows = surface.rows([.fill(), .fixed(shows ? (surface.height >= 30 ? 12 : 8) : 0)])
        list.render(on: rows[0], in: frame)
        if shows { firings.render(on: rows[1], now: frame.now, isFlexible: selected?.reading?.window) }
    }
}
