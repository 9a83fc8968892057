import AWSModel

/// Distributed Map: one unit of work outside.
extension Execution {
    mutating func startMapRun(
        _ branch: inout Branch, _ state: StateDefinition, _ map: MapDefinition, _ distributed: DistributedMap,
        _ input: Payload, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        let scope = scope(of: branch, state, data: input)
        var order = MapRunOrder(
            id: 0, stateName: state.name, workflow: map.workflow, executionType: distributed.executionType,
            label: distributed.label, maxConcurrency: 0, toleratedFailureCount: 0, toleratedFailurePercentage: 0)
        do throws(StateFailure) {
            order.itemReader = try distributed.itemReader?.evaluate(in: scope, random: &turn.random).object
            if order.itemReader == nil {
                order.items = try items(of: map, state, scope, &turn)
            }
            branch.lastEvent = record(
                .mapStateStarted, after: branch.lastEvent, HistoryEventDetails(index: order.items?.count ?? 0), &turn)
            order.maxConcurrency = try unlimitedConcurrency(map.maxConcurrency, scope, &turn)
            order.toleratedFailureCount = try toleratedCount(distributed.toleratedFailureCount, scope, &turn)
            order.toleratedFailurePercentage = try toleratedPercentage(
                distributed.toleratedFailurePercentage, scope, &turn)
            order.itemBatcher = try distributed.itemBatcher?.evaluate(in: scope, random: &turn.random).object
            order.resultWriter = try distributed.resultWriter?.evaluate(in: scope, random: &turn.random).object
        } catch {
            var failure = error
            failure.isBeforeWork = true
            throw failure
        }
        lastID += 1
        order.id = lastID
        branch.phase = .mapRun(MapRunWait(id: lastID, arn: nil, selectorInput: input))
        tasks[lastID] = branch.id
        turn.effects.append(.startMapRun(order))
        return .wait
    }

    private func unlimitedConcurrency(
        _ field: SecondsField?, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Int {
        switch field {
        case nil, .seconds(0)?: 0
        default: try concurrency(field, scope, &turn)
        }
    }

    private func toleratedCount(
        _ field: SecondsField?, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Int {
        switch field {
        case .expression(let template)?:
            let value = try scope.evaluate(template, as: "number", random: &turn.random)
            guard let count = value.integer, count >= 0 else {
                throw .runtime("ToleratedFailureCount cannot be negative.")
            }
            return Int(count)
        case nil: return 0
        case .seconds(let count)?: return count
        case .path(let path)?:
            let value = try scope.value(atPathField: path)
            guard let count = Self.wholeNumber(value) else {
                throw .runtime(
                    "The ToleratedFailureCountPath field refers to value \"\(Self.plain(value))\" which is not a valid integer: \(path.source)"
                )
            }
            guard count >= 0 else { throw .runtime("ToleratedFailureCount cannot be negative.") }
            return count
        }
    }

    private func toleratedPercentage(
        _ field: PercentageField?, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Double {
        switch field {
        case .expression(let template)?:
            let value = try scope.evaluate(template, as: "number", random: &turn.random)
            guard let percentage = value.double, (0...100).contains(percentage) else {
                throw .runtime("ToleratedFailurePercentage must be between 0 and 100.")
            }
            return percentage
        case nil: return 0
        case .percentage(let percentage)?: return percentage
        case .path(let path)?:
            let value = try scope.value(atPathField: path)
            guard let percentage = value.double ?? value.string.flatMap(Double.init) else {
                throw .runtime(
                    "The ToleratedFailurePercentagePath field refers to value \"\(Self.plain(value))\" which is not a valid float: \(path.source)"
                )
            }
            guard (0...100).contains(percentage) else {
                throw .runtime("ToleratedFailurePercentage must be between 0 and 100.")
            }
            return percentage
        }
    }

    /// What a child execution of a Map Run starts with, before batching: the item, or what ItemSelector makes of it.
    public func itemInput(
        ofMapRun id: Int, index: Int, value: DocumentValue, random: inout some RandomNumberGenerator
    ) throws(StateFailure) -> Payload {
        guard let branch = tasks[id].flatMap({ branches[$0] }), case .mapRun(let run) = branch.phase,
            let selector = state(of: branch).parameters
        else { return Payload(value) }
        let state = state(of: branch)
        var scope = scope(of: branch, state, data: run.selectorInput)
        scope.context.mapItem = (index, value)
        var drawn = TurnRandom(seed: random.next())
        do throws(StateFailure) {
            return Payload(try selector.evaluate(in: scope, random: &drawn))
        } catch {
            var failure = error
            if failure.needsStateName { failure.cause = sentence(branch, state, failure.cause ?? "") }
            failure.needsStateName = false
            throw failure
        }
    }

    mutating func noteMapRun(_ id: Int, _ arn: String, _ turn: inout ExecutionTurn) {
        guard let branchID = tasks[id], var branch = branches[branchID], case .mapRun(var run) = branch.phase else {
            return
        }
        let isRedriven = run.arn != nil
        run.arn = arn
        branch.phase = .mapRun(run)
        branch.lastEvent = record(
            isRedriven ? .mapRunRedriven : .mapRunStarted, after: branch.lastEvent,
            HistoryEventDetails(index: isRedriven ? identity.redriveCount : nil, resource: arn), &turn)
        branches[branchID] = branch
    }

    mutating func finishMapRun(_ id: Int, _ result: Result<Payload, StateFailure>, _ turn: inout ExecutionTurn) {
        guard let branchID = tasks[id], case .mapRun? = branches[branchID]?.phase else { return }
        tasks[id] = nil
        run(branchID, &turn) { (execution, branch, turn) throws(StateFailure) in
            let state = execution.state(of: branch)
            guard case .mapRun = branch.phase else { return .wait }
            switch result {
            case .success(let payload):
                let succeeded = execution.record(.mapRunSucceeded, after: branch.lastEvent, &turn)
                _ = execution.record(.mapStateSucceeded, after: succeeded, &turn)
                // AWS: recordings up to August 2024 have the exit follow MapRunSucceeded; those since the release of
                // variables, JSONata and ItemsPath beside an ItemReader have it follow MapRunStarted.
                if !execution.definition.isOfLateRelease { branch.lastEvent = succeeded }
                guard !payload.isTooLarge else { throw .dataLimitExceeded(state.name, isFatal: false) }
                return try execution.complete(&branch, state, result: payload, &turn)
            case .failure(let failure):
                branch.lastEvent = execution.record(
                    .mapRunFailed, after: branch.lastEvent,
                    HistoryEventDetails(error: failure.error, cause: failure.cause), &turn)
                throw failure
            }
        }
    }

    mutating func abandonMapRun(
        _ run: MapRunWait, after event: Int, isTold: Bool, _ turn: inout ExecutionTurn
    ) -> Int {
        tasks[run.id] = nil
        turn.effects.append(.abandonMapRun(run.id))
        return run.arn == nil || !isTold ? event : record(.mapRunAborted, after: event, &turn)
    }
}
