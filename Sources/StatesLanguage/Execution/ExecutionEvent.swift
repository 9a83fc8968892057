import AWSModel

/// What happens to an execution from outside.
public enum ExecutionEvent: Sendable {
    case start
    /// Goes on after a turn that used up its steps.
    case resume
    case timerFired(Int)
    case taskSucceeded(Int, Payload)
    case taskFailed(Int, error: String?, cause: String?)
    /// The request of a task that waits for its token was accepted.
    case taskSubmitted(Int, Payload)
    case taskHeartbeat(Int)
    /// A worker took an activity's task.
    case activityStarted(Int, workerName: String?)
    /// A distributed Map's run has its name.
    case mapRunStarted(Int, arn: String)
    case mapRunSucceeded(Int, Payload)
    case mapRunFailed(Int, error: String?, cause: String?)
    /// RedriveExecution, of an execution made by ``Execution/init(redriving:definition:identity:)``.
    case redrive
    /// StopExecution.
    case stop(error: String?, cause: String?)
}

/// What an execution wants done.
public enum ExecutionEffect: Sendable {
    case startTask(TaskOrder)
    /// Nobody waits for the task any more. AWS: what already runs runs on.
    case abandonTask(Int)
    case startMapRun(MapRunOrder)
    /// Nobody waits for the Map Run any more: its child executions are to be stopped.
    case abandonMapRun(Int)
    case startTimer(ExecutionTimer)
    case cancelTimer(Int)
    /// The turn's steps are used up: send `.resume` in a later turn.
    case resumeLater
    case finished(ExecutionOutcome)
}

/// A unit of work for somebody else.
public struct TaskOrder: Sendable, Hashable {
    /// Unique within the execution; comes back with the result.
    public var id: Int
    public var stateName: String
    public var resource: TaskResource
    public var parameters: Payload
    /// For `.waitForTaskToken` and activities.
    public var token: String?
    public var timeoutSeconds: Int?
    public var heartbeatSeconds: Int?
    /// `Credentials.RoleArn`; nil for the machine's own role.
    public var roleArn: String?
    /// Which attempt this is: 0 for the first.
    public var attempt: Int
    /// The request went out already, only the token's answer is awaited.
    public var isSubmitted = false
    /// The TaskSubmitted event, where there is one.
    public var submittedEvent: Int?
}

public struct ExecutionTimer: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case wait = "Wait"
        case retry = "RetryWait"
        case taskTimeout = "TaskTimeout"
        case heartbeat = "Heartbeat"
        case executionTimeout = "ExecutionTimeout"
    }

    public var id: Int
    public var time: Instant
    public var kind: Kind
    /// The state that waits; empty for the execution's own timeout.
    public var stateName: String
    var branch: Int
}

public struct ExecutionOutcome: Sendable, Hashable {
    public var status: ExecutionStatus
    public var output: Payload?
    public var error: String?
    public var cause: String?

    public init(status: ExecutionStatus, output: Payload? = nil, error: String? = nil, cause: String? = nil) {
        self.status = status
        self.output = output
        self.error = error
        self.cause = cause
    }
}

public enum ExecutionStatus: String, Sendable, Hashable {
    case running = "RUNNING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    case timedOut = "TIMED_OUT"
    case aborted = "ABORTED"
}

/// What one call of ``Execution/apply(_:at:random:maximumSteps:)`` came to.
public struct ExecutionTurn: Sendable {
    /// New events, in order.
    public internal(set) var history: [HistoryEvent] = []
    public internal(set) var effects: [ExecutionEffect] = []
    /// States entered: AWS bills these and throttles by them.
    public internal(set) var transitions = 0

    let time: Instant
    var random: TurnRandom
    var stepsLeft: Int
}
