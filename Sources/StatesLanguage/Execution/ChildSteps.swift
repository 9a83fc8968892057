import AWSModel

/// Parallel and inline Map: branches below a state.
extension Execution {
    /// AWS: an inline Map without MaxConcurrency runs about this many iterations at once.
    private static let defaultConcurrency = 40

    mutating func startParallel(
        _ branch: inout Branch, _ state: StateDefinition, _ workflows: [Int], _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        let input = try effectiveInput(of: branch, state, &turn)
        branch.lastEvent = record(.parallelStateStarted, after: branch.lastEvent, &turn)
        var run = ChildRun(results: [Payload?](repeating: nil, count: workflows.count), nextItem: workflows.count)
        for (place, workflow) in workflows.enumerated() {
            addBranch(
                parent: branch.id, place: place, workflow: workflow, input: input, after: branch.lastEvent, item: nil)
            run.active.append(lastID)
        }
        branch.phase = .children(run)
        return .wait
    }

    mutating func startMap(
        _ branch: inout Branch, _ state: StateDefinition, _ map: MapDefinition, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        let input = try afterInputPath(of: branch, state)
        if let distributed = map.distributed {
            return try startMapRun(&branch, state, map, distributed, input, &turn)
        }
        let scope = scope(of: branch, state, data: input)
        let items = try items(of: map, state, scope, &turn)
        let limit = try concurrency(map.maxConcurrency, scope, &turn)
        branch.lastEvent = record(
            .mapStateStarted, after: branch.lastEvent, HistoryEventDetails(index: items.count), &turn)
        var run = ChildRun(
            results: [Payload?](repeating: nil, count: items.count), nextItem: 0, items: items, selectorInput: input)
        guard !items.isEmpty else {
            branch.phase = .children(run)
            return try finishChildren(&branch, state, run, &turn)
        }
        while run.nextItem < min(items.count, limit) {
            try startIteration(&branch, state, map, &run, after: branch.lastEvent, &turn)
            // Kept up to date, so that a selector that fails finds the iterations that already run.
            branch.phase = .children(run)
        }
        return .wait
    }

