import AWSModel
import AWSTypes
import StatesLanguage

/// Step Functions: machines, and executions as values that the engine's turns move.
///
/// After a restart Waits, retries and timeouts are armed again for the times they had. A Lambda task that was out is
/// invoked again, since its answer died with the program: at least once, as an integration may retry on AWS too.
public final class StepFunctionsService: Service {
    public static let id = SFN.id
    public static let migrations = [
        Migration(
            "stepfunctions-1",
            """
            CREATE TABLE sfn_revisions (
                id INTEGER PRIMARY KEY, machine TEXT NOT NULL, source TEXT NOT NULL, role TEXT NOT NULL, revision TEXT,
                created INTEGER NOT NULL, type TEXT NOT NULL);
            CREATE TABLE sfn_machines (
                arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
                created INTEGER NOT NULL, updated INTEGER NOT NULL, revision INTEGER NOT NULL, settings TEXT NOT NULL,
                last_version INTEGER NOT NULL);
            CREATE TABLE sfn_executions (
                id INTEGER PRIMARY KEY, arn TEXT NOT NULL, machine TEXT NOT NULL, revision INTEGER NOT NULL, version TEXT,
                name TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER, input TEXT NOT NULL,
                output TEXT, error TEXT, cause TEXT, trace_header TEXT, last_event INTEGER NOT NULL, checkpoint TEXT);
            CREATE TABLE sfn_history (
                execution INTEGER NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL, time INTEGER NOT NULL,
                type TEXT NOT NULL, name TEXT, data TEXT, error TEXT, cause TEXT, more TEXT,
                PRIMARY KEY (execution, id)) WITHOUT ROWID;
            """),
        Migration(
            "stepfunctions-2",
            """
            CREATE TABLE sfn_activities (
                arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                created INTEGER NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
            ALTER TABLE sfn_executions ADD COLUMN alias TEXT;
            """),
        Migration(
            "stepfunctions-3",
            """
            ALTER TABLE sfn_executions ADD COLUMN redrives INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE sfn_executions ADD COLUMN redriven INTEGER;
            """),
        Migration("stepfunctions-4", "ALTER TABLE sfn_executions ADD COLUMN test_case TEXT;"),
        mapRunMigration,
        Migration("stepfunctions-5", "ALTER TABLE sfn_executions ADD COLUMN redrive_tokens TEXT;"),
        mockMigration,
    ]

    /// Where screens watch for new and deleted machines.
    static let topic = "states:stateMachines"

    unowned let core: EngineCore
    private(set) var machines: [String: StateMachineRecord] = [:]
    /// Sorted when they are asked for, until one comes or goes.
    var sortedMachines: [Scope: [StateMachineRecord]] = [:]
    var revisions: [Int64: MachineRevision] = [:]
    /// Standard executions by ARN, and Express ones while they run.
    var executions: [String: ExecutionRecord] = [:]
    var mapRuns: [String: MapRunRecord] = [:]
    /// Tasks that wait for SendTaskSuccess.
    var tokens: [String: WaitingTask] = [:]
    /// Finished executions whose history is still in memory, oldest first.
    var warm: [ExecutionRecord] = []
    var warmEvents = 0
    var lastID: Int64 = 0
    var activities: [String: ActivityRecord] = [:]

