import AWSClient
import AWSTypes
import TerminalUI

/// All activities, with the tasks that wait for a worker.
struct ActivityListScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[ActivityRow], any Error>)
        case createRequested(FormValues)
        case created(FormValues, Result<Void, any Error>)
        case taken(String, Result<ActivityTask?, any Error>)
        case answered(ActivityTask, FormValues)
        case acted(String, Result<Void, any Error>)
        case deleted(BulkResult<ActivityRow>)
    }

    var table = ActivityRow.table()
    var tasks = ReasonList()
    var isTaskFocused = false
    var failure: String?
    private var hasNoTasks: Bool { tasks.reasons?.isEmpty ?? true }

    var crumbs: [String] { ["Step Functions", "Activities"] }
    var topics: Set<Topic> { ["states"] }
    var capturesText: Bool { !isTaskFocused && table.capturesText }
    var handlesEscape: Bool { isTaskFocused || table.handlesEscape }
    var copyText: String? { isTaskFocused ? tasks.link?.arguments.first : table.selected?.arn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No activity is selected")
        let hasTasks = table.selected?.tasks?.isEmpty == false
        var list: [KeyBinding] = []
        if isTaskFocused {
            list.append(
                .open(.when(tasks.link != nil, otherwise: "This line has no screen of its own")))
        } else {
            list.append(
                KeyBinding(
                    ["enter"], "pending tasks", "tasks", help: "To the tasks that wait",
                    availability: .when(
                        hasTasks,
                        otherwise: table.selected?.tasks == nil
                            ? "Only the embedded engine tells which tasks wait" : "No task waits for a worker")))
        }
        list += [
            KeyBinding(
                ["K"], "take a task", "take", help: "Be the worker: take the oldest task and answer it",
                availability: one, menu: true, needs: [.changes]),
            KeyBinding(["n"], "new", "create", help: "Create an activity", menu: true, needs: [.changes]),
            Self.deletion.binding(in: table),
            .refresh,
        ]
        return list + (isTaskFocused ? ReasonList.bindings : Table<ActivityRow>.bindings)
    }

    private static let deletion = BulkAction<ActivityRow>.delete(
        Noun("activity", "activities"), question: .destructive, name: { $0.name },
        consequence: { row in
            row.tasks.map { "\(row.name): \(Quantity.count($0.count, "task")) waiting" } ?? row.name
        },
        each: { _ = try await $1.aws.call(SFN.deleteActivity, .init(activityArn: $0.arn)) })

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action(let action): return perform(action)
        case .input(let input): take(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private func load() -> Effect<Message> {
        .work("load") { context in
            try await ActivityRow.read(context)
        } then: {
            .loaded($0)
        }
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action.name {
        case "tasks": isTaskFocused = true
        case "open": return tasks.link.map { [.open($0)] } ?? []
        case "create": return [.form(Self.form) { .createRequested($0) }]
        case "take":
            guard let row = table.selected else { return [] }
            return [
                .toast("Polling \(row.name) for a task", .waiting),
                .work("take") { context in
                    let task = try await context.aws.call(
                        SFN.getActivityTask, .init(activityArn: row.arn, workerName: "skua-console"))
                    guard let token = task.taskToken else { return ActivityTask?.none }
                    return ActivityTask(activity: row.name, token: token, input: task.input ?? "{}")
                } then: {
                    .taken(row.name, $0)
                },
            ]
        case "delete": return Self.deletion.effects(on: table.targets) { .deleted($0) }
        default:
            if isTaskFocused { _ = tasks.perform(action) } else { _ = table.perform(action) }
            showTasks()
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) {
        if isTaskFocused {
            if !tasks.handle(input), input == .key(.escape) { isTaskFocused = false }
        } else {
            _ = table.handle(input)
            showTasks()
        }
    }

    private mutating func showTasks() {
        tasks.set(table.selected?.tasks ?? [])
        if hasNoTasks { isTaskFocused = false }
    }

    private static var form: Form {
        Form(
            "Create activity", submit: "Create",
            [
                FormField(
                    "name", "Name", .text, hint: "1–80 characters", required: true,
                    validate: { text, _ in StateMachineForms.nameProblem(text) })
            ])
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
            showTasks()
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .createRequested(let values):
            return [
                .work("create") { context in
                    _ = try await context.aws.call(SFN.createActivity, .init(name: values["name"]))
                } then: {
                    .created(values, $0)
                }
            ]
        case .created(let values, .success): return [.toast("Created \(values["name"])"), load()]
        case .created(let values, .failure(let error)):
            return [.form(Self.form.filled(with: values, failure: error.sentence)) { .createRequested($0) }]
        case .taken(_, .success(.some(let task))): return [.form(task.form) { .answered(task, $0) }, load()]
        case .taken(let name, .success(.none)): return [.toast("No task came for \(name)", .unknown)]
        case .taken(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        case .answered(let task, let values): return [answer(task, values)]
        case .acted(let text, .success): return [.toast(text), load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        case .deleted(let result):
            table.unmark(result.succeeded.map(\.id))
            return [load()]
        }
        return []
    }

    private func answer(_ task: ActivityTask, _ values: FormValues) -> Effect<Message> {
        .work("answer") { context in
            try await TaskToken.answer(task.token, values, context)
        } then: {
            .acted(values["answer"] == "success" ? "Sent success" : "Sent failure", $0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.percent(55), .fill()])
        table.showing(failure).render(
            on: parts[0].panel("Activities", focused: !isTaskFocused, note: table.note(failure)),
            focused: !isTaskFocused && frame.isInteractive)
        let name = table.selected.map { " of \($0.name)" } ?? ""
        let inside = parts[1].panel("Pending tasks\(name)", focused: isTaskFocused)
        if hasNoTasks {
            let text =
                table.selected == nil
                ? "Select an activity."
                : table.selected?.tasks == nil
                    ? "Only the embedded engine tells which tasks wait." : "No task waits for a worker."
            inside.write(text, x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
        } else {
            tasks.render(on: inside, now: frame.now, focused: isTaskFocused && frame.isInteractive)
        }
    }
}
