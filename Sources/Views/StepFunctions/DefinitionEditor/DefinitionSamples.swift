import AWSModel
import AWSTypes

/// What the latest execution held where a definition's paths point, so that a path is completed with what is really there.
struct DefinitionSamples: Sendable {
    struct State: Sendable {
        var input: DocumentValue?
        /// What its work gave, before anything was made of it.
        var result: DocumentValue?
        var output: DocumentValue?
        var variables = DocumentObject()
    }

    /// The name of the execution they are from.
    var execution: String
    /// What the machine was started with.
    var input: DocumentValue?
    private(set) var states: [String: State] = [:]

    init(execution: String, trace: ExecutionTrace) {
        self.execution = execution
        input = Self.value(trace.input)
        var last: [String: StateVisit] = [:]
        for visit in trace.visits {
            last[visit.name] = visit
            states[visit.name, default: State()].keep(visit, result: Self.value(Self.result(of: visit, in: trace)))
        }
        for (name, visit) in last {
            states[name]?.variables = DocumentObject(
                trace.variables(before: visit).sorted { $0.key < $1.key }.compactMap { name, text in
                    Self.value(text).map { (name, $0) }
                })
        }
    }

    private static func result(of visit: StateVisit, in trace: ExecutionTrace) -> String? {
        visit.attempts.last?.result ?? trace.results(inside: visit)
    }

    static func value(_ text: String?) -> DocumentValue? {
        text.flatMap { try? JSONReader.parse($0) }
    }

    /// From the newest execution that tells its history; nil where there is none.
    /// AWS: executions are listed newest first, and Express machines list none.
    static func latest(of machine: String, _ context: ConsoleContext) async -> DefinitionSamples? {
        guard
            let list = try? await context.aws.call(
                SFN.listExecutions, .init(stateMachineArn: machine, maxResults: 1)),
            let execution = list.executions.first,
            // The first thousand events show what the data looks like, however long the history is.
            let page = try? await context.aws.call(
                SFN.getExecutionHistory,
                .init(executionArn: execution.executionArn, maxResults: 1000, includeExecutionData: true))
        else { return nil }
        return DefinitionSamples(execution: execution.name, trace: ExecutionTrace(page.events.map { TraceEvent($0) }))
    }
}

extension DefinitionSamples.State {
    fileprivate mutating func keep(_ visit: StateVisit, result new: DocumentValue?) {
        input = DefinitionSamples.value(visit.input) ?? input
        result = new ?? result
        output = DefinitionSamples.value(visit.output) ?? output
    }
}
