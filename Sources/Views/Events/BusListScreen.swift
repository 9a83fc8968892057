import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All event buses, with how many rules listen on each.
struct BusListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var bus: Events.EventBus
        var rules: Int
        var isMore: Bool
        var id: String { bus.arn ?? "" }
        var name: String { bus.name ?? "" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case createRequested(FormValues)
        case created(Result<Void, any Error>, FormValues)
        case sendRequested(FormValues)
        case sent(Result<String, any Error>, FormValues)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "buses",
        columns: [
            TableColumn("Bus", min: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Rules", min: 6, ideal: 8, align: .right, order: TableColumn.by { $0.rules }) {
                TableCell($0.rules.grouped + ($0.isMore ? "+" : ""), $0.rules > 0 ? .text : .dim)
            },
            TableColumn("Policy", min: 8, ideal: 12) {
                TableCell($0.bus.policy == nil ? "this account" : "others too", .dim)
            },
            TableColumn("Description", min: 16) { TableCell($0.bus.description ?? "", .dim) },
        ], empty: "No buses. Press n to create one.")
    var failure: String?

    var crumbs: [String] { ["EventBridge", "Buses"] }
    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No bus is selected")
        let own = table.targets.contains { $0.name == "default" }
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a bus", menu: true),
            KeyBinding(["m"], "send", "send", help: "Send an event to it", availability: one, menu: true),
            .why(one),
            KeyBinding(["A"], "archives", "archives", help: "Archives and replays of all buses", menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the buses marked, or the selected one",
                availability: one.isEnabled ? .when(!own, otherwise: "AWS keeps the default bus") : one, menu: true,
                destructive: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    static let createForm = Form(
        "Create event bus", submit: "Create",
        [
            FormField(
                "name", "Name", of: ModelledMember(Events.createEventBus, "Name"), note: "no / in it",
                validate: { text, _ in text == "default" ? "The default bus is there already" : nil }),
            FormField("description", "Description", of: ModelledMember(Events.createEventBus, "Description")),
            FormField(
                "dead", "Dead-letter queue",
                hint: "A standard queue's ARN: takes what no rule could deliver; empty for none",
                validate: { text, _ in QueueForms.queueARNProblem(text) }),
        ])

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("events.bus", $0.name)] } ?? []
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.id))] } ?? []
        case .action("archives"): return [.open("events.archives")]
        case .action("create"): return [.form(Self.createForm) { .createRequested($0) }]
        case .action("send"):
            return [.form(RuleListScreen.sendForm(bus: table.selected?.name ?? "default")) { .sendRequested($0) }]
        case .action("delete"):
            let rows = table.targets
            let what = rows.count == 1 ? "bus \(rows[0].name)" : "\(rows.count) buses"
            return rows.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(
                            what, consequences: rows.map { "\($0.name): \(Quantity.count($0.rules, "rule"))" },
                            typeToConfirm: rows.count == 1 ? rows[0].name : "delete"), then: .deleteConfirmed(rows))
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
        case .createRequested(let values): return [Self.create(values)]
        case .created(.success, let values):
            return [.toast("Created \(values["name"])"), .open("events.bus", values["name"])]
        case .created(.failure(let error), let values):
            return [.form(Self.createForm.filled(with: values, failure: error.sentence)) { .createRequested($0) }]
        case .sendRequested(let values): return [RuleListScreen.send(values) { .sent($0, values) }]
        case .sent(.success(let id), _): return [.toast("Sent event \(id)")]
        case .sent(.failure(let error), let values):
            let form = RuleListScreen.sendForm(bus: values["bus"])
            return [.form(form.filled(with: values, failure: error.sentence)) { .sendRequested($0) }]
        case .deleteConfirmed(let rows):
            return [
                .work("delete") { context in
                    for row in rows { _ = try await context.aws.call(Events.deleteEventBus, .init(name: row.name)) }
                } then: {
                    .acted("Deleted \(rows.count == 1 ? rows[0].name : "\(rows.count) buses")", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    private static func create(_ values: FormValues) -> Effect<Message> {
        .work("create") { context in
            _ = try await context.aws.call(
                Events.createEventBus,
                .init(
                    name: values["name"], description: values.optional("description"),
                    deadLetterConfig: values.optional("dead").map { Events.DeadLetterConfig(arn: $0) }))
        } then: {
            .created($0, values)
        }
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var buses: [Events.EventBus] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Events.listEventBuses, .init(nextToken: token))
                buses += page.eventBuses ?? []
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            var rows: [Row] = []
            for bus in buses {
                // A page is enough to tell whether anybody listens.
                let page = try await context.aws.call(Events.listRules, .init(eventBusName: bus.name, limit: 100))
                rows.append(Row(bus: bus, rules: page.rules?.count ?? 0, isMore: page.nextToken != nil))
            }
            return rows
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Event buses", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
