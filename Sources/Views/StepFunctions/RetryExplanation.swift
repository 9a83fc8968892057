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
        }

        var kind: Kind
        var text: String
        /// Further sentences, such as an error's cause.
        var details: [String] = []
        /// When this took place.
        var time: Instant?
    }

    let visit: StateVisit
    let state: StateDefinition?

    func steps(now: Instant) -> [Step] {
        var steps: [Step] = []
        for (index, attempt) in visit.attempts.enumerated() {
            let end = attempt.ended ?? max(now, attempt.scheduled)
            let took = ElapsedTime.text(milliseconds: (end.microseconds - attempt.scheduled.microseconds) / 1000)
            var step = Step(
                kind: .attempt(attempt.status), text: "Attempt \(attempt.number) · \(took)", time: attempt.scheduled)
            if let error = attempt.error { step.details.append(CauseText.line(error, attempt.cause)) }
            steps.append(step)
            guard let error = attempt.error, let ended = attempt.ended else { continue }
            if index + 1 < visit.attempts.count {
                let waited = (visit.attempts[index + 1].scheduled.microseconds - ended.microseconds) / 1000
                steps.append(
                    Step(
                        kind: .wait, text: "waited \(ElapsedTime.text(milliseconds: waited))",
                        details: [whyRetried(error, after: index)], time: ended))
            }
        }
        if let verdict = verdict(now: now) { steps.append(verdict) }
        return steps
    }

    /// Retries that `retrier` has used up before attempt `index` failed: AWS counts each retrier on its own.
    private func uses(of retrier: Int, before index: Int) -> Int {
        visit.attempts.prefix(index).count { attempt in attempt.error.map { matchedRetrier($0) == retrier } ?? false }
    }

    func matchedRetrier(_ error: String) -> Int? { state?.retriers.firstIndex { $0.matches(error) } }
    func matchedCatcher(_ error: String) -> Int? { state?.catchers.firstIndex { $0.matches(error) } }

    private func whyRetried(_ error: String, after index: Int) -> String {
        guard let state, let matched = matchedRetrier(error) else { return "retried by the service" }
        let retrier = state.retriers[matched]
        let number = uses(of: matched, before: index) + 1
        return "retrier \(matched + 1) of \(state.retriers.count) matches (\(retrier.errors.joined(separator: ", "))): "
            + "retry \(number) of \(retrier.maxAttempts); \(retrier.summary)"
    }

    /// When the next attempt is due; nil if none is.
    func nextRetry() -> Instant? {
        guard visit.isWaitingToRetry, let last = visit.attempts.last, let error = last.error, let ended = last.ended,
            let state, let matched = matchedRetrier(error)
        else { return nil }
        let retrier = state.retriers[matched]
        let delay = retrier.delay(beforeRetry: uses(of: matched, before: visit.attempts.count - 1) + 1)
        return Instant(microseconds: ended.microseconds + Int64(min(delay, 1e10) * 1_000_000))
    }

    private func verdict(now: Instant) -> Step? {
        // A Fail state fails by design: no rule of its own could have held it.
        guard let error = visit.error, visit.type != "Fail" else { return nil }
        switch visit.status {
        case .running:
            guard visit.isWaitingToRetry else { return nil }
            guard let state, let matched = matchedRetrier(error) else {
                return Step(kind: .verdict(.running), text: "Waits for what the service does next")
            }
            let number = uses(of: matched, before: visit.attempts.count - 1) + 1
            var text = "Waits for retry \(number) of \(state.retriers[matched].maxAttempts)"
            if let due = nextRetry() {
                text +=
                    due > now
                    ? ", due in \(ElapsedTime.text(milliseconds: (due.microseconds - now.microseconds) / 1000))"
                    : ", due now"
            }
            return Step(
                kind: .verdict(.running), text: text,
                details: ["retrier \(matched + 1): \(state.retriers[matched].summary)"])
        case .caught:
            guard let state, let matched = matchedCatcher(error) else {
                return Step(kind: .verdict(.caught), text: "\(error) was caught")
            }
            let catcher = state.catchers[matched]
            return Step(
                kind: .verdict(.caught),
                text: "Catcher \(matched + 1) of \(state.catchers.count) caught \(error) and goes to \(catcher.next)",
                details: [noMoreRetries(error), "the catcher lists \(catcher.errors.joined(separator: ", "))"]
                    .compactMap { $0 })
        case .failed, .timedOut:
            return Step(
                kind: .verdict(visit.status), text: "Nothing caught \(error)",
                details: [noMoreRetries(error), noCatcher(error)].compactMap { $0 })
        case .aborted, .succeeded: return nil
        }
    }

    private func noMoreRetries(_ error: String) -> String? {
        guard let state, visit.type != "Fail" else { return nil }
        if state.retriers.isEmpty { return "the state has no Retry" }
        guard let matched = matchedRetrier(error) else {
            return state.retriers.count == 1
                ? "its one retrier does not list \(error)"
                : "none of its \(state.retriers.count) retriers lists \(error)"
        }
        let maximum = state.retriers[matched].maxAttempts
        return maximum == 0
            ? "retrier \(matched + 1) forbids retrying \(error) (MaxAttempts 0)"
            : "retrier \(matched + 1) allowed \(maximum) retries and they are used up"
    }

    private func noCatcher(_ error: String) -> String? {
        guard let state, visit.type != "Fail" else { return nil }
        if state.catchers.isEmpty { return "the state has no Catch" }
        return state.catchers.count == 1
            ? "its one catcher does not list \(error)" : "none of its \(state.catchers.count) catchers lists \(error)"
    }

    /// Every retrier and catcher of the state, the ones that matched its error marked.
    func rules() -> [(text: String, didMatch: Bool)] {
        guard let state else { return [] }
        let retry =
            visit.error.flatMap(matchedRetrier)
            ?? visit.attempts.lazy.compactMap { $0.error.flatMap(matchedRetrier) }.last
        let caught = visit.status == .caught ? visit.error.flatMap(matchedCatcher) : nil
        return state.retriers.enumerated().map {
            ("Retry \($0 + 1)  \($1.errors.joined(separator: ", ")): \($1.summary)", $0 == retry)
        }
            + state.catchers.enumerated().map {
                ("Catch \($0 + 1)  \($1.errors.joined(separator: ", ")): to \($1.next)", $0 == caught)
            }
    }
}
