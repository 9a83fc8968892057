import AWSModel

/// A running state machine as a value: everything it is stands in it, and it moves only by ``apply(_:at:random:maximumSteps:)``.
public struct Execution: Sendable {
    public let definition: StateMachineDefinition
    public let identity: ExecutionIdentity
    public internal(set) var outcome = ExecutionOutcome(status: .running)
    public internal(set) var lastEventID = 0

    var branches: [Int: Branch] = [:]
    /// Branches that can go on at once, in the order in which they take turns.
    var ready: [Int] = []
    var timers: [Int: ExecutionTimer] = [:]
    /// The branch that waits for a task.
    var tasks: [Int: Int] = [:]
    var lastID = 0
    /// What a redrive would go on with: the branches that a failure or an end unwound.
    var unwound: [Branch] = []
    /// Activities that are not there: whoever runs the execution says so before each turn.
    public var unknownActivities: Set<String> = []
    /// When the present turn is.
    var now = Instant.epoch
    /// Which workflow of the definition runs: 0 is the machine itself, another one a distributed Map's item processor.
    public let workflow: Int

    /// AWS: a Standard execution that reaches this many events fails.
    public static let maximumEvents = 25_000

    /// - Parameter workflow: the item processor's, for a child execution of a distributed Map.
    public init(definition: StateMachineDefinition, workflow: Int = 0, identity: ExecutionIdentity) {
        self.definition = definition
        self.workflow = definition.workflows.indices.contains(workflow) ? workflow : 0
        self.identity = identity
    }

    public var status: ExecutionStatus { outcome.status }
    /// Timers to be armed again after a restart.
    public var pendingTimers: [ExecutionTimer] { timers.values.sorted { $0.id < $1.id } }
    public var pendingTaskIDs: [Int] { tasks.keys.sorted() }
    /// Whether steps are left over from a turn that ran out of them.
    public var canResume: Bool { status == .running && !ready.isEmpty }

    /// Lets one thing happen.
    /// - Parameters:
    ///   - random: draws the seed of the turn's jitter, UUIDs and random numbers.
    ///   - maximumSteps: how many states may be entered or left before the turn ends with `.resumeLater`.
    public mutating func apply(
        _ event: ExecutionEvent, at time: Instant, random: inout some RandomNumberGenerator, maximumSteps: Int = 2_000
    ) -> ExecutionTurn {
        var turn = ExecutionTurn(time: time, random: TurnRandom(seed: random.next()), stepsLeft: maximumSteps)
        guard status == .running else { return turn }
        now = time
        accept(event, &turn)
        while status == .running, !ready.isEmpty {
            guard turn.stepsLeft > 0 else {
                turn.effects.append(.resumeLater)
                break
            }
            turn.stepsLeft -= 1
            step(ready.removeFirst(), &turn)
        }
        return turn
    }

    private mutating func accept(_ event: ExecutionEvent, _ turn: inout ExecutionTurn) {
        switch event {
        case .start: start(&turn)
        case .resume: break
        case .timerFired(let id):
            guard let timer = timers.removeValue(forKey: id) else { return }
            fire(timer, &turn)
        case .taskSucceeded(let id, let result): finishTask(id, .success(result), &turn)
        case .taskFailed(let id, let error, let cause):
            finishTask(id, .failure(StateFailure(error: error, cause: cause)), &turn)
        case .taskSubmitted(let id, let output): submitTask(id, output, &turn)
        case .taskHeartbeat(let id): heartbeat(id, &turn)
        case .activityStarted(let id, let workerName): startActivity(id, workerName, &turn)
        case .mapRunStarted(let id, let arn): noteMapRun(id, arn, &turn)
        case .mapRunSucceeded(let id, let result): finishMapRun(id, .success(result), &turn)
        case .mapRunFailed(let id, let error, let cause):
            finishMapRun(id, .failure(StateFailure(error: error, cause: cause)), &turn)
        case .redrive: redrive(&turn)
        case .stop(let error, let cause): stop(error, cause, &turn)
        }
    }

    private mutating func start(_ turn: inout ExecutionTurn) {
        guard lastEventID == 0 else { return }
        _ = record(
            .executionStarted, after: 0, HistoryEventDetails(data: identity.input.text, roleArn: identity.roleArn),
            &turn)
        // AWS: the first state's event names no predecessor.
        addBranch(parent: nil, place: 0, workflow: workflow, input: identity.input, after: 0, item: nil)
        armExecutionTimeout(&turn)
    }

    mutating func armExecutionTimeout(_ turn: inout ExecutionTurn) {
        // AWS: the machine's limit is not its child executions'.
        if workflow == 0, let seconds = definition.timeoutSeconds {
            arm(.executionTimeout, at: turn.time + .seconds(seconds), branch: 0, stateName: "", &turn)
        }
    }

