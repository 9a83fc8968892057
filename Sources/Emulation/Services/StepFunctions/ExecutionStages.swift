import AWSModel
import StatesLanguage

/// One stage of a state's data, for the console, named as the field that makes it: `InputPath`, `Arguments`, `Task result` …
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
        guard let entry = all.first(where: { $0.id == eventID }), case .stateEntered = entry.type,
            let name = entry.details.name, let state = record.revision.definition?.state(named: name),
            let input = try? Payload(parsing: entry.details.data ?? "{}")
        else {
            throw ServiceError(
                "ResourceNotFoundException", "No state was entered at event \(eventID) of \(arn).", status: 404)
        }
        let visit = Self.visit(of: entry, in: all)
        let result = visit.result.flatMap { try? Payload(parsing: $0) }
        let executionInput = (try? Payload(parsing: payloads(of: record).input ?? "{}")) ?? .emptyObject
        let past = Self.past(of: entry, in: all)
        let computed = state.stages(
            input: input, result: result, identity: identity(of: record, input: executionInput),
            enteredAt: entry.timestamp, variables: past.variables, mapItem: past.item.map { ($0, input.value) })
        return (name, Self.list(computed, of: state, exit: visit.exit))
    }

    /// The variables visible where a state was entered, and the item of the Map it lies in: both are found on the way back.
    private static func past(
        of entry: HistoryEvent, in events: [HistoryEvent]
    ) -> (variables: [String: DocumentValue], item: Int?) {
        var variables: [String: DocumentValue] = [:]
        var item: Int?
        var id = entry.previousEventID
        // A state that has ended hides what was assigned inside it: the way goes on before its entry.
        var hiding: String?
        while id > 0, events.indices.contains(id - 1) {
            let event = events[id - 1]
            id = event.previousEventID
            if let name = hiding {
                if case .stateEntered = event.type, event.details.name == name { hiding = nil }
                continue
            }
            switch event.type {
            case .stateExited:
                for (name, text) in event.details.assignedVariables ?? [:] where variables[name] == nil {
                    variables[name] = try? JSONReader.parse(text)
                }
                hiding = event.details.name
            case .mapIterationStarted where item == nil: item = event.details.index
            default: break
            }
        }
        return (variables, item)
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

    /// Only the stages that a field of the state makes: the others would repeat the one before.
    private static func list(_ stages: StateStages, of state: StateDefinition, exit: String?) -> [ExecutionStage] {
        var list = [ExecutionStage(name: "State input", text: stages.input.text)]
        func add(_ name: String, _ payload: Payload?, if isMade: Bool = true) {
            if isMade, let payload { list.append(ExecutionStage(name: name, text: payload.text)) }
        }
        func has(_ field: String) -> Bool { state.document[field] != nil }
        add("InputPath", stages.afterInputPath, if: has("InputPath"))
        switch state.type {
        case .task, .pass, .parallel, .map:
            add(
                state.usesJSONata ? "Arguments" : "Parameters", stages.afterParameters,
                if: state.parameters != nil && state.type != .map)
            add(state.type == .task ? "Task result" : "Result", stages.result, if: state.type != .pass || has("Result"))
            add("ResultSelector", stages.afterResultSelector, if: has("ResultSelector"))
            add("ResultPath", stages.afterResultPath, if: has("ResultPath"))
        case .choice, .wait, .succeed, .fail: break
        }
        let last = has("OutputPath") ? "OutputPath" : has("Output") ? "Output" : nil
        if let last, exit == nil { add(last, stages.output) }
        if let failure = stages.failure {
            let error: DocumentObject = [
                "Error": failure.error.map { .string($0) } ?? .null,
                "Cause": failure.cause.map { .string($0) } ?? .null,
            ]
            list.append(ExecutionStage(name: "Error", text: JSONWriter.string(.object(error))))
        }
        // What the history says counts before what was recomputed: a caught error leaves another way.
        if let exit {
            list.append(ExecutionStage(name: "State output", text: exit))
        }
        return list
    }
}
