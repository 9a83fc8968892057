import AWSModel

/// What a state's `Retry` and `Catch` made of its failures, in sentences.
struct RetryExplanation: Sendable {
    /// A line of the story of a visit.
    struct Step: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case attempt(VisitStatus)
            /// The wait before the next attempt.
            case wait
            /// How it ended: caught, given up, still waiting.
            case verdict(VisitStatus)
            /// What the state around it made of the failure.
            case upward(VisitStatus)
        }

        var kind: Kind
        var text: String
        /// Further sentences, such as an error's cause.
        var details: [String] = []
        /// When this took place.
        var time: Instant?
    }

    /// A failure as rules see it.
    struct Failure: Hashable, Sendable {
        /// AWS: a task that reports a failure need not name an error.
        var error: String?
        /// A missed heartbeat, which history calls `States.Timeout` and rules may call `States.HeartbeatTimeout`.
        var isHeartbeat = false

        var name: String { error ?? "an error without a name" }
    }

    /// A Map or Parallel state around the visit.
    struct Container: Hashable, Sendable {
        var visit: StateVisit
        var state: StateDefinition?
    }

    let visit: StateVisit
    let state: StateDefinition?
    /// Innermost first: a failure that nothing caught goes up to them.
    var around: [Container] = []

    func steps(now: Instant) -> [Step] {
        var steps: [Step] = []
        for (index, attempt) in visit.attempts.enumerated() {
            let end = attempt.ended ?? max(now, attempt.scheduled)
            let took = ElapsedTime.text(milliseconds: (end.microseconds - attempt.scheduled.microseconds) / 1000)
            var step = Step(
                kind: .attempt(attempt.status), text: "Attempt \(attempt.number) · \(took)", time: attempt.scheduled)
            guard let failure = failure(of: attempt) else {
                steps.append(step)
                continue
            }
            step.details.append(CauseText.line(failure.name, attempt.cause))
            steps.append(step)
            if let ended = attempt.ended, index + 1 < visit.attempts.count {
                let waited = (visit.attempts[index + 1].scheduled.microseconds - ended.microseconds) / 1000
                steps.append(
                    Step(
                        kind: .wait, text: "waited \(ElapsedTime.text(milliseconds: waited))",
                        details: [whyRetried(failure, after: index)], time: ended))
            }
        }
        if let verdict = verdict(now: now) { steps.append(verdict) }
        return steps + upward()
    }

    // MARK: Failures and rules

    func failure(of attempt: StateAttempt) -> Failure? {
        guard attempt.status == .failed || attempt.status == .timedOut || attempt.error != nil else { return nil }
        return Failure(error: attempt.error, isHeartbeat: isHeartbeat(attempt))
    }

    /// What the rules were last held against; nil if nothing failed.
    var lastFailure: Failure? {
        if let attempt = visit.attempts.last, let failure = failure(of: attempt) { return failure }
        if let error = visit.error, visit.type != "Fail" { return Failure(error: error) }
        return visit.attempts.last { failure(of: $0) != nil }.flatMap { failure(of: $0) }
    }

    /// AWS: both end as `States.Timeout`; one that came before the time allowed was a heartbeat.
    private func isHeartbeat(_ attempt: StateAttempt) -> Bool {
        guard attempt.error == "States.Timeout", let state, let ended = attempt.ended,
            state.document["HeartbeatSeconds"] != nil || state.document["HeartbeatSecondsPath"] != nil
        else { return false }
        guard let limit = state.document.double("TimeoutSeconds") else { return true }
        return Double(ended.microseconds - attempt.scheduled.microseconds) < limit * 1_000_000
    }

    /// AWS: `States.Runtime` ends the execution even where a rule lists it.
    func isFatal(_ failure: Failure) -> Bool { failure.error == "States.Runtime" }

    func covers(_ patterns: [String], _ failure: Failure) -> Bool {
        if failure.isHeartbeat, patterns.contains("States.HeartbeatTimeout") { return true }
        // AWS's documentation excludes States.DataLimitExceeded from States.ALL; recorded executions caught one all the same.
        if visit.status == .caught, failure.error == "States.DataLimitExceeded", patterns.contains("States.ALL") {
            return true
        }
        return ErrorName.matches(patterns, failure.error)
    }

    /// Retries that `retrier` has used up before attempt `index` failed: AWS counts each retrier on its own, and anew after a
    /// redrive.
    func uses(of retrier: Int, before index: Int) -> Int {
        let first = visit.redrives.last { $0 <= index } ?? 0
        return visit.attempts[first..<max(first, index)].count { attempt in
            failure(of: attempt).flatMap(matchedRetrier) == retrier
        }
    }

    func matchedRetrier(_ failure: Failure) -> Int? { state?.retriers.firstIndex { covers($0.errors, failure) } }
    func matchedCatcher(_ failure: Failure) -> Int? { state?.catchers.firstIndex { covers($0.errors, failure) } }

    private func whyRetried(_ failure: Failure, after index: Int) -> String {
        if visit.redrives.contains(index + 1) { return "then redriven: retries are counted anew" }
        guard let state, let matched = matchedRetrier(failure) else { return "retried by the service" }
        let retrier = state.retriers[matched]
        let number = uses(of: matched, before: index) + 1
        return "retrier \(matched + 1) of \(state.retriers.count) matches (\(retrier.errors.joined(separator: ", "))): "
            + "retry \(number) of \(retrier.maxAttempts) after \(retrier.delayText(beforeRetry: number))"
    }

    /// When the next attempt is due; nil if none is, or if only chance knows.
    func nextRetry() -> Instant? {
        guard visit.isWaitingToRetry, let last = visit.attempts.last, let failure = failure(of: last),
            let ended = last.ended, let state, let matched = matchedRetrier(failure)
        else { return nil }
        let retrier = state.retriers[matched]
        let delay = retrier.delay(beforeRetry: uses(of: matched, before: visit.attempts.count - 1) + 1)
        return Instant(microseconds: ended.microseconds + Int64(min(delay, 1e10) * 1_000_000))
    }

    // MARK: How it ended

    private func verdict(now: Instant) -> Step? {
        // A Fail state fails by design: no rule of its own could have held it.
        guard let failure = lastFailure, visit.type != "Fail" else { return nil }
        switch visit.status {
        case .running: return visit.isWaitingToRetry ? waiting(failure, now) : nil
        case .caught:
            guard let state, let matched = matchedCatcher(failure) else {
                return Step(kind: .verdict(.caught), text: "\(failure.name) was caught")
            }
            let catcher = state.catchers[matched]
            return Step(
                kind: .verdict(.caught),
                text:
                    "Catcher \(matched + 1) of \(state.catchers.count) caught \(failure.name) and goes to \(catcher.next)",
                details: [
                    noMoreRetries(failure), "the catcher lists \(catcher.errors.joined(separator: ", "))",
                    catcher.outcome,
                ].compactMap { $0 })
        case .failed, .timedOut:
            if isFatal(failure) {
                return Step(
                    kind: .verdict(visit.status), text: "States.Runtime ends the execution",
                    details: ["AWS neither retries nor catches it, even where Retry or Catch lists it"])
            }
            return Step(
                kind: .verdict(visit.status), text: "Nothing caught \(failure.name)",
                details: [noMoreRetries(failure), noCatcher(failure)].compactMap { $0 })
        case .aborted, .succeeded: return nil
        }
    }

    private func waiting(_ failure: Failure, _ now: Instant) -> Step {
        guard let state, let matched = matchedRetrier(failure) else {
            return Step(kind: .verdict(.running), text: "Waits for what the service does next")
        }
        let retrier = state.retriers[matched]
        let number = uses(of: matched, before: visit.attempts.count - 1) + 1
        var text = "Waits for retry \(number) of \(retrier.maxAttempts)"
        if let due = nextRetry() {
            let left = ElapsedTime.text(milliseconds: (due.microseconds - now.microseconds) / 1000)
            text += due > now ? ", due in \(retrier.hasJitter ? "at most " : "")\(left)" : ", due now"
        }
        return Step(
            kind: .verdict(.running), text: text,
            details: ["retrier \(matched + 1): \(retrier.delayText(beforeRetry: number))"])
    }

    private func noMoreRetries(_ failure: Failure) -> String? {
        guard let state else { return nil }
        if state.retriers.isEmpty { return "the state has no Retry" }
        guard let matched = matchedRetrier(failure) else {
            return state.retriers.count == 1
                ? ErrorName.mismatch(of: "its one retrier", state.retriers[0].errors, failure.error)
                : "none of its \(state.retriers.count) retriers lists \(failure.name)"
        }
        let maximum = state.retriers[matched].maxAttempts
        return maximum == 0
            ? "retrier \(matched + 1) forbids retrying \(failure.name) (MaxAttempts 0)"
            : "retrier \(matched + 1) matched; its \(Quantity.retries(maximum)) used up"
    }

    private func noCatcher(_ failure: Failure) -> String? {
        guard let state else { return nil }
        if state.catchers.isEmpty { return "the state has no Catch" }
        return state.catchers.count == 1
            ? ErrorName.mismatch(of: "its one catcher", state.catchers[0].errors, failure.error)
            : "none of its \(state.catchers.count) catchers lists \(failure.name)"
    }

    /// AWS: what nothing caught fails the Map or Parallel state around it, whose rules are held against the same error.
    private func upward() -> [Step] {
        guard visit.status == .failed || visit.status == .timedOut else { return [] }
        var steps: [Step] = []
        for container in around {
            let status = container.visit.status
            guard status != .aborted, status != .succeeded else { break }
            let outer = RetryExplanation(visit: container.visit, state: container.state)
            let title = "\(container.visit.name) around it"
            guard let verdict = outer.verdict(now: .epoch), status != .running else {
                let word = status == .running ? "runs on" : "was not failed by it"
                steps.append(Step(kind: .upward(status), text: "\(title) \(word)"))
                break
            }
            let text = verdict.text.hasPrefix("States.") ? verdict.text : verdict.text.lowercasedFirst
            steps.append(Step(kind: .upward(status), text: "Up to \(title): \(text)", details: verdict.details))
            if status == .caught { break }
        }
        return steps
    }
}

extension String {
    /// For a sentence that goes on inside another.
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
