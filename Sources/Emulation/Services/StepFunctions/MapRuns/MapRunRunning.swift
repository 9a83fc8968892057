import AWSModel
import StatesLanguage

/// Runs distributed Maps: items become children, children run as executions of their own, their ends are counted.
extension StepFunctionsService {
    /// Items prepared, and children started, in one turn, so that a big Map does not hold up everybody.
    private static let itemsPerTurn = 500
    private static let childrenPerTurn = 100
    private static let mapSliceDelay = Duration.milliseconds(1)

    func start(_ order: MapRunOrder, for record: ExecutionRecord) {
        if let arn = order.redriven, let run = mapRuns[arn] { return redrive(run, order, for: record) }
        let label = order.label ?? core.identifiers.uuid()
        let arn = record.machine.scope.arn(
            "states", "mapRun:\(record.machine.name)/\(label):\(core.identifiers.uuid())")
        let run = MapRunRecord(arn: arn, label: label, order: order, parentArn: record.arn, started: core.now)
        mapRuns[arn] = run
        record.mapRuns.append(run)
        store(run)
        _ = core.record(
            .transition, service: "states", action: "MapRunStarted", resource: arn, cause: record.origin,
            detail: order.stateName)
        core.later { [unowned self] in
            apply(.mapRunStarted(order.id, arn: arn), to: record)
            if run.status == .running { read(run, for: record) }
        }
    }

    /// AWS: a redriven run keeps its name and what succeeded.
    private func redrive(_ run: MapRunRecord, _ order: MapRunOrder, for record: ExecutionRecord) {
        run.order = order
        run.status = .running
        run.stopped = nil
        run.redriveCount += 1
        run.redriven = core.now
        run.nextChild = 0
        for place in run.children.indices where run.children[place].status != .succeeded {
            run.set(.pending, ofChild: place)
            run.children[place].output = nil
            run.children[place].error = nil
            run.children[place].cause = nil
            run.children[place].stopped = nil
            // AWS: Standard children go on under their own names; Express ones, and what cannot go on, start anew.
            if let arn = run.children[place].arn, let child = executions[arn], redriveRefusal(child) == nil {
                run.pendingRedrives.insert(arn)
            } else {
                run.children[place].arn = nil
            }
            storeChild(place, of: run)
        }
        store(run)
        core.later { [unowned self] in
            apply(.mapRunStarted(run.order.id, arn: run.arn), to: record)
            if run.isPrepared { pump(run) } else { read(run, for: record) }
        }
    }

    // MARK: Items

    /// The items are known: each, or each batch, becomes a child's input.
    func prepare(_ run: MapRunRecord, _ items: [DocumentValue]) {
        guard run.status == .running, !run.isPrepared else { return }
        run.unprepared = items
        prepareSlice(run, from: 0, ItemBatch(run.order.itemBatcher))
    }

    private func prepareSlice(_ run: MapRunRecord, from start: Int, _ batch: ItemBatch?) {
        guard run.status == .running, let record = executions[run.parentArn], let execution = record.execution else {
            return
        }
        var batch = batch
        let end = min(start + Self.itemsPerTurn, run.unprepared.count)
        for index in start..<end {
            let payload: Payload
            do throws(StateFailure) {
                payload = try execution.itemInput(
                    ofMapRun: run.order.id, index: index, value: run.unprepared[index], random: &core.identifiers)
            } catch {
                return fail(run, error.error ?? "States.Runtime", error.cause ?? "")
            }
            if batch == nil {
                addChild(payload.text, 1, to: run)
            } else if let full = batch?.add(payload) {
                addChild(full.text, full.count, to: run)
            }
        }
        if end < run.unprepared.count {
            later(run) { [unowned self] in prepareSlice(run, from: end, batch) }
            return
        }
        if let rest = batch?.rest { addChild(rest.text, rest.count, to: run) }
        run.unprepared = []
        run.isPrepared = true
        store(run)
        pump(run)
    }

    private func addChild(_ input: String, _ items: Int, to run: MapRunRecord) {
        run.append(MapRunChild(input: input, items: items))
        storeChild(run.children.count - 1, of: run)
    }

    private func later(_ run: MapRunRecord, _ body: @escaping () -> Void) {
        core.schedule(
            at: core.now + Self.mapSliceDelay, TimerLabel(kind: "MapRunSlice", resourceArn: run.arn, isInternal: true),
            body)
    }

    // MARK: Children

    /// Starts as many children as may run, a slice at a time, and ends the run when all have ended.
    func pump(_ run: MapRunRecord) {
        guard run.status == .running, run.isPrepared, !run.isEnding, let parent = executions[run.parentArn],
            parent.execution != nil, !checkTolerance(of: run)
        else { return }
        var budget = Self.childrenPerTurn
        while run.nextChild < run.children.count, run.counts[.running] < run.limit {
            guard budget > 0 else {
                later(run) { [unowned self] in pump(run) }
                return
            }
            if run.children[run.nextChild].status == .pending {
                startChild(run.nextChild, of: run, parent)
                budget -= 1
            }
            run.nextChild += 1
        }
        core.changes.mark(run.arn)
        if run.counts.hasEnded == run.counts.total { complete(run, parent) }
    }

