import AWSModel
import AWSTypes

/// Every alarm and what happened to it, in memory; the journal has the same as rows.
final class AlarmStore {
    /// AWS keeps 30 days of history.
    private static let historyKept = Duration.seconds(30 * 86_400)
    private static let mostHistory = 2_000

    private var alarms: [Scope: [String: Alarm]] = [:]
    private(set) var history: [Scope: [String: [AlarmHistory]]] = [:]
    private var lastHistory: Int64 = 0

    static let migration = Migration(
        "cloudwatch-2",
        """
        CREATE TABLE cloudwatch_alarms (
            account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, composite INTEGER NOT NULL,
            definition TEXT NOT NULL, actions_enabled INTEGER NOT NULL, tags TEXT NOT NULL,
            configured INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, reason_data TEXT,
            updated INTEGER NOT NULL, transitioned INTEGER NOT NULL, suppressed_by TEXT, suppressed_reason TEXT,
            suppressed_until INTEGER, held TEXT, was_suppressing INTEGER NOT NULL,
            PRIMARY KEY (account, region, name)) WITHOUT ROWID;
        CREATE TABLE cloudwatch_alarm_history (
            id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
            type TEXT NOT NULL, time INTEGER NOT NULL, item_type TEXT NOT NULL, summary TEXT NOT NULL,
            data TEXT NOT NULL);
        """)

    var isEmpty: Bool { alarms.values.allSatisfy(\.isEmpty) }

    func find(_ name: String, in scope: Scope) -> Alarm? { alarms[scope]?[name] }

    /// By name or ARN.
    func find(named text: String, in scope: Scope) -> Alarm? {
        guard let arn = ARN(text) else { return find(text, in: scope) }
        return alarms[Scope(accountID: arn.accountID, region: arn.region)]?[arn.resourceName]
    }

    /// In the order of their names.
    func all(in scope: Scope) -> [Alarm] {
        (alarms[scope] ?? [:]).values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    func insert(_ alarm: Alarm) { alarms[alarm.scope, default: [:]][alarm.name] = alarm }

    /// Of all accounts and regions, in a fixed order.
    var everywhere: [Alarm] {
        alarms.values.flatMap(\.values).sorted { ($0.scope, $0.name) < ($1.scope, $1.name) }
    }

    private static func isHighResolution(_ alarm: Alarm) -> Bool {
        guard let plan = alarm.plan, let query = plan.queries.first(where: \.isReturned) else { return false }
        return plan.period(of: query) < 60
    }

    var hasHighResolution: Bool { alarms.values.contains { $0.values.contains(where: Self.isHighResolution) } }

    /// Those to judge: all at a full minute, else those with a period below one.
    func dueAlarms(isMinute: Bool) -> [Alarm] {
        everywhere.filter { !$0.isComposite && (isMinute || Self.isHighResolution($0)) }
    }

    // MARK: Rows

    func save(_ alarm: Alarm, in journal: Journal) {
        let definition: DocumentObject =
            switch alarm.definition {
            case .metric(let put): put.document
            case .composite(let put, _): put.document
            }
        let state = alarm.state
        journal.record(
            "INSERT OR REPLACE INTO cloudwatch_alarms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(alarm.scope.accountID), .text(alarm.scope.region), .text(alarm.name), .bool(alarm.isComposite),
                .document(definition), .bool(alarm.isActionsEnabled),
                .text(JSONWriter.string(.entries(alarm.tags, DocumentValue.string))), .instant(alarm.configured),
                .text(state.value), .text(state.reason), .text(state.reasonData), .instant(state.updated),
                .instant(state.transitioned), .text(alarm.suppression?.by), .text(alarm.suppression?.reason),
                alarm.suppression?.until.map { .instant($0) } ?? .null, .text(alarm.heldActions),
                .bool(alarm.wasSuppressing),
            ])
    }

    func remove(_ alarm: Alarm, in journal: Journal) {
        alarms[alarm.scope]?[alarm.name] = nil
        journal.record(
            "DELETE FROM cloudwatch_alarms WHERE account = ? AND region = ? AND name = ?",
            [.text(alarm.scope.accountID), .text(alarm.scope.region), .text(alarm.name)])
    }

    func record(_ entry: AlarmHistory, in journal: Journal) {
        lastHistory += 1
        var entry = entry
        entry.id = lastHistory
        var entries = history[entry.scope]?[entry.alarmName] ?? []
        entries.append(entry)
        let oldest = entry.time - Self.historyKept
        while let first = entries.first, first.time < oldest || entries.count > Self.mostHistory {
            journal.record("DELETE FROM cloudwatch_alarm_history WHERE id = ?", [.integer(first.id)])
            entries.removeFirst()
        }
        history[entry.scope, default: [:]][entry.alarmName] = entries
        journal.record(
            "INSERT INTO cloudwatch_alarm_history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(entry.id), .text(entry.scope.accountID), .text(entry.scope.region), .text(entry.alarmName),
                .text(entry.alarmType), .instant(entry.time), .text(entry.type), .text(entry.summary),
                .text(entry.data),
            ])
    }

    func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach(
            """
            SELECT account, region, name, composite, definition, actions_enabled, tags, configured, state, reason,
                reason_data, updated, transitioned, suppressed_by, suppressed_reason, suppressed_until, held,
                was_suppressing
            FROM cloudwatch_alarms
            """
        ) { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            let definition: Alarm.Definition
            if row.bool(3) {
                let put = CloudWatch.PutCompositeAlarmInput(row.document(4))
                definition = .composite(put, rule: (try? AlarmRule(put.alarmRule)) ?? .constant(false))
            } else {
                definition = .metric(CloudWatch.PutMetricAlarmInput(row.document(4)))
            }
            let alarm = Alarm(
                scope: scope, name: row.text(2), definition: definition, isActionsEnabled: row.bool(5),
                tags: row.document(6).entries(\.string), configured: row.instant(7),
                state: Alarm.State(
                    value: row.text(8), reason: row.text(9), reasonData: row.optionalText(10),
                    updated: row.instant(11), transitioned: row.instant(12)))
            if let by = row.optionalText(13) {
                alarm.suppression = Alarm.Suppression(
                    by: by, reason: row.text(14), until: row.isNull(15) ? nil : row.instant(15))
            }
            alarm.heldActions = row.optionalText(16)
            alarm.wasSuppressing = row.bool(17)
            if case .metric(let put) = definition { alarm.plan = try? put.plan(scope: scope) }
            insert(alarm)
        }
        try store.forEach(
            """
            SELECT id, account, region, name, type, time, item_type, summary, data FROM cloudwatch_alarm_history
            ORDER BY id
            """
        ) { row in
            let entry = AlarmHistory(
                id: row.integer(0), scope: Scope(accountID: row.text(1), region: row.text(2)), alarmName: row.text(3),
                alarmType: row.text(4), time: row.instant(5), type: row.text(6), summary: row.text(7),
                data: row.text(8))
            history[entry.scope, default: [:]][entry.alarmName, default: []].append(entry)
            lastHistory = max(lastHistory, entry.id)
        }
    }
}
