import AWSModel

/// From a state's result to the next state, or to the end.
extension Execution {
    /// ResultSelector, Assign, ResultPath, OutputPath, then out.
    mutating func complete(
        _ branch: inout Branch, _ state: StateDefinition, result: Payload, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        var scope = scope(of: branch, state, data: result)
        if state.usesJSONata {
            var result: Payload? = result
            switch state.kind {
            case .task, .parallel, .map: scope.result = result
            default: result = nil
            }
            let assigned = try assigned(state.assign, of: branch, scope, &turn)
            let output = try output(state.output, scope, &turn) ?? result ?? branch.input
            return try leave(&branch, state, scope, output: output, assigned: assigned, to: state.transition, &turn)
        }
        if let selector = state.resultSelector {
            scope.data = Payload(try selector.evaluate(in: scope, random: &turn.random))
        }
        let assigned = try assigned(state.assign, of: branch, scope, &turn)
        let merged: Payload
        switch state.kind {
        case .pass, .task, .parallel, .map: merged = try Self.merge(scope.data, into: branch.input, state.resultPath)
        default: merged = scope.data
        }
        return try leave(&branch, state, scope, output: merged, assigned: assigned, to: state.transition, &turn)
    }

    /// AWS: ResultPath puts the result into the state's raw input, not into what InputPath left of it.
    static func merge(_ result: Payload, into input: Payload, _ resultPath: PathField) throws(StateFailure) -> Payload {
        switch resultPath {
        case .whole: return result
        case .discard: return input
        case .path(let path):
            do throws(PathMiss) {
                return Payload(try path.placing(result.value, in: input.value))
            } catch {
                throw StateFailure(
                    error: "States.ResultPathMatchFailure",
                    cause: "Unable to apply ReferencePath \(path.source) to input \(input.text)")
            }
        }
    }

    /// `Output` of a JSONata state.
    func output(
        _ template: PayloadTemplate?, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Payload? {
        guard let template else { return nil }
        return Payload(try template.evaluate(in: scope, random: &turn.random))
    }

    /// - Parameter output: before OutputPath.
    mutating func leave(
        _ branch: inout Branch, _ state: StateDefinition, _ scope: EvaluationScope, output: Payload,
        assigned: DocumentObject?, to transition: StateDefinition.Transition, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        let final: Payload
        switch state.outputPath {
        case .whole: final = output
        case .discard: final = .emptyObject
        case .path(let path):
            var scope = scope
            scope.data = output
            final = Payload(try scope.value(atPathField: path))
        }
        guard !final.isTooLarge else { throw .dataLimitExceeded(state.name, isFatal: true) }
        exit(&branch, state, output: final, assigned: assigned, &turn)
        switch transition {
        case .next(let next):
            branch.state = next
            branch.input = final
            branch.phase = .entering
            return .goOn
        case .end:
            return finish(branch, output: final, &turn)
        }
    }

    mutating func exit(
        _ branch: inout Branch, _ state: StateDefinition, output: Payload, assigned: DocumentObject?,
        _ turn: inout ExecutionTurn
    ) {
        var details = HistoryEventDetails(name: state.name, data: output.text)
        if let assigned, !assigned.isEmpty {
            var texts: [String: String] = [:]
            for (name, value) in assigned {
                let text = JSONWriter.string(value)
                branch.variables[name] = value
                branch.variableBytes[name] = text.utf8.count
                texts[name] = text
            }
            details.assignedVariables = texts
        }
        branch.lastEvent = record(.stateExited(state.type), after: branch.lastEvent, details, &turn)
    }

    /// A branch came to its end.
    private mutating func finish(_ branch: Branch, output: Payload, _ turn: inout ExecutionTurn) -> Continuation {
        guard let parent = branch.parent else {
            _ = record(.executionSucceeded, after: branch.lastEvent, HistoryEventDetails(data: output.text), &turn)
            end(ExecutionOutcome(status: .succeeded, output: output), &turn)
            return .ended
        }
        return .childEnded(ChildEnding(branch: branch, parent: parent, result: .success(output)))
    }

    // MARK: The end of everything

    mutating func end(_ outcome: ExecutionOutcome, _ turn: inout ExecutionTurn) {
        for id in tasks.keys.sorted() { turn.effects.append(.abandonTask(id)) }
        for branch in branches.values.sorted(by: { $0.id < $1.id }) {
            if case .mapRun(let run) = branch.phase { turn.effects.append(.abandonMapRun(run.id)) }
        }
        for id in timers.keys.sorted() { turn.effects.append(.cancelTimer(id)) }
        tasks.removeAll()
        timers.removeAll()
        branches.removeAll()
        ready.removeAll()
        if outcome.status == .succeeded { unwound.removeAll() }
        self.outcome = outcome
        turn.effects.append(.finished(outcome))
    }

    /// AWS: no events for the states that were under way, as there are when it is stopped.
    mutating func timeOut(_ turn: inout ExecutionTurn) {
        for id in branches.keys.sorted() where branches[id]?.parent == nil { abort(id, .silently, &turn) }
        _ = record(.executionTimedOut, after: lastEventID, HistoryEventDetails(error: "States.Timeout"), &turn)
        end(ExecutionOutcome(status: .timedOut, error: "States.Timeout"), &turn)
    }

    mutating func stop(_ error: String?, _ cause: String?, _ turn: inout ExecutionTurn) {
        abortAll(&turn)
        _ = record(.executionAborted, after: lastEventID, HistoryEventDetails(error: error, cause: cause), &turn)
        end(ExecutionOutcome(status: .aborted, error: error, cause: cause), &turn)
    }

    private mutating func abortAll(_ turn: inout ExecutionTurn) {
        for id in branches.keys.sorted() where branches[id]?.parent == nil {
            abort(id, .bottomUp(iterationOf: nil), &turn)
        }
    }
}
