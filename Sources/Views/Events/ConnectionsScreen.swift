import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// How rules call HTTP endpoints: connections with their credentials, which are never shown, and API destinations.
struct ConnectionsScreen: Screen {
    struct ConnectionRow: Identifiable, Hashable, Sendable {
        var connection: Events.Connection
        var id: String { connection.name ?? "" }
        var state: String { connection.connectionState ?? "" }
        var mark: StatusMark {
            switch state {
            case "AUTHORIZED": .enabled
            case "DEAUTHORIZED": .disabled
            case "AUTHORIZING", "CREATING", "UPDATING", "DELETING": .waiting
            default: .failed
            }
        }
    }

    struct DestinationRow: Identifiable, Hashable, Sendable {
        var destination: Events.ApiDestination
        var id: String { destination.name ?? "" }
        var connection: String {
            // arn:…:connection/NAME/UUID
            let parts = (destination.connectionArn ?? "").split(separator: "/")
            return parts.count > 1 ? String(parts[1]) : ""
        }
    }

    enum Message: Sendable {
        case connections(ResourceList<ConnectionRow>.Message)
        case destinations(ResourceList<DestinationRow>.Message)
        case described(String, Result<String, any Error>)
    }

    var tabs = Tabs(["Connections", "API destinations"])
    private static let connectionTable = Table<ConnectionRow>(
        id: "connections",
        columns: [
            TableColumn("Connection", min: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("State", min: 14, ideal: 15, order: TableColumn.by { $0.state }) {
                .status($0.mark, $0.state.lowercased())
            },
            TableColumn("Authorization", min: 13, ideal: 28) {
                TableCell(ConnectionForms.word(for: $0.connection.authorizationType ?? ""), .dim)
            },
            TableColumn("Authorized", min: 19, ideal: 19) {
                TableCell(ScheduleText.text($0.connection.lastAuthorizedTime), .dim)
            },
            TableColumn("Why", min: 12) { TableCell($0.connection.stateReason ?? "", .dim) },
        ], empty: "No connections. Press n to create one: it holds the credentials of an HTTP endpoint.")
    private static let destinationTable = Table<DestinationRow>(
        id: "destinations",
        columns: [
            TableColumn("Destination", min: 14, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Method", min: 6, ideal: 7) { TableCell($0.destination.httpMethod ?? "", .dim) },
            TableColumn("Endpoint", min: 22, clipsMiddle: true) {
                TableCell($0.destination.invocationEndpoint ?? "", .link)
            },
            TableColumn("Per second", min: 10, ideal: 10, align: .right) {
                TableCell(($0.destination.invocationRateLimitPerSecond ?? 300).grouped, .dim)
            },
            TableColumn("Connection", min: 10, ideal: 16) { TableCell($0.connection, .dim) },
        ], empty: "No API destinations. Press n to create one: a rule can send events to it.")
    var connections = ResourceList("Connections", Self.connectionTable) { token, context in
        let page = try await context.aws.call(Events.listConnections, .init(nextToken: token))
        return ListPage((page.connections ?? []).map { ConnectionRow(connection: $0) }, next: page.nextToken)
    }
    var destinations = ResourceList("API destinations", Self.destinationTable) { token, context in
        let page = try await context.aws.call(Events.listApiDestinations, .init(nextToken: token))
        return ListPage((page.apiDestinations ?? []).map { DestinationRow(destination: $0) }, next: page.nextToken)
    }

    private var isOnDestinations: Bool { tabs.selected == 1 }

    var crumbs: [String] { ["EventBridge", tabs.selectedTitle] }
    var title: String { "Connections" }
    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { isOnDestinations ? destinations.table.capturesText : connections.table.capturesText }
    var handlesEscape: Bool { isOnDestinations ? destinations.table.handlesEscape : connections.table.handlesEscape }
    var copyText: String? {
        isOnDestinations
            ? destinations.table.selected?.destination.apiDestinationArn
            : connections.table.selected?.connection.connectionArn
    }

    private var selectedName: String? {
        isOnDestinations ? destinations.table.selected?.id : connections.table.selected?.id
    }

    var bindings: [KeyBinding] {
        let details = KeyBinding(
            ["enter"], "details", "details", help: "All that may be shown of it",
            availability: .when(selectedName != nil, otherwise: "Nothing is selected"))
        if isOnDestinations {
            return [
                details,
                KeyBinding(
                    ["n"], "new", "create", help: "Create an API destination",
                    availability: .when(
                        connections.table.totalCount > 0, otherwise: "It needs a connection: create one in tab 1"),
                    menu: true, needs: [.changes]),
                Self.removal.binding(in: destinations.table), .refresh,
            ] + tabs.bindings + Table<DestinationRow>.bindings
        }
        return [
            details, KeyBinding(["n"], "new", "create", help: "Create a connection", menu: true, needs: [.changes]),
            deauthorization.binding(in: connections.table), deletion.binding(in: connections.table), .refresh,
        ] + tabs.bindings + Table<ConnectionRow>.bindings
    }

    private static let removal = BulkAction<DestinationRow>.delete(
        "API destination", note: { _ in "Rules that send to it fail." }, name: { $0.id },
        each: { _ = try await $1.aws.call(Events.deleteApiDestination, .init(name: $0.id)) })

    private var deletion: BulkAction<ConnectionRow> {
        .delete(
            "connection", name: { $0.id }, consequence: losses,
            each: { _ = try await $1.aws.call(Events.deleteConnection, .init(name: $0.id)) })
    }

    private var deauthorization: BulkAction<ConnectionRow> {
        BulkAction(
            action: "deauthorize", keys: ["x"], title: "deauthorize", help: "Remove its credentials",
            verb: { _ in BulkVerb("Deauthorize", "Deauthorizing", "Deauthorized") }, noun: "connection",
            question: .destructive,
            note: { _ in "The credentials are removed. They must be given anew before it works again." },
            name: { $0.id }, consequence: losses,
            availability: { row, _ in
                .when(row.state != "DEAUTHORIZED", otherwise: "Its credentials were removed already")
            },
            perform: BulkAction.oneByOne { row, _, context in
                _ = try await context.aws.call(Events.deauthorizeConnection, .init(name: row.id))
            })
    }

    /// What can no longer be called without a connection.
    private var losses: @Sendable (ConnectionRow) -> String {
        let users = Dictionary(grouping: destinations.table.rows ?? [], by: \.connection)
        return { row in
            let names = (users[row.id] ?? []).map(\.id)
            return names.isEmpty ? row.id : "\(row.id): \(names.joined(separator: ", ")) cannot be called"
        }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("create"): return [isOnDestinations ? createDestination() : createConnection()]
        case .action("details"): return describe()
        case .action("deauthorize"):
            return deauthorization.effects(on: connections.table.targets) { .connections(.acted($0)) }
        case .action("delete"):
            return isOnDestinations
                ? Self.removal.effects(on: destinations.table.targets) { .destinations(.acted($0)) }
                : deletion.effects(on: connections.table.targets) { .connections(.acted($0)) }
        case .message(.connections(let message)): return toConnections(.message(message))
        case .message(.destinations(let message)): return toDestinations(.message(message))
        case .message(.described(let name, .success(let text))):
            return [.push(DocumentScreen(crumbs: ["EventBridge", name], title: name, text: text))]
        case .message(.described(_, .failure(let error))): return [.toast(error.sentence, .failed)]
        case .action(let action) where tabs.perform(action): return []
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return [] }
            return isOnDestinations ? toDestinations(event.passedOn()) : toConnections(event.passedOn())
        case .action(let action) where action != "refresh":
            return isOnDestinations ? toDestinations(event.passedOn()) : toConnections(event.passedOn())
        default: return toConnections(event.passedOn()) + toDestinations(event.passedOn())
        }
    }

