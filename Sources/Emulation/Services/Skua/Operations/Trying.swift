import AWSModel
import AWSTypes

/// Trying what rules, filters and schedules would do, without doing it: which clause of a pattern refuses an event, when
/// an expression fires next, what a target would get.
extension SkuaService {
    func registerTrying(_ table: inout OperationTable) {
        table.on(Skua.explainEventPattern) { [unowned self] (input, _) throws(ServiceError) in
            try explainPattern(input)
        }
        table.on(Skua.previewSchedule) { [unowned self] (input, _) throws(ServiceError) in
            try previewSchedule(input)
        }
        table.on(Skua.previewTargetInput) { [unowned self] (input, call) throws(ServiceError) in
            try previewTargetInput(input, call)
        }
    }

    // MARK: Patterns

    private func explainPattern(
        _ input: Skua.ExplainEventPatternRequest
    ) throws(ServiceError) -> Skua.ExplainEventPatternResponse {
        do throws(EventPatternError) {
            let (pattern, event) = try held(input)
            guard let event else {
                // AWS: a text never matches a pattern for JSON, nor JSON one for text.
                return Skua.ExplainEventPatternResponse(
                    matches: false,
                    clauses: try PatternClause.all(of: pattern, against: .object([:])).map(Self.shown),
                    reason: "the body is not of the kind the pattern asks for")
            }
            let whole = try EventPattern(pattern)
            let clauses = try PatternClause.all(of: pattern, against: event)
            // Where each clause holds by itself, they do so in different elements of an array.
            let reason =
                clauses.allSatisfy(\.holds)
                ? "no element of an array satisfies all clauses at once" : whole.mismatch(event)
            let matches = whole.matches(event)
            return Skua.ExplainEventPatternResponse(
                matches: matches, clauses: clauses.map(Self.shown), reason: matches ? nil : reason)
        } catch {
            throw .validation(error.message)
        }
    }

    /// The pattern as EventBridge would read it, and what it is held against; nil where that cannot match at all.
    private func held(
        _ input: Skua.ExplainEventPatternRequest
    ) throws(EventPatternError) -> (pattern: DocumentObject, event: DocumentValue?) {
        guard let pattern = (try? JSONReader.parse(input.pattern))?.object else {
            // For AWS's own words on what is wrong with it.
            _ = try EventPattern(input.pattern)
            throw EventPatternError("Filter is not an object")
        }
        let event = (try? JSONReader.parse(input.event))?.object
        switch input.kind {
        case "attributes", "body":
            // AWS: a filter policy may name a single value without a list.
            let lists = DocumentObject(
                pattern.map { name, value in (name, value.list == nil && value.object == nil ? [value] : value) })
            _ = try EventPattern(lists)
            return (lists, event.map(DocumentValue.object))
        case "record":
            _ = try EventPattern(input.pattern)
            guard let event else { throw EventPatternError("The record is not a JSON object.") }
            return (pattern, try EventFilters.seen(event, by: EventPattern(input.pattern)).map(DocumentValue.object))
        default:
            _ = try EventPattern(input.pattern)
            guard let event else { throw EventPatternError("The event is not a JSON object.") }
            return (pattern, .object(event))
        }
    }

    private static func shown(_ clause: PatternClause) -> Skua.PatternClause {
        Skua.PatternClause(
            path: clause.path, condition: clause.condition, holds: clause.holds, found: clause.found,
            alternative: clause.alternative)
    }

    // MARK: Schedules

    private func previewSchedule(
        _ input: Skua.PreviewScheduleRequest
    ) throws(ServiceError) -> Skua.PreviewScheduleResponse {
        let next: (Instant) -> Instant?
        if input.kind == "rule" {
            guard let schedule = RuleSchedule(input.expression) else {
                throw .validation("Parameter ScheduleExpression is not valid.")
            }
            next = { schedule.next(after: $0) }
        } else {
            let expression = try ScheduleExpression(input.expression, timezone: input.timezone)
            let origin = input.startDate ?? core.now
            next = { expression.next(after: $0, origin: origin) }
        }
        var times: [Instant] = []
        // A run at the very moment of the start counts.
        var time = max(core.now, (input.startDate ?? .epoch) - .microseconds(1))
        while times.count < min(input.maxResults ?? 10, 100), let run = next(time), run <= input.endDate ?? run {
            times.append(run)
            time = run
        }
        return Skua.PreviewScheduleResponse(times: times)
    }

    // MARK: Targets

    private func previewTargetInput(
        _ input: Skua.PreviewTargetInputRequest, _ call: Call
    ) throws(ServiceError) -> Skua.PreviewTargetInputResponse {
        guard let event = (try? JSONReader.parse(input.event))?.object else {
            throw .validation("The event is not a JSON object.")
        }
        var target = Events.Target(id: "preview", arn: "", input: input.input, inputPath: input.inputPath)
        if let template = input.inputTemplate {
            let transformer = Events.InputTransformer(inputPathsMap: input.inputPathsMap, inputTemplate: template)
            try InputTransform.check(transformer, targetID: target.id)
            target.inputTransformer = transformer
        }
        let rule = EventRule(
            scope: call.scope, busName: input.eventBusName ?? "default", name: input.ruleName ?? "rule")
        let text = InputTransform.body(target, BusEvent(event, ingested: core.now), rule)
        return Skua.PreviewTargetInputResponse(text: text)
    }
}
