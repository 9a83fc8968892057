import AWSModel

/// From a state's entry to its work.
extension Execution {
    mutating func advance(_ branch: inout Branch, _ turn: inout ExecutionTurn) throws(StateFailure) -> Continuation {
        let state = state(of: branch)
        if case .entering = branch.phase {
            guard !isHistoryFull else {
                throw StateFailure(
                    error: "States.Runtime",
                    cause: "The execution reached the maximum number of history events (\(Self.maximumEvents)).",
                    isFatal: true)
            }
            turn.transitions += 1
            branch.eventBefore = branch.lastEvent
            branch.enteredAt = turn.time
            branch.enteredEvent = record(
                .stateEntered(state.type), after: branch.lastEvent,
                HistoryEventDetails(name: state.name, data: branch.input.text), &turn)
            branch.lastEvent = branch.enteredEvent
            branch.attempt = 0
            if !branch.retriesUsed.isEmpty || !state.retriers.isEmpty {
                branch.retriesUsed = [Int](repeating: 0, count: state.retriers.count)
            }
            branch.phase = .working
        }
        return try work(&branch, state, &turn)
    }

    private mutating func work(
        _ branch: inout Branch, _ state: StateDefinition, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        switch state.kind {
        case .fail(let error, let cause):
            let scope = scope(of: branch, state, data: branch.input)
            throw StateFailure(
                error: try failText(error, "ErrorPath", scope, &turn),
                cause: try failText(cause, "CausePath", scope, &turn))
        case .pass(let result):
            let effective = try effectiveInput(of: branch, state, &turn)
            let payload: Payload =
                if let result { Payload(result) } else { effective }
            return try complete(&branch, state, result: payload, &turn)
        case .succeed:
            return try complete(&branch, state, result: try effectiveInput(of: branch, state, &turn), &turn)
        case .choice(let rules, let defaultState):
            return try choose(&branch, state, rules, defaultState, &turn)
        case .wait(let duration):
            let effective = try effectiveInput(of: branch, state, &turn)
            let until = try waitEnd(duration, scope(of: branch, state, data: effective), turn.time, &turn.random)
            guard until > turn.time else { return try complete(&branch, state, result: effective, &turn) }
            branch.phase = .waiting(timer: arm(.wait, at: until, branch: branch.id, stateName: state.name, &turn))
            return .wait
        case .task(let task): return try startTask(&branch, state, task, &turn)
        case .parallel(let workflows): return try startParallel(&branch, state, workflows, &turn)
        case .map(let map): return try startMap(&branch, state, map, &turn)
        }
    }

    // MARK: Input

    func scope(of branch: Branch, _ state: StateDefinition, data: Payload, token: String? = nil) -> EvaluationScope {
        var context = ContextObject(
            execution: identity.executionContext, stateMachine: identity.machineContext, stateName: state.name,
            enteredTime: branch.enteredAt)
        switch state.kind {
        case .task, .parallel, .map: context.retryCount = branch.attempt
        default: break
        }
        context.taskToken = token
        context.replacement = identity.contextReplacement
        var variables = branch.variables
        var item = branch.item.map { (branch.place, $0) }
        var parent = branch.parent
        while let id = parent, let outer = branches[id] {
            // Inner names hide outer ones.
            if !outer.variables.isEmpty { variables.merge(outer.variables) { inner, _ in inner } }
            if item == nil { item = outer.item.map { (outer.place, $0) } }
            parent = outer.parent
        }
        context.mapItem = item.map { (index: $0.0, value: $0.1) }
        var scope = EvaluationScope(data: data, context: context, variables: variables)
        scope.stateInput = branch.input
        scope.now = now
        return scope
    }

    func afterInputPath(of branch: Branch, _ state: StateDefinition) throws(StateFailure) -> Payload {
        switch state.inputPath {
        case .whole: return branch.input
        case .discard: return .emptyObject
        case .path(let path): return Payload(try scope(of: branch, state, data: branch.input).value(atPathField: path))
        }
    }

