import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All event buses, with how many rules listen on each.
struct BusListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var bus: Events.EventBus
        /// Nil until they were counted, as far as one page goes.
        var rules: Int?
        var isMore = false
        var id: String { bus.arn ?? "" }
        var name: String { bus.name ?? "" }
    }

    private static let table = Table<Row>(
        id: "buses",
        columns: [
            TableColumn("Bus", min: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Rules", min: 6, ideal: 8, align: .right, order: TableColumn.by { $0.rules ?? 0 }) {
                TableCell(
                    ($0.rules.map(\.grouped) ?? "…") + ($0.isMore ? "+" : ""), ($0.rules ?? 0) > 0 ? .text : .dim)
            },
            TableColumn("Policy", min: 8, ideal: 12) {
                TableCell($0.bus.policy == nil ? "this account" : "others too", .dim)
            },
            TableColumn("Description", min: 16) { TableCell($0.bus.description ?? "", .dim) },
        ], empty: "No buses. Press n to create one.")

    var list = ResourceList("Event buses", Self.table, details: Self.details) { token, context in
        let page = try await context.aws.call(Events.listEventBuses, .init(nextToken: token))
        return ListPage((page.eventBuses ?? []).map { Row(bus: $0) }, next: page.nextToken)
    }
    static let noun = Noun("bus", "buses")

    /// A page of rules is enough to tell whether anybody listens.
    private static let details = ListDetails<Row>(isRead: { $0.rules != nil }) { row, context in
        var row = row
        let page = try? await context.aws.call(Events.listRules, .init(eventBusName: row.name, limit: 100))
        row.rules = page?.rules?.count ?? 0
        row.isMore = page?.nextToken != nil
        return row
    }

    var crumbs: [String] { ["EventBridge", "Buses"] }
    var topics: Set<Topic> { ["events"] }
    var copyText: String? { selected?.id }

    var ownBindings: [KeyBinding] {
        [
            .open(one), Self.new(),
            KeyBinding(
                ["m"], "send", "send", help: "Send an event to it", availability: one, menu: true, needs: [.changes]),
            .why(one),
            KeyBinding(["A"], "archives", "archives", help: "Archives and replays of all buses", menu: true),
        ]
    }

    var actions: [BulkAction<Row>] {
        [
            .delete(
                Self.noun, name: { $0.name }, consequence: { "\($0.name): \(Quantity.count($0.rules ?? 0, "rule"))" },
                availability: { .when($0.name != "default", otherwise: "AWS keeps the default bus") },
                each: { _ = try await $1.aws.call(Events.deleteEventBus, .init(name: $0.name)) })
        ]
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

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("events.bus", $0.name)] } ?? []
        case "why": selected.map { [.push(WhyScreen(arn: $0.id))] } ?? []
        case "archives": [.open("events.archives")]
        case "send": [RuleListScreen.asksToSend(bus: selected?.name ?? "default") { .form($0) }]
        case "create":
            asking(Self.createForm) { values, context in
                _ = try await context.aws.call(
                    Events.createEventBus,
                    .init(
                        name: values["name"], description: values.optional("description"),
                        deadLetterConfig: values.optional("dead").map { Events.DeadLetterConfig(arn: $0) }))
                return .init(
                    "Created \(values["name"])", opens: ScreenAddress(id: "events.bus", arguments: [values["name"]]))
            }
        default: nil
        }
    }
}
