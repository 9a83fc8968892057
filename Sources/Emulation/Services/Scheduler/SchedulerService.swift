import AWSModel
import AWSTypes

/// Amazon EventBridge Scheduler.
public final class SchedulerService: Service {
    public static let id = Scheduler.id
    public static let migrations = [
        Migration(
            "scheduler-1",
            """
            CREATE TABLE scheduler_groups (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (account, region, name)) WITHOUT ROWID;
            CREATE TABLE scheduler_schedules (
                account TEXT NOT NULL, region TEXT NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
                document TEXT NOT NULL, PRIMARY KEY (account, region, parent, name)) WITHOUT ROWID;
            CREATE TABLE scheduler_runs (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, parent TEXT NOT NULL,
                name TEXT NOT NULL, scheduled INTEGER NOT NULL, accepted INTEGER NOT NULL, attempts INTEGER NOT NULL,
                due INTEGER NOT NULL, target TEXT NOT NULL) WITHOUT ROWID;
            """)
    ]

    unowned let core: EngineCore
    var groups: [Scope: [String: ScheduleGroup]] = [:]
    var waiting: [String: ScheduleRun] = [:]
    var handles: [String: MetricHandle?] = [:]

    public init(core: EngineCore) { self.core = core }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(Scheduler.createSchedule, createSchedule)
        table.on(Scheduler.updateSchedule, updateSchedule)
        table.on(Scheduler.getSchedule, getSchedule)
        table.on(Scheduler.deleteSchedule, deleteSchedule)
        table.on(Scheduler.listSchedules, listSchedules)
        table.on(Scheduler.createScheduleGroup, createScheduleGroup)
        table.on(Scheduler.getScheduleGroup, getScheduleGroup)
        table.on(Scheduler.deleteScheduleGroup, deleteScheduleGroup)
        table.on(Scheduler.listScheduleGroups, listScheduleGroups)
        table.on(Scheduler.tagResource, tagResource)
        table.on(Scheduler.untagResource, untagResource)
        table.on(Scheduler.listTagsForResource, listTagsForResource)
        return table
    }

    /// AWS: the group `default` is always there.
    func openDefaultGroup(in scope: Scope) {
        guard groups[scope]?["default"] == nil else { return }
        let group = ScheduleGroup(scope: scope, name: "default", created: core.now, modified: core.now)
        groups[scope, default: [:]]["default"] = group
        save(group)
    }

    func group(_ name: String?, _ scope: Scope) throws(ServiceError) -> ScheduleGroup {
        openDefaultGroup(in: scope)
        guard let group = groups[scope]?[name ?? "default"] else {
            throw .schedulerNotFound("Schedule group \(name ?? "default") does not exist.")
        }
        return group
    }

    func schedule(_ name: String, _ group: String?, _ call: Call) throws(ServiceError) -> Schedule {
        let found = try self.group(group, call.scope)
        guard let schedule = found.schedules[name] else {
            throw .schedulerNotFound("Schedule \(name) does not exist.")
        }
        core.attribute(call, to: schedule.arn)
        return schedule
    }

    // MARK: Rows

    func save(_ group: ScheduleGroup) {
        core.journal.record(
            "INSERT OR REPLACE INTO scheduler_groups VALUES (?, ?, ?, ?)",
            [
                .text(group.scope.accountID), .text(group.scope.region), .text(group.name), .document(group.document),
            ])
        core.changes.mark("scheduler:schedules")
    }

    func save(_ schedule: Schedule) {
        core.journal.record(
            "INSERT OR REPLACE INTO scheduler_schedules VALUES (?, ?, ?, ?, ?)",
            [
                .text(schedule.scope.accountID), .text(schedule.scope.region), .text(schedule.group),
                .text(schedule.name), .document(schedule.document),
            ])
        core.changes.mark(schedule.arn)
        core.changes.mark("scheduler:schedules")
    }

    func forget(_ schedule: Schedule) {
        core.cancel(schedule.timer)
        schedule.timer = nil
        groups[schedule.scope]?[schedule.group]?.schedules[schedule.name] = nil
        core.journal.record(
            "DELETE FROM scheduler_schedules WHERE account = ? AND region = ? AND parent = ? AND name = ?",
            [
                .text(schedule.scope.accountID), .text(schedule.scope.region), .text(schedule.group),
                .text(schedule.name),
            ])
        core.changes.mark(schedule.arn)
        core.changes.mark("scheduler:schedules")
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, region, name, document FROM scheduler_groups") { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            let document = row.document(3)
            let created = Instant(microseconds: document["created"]?.integer ?? 0)
            groups[scope, default: [:]][row.text(2)] = ScheduleGroup(
                scope: scope, name: row.text(2), created: created,
                modified: Instant(microseconds: document["modified"]?.integer ?? 0),
                tags: document.stringMap("tags") ?? [:], clientToken: document.string("token"))
        }
        try store.forEach("SELECT account, region, parent, name, document FROM scheduler_schedules") { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            guard
                let schedule = Schedule(
                    scope: scope, group: row.text(2), name: row.text(3), document: row.document(4))
            else { return }
            groups[scope]?[schedule.group]?.schedules[schedule.name] = schedule
        }
        try restoreRuns(from: store)
    }

    public func resume() {
        for schedule in groups.values.flatMap(\.values).flatMap(\.schedules.values) { arm(schedule) }
        for run in waiting.values { arm(run) }
    }
}

extension ServiceError {
    static func schedulerNotFound(_ message: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", message, status: 404)
    }
    static func schedulerConflict(_ message: String) -> ServiceError {
        ServiceError("ConflictException", message, status: 409)
    }
}
