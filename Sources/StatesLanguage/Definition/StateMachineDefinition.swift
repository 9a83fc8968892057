import AWSModel

/// A state machine's definition, parsed once into indexed structures: running it looks nothing up by name.
public final class StateMachineDefinition: Sendable {
    /// The text as given.
    public let source: String
    public let comment: String?
    public let timeoutSeconds: Int?
    /// The machine itself first, then every branch of a Parallel and every item processor of a Map.
    public let workflows: [Workflow]
    /// Whether anything in it came with the language's releases since November 2024.
    let isOfLateRelease: Bool

    init(source: String, comment: String?, timeoutSeconds: Int?, workflows: [Workflow]) {
        self.source = source
        self.comment = comment
        self.timeoutSeconds = timeoutSeconds
        self.workflows = workflows
        isOfLateRelease = workflows.contains { workflow in
            workflow.states.contains { state in
                if state.usesJSONata || state.assign != nil { return true }
                guard case .map(let map) = state.kind else { return false }
                return map.itemsPath != nil && map.distributed?.itemReader != nil
            }
        }
    }

    /// The state of a name, which is unique within the whole machine.
    public func state(named name: String) -> StateDefinition? {
        for workflow in workflows {
            if let state = workflow.states.first(where: { $0.name == name }) { return state }
        }
        return nil
    }

    /// What a Map does with each item, as it stands in the text.
    public func itemProcessor(ofMap name: String) -> DocumentObject? {
        let document = state(named: name)?.document
        return document?.object("ItemProcessor") ?? document?.object("Iterator")
    }

    /// The states of a workflow, and of every workflow inside it.
    public func states(within workflow: Int) -> [StateDefinition] {
        guard workflows.indices.contains(workflow) else { return [] }
        return workflows[workflow].states.flatMap { state in
            switch state.kind {
            case .parallel(let branches): [state] + branches.flatMap { states(within: $0) }
            case .map(let map): [state] + states(within: map.workflow)
            default: [state]
            }
        }
    }

    /// Every state, in the order of the text.
    public var allStates: [StateDefinition] { workflows.flatMap(\.states) }
}

/// States that lead to one another: a machine, a branch, or what a Map does with each item.
public struct Workflow: Sendable {
    /// Index in ``StateMachineDefinition/workflows``.
    public let id: Int
    public let startAt: Int
    public let states: [StateDefinition]
}

public struct StateDefinition: Sendable {
    public enum Kind: Sendable {
        /// `result` is `Result`, where there is one.
        case pass(result: DocumentValue?)
        case task(TaskDefinition)
        case choice(rules: [ChoiceBranch], defaultState: Int?)
        case wait(WaitDuration)
        case succeed
        case fail(error: FailText?, cause: FailText?)
        case parallel(workflows: [Int])
        case map(MapDefinition)
    }

    public enum Transition: Sendable, Hashable {
        case end
        /// Index within the workflow.
        case next(Int)
    }

    /// `Pass`, `Task` … as in `Type`.
    public let type: StateType
    public let name: String
    public let comment: String?
    public let kind: Kind
    public let inputPath: PathField
    public let outputPath: PathField
    /// `Parameters` or `Arguments`, or `ItemSelector` of a Map.
    public let parameters: PayloadTemplate?
    public let resultSelector: PayloadTemplate?
    public let resultPath: PathField
    public let assign: PayloadTemplate?
    /// `Output` of a JSONata state.
    public let output: PayloadTemplate?
    public let usesJSONata: Bool
    public let transition: Transition
    public let retriers: [Retrier]
    public let catchers: [Catcher]
    /// The state's own member of `States`, for showing.
    public let document: DocumentObject
}

public enum StateType: String, Sendable, Hashable, CaseIterable {
    // In the order in which AWS lists them.
    case task = "Task"
    case wait = "Wait"
    case pass = "Pass"
    case succeed = "Succeed"
    case fail = "Fail"
    case choice = "Choice"
    case parallel = "Parallel"
    case map = "Map"
}

