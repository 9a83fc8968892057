import AWSModel
import AWSTypes

/// Amazon EventBridge Pipes: from a source through a filter and an enrichment to a target.
public final class PipesService: Service {
    public static let id = Pipes.id
    public static let migrations = [
        Migration(
            "pipes-1",
            """
            CREATE TABLE pipes (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (account, region, name)) WITHOUT ROWID;
            """)
    ]

    unowned let core: EngineCore
    var pipes: [Scope: [String: EventPipe]] = [:]
    var handles: [String: MetricHandle?] = [:]

    public init(core: EngineCore) { self.core = core }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(Pipes.createPipe, createPipe)
        table.on(Pipes.updatePipe, updatePipe)
        table.on(Pipes.describePipe, describePipe)
        table.on(Pipes.deletePipe, deletePipe)
        table.on(Pipes.listPipes, listPipes)
        table.on(Pipes.startPipe, startPipe)
        table.on(Pipes.stopPipe, stopPipe)
        table.on(Pipes.tagResource, tagResource)
        table.on(Pipes.untagResource, untagResource)
        table.on(Pipes.listTagsForResource, listTagsForResource)
        return table
    }

    func pipe(_ name: String, _ call: Call) throws(ServiceError) -> EventPipe {
        guard let pipe = pipes[call.scope]?[name] else {
            throw ServiceError("NotFoundException", "Pipe \(name) does not exist.", status: 404)
        }
        core.attribute(call, to: pipe.arn)
        return pipe
    }

    // MARK: States

    /// Settles what was begun, a moment later: pipes change their state in the background.
    func settleLater(_ pipe: EventPipe) {
        core.cancel(pipe.timer)
        let label = TimerLabel(kind: "PipeState", resourceArn: pipe.arn)
        pipe.timer = core.schedule(at: core.now + .seconds(1), label) { [weak self] in
            pipe.timer = nil
            self?.settle(pipe)
        }
    }

    private func settle(_ pipe: EventPipe) {
        guard pipe.currentState != "DELETING" else { return forget(pipe) }
        let before = pipe.currentState
        pipe.currentState = pipe.desiredState
        save(pipe)
        guard pipe.currentState == "RUNNING", !start(pipe) else { return }
        // AWS: what was begun is what failed.
        pipe.currentState =
            ["CREATING": "CREATE_FAILED", "UPDATING": "UPDATE_FAILED"][before] ?? "START_FAILED"
        pipe.stateReason = "The source \(pipe.sourceArn) does not exist."
        save(pipe)
    }

    /// False where there is no source to read from.
    @discardableResult
    func start(_ pipe: EventPipe) -> Bool {
        guard pipe.source == nil else { return true }
        let source = PipeSource(pipe: pipe, pipes: self)
        guard let queues = core.service(SQSService.self),
            let registration = queues.addConsumer(source, to: pipe.sourceArn)
        else {
            return false
        }
        source.registration = registration
        pipe.stateReason = nil
        pipe.source = source
        return true
    }

    func stop(_ pipe: EventPipe) {
        if let registration = pipe.source?.registration {
            core.service(SQSService.self)?.removeConsumer(registration)
        }
        pipe.source?.stop()
        pipe.source = nil
    }

    private func forget(_ pipe: EventPipe) {
        pipes[pipe.scope]?[pipe.name] = nil
        core.journal.record(
            "DELETE FROM pipes WHERE account = ? AND region = ? AND name = ?",
            [.text(pipe.scope.accountID), .text(pipe.scope.region), .text(pipe.name)])
        changed(pipe)
    }

    // MARK: Rows

    func save(_ pipe: EventPipe) {
        core.journal.record(
            "INSERT OR REPLACE INTO pipes VALUES (?, ?, ?, ?)",
            [.text(pipe.scope.accountID), .text(pipe.scope.region), .text(pipe.name), .document(pipe.document)])
        changed(pipe)
    }

    func changed(_ pipe: EventPipe) {
        core.changes.mark(pipe.arn)
        core.changes.mark("pipes:pipes")
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, region, name, document FROM pipes") { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            pipes[scope, default: [:]][row.text(2)] = EventPipe(
                scope: scope, name: row.text(2), document: row.document(3))
        }
    }

    public func resume() {
        for pipe in pipes.values.flatMap(\.values) {
            switch pipe.currentState {
            case "RUNNING": start(pipe)
            case "STOPPED": break
            default: settleLater(pipe)
            }
        }
    }

    func count(_ name: String, _ pipe: EventPipe, _ value: Double = 1) {
        let key = "\(pipe.arn)/\(name)"
        if handles[key] == nil {
            handles[key] = core.telemetry.handle(
                for: MetricSeries(
                    scope: pipe.scope, namespace: "AWS/EventBridge/Pipes", name: name,
                    dimensions: [MetricSeries.Dimension("PipeName", pipe.name)]))
        }
        core.telemetry.record(value, in: handles[key] ?? nil)
    }
}