    /// What a Map goes over: `Items`, `ItemsPath`, or its input.
    func items(
        of map: MapDefinition, _ state: StateDefinition, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> [DocumentValue] {
        if let template = map.items {
            return try scope.evaluate(template, as: "array", random: &turn.random).list ?? []
        }
        var source = scope.data.value
        if let path = map.itemsPath { source = try scope.value(atPathField: path) }
        guard let items = source.list else {
            if state.usesJSONata {
                throw .query("Map state input must be an array but was: \(scope.data.text)", nil)
            }
            throw .runtime("Reference path \"\(map.itemsPath?.source ?? "$")\" must point to array.")
        }
        return items
    }

    func concurrency(
        _ field: SecondsField?, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Int {
        switch field {
        case .expression(let template)?:
            let value = try scope.evaluate(template, as: "number", random: &turn.random)
            guard let count = value.integer else {
                throw .runtime("The MaxConcurrency field does not hold an integer: \(JSONWriter.string(value))")
            }
            guard count >= 0 else { throw .runtime("MaxConcurrency cannot be negative.") }
            return count == 0 ? Self.defaultConcurrency : Int(count)
        case nil, .seconds(0)?: return Self.defaultConcurrency
        case .seconds(let count)?: return count
        case .path(let path)?:
            let value = try scope.value(atPathField: path)
            guard let count = Self.wholeNumber(value) else {
                throw .runtime(
                    "The MaxConcurrencyPath field refers to value \"\(Self.plain(value))\" which is not a valid integer: \(path.source)"
                )
            }
            guard count >= 0 else { throw .runtime("MaxConcurrency cannot be negative.") }
            return count == 0 ? Self.defaultConcurrency : count
        }
    }

    private mutating func startIteration(
        _ branch: inout Branch, _ state: StateDefinition, _ map: MapDefinition, _ run: inout ChildRun, after event: Int,
        _ turn: inout ExecutionTurn
    ) throws(StateFailure) {
        let place = run.nextItem
        let item = run.items[place]
        run.nextItem += 1
        let input: Payload
        if let selector = state.parameters {
            var scope = scope(of: branch, state, data: run.selectorInput)
            scope.context.mapItem = (place, item)
            input = Payload(try selector.evaluate(in: scope, random: &turn.random))
        } else {
            input = Payload(item)
        }
        let started = record(
            .mapIterationStarted, after: event, HistoryEventDetails(name: state.name, index: place), &turn)
        addBranch(parent: branch.id, place: place, workflow: map.workflow, input: input, after: started, item: item)
        run.active.append(lastID)
    }

    // MARK: Endings

    mutating func childFinished(
        _ child: Branch, of parentID: Int, _ output: Payload, _ turn: inout ExecutionTurn
    ) -> ChildEnding? {
        move(parentID, &turn) { (execution, branch, turn) throws(StateFailure) in
            let state = execution.state(of: branch)
            guard case .children(var run) = branch.phase else { return .wait }
            run.active.removeAll { $0 == child.id }
            run.results[child.place] = output
            run.finished += 1
            branch.lastEvent = child.lastEvent
            if case .map(let map) = state.kind {
                branch.lastEvent = execution.record(
                    .mapIterationSucceeded, after: child.lastEvent,
                    HistoryEventDetails(name: state.name, index: child.place), &turn)
                if run.nextItem < run.items.count {
                    branch.phase = .children(run)
                    // AWS: the next iteration follows the last event inside this one.
                    try execution.startIteration(&branch, state, map, &run, after: child.lastEvent, &turn)
                }
            }
            branch.phase = .children(run)
            guard run.finished == run.results.count else { return .wait }
            return try execution.finishChildren(&branch, state, run, &turn)
        }
    }

    private mutating func finishChildren(
        _ branch: inout Branch, _ state: StateDefinition, _ run: ChildRun, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        // A branch that was redriven and came to its end leaves nothing to go back to.
        unwound.removeAll()
        // AWS: the exit follows the same event as this one does.
        _ = record(
            state.type == .map ? .mapStateSucceeded : .parallelStateSucceeded, after: branch.lastEvent, &turn)
        let values = run.results.compactMap { $0?.value }
        let result = Payload(.list(values))
        guard !result.isTooLarge else { throw .dataLimitExceeded(state.name, isFatal: false) }
        return try complete(&branch, state, result: result, &turn)
    }

    /// A branch failed and nothing in it caught that: its siblings are aborted, and the state that waits fails.
    mutating func childFailed(
        _ child: Branch, of parentID: Int, _ failure: StateFailure, _ turn: inout ExecutionTurn
    ) -> ChildEnding? {
        move(parentID, &turn) { (execution, branch, turn) throws(StateFailure) in
            let state = execution.state(of: branch)
            guard case .children(let run) = branch.phase else { return .wait }
            let map = state.type == .map ? state.name : nil
            // AWS: what is cut short follows the last event of what failed; what cannot be caught is told alone.
            for sibling in run.active where sibling != child.id {
                execution.abort(
                    sibling, failure.isFatal ? .silently : .beside(child.lastEvent, iterationOf: map), &turn)
            }
            if map != nil, !failure.isFatal {
                _ = execution.record(
                    .mapIterationFailed, after: child.lastEvent,
                    HistoryEventDetails(name: state.name, index: child.place), &turn)
            }
            branch.lastEvent = child.lastEvent
            // What went wrong is told where it happened.
            var failure = failure
            failure.isEvaluation = false
            failure.isBeforeWork = false
            throw failure
        }
    }

    /// What history tells of branches that are ended before their time.
    enum Cut {
        case silently
        /// The innermost first, each after its own branch's last event.
        case bottomUp(iterationOf: String?)
        /// The outermost first, all after the event that ended the work.
        case beside(Int, iterationOf: String?)

        /// The same for the branches of a state within.
        func within(_ map: String?) -> Cut {
            switch self {
            case .silently: .silently
            case .bottomUp: .bottomUp(iterationOf: map)
            case .beside(let event, _): .beside(event, iterationOf: map)
            }
        }
    }

    /// Ends a branch and what is below it, with an event for the state it stood in.
    mutating func abort(_ id: Int, _ cut: Cut, _ turn: inout ExecutionTurn) {
        guard var branch = branches.removeValue(forKey: id) else { return }
        unwound.append(branch)
        ready.removeAll { $0 == id }
        let state = state(of: branch)
        var wasInside = true
        if case .entering = branch.phase { wasInside = false }
        // AWS has these events for states that can be in progress.
        let isTold = wasInside && [.task, .wait, .parallel, .map].contains(state.type)
        if case .beside(let event, let map) = cut {
            if let map {
                _ = record(
                    .mapIterationAborted, after: event, HistoryEventDetails(name: map, index: branch.place), &turn)
            }
            if isTold { _ = record(.stateAborted(state.type), after: event, &turn) }
        }
        let below = cut.within(state.type == .map ? state.name : nil)
        switch branch.phase {
        case .entering: break
        case .working: break
        case .task(let run):
            disarm(run.timeoutTimer, &turn)
            disarm(run.heartbeatTimer, &turn)
            tasks[run.id] = nil
            turn.effects.append(.abandonTask(run.id))
        case .waiting(let timer), .retrying(let timer): disarm(timer, &turn)
        case .children(let run):
            for child in run.active { abort(child, below, &turn) }
        case .mapRun(let run):
            let isSilent = if case .silently = cut { true } else { false }
            branch.lastEvent = abandonMapRun(run, after: branch.lastEvent, isTold: !isSilent, &turn)
        }
        guard case .bottomUp(let map) = cut else { return }
        if isTold { branch.lastEvent = record(.stateAborted(state.type), after: branch.lastEvent, &turn) }
        if let map {
            _ = record(
                .mapIterationAborted, after: branch.lastEvent, HistoryEventDetails(name: map, index: branch.place),
                &turn)
        }
    }
}
