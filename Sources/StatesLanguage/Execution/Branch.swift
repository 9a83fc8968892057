import AWSModel

/// One line of control: the machine itself, a branch of a Parallel, or an iteration of a Map.
struct Branch: Sendable {
    let id: Int
    /// The branch whose state waits for this one.
    let parent: Int?
    /// Which branch or iteration of the parent's state this is.
    let place: Int
    let workflow: Int
    /// Index of the present state.
    var state: Int
    /// What the present state was entered with, or will be.
    var input: Payload
    var phase = Phase.entering
    /// The event that the next one follows.
    var lastEvent: Int
    var enteredEvent = 0
    /// The event that led to the entry.
    var eventBefore = 0
    var enteredAt = Instant.epoch
    /// Attempts used up of each retrier, in this visit of the state.
    var retriesUsed: [Int] = []
    /// Retries of this visit in all.
    var attempt = 0
    var variables: [String: DocumentValue] = [:]
    /// Bytes of JSON that each of the variables holds.
    var variableBytes: [String: Int] = [:]
    /// Set for an iteration of a Map.
    var item: DocumentValue?

    enum Phase: Sendable {
        /// The state is to be entered.
        case entering
        /// The state was entered and its work is to be started, again after a retry's wait.
        case working
        case task(TaskRun)
        case waiting(timer: Int)
        case retrying(timer: Int)
        case children(ChildRun)
        case mapRun(MapRunWait)
    }
}

/// A distributed Map that is out.
struct MapRunWait: Sendable {
    var id: Int
    /// Once it is known; a redrive goes on with the same run.
    var arn: String?
    /// What its ItemSelector reads.
    var selectorInput: Payload
}

/// A task that is out.
struct TaskRun: Sendable {
    var id: Int
    var timeoutTimer: Int?
    var heartbeatTimer: Int?
    var heartbeatSeconds: Int?
    var token: String?
    var isSubmitted = false
}

/// What a Parallel or Map waits for.
struct ChildRun: Sendable {
    /// Identifiers of branches under way.
    var active: [Int] = []
    var results: [Payload?]
    var finished = 0
    /// Map only: what is left to start begins here.
    var nextItem: Int
    var items: [DocumentValue] = []
    /// Map only: what `ItemSelector` reads.
    var selectorInput: Payload = .emptyObject
}

/// Who an execution is, and what it started with. Never changes.
public struct ExecutionIdentity: Sendable {
    public let arn: String
    public let name: String
    public let stateMachineArn: String
    public let stateMachineName: String
    public let roleArn: String
    public let region: String
    public let startTime: Instant
    public let input: Payload
    public let type: StateMachineType
    public let redriveCount: Int
    /// A context object that a test of a state gives instead.
    public var contextReplacement: DocumentObject?
    /// The context object's constant parts.
    let executionContext: DocumentObject
    let machineContext: DocumentObject

    public init(
        arn: String, name: String, stateMachineArn: String, stateMachineName: String, roleArn: String, region: String,
        startTime: Instant, input: Payload, type: StateMachineType = .standard, redriveCount: Int = 0,
        redriveTime: Instant? = nil
    ) {
        self.arn = arn
        self.name = name
        self.stateMachineArn = stateMachineArn
        self.stateMachineName = stateMachineName
        self.roleArn = roleArn
        self.region = region
        self.startTime = startTime
        self.input = input
        self.type = type
        self.redriveCount = redriveCount
        var context: DocumentObject = [
            "Id": .string(arn), "Input": input.value, "StartTime": .string(startTime.iso8601()), "Name": .string(name),
            "RoleArn": .string(roleArn),
        ]
        // AWS: what cannot be redriven has no count of it.
        if type == .standard { context["RedriveCount"] = .integer(Int64(redriveCount)) }
        if let redriveTime { context["RedriveTime"] = .string(redriveTime.iso8601()) }
        executionContext = context
        machineContext = ["Id": .string(stateMachineArn), "Name": .string(stateMachineName)]
    }
}
