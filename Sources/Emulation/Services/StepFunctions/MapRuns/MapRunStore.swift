import AWSModel
import StatesLanguage

/// Rows of Map Runs and their children.
extension StepFunctionsService {
    static let mapRunMigration = Migration(
        "stepfunctions-map-runs-1",
        """
        CREATE TABLE sfn_map_runs (
            arn TEXT PRIMARY KEY, parent TEXT NOT NULL, started INTEGER NOT NULL, document TEXT NOT NULL);
        CREATE TABLE sfn_map_children (
            run TEXT NOT NULL, place INTEGER NOT NULL, input TEXT NOT NULL, items INTEGER NOT NULL, status TEXT NOT NULL,
            arn TEXT, output TEXT, error TEXT, cause TEXT, started INTEGER, stopped INTEGER,
            PRIMARY KEY (run, place)) WITHOUT ROWID;
        """)

    func store(_ run: MapRunRecord) {
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_map_runs VALUES (?, ?, ?, ?)",
            [.text(run.arn), .text(run.parentArn), .instant(run.started), .document(run.document)])
    }

    func storeChild(_ place: Int, of run: MapRunRecord) {
        let child = run.children[place]
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_map_children VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(run.arn), .integer(place), .text(child.input), .integer(child.items),
                .text(child.status.rawValue),
                .text(child.arn), .text(child.output), .text(child.error), .text(child.cause),
                child.started.map { .instant($0) } ?? .null, child.stopped.map { .instant($0) } ?? .null,
            ])
    }

    func removeChildren(of run: MapRunRecord) {
        core.journal.record("DELETE FROM sfn_map_children WHERE run = ?", [.text(run.arn)])
        run.forgetChildren()
    }

    /// Takes the runs of a deleted machine out of the world.
    func forgetMapRuns(of machine: StateMachineRecord) {
        for run in mapRuns.values where executions[run.parentArn].map({ $0.machine === machine }) ?? false {
            for case let arn? in run.children.map(\.arn) {
                guard let record = executions.removeValue(forKey: arn) else { continue }
                core.journal.record("DELETE FROM sfn_history WHERE execution = ?", [.integer(record.id)])
                removeRow(of: record)
            }
            removeChildren(of: run)
            core.journal.record("DELETE FROM sfn_map_runs WHERE arn = ?", [.text(run.arn)])
            mapRuns[run.arn] = nil
        }
    }

    func restoreMapRuns(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT arn, parent, started, document FROM sfn_map_runs ORDER BY started") { row in
            guard
                let run = MapRunRecord(
                    arn: row.text(0), parentArn: row.text(1), started: row.instant(2), document: row.document(3))
            else { return }
            mapRuns[run.arn] = run
            executions[run.parentArn]?.mapRuns.append(run)
        }
        guard !mapRuns.isEmpty else { return }
        try store.forEach(
            "SELECT run, input, items, status, arn, output, error, cause, started, stopped FROM sfn_map_children ORDER BY run, place"
        ) { row in
            guard let run = mapRuns[row.text(0)] else { return }
            var child = MapRunChild(input: row.text(1), items: row.int(2))
            child.status = MapRunChild.Status(rawValue: row.text(3)) ?? .pending
            child.arn = row.optionalText(4)
            child.output = row.optionalText(5)
            child.error = row.optionalText(6)
            child.cause = row.optionalText(7)
            child.started = row.isNull(8) ? nil : row.instant(8)
            child.stopped = row.isNull(9) ? nil : row.instant(9)
            run.append(child)
            guard let arn = child.arn, let record = executions[arn] else { return }
            record.mapRun = run
            record.itemCount = child.items
            if isTooLongToRedrive(record) { run.hasLongChildren = true }
            if child.status == .pending { run.pendingRedrives.insert(arn) }
        }
    }
}

extension MapRunRecord {
    fileprivate var document: DocumentObject {
        var document: DocumentObject = [
            "label": .string(label), "status": .string(status.rawValue), "id": .integer(Int64(order.id)),
            "state": .string(order.stateName), "workflow": .integer(Int64(order.workflow)),
            "type": .string(order.executionType.rawValue), "concurrency": .integer(Int64(maxConcurrency)),
            "count": .integer(Int64(toleratedFailureCount)), "percentage": .number(toleratedFailurePercentage),
            "redrives": .integer(Int64(redriveCount)), "written": .integer(Int64(resultsWritten)),
            "prepared": .bool(isPrepared),
        ]
        if !isPrepared, let items = order.items { document["items"] = .list(items) }
        if let value = order.itemReader { document["reader"] = .object(value) }
        if let value = order.itemBatcher { document["batcher"] = .object(value) }
        if let value = order.resultWriter { document["writer"] = .object(value) }
        if let stopped { document["stopped"] = .integer(stopped.microseconds) }
        if let redriven { document["redriven"] = .integer(redriven.microseconds) }
        return document
    }

    fileprivate convenience init?(arn: String, parentArn: String, started: Instant, document: DocumentObject) {
        guard let id = document.integer("id"), let workflow = document.integer("workflow"),
            let type = document.string("type").flatMap(StateMachineType.init(rawValue:)),
            let status = document.string("status").flatMap(Status.init(rawValue:))
        else { return nil }
        let order = MapRunOrder(
            id: id, stateName: document.string("state") ?? "", workflow: workflow, executionType: type,
            label: document.string("label"), items: document.list("items"), itemReader: document.object("reader"),
            itemBatcher: document.object("batcher"), resultWriter: document.object("writer"),
            maxConcurrency: document.integer("concurrency") ?? 0, toleratedFailureCount: document.integer("count") ?? 0,
            toleratedFailurePercentage: document.double("percentage") ?? 0)
        self.init(
            arn: arn, label: document.string("label") ?? "", order: order, parentArn: parentArn, started: started)
        self.status = status
        redriveCount = document.integer("redrives") ?? 0
        resultsWritten = document.integer("written") ?? 0
        isPrepared = document.bool("prepared") ?? false
        stopped = document["stopped"]?.integer.map(Instant.init(microseconds:))
        redriven = document["redriven"]?.integer.map(Instant.init(microseconds:))
    }
}
