/// What became of one entry of `Retry` or `Catch` when a failure was held against it.
struct RuleVerdict: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        /// It matched and decided what happens.
        case decided
        /// It matched, but its retries are used up or forbidden.
        case exhausted
        /// It was looked at and does not cover the failure.
        case passedOver
        /// One before it decided, or nothing is ever held against rules.
        case unseen
    }

    /// `Retry 1`, `Catch 2`: AWS looks at them in this order, all of Retry first.
    var title: String
    /// What it lists.
    var errors: [String]
    /// What it does: `interval 1 s …`, `to Notify customer`.
    var consequence: String
    var outcome: Outcome
    /// Why, as the end of a sentence.
    var reason: String

    var text: String { "\(title)  \(errors.joined(separator: ", ")): \(consequence)" }
}

extension ErrorName {
    /// Why a list does not cover an error.
    static func mismatch(_ patterns: [String], _ error: String?) -> String {
        guard let error else { return "does not cover an error without a name" }
        if patterns.contains("States.ALL") { return "States.ALL does not cover \(error)" }
        if patterns.contains("States.TaskFailed"), error == "States.Timeout" {
            return "States.TaskFailed does not cover States.Timeout"
        }
        if let near = patterns.first(where: { $0.lowercased() == error.lowercased() }) {
            return "lists '\(near)', which is another name than \(error): case counts"
        }
        return "does not list \(error)"
    }

    /// The same as a sentence about `rule`.
    static func mismatch(of rule: String, _ patterns: [String], _ error: String?) -> String {
        let reason = mismatch(patterns, error)
        return reason.hasPrefix("States.") ? "\(rule): \(reason)" : "\(rule) \(reason)"
    }
}

extension RetryExplanation {
    /// Every retrier and catcher of the state in the order AWS looks at them, with what became of each at the last failure.
    func verdicts() -> [RuleVerdict] {
        guard let state else { return [] }
        let failure = lastFailure
        let retriers = state.retriers.enumerated().map { index, retrier in
            RuleVerdict(
                title: "Retry \(index + 1)", errors: retrier.errors, consequence: retrier.summary, outcome: .unseen,
                reason: "")
        }
        let catchers = state.catchers.enumerated().map { index, catcher in
            RuleVerdict(
                title: "Catch \(index + 1)", errors: catcher.errors, consequence: "to \(catcher.next)",
                outcome: .unseen, reason: "")
        }
        var rules = retriers + catchers
        guard let failure else { return rules }
        if isFatal(failure) {
            for index in rules.indices { rules[index].reason = "States.Runtime is never retried or caught" }
            return rules
        }
        var decider: String?
        for (index, retrier) in state.retriers.enumerated() {
            if let decider {
                rules[index].reason = "not looked at: \(decider) came first"
            } else if covers(retrier.errors, failure) {
                decider = rules[index].title
                (rules[index].outcome, rules[index].reason) = retryOutcome(index, retrier)
            } else {
                rules[index].outcome = .passedOver
                rules[index].reason = ErrorName.mismatch(retrier.errors, failure.error)
            }
        }
        let isRetrying = rules.contains { $0.outcome == .decided }
        decider = nil
        for (offset, catcher) in state.catchers.enumerated() {
            let index = retriers.count + offset
            if isRetrying {
                rules[index].reason = "not looked at while retries are left"
            } else if let decider {
                rules[index].reason = "not looked at: \(decider) came first"
            } else if covers(catcher.errors, failure) {
                decider = rules[index].title
                (rules[index].outcome, rules[index].reason) = (.decided, "matched")
            } else {
                rules[index].outcome = .passedOver
                rules[index].reason = ErrorName.mismatch(catcher.errors, failure.error)
            }
        }
        return rules
    }

    /// Of the retrier that matched the last failure.
    private func retryOutcome(_ index: Int, _ retrier: Retrier) -> (RuleVerdict.Outcome, String) {
        if retrier.maxAttempts == 0 { return (.exhausted, "matched, but it forbids retrying (MaxAttempts 0)") }
        let used = uses(of: index, before: max(0, visit.attempts.count - 1))
        if visit.status == .running || used < retrier.maxAttempts, !visit.status.isDecided {
            return (.decided, "matched: retry \(min(used + 1, retrier.maxAttempts)) of \(retrier.maxAttempts)")
        }
        return (.exhausted, "matched, but its \(Quantity.retries(retrier.maxAttempts)) used up")
    }
}

extension VisitStatus {
    /// Its rules have had their say.
    fileprivate var isDecided: Bool { self == .failed || self == .timedOut || self == .caught }
}

extension Quantity {
    /// `1 retry is`, `3 retries are`
    static func retries(_ number: Int) -> String { number == 1 ? "1 retry is" : "\(number) retries are" }
}
