import AWSModel
import AWSTypes

/// CloudWatch Logs: groups, streams and events, put by clients or written by functions.
///
/// On the resource map stand only groups with subscription filters: nearly each other belongs to one function.
public final class LogsService: Service {
    public static let id = Logs.id
    public static let migrations = [
        Migration(
            "logs-1",
            """
            CREATE TABLE logs_groups (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                created INTEGER NOT NULL, class TEXT NOT NULL, retention INTEGER, kms_key TEXT, tags TEXT NOT NULL,
                protected INTEGER NOT NULL);
            CREATE TABLE logs_streams (
                id INTEGER PRIMARY KEY, log_group INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
                first_event INTEGER, last_event INTEGER, last_ingestion INTEGER, bytes INTEGER NOT NULL,
                last_sequence INTEGER NOT NULL);
            CREATE TABLE logs_events (
                log_group INTEGER NOT NULL, time INTEGER NOT NULL, sequence INTEGER NOT NULL, stream INTEGER NOT NULL,
                ingestion INTEGER NOT NULL, message TEXT NOT NULL,
                PRIMARY KEY (log_group, time, sequence)) WITHOUT ROWID;
            CREATE INDEX logs_events_of_stream ON logs_events (stream, time, sequence);
            """),
        Migration(
            "logs-2",
            """
            CREATE TABLE logs_filters (
                log_group INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
                created INTEGER NOT NULL, PRIMARY KEY (log_group, kind, name)) WITHOUT ROWID;
            """),
        Migration(
            "logs-3",
            """
            CREATE TABLE logs_items (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
                document TEXT NOT NULL, modified INTEGER NOT NULL,
                PRIMARY KEY (account, region, kind, id)) WITHOUT ROWID;
            """),
    ]

    /// Where screens watch for new and deleted groups.
    static let topic = "logs:groups"

    unowned let core: EngineCore
    let events: LogEventStore
    private var groups: [Scope: [String: LogGroup]] = [:]
    private var lastGroupID: Int64 = 0
    private var lastStreamID: Int64 = 0
    private var expiryTimer: TimerID?
    /// Of Insights, by id.
    var queries: [String: LogQuery] = [:]
    /// Ids of queries, oldest first.
    var queryOrder: [String] = []
    var items: [[String]: LogsItem] = [:]
    public internal(set) var holdsDenials = false
    /// Policies of whole accounts.
    var accountProtection: [Scope: TimedSetting<DataProtection>] = [:]
    var accountTransformers: [Scope: [AccountTransformer]] = [:]
    var accountSubscriptions: [Scope: SubscriptionFilter] = [:]
    /// Sessions that listen, by id. They end with the engine, as their connections do.
    var tails: [String: LiveTail] = [:]

