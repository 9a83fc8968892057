import AWSModel
import AWSTypes

/// What AWS does not offer and the console needs: time, peeking, *Why?*, the timeline, the resource map, change news and
/// the demo's traffic. Our own model in the form of AWS's, so it works in-process and over HTTP alike.
public final class SkuaService: Service {
    public static let id = Skua.id

    public static let migrations = [
        Migration(
            "skua-1",
            """
            CREATE TABLE skua_traffic_sources (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE skua_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE skua_test_events (
                account TEXT NOT NULL, region TEXT NOT NULL, function TEXT NOT NULL, name TEXT NOT NULL,
                body TEXT NOT NULL, updated INTEGER NOT NULL,
                PRIMARY KEY (account, region, function, name)) WITHOUT ROWID;
            """)
    ]

    unowned let core: EngineCore
    let traffic: TrafficGenerator
    var testEvents: [TestEventKey: Skua.TestEvent] = [:]
    let startedAt: Instant

    public init(core: EngineCore) {
        self.core = core
        traffic = TrafficGenerator(core: core)
        startedAt = core.now
    }

    public var operations: OperationTable {
        var table = OperationTable()
        registerWorld(&table)
        registerClock(&table)
        registerObservation(&table)
        registerPeeking(&table)
        registerTraffic(&table)
        registerTestEvents(&table)
        registerPermissions(&table)
        registerOutbox(&table)
        registerMocks(&table)
        registerTrying(&table)
        return table
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        try traffic.restore(from: store)
        try restoreTestEvents(from: store)
        try restoreEnforcement(from: store)
    }

    public func resume() { traffic.resume() }
}
