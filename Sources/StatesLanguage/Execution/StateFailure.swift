/// Why a state failed: what Retry and Catch match, and what an execution ends with.
public struct StateFailure: Error, Sendable, Hashable {
    /// `States.Timeout`, `Lambda.Unknown`, a function's own error name; nil where nobody gave one.
    public var error: String?
    public var cause: String?
    /// AWS: `States.Runtime` ends the execution even where a Retry or Catch names it.
    public var isFatal: Bool
    /// A missed heartbeat, which Retry and Catch may also call `States.HeartbeatTimeout`.
    var isHeartbeat = false
    /// A distributed Map that could not be ordered. AWS: it leaves no MapStateFailed.
    var isBeforeWork = false
    /// A JSONata expression failed, in the field of this name.
    var isEvaluation = false
    var field: String?
    /// The words still lack "An error occurred while executing the state …".
    var needsStateName: Bool

    public init(error: String?, cause: String?, isFatal: Bool = false) {
        self.error = error
        self.cause = cause
        self.isFatal = isFatal
        needsStateName = false
    }

    static func runtime(_ message: String) -> StateFailure {
        var failure = StateFailure(error: "States.Runtime", cause: message, isFatal: true)
        failure.needsStateName = true
        return failure
    }

    /// AWS: a JSONata expression failed; history tells of it by an event of its own.
    static func query(_ message: String, _ field: String?) -> StateFailure {
        var failure = StateFailure(error: "States.QueryEvaluationError", cause: message)
        failure.needsStateName = true
        failure.isEvaluation = true
        failure.field = field
        return failure
    }

    static func intrinsic(_ message: String) -> StateFailure {
        var failure = StateFailure(error: "States.IntrinsicFailure", cause: message)
        failure.needsStateName = true
        return failure
    }

    static let timeout = StateFailure(error: "States.Timeout", cause: nil)

    /// AWS: says who returned too much: a function's ARN, an integration's service, or the state.
    static func dataLimitExceeded(_ who: String, isFatal: Bool) -> StateFailure {
        StateFailure(
            error: "States.DataLimitExceeded",
            cause:
                "The state/task '\(who)' returned a result with a size exceeding the maximum number of bytes service limit.",
            isFatal: isFatal)
    }
}
