import AWSModel
import AWSTypes
import StatesLanguage

/// Moves executions and carries out what they ask for.
extension StepFunctionsService {
    /// States that one execution may pass through in a turn, so that a long loop does not hold up everybody.
    private static let stepsPerTurn = 2_000
    /// Engine time between the slices of a long run, so that a loop without waits lets time pass.
    private static let sliceDelay = Duration.milliseconds(1)
    /// AWS: an Express execution ends after five minutes.
    private static let expressLimit = Duration.seconds(300)
    /// Events of finished executions that stay in memory.
    private static let warmEventLimit = 100_000

    func identity(of record: ExecutionRecord, input: Payload) -> ExecutionIdentity {
        ExecutionIdentity(
            arn: record.arn, name: record.name, stateMachineArn: record.machineArn,
            stateMachineName: record.machine.name,
            roleArn: record.revision.roleArn, region: record.machine.scope.region, startTime: record.started,
            input: input,
            type: record.isStandard ? .standard : .express, redriveCount: record.redrives,
            redriveTime: record.redriven)
    }

    /// Begins a new execution. Its first states run later in this turn.
    func begin(
        _ target: Target, name: String, arn: String, input: Payload, call: Call, traceHeader: String?
    ) throws(ServiceError) -> ExecutionRecord {
        guard let definition = target.revision.definition else {
            throw .internalFailure("The stored definition of \(target.machine.arn) cannot be read.")
        }
        let record = ExecutionRecord(
            id: nextID(), arn: arn, name: name, machine: target.machine, revision: target.revision,
            versionArn: target.versionArn, started: core.now, caller: call.caller)
        record.input = input.text
        record.aliasArn = target.aliasArn
        record.testCase = target.testCase
        record.traceHeader = traceHeader
        record.execution = Execution(definition: definition, identity: identity(of: record, input: input))
        record.origin = core.record(
            .transition, service: "states", action: "ExecutionStarted", resource: arn, cause: call.cause,
            detail: target.machine.name)
        if let begin = record.origin?.entry {
            core.timeline.attach(begin, input: .bytes(Array(input.text.utf8)))
        }
        traceTasks(of: record)
        executions[arn] = record
        emitStatus(of: record)
        if record.isStandard { target.machine.executions.append(record) }
        target.machine.running += 1
        count("ExecutionsStarted", of: target.machine)
        if !record.isStandard { armExpressLimit(record) }
        core.later { [unowned self] in apply(.start, to: record) }
        core.changes.mark(target.machine.arn)
        return record
    }

    /// AWS: with tracing on, what a task calls is part of the trace that the start was.
    func traceTasks(of record: ExecutionRecord) {
        guard let header = record.traceHeader, record.tracing.enabled == true, let origin = record.origin else {
            return
        }
        core.foreignTraces.note(header, for: origin.trace)
    }

    func apply(_ event: ExecutionEvent, to record: ExecutionRecord) {
        guard record.execution != nil else { return }
        count(event, of: record)
        if !record.revision.activities.isEmpty {
            let unknown = record.revision.activities.filter { activities[$0] == nil }
            record.execution?.unknownActivities = Set(unknown)
        }
        guard
            let turn = record.execution?.apply(
                event, at: core.now, random: &core.identifiers, maximumSteps: Self.stepsPerTurn)
        else { return }
        record.billedTransitions += turn.transitions
        countTransitions(turn.transitions, of: record)
        keep(turn.history, of: record)
        for effect in turn.effects { perform(effect, for: record) }
        if record.status == .running {
            if record.machine.isDeleting, !turn.history.isEmpty {
                apply(.stop(error: nil, cause: "The state machine was deleted."), to: record)
                return
            }
            storeRunning(record)
        }
        core.changes.mark(record.arn)
    }

    /// For the map: what failed of what was asked of other resources.
    private func count(_ event: ExecutionEvent, of record: ExecutionRecord) {
        switch event {
        case .taskSucceeded(let id, _): record.taskTargets[id] = nil
        case .taskFailed(let id, _, _):
            guard let target = record.taskTargets.removeValue(forKey: id) else { return }
            record.machine.taskFailures[target, default: 0] += 1
        default: break
        }
    }

    private func keep(_ events: [HistoryEvent], of record: ExecutionRecord) {
        guard !events.isEmpty else { return }
        if record.isStandard {
            record.recent.append(contentsOf: events)
            store(events, of: record)
        }
        log(events, of: record)
        for event in events { note(event, of: record) }
    }

    /// What of an event belongs on the timeline and in metrics.
    private func note(_ event: HistoryEvent, of record: ExecutionRecord) {
        countTask(event, of: record)
        switch event.type {
        case .stateEntered:
            _ = core.record(
                .transition, service: "states", action: event.type.name, resource: record.arn, cause: record.origin,
                detail: event.details.name ?? "")
        case .taskFailed, .lambdaFunctionFailed, .taskTimedOut, .lambdaFunctionTimedOut:
            _ = core.record(
                .transition, service: "states", action: event.type.name, resource: record.arn, cause: record.origin,
                error: event.details.error ?? "Error", detail: event.details.cause ?? "")
        default: break
        }
    }

