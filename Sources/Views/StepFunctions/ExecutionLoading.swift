import AWSClient
import AWSModel
import AWSTypes

/// What one reading of an execution brought: its description, the definition it runs, and events not known before.
struct ExecutionReading: Sendable {
    var description: SFN.DescribeExecutionOutput
    /// The text of the definition this execution runs, which may not be the machine's latest; nil if it was not asked for.
    var definition: String?
    var events: [TraceEvent]
    var hasEngine: Bool
    /// Why there is no history, as for Express executions.
    var historyProblem: String?
}

enum ExecutionLoading {
    /// AWS: at most 1,000 events a page.
    private static let pageSize = 1000

    /// Reads an execution whole, or only what is newer than `lastEvent`. The pages of a long history are reported as they
    /// come; what is returned holds the last one.
    static func read(
        _ address: String, after lastEvent: Int, withDefinition: Bool, _ context: ConsoleContext,
        page report: (ExecutionReading) -> Void = { _ in }
    ) async throws -> ExecutionReading {
        let arn = try await StateMachineNames.executionARN(address, context)
        let description = try await context.aws.call(SFN.describeExecution, .init(executionArn: arn))
        var definition: String?
        if withDefinition { definition = await Self.definition(arn, description, context) }
        var reading = ExecutionReading(
            description: description, definition: definition, events: [], hasEngine: context.capabilities.hasEngine,
            historyProblem: nil)
        do {
            reading.events = try await history(arn, after: lastEvent, context) { page in
                reading.events = page
                report(reading)
            }
        } catch {
            reading.events = []
            reading.historyProblem = error.message.isEmpty ? error.code : error.message
        }
        return reading
    }

    private static func definition(_ arn: String, _ description: SFN.DescribeExecutionOutput, _ context: ConsoleContext)
        async -> String?
    {
        if let output = try? await context.aws.call(SFN.describeStateMachineForExecution, .init(executionArn: arn)) {
            return output.definition
        }
        return try? await context.aws.call(
            SFN.describeStateMachine, .init(stateMachineArn: description.stateMachineArn)
        ).definition
    }

    /// The first reading goes forward over all pages and reports each but the last; later ones go backward until they meet
    /// what is known.
    private static func history(
        _ arn: String, after last: Int, _ context: ConsoleContext, page report: ([TraceEvent]) -> Void
    ) async throws(AWSError) -> [TraceEvent] {
        var events: [TraceEvent] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(
                SFN.getExecutionHistory,
                .init(
                    executionArn: arn, maxResults: last == 0 ? pageSize : 100, reverseOrder: last > 0, nextToken: token,
                    includeExecutionData: true))
            events += page.events.lazy.map { TraceEvent($0) }
            token = page.nextToken
            if last > 0, events.last.map({ $0.id <= last }) ?? true { break }
            if last == 0, token != nil {
                report(events)
                events = []
            }
        } while token != nil && !Task.isCancelled
        return last > 0 ? events.filter { $0.id > last }.reversed() : events
    }

    /// Each stage of a state's data, from the engine.
    static func stages(_ arn: String, event: Int, _ context: ConsoleContext) async throws -> [DataStage] {
        let output = try await context.aws.call(Skua.describeStateStages, .init(executionArn: arn, eventId: event))
        return (output.stages ?? []).map { DataStage(name: $0.name ?? "?", value: $0.value ?? "") }
    }

    /// Why an execution stands where it stands, from the history up; with a visit's id, why that visit does.
    static func reasons(_ arn: String, visit id: Int? = nil, _ context: ConsoleContext) async throws -> [Reason] {
        var trace = ExecutionTrace()
        let reading = try await read(arn, after: 0, withDefinition: true, context) {
            trace.append(contentsOf: $0.events)
        }
        trace.append(contentsOf: reading.events)
        let definition = reading.definition.flatMap { try? StateMachineDefinition($0) }
        let visit = id.flatMap { trace.visit($0) }
        let now = await context.now()
        var reasons = ExecutionReasons(trace: trace, definition: definition, now: now).reasons(for: visit)
        if context.capabilities.hasEngine {
            // History tells most of it, whatever the engine answers.
            let known = (try? await Reason.explain(arn, item: visit?.name, context)) ?? []
            Reason.merge(known, into: &reasons, about: visit?.name)
        }
        return reasons
    }
}

