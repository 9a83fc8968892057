import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All alarms, those in alarm first.
struct AlarmListScreen: ListScreen {
    private static let table = Table<AlarmReading>(
        id: "alarms",
        columns: [
            TableColumn("State", min: 10, ideal: 10, order: TableColumn.by { $0.state }) {
                TableCell("\($0.mark.glyph) \($0.stateWord)", $0.mark.role)
            },
            TableColumn("Alarm", min: 14, ideal: 20, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Condition", min: 20, clipsMiddle: true, order: TableColumn.by { $0.condition }) {
                TableCell($0.condition, .dim)
            },
            // To the minute: alarms are judged once in one.
            TableColumn("Since", min: 16, ideal: 16, order: TableColumn.by { $0.updated?.microseconds ?? 0 }) {
                TableCell($0.updated.map { String(ElapsedTime.date($0).dropLast(3)) } ?? "–", .dim)
            },
            TableColumn("Actions", min: 7, ideal: 8, order: TableColumn.by { $0.isActionsEnabled ? 1 : 0 }) {
                TableCell($0.isActionsEnabled ? "on" : "off", .dim)
            },
        ], empty: "No alarms. n makes one; so does A in the metric explorer.")

    var list = ResourceList("Alarms", Self.table, order: Self.precedes) { token, context in
        let page = try await context.aws.call(
            CloudWatch.describeAlarms, .init(alarmTypes: ["MetricAlarm", "CompositeAlarm"], nextToken: token))
        return ListPage(
            (page.metricAlarms ?? []).map { AlarmReading($0) } + (page.compositeAlarms ?? []).map { AlarmReading($0) },
            next: page.nextToken)
    }
    static let noun: Noun = "alarm"

    @Sendable private static func precedes(_ left: AlarmReading, _ right: AlarmReading) -> Bool {
        let order = ["ALARM": 0, "INSUFFICIENT_DATA": 1]
        return (order[left.state] ?? 2, left.name) < (order[right.state] ?? 2, right.name)
    }

    var crumbs: [String] { ["CloudWatch", "Alarms"] }
    var topics: Set<Topic> { ["cloudwatch"] }
    var copyText: String? { selected?.arn }

    var ownBindings: [KeyBinding] {
        [
            .open(one), .why(one), Self.new("Create an alarm on a metric"),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit the alarm",
                availability: selected == nil || selected?.source != nil
                    ? one : .disabled("A composite alarm is put by its rule: aws cloudwatch put-composite-alarm"),
                menu: true, needs: [.changes]),
        ]
    }

    var actions: [BulkAction<AlarmReading>] {
        [
            .onOff(
                Self.noun, help: "Let the actions of what is marked or selected run, or not",
                on: BulkVerb("Switch on", "Switching on", "Switched on"),
                off: BulkVerb("Switch off", "Switching off", "Switched off"), name: { $0.name },
                isOn: { $0.isActionsEnabled }
            ) { alarm, turnsOn, context in
                if turnsOn {
                    _ = try await context.aws.call(CloudWatch.enableAlarmActions, .init(alarmNames: [alarm.name]))
                } else {
                    _ = try await context.aws.call(CloudWatch.disableAlarmActions, .init(alarmNames: [alarm.name]))
                }
            },
            .delete(
                Self.noun, help: "Delete what is marked or selected", question: .destructive, name: { $0.name },
                consequence: { "\($0.name): \($0.condition)" },
                each: { _ = try await $1.aws.call(CloudWatch.deleteAlarms, .init(alarmNames: [$0.name])) }),
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("cloudwatch.alarm", $0.name)] } ?? []
        case "why": selected.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case "create": put(nil)
        case "edit": selected?.source.map { put($0) } ?? []
        default: nil
        }
    }

    private func put(_ known: CloudWatch.MetricAlarm?) -> [Effect<Message>] {
        asking(AlarmForm.form(known)) { values, context in
            _ = try await context.aws.call(CloudWatch.putMetricAlarm, AlarmForm.input(values, known))
            return .init("Saved \(values["name"])")
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let alarming = list.table.rows?.count { $0.state == "ALARM" } ?? 0
        list.render(
            on: surface, in: frame, note: alarming > 0 ? StyledLine("✗ \(alarming) in alarm", .failure) : nil)
    }
}
