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
        case loaded(Result<([ConnectionRow], [DestinationRow]), any Error>)
        case connectionRequested(FormValues)
        case connectionMade(Result<Void, any Error>, FormValues)
        case destinationRequested(FormValues)
        case destinationMade(Result<Void, any Error>, FormValues)
        case described(String, Result<String, any Error>)
        case deauthorizeConfirmed(String)
        case deleteConfirmed([String])
        case acted(String, Result<Void, any Error>)
    }

    var tabs = Tabs(["Connections", "API destinations"])
    var connections = Table<ConnectionRow>(
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
    var destinations = Table<DestinationRow>(
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
    var failure: String?

    private var isOnDestinations: Bool { tabs.selected == 1 }

    var crumbs: [String] { ["EventBridge", tabs.selectedTitle] }
    var title: String { "Connections" }
    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { isOnDestinations ? destinations.capturesText : connections.capturesText }
    var handlesEscape: Bool { isOnDestinations ? destinations.handlesEscape : connections.handlesEscape }
    var copyText: String? {
        isOnDestinations
            ? destinations.selected?.destination.apiDestinationArn : connections.selected?.connection.connectionArn
    }

    var bindings: [KeyBinding] {
        let hasOne = isOnDestinations ? destinations.selected != nil : connections.selected != nil
        let one = Availability.when(hasOne, otherwise: "Nothing is selected")
        var list = [
            KeyBinding(["enter"], "details", "details", help: "All that may be shown of it", availability: one)
        ]
        if isOnDestinations {
            list.append(
                KeyBinding(
                    ["n"], "new", "create", help: "Create an API destination",
                    availability: .when(
                        connections.totalCount > 0, otherwise: "It needs a connection: create one in tab 1"), menu: true
                ))
        } else {
            let authorized: Availability =
                connections.selected.map {
                    .when($0.state != "DEAUTHORIZED", otherwise: "Its credentials were removed already")
                } ?? one
            list += [
                KeyBinding(["n"], "new", "create", help: "Create a connection", menu: true),
                KeyBinding(
                    ["x"], "deauthorize", "deauthorize", help: "Remove its credentials", availability: authorized,
                    menu: true, destructive: true),
            ]
        }
        list += [
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            .refresh,
        ]
        return list + tabs.bindings
            + (isOnDestinations ? Table<DestinationRow>.bindings : Table<ConnectionRow>.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("create"): return [createForm(nil, nil)]
        case .action("details"): return describe()
        case .action("deauthorize"):
            guard let row = connections.selected else { return [] }
            let used = (destinations.rows ?? []).filter { $0.connection == row.id }
            return [
                .confirm(
                    Dialog(
                        "Remove the credentials of \(row.id)?",
                        message: "They must be given anew before it works again.",
                        consequences: used.map { "\($0.id) cannot be called" }, confirm: "Remove", destructive: true),
                    then: .deauthorizeConfirmed(row.id))
            ]
        case .action("delete"): return confirmDelete()
        case .action(let action):
            if tabs.perform(action) { return [] }
            _ = isOnDestinations ? destinations.perform(action) : connections.perform(action)
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return [] }
            _ = isOnDestinations ? destinations.handle(input) : connections.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private func confirmDelete() -> [Effect<Message>] {
        let names = isOnDestinations ? destinations.targets.map(\.id) : connections.targets.map(\.id)
        guard let first = names.first else { return [] }
        let noun = isOnDestinations ? "API destination" : "connection"
        let losses =
            isOnDestinations
            ? ["Rules that send to it fail"]
            : (destinations.rows ?? []).filter { names.contains($0.connection) }.map { "\($0.id) cannot be called" }
        return [
            .confirm(
                .delete(names.count == 1 ? "\(noun) \(first)" : "\(names.count) \(noun)s", consequences: losses),
                then: .deleteConfirmed(names))
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let (found, goals))):
            failure = nil
            connections.rows = found
            destinations.rows = goals
        case .loaded(.failure(let error)):
            failure = error.sentence
            return connections.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .connectionRequested(let values):
            return [
                .work("create") { context in
                    _ = try await context.aws.call(Events.createConnection, ConnectionForms.connectionRequest(values))
                } then: {
                    .connectionMade($0, values)
                }
            ]
        case .destinationRequested(let values): return [makeDestination(values)]
        case .connectionMade(.success, let values), .destinationMade(.success, let values):
            return [.toast("Created \(values["name"])"), Self.load()]
        case .connectionMade(.failure(let error), let values), .destinationMade(.failure(let error), let values):
            return [createForm(values, error.sentence)]
        case .described(let name, .success(let text)):
            return [.push(DocumentScreen(crumbs: ["EventBridge", name], title: name, text: text))]
        case .described(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        case .deauthorizeConfirmed(let name):
            return [
                .work("act") { context in
                    _ = try await context.aws.call(Events.deauthorizeConnection, .init(name: name))
                } then: {
                    .acted("Removed the credentials of \(name)", $0)
                }
            ]
        case .deleteConfirmed(let names): return [delete(names)]
        case .acted(let done, .success):
            connections.clearMarks()
            destinations.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    private func createForm(_ values: FormValues?, _ problem: String?) -> Effect<Message> {
        if isOnDestinations {
            var form = ConnectionForms.destination(connections: (connections.rows ?? []).map(\.id))
            if let values { form = form.filled(with: values, failure: problem) }
            return .form(form) { .destinationRequested($0) }
        }
        var form = ConnectionForms.connection
        if let values { form = form.filled(with: values, failure: problem) }
        return .form(form) { .connectionRequested($0) }
    }

    private func makeDestination(_ values: FormValues) -> Effect<Message> {
        let arn = connections.rows?.first { $0.id == values["connection"] }?.connection.connectionArn ?? ""
        return .work("create") { context in
            _ = try await context.aws.call(
                Events.createApiDestination, ConnectionForms.destinationRequest(values, connectionARN: arn))
        } then: {
            .destinationMade($0, values)
        }
    }

    private func delete(_ names: [String]) -> Effect<Message> {
        let isOnDestinations = isOnDestinations
        return .work("act") { context in
            for name in names {
                if isOnDestinations {
                    _ = try await context.aws.call(Events.deleteApiDestination, .init(name: name))
                } else {
                    _ = try await context.aws.call(Events.deleteConnection, .init(name: name))
                }
            }
        } then: {
            .acted(names.count == 1 ? "Deleted \(names[0])" : "Deleted \(names.count)", $0)
        }
    }

    private func describe() -> [Effect<Message>] {
        let isOnDestinations = isOnDestinations
        guard let name = isOnDestinations ? destinations.selected?.id : connections.selected?.id else { return [] }
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
        let pane = isOnDestinations ? destinations.countNote : connections.countNote
        let inside = parts[1].panel(tabs.selectedTitle, focused: true, note: pane)
        if isOnDestinations {
            destinations.showing(failure).render(on: inside, focused: frame.isInteractive)
        } else {
            connections.showing(failure).render(on: inside, focused: frame.isInteractive)
        }
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var found: [ConnectionRow] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Events.listConnections, .init(nextToken: token))
                found += (page.connections ?? []).map { ConnectionRow(connection: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            var goals: [DestinationRow] = []
            repeat {
                let page = try await context.aws.call(Events.listApiDestinations, .init(nextToken: token))
                goals += (page.apiDestinations ?? []).map { DestinationRow(destination: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return (found, goals)
        } then: {
            .loaded($0)
        }
    }
}