    public init(core: EngineCore) { self.core = core }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(SFN.createStateMachine, createStateMachine)
        table.on(SFN.updateStateMachine, updateStateMachine)
        table.on(SFN.describeStateMachine, describeStateMachine)
        table.on(SFN.listStateMachines, listStateMachines)
        table.on(SFN.deleteStateMachine, deleteStateMachine)
        table.on(SFN.publishStateMachineVersion, publishStateMachineVersion)
        table.on(SFN.listStateMachineVersions, listStateMachineVersions)
        table.on(SFN.deleteStateMachineVersion, deleteStateMachineVersion)
        table.on(SFN.validateStateMachineDefinition, validateStateMachineDefinition)
        table.on(SFN.startExecution, startExecution)
        table.onPending(SFN.startSyncExecution, startSyncExecution)
        table.on(SFN.stopExecution, stopExecution)
        table.on(SFN.redriveExecution, redriveExecution)
        table.on(SFN.describeExecution, describeExecution)
        table.on(SFN.listExecutions, listExecutions)
        table.on(SFN.describeMapRun, describeMapRun)
        table.on(SFN.listMapRuns, listMapRuns)
        table.on(SFN.updateMapRun, updateMapRun)
        table.on(SFN.getExecutionHistory, getExecutionHistory)
        table.on(SFN.describeStateMachineForExecution, describeStateMachineForExecution)
        table.on(SFN.sendTaskSuccess, sendTaskSuccess)
        table.on(SFN.sendTaskFailure, sendTaskFailure)
        table.on(SFN.sendTaskHeartbeat, sendTaskHeartbeat)
        table.onPending(SFN.testState, testState)
        table.on(SFN.createActivity, createActivity)
        table.on(SFN.describeActivity, describeActivity)
        table.on(SFN.deleteActivity, deleteActivity)
        table.on(SFN.listActivities, listActivities)
        table.onPending(SFN.getActivityTask, getActivityTask)
        table.on(SFN.createStateMachineAlias, createStateMachineAlias)
        table.on(SFN.updateStateMachineAlias, updateStateMachineAlias)
        table.on(SFN.describeStateMachineAlias, describeStateMachineAlias)
        table.on(SFN.listStateMachineAliases, listStateMachineAliases)
        table.on(SFN.deleteStateMachineAlias, deleteStateMachineAlias)
        table.on(SFN.tagResource, tagResource)
        table.on(SFN.untagResource, untagResource)
        table.on(SFN.listTagsForResource, listTagsForResource)
        return table
    }

    // MARK: Machines

    func add(_ machine: StateMachineRecord) {
        machines[machine.arn] = machine
        sortedMachines[machine.scope] = nil
    }

    func remove(_ machine: StateMachineRecord) {
        machines[machine.arn] = nil
        sortedMachines[machine.scope] = nil
    }

    /// By name, and without those that are being deleted.
    func machines(in scope: Scope) -> [StateMachineRecord] {
        if let known = sortedMachines[scope] { return known }
        let sorted = machines.values.filter { $0.scope == scope && !$0.isDeleting }.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        sortedMachines[scope] = sorted
        return sorted
    }

    /// What an ARN names: a machine, and the revision that runs.
    struct Target {
        var machine: StateMachineRecord
        var revision: MachineRevision
        var versionArn: String?
        var aliasArn: String?
        /// Whose mocks stand in for tasks.
        var testCase: String?
    }

    /// Resolves a machine's, a version's or an alias's ARN.
    func target(_ arn: String) throws(ServiceError) -> Target {
        guard let parsed = ARN(arn), parsed.service == "states", parsed.resource.hasPrefix("stateMachine:") else {
            throw .invalidStepFunctionsArn(arn)
        }
        if let machine = machines[arn], !machine.isDeleting {
            return Target(machine: machine, revision: machine.revision, versionArn: nil)
        }
        let parts = parsed.resource.split(separator: ":")
        if parts.count == 3 {
            let base = "\(arn.dropLast(parts[2].count + 1))"
            if let machine = machines[base], !machine.isDeleting,
                let alias = machine.aliases.first(where: { $0.name == parts[2] }),
                let target = route(alias, of: machine)
            {
                return target
            }
        }
        if parts.count == 3, let number = Int(parts[2]) {
            let base = "\(arn.dropLast(parts[2].count + 1))"
            if let machine = machines[base], !machine.isDeleting,
                let version = machine.versions.first(where: { $0.number == number }),
                let revision = revisions[version.revision]
            {
                return Target(machine: machine, revision: revision, versionArn: arn)
            }
        }
        throw .stateMachineDoesNotExist(arn)
    }

    /// A machine by its own ARN only.
    func machine(_ arn: String) throws(ServiceError) -> StateMachineRecord {
        let target = try target(arn)
        guard target.versionArn == nil else { throw .stateMachineDoesNotExist(arn) }
        return target.machine
    }

    /// A Standard execution.
    func execution(_ arn: String) throws(ServiceError) -> ExecutionRecord {
        guard let parsed = ARN(arn), parsed.service == "states" else { throw .invalidStepFunctionsArn(arn) }
        if parsed.resource.hasPrefix("express:") { throw .expressResource }
        guard parsed.resource.hasPrefix("execution:") else { throw .invalidStepFunctionsArn(arn) }
        guard let record = executions[arn] else { throw .executionDoesNotExist(arn) }
        return record
    }

    /// AWS: names hold no white space, brackets, wildcards, special or control characters.
    func checkName(_ name: String) throws(ServiceError) {
        let forbidden = Set("<>{}[]?*\"#%\\^|~`$&,;:/".unicodeScalars)
        let isFine = name.unicodeScalars.allSatisfy {
            !forbidden.contains($0) && !$0.properties.isWhitespace && $0.properties.generalCategory != .control
        }
        guard isFine, (1...80).contains(name.utf16.count) else { throw .invalidStepFunctionsName(name) }
    }

    func nextID() -> Int64 {
        lastID += 1
        return lastID
    }

    // MARK: Restart

    public func restore(from store: StoredRows) throws(StorageError) {
        try restoreActivities(from: store)
        try store.forEach("SELECT id, machine, source, role, revision, created, type FROM sfn_revisions") { row in
            let id = row.integer(0)
            lastID = max(lastID, id)
            revisions[id] = MachineRevision(
                id: id, machineArn: row.text(1), source: row.text(2), roleArn: row.text(3),
                revisionID: row.optionalText(4),
                created: row.instant(5), type: StateMachineType(rawValue: row.text(6)) ?? .standard)
        }
        try store.forEach(
            "SELECT arn, account, region, name, type, created, updated, revision, settings, last_version FROM sfn_machines"
        ) { row in
            guard let revision = revisions[row.integer(7)] else { return }
            let machine = StateMachineRecord(
                arn: row.text(0), name: row.text(3), scope: Scope(accountID: row.text(1), region: row.text(2)),
                type: StateMachineType(rawValue: row.text(4)) ?? .standard, created: row.instant(5), revision: revision,
                updated: row.instant(6), logging: SFN.LoggingConfiguration([:]), tracing: SFN.TracingConfiguration([:]))
            machine.settings = row.document(8)
            machine.lastVersion = row.int(9)
            machines[machine.arn] = machine
        }
        try restoreMocks(from: store)
        try store.forEach(
            "SELECT id, arn, machine, revision, version, name, status, started, stopped, error, cause, trace_header, last_event, CASE WHEN status = 'RUNNING' THEN checkpoint END, CASE WHEN status = 'RUNNING' THEN input END, alias, redrives, redriven, test_case, mocked_calls, redrive_tokens FROM sfn_executions ORDER BY id"
        ) { row in
            lastID = max(lastID, row.integer(0))
            guard let machine = machines[row.text(2)], let revision = revisions[row.integer(3)] else { return }
            let caller = Caller(scope: machine.scope, endpoint: core.configuration.endpoint)
            let record = ExecutionRecord(
                id: row.integer(0), arn: row.text(1), name: row.text(5), machine: machine, revision: revision,
                versionArn: row.optionalText(4), started: row.instant(7), caller: caller)
            record.status = ExecutionStatus(rawValue: row.text(6)) ?? .failed
            record.stopped = row.isNull(8) ? nil : row.instant(8)
            record.error = row.optionalText(9)
            record.cause = row.optionalText(10)
            record.traceHeader = row.optionalText(11)
            record.storedEvents = row.int(12)
            record.isStored = true
            record.input = row.optionalText(14)
            record.aliasArn = row.optionalText(15)
            record.redrives = row.int(16)
            record.testCase = row.optionalText(18)
            if !row.isNull(19) { record.mockedCallsDocument = row.document(19) }
            record.redriven = row.isNull(17) ? nil : row.instant(17)
            if !row.isNull(20) { record.redriveTokenDocument = row.document(20) }
            if record.status == .running { restore(record, row.document(13)) }
            executions[record.arn] = record
            if record.isStandard, record.mapLabel == nil { machine.executions.append(record) }
        }
        try restoreMapRuns(from: store)
    }

    private func restore(_ record: ExecutionRecord, _ checkpoint: DocumentObject) {
        guard let definition = record.revision.definition, let text = record.input,
            let input = try? Payload(parsing: text),
            let execution = try? Execution(
                restoring: checkpoint, definition: definition, identity: identity(of: record, input: input))
        else { return }
        record.execution = execution
        record.machine.running += 1
    }

    public func resume() {
        for record in executions.values.filter({ $0.status == .running }).sorted(by: { $0.id < $1.id }) {
            guard let execution = record.execution else {
                // Its definition is one that this program no longer reads.
                record.status = .failed
                record.error = "States.Runtime"
                record.cause = "The execution could not be resumed after a restart."
                record.stopped = core.now
                store(record)
                continue
            }
            record.origin = core.record(
                .transition, service: "states", action: "Resume", resource: record.arn, cause: nil)
            traceTasks(of: record)
            if !record.isStandard { armExpressLimit(record) }
            for timer in execution.pendingTimers { arm(timer, for: record) }
            for order in execution.outstandingTasks(random: &core.identifiers) {
                if let token = order.token { noteToken(token, record, order.id, since: nil) }
                if order.isSubmitted {
                    awaitEndAgain(order, record)
                    continue
                }
                start(order, for: record)
            }
            if execution.canResume { scheduleResume(record) }
        }
        resumeMapRuns()
    }
}
