import AWSModel

/// An execution as a document, and back: what a restart needs besides the definition and the identity.
extension Execution {
    public var checkpoint: DocumentObject {
        var document: DocumentObject = [
            "status": .string(status.rawValue), "lastEvent": .integer(Int64(lastEventID)),
            "lastID": .integer(Int64(lastID)),
            "ready": .list(ready.map { .integer(Int64($0)) }),
            "branches": .list(branches.keys.sorted().compactMap { branches[$0].map { .object($0.document) } }),
            "timers": .list(pendingTimers.map { .object($0.document) }),
        ]
        if workflow != 0 { document["workflow"] = .integer(Int64(workflow)) }
        if !unwound.isEmpty { document["unwound"] = .list(unwound.map { .object($0.document) }) }
        if let output = outcome.output { document["output"] = .string(output.text) }
        if let error = outcome.error { document["error"] = .string(error) }
        if let cause = outcome.cause { document["cause"] = .string(cause) }
        return document
    }

    /// - Throws: ``CheckpointError`` where the document is not one that ``checkpoint`` made for this definition.
    public init(
        restoring document: DocumentObject, definition: StateMachineDefinition, identity: ExecutionIdentity
    ) throws(CheckpointError) {
        self.init(definition: definition, workflow: document.integer("workflow") ?? 0, identity: identity)
        guard let status = document.string("status").flatMap(ExecutionStatus.init(rawValue:)),
            let lastEvent = document.integer("lastEvent"), let lastID = document.integer("lastID")
        else { throw CheckpointError() }
        outcome = ExecutionOutcome(
            status: status, output: try document.string("output").map(Payload.init(stored:)),
            error: document.string("error"),
            cause: document.string("cause"))
        lastEventID = lastEvent
        self.lastID = lastID
        ready = document.list("ready")?.compactMap { $0.integer.map(Int.init) } ?? []
        for value in document.list("timers") ?? [] {
            guard let timer = value.object.flatMap(ExecutionTimer.init(document:)) else { throw CheckpointError() }
            timers[timer.id] = timer
        }
        for value in document.list("unwound") ?? [] { unwound.append(try Self.branch(value, definition)) }
        for value in document.list("branches") ?? [] {
            let branch = try Self.branch(value, definition)
            branches[branch.id] = branch
            if case .task(let run) = branch.phase { tasks[run.id] = branch.id }
            if case .mapRun(let run) = branch.phase { tasks[run.id] = branch.id }
        }
    }

    private static func branch(
        _ value: DocumentValue, _ definition: StateMachineDefinition
    ) throws(CheckpointError) -> Branch {
        guard let object = value.object else { throw CheckpointError() }
        let branch = try Branch(document: object)
        guard definition.workflows.indices.contains(branch.workflow),
            definition.workflows[branch.workflow].states.indices.contains(branch.state)
        else { throw CheckpointError() }
        return branch
    }

    /// The orders of the tasks that were out, made anew: their parameters are evaluated again as a retry would.
    /// - Parameter random: draws what `States.UUID` and the like need.
    public func outstandingTasks(random: inout some RandomNumberGenerator) -> [TaskOrder] {
        var turn = ExecutionTurn(time: identity.startTime, random: TurnRandom(seed: random.next()), stepsLeft: 0)
        var orders: [TaskOrder] = []
        for id in pendingTaskIDs {
            guard let branch = tasks[id].flatMap({ branches[$0] }), case .task(let run) = branch.phase,
                case .task(let task) = state(of: branch).kind
            else { continue }
            let state = state(of: branch)
            let parameters = (try? effectiveInput(of: branch, state, token: run.token, &turn)) ?? branch.input
            var order = TaskOrder(
                id: id, stateName: state.name, resource: task.resource, parameters: parameters, token: run.token,
                heartbeatSeconds: run.heartbeatSeconds, attempt: branch.attempt, isSubmitted: run.isSubmitted)
            if let credentials = task.credentials, let data = try? afterInputPath(of: branch, state) {
                let scope = scope(of: branch, state, data: data, token: run.token)
                order.roleArn = (try? credentials.evaluate(in: scope, random: &turn.random))?["RoleArn"]?.string
            }
            // Nothing follows in the branch until the task ends.
            if run.isSubmitted { order.submittedEvent = branch.lastEvent }
            orders.append(order)
        }
        return orders
    }
}

/// A checkpoint that does not fit.
public struct CheckpointError: Error, Sendable, Hashable {}

extension Payload {
    init(stored text: String) throws(CheckpointError) {
        guard let payload = try? Payload(parsing: text) else { throw CheckpointError() }
        self = payload
    }
}

extension ExecutionTimer {
    var document: DocumentObject {
        [
            "id": .integer(Int64(id)), "time": .integer(time.microseconds), "kind": .string(kind.rawValue),
            "state": .string(stateName), "branch": .integer(Int64(branch)),
        ]
    }

    init?(document: DocumentObject) {
        guard let id = document.integer("id"), let time = document["time"]?.integer,
            let kind = document.string("kind").flatMap(Kind.init(rawValue:)), let branch = document.integer("branch")
        else { return nil }
        self.init(
            id: id, time: Instant(microseconds: time), kind: kind, stateName: document.string("state") ?? "",
            branch: branch)
    }
}

