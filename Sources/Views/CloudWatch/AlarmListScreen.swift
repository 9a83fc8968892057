import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All alarms, those in alarm first.
struct AlarmListScreen: Screen {
    enum Message: Sendable {
        case listed(Result<[AlarmReading], any Error>)
        case deleteConfirmed([AlarmReading])
        case acted(String, Result<Void, any Error>)
        case written(FormValues, CloudWatch.MetricAlarm?)
        case saved(Result<Void, any Error>, FormValues, CloudWatch.MetricAlarm?)
    }

    var table = Table<AlarmReading>(
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
    var failure: String?

    var crumbs: [String] { ["CloudWatch", "Alarms"] }
    var topics: Set<Topic> { ["cloudwatch"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.arn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No alarm is selected")
        return [
            .open(one), .why(one),
            KeyBinding(["n"], "new", "create", help: "Create an alarm on a metric", menu: true),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit the alarm",
                availability: table.selected == nil || table.selected?.source != nil
                    ? one : .disabled("A composite alarm is put by its rule: aws cloudwatch put-composite-alarm"),
                menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            .refresh,
        ] + Table<AlarmReading>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("cloudwatch.alarm", $0.name)] } ?? []
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case .action("create"): return [.form(AlarmForm.form(nil)) { .written($0, nil) }]
        case .action("edit"):
            guard let known = table.selected?.source else { return [] }
            return [.form(AlarmForm.form(known)) { .written($0, known) }]
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "alarm \(first.name)" : "\(targets.count) alarms"
            return [
                .confirm(
                    .delete(what, consequences: targets.map { "\($0.name): \($0.condition)" }),
                    then: .deleteConfirmed(targets))
            ]
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(.listed(.success(let found))):
            failure = nil
            let order = ["ALARM": 0, "INSUFFICIENT_DATA": 1]
            table.rows = found.sorted { (order[$0.state] ?? 2, $0.name) < (order[$1.state] ?? 2, $1.name) }
        case .message(.listed(.failure(let error))):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .message(.deleteConfirmed(let targets)):
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(
                        CloudWatch.deleteAlarms, .init(alarmNames: targets.map(\.name)))
                } then: {
                    .acted("Deleted \(Quantity.count(targets.count, "alarm"))", $0)
                }
            ]
        case .message(.written(let values, let known)):
            return [
                .work("save") { context in
                    _ = try await context.aws.call(CloudWatch.putMetricAlarm, AlarmForm.input(values, known))
                } then: {
                    .saved($0, values, known)
                }
            ]
        case .message(.saved(.success, let values, _)): return [.toast("Saved \(values["name"])"), Self.load()]
        case .message(.saved(.failure(let error), let values, let known)):
            return [
                .form(AlarmForm.form(known).filled(with: values, failure: error.sentence)) { .written($0, known) }
            ]
        case .message(.acted(let done, .success)):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .message(.acted(_, .failure(let error))): return [.toast(error.sentence, .failed), Self.load()]
        case .tick: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let alarming = table.rows?.count { $0.state == "ALARM" } ?? 0
        let note = alarming > 0 ? StyledLine("✗ \(alarming) in alarm", .failure) : table.countNote
        table.showing(failure).render(
            on: surface.panel("Alarms", focused: true, note: note), focused: frame.isInteractive)
    }

    private static func load() -> Effect<Message> {
        .work("list") {
            try await AlarmReading.read(nil, $0)
        } then: {
            .listed($0)
        }
    }
}
