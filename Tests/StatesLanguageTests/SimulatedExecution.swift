import AWSModel
import StatesLanguage

/// Runs an execution to its end with timers that fire at once, in order of time, and tasks answered by a closure.
struct SimulatedExecution {
    var execution: Execution
    var history: [HistoryEvent] = []
    var now: Instant
    var random = TurnRandom(seed: 7)
    var timers: [ExecutionTimer] = []
    var tasks: [TaskOrder] = []
    var mapRuns: [MapRunOrder] = []
    var turns = 0
    /// Saves and loads the execution between all turns, as a restart would.
    var restartsAlways = false
    /// How many states may be entered or left before a turn ends: 1 makes every step a turn.
    var stepsInATurn = 2_000

    static let account = "123456789012"

    init(
        _ definition: StateMachineDefinition, input: String = "{}", type: StateMachineType = .standard,
        workflow: Int = 0, at start: Instant = Instant(iso8601: "2026-11-23T10:00:00Z")!
    ) throws {
        now = start
        let name = "3f1c3b1e-8f1c-4b1e-9f1c-3b1e8f1c3b1e"
        let identity = ExecutionIdentity(
            arn: "arn:aws:states:us-east-1:\(Self.account):execution:machine-under-test:\(name)", name: name,
            stateMachineArn: "arn:aws:states:us-east-1:\(Self.account):stateMachine:machine-under-test",
            stateMachineName: "machine-under-test", roleArn: "arn:aws:iam::\(Self.account):role/sfn-role",
            region: "us-east-1",
            startTime: start, input: try Payload(parsing: input), type: type)
        execution = Execution(definition: definition, workflow: workflow, identity: identity)
    }

    mutating func send(_ event: ExecutionEvent) throws {
        let turn = execution.apply(event, at: now, random: &random, maximumSteps: stepsInATurn)
        turns += 1
        history += turn.history
        var resumes = false
        for effect in turn.effects {
            switch effect {
            case .startTask(let order): tasks.append(order)
            case .abandonTask(let id): tasks.removeAll { $0.id == id }
            case .startMapRun(let order): mapRuns.append(order)
            case .abandonMapRun(let id): mapRuns.removeAll { $0.id == id }
            case .startTimer(let timer): timers.append(timer)
            case .cancelTimer(let id): timers.removeAll { $0.id == id }
            case .resumeLater: resumes = true
            case .finished: break
            }
        }
        if restartsAlways {
            execution = try Execution(
                restoring: execution.checkpoint, definition: execution.definition, identity: execution.identity)
        }
        if resumes { try send(.resume) }
    }

    /// Runs a distributed Map of given items, one child after the other.
    private mutating func run(_ order: MapRunOrder, answer: (TaskOrder) -> ExecutionEvent?) throws {
        try send(
            .mapRunStarted(
                order.id,
                arn: "arn:aws:states:us-east-1:\(Self.account):mapRun:machine-under-test/\(order.label ?? "run"):one"))
        var results: [DocumentValue] = []
        var failures = 0
        let items = order.items ?? []
        for (index, item) in items.enumerated() {
            let input = try execution.itemInput(ofMapRun: order.id, index: index, value: item, random: &random)
            var child = try SimulatedExecution(
                execution.definition, input: input.text, workflow: order.workflow, at: now)
            try child.run(answer: answer)
            now = child.now
            if let output = child.execution.outcome.output { results.append(output.value) } else { failures += 1 }
        }
        let tolerated = max(
            Double(order.toleratedFailureCount), Double(items.count) * order.toleratedFailurePercentage / 100)
        try send(
            Double(failures) > tolerated
                ? .mapRunFailed(
                    order.id, error: "States.ExceedToleratedFailureThreshold",
                    cause: "The specified tolerated failure threshold was exceeded")
                : .mapRunSucceeded(order.id, Payload(.list(results))))
    }

    /// The oldest task that `answer` has something for is done.
    private mutating func takeAnswer(_ answer: (TaskOrder) -> ExecutionEvent?) -> ExecutionEvent? {
        for (index, task) in tasks.enumerated() {
            if let event = answer(task) {
                // A task that was submitted is still waited for.
                if case .taskSubmitted = event { return event }
                tasks.remove(at: index)
                return event
            }
        }
        return nil
    }

    /// - Parameter answer: what a task comes to; nil leaves it open.
    mutating func run(maximumTurns: Int = 30_000, answer: (TaskOrder) -> ExecutionEvent? = { _ in nil }) throws {
        if execution.lastEventID == 0 { try send(.start) }
        while execution.status == .running, turns < maximumTurns {
            if let order = mapRuns.first {
                mapRuns.removeFirst()
                try run(order, answer: answer)
                continue
            }
            if let event = takeAnswer(answer) {
                try send(event)
                continue
            }
            guard let next = timers.min(by: { ($0.time, $0.id) < ($1.time, $1.id) }) else { return }
            timers.removeAll { $0.id == next.id }
            now = max(now, next.time)
            try send(.timerFired(next.id))
        }
    }
}
