import AWSModel
import AWSTypes

extension Reason {
    /// Adds what the engine knows beyond history: timeouts and heartbeats that run, tasks that are out. What names another
    /// state than the one asked about, or moves when a reason already told moves, would only repeat.
    static func merge(_ others: [Reason], into reasons: inout [Reason], about state: String?) {
        for other in others where other.rule != "ExecutionStatus" || reasons.isEmpty {
            if let state, other.text.contains("'"), !other.text.contains("'\(state)'") { continue }
            let isTold = reasons.contains { known in
                if let moment = known.movesAt, let other = other.movesAt { return abs(moment - other) < 1500 }
                return known.movesAt == nil && other.movesAt == nil && known.relatedARN != nil
                    && known.relatedARN == other.relatedARN
            }
            if !isTold { reasons.append(other) }
        }
    }
}

/// Why an execution, or one state of it, stands where it stands: told from its history and its definition alone, so that it
/// works against any endpoint.
struct ExecutionReasons: Sendable {
    let trace: ExecutionTrace
    let definition: StateMachineDefinition?
    let now: Instant

    /// Reasons for one visit, or for the execution as a whole when nil.
    func reasons(for visit: StateVisit?) -> [Reason] {
        if let visit { return reasons(visit) }
        switch trace.status {
        case .failed, .timedOut:
            var result: [Reason] = []
            if let error = trace.error {
                result.append(Reason("Execution failed", CauseText.line(error, trace.cause)))
            } else if trace.status == .timedOut {
                result.append(Reason("Execution timed out", "It ran longer than the machine's TimeoutSeconds."))
            }
            if let fatal = trace.fatalVisit {
                result += reasons(fatal).filter { reason in !result.contains { $0.text == reason.text } }
            }
            return result
        case .aborted:
            return [
                Reason(
                    "Stopped",
                    trace.error.map { CauseText.line($0, trace.cause) } ?? "Somebody stopped it with StopExecution.")
            ]
        case .running:
            return trace.visits.filter { $0.status.isOpen && !$0.type.isContainerType }.prefix(8).flatMap {
                reasons($0)
            }
        case .succeeded, .caught: return [Reason("Succeeded", "Every state on its way ended; nothing holds it.")]
        }
    }

    private func reasons(_ visit: StateVisit) -> [Reason] {
        let state = definition?.state(visit.name)
        let retry = RetryExplanation(visit: visit, state: state)
        var result: [Reason] = []
        switch visit.status {
        case .running: result += runningReasons(visit, state, retry)
        case .failed, .timedOut:
            if let error = visit.error {
                result.append(
                    Reason("\(visit.name) failed", failureText(visit, error), relatedARN: visit.resource))
            } else if visit.type == "Fail" {
                result.append(
                    Reason(
                        "\(visit.name) is a Fail state",
                        trace.error.map { CauseText.line($0, trace.cause) } ?? "It ends the execution as failed."))
            }
        case .caught:
            if let error = visit.error {
                result.append(
                    Reason("\(visit.name) failed", failureText(visit, error), relatedARN: visit.resource))
            }
        case .aborted:
            result.append(Reason("\(visit.name) was aborted", "What it is part of ended before it did."))
        case .succeeded:
            result.append(
                Reason(
                    "\(visit.name) succeeded",
                    "It ended after \(ElapsedTime.text(milliseconds: visit.milliseconds(now: now)))."))
        }
        for step in retry.steps(now: now) {
            guard case .verdict = step.kind else { continue }
            let rule = visit.status == .caught ? "Catch" : visit.status == .running ? "Retry wait" : "Not caught"
            let sentences = [step.text] + step.details
            result.append(
                Reason(
                    rule, sentences.joined(separator: "; ") + ".", movesAt: retry.nextRetry()?.epochMilliseconds))
        }
        return result + causes(of: visit)
    }

    /// What a visit failed with; for a Map or Parallel state, who in it did.
    private func failureText(_ visit: StateVisit, _ error: String) -> String {
        if let inner = failedInside(visit), inner.error == error {
            return "\(inner.name) inside it failed with \(error)."
        }
        return CauseText.line(error, visit.cause)
    }

    private func failedInside(_ visit: StateVisit) -> StateVisit? {
        guard visit.type.isContainerType else { return nil }
        return trace.visits.last { $0.container == visit.id && ($0.status == .failed || $0.status == .timedOut) }
    }

    /// Further back: what failed inside a container, and the caught failure that led to a Fail state.
    private func causes(of visit: StateVisit) -> [Reason] {
        guard visit.status != .running, visit.status != .succeeded else { return [] }
        if let inner = failedInside(visit) { return reasons(inner) }
        guard visit.type == "Fail" else { return [] }
        var earlier = visit.cameFrom.flatMap { trace.visit($0) }
        while let step = earlier {
            if step.status == .caught { return reasons(step) }
            earlier = step.cameFrom.flatMap { trace.visit($0) }
        }
        return []
    }

    private func runningReasons(_ visit: StateVisit, _ state: StateDefinition?, _ retry: RetryExplanation)
        -> [Reason]
    {
        if visit.isWaitingToRetry {
            guard let error = visit.error else { return [] }
            return [Reason("\(visit.name) failed", failureText(visit, error), relatedARN: visit.resource)]
        }
        let since =
            "since \(ElapsedTime.clock(visit.entered)), \(ElapsedTime.text(milliseconds: visit.milliseconds(now: now))) ago"
        switch visit.type {
        case "Wait":
            var due: Int64?
            if let seconds = state?.document.double("Seconds") {
                due = visit.entered.epochMilliseconds + Int64(min(seconds, 1e9) * 1000)
            }
            if let timestamp = state?.document.string("Timestamp"), let instant = Instant(iso8601: timestamp) {
                due = instant.epochMilliseconds
            }
            return [Reason("\(visit.name) waits", "A Wait state holds the execution \(since).", movesAt: due)]
        case "Map", "Parallel":
            let inside = trace.visits.filter { $0.container == visit.id && $0.status.isOpen }.map(\.name)
            let names = inside.isEmpty ? "its insides" : Set(inside).sorted().joined(separator: ", ")
            return [Reason("\(visit.name) runs", "Waits for \(names), \(since).")]
        default:
            let resource = visit.resource ?? state?.resource
            if resource?.hasSuffix(".waitForTaskToken") == true {
                return [
                    Reason(
                        "\(visit.name) waits for its token",
                        "Its task token must come back with SendTaskSuccess or SendTaskFailure; it waits \(since).",
                        movesAt: timeout(visit, state), relatedARN: resource)
                ]
            }
            let called = resource.map { " \($0)" } ?? ""
            let begun = visit.attempts.last?.started == nil ? "is scheduled" : "runs"
            return [
                Reason(
                    "\(visit.name) runs", "Its task\(called) \(begun) \(since).", movesAt: timeout(visit, state),
                    relatedARN: resource)
            ]
        }
    }

    private func timeout(_ visit: StateVisit, _ state: StateDefinition?) -> Int64? {
        guard let seconds = state?.document.double("TimeoutSeconds"), let last = visit.attempts.last else { return nil }
        return last.scheduled.epochMilliseconds + Int64(min(seconds, 1e9) * 1000)
    }
}

extension String {
    var isContainerType: Bool { self == "Map" || self == "Parallel" }
}
