import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All schedules with when they run and what they call.
struct ScheduleListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var schedule: Scheduler.GetScheduleOutput
        var id: String { schedule.arn ?? "" }
        var name: String { schedule.name ?? "" }
        var isEnabled: Bool { schedule.state != "DISABLED" }
        var target: String { ResourceName.last(of: schedule.target?.arn ?? "") }
        var zone: String { schedule.scheduleExpressionTimezone ?? "UTC" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
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
            TableColumn("Expression", min: 20) { TableCell($0.schedule.scheduleExpression ?? "") },
            TableColumn("Zone", min: 8, ideal: 16) { TableCell($0.zone, .dim) },
            TableColumn("Target", min: 12, clipsMiddle: true) { TableCell($0.target, .dim) },
            TableColumn("Group", min: 8, ideal: 12) { TableCell($0.schedule.groupName ?? "", .dim) },
        ], empty: "No schedules yet. CreateSchedule makes one.")
    var failure: String?

    var crumbs: [String] { ["EventBridge", "Schedules"] }
    var topics: Set<Topic> { ["scheduler"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No schedule is selected")
        return [
            KeyBinding(
                ["e"], "on/off", "toggle", help: "Enable or disable the schedule", availability: one,
                menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one,
                menu: true,
                destructive: true),
            .why(one),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("why"): return table.selected.map { [.open("why", $0.id)] } ?? []
        case .action("toggle"): return table.selected.map { [Self.toggle($0)] } ?? []
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "schedule \(first.name)" : "\(targets.count) schedules"
            return [.confirm(.delete(what), then: .deleteConfirmed(targets))]
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
        case .deleteConfirmed(let targets):
            return [
                .work("delete") { context in
                    for row in targets {
                        _ = try await context.aws.call(
                            Scheduler.deleteSchedule, .init(groupName: row.schedule.groupName, name: row.name))
                    }
                } then: {
                    .acted("Deleted \(Quantity.count(targets.count, "schedule"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    /// AWS: an update replaces a schedule, so everything is sent again.
    private static func toggle(_ row: Row) -> Effect<Message> {
        .work("toggle") { context in
            var input = Scheduler.UpdateScheduleInput(row.schedule.document)
            input.state = row.isEnabled ? "DISABLED" : "ENABLED"
            _ = try await context.aws.call(Scheduler.updateSchedule, input)
        } then: {
            .acted(row.isEnabled ? "Disabled \(row.name)" : "Enabled \(row.name)", $0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Schedules", focused: true, note: table.countNote),
            focused: frame.isInteractive)
    }

    /// Rows in the list carry no expression: each schedule is asked for, as far as one page goes.
    private static func load() -> Effect<Message> {
        .work("load") { context in
            let page = try await context.aws.call(Scheduler.listSchedules, .init(maxResults: 100))
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
}