    private mutating func toConnections(
        _ event: ScreenEvent<ResourceList<ConnectionRow>.Message>?
    ) -> [Effect<Message>] {
        event.map { connections.update($0) }?.map { $0.named("connections").carried { .connections($0) } } ?? []
    }

    private mutating func toDestinations(
        _ event: ScreenEvent<ResourceList<DestinationRow>.Message>?
    ) -> [Effect<Message>] {
        event.map { destinations.update($0) }?.map { $0.named("destinations").carried { .destinations($0) } } ?? []
    }

    private func createConnection() -> Effect<Message> {
        FormTask.ask(ConnectionForms.connection, { .connections(.form($0)) }) { values, context in
            _ = try await context.aws.call(Events.createConnection, ConnectionForms.connectionRequest(values))
            return .init("Created \(values["name"])")
        }
    }

    private func createDestination() -> Effect<Message> {
        let known = connections.table.rows ?? []
        let form = ConnectionForms.destination(connections: known.map(\.id))
        return FormTask.ask(form, { .destinations(.form($0)) }) { values, context in
            let arn = known.first { $0.id == values["connection"] }?.connection.connectionArn ?? ""
            _ = try await context.aws.call(
                Events.createApiDestination, ConnectionForms.destinationRequest(values, connectionARN: arn))
            return .init("Created \(values["name"])")
        }
    }

    private func describe() -> [Effect<Message>] {
        let isOnDestinations = isOnDestinations
        guard let name = selectedName else { return [] }
        return [
            .work("describe") { context in
                let document =
                    isOnDestinations
                    ? try await context.aws.call(Events.describeApiDestination, .init(name: name)).document
                    : try await context.aws.call(Events.describeConnection, .init(name: name)).document
                return JSONWriter.string(.object(document), pretty: true)
            } then: {
                .described(name, $0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        if isOnDestinations {
            destinations.render(on: parts[1], in: frame)
        } else {
            connections.render(on: parts[1], in: frame)
        }
    }
}