/// A path field, which may also be null.
public enum PathField: Sendable, Hashable {
    /// Not given, or `$`.
    case whole
    /// `null`: nothing goes in, or nothing of it is kept.
    case discard
    case path(JSONPath)
}

public struct ChoiceBranch: Sendable {
    public let condition: ChoiceCondition
    public let next: Int
    public let assign: PayloadTemplate?
    public let output: PayloadTemplate?
}

public enum WaitDuration: Sendable {
    case seconds(Int)
    case secondsPath(JSONPath)
    case timestamp(Instant)
    case timestampPath(JSONPath)
    case secondsExpression(PayloadTemplate)
    case timestampExpression(PayloadTemplate)
}

/// `Error`, `ErrorPath` and their like of a Fail state.
public enum FailText: Sendable {
    case text(String)
    case path(JSONPath)
    case call(IntrinsicExpression)
    /// Of a JSONata state.
    case expression(PayloadTemplate)
}

/// Seconds that are given, or looked up when the state is entered.
public enum SecondsField: Sendable {
    case seconds(Int)
    case path(JSONPath)
    /// Of a JSONata state.
    case expression(PayloadTemplate)
}

public struct TaskDefinition: Sendable {
    public let resource: TaskResource
    public let timeout: SecondsField?
    public let heartbeat: SecondsField?
    /// `Credentials`.
    public let credentials: PayloadTemplate?
}

public struct MapDefinition: Sendable {
    public let workflow: Int
    public let itemsPath: JSONPath?
    /// `Items` of a JSONata state.
    public let items: PayloadTemplate?
    public let maxConcurrency: SecondsField?
    /// Set where iterations are executions of their own.
    public let distributed: DistributedMap?
}

/// What only a Map in mode DISTRIBUTED has. Values are templates as the payload templates of any state.
public struct DistributedMap: Sendable {
    /// `ProcessorConfig.ExecutionType`.
    public let executionType: StateMachineType
    public let label: String?
    public let itemReader: PayloadTemplate?
    public let itemBatcher: PayloadTemplate?
    public let resultWriter: PayloadTemplate?
    public let toleratedFailureCount: SecondsField?
    public let toleratedFailurePercentage: PercentageField?
}

/// A percentage that is given, or looked up when the state is entered.
public enum PercentageField: Sendable {
    case percentage(Double)
    case path(JSONPath)
    case expression(PayloadTemplate)
}

public struct Retrier: Sendable {
    public let errorEquals: [String]
    public let intervalSeconds: Int
    public let maxAttempts: Int
    public let backoffRate: Double
    public let maxDelaySeconds: Int?
    /// AWS: `FULL` waits a uniform time between nothing and the delay.
    public let hasFullJitter: Bool
    public let document: DocumentObject

    /// Seconds before attempt `number` (1 is the first retry), without jitter.
    public func delay(beforeAttempt number: Int) -> Double {
        var delay = Double(intervalSeconds)
        for _ in 1..<max(number, 1) { delay = min(delay * backoffRate, 99_999_999) }
        if let maxDelaySeconds { delay = min(delay, Double(maxDelaySeconds)) }
        return delay
    }
}

public struct Catcher: Sendable {
    public let errorEquals: [String]
    public let next: Int
    public let resultPath: PathField
    public let assign: PayloadTemplate?
    public let output: PayloadTemplate?
}

enum ErrorMatching {
    /// Whether a retrier's or catcher's names cover a failure.
    /// AWS: `States.TaskFailed` stands for every error but `States.Timeout`; `States.HeartbeatTimeout` is only a name here.
    static func matches(_ names: [String], _ error: String?, isHeartbeat: Bool = false) -> Bool {
        for name in names {
            if name == "States.ALL" || name == error { return true }
            if name == "States.TaskFailed", error != "States.Timeout" { return true }
            if name == "States.HeartbeatTimeout", isHeartbeat { return true }
        }
        return false
    }
}