    private func startChild(_ place: Int, of run: MapRunRecord, _ parent: ExecutionRecord) {
        guard let definition = parent.revision.definition, let input = try? Payload(parsing: run.children[place].input)
        else { return }
        if let arn = run.children[place].arn, run.pendingRedrives.remove(arn) != nil, let child = executions[arn],
            (try? goOn(child, cause: parent.origin)) != nil
        {
            run.set(.running, ofChild: place)
            storeChild(place, of: run)
            return follow(child, place, of: run)
        }
        let isStandard = run.order.executionType == .standard
        let name = core.identifiers.uuid()
        let path = "\(parent.machine.name)/\(run.label):\(name)"
        let arn = parent.machine.scope.arn(
            "states", isStandard ? "execution:\(path)" : "express:\(path):\(core.identifiers.uuid())")
        let record = ExecutionRecord(
            id: nextID(), arn: arn, name: name, machine: parent.machine, revision: parent.revision, versionArn: nil,
            started: core.now, caller: parent.caller)
        record.input = input.text
        record.mapRun = run
        record.testCase = parent.testCase
        record.origin = parent.origin
        record.execution = Execution(
            definition: definition, workflow: run.order.workflow, identity: identity(of: record, input: input))
        executions[arn] = record
        parent.machine.running += 1
        run.set(.running, ofChild: place)
        run.children[place].arn = arn
        run.children[place].started = core.now
        storeChild(place, of: run)
        follow(record, place, of: run)
        if isStandard { store(record, checkpoint: record.execution?.checkpoint) } else { armExpressLimit(record) }
        emitStatus(of: record)
        core.later { [unowned self] in apply(.start, to: record) }
    }

    private func follow(_ record: ExecutionRecord, _ place: Int, of run: MapRunRecord) {
        record.itemCount = run.children[place].items
        record.onEnd.append { [unowned self] ended in childEnded(ended, place, of: run) }
    }

    private func childEnded(_ record: ExecutionRecord, _ place: Int, of run: MapRunRecord) {
        guard run.children.indices.contains(place), run.children[place].status == .running else { return }
        run.set(MapRunChild.Status(rawValue: record.status.rawValue) ?? .failed, ofChild: place)
        run.children[place].output = record.output
        run.children[place].error = record.error
        run.children[place].cause = record.cause
        run.children[place].stopped = record.stopped
        if isTooLongToRedrive(record) { run.hasLongChildren = true }
        storeChild(place, of: run)
        pump(run)
    }

    /// Ends a run with too many failures. True where it did.
    @discardableResult
    func checkTolerance(of run: MapRunRecord) -> Bool {
        guard run.status == .running, !run.isEnding, run.isBeyondTolerance else { return false }
        stopChildren(of: run)
        let error = "States.ExceedToleratedFailureThreshold"
        let cause = "The specified tolerated failure threshold was exceeded"
        guard writesResults(run), let parent = executions[run.parentArn] else {
            fail(run, error, cause)
            return true
        }
        // AWS: what there is of results is written all the same.
        run.isEnding = true
        writeResults(of: run, for: parent) { [unowned self] _ in fail(run, error, cause) }
        return true
    }

    private func stopChildren(of run: MapRunRecord) {
        for child in run.children where child.status == .running {
            guard let record = child.arn.flatMap({ executions[$0] }) else { continue }
            core.later { [unowned self] in apply(.stop(error: nil, cause: nil), to: record) }
        }
    }

    // MARK: The end

    private func complete(_ run: MapRunRecord, _ parent: ExecutionRecord) {
        guard writesResults(run) else {
            // AWS: counted as written too where the results stay in the state.
            run.resultsWritten = run.counts.hasEnded
            return succeed(run, inlineResult(of: run))
        }
        run.isEnding = true
        writeResults(of: run, for: parent) { [unowned self] result in
            switch result {
            case .success(let payload): succeed(run, payload)
            case .failure(let error): fail(run, "States.ResultWriterFailed", error.message)
            }
        }
    }

    private func succeed(_ run: MapRunRecord, _ result: Payload) {
        guard run.status == .running, let parent = executions[run.parentArn] else { return }
        end(run, .succeeded)
        apply(.mapRunSucceeded(run.order.id, result), to: parent)
    }

    func fail(_ run: MapRunRecord, _ error: String, _ cause: String) {
        guard run.status == .running, let parent = executions[run.parentArn] else { return }
        end(run, .failed)
        apply(.mapRunFailed(run.order.id, error: error, cause: cause), to: parent)
    }

    /// Nobody waits for the run any more.
    func abandonMapRun(_ id: Int, of record: ExecutionRecord) {
        for run in record.mapRuns where run.order.id == id && run.status == .running {
            end(run, .aborted)
            stopChildren(of: run)
        }
    }

    private func end(_ run: MapRunRecord, _ status: MapRunRecord.Status) {
        run.status = status
        run.isEnding = false
        run.stopped = core.now
        run.unprepared = []
        store(run)
        core.changes.mark(run.arn)
        core.changes.mark(run.parentArn)
    }

    // MARK: Restart

    /// Goes on where the program was stopped: children that were running run on, the others are counted or started.
    func resumeMapRuns() {
        for run in mapRuns.values.sorted(by: { ($0.started, $0.arn) < ($1.started, $1.arn) }) {
            for place in run.children.indices where run.children[place].status == .running {
                guard let arn = run.children[place].arn, let record = executions[arn] else {
                    // An Express child is in no row: it runs again.
                    run.set(.pending, ofChild: place)
                    continue
                }
                follow(record, place, of: run)
                if record.status != .running { core.later { [unowned self] in childEnded(record, place, of: run) } }
            }
            guard run.status == .running, let parent = executions[run.parentArn] else { continue }
            core.later { [unowned self] in
                if run.isPrepared { return pump(run) }
                removeChildren(of: run)
                read(run, for: parent)
            }
        }
    }
}
