import AWSModel

/// Task states: from the order to the result.
extension Execution {
    mutating func startTask(
        _ branch: inout Branch, _ state: StateDefinition, _ task: TaskDefinition, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Continuation {
        // AWS: nothing is scheduled for an activity that was deleted.
        if case .activity(let arn) = task.resource, unknownActivities.contains(arn) {
            throw .runtime("The activity \(arn) does not exist.")
        }
        let token = needsToken(task.resource) ? makeToken(&turn) : nil
        let parameters = try effectiveInput(of: branch, state, token: token, &turn)
        guard !parameters.isTooLarge else { throw .dataLimitExceeded(state.name, isFatal: true) }
        let scope = scope(of: branch, state, data: try afterInputPath(of: branch, state), token: token)
        let timeout = try seconds(task.timeout, "TimeoutSecondsPath", scope, &turn)
        let heartbeat = try seconds(task.heartbeat, "HeartbeatSecondsPath", scope, &turn)
        if let timeout, let heartbeat, heartbeat >= timeout {
            throw .runtime("HeartbeatSeconds must be smaller than TimeoutSeconds: \(heartbeat) >= \(timeout)")
        }
        let role = try task.credentials?.evaluate(in: scope, random: &turn.random)["RoleArn"]?.string
        lastID += 1
        let id = lastID
        var details = HistoryEventDetails(
            data: parameters.text, roleArn: role, timeoutInSeconds: timeout, heartbeatInSeconds: heartbeat)
        switch task.resource {
        case .lambdaFunction(let arn):
            details.resource = arn
            branch.lastEvent = record(.lambdaFunctionScheduled, after: branch.lastEvent, details, &turn)
            branch.lastEvent = record(.lambdaFunctionStarted, after: branch.lastEvent, &turn)
        case .activity(let arn):
            details.resource = arn
            branch.lastEvent = record(.activityScheduled, after: branch.lastEvent, details, &turn)
        case .integration(let integration):
            details.resource = integration.resource
            details.resourceType = integration.service
            details.region = identity.region
            branch.lastEvent = record(.taskScheduled, after: branch.lastEvent, details, &turn)
            branch.lastEvent = record(.taskStarted, after: branch.lastEvent, who(task.resource), &turn)
        }
        var run = TaskRun(id: id, heartbeatSeconds: heartbeat, token: token)
        if let timeout {
            run.timeoutTimer = arm(
                .taskTimeout, at: turn.time + .seconds(timeout), branch: branch.id, stateName: state.name, &turn)
        }
        if let heartbeat {
            run.heartbeatTimer = arm(
                .heartbeat, at: turn.time + .seconds(heartbeat), branch: branch.id, stateName: state.name, &turn)
        }
        tasks[id] = branch.id
        branch.phase = .task(run)
        turn.effects.append(
            .startTask(
                TaskOrder(
                    id: id, stateName: state.name, resource: task.resource, parameters: parameters, token: token,
                    timeoutSeconds: timeout, heartbeatSeconds: heartbeat, roleArn: role, attempt: branch.attempt)))
        return .wait
    }

    private func needsToken(_ resource: TaskResource) -> Bool {
        switch resource {
        case .activity: true
        case .integration(let integration): integration.pattern == .waitForTaskToken
        case .lambdaFunction: false
        }
    }

    /// Opaque to clients; unguessable enough for an emulator.
    private func makeToken(_ turn: inout ExecutionTurn) -> String {
        Base64.encode(
            (0..<6).flatMap { _ in
                let word = turn.random.next()
                return (0..<8).map { UInt8(truncatingIfNeeded: word >> (UInt64($0) * 8)) }
            })
    }

    private func seconds(
        _ field: SecondsField?, _ name: String, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> Int? {
        switch field {
        case nil: return nil
        case .seconds(let seconds)?: return seconds
        case .expression(let template)?:
            let value = try scope.evaluate(template, as: "number", random: &turn.random)
            guard let seconds = value.integer, seconds > 0, seconds <= 99_999_999 else {
                throw .runtime(
                    "The \(name.dropLast(4)) field does not hold a positive integer: \(JSONWriter.string(value))")
            }
            return Int(seconds)
        case .path(let path)?:
            let value = try scope.value(atPathField: path)
            guard let seconds = Self.wholeNumber(value), seconds > 0 else {
                throw .runtime(
                    "The \(name) parameter does not reference a positive integer: \(path.source) == \(Self.plain(value))"
                )
            }
            return seconds
        }
    }

    /// `resource` and `resourceType` of an integration's events; nothing for functions and activities.
    private func who(_ resource: TaskResource) -> HistoryEventDetails {
        guard case .integration(let integration) = resource else { return HistoryEventDetails() }
        return HistoryEventDetails(resource: integration.resource, resourceType: integration.service)
    }

    // MARK: Results

    mutating func finishTask(_ id: Int, _ result: Result<Payload, StateFailure>, _ turn: inout ExecutionTurn) {
        guard let branchID = tasks.removeValue(forKey: id) else { return }
        run(branchID, &turn) { (execution, branch, turn) throws(StateFailure) in
            let state = execution.state(of: branch)
            guard case .task(let task) = state.kind, case .task(let run) = branch.phase else { return .wait }
            execution.disarm(run.timeoutTimer, &turn)
            execution.disarm(run.heartbeatTimer, &turn)
            var details = execution.who(task.resource)
            let failure: StateFailure
            switch result {
            case .success(let payload) where !payload.isTooLarge:
                details.data = payload.text
                branch.lastEvent = execution.record(
                    task.resource.eventType(.succeeded), after: branch.lastEvent, details, &turn)
                return try execution.complete(&branch, state, result: payload, &turn)
            case .success: failure = .dataLimitExceeded(task.resource.sizeOwner, isFatal: false)
            case .failure(let given): failure = given
            }
            details.error = failure.error
            details.cause = failure.cause
            branch.lastEvent = execution.record(
                task.resource.eventType(.failed), after: branch.lastEvent, details, &turn)
            throw failure
        }
    }

    mutating func timeOutTask(of branchID: Int, isHeartbeat: Bool, _ turn: inout ExecutionTurn) {
        run(branchID, &turn) { (execution, branch, turn) throws(StateFailure) in
            let state = execution.state(of: branch)
            guard case .task(let task) = state.kind, case .task(let run) = branch.phase else { return .wait }
            execution.disarm(run.timeoutTimer, &turn)
            execution.disarm(run.heartbeatTimer, &turn)
            execution.tasks[run.id] = nil
            turn.effects.append(.abandonTask(run.id))
            var details = execution.who(task.resource)
            details.error = "States.Timeout"
            branch.lastEvent = execution.record(
                task.resource.eventType(.timedOut), after: branch.lastEvent, details, &turn)
            var failure = StateFailure.timeout
            failure.isHeartbeat = isHeartbeat
            throw failure
        }
    }

    mutating func submitTask(_ id: Int, _ output: Payload, _ turn: inout ExecutionTurn) {
        guard let branchID = tasks[id], var branch = branches[branchID] else { return }
        guard case .task(let task) = state(of: branch).kind, case .task(var run) = branch.phase else { return }
        run.isSubmitted = true
        branch.phase = .task(run)
        var details = who(task.resource)
        details.data = output.text
        branch.lastEvent = record(.taskSubmitted, after: branch.lastEvent, details, &turn)
        branches[branchID] = branch
    }

    mutating func startActivity(_ id: Int, _ workerName: String?, _ turn: inout ExecutionTurn) {
        guard let branchID = tasks[id], var branch = branches[branchID], case .task(var run) = branch.phase
        else { return }
        // After a restart the worker still has it: nobody else may get it.
        run.isSubmitted = true
        branch.phase = .task(run)
        branch.lastEvent = record(
            .activityStarted, after: branch.lastEvent, HistoryEventDetails(name: workerName), &turn)
        branches[branchID] = branch
    }

    /// AWS: a heartbeat leaves no event, it only moves the time at which the next is due.
    mutating func heartbeat(_ id: Int, _ turn: inout ExecutionTurn) {
        guard let branchID = tasks[id], var branch = branches[branchID], case .task(var run) = branch.phase,
            let seconds = run.heartbeatSeconds
        else { return }
        disarm(run.heartbeatTimer, &turn)
        run.heartbeatTimer = arm(
            .heartbeat, at: turn.time + .seconds(seconds), branch: branchID, stateName: state(of: branch).name, &turn)
        branch.phase = .task(run)
        branches[branchID] = branch
    }

    /// The task that waits for a token; nil where none does.
    public func taskID(token: String) -> Int? {
        for branch in branches.values {
            if case .task(let run) = branch.phase, run.token == token { return run.id }
        }
        return nil
    }
}

extension TaskResource {
    enum Ending { case succeeded, failed, timedOut }

    func eventType(_ ending: Ending) -> HistoryEventType {
        switch (self, ending) {
        case (.lambdaFunction, .succeeded): .lambdaFunctionSucceeded
        case (.lambdaFunction, .failed): .lambdaFunctionFailed
        case (.lambdaFunction, .timedOut): .lambdaFunctionTimedOut
        case (.activity, .succeeded): .activitySucceeded
        case (.activity, .failed): .activityFailed
        case (.activity, .timedOut): .activityTimedOut
        case (.integration, .succeeded): .taskSucceeded
        case (.integration, .failed): .taskFailed
        case (.integration, .timedOut): .taskTimedOut
        }
    }

    /// Whom AWS blames for a result that is too large.
    var sizeOwner: String {
        switch self {
        case .lambdaFunction(let arn), .activity(let arn): arn
        case .integration(let integration): integration.service
        }
    }
}

extension Execution {
    /// Which state waits for a task, and for what; nil where the task is no longer out.
    public func pendingTask(_ id: Int) -> (stateName: String, resource: TaskResource)? {
        guard let branch = tasks[id].flatMap({ branches[$0] }) else { return nil }
        let state = state(of: branch)
        guard case .task(let task) = state.kind else { return nil }
        return (state.name, task.resource)
    }
}