/// A state's data at one point on its way from input to output.
struct DataStage: Hashable, Sendable {
    /// `State input`, `InputPath`, …
    var name: String
    /// JSON text.
    var value: String

    /// What history alone tells of a visit.
    static func known(of visit: StateVisit, variables: String?) -> [DataStage] {
        var stages: [DataStage] = []
        if let input = visit.input { stages.append(DataStage(name: "State input", value: input)) }
        if let variables { stages.append(DataStage(name: "Variables", value: variables)) }
        if let attempt = visit.attempts.last {
            if let parameters = attempt.parameters { stages.append(DataStage(name: "Task input", value: parameters)) }
            if let result = attempt.result { stages.append(DataStage(name: "Task result", value: result)) }
        }
        if let error = visit.error {
            let object: DocumentObject = ["Error": .string(error), "Cause": CauseText.value(visit.cause ?? "")]
            stages.append(DataStage(name: "Error", value: JSONWriter.string(.object(object))))
        }
        if !visit.assigned.isEmpty {
            stages.append(DataStage(name: "Assign", value: object(ofVariables: visit.assigned)))
        }
        if let output = visit.output { stages.append(DataStage(name: "State output", value: output)) }
        return stages
    }

    /// Variables as history tells them, by name with JSON text, as one object.
    static func object(ofVariables variables: [String: String]) -> String {
        JSONWriter.string(
            .object(
                DocumentObject(
                    variables.sorted { $0.key < $1.key }.map {
                        ($0.key, (try? JSONReader.parse($0.value)) ?? .string($0.value))
                    })))
    }
}

/// Names as people type them, to ARNs as AWS wants them.
enum StateMachineNames {
    enum Failure: Error, CustomStringConvertible {
        case noMachine(String)

        var description: String {
            switch self {
            case .noMachine(let name): "There is no state machine '\(name)'."
            }
        }
    }

    static func machineARN(_ name: String, _ context: ConsoleContext) async throws -> String {
        if name.hasPrefix("arn:") { return name }
        var token: String?
        repeat {
            let page = try await context.aws.call(SFN.listStateMachines, .init(maxResults: 1000, nextToken: token))
            if let machine = page.stateMachines.first(where: { $0.name == name }) { return machine.stateMachineArn }
            token = page.nextToken
        } while token != nil
        throw Failure.noMachine(name)
    }

    /// From an ARN, or `MACHINE/EXECUTION`.
    static func executionARN(_ address: String, _ context: ConsoleContext) async throws -> String {
        if address.hasPrefix("arn:") { return address }
        let parts = address.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw Failure.noMachine(address) }
        guard var arn = ARN(try await machineARN(parts[0], context)) else { throw Failure.noMachine(parts[0]) }
        arn.resource = "execution:\(parts[0]):\(parts[1])"
        return arn.description
    }

    /// Machine and execution of an execution's ARN or address.
    static func parts(ofExecution address: String) -> (machine: String, execution: String) {
        guard let resource = ARN(address)?.resource else {
            let parts = address.split(separator: "/", maxSplits: 1).map(String.init)
            return (parts.first ?? "", parts.dropFirst().first ?? "")
        }
        // AWS: a Map Run's child is `execution:MACHINE/LABEL:NAME`.
        let parts = resource.split(separator: ":").map(String.init)
        let machine = parts.dropFirst().first?.split(separator: "/").first.map(String.init)
        return (machine ?? "", parts.dropFirst(2).first ?? "")
    }

    static func machineName(_ nameOrARN: String) -> String {
        ARN(nameOrARN)?.resource.split(separator: ":").dropFirst().first.map(String.init) ?? nameOrARN
    }
}
