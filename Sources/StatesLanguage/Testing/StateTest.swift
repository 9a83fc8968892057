import AWSModel

/// TestState: one state, run by itself with a given input and, where asked for, a given outcome of its work.
public struct StateTest: Sendable {
    /// What stands in for the work of a Task, Parallel or Map.
    public enum Mock: Sendable {
        case result(Payload)
        case failure(error: String?, cause: String?)
    }

    public var definition: StateMachineDefinition
    public var stateName: String
    public var identity: ExecutionIdentity
    public var input: Payload
    public var variables: DocumentObject = [:]
    public var mock: Mock?
    /// How often the retrier that matches was used before.
    public var retryCount = 0
    public var time: Instant

    public init(
        definition: StateMachineDefinition, stateName: String, identity: ExecutionIdentity, input: Payload,
        time: Instant
    ) {
        self.definition = definition
        self.stateName = stateName
        self.identity = identity
        self.input = input
        self.time = time
    }

    public struct Outcome: Sendable {
        public enum Status: String, Sendable {
            case succeeded = "SUCCEEDED"
            case failed = "FAILED"
            case retriable = "RETRIABLE"
            case caughtError = "CAUGHT_ERROR"
        }

        public var status: Status
        public var output: Payload?
        public var error: String?
        public var cause: String?
        public var nextState: String?
        public var catchIndex: Int?
        public var retryIndex: Int?
        public var retryBackoffSeconds: Int?
        /// The variables after the state, where it set any.
        public var variables: DocumentObject?
        public var stages: StateStages
    }

    /// What the state works on, so that somebody can do the work.
    public func workInput(random: inout some RandomNumberGenerator) throws(StateFailure) -> Payload {
        guard let place else { return input }
        let execution = Execution(definition: definition, workflow: place.workflow, identity: identity)
        var turn = ExecutionTurn(time: time, random: TurnRandom(seed: random.next()), stepsLeft: 0)
        let branch = branch(at: place)
        return try execution.effectiveInput(of: branch, execution.state(of: branch), &turn)
    }

    /// Runs the state. A Wait passes at once.
    public func run(random: inout some RandomNumberGenerator) -> Outcome? {
        guard let place else { return nil }
        var execution = Execution(definition: definition, workflow: place.workflow, identity: identity)
        var turn = ExecutionTurn(time: time, random: TurnRandom(seed: random.next()), stepsLeft: 0)
        let start = branch(at: place)
        let state = execution.state(of: start)
        execution.branches[start.id] = start
        execution.lastID = start.id
        var failure: StateFailure?
        execution.run(start.id, &turn) { (execution, branch, turn) throws(StateFailure) in
            do throws(StateFailure) {
                return try work(&execution, &branch, state, &turn)
            } catch {
                failure = error
                throw error
            }
        }
        return outcome(of: execution, state, start, failure)
    }

    private func work(
        _ execution: inout Execution, _ branch: inout Branch, _ state: StateDefinition, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Execution.Continuation {
        switch mock {
        case .result(let payload)?:
            if state.type == .task { _ = try execution.effectiveInput(of: branch, state, &turn) }
            return try execution.complete(&branch, state, result: payload, &turn)
        case .failure(let error, let cause)?:
            if state.type == .task { _ = try execution.effectiveInput(of: branch, state, &turn) }
            throw StateFailure(error: error, cause: cause)
        case nil:
            if state.type == .wait {
                let continuation = try execution.advance(&branch, &turn)
                guard case .waiting = branch.phase else { return continuation }
                return try execution.finishWait(&branch, &turn)
            }
            return try execution.advance(&branch, &turn)
        }
    }

    // MARK: Where it stands

    private struct Place {
        var workflow: Int
        var state: Int
    }

    private var place: Place? {
        for workflow in definition.workflows {
            if let state = workflow.states.firstIndex(where: { $0.name == stateName }) {
                return Place(workflow: workflow.id, state: state)
            }
        }
        return nil
    }

    private func branch(at place: Place) -> Branch {
        var branch = Branch(
            id: 1, parent: nil, place: 0, workflow: place.workflow, state: place.state, input: input, phase: .working,
            lastEvent: 0)
        branch.enteredAt = time
        branch.attempt = retryCount
        let retriers = definition.workflows[place.workflow].states[place.state].retriers.count
        branch.retriesUsed = [Int](repeating: retryCount, count: retriers)
        for (name, value) in variables { branch.variables[name] = value }
        return branch
    }

    // MARK: What came of it

    private func outcome(
        of execution: Execution, _ state: StateDefinition, _ start: Branch, _ failure: StateFailure?
    ) -> Outcome {
        var result: Payload?
        if case .result(let payload)? = mock { result = payload }
        var known: [String: DocumentValue] = [:]
        for (name, value) in variables { known[name] = value }
        let stages = state.stages(
            input: input, result: result, identity: identity, enteredAt: time, variables: known)
        var outcome = Outcome(status: .succeeded, stages: stages)
        let after = execution.branches[start.id]
        if let after, case .entering = after.phase {
            outcome.output = after.input
            outcome.nextState = definition.workflows[after.workflow].states[after.state].name
        } else {
            outcome.output = execution.outcome.output
        }
        if let after, !after.variables.isEmpty {
            outcome.variables = DocumentObject(after.variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
        guard let failure else { return outcome }
        outcome.error = failure.error
        outcome.cause =
            failure.needsStateName ? execution.sentence(start, state, failure.cause ?? "") : failure.cause
        let retrier =
            failure.isFatal ? nil : state.retriers.firstIndex { ErrorMatching.matches($0.errorEquals, failure.error) }
        outcome.retryIndex = retrier
        guard let after else {
            outcome.status = .failed
            outcome.error = execution.outcome.error
            outcome.cause = execution.outcome.cause
            outcome.output = nil
            return outcome
        }
        if case .retrying = after.phase, let retrier {
            outcome.status = .retriable
            outcome.output = nil
            outcome.retryBackoffSeconds = Int(state.retriers[retrier].delay(beforeAttempt: retryCount + 1))
        } else {
            outcome.status = .caughtError
            outcome.catchIndex = state.catchers.firstIndex { ErrorMatching.matches($0.errorEquals, failure.error) }
        }
        return outcome
    }
}
