import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All schedules, or those of a group, with when they run and what they call; below them when the selected one fires next.
struct ScheduleListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var schedule: Scheduler.GetScheduleOutput
        var id: String { schedule.arn ?? "" }
        var name: String { schedule.name ?? "" }
        var group: String { schedule.groupName ?? "default" }
        var isEnabled: Bool { schedule.state != "DISABLED" }
        var target: String { ResourceName(schedule.target?.arn ?? "").name }
        var zone: String { schedule.scheduleExpressionTimezone ?? "UTC" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case previewed(String, FiringsPreview.Answer)
        case toggled(Row, Result<Bool, any Error>)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "schedules",
        columns: [
            TableColumn("Schedule", min: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("State", min: 10, ideal: 10, order: TableColumn.by { $0.schedule.state ?? "" }) {
                .status($0.isEnabled ? .enabled : .disabled, $0.isEnabled ? "enabled" : "disabled")
            },
            TableColumn("Expression", min: 22) { TableCell($0.schedule.scheduleExpression ?? "") },
            TableColumn("Target", min: 12, clipsMiddle: true) { TableCell($0.target, .dim) },
            TableColumn("Zone", min: 8, ideal: 16) { TableCell($0.zone, .dim) },
            TableColumn("Group", min: 8, ideal: 12) { TableCell($0.group, .dim) },
        ], empty: "No schedules yet. Press n to create one.")
    var failure: String?
    var firings = FiringsPreview()
    private var previewed: String?
    /// Nil shows those of all groups.
    let group: String?

    init(group: String? = nil) { self.group = group }

    var crumbs: [String] { ["Scheduler", group, "Schedules"].compactMap { $0 } }
    var topics: Set<Topic> { ["scheduler", "skua/clock"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No schedule is selected")
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a schedule", menu: true),
            KeyBinding(["e"], "edit", "edit", help: "Edit the schedule", availability: one, menu: true),
            KeyBinding(
                ["o"], "on/off", "toggle", help: "Enable or disable the schedule", availability: one, menu: true),
            .why(one),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            KeyBinding(["v"], "groups", "groups", help: "Schedule groups", prominence: .help, menu: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"):
            previewed = nil
            return [load()]
        case .action("open"):
            return table.selected.map { [.open("scheduler.schedule", $0.name, $0.group)] } ?? []
        case .action("create"):
            return [.push(ScheduleEditorScreen(group: group ?? table.selected?.group ?? "default"))]
        case .action("edit"):
            return table.selected.map { [.push(ScheduleEditorScreen(editing: ScheduleReading(schedule: $0.schedule)))] }
                ?? []
        case .action("groups"): return [.open("scheduler.groups")]
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.id))] } ?? []
        case .action("toggle"):
            return table.selected.map { row in
                [ScheduleScreen.toggle(ScheduleReading(schedule: row.schedule)) { .toggled(row, $0) }]
            } ?? []
        case .action("delete"):
            let rows = table.targets
            guard let first = rows.first else { return [] }
            let what = rows.count == 1 ? "schedule \(first.name)" : "\(rows.count) schedules"
            return [
                .confirm(
                    .delete(what, consequences: rows.map { "\($0.target) is called no more" }),
                    then: .deleteConfirmed(rows))
            ]
        case .action(let action):
            _ = table.perform(action)
            return previewSelected()
        case .input(let input):
            _ = table.handle(input)
            return previewSelected()
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
            return previewSelected()
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .previewed(let id, let answer):
            guard id == table.selected?.id else { return [] }
            previewed = id
            firings.set(answer)
        case .toggled(let row, .success(let isOn)):
            return [.toast(isOn ? "Enabled \(row.name)" : "Disabled \(row.name)"), load()]
        case .toggled(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        case .deleteConfirmed(let rows):
            return [
                .work("delete") { context in
                    for row in rows {
                        _ = try await context.aws.call(
                            Scheduler.deleteSchedule, .init(groupName: row.group, name: row.name))
                    }
                } then: {
                    .acted("Deleted \(Quantity.count(rows.count, "schedule"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        }
        return []
    }

    private func previewSelected() -> [Effect<Message>] {
        guard let row = table.selected, row.id != previewed, row.isEnabled else { return [] }
        let query = ScheduleReading(schedule: row.schedule).firings
        return [.work("firings") { .previewed(row.id, await FiringsPreview.read(query, $0)) }]
    }

    /// Rows in the list carry no expression: each schedule is asked for, as far as one page goes.
    private func load() -> Effect<Message> {
        let group = group
        return .work("load") { context in
            let page = try await context.aws.call(Scheduler.listSchedules, .init(groupName: group, maxResults: 100))
            var rows: [Row] = []
            for summary in page.schedules where !Task.isCancelled {
                let schedule = try await context.aws.call(
                    Scheduler.getSchedule, .init(groupName: summary.groupName, name: summary.name ?? ""))
                rows.append(Row(schedule: schedule))
            }
            return rows
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let shows = table.selected?.isEnabled == true && surface.height >= 16
        let rows = surface.rows([.fill(), .fixed(shows ? (surface.height >= 30 ? 12 : 8) : 0)])
        table.showing(failure).render(
            on: rows[0].panel("Schedules", focused: true, note: table.countNote), focused: frame.isInteractive)
        if shows { firings.render(on: rows[1], now: frame.now, isFlexible: table.selected?.window) }
    }
}

extension ScheduleListScreen.Row {
    fileprivate var window: Int { ScheduleReading(schedule: schedule).window }
}
