import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One schedule: what it calls, with what, and when it fires next.
struct ScheduleScreen: Screen {
    enum Message: Sendable {
        case read(Result<ScheduleReading, any Error>)
        case previewed(FiringsPreview.Answer)
        case toggled(Result<Bool, any Error>)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
    }

    let name: String
    let group: String
    var reading: ScheduleReading?
    var failure: String?
    var list = KeyValueList(id: "schedule")
    var firings = FiringsPreview()

    init(name: String, group: String?) {
        self.name = name
        self.group = group ?? "default"
    }

    var crumbs: [String] { ["Scheduler", group, name] }
    var title: String { name }
    var topics: Set<Topic> { ["scheduler", "skua/clock"] }
    /// The countdowns of the firings go on.
    var tickInterval: Duration? { reading?.isEnabled == true ? .seconds(30) : nil }
    var copyText: String? { list.selected?.value ?? reading?.arn }

    private var isRead: Availability { .when(reading != nil, otherwise: failure ?? "It has not been read yet") }

    var bindings: [KeyBinding] {
        let target = reading?.schedule.target.map { ResourceName($0.arn) }
        let open: Availability =
            target.map { .when($0.address != nil, otherwise: $0.unavailable) } ?? isRead
        return [
            KeyBinding(["enter"], "target", "open", help: "Open what it calls", availability: open),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit the schedule", availability: isRead, menu: true, needs: [.changes]),
            KeyBinding(
                ["o"], reading?.isEnabled == false ? "enable" : "disable", "toggle",
                help: "Enable or disable the schedule", availability: isRead, menu: true, needs: [.changes]),
            .why(isRead), .refresh,
            KeyBinding(
                ["D"], "delete", "delete", help: "Delete the schedule", availability: isRead, prominence: .help,
                menu: true, destructive: true),
        ] + KeyValueList.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .tick: return [preview()].compactMap { $0 }
        case .action("open"):
            return reading?.schedule.target.flatMap { ResourceName($0.arn).address }.map { [.open($0)] } ?? []
        case .action("edit"): return reading.map { [.push(ScheduleEditorScreen(editing: $0))] } ?? []
        case .action("why"): return reading.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case .action("toggle"):
            return reading.map { reading in
                [
                    .work("toggle") { context in
                        try await Self.set(reading.schedule, isEnabled: !reading.isEnabled, context)
                        return !reading.isEnabled
                    } then: {
                        .toggled($0)
                    }
                ]
            } ?? []
        case .action("delete"): return [.confirm(.delete("schedule \(name)"), then: .deleteConfirmed)]
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        case .message(let message): return receive(message)
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .read(.success(let new)):
            failure = nil
            reading = new
            list.items = Self.items(new)
            return [preview()].compactMap { $0 }
        case .read(.failure(let error)):
            failure = error.sentence
            list.emptyText = error.sentence
        case .previewed(let answer): firings.set(answer)
        case .toggled(.success(let isOn)): return [.toast(isOn ? "Enabled \(name)" : "Disabled \(name)"), load()]
        case .deleteConfirmed:
            let (name, group) = (name, group)
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(Scheduler.deleteSchedule, .init(groupName: group, name: name))
                } then: {
                    .deleted($0)
                }
            ]
        case .deleted(.success): return [.toast("Deleted \(name)"), .pop]
        case .toggled(.failure(let error)), .deleted(.failure(let error)): return [.toast(error.sentence, .failed)]
        }
        return []
    }

    private func load() -> Effect<Message> {
        let (name, group) = (name, group)
        return .work("read") { context in
            try await ScheduleReading.read(name, group: group, context)
        } then: {
            .read($0)
        }
    }

    private func preview() -> Effect<Message>? {
        guard let reading, reading.isEnabled else { return nil }
        let query = reading.firings
        return .work("firings") { .previewed(await FiringsPreview.read(query, $0)) }
    }

    /// AWS: an update replaces a schedule, so everything is sent again.
    static func set(_ schedule: Scheduler.GetScheduleOutput, isEnabled: Bool, _ context: ConsoleContext) async throws {
        var input = Scheduler.UpdateScheduleInput(schedule.document)
        input.state = isEnabled ? "ENABLED" : "DISABLED"
        _ = try await context.aws.call(Scheduler.updateSchedule, input)
    }

    private static func items(_ reading: ScheduleReading) -> [KeyValue] {
        let schedule = reading.schedule
        var items: [KeyValue] = [
            .heading("When"),
            KeyValue("State", (reading.isEnabled ? StatusMark.enabled : .disabled).line()),
            KeyValue("Expression", text: reading.expression),
            KeyValue("Time zone", text: reading.zone),
            KeyValue(
                "Window", text: reading.window == 0 ? "runs at once" : ElapsedTime.span(seconds: reading.window * 60)),
        ]
        if let start = schedule.startDate { items.append(KeyValue("From", text: ElapsedTime.date(start))) }
        if let end = schedule.endDate { items.append(KeyValue("Until", text: ElapsedTime.date(end))) }
        items.append(
            KeyValue("Afterwards", text: schedule.actionAfterCompletion == "DELETE" ? "it is deleted" : "it is kept"))
        items.append(.heading("What"))
        if let target = schedule.target {
            items += [
                KeyValue("Target", text: target.arn), KeyValue("Role", text: target.roleArn),
                KeyValue("Input", text: target.input ?? ""),
            ]
            if let group = target.sqsParameters?.messageGroupId { items.append(KeyValue("Message group", text: group)) }
            items += [
                .heading("When it fails"),
                KeyValue("Retries", text: "at most \(target.retryPolicy?.maximumRetryAttempts ?? 185)"),
                KeyValue(
                    "Event age",
                    text: ElapsedTime.span(seconds: target.retryPolicy?.maximumEventAgeInSeconds ?? 86_400)),
                KeyValue("Dead letters", text: target.deadLetterConfig?.arn ?? ""),
            ]
        }
        items += [
            .heading("Schedule"), KeyValue("Name", text: reading.name), KeyValue("Group", text: reading.group),
            KeyValue("ARN", text: reading.arn), KeyValue("Description", text: schedule.description ?? ""),
            KeyValue("Created", text: ScheduleText.text(schedule.creationDate)),
            KeyValue("Last changed", text: ScheduleText.text(schedule.lastModificationDate)),
        ]
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 100
        let parts =
            reading?.isEnabled == false
            ? [surface]
            : isWide ? surface.columns([.fill(), .fixed(46)]) : surface.rows([.fill(), .fixed(7)])
        list.render(on: parts[0].panel("Schedule \(name)", focused: true), focused: frame.isInteractive)
        if parts.count > 1 { firings.render(on: parts[1], now: frame.now, isFlexible: reading?.window) }
    }
}