    public init(core: EngineCore) {
        self.core = core
        events = LogEventStore(journal: core.journal)
        core.telemetry.logs = self
        core.authorizer.register(self, for: "logs")
    }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(Logs.createLogGroup, createLogGroup)
        table.on(Logs.deleteLogGroup, deleteLogGroup)
        table.on(Logs.describeLogGroups, describeLogGroups)
        table.on(Logs.createLogStream, createLogStream)
        table.on(Logs.deleteLogStream, deleteLogStream)
        table.on(Logs.describeLogStreams, describeLogStreams)
        table.on(Logs.putLogEvents, putLogEvents)
        table.on(Logs.getLogEvents, getLogEvents)
        table.on(Logs.filterLogEvents, filterLogEvents)
        table.on(Logs.putMetricFilter, putMetricFilter)
        table.on(Logs.describeMetricFilters, describeMetricFilters)
        table.on(Logs.deleteMetricFilter, deleteMetricFilter)
        table.on(Logs.testMetricFilter, testMetricFilter)
        table.onPending(Logs.putSubscriptionFilter, putSubscriptionFilter)
        table.on(Logs.describeSubscriptionFilters, describeSubscriptionFilters)
        table.on(Logs.deleteSubscriptionFilter, deleteSubscriptionFilter)
        table.on(Logs.startQuery, startQuery)
        table.on(Logs.getQueryResults, getQueryResults)
        table.on(Logs.stopQuery, stopQuery)
        table.on(Logs.describeQueries, describeQueries)
        table.on(Logs.getLogRecord, getLogRecord)
        table.on(Logs.getLogGroupFields, getLogGroupFields)
        table.on(Logs.putQueryDefinition, putQueryDefinition)
        table.on(Logs.describeQueryDefinitions, describeQueryDefinitions)
        table.on(Logs.deleteQueryDefinition, deleteQueryDefinition)
        table.on(Logs.putResourcePolicy, putResourcePolicy)
        table.on(Logs.describeResourcePolicies, describeResourcePolicies)
        table.on(Logs.deleteResourcePolicy, deleteResourcePolicy)
        table.on(Logs.putLogGroupDeletionProtection, putLogGroupDeletionProtection)
        table.on(Logs.associateKmsKey, associateKmsKey)
        table.on(Logs.disassociateKmsKey, disassociateKmsKey)
        table.onPending(Logs.startLiveTail, startLiveTail)
        table.on(Logs.listLogGroups, listLogGroups)
        table.on(Logs.listLogGroupsForQuery, listLogGroupsForQuery)
        table.on(Logs.putDestination, putDestination)
        table.on(Logs.putDestinationPolicy, putDestinationPolicy)
        table.on(Logs.describeDestinations, describeDestinations)
        table.on(Logs.deleteDestination, deleteDestination)
        table.onPending(Logs.createExportTask, createExportTask)
        table.on(Logs.describeExportTasks, describeExportTasks)
        table.on(Logs.cancelExportTask, cancelExportTask)
        table.onPending(Logs.putAccountPolicy, putAccountPolicy)
        table.on(Logs.describeAccountPolicies, describeAccountPolicies)
        table.on(Logs.deleteAccountPolicy, deleteAccountPolicy)
        table.on(Logs.putIndexPolicy, putIndexPolicy)
        table.on(Logs.describeIndexPolicies, describeIndexPolicies)
        table.on(Logs.deleteIndexPolicy, deleteIndexPolicy)
        table.on(Logs.describeFieldIndexes, describeFieldIndexes)
        table.on(Logs.putDataProtectionPolicy, putDataProtectionPolicy)
        table.on(Logs.getDataProtectionPolicy, getDataProtectionPolicy)
        table.on(Logs.deleteDataProtectionPolicy, deleteDataProtectionPolicy)
        table.on(Logs.putTransformer, putTransformer)
        table.on(Logs.getTransformer, getTransformer)
        table.on(Logs.deleteTransformer, deleteTransformer)
        table.on(Logs.testTransformer, testTransformer)
        addDeliveries(to: &table)
        table.on(Logs.putRetentionPolicy, putRetentionPolicy)
        table.on(Logs.deleteRetentionPolicy, deleteRetentionPolicy)
        table.on(Logs.tagResource, tagResource)
        table.on(Logs.untagResource, untagResource)
        table.on(Logs.listTagsForResource, listTagsForResource)
        table.on(Logs.tagLogGroup, tagLogGroup)
        table.on(Logs.untagLogGroup, untagLogGroup)
        table.on(Logs.listTagsLogGroup, listTagsLogGroup)
        return table
    }

    // MARK: Groups and streams

    func groups(in scope: Scope) -> [LogGroup] {
        (groups[scope] ?? [:]).values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    func find(_ name: String, in scope: Scope) -> LogGroup? { groups[scope]?[name] }

    func group(_ name: String, in scope: Scope) throws(ServiceError) -> LogGroup {
        guard let group = groups[scope]?[name] else {
            throw ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
        }
        return group
    }

    func stream(_ name: String, of group: LogGroup) throws(ServiceError) -> LogStream {
        guard let stream = group.streams[name] else {
            throw ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
        }
        return stream
    }

    func addGroup(
        _ name: String, in scope: Scope, logGroupClass: String = "STANDARD", kmsKeyID: String? = nil,
        tags: [String: String] = [:], isDeletionProtected: Bool = false
    ) -> LogGroup {
        lastGroupID += 1
        let group = LogGroup(
            id: lastGroupID, scope: scope, name: name, creationTime: core.now, logGroupClass: logGroupClass,
            kmsKeyID: kmsKeyID, tags: tags, isDeletionProtected: isDeletionProtected, telemetry: core.telemetry)
        groups[scope, default: [:]][name] = group
        save(group)
        core.changes.mark(Self.topic)
        return group
    }

    func addStream(_ name: String, to group: LogGroup) -> LogStream {
        lastStreamID += 1
        let stream = LogStream(id: lastStreamID, name: name, creationTime: core.now, group: group)
        group.streams[name] = stream
        save(stream, of: group)
        core.changes.mark(group.arn)
        return stream
    }

    func remove(_ group: LogGroup) {
        groups[group.scope]?[group.name] = nil
        removeItems(of: group)
        events.deleteEvents(ofGroup: group.id)
        core.journal.record("DELETE FROM logs_streams WHERE log_group = ?", [.integer(group.id)])
        core.journal.record("DELETE FROM logs_filters WHERE log_group = ?", [.integer(group.id)])
        core.journal.record("DELETE FROM logs_groups WHERE id = ?", [.integer(group.id)])
        core.changes.mark(Self.topic)
        core.changes.mark(group.arn)
    }

    func remove(_ stream: LogStream, of group: LogGroup) {
        group.streams[stream.name] = nil
        group.storedBytes -= stream.storedBytes
        events.deleteEvents(ofStream: stream.id)
        core.journal.record("DELETE FROM logs_streams WHERE id = ?", [.integer(stream.id)])
        core.changes.mark(group.arn)
        core.changes.mark(stream.arn)
    }

    // MARK: Events

    /// Adds events in the order given. Limits and ages are the caller's to check.
    func append(_ added: [(time: Int64, message: String)], to stream: LogStream, of group: LogGroup) {
        guard !added.isEmpty else { return }
        let ingestionTime = core.now.epochMilliseconds
        let firstSequence = events.lastSequence + 1
        var bytes = 0
        for (time, message) in added {
            stream.lastSequence = events.append(
                message, time: time, ingestionTime: ingestionTime, group: group.id, stream: stream.id)
            bytes += message.utf8.count + LogEvent.overhead
            stream.firstEventTime = min(stream.firstEventTime ?? time, time)
            stream.lastEventTime = max(stream.lastEventTime ?? time, time)
        }
        stream.lastIngestionTime = ingestionTime
        stream.storedBytes += bytes
        group.storedBytes += bytes
        save(stream, of: group)
        core.telemetry.record(Double(added.count), in: group.incomingEvents)
        core.telemetry.record(Double(bytes), in: group.incomingBytes)
        if let metrics = core.service(CloudWatchService.self) {
            for (time, message) in added where EmbeddedMetrics.mayBe(message) {
                EmbeddedMetrics(message)?.record(in: metrics, scope: group.scope, ingestedAt: time)
            }
        }
        pass(on: added, stream, of: group, first: firstSequence)
        core.changes.mark(group.arn)
        core.changes.mark(stream.arn)
    }

    // MARK: Retention

    /// Once a day is often enough. AWS deletes up to 72 hours late; reads never show what is expired.
    func armExpiry() {
        guard expiryTimer == nil, groups.values.contains(where: { $0.values.contains { $0.retentionInDays != nil } })
        else { return }
        expiryTimer = core.schedule(
            at: core.now + .seconds(86_400), TimerLabel(kind: "LogRetention", resourceArn: "", isInternal: true)
        ) { [unowned self] in
            expiryTimer = nil
            deleteExpired()
            armExpiry()
        }
    }

    private func deleteExpired() {
        for group in groups.values.flatMap(\.values).sorted(by: { $0.id < $1.id }) where group.retentionInDays != nil {
            // A failing read leaves the rows to the next day's turn.
            guard let gone = try? events.deleteEvents(ofGroup: group.id, before: group.oldestKept(at: core.now)),
                !gone.isEmpty
            else { continue }
            for stream in group.streams.values {
                guard let bytes = gone[stream.id] else { continue }
                stream.storedBytes -= bytes
                group.storedBytes -= bytes
                save(stream, of: group)
            }
            core.changes.mark(group.arn)
        }
    }

    // MARK: Rows

    func save(_ group: LogGroup) {
        core.journal.record(
            "INSERT OR REPLACE INTO logs_groups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(group.id), .text(group.scope.accountID), .text(group.scope.region), .text(group.name),
                .instant(group.creationTime), .text(group.logGroupClass),
                group.retentionInDays.map { .integer($0) } ?? .null, .text(group.kmsKeyID),
                .text(JSONWriter.string(.entries(group.tags, DocumentValue.string))), .bool(group.isDeletionProtected),
            ])
    }

    func save(_ stream: LogStream, of group: LogGroup) {
        func optional(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
        core.journal.record(
            "INSERT OR REPLACE INTO logs_streams VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(stream.id), .integer(group.id), .text(stream.name), .instant(stream.creationTime),
                optional(stream.firstEventTime), optional(stream.lastEventTime), optional(stream.lastIngestionTime),
                .integer(stream.storedBytes), .integer(stream.lastSequence),
            ])
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        var byID: [Int64: LogGroup] = [:]
        try store.forEach(
            """
            SELECT id, account, region, name, created, class, retention, kms_key, tags, protected
            FROM logs_groups ORDER BY id
            """
        ) { row in
            let scope = Scope(accountID: row.text(1), region: row.text(2))
            let group = LogGroup(
                id: row.integer(0), scope: scope, name: row.text(3), creationTime: row.instant(4),
                logGroupClass: row.text(5), retentionInDays: row.isNull(6) ? nil : row.int(6),
                kmsKeyID: row.optionalText(7), tags: row.document(8).entries(\.string),
                isDeletionProtected: row.bool(9), telemetry: core.telemetry)
            groups[scope, default: [:]][group.name] = group
            byID[group.id] = group
            lastGroupID = max(lastGroupID, group.id)
        }
        try store.forEach(
            """
            SELECT id, log_group, name, created, first_event, last_event, last_ingestion, bytes, last_sequence
            FROM logs_streams ORDER BY id
            """
        ) { row in
            guard let group = byID[row.integer(1)] else { return }
            let stream = LogStream(id: row.integer(0), name: row.text(2), creationTime: row.instant(3), group: group)
            stream.firstEventTime = row.isNull(4) ? nil : row.integer(4)
            stream.lastEventTime = row.isNull(5) ? nil : row.integer(5)
            stream.lastIngestionTime = row.isNull(6) ? nil : row.integer(6)
            stream.storedBytes = row.int(7)
            stream.lastSequence = row.integer(8)
            group.streams[stream.name] = stream
            group.storedBytes += stream.storedBytes
            lastStreamID = max(lastStreamID, stream.id)
            events.restore(lastSequence: stream.lastSequence)
        }
        try restoreFilters(byID, from: store)
        try restoreItems(from: store)
        restoreTreatments()
    }

    public func resume() {
        armExpiry()
        resumeExports()
    }
}

extension LogsService: LogRecorder {
    public func append(_ messages: [(time: Instant, message: String)], group: String, stream: String, scope: Scope) {
        let group = find(group, in: scope) ?? addGroup(group, in: scope)
        let stream = group.streams[stream] ?? addStream(stream, to: group)
        append(messages.map { ($0.time.epochMilliseconds, Self.fitting($0.message)) }, to: stream, of: group)
    }

    /// AWS: an event has at most 1 MB; longer lines of a function are cut there.
    private static func fitting(_ message: String) -> String {
        let limit = 1_048_576 - LogEvent.overhead
        guard message.utf8.count > limit else { return message }
        var end = message.utf8.index(message.startIndex, offsetBy: limit)
        while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
        return String(message[..<end])
    }
}
