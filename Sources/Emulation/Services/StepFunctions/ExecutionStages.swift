import AWSModel
import StatesLanguage

/// One stage of a state's data, for the console: `InputPath`, `Parameters`, `Task result` …
public struct ExecutionStage: Sendable, Hashable {
    public var name: String
    /// JSON text, or the sentence that says why the stage could not be computed.
    public var text: String
}

extension StepFunctionsService {
    /// What one visit of a state made of its input, stage by stage, recomputed from the history.
    /// - Parameter eventID: of the visit's `…StateEntered` event.
    public func stages(
        ofExecution arn: String, enteredEvent eventID: Int
    ) throws(ServiceError) -> (state: String, stages: [ExecutionStage]) {
        let record = try execution(arn)
        let all = events(of: record, in: 1...max(record.storedEvents + record.recent.count, 1))
        guard let entry = all.first(where: { $0.id == eventID }), case .stateEntered(let type) = entry.type,
            let name = entry.details.name, let state = record.revision.definition?.state(named: name),
            let input = try? Payload(parsing: entry.details.data ?? "{}")
        else {
            throw ServiceError(
                "ResourceNotFoundException", "No state was entered at event \(eventID) of \(arn).", status: 404)
        }
        let visit = Self.visit(of: entry, in: all)
        let result = visit.result.flatMap { try? Payload(parsing: $0) }
        let executionInput = (try? Payload(parsing: payloads(of: record).input ?? "{}")) ?? .emptyObject
        let computed = state.stages(
            input: input, result: result, identity: identity(of: record, input: executionInput),
            enteredAt: entry.timestamp)
        return (name, Self.list(computed, type: type, exit: visit.exit))
    }

    /// The result and the exit of a visit: both lead back to its entry through `previousEventId`.
    private static func visit(of entry: HistoryEvent, in events: [HistoryEvent]) -> (result: String?, exit: String?) {
        var inside: Set<Int> = [entry.id]
        var result: String?
        for event in events where event.id > entry.id && inside.contains(event.previousEventID) {
            switch event.type {
            case .stateExited where event.details.name == entry.details.name: return (result, event.details.data)
            case .lambdaFunctionSucceeded, .taskSucceeded, .activitySucceeded: result = event.details.data
            default: break
            }
            inside.insert(event.id)
        }
        return (result, nil)
    }

    private static func list(_ stages: StateStages, type: StateType, exit: String?) -> [ExecutionStage] {
        var list = [ExecutionStage(name: "State input", text: stages.input.text)]
        func add(_ name: String, _ payload: Payload?) {
            if let payload { list.append(ExecutionStage(name: name, text: payload.text)) }
        }
        add("After InputPath", stages.afterInputPath)
        switch type {
        case .task, .pass, .parallel, .map:
            add("After Parameters", stages.afterParameters)
            add("Result", stages.result)
            add("After ResultSelector", stages.afterResultSelector)
            add("After ResultPath", stages.afterResultPath)
        case .choice, .wait, .succeed, .fail: break
        }
        if let failure = stages.failure {
            list.append(
                ExecutionStage(
                    name: "Error", text: JSONWriter.string(.string(failure.cause ?? failure.error ?? "unknown"))))
        }
        // What the history says counts before what was recomputed: a caught error leaves another way.
        if let exit {
            list.append(ExecutionStage(name: "State output", text: exit))
        }
        return list
    }
}
