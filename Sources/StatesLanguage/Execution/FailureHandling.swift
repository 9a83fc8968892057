import AWSModel

/// Retry, Catch, and the way up.
extension Execution {
    mutating func fail(_ branch: inout Branch, _ given: StateFailure, _ turn: inout ExecutionTurn) -> Continuation {
        let state = state(of: branch)
        let original = branch
        var failure = given
        if failure.needsStateName {
            failure.cause = sentence(branch, state, failure.cause ?? "")
            failure.needsStateName = false
        }
        recordEvaluation(failure, &branch, state, &turn)
        if case .children = branch.phase { abandonChildren(&branch, &turn) }
        if !failure.isFatal, let wait = retry(&branch, state, failure, &turn) {
            unwound.removeAll()
            return wait
        }
        if failure.isFatal, case .children(let run) = original.phase, run.finished == run.results.count {
            // AWS: this one does follow the event of the success.
            branch.lastEvent = lastEventID
        }
        let before = branch.lastEvent
        recordStateFailure(failure, &branch, state, &turn)
        if !failure.isFatal {
            for catcher in state.catchers
            where ErrorMatching.matches(catcher.errorEquals, failure.error, isHeartbeat: failure.isHeartbeat) {
                do throws(StateFailure) {
                    let continuation = try caught(&branch, state, failure, by: catcher, &turn)
                    unwound.removeAll()
                    return continuation
                } catch {
                    failure = error
                    if failure.needsStateName {
                        failure.cause = sentence(branch, state, failure.cause ?? "")
                        failure.needsStateName = false
                    }
                    // AWS: told from where the state stood, which then fails once more.
                    branch.lastEvent = before
                    recordEvaluation(failure, &branch, state, &turn)
                    recordStateFailure(failure, &branch, state, &turn)
                    break
                }
            }
        }
        unwound.append(original)
        if branch.parent != nil, state.type == .task, !failure.isFatal, !failure.isEvaluation,
            branch.lastEvent != branch.enteredEvent
        {
            // AWS: a task that ends its branch is aborted besides; what follows does not follow that.
            _ = record(.stateAborted(.task), after: branch.lastEvent, &turn)
        }
        guard let parent = branch.parent else {
            failExecution(failure, after: branch.lastEvent, &turn)
            return .ended
        }
        return .childEnded(ChildEnding(branch: branch, parent: parent, result: .failure(failure)))
    }

    /// AWS: what cannot be caught has no such events.
    private mutating func recordStateFailure(
        _ failure: StateFailure, _ branch: inout Branch, _ state: StateDefinition, _ turn: inout ExecutionTurn
    ) {
        guard !failure.isFatal else { return }
        switch state.type {
        case .parallel: branch.lastEvent = record(.parallelStateFailed, after: branch.lastEvent, &turn)
        case .map where !failure.isBeforeWork:
            branch.lastEvent = record(.mapStateFailed, after: branch.lastEvent, &turn)
        default: break
        }
    }

    /// AWS: the event follows what came before the state, unless the state has events of its own already.
    private mutating func recordEvaluation(
        _ failure: StateFailure, _ branch: inout Branch, _ state: StateDefinition, _ turn: inout ExecutionTurn
    ) {
        guard failure.isEvaluation else { return }
        branch.lastEvent = record(
            .evaluationFailed, after: branch.lastEvent == branch.enteredEvent ? branch.eventBefore : branch.lastEvent,
            HistoryEventDetails(name: state.name, error: failure.error, cause: failure.cause, resource: failure.field),
            &turn)
    }

    mutating func failExecution(_ failure: StateFailure, after event: Int, _ turn: inout ExecutionTurn) {
        _ = record(
            .executionFailed, after: event, HistoryEventDetails(error: failure.error, cause: failure.cause), &turn)
        end(ExecutionOutcome(status: .failed, error: failure.error, cause: failure.cause), &turn)
    }

    /// The state failed by itself while branches were still under way.
    private mutating func abandonChildren(_ branch: inout Branch, _ turn: inout ExecutionTurn) {
        guard case .children(let run) = branch.phase else { return }
        let map = state(of: branch).type == .map ? state(of: branch).name : nil
        for child in run.active where branches[child] != nil {
            abort(child, .beside(branch.lastEvent, iterationOf: map), &turn)
        }
        branch.phase = .working
    }

    /// AWS: the first retrier that matches counts, by its own counter for this visit; used up, it leaves the error to Catch.
    private mutating func retry(
        _ branch: inout Branch, _ state: StateDefinition, _ failure: StateFailure, _ turn: inout ExecutionTurn
    ) -> Continuation? {
        guard
            let index = state.retriers.firstIndex(where: {
                ErrorMatching.matches($0.errorEquals, failure.error, isHeartbeat: failure.isHeartbeat)
            }),
            branch.retriesUsed.indices.contains(index)
        else { return nil }
        let retrier = state.retriers[index]
        guard branch.retriesUsed[index] < retrier.maxAttempts, !isHistoryFull else { return nil }
        branch.retriesUsed[index] += 1
        branch.attempt += 1
        turn.transitions += 1
        var delay = retrier.delay(beforeAttempt: branch.retriesUsed[index])
        if retrier.hasFullJitter { delay *= turn.random.fraction() }
        let time = turn.time + .microseconds(Int64(delay * 1_000_000))
        branch.phase = .retrying(timer: arm(.retry, at: time, branch: branch.id, stateName: state.name, &turn))
        return .wait
    }

    private mutating func caught(
        _ branch: inout Branch, _ state: StateDefinition, _ failure: StateFailure, by catcher: Catcher,
        _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        var error = DocumentObject()
        // AWS: what nobody gave is null, except that a time-out's cause is empty.
        error.append("Error", failure.error.map { .string($0) } ?? .null)
        error.append("Cause", failure.cause.map { .string($0) } ?? (failure.error == "States.Timeout" ? "" : .null))
        let errorOutput = Payload(.object(error))
        var scope = scope(of: branch, state, data: errorOutput)
        scope.errorOutput = errorOutput.value
        let assigned = try assigned(catcher.assign, of: branch, scope, &turn)
        let output: Payload
        if let template = catcher.output {
            output = Payload(try template.evaluate(in: scope, random: &turn.random))
        } else {
            output = try Self.merge(errorOutput, into: branch.input, catcher.resultPath)
        }
        guard !output.isTooLarge else { throw .dataLimitExceeded(state.name, isFatal: true) }
        exit(&branch, state, output: output, assigned: assigned, &turn)
        branch.state = catcher.next
        branch.input = output
        branch.phase = .entering
        return .goOn
    }
}
