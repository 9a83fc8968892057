import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    /// AWS: how long after its end an execution can be redriven.
    private static let redrivePeriod = Duration.seconds(14 * 86_400)
    /// AWS: an execution is open for a year at most.
    private static let maximumAge = Duration.seconds(365 * 86_400)

    /// Why an execution cannot be redriven, in AWS's words; nil where it can.
    func redriveRefusal(_ record: ExecutionRecord) -> String? {
        switch record.status {
        case .running, .succeeded: return "Execution is \(record.status.rawValue) and cannot be redriven"
        case .failed, .aborted, .timedOut: break
        }
        if record.machine.isDeleting { return "State machine is in DELETING status" }
        if isTooLongToRedrive(record) {
            return "Execution history event limit exceeded"
        }
        if core.now - record.started > Self.maximumAge { return "Execution has exceeded the max execution time" }
        guard let stopped = record.stopped, !isPastRedrive(stopped) else {
            return "Execution redrivable period exceeded"
        }
        return nil
    }

    func isTooLongToRedrive(_ record: ExecutionRecord) -> Bool {
        record.storedEvents + record.recent.count >= Execution.maximumEvents - 1
    }

    func isPastRedrive(_ stopped: Instant) -> Bool { core.now - stopped > Self.redrivePeriod }

    /// AWS: children of a distributed Map are redriven by its run alone.
    func redriveStatus(_ record: ExecutionRecord, _ refusal: String?) -> String {
        guard refusal == nil else { return "NOT_REDRIVABLE" }
        return record.mapLabel == nil ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN"
    }

    /// AWS: the same ARN, definition and history; goes on at what did not succeed.
    func redriveExecution(
        _ input: SFN.RedriveExecutionInput, _ call: Call
    ) throws(ServiceError) -> SFN.RedriveExecutionOutput {
        core.attribute(call, to: input.executionArn)
        let record = try execution(input.executionArn)
        if let token = input.clientToken, let known = record.redriveTokens.first(where: { $0.token == token }),
            core.now - known.time <= RedriveToken.lifetime
        {
            return SFN.RedriveExecutionOutput(redriveDate: known.time)
        }
        if let reason = redriveRefusal(record) { throw ServiceError("ExecutionNotRedrivable", reason) }
        guard record.mapLabel == nil else {
            throw ServiceError("ExecutionNotRedrivable", "Execution can only be redriven by its Map Run")
        }
        try goOn(record, cause: call.cause, token: input.clientToken)
        return SFN.RedriveExecutionOutput(redriveDate: core.now)
    }

    /// Sets an ended execution going again, from what it ended with.
    func goOn(_ record: ExecutionRecord, cause: Cause?, token: String? = nil) throws(ServiceError) {
        guard let definition = record.revision.definition, let checkpoint = storedCheckpoint(of: record),
            let text = payloads(of: record).input, let payload = try? Payload(parsing: text)
        else { throw .internalFailure("What \(record.arn) ended with cannot be read.") }
        let before = record.redriven
        record.redrives += 1
        record.redriven = core.now
        let execution: Execution
        do throws(CheckpointError) {
            execution = try Execution(
                redriving: checkpoint, definition: definition, identity: identity(of: record, input: payload))
        } catch {
            record.redrives -= 1
            record.redriven = before
            throw ServiceError("ExecutionNotRedrivable", "Execution has no step to go on with")
        }
        warm.removeAll { other in
            guard other === record else { return false }
            warmEvents -= record.recent.count
            return true
        }
        record.input = text
        record.output = nil
        record.error = nil
        record.cause = nil
        record.stopped = nil
        record.status = .running
        if let token {
            // AWS: the last ten tokens answer again, each for 15 minutes.
            record.redriveTokens = record.redriveTokens.suffix(9) + [RedriveToken(token: token, time: core.now)]
        }
        record.execution = execution
        record.origin = core.record(
            .transition, service: "states", action: "ExecutionRedriven", resource: record.arn, cause: cause,
            detail: record.machine.name)
        traceTasks(of: record)
        record.machine.running += 1
        count("ExecutionsRedriven", of: record.machine)
        store(record, checkpoint: execution.checkpoint)
        emitStatus(of: record)
        core.later { [unowned self] in apply(.redrive, to: record) }
        core.changes.mark(record.machine.arn)
    }

    private func storedCheckpoint(of record: ExecutionRecord) -> DocumentObject? {
        // What ended within this turn is still on its way to the disk.
        if record.stopped == core.now { _ = core.journal.commit() }
        var found: DocumentObject?
        try? core.journal.rows.forEach("SELECT checkpoint FROM sfn_executions WHERE id = ?", [.integer(record.id)]) {
            row in
            if !row.isNull(0) { found = row.document(0) }
        }
        return found
    }
}

/// A request to redrive that was answered: the same again is answered the same.
struct RedriveToken: Equatable {
    var token: String
    var time: Instant

    static let lifetime = Duration.seconds(15 * 60)
}

extension ExecutionRecord {
    var redriveTokenDocument: DocumentObject {
        get { DocumentObject(redriveTokens.map { ($0.token, .integer($0.time.microseconds)) }) }
        set {
            redriveTokens = newValue.compactMap { token, time in
                time.integer.map { RedriveToken(token: token, time: Instant(microseconds: $0)) }
            }
        }
    }
}
