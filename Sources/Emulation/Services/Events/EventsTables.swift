import AWSModel
import AWSTypes

/// EventBridge's rows: resources as documents, archived events and waiting deliveries one by one.
extension EventsService {
    public static let migrations = [
        Migration(
            "events-1",
            """
            CREATE TABLE events_resources (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL,
                name TEXT NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (account, region, kind, parent, name)) WITHOUT ROWID;
            CREATE TABLE events_archived (
                id INTEGER PRIMARY KEY, archive TEXT NOT NULL, time INTEGER NOT NULL, size INTEGER NOT NULL,
                event TEXT NOT NULL);
            CREATE INDEX events_archived_time ON events_archived (archive, time, id);
            CREATE TABLE events_deliveries (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, bus TEXT NOT NULL,
                rule TEXT NOT NULL, accepted INTEGER NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
                target TEXT NOT NULL, body TEXT NOT NULL, event TEXT NOT NULL) WITHOUT ROWID;
            """)
    ]

    private func save(_ kind: String, parent: String = "", _ name: String, _ scope: Scope, _ document: DocumentObject) {
        core.journal.record(
            "INSERT OR REPLACE INTO events_resources VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(scope.accountID), .text(scope.region), .text(kind), .text(parent), .text(name),
                .document(document),
            ])
    }

    private func remove(_ kind: String, parent: String = "", _ name: String, _ scope: Scope) {
        core.journal.record(
            "DELETE FROM events_resources WHERE account = ? AND region = ? AND kind = ? AND parent = ? AND name = ?",
            [.text(scope.accountID), .text(scope.region), .text(kind), .text(parent), .text(name)])
    }

    func save(_ bus: EventBus) {
        noteDenials(of: bus)
        save("bus", bus.name, bus.scope, bus.document)
        core.changes.mark("events:buses")
    }
    private func noteDenials(of bus: EventBus) {
        if bus.statements.contains(where: { $0.string("Effect") == "Deny" }) { holdsDenials = true }
    }
    func removeRow(of bus: EventBus) {
        remove("bus", bus.name, bus.scope)
        core.changes.mark("events:buses")
    }
    func save(_ rule: EventRule) {
        save("rule", parent: rule.busName, rule.name, rule.scope, rule.document)
        changed(rule)
    }
    func removeRow(of rule: EventRule) {
        remove("rule", parent: rule.busName, rule.name, rule.scope)
        changed(rule)
    }
    func save(_ archive: EventArchive) {
        save("archive", archive.name, archive.scope, archive.document)
        core.changes.mark("events:archives")
    }
    func removeRow(of archive: EventArchive) {
        remove("archive", archive.name, archive.scope)
        core.changes.mark("events:archives")
    }
    func save(_ replay: EventReplay) {
        save("replay", replay.name, replay.scope, replay.document)
        core.changes.mark("events:replays")
    }
    func save(_ connection: EventConnection) {
        save("connection", connection.name, connection.scope, connection.document)
        core.changes.mark("events:connections")
    }
    func removeRow(of connection: EventConnection) {
        remove("connection", connection.name, connection.scope)
        core.changes.mark("events:connections")
    }
    func save(_ destination: APIDestination) {
        save("destination", destination.name, destination.scope, destination.document)
        core.changes.mark("events:connections")
    }
    func removeRow(of destination: APIDestination) {
        remove("destination", destination.name, destination.scope)
        core.changes.mark("events:connections")
    }
    func saveEndpoint(_ name: String, _ scope: Scope, _ endpoint: Events.DescribeEndpointResponse?) {
        guard let endpoint else { return remove("endpoint", name, scope) }
        var stored = endpoint
        stored.creationTime = nil
        stored.lastModifiedTime = nil
        var document = stored.document
        document["Created"] = .integer(endpoint.creationTime?.microseconds ?? 0)
        document["Modified"] = .integer(endpoint.lastModifiedTime?.microseconds ?? 0)
        save("endpoint", name, scope, document)
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        // Buses come before rules: their kinds are in that order.
        try store.forEach(
            "SELECT account, region, kind, parent, name, document FROM events_resources ORDER BY kind"
        ) { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            let name = row.text(4)
            let document = row.document(5)
            switch row.text(2) {
            case "archive":
                archives[scope, default: [:]][name] = EventArchive(scope: scope, name: name, document: document)
            case "bus":
                let bus = EventBus(scope: scope, name: name, document: document)
                buses[scope, default: [:]][name] = bus
                noteDenials(of: bus)
            case "connection":
                connections[scope, default: [:]][name] = EventConnection(scope: scope, name: name, document: document)
            case "destination":
                destinations[scope, default: [:]][name] = APIDestination(scope: scope, name: name, document: document)
            case "endpoint":
                var endpoint = Events.DescribeEndpointResponse(document)
                endpoint.creationTime = document["Created"]?.integer.map { Instant(microseconds: $0) }
                endpoint.lastModifiedTime = document["Modified"]?.integer.map { Instant(microseconds: $0) }
                endpoints[scope, default: [:]][name] = endpoint
            case "replay":
                replays[scope, default: [:]][name] = EventReplay(scope: scope, name: name, document: document)
            case "rule":
                buses[scope]?[row.text(3)]?.put(
                    EventRule(scope: scope, busName: row.text(3), name: name, document: document))
            default: break
            }
        }
        for archive in archives.values.flatMap(\.values) {
            findBus(archive.sourceArn, archive.scope)?.archives.append(archive.name)
        }
        let byArn = Dictionary(archives.values.flatMap(\.values).map { ($0.arn, $0) }) { first, _ in first }
        try store.forEach("SELECT archive, count(*), sum(size), max(id) FROM events_archived GROUP BY archive") { row in
            byArn[row.text(0)]?.eventCount = row.int(1)
            byArn[row.text(0)]?.sizeBytes = row.int(2)
            lastArchivedID = max(lastArchivedID, row.integer(3))
        }
        try restoreDeliveries(from: store)
    }

    public func resume() {
        core.serviceEventListener = self
        for bus in buses.values.flatMap(\.values) {
            for rule in bus.rules.values { arm(rule) }
        }
        for delivery in waiting.values.sorted(by: { ($0.due, $0.id) < ($1.due, $1.id) }) { arm(delivery) }
        for archive in archives.values.flatMap(\.values) { expireLater(archive) }
        for connection in connections.values.flatMap(\.values) where connection.state == "AUTHORIZING" {
            authorizeLater(connection)
        }
        for replay in replays.values.flatMap(\.values) where replay.isActive { scheduleStep(of: replay) }
    }
}
