import AWSModel

/// A state's data at each stage between its entry and its exit, as the console shows them.
public struct StateStages: Sendable {
    public var input: Payload
    public var afterInputPath: Payload?
    /// After `Parameters`; what the state worked on.
    public var afterParameters: Payload?
    /// What the work came to.
    public var result: Payload?
    public var afterResultSelector: Payload?
    public var afterResultPath: Payload?
    /// After `OutputPath`.
    public var output: Payload?
    /// Why a stage could not be computed; the stages behind it are nil.
    public var failure: StateFailure?
}

extension StateDefinition {
    /// Recomputes the stages from what history tells.
    /// - Parameters:
    ///   - input: what the state was entered with.
    ///   - result: what its task, branches or iterations came to; nil while they are under way.
    ///   - variables: those visible on entry.
    ///   - mapItem: where the state stands in an iteration of a Map.
    public func stages(
        input: Payload, result: Payload?, identity: ExecutionIdentity, enteredAt: Instant,
        variables: [String: DocumentValue] = [:], mapItem: (index: Int, value: DocumentValue)? = nil
    ) -> StateStages {
        var stages = StateStages(input: input)
        var context = ContextObject(
            execution: identity.executionContext, stateMachine: identity.machineContext, stateName: name,
            enteredTime: enteredAt)
        context.mapItem = mapItem
        context.replacement = identity.contextReplacement
        var scope = EvaluationScope(data: input, context: context, variables: variables)
        scope.stateInput = input
        scope.now = enteredAt
        // What is random was drawn when the state ran and stands in history; here it only fills its place.
        var random = TurnRandom(seed: 0)
        do throws(StateFailure) {
            switch inputPath {
            case .whole: break
            case .discard: scope.data = .emptyObject
            case .path(let path): scope.data = Payload(try scope.value(atPathField: path))
            }
            stages.afterInputPath = scope.data
            // A Map's selector works on each item, not on the input.
            if type != .map, let parameters {
                scope.data = Payload(try parameters.evaluate(in: scope, random: &random))
            }
            stages.afterParameters = scope.data
            switch kind {
            case .pass(let fixed): stages.result = fixed.map { Payload($0) } ?? scope.data
            case .task, .parallel, .map: stages.result = result
            case .choice, .wait, .succeed, .fail: stages.result = scope.data
            }
            guard let found = stages.result else { return stages }
            scope.data = found
            if usesJSONata {
                var result: Payload?
                if [.task, .parallel, .map].contains(type) { result = found }
                scope.result = result
                let computed = try output?.evaluate(in: scope, random: &random)
                stages.output = computed.map { Payload($0) } ?? result ?? input
                return stages
            }
            if let resultSelector { scope.data = Payload(try resultSelector.evaluate(in: scope, random: &random)) }
            stages.afterResultSelector = scope.data
            switch kind {
            case .pass, .task, .parallel, .map: scope.data = try Execution.merge(scope.data, into: input, resultPath)
            default: break
            }
            stages.afterResultPath = scope.data
            switch outputPath {
            case .whole: stages.output = scope.data
            case .discard: stages.output = .emptyObject
            case .path(let path): stages.output = Payload(try scope.value(atPathField: path))
            }
        } catch {
            stages.failure = error
        }
        return stages
    }
}