    /// What the state works on: after InputPath and Parameters.
    func effectiveInput(
        of branch: Branch, _ state: StateDefinition, token: String? = nil, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Payload {
        let selected = try afterInputPath(of: branch, state)
        guard let parameters = state.parameters else { return selected }
        let scope = scope(of: branch, state, data: selected, token: token)
        return Payload(try parameters.evaluate(in: scope, random: &turn.random))
    }

    // MARK: Fail, Choice, Wait

    private func failText(
        _ text: FailText?, _ field: String, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> String? {
        let value: DocumentValue
        switch text {
        case nil: return nil
        case .text(let text)?: return text
        case .path(let path)?: value = try scope.value(at: path, field: field)
        case .call(let call)?: value = try call.evaluate(in: scope, random: &turn.random)
        case .expression(let template)?: value = try scope.evaluate(template, as: "string", random: &turn.random)
        }
        return value.string ?? JSONWriter.string(value)
    }

    private mutating func choose(
        _ branch: inout Branch, _ state: StateDefinition, _ rules: [ChoiceBranch], _ defaultState: Int?,
        _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        let effective = try afterInputPath(of: branch, state)
        let scope = scope(of: branch, state, data: effective)
        for rule in rules where try rule.condition.holds(in: scope, random: &turn.random) {
            let assigned = try assigned(rule.assign, of: branch, scope, &turn)
            let output = try output(rule.output, scope, &turn) ?? effective
            return try leave(&branch, state, scope, output: output, assigned: assigned, to: .next(rule.next), &turn)
        }
        guard let defaultState else {
            // AWS: not the States.NoChoiceMatched of the language's specification.
            throw .runtime("Failed to transition out of the state. The state does not point to a next state.")
        }
        let assigned = try assigned(state.assign, of: branch, scope, &turn)
        let output = try output(state.output, scope, &turn) ?? effective
        return try leave(&branch, state, scope, output: output, assigned: assigned, to: .next(defaultState), &turn)
    }

    private func waitEnd(
        _ duration: WaitDuration, _ scope: EvaluationScope, _ now: Instant, _ random: inout TurnRandom
    ) throws(StateFailure) -> Instant {
        let end: Instant
        switch duration {
        case .seconds(let seconds): end = now + .seconds(seconds)
        case .timestamp(let instant): end = instant
        case .secondsPath(let path):
            let value = try waitValue(path, "SecondsPath", scope)
            guard let seconds = Self.wholeNumber(value) else {
                throw .runtime(
                    "The SecondsPath parameter cannot be parsed as a long value: \(path.source) == \(Self.plain(value))"
                )
            }
            guard seconds >= 0 else {
                throw .runtime("The SecondsPath parameter references a negative value: \(path.source) == \(seconds)")
            }
            end = now + .seconds(seconds)
        case .secondsExpression(let template):
            let value = try scope.evaluate(template, as: "number", random: &random)
            guard let seconds = value.integer else {
                throw .runtime("The Seconds field does not hold a whole number: \(JSONWriter.string(value))")
            }
            guard seconds >= 0 else { throw .runtime("The Seconds field holds a negative value: \(seconds)") }
            guard seconds <= Int64(Int32.max) else { throw .runtime("Wait state delay is too long.") }
            end = now + .seconds(Int(seconds))
        case .timestampExpression(let template):
            let value = try scope.evaluate(template, as: "string", random: &random)
            guard let instant = value.string.flatMap(Instant.init(iso8601:)) else {
                throw .runtime(
                    "The Timestamp field does not hold a valid ISO-8601 extended offset date-time format string: \(Self.plain(value))"
                )
            }
            end = instant
        case .timestampPath(let path):
            let value = try waitValue(path, "TimestampPath", scope)
            guard let instant = value.string.flatMap(Instant.init(iso8601:)) else {
                throw .runtime(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: \(path.source) == \(Self.plain(value))"
                )
            }
            end = instant
        }
        // AWS: the delay must fit a 32-bit number of seconds, about 68 years.
        guard end - now <= .seconds(Int(Int32.max)) else { throw .runtime("Wait state delay is too long.") }
        return end
    }

    private func waitValue(_ path: JSONPath, _ field: String, _ scope: EvaluationScope) throws(StateFailure)
        -> DocumentValue
    {
        do throws(PathMiss) {
            return try scope.lookUp(path)
        } catch {
            throw .runtime("The \(field) parameter does not reference an input value: \(path.source)")
        }
    }

    /// A whole number, also as text, which AWS parses.
    static func wholeNumber(_ value: DocumentValue) -> Int? {
        switch value {
        case .integer(let number): Int(number)
        case .string(let text): Int(text)
        default: nil
        }
    }

    static func plain(_ value: DocumentValue) -> String { value.string ?? JSONWriter.string(value) }

    mutating func finishWait(_ branch: inout Branch, _ turn: inout ExecutionTurn) throws(StateFailure) -> Continuation {
        let state = state(of: branch)
        return try complete(&branch, state, result: try effectiveInput(of: branch, state, &turn), &turn)
    }

    /// AWS's opening of most causes.
    func sentence(_ branch: Branch, _ state: StateDefinition, _ message: String) -> String {
        "An error occurred while executing the state '\(state.name)' (entered at the event id #\(branch.enteredEvent)). \(message)"
    }
}
