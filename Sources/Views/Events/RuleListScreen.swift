import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The rules of every event bus, or of one.
struct RuleListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var rule: Events.Rule
        var id: String { rule.arn ?? "" }
        var name: String { rule.name ?? "" }
        var bus: String { rule.eventBusName ?? "default" }
        var isEnabled: Bool { rule.state != "DISABLED" }
        var trigger: String { rule.scheduleExpression ?? rule.eventPattern ?? "" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case sendRequested(FormValues)
        case sent(Result<String, any Error>, FormValues)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "rules",
        columns: [
            TableColumn("Rule", min: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Bus", min: 8, ideal: 14, order: TableColumn.by { $0.bus }) {
                TableCell($0.bus, .dim)
            },
            TableColumn("State", min: 10, ideal: 10, order: TableColumn.by { $0.rule.state ?? "" }) {
                .status($0.isEnabled ? .enabled : .disabled, $0.isEnabled ? "enabled" : "disabled")
            },
            TableColumn("Pattern or schedule", min: 20) { TableCell($0.trigger, .dim) },
        ], empty: "No rules yet. Press n to create one; m sends an event.")
    var failure: String?
    /// Nil shows those of all buses.
    let bus: String?

    init(bus: String? = nil) { self.bus = bus }

    var crumbs: [String] { ["EventBridge", bus, "Rules"].compactMap { $0 } }
    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No rule is selected")
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a rule", menu: true),
            KeyBinding(["m"], "send", "send", help: "Send an event to a bus", menu: true),
            KeyBinding(
                ["o"], "on/off", "toggle", help: "Enable or disable the rule", availability: one, menu: true),
            .why(one),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected, with its targets",
                availability: one, menu: true, destructive: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("create"): return [.push(RuleEditorScreen(bus: bus ?? table.selected?.bus ?? "default"))]
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.id))] } ?? []
        case .action("open"):
            return table.selected.map { [.open("events.rule", $0.name, $0.bus)] } ?? []
        case .action("send"):
            return [.form(Self.sendForm(bus: bus ?? table.selected?.bus ?? "default")) { .sendRequested($0) }]
        case .action("toggle"): return table.selected.map { [Self.toggle($0)] } ?? []
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "rule \(first.name)" : "\(targets.count) rules"
            return [
                .confirm(
                    .delete(
                        what, consequences: ["Events that match are no longer delivered"], typeToConfirm: nil),
                    then: .deleteConfirmed(targets))
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
        case .sendRequested(let values): return [Self.send(values) { .sent($0, values) }]
        case .sent(.success(let id), _): return [.toast("Sent event \(id)")]
        case .sent(.failure(let error), let values):
            return [
                .form(Self.sendForm(bus: values["bus"]).filled(with: values, failure: error.sentence)) {
                    .sendRequested($0)
                }
            ]
        case .deleteConfirmed(let targets): return [Self.delete(targets)]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        }
        return []
    }

    private static func toggle(_ row: Row) -> Effect<Message> {
        .work("toggle") { context in
            if row.isEnabled {
                _ = try await context.aws.call(
                    Events.disableRule, .init(name: row.name, eventBusName: row.bus))
            } else {
                _ = try await context.aws.call(
                    Events.enableRule, .init(name: row.name, eventBusName: row.bus))
            }
        } then: {
            .acted(row.isEnabled ? "Disabled \(row.name)" : "Enabled \(row.name)", $0)
        }
    }

    private static func delete(_ rows: [Row]) -> Effect<Message> {
        .work("delete") { context in
            for row in rows {
                let targets = try await context.aws.call(
                    Events.listTargetsByRule, .init(rule: row.name, eventBusName: row.bus))
                let ids = (targets.targets ?? []).map(\.id)
                if !ids.isEmpty {
                    _ = try await context.aws.call(
                        Events.removeTargets, .init(rule: row.name, eventBusName: row.bus, ids: ids))
                }
                _ = try await context.aws.call(
                    Events.deleteRule, .init(name: row.name, eventBusName: row.bus))
            }
        } then: {
            .acted("Deleted \(Quantity.count(rows.count, "rule"))", $0)
        }
    }

    /// Puts an event on a bus; its id comes back.
    static func send<Reply: Sendable>(
        _ values: FormValues, then message: @escaping @Sendable (Result<String, any Error>) -> Reply
    ) -> Effect<Reply> {
        .work("send") { context in
            let answer = try await context.aws.call(
                Events.putEvents,
                .init(entries: [
                    .init(
                        source: values["source"], detailType: values["type"], detail: values["detail"],
                        eventBusName: values["bus"])
                ]))
            let entry = answer.entries?.first
            if let code = entry?.errorCode { throw AWSError(code, entry?.errorMessage ?? "") }
            return entry?.eventId ?? ""
        } then: {
            message($0)
        }
    }

    static func sendForm(bus: String) -> Form {
        Form(
            "Send event", submit: "Send",
            [
                FormField("bus", "Event bus", value: bus, hint: "Name or ARN", required: true),
                FormField(
                    "source", "Source", hint: "Not beginning with aws.", required: true,
                    validate: { text, _ in
                        text.hasPrefix("aws.") ? "Sources that begin with aws. belong to AWS" : nil
                    }),
                FormField("type", "Detail type", hint: "Free text, such as order placed", required: true),
                FormField(
                    "detail", "Detail", .multiline(rows: 6, json: true), value: "{}", hint: "A JSON object",
                    required: true),
            ])
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Rules", focused: true, note: table.countNote), focused: frame.isInteractive
        )
    }

    private func load() -> Effect<Message> {
        let only = bus
        return .work("load") { context in
            var buses = [only].compactMap { $0 }
            if only == nil {
                buses = (try await context.aws.call(Events.listEventBuses, .init()).eventBuses ?? []).compactMap(\.name)
            }
            var rows: [Row] = []
            for bus in buses {
                var token: String?
                repeat {
                    let page = try await context.aws.call(
                        Events.listRules, .init(eventBusName: bus, nextToken: token))
                    rows += (page.rules ?? []).map { Row(rule: $0) }
                    token = page.nextToken
                } while token != nil && !Task.isCancelled
            }
            return rows
        } then: {
            .loaded($0)
        }
    }
}
