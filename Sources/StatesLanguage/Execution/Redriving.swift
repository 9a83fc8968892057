import AWSModel

/// RedriveExecution: an execution that failed, was stopped or timed out goes on at the steps that did not succeed.
extension Execution {
    /// - Parameters:
    ///   - document: the ``checkpoint`` of the execution as it ended.
    ///   - identity: with the count and time of this redrive.
    public init(
        redriving document: DocumentObject, definition: StateMachineDefinition, identity: ExecutionIdentity
    ) throws(CheckpointError) {
        try self.init(restoring: document, definition: definition, identity: identity)
        guard [.failed, .aborted, .timedOut].contains(status), unwound.contains(where: { $0.parent == nil })
        else { throw CheckpointError() }
        outcome = ExecutionOutcome(status: .running)
    }

    /// AWS: what succeeded is not run again; retry counters and time limits start anew.
    mutating func redrive(_ turn: inout ExecutionTurn) {
        guard !unwound.isEmpty, branches.isEmpty else { return }
        let event = record(
            .executionRedriven, after: lastEventID, HistoryEventDetails(index: identity.redriveCount), &turn)
        armExecutionTimeout(&turn)
        let old = unwound
        unwound.removeAll()
        let known = Set(old.map(\.id))
        for var branch in old {
            branch.lastEvent = event
            branch.retriesUsed = [Int](repeating: 0, count: state(of: branch).retriers.count)
            branch.attempt = 0
            branches[branch.id] = branch
        }
        for id in old.map(\.id).sorted() { goOn(id, known, &turn) }
    }

    private mutating func goOn(_ id: Int, _ known: Set<Int>, _ turn: inout ExecutionTurn) {
        guard var branch = branches[id] else { return }
        let state = state(of: branch)
        switch branch.phase {
        case .entering: ready.append(id)
        case .children(var run):
            run.active.removeAll { !known.contains($0) }
            if run.active.isEmpty {
                // All of it had come to an end: the state itself failed, so that it is run whole again.
                branch.phase = .working
                ready.append(id)
            } else {
                branch.phase = .children(run)
            }
        case .mapRun(let run): restartMapRun(&branch, run, &turn)
        case .working, .task, .waiting, .retrying:
            // AWS: a Fail state is entered again; other states go on inside.
            branch.phase = state.type == .fail ? .entering : .working
            ready.append(id)
        }
        branches[id] = branch
    }

    private mutating func restartMapRun(_ branch: inout Branch, _ old: MapRunWait, _ turn: inout ExecutionTurn) {
        branch.phase = .working
        let id = branch.id
        guard old.arn != nil else {
            ready.append(id)
            return
        }
        branches[id] = branch
        let before = turn.history.count
        let lastEvent = lastEventID
        run(id, &turn) { (execution, branch, turn) throws(StateFailure) in
            let state = execution.state(of: branch)
            guard case .map(let map) = state.kind, let distributed = map.distributed else { return .goOn }
            let input = try execution.afterInputPath(of: branch, state)
            let place = branch.lastEvent
            let continuation = try execution.startMapRun(&branch, state, map, distributed, input, &turn)
            // The run goes on: the state does not start again in history.
            turn.history.removeSubrange(before...)
            execution.lastEventID = lastEvent
            branch.lastEvent = place
            if case .mapRun(var run) = branch.phase {
                run.arn = old.arn
                branch.phase = .mapRun(run)
            }
            if case .startMapRun(var order)? = turn.effects.last {
                order.redriven = old.arn
                turn.effects[turn.effects.count - 1] = .startMapRun(order)
            }
            return continuation
        }
        if let moved = branches[id] { branch = moved }
    }
}
