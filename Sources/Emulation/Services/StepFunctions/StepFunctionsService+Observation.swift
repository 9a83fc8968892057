import AWSModel
import StatesLanguage

extension StepFunctionsService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        machines(in: scope).map { machine in
            let total = machine.executions.count
            var words = [machine.type == .express ? "Express" : "Standard"]
            if machine.running > 0 { words.append("\(machine.running) running") }
            let health: ResourceNode.Health =
                machine.running > 0 ? .busy : (machine.executions.last?.status == .failed ? .warning : .good)
            return ResourceNode(
                arn: machine.arn, service: "states", name: machine.name, summary: words.joined(separator: " · "),
                health: health,
                counts: ["running": machine.running, "failed": machine.failures, "executions": total])
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        machines(in: scope).flatMap { machine -> [ResourceWire] in
            guard let definition = machine.revision.definition else { return [] }
            let targets = Set(definition.allStates.compactMap { Self.targetArn(of: $0, machine.scope) })
            return targets.sorted().map {
                ResourceWire(
                    sourceArn: machine.arn, targetArn: $0, kind: "task", count: machine.taskCounts[$0, default: 0],
                    failed: machine.taskFailures[$0, default: 0])
            }
        }
    }

    /// The function, queue or topic that a Task names for all time; nil where its input decides.
    static func targetArn(of state: StateDefinition, _ scope: Scope) -> String? {
        guard case .task(let task) = state.kind else { return nil }
        switch task.resource {
        case .lambdaFunction(let arn): return arn
        case .activity: return nil
        case .integration(let integration):
            let parameters = state.document.object("Parameters") ?? state.document.object("Arguments") ?? [:]
            if integration.service == "lambda", let name = parameters.string("FunctionName") {
                return name.hasPrefix("arn:") ? name : scope.arn("lambda", "function:\(name)")
            }
            if integration.service == "sqs", let name = parameters.string("QueueUrl")?.split(separator: "/").last {
                return scope.arn("sqs", String(name))
            }
            switch integration.service {
            case "sns": return parameters.string("TopicArn")
            case "states": return parameters.string("StateMachineArn")
            default: return nil
            }
        }
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        if item == nil, let machine = machines[resourceArn] { return explain(machine) }
        if let activity = activities[resourceArn] { return explain(activity) }
        guard let record = executions[item ?? resourceArn] ?? executions[resourceArn] else { return [] }
        guard let execution = record.execution else {
            let text =
                switch record.status {
                case .succeeded: "The execution has succeeded."
                case .failed:
                    "The execution failed with \(record.error ?? "no error name"): \(record.cause ?? "no cause given")."
                case .timedOut: "The execution ran longer than it may."
                case .aborted: "The execution was stopped."
                case .running: "The execution is running."
                }
            return [Explanation(rule: "ExecutionStatus", text: text, relatedArn: record.machine.arn)]
        }
        var found = execution.pendingTimers.map { timer in
            let text =
                switch timer.kind {
                case .wait: "The Wait state '\(timer.stateName)' lets the execution go on at \(timer.time.iso8601())."
                case .retry: "'\(timer.stateName)' failed and is tried again at \(timer.time.iso8601())."
                case .taskTimeout: "The task of '\(timer.stateName)' must end by \(timer.time.iso8601())."
                case .heartbeat: "The task of '\(timer.stateName)' must send a heartbeat by \(timer.time.iso8601())."
                case .executionTimeout: "The execution must end by \(timer.time.iso8601())."
                }
            return Explanation(rule: timer.kind.rawValue, text: text, movesAt: timer.time)
        }
        for id in execution.pendingTaskIDs {
            guard let task = execution.pendingTask(id) else { continue }
            found.append(
                Explanation(
                    rule: "TaskOutstanding", text: "'\(task.stateName)' waits for \(task.resource.arn).",
                    relatedArn: task.resource.arn))
        }
        return found
    }

    /// The tasks of an activity that no worker has taken, oldest first, and the workers that poll.
    private func explain(_ activity: ActivityRecord) -> [Explanation] {
        var found = activity.waiting.prefix(100).map { record, order in
            let state = record.execution?.pendingTask(order.id)?.stateName ?? "A state"
            return Explanation(
                rule: "ActivityTask", text: "'\(state)' of \(record.name) waits for a worker that polls.",
                relatedArn: record.arn)
        }
        if activity.waiting.count > found.count {
            found.append(
                Explanation(
                    rule: "ActivityTask", text: "\(activity.waiting.count - found.count) more wait.",
                    relatedArn: activity.arn))
        }
        if !activity.pollers.isEmpty {
            let names = activity.pollers.compactMap(\.workerName)
            let many = activity.pollers.count == 1 ? "1 worker polls" : "\(activity.pollers.count) workers poll"
            let who = names.isEmpty ? "" : ": \(Set(names).sorted().joined(separator: ", "))"
            found.append(
                Explanation(
                    rule: "ActivityWorkers", text: "\(many)\(who).",
                    relatedArn: activity.arn))
        }
        return found
    }
}
