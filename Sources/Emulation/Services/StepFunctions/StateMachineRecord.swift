import AWSModel
import AWSTypes
import StatesLanguage

/// A definition and a role as they were at one time. Executions keep the one they were started with.
final class MachineRevision {
    let id: Int64
    let machineArn: String
    let source: String
    let roleArn: String
    /// AWS: none for a machine that was never updated.
    let revisionID: String?
    let created: Instant
    let type: StateMachineType
    private var parsed: StateMachineDefinition?

    init(
        id: Int64, machineArn: String, source: String, roleArn: String, revisionID: String?, created: Instant,
        type: StateMachineType, parsed: StateMachineDefinition? = nil
    ) {
        self.id = id
        self.machineArn = machineArn
        self.source = source
        self.roleArn = roleArn
        self.revisionID = revisionID
        self.created = created
        self.type = type
        self.parsed = parsed
    }

    /// The activities that its tasks wait for.
    private(set) lazy var activities: [String] = (definition?.allStates ?? []).compactMap { state in
        guard case .task(let task) = state.kind, case .activity(let arn) = task.resource else { return nil }
        return arn
    }

    /// Parsed once, on first use. It was valid when it was stored.
    var definition: StateMachineDefinition? {
        if let parsed { return parsed }
        parsed = StateMachineDefinition.parse(source, type: type).definition
        return parsed
    }
}

/// AWS: what a version was published with stays as it was, its logging and tracing too.
struct MachineVersion {
    var number: Int
    var revision: Int64
    var description: String?
    var created: Instant
    var logging: SFN.LoggingConfiguration
    var tracing: SFN.TracingConfiguration
}

/// A state machine with its settings and executions.
final class StateMachineRecord {
    let arn: String
    let name: String
    let scope: Scope
    let type: StateMachineType
    let created: Instant
    var revision: MachineRevision
    var updated: Instant
    var logging: SFN.LoggingConfiguration
    var tracing: SFN.TracingConfiguration
    var encryption: SFN.EncryptionConfiguration?
    var tags: [(key: String, value: String)] = []
    var versions: [MachineVersion] = []
    var lastVersion = 0
    var aliases: [MachineAlias] = []
    var isDeleting = false
    /// In the order of their starts.
    var executions: [ExecutionRecord] = []
    var running = 0
    var failures = 0
    /// Tasks begun since the engine started, by the resource they call.
    var taskCounts: [String: Int] = [:]
    var taskFailures: [String: Int] = [:]
    /// The tokens of tasks that wait, oldest first, among some that wait no longer.
    var waiting = TokenLine()
    var series: MachineMetrics
    /// Answers that stand in for its tasks.
    var mocks: [MockedStateKey: MockedState] = [:]

    init(
        arn: String, name: String, scope: Scope, type: StateMachineType, created: Instant, revision: MachineRevision,
        updated: Instant, logging: SFN.LoggingConfiguration, tracing: SFN.TracingConfiguration
    ) {
        self.arn = arn
        self.name = name
        self.scope = scope
        self.type = type
        self.created = created
        self.revision = revision
        self.updated = updated
        self.logging = logging
        self.tracing = tracing
        series = MachineMetrics(machineArn: arn, scope: scope)
    }
}

/// A task that waits for somebody to send its token back.
struct WaitingTask {
    var record: ExecutionRecord
    var task: Int
    /// Nil where it was begun before a restart.
    var since: Instant?
}

/// Tokens in the order in which they were handed out. Those that are done with are dropped when the line is read.
struct TokenLine {
    private var tokens: [String] = []
    private var head = 0

    mutating func append(_ token: String) { tokens.append(token) }

    /// The oldest that still waits, and how many do at most.
    mutating func oldest(where isWaiting: (String) -> Bool) -> (token: String, count: Int)? {
        while head < tokens.count, !isWaiting(tokens[head]) { head += 1 }
        if head > 64, head * 2 > tokens.count {
            tokens.removeFirst(head)
            head = 0
        }
        return head < tokens.count ? (tokens[head], tokens.count - head) : nil
    }
}

/// One execution. Standard ones are kept after their end, their bulk on disk.
final class ExecutionRecord {
    /// Key of the history's rows; 0 for Express.
    let id: Int64
    let arn: String
    let name: String
    unowned let machine: StateMachineRecord
    let revision: MachineRevision
    let versionArn: String?
    /// Whose mocks stand in for its tasks, and how often each state has called.
    var testCase: String?
    var mockedCalls: [String: Int] = [:]
    /// How often it was redriven, and when last.
    var redrives = 0
    var redriven: Instant?
    var redriveTokens: [RedriveToken] = []
    /// The alias it was started through.
    var aliasArn: String?
    let started: Instant
    var stopped: Instant?
    var status: ExecutionStatus
    var error: String?
    var cause: String?
    /// Nil once it lies only on disk.
    var input: String?
    var output: String?
    /// Nil once ended.
    var execution: Execution?
    /// Events up to this one lie on disk and not in `recent`.
    var storedEvents = 0
    var recent: [HistoryEvent] = []
    var timers: [Int: TimerID] = [:]
    var origin: Cause?
    var caller: Caller
    var traceHeader: String?
    var billedTransitions = 0
    /// The distributed Maps it has begun, oldest first.
    var mapRuns: [MapRunRecord] = []
    /// The run it is a child of.
    weak var mapRun: MapRunRecord?
    /// Of a child: how many items it was given.
    var itemCount = 1
    /// Tasks of other executions that wait for the end of this one.
    var onEnd: [(ExecutionRecord) -> Void] = []
    /// The executions that its tasks wait for, by the task's id.
    var awaited: [Int: String] = [:]
    /// When tasks that are out were scheduled and started, by their last event; for metrics.
    var taskTimes: [Int: TaskTimes] = [:]
    /// The resources that tasks which are out call, by the task's id.
    var taskTargets: [Int: String] = [:]
    /// Answers a StartSyncExecution.
    var onFinished: ((ExecutionRecord) -> Void)?
    /// Whether a row exists: always for Standard, for Express only while it waits for something.
    var isStored = false
    var logStream: String?
    /// What its last HTTP Task sent and got, for TestState.
    var exchange: HTTPExchange?
    var tokens: Set<String> = []

    init(
        id: Int64, arn: String, name: String, machine: StateMachineRecord, revision: MachineRevision,
        versionArn: String?,
        started: Instant, caller: Caller
    ) {
        self.id = id
        self.arn = arn
        self.name = name
        self.machine = machine
        self.revision = revision
        self.versionArn = versionArn
        self.started = started
        self.caller = caller
        status = .running
    }

    /// By its name: the children of a Standard machine's Map may be Express.
    private(set) lazy var isStandard = !arn.contains(":express:")
    /// `Label` of `execution:Machine/Label:name`: only children of a distributed Map have one.
    private(set) lazy var mapLabel: String? = arn.split(separator: ":").lazy.compactMap { part in
        part.firstIndex(of: "/").map { String(part[part.index(after: $0)...]) }
    }.first
    /// The version that it runs, while that is there.
    private(set) lazy var version: MachineVersion? = {
        let number = versionArn?.split(separator: ":").last.flatMap { Int($0) }
        return number.flatMap { number in machine.versions.first { $0.number == number } }
    }()
    var logging: SFN.LoggingConfiguration { version?.logging ?? machine.logging }
    var tracing: SFN.TracingConfiguration { version?.tracing ?? machine.tracing }
    /// AWS: a child's machine is named after the Map too.
    var machineArn: String { mapLabel.map { "\(machine.arn)/\($0)" } ?? machine.arn }
}