extension Branch {
    var document: DocumentObject {
        var document: DocumentObject = [
            "id": .integer(Int64(id)), "place": .integer(Int64(place)), "workflow": .integer(Int64(workflow)),
            "state": .integer(Int64(state)), "input": .string(input.text), "lastEvent": .integer(Int64(lastEvent)),
            "enteredEvent": .integer(Int64(enteredEvent)), "eventBefore": .integer(Int64(eventBefore)),
            "enteredAt": .integer(enteredAt.microseconds),
            "retries": .list(retriesUsed.map { .integer(Int64($0)) }), "attempt": .integer(Int64(attempt)),
            "phase": .object(phase.document),
        ]
        if let parent { document["parent"] = .integer(Int64(parent)) }
        if !variables.isEmpty {
            document["variables"] = .object(
                DocumentObject(variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        }
        if let item { document["item"] = item }
        return document
    }

    init(document: DocumentObject) throws(CheckpointError) {
        guard let id = document.integer("id"), let place = document.integer("place"),
            let workflow = document.integer("workflow"),
            let state = document.integer("state"), let input = document.string("input"),
            let phase = document.object("phase")
        else { throw CheckpointError() }
        self.init(
            id: id, parent: document.integer("parent"), place: place, workflow: workflow, state: state,
            input: try Payload(stored: input), phase: try Phase(document: phase),
            lastEvent: document.integer("lastEvent") ?? 0)
        enteredEvent = document.integer("enteredEvent") ?? 0
        eventBefore = document.integer("eventBefore") ?? 0
        enteredAt = Instant(microseconds: document["enteredAt"]?.integer ?? 0)
        retriesUsed = document.list("retries")?.compactMap { $0.integer.map(Int.init) } ?? []
        attempt = document.integer("attempt") ?? 0
        for (name, value) in document.object("variables") ?? [:] {
            variables[name] = value
            variableBytes[name] = JSONWriter.string(value).utf8.count
        }
        item = document["item"]
    }
}

extension Branch.Phase {
    var document: DocumentObject {
        switch self {
        case .entering: return ["kind": "entering"]
        case .working: return ["kind": "working"]
        case .waiting(let timer): return ["kind": "waiting", "timer": .integer(Int64(timer))]
        case .retrying(let timer): return ["kind": "retrying", "timer": .integer(Int64(timer))]
        case .task(let run):
            var document: DocumentObject = ["kind": "task", "id": .integer(Int64(run.id))]
            if let timer = run.timeoutTimer { document["timeoutTimer"] = .integer(Int64(timer)) }
            if let timer = run.heartbeatTimer { document["heartbeatTimer"] = .integer(Int64(timer)) }
            if let seconds = run.heartbeatSeconds { document["heartbeatSeconds"] = .integer(Int64(seconds)) }
            if let token = run.token { document["token"] = .string(token) }
            if run.isSubmitted { document["submitted"] = true }
            return document
        case .mapRun(let run):
            var document: DocumentObject = [
                "kind": "mapRun", "id": .integer(Int64(run.id)), "selectorInput": .string(run.selectorInput.text),
            ]
            if let arn = run.arn { document["arn"] = .string(arn) }
            return document
        case .children(let run):
            return [
                "kind": "children", "active": .list(run.active.map { .integer(Int64($0)) }),
                "results": .list(run.results.map { $0.map { .string($0.text) } ?? .null }),
                "finished": .integer(Int64(run.finished)), "nextItem": .integer(Int64(run.nextItem)),
                "items": .list(run.items), "selectorInput": .string(run.selectorInput.text),
            ]
        }
    }

    init(document: DocumentObject) throws(CheckpointError) {
        switch document.string("kind") {
        case "entering": self = .entering
        case "working": self = .working
        case "waiting": self = .waiting(timer: document.integer("timer") ?? 0)
        case "retrying": self = .retrying(timer: document.integer("timer") ?? 0)
        case "task":
            guard let id = document.integer("id") else { throw CheckpointError() }
            self = .task(
                TaskRun(
                    id: id, timeoutTimer: document.integer("timeoutTimer"),
                    heartbeatTimer: document.integer("heartbeatTimer"),
                    heartbeatSeconds: document.integer("heartbeatSeconds"), token: document.string("token"),
                    isSubmitted: document.bool("submitted") ?? false))
        case "mapRun":
            guard let id = document.integer("id") else { throw CheckpointError() }
            self = .mapRun(
                MapRunWait(
                    id: id, arn: document.string("arn"),
                    selectorInput: try Payload(stored: document.string("selectorInput") ?? "{}")))
        case "children":
            var results: [Payload?] = []
            for value in document.list("results") ?? [] {
                if let text = value.string { results.append(try Payload(stored: text)) } else { results.append(nil) }
            }
            var run = ChildRun(results: results, nextItem: document.integer("nextItem") ?? 0)
            run.active = document.list("active")?.compactMap { $0.integer.map(Int.init) } ?? []
            run.finished = document.integer("finished") ?? 0
            run.items = document.list("items") ?? []
            run.selectorInput = try Payload(stored: document.string("selectorInput") ?? "{}")
            self = .children(run)
        default: throw CheckpointError()
        }
    }
}
