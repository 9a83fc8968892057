import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The rules of every event bus, or of one.
struct RuleListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var rule: Events.Rule
        var id: String { rule.arn ?? "" }
        var name: String { rule.name ?? "" }
        var bus: String { rule.eventBusName ?? "default" }
        var isEnabled: Bool { rule.state != "DISABLED" }
        var trigger: String { rule.scheduleExpression ?? rule.eventPattern ?? "" }
    }

    private static let table = Table<Row>(
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
        ], empty: "No rules. Press n to create one; m sends an event.")

    var list: ResourceList<Row>
    static let noun: Noun = "rule"
    /// Nil shows those of all buses.
    let bus: String?

    init(bus: String? = nil) {
        self.bus = bus
        list = ResourceList("Rules", Self.table) { try await Self.page(of: bus, after: $0, $1) }
    }

    /// A page of one bus; a token names the page, then the buses that come after.
    private static func page(
        of bus: String?, after token: String?, _ context: ConsoleContext
    ) async throws -> ListPage<Row> {
        var page: String?
        var buses: [String]
        if let token {
            let parts = token.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            page = parts.first.flatMap { $0.isEmpty ? nil : $0 }
            buses = Array(parts.dropFirst())
        } else if let bus {
            buses = [bus]
        } else {
            buses = (try await context.aws.call(Events.listEventBuses, .init()).eventBuses ?? []).compactMap(\.name)
        }
        guard let bus = buses.first else { return ListPage([]) }
        let answer = try await context.aws.call(Events.listRules, .init(eventBusName: bus, nextToken: page))
        let rest = answer.nextToken == nil ? Array(buses.dropFirst()) : buses
        return ListPage(
            (answer.rules ?? []).map { Row(rule: $0) },
            next: rest.isEmpty ? nil : ([answer.nextToken ?? ""] + rest).joined(separator: "\n"))
    }

    var crumbs: [String] { ["EventBridge", bus, "Rules"].compactMap { $0 } }
    var topics: Set<Topic> { ["events"] }
    var copyText: String? { selected?.id }

    var ownBindings: [KeyBinding] {
        [
            .open(one), Self.new(),
            KeyBinding(["m"], "send", "send", help: "Send an event to a bus", menu: true, needs: [.changes]),
            .why(one),
        ]
    }

    var actions: [BulkAction<Row>] {
        [
            .onOff(
                Self.noun, help: "Enable or disable what is marked or selected", name: { $0.name },
                isOn: { $0.isEnabled }
            ) { row, turnsOn, context in
                if turnsOn {
                    _ = try await context.aws.call(Events.enableRule, .init(name: row.name, eventBusName: row.bus))
                } else {
                    _ = try await context.aws.call(Events.disableRule, .init(name: row.name, eventBusName: row.bus))
                }
            },
            .delete(
                Self.noun, help: "Delete what is marked or selected, with its targets", question: .destructive,
                note: { _ in "Events that match are no longer delivered." }, name: { $0.name },
                each: { try await Self.delete($0, $1) }),
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "create": [.push(RuleEditorScreen(bus: bus ?? selected?.bus ?? "default"))]
        case "why": selected.map { [.push(WhyScreen(arn: $0.id))] } ?? []
        case "open": selected.map { [.open("events.rule", $0.name, $0.bus)] } ?? []
        case "send": [Self.asksToSend(bus: bus ?? selected?.bus ?? "default") { .form($0) }]
        default: nil
        }
    }

    /// AWS: a rule goes only after its targets.
    private static func delete(_ row: Row, _ context: ConsoleContext) async throws {
        let targets = try await context.aws.call(
            Events.listTargetsByRule, .init(rule: row.name, eventBusName: row.bus))
        let ids = (targets.targets ?? []).map(\.id)
        if !ids.isEmpty {
            _ = try await context.aws.call(
                Events.removeTargets, .init(rule: row.name, eventBusName: row.bus, ids: ids))
        }
        _ = try await context.aws.call(Events.deleteRule, .init(name: row.name, eventBusName: row.bus))
    }

    /// Asks for an event and puts it on a bus.
    static func asksToSend<Reply: Sendable>(
        bus: String, _ wrap: @escaping @Sendable (FormStep) -> Reply
    ) -> Effect<Reply> {
        FormTask.ask(sendForm(bus: bus), wrap) { values, context in
            let answer = try await context.aws.call(
                Events.putEvents,
                .init(entries: [
                    .init(
                        source: values["source"], detailType: values["type"], detail: values["detail"],
                        eventBusName: values["bus"])
                ]))
            let entry = answer.entries?.first
            if let code = entry?.errorCode { throw AWSError(code, entry?.errorMessage ?? "") }
            return .init("Sent event \(entry?.eventId ?? "")")
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
}