    private func perform(_ effect: ExecutionEffect, for record: ExecutionRecord) {
        switch effect {
        case .startTask(let order):
            if let token = order.token { noteToken(token, record, order.id, since: core.now) }
            start(order, for: record)
        case .abandonTask(let id):
            for token in record.tokens where tokens[token]?.task == id {
                tokens[token] = nil
                record.tokens.remove(token)
            }
            withdraw(id, of: record)
            stopAwaited(by: id, of: record)
        case .startMapRun(let order):
            start(order, for: record)
        case .abandonMapRun(let id): abandonMapRun(id, of: record)
        case .startTimer(let timer): arm(timer, for: record)
        case .cancelTimer(let id): core.cancel(record.timers.removeValue(forKey: id))
        case .resumeLater: scheduleResume(record)
        case .finished(let outcome): finish(record, outcome)
        }
    }

    /// - Parameter since: nil where the task was begun before a restart.
    func noteToken(_ token: String, _ record: ExecutionRecord, _ task: Int, since: Instant?) {
        tokens[token] = WaitingTask(record: record, task: task, since: since)
        record.tokens.insert(token)
        record.machine.waiting.append(token)
    }

    func arm(_ timer: ExecutionTimer, for record: ExecutionRecord) {
        record.timers[timer.id] = core.schedule(
            at: timer.time, TimerLabel(kind: timer.kind.rawValue, resourceArn: record.arn)
        ) { [unowned self] in
            record.timers[timer.id] = nil
            apply(.timerFired(timer.id), to: record)
        }
    }

    func scheduleResume(_ record: ExecutionRecord) {
        core.schedule(
            at: core.now + Self.sliceDelay,
            TimerLabel(kind: "ExecutionSlice", resourceArn: record.arn, isInternal: true)
        ) { [unowned self] in apply(.resume, to: record) }
    }

    func armExpressLimit(_ record: ExecutionRecord) {
        // Execution timers count from 1.
        record.timers[0] = core.schedule(
            at: record.started + Self.expressLimit, TimerLabel(kind: "ExpressTimeout", resourceArn: record.arn)
        ) { [unowned self] in timeOutExpress(record) }
    }

    private func timeOutExpress(_ record: ExecutionRecord) {
        guard record.execution != nil else { return }
        for task in record.awaited.keys.sorted() { stopAwaited(by: task, of: record) }
        finish(record, ExecutionOutcome(status: .timedOut, error: "States.Timeout"))
    }

    // MARK: The end

    private func finish(_ record: ExecutionRecord, _ outcome: ExecutionOutcome) {
        guard record.status == .running else { return }
        record.status = outcome.status
        record.output = outcome.output?.text
        record.error = outcome.error
        record.cause = outcome.cause
        record.stopped = core.now
        for timer in record.timers.values { core.cancel(timer) }
        record.timers.removeAll()
        for token in record.tokens { tokens[token] = nil }
        record.tokens.removeAll()
        record.machine.running -= 1
        if outcome.status == .failed || outcome.status == .timedOut { record.machine.failures += 1 }
        if let begin = record.origin?.entry {
            core.timeline.amend(begin, endedAt: core.now)
            core.timeline.attach(begin, output: outcome.output.map { .bytes(Array($0.text.utf8)) })
        }
        countEnd(of: record)
        _ = core.record(
            .transition, service: "states", action: Self.endEvent(outcome.status), resource: record.arn,
            cause: record.origin,
            error: outcome.status == .succeeded ? nil : outcome.error ?? outcome.status.rawValue,
            detail: record.machine.name)
        if record.isStandard {
            // What did not succeed may be redriven: it goes on from here.
            store(record, checkpoint: outcome.status == .succeeded ? nil : record.execution?.checkpoint)
            keepWarm(record)
        } else {
            executions[record.arn] = nil
            if record.isStored { removeRow(of: record) }
        }
        record.execution = nil
        emitStatus(of: record)
        core.changes.mark(record.machine.arn)
        core.changes.mark(record.arn)
        if record.machine.isDeleting, record.machine.running == 0 { forget(record.machine) }
        record.onFinished?(record)
        record.onFinished = nil
        let waiting = record.onEnd
        record.onEnd = []
        for continuation in waiting { core.later { continuation(record) } }
    }

    private static func endEvent(_ status: ExecutionStatus) -> String {
        switch status {
        case .succeeded: "ExecutionSucceeded"
        case .failed: "ExecutionFailed"
        case .timedOut: "ExecutionTimedOut"
        case .aborted: "ExecutionAborted"
        case .running: "ExecutionStarted"
        }
    }

    /// Keeps the newest finished executions in memory whole; older ones are read from disk when asked for.
    private func keepWarm(_ record: ExecutionRecord) {
        warm.append(record)
        warmEvents += record.recent.count
        // A tenth at a time, so that finishing costs the same however many there are.
        if warmEvents > Self.warmEventLimit { cool(to: Self.warmEventLimit * 9 / 10) }
    }

    /// Lets the oldest finished executions go until no more than `limit` events are in memory.
    func cool(to limit: Int) {
        var dropped = 0
        while warmEvents > limit, dropped < warm.count {
            let old = warm[dropped]
            dropped += 1
            warmEvents -= old.recent.count
            old.storedEvents += old.recent.count
            old.recent = []
            old.input = nil
            old.output = nil
        }
        warm.removeFirst(dropped)
    }
}