    private mutating func fire(_ timer: ExecutionTimer, _ turn: inout ExecutionTurn) {
        switch timer.kind {
        case .executionTimeout: timeOut(&turn)
        case .taskTimeout: timeOutTask(of: timer.branch, isHeartbeat: false, &turn)
        case .heartbeat: timeOutTask(of: timer.branch, isHeartbeat: true, &turn)
        case .retry:
            branches[timer.branch]?.phase = .working
            ready.append(timer.branch)
        case .wait:
            run(timer.branch, &turn) { (execution, branch, turn) throws(StateFailure) in
                try execution.finishWait(&branch, &turn)
            }
        }
    }

    // MARK: Steps

    private mutating func step(_ id: Int, _ turn: inout ExecutionTurn) {
        run(id, &turn) { (execution, branch, turn) throws(StateFailure) in try execution.advance(&branch, &turn) }
    }

    /// Moves a branch, and whoever waited for its end: in a loop, as branches may be nested deeper than the stack.
    mutating func run(
        _ id: Int, _ turn: inout ExecutionTurn,
        _ body: (inout Execution, inout Branch, inout ExecutionTurn) throws(StateFailure) -> Continuation
    ) {
        var ending = move(id, &turn, body)
        while let child = ending {
            switch child.result {
            case .success(let output): ending = childFinished(child.branch, of: child.parent, output, &turn)
            case .failure(let failure): ending = childFailed(child.branch, of: child.parent, failure, &turn)
            }
        }
    }

    /// Takes a branch out, lets `body` move it, and puts it back unless it ended. A failure goes the way of Retry and Catch.
    mutating func move(
        _ id: Int, _ turn: inout ExecutionTurn,
        _ body: (inout Execution, inout Branch, inout ExecutionTurn) throws(StateFailure) -> Continuation
    ) -> ChildEnding? {
        guard var branch = branches.removeValue(forKey: id) else { return nil }
        let continuation: Continuation
        do throws(StateFailure) {
            continuation = try body(&self, &branch, &turn)
        } catch {
            continuation = fail(&branch, error, &turn)
        }
        guard status == .running else { return nil }
        switch continuation {
        case .goOn:
            branches[id] = branch
            ready.append(id)
        case .wait: branches[id] = branch
        case .ended: break
        case .childEnded(let ending): return ending
        }
        return nil
    }

    /// What becomes of a branch after it moved.
    enum Continuation {
        /// It has more to do at once.
        case goOn
        /// It waits for something.
        case wait
        case ended
        /// The branch above has to hear of it.
        case childEnded(ChildEnding)
    }

    /// What a branch came to.
    struct ChildEnding {
        var branch: Branch
        var parent: Int
        var result: Result<Payload, StateFailure>
    }

    // MARK: Bookkeeping

    func state(of branch: Branch) -> StateDefinition { definition.workflows[branch.workflow].states[branch.state] }

    mutating func addBranch(
        parent: Int?, place: Int, workflow: Int, input: Payload, after event: Int, item: DocumentValue?
    ) {
        lastID += 1
        var branch = Branch(
            id: lastID, parent: parent, place: place, workflow: workflow, state: definition.workflows[workflow].startAt,
            input: input, lastEvent: event)
        branch.item = item
        branches[lastID] = branch
        ready.append(lastID)
    }

    mutating func record(_ type: HistoryEventType, after previous: Int, _ turn: inout ExecutionTurn) -> Int {
        record(type, after: previous, HistoryEventDetails(), &turn)
    }

    mutating func record(
        _ type: HistoryEventType, after previous: Int, _ details: HistoryEventDetails, _ turn: inout ExecutionTurn
    ) -> Int {
        lastEventID += 1
        turn.history.append(
            HistoryEvent(id: lastEventID, previousEventID: previous, timestamp: turn.time, type: type, details: details)
        )
        return lastEventID
    }

    /// AWS keeps the last event for the failure itself.
    var isHistoryFull: Bool { identity.type == .standard && lastEventID >= Self.maximumEvents - 1 }

    @discardableResult
    mutating func arm(
        _ kind: ExecutionTimer.Kind, at time: Instant, branch: Int, stateName: String, _ turn: inout ExecutionTurn
    ) -> Int {
        lastID += 1
        let timer = ExecutionTimer(id: lastID, time: time, kind: kind, stateName: stateName, branch: branch)
        timers[lastID] = timer
        turn.effects.append(.startTimer(timer))
        return lastID
    }

    mutating func disarm(_ id: Int?, _ turn: inout ExecutionTurn) {
        guard let id, timers.removeValue(forKey: id) != nil else { return }
        turn.effects.append(.cancelTimer(id))
    }
}
