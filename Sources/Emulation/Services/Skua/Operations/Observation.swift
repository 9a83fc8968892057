import AWSModel
import AWSTypes

/// Looking without touching: the map, the timeline, reasons, and news of what changed.
extension SkuaService {
    func registerObservation(_ table: inout OperationTable) {
        table.on(Skua.describeTopology) { [unowned self] (_, call) in topology(call.scope) }
        table.on(Skua.explain) { [unowned self] (input, _) in explain(input) }
        table.on(Skua.listProblems) { [unowned self] (input, call) in problems(input, call.scope) }
        table.on(Skua.listTimeline) { [unowned self] (input, _) throws(ServiceError) in try listTimeline(input) }
        table.on(Skua.getTimelineEntry) { [unowned self] (input, _) throws(ServiceError) in try timelineEntry(input) }
        table.onPending(Skua.waitForChanges) { [unowned self] (input, _, reply) in waitForChanges(input, reply) }
    }

    private func topology(_ scope: Scope) -> Skua.DescribeTopologyResponse {
        let nodes = core.allServices.flatMap { $0.resources(in: scope) }
        let known = Set(nodes.map(\.arn))
        let wires = core.allServices.flatMap { $0.wires(in: scope) }.map { wire in
            // A wire may name a function's alias or version; the map shows functions.
            var wire = wire
            wire.sourceArn = Self.mapArn(wire.sourceArn)
            wire.targetArn = Self.mapArn(wire.targetArn)
            return wire
        }
        return Skua.DescribeTopologyResponse(
            nodes: nodes.map { node in
                Skua.TopologyNode(
                    arn: node.arn, service: node.service, name: node.name, summary: node.summary,
                    health: node.health.rawValue, counts: node.counts)
            },
            wires: wires.filter { known.contains($0.sourceArn) && known.contains($0.targetArn) }.map { wire in
                Skua.TopologyWire(
                    sourceArn: wire.sourceArn, targetArn: wire.targetArn, kind: wire.kind, count: wire.count,
                    failed: wire.failed, isEnabled: wire.isEnabled)
            })
    }

    /// The ARN of the box that stands for a resource: a function without its qualifier.
    private static func mapArn(_ text: String) -> String {
        guard var arn = ARN(text), arn.service == "lambda" else { return text }
        let parts = arn.resource.split(separator: ":")
        guard parts.count == 3, parts[0] == "function" else { return text }
        arn.resource = "\(parts[0]):\(parts[1])"
        return arn.description
    }

    private func explain(_ input: Skua.ExplainRequest) -> Skua.ExplainResponse {
        let reasons = core.allServices.flatMap { $0.explain(input.resourceArn, item: input.item) }
        return Skua.ExplainResponse(
            reasons: reasons.map { reason in
                Skua.Reason(
                    rule: reason.rule, text: reason.text, movesAt: reason.movesAt, relatedArn: reason.relatedArn)
            })
    }

    /// By weight, then service by service, so that an entry keeps its place while others come and go.
    private func problems(_ input: Skua.ListProblemsRequest, _ scope: Scope) -> Skua.ListProblemsResponse {
        var found = core.allServices.flatMap { $0.problems(in: scope) }
        // Nobody receives from a queue whose own mapping is off or held back: one reason is enough.
        let explained = Set(found.filter { $0.rule != "NoConsumers" }.flatMap { [$0.resourceArn, $0.relatedArn] })
        found.removeAll { $0.rule == "NoConsumers" && explained.contains($0.resourceArn) }
        let ordered = found.enumerated().sorted {
            ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset)
        }.map(\.element)
        return Skua.ListProblemsResponse(
            problems: ordered.prefix(input.maxResults ?? 200).map { problem in
                Skua.Problem(
                    resourceArn: problem.resourceArn, item: problem.item, rule: problem.rule, text: problem.text,
                    since: problem.since, movesAt: problem.movesAt, relatedArn: problem.relatedArn)
            }, total: found.count)
    }

    private func listTimeline(_ input: Skua.ListTimelineRequest) throws(ServiceError) -> Skua.ListTimelineResponse {
        let limit = min(max(input.maxResults ?? 200, 1), 1000)
        var trace: TraceID?
        if let text = input.traceId {
            guard let value = UInt64(text, radix: 16) else { throw .validation("TraceId must be hexadecimal.") }
            trace = TraceID(rawValue: value)
        }
        let kinds = Set((input.kinds ?? []).compactMap(TimelineEntry.Kind.init(rawValue:)))
        let words = input.text?.lowercased()
        func isIncluded(_ entry: TimelineEntry) -> Bool {
            if let trace, entry.trace != trace { return false }
            if let resource = input.resourceArn, entry.resource != resource { return false }
            if !kinds.isEmpty, !kinds.contains(entry.kind) { return false }
            if input.onlyErrors == true, entry.error == nil { return false }
            if let words, !words.isEmpty {
                let line = "\(entry.service) \(entry.action) \(entry.resource) \(entry.detail) \(entry.error ?? "")"
                return line.lowercased().contains(words)
            }
            return true
        }
        let entries: [TimelineEntry]
        if let after = input.after {
            entries = core.timeline.entries(
                after: TimelineEntry.ID(rawValue: UInt64(max(after, 0))), limit: limit, where: isIncluded)
        } else {
            entries = core.timeline.newest(
                before: input.before.map { TimelineEntry.ID(rawValue: UInt64(max($0, 0))) }, limit: limit,
                where: isIncluded)
        }
        return Skua.ListTimelineResponse(
            events: entries.map(Self.event), lastId: Int(core.timeline.lastID.rawValue))
    }

    private static func event(_ entry: TimelineEntry) -> Skua.TimelineEvent {
        Skua.TimelineEvent(
            id: Int(entry.id.rawValue), time: entry.time, kind: entry.kind.rawValue, service: entry.service,
            action: entry.action, resource: entry.resource, traceId: String(entry.trace.rawValue, radix: 16),
            causeId: entry.cause.map { Int($0.rawValue) }, error: entry.error, detail: entry.detail,
            endedAt: entry.endedAt)
    }

    /// One entry with what went in and came out.
    private func timelineEntry(_ input: Skua.GetTimelineEntryRequest) throws(ServiceError)
        -> Skua.GetTimelineEntryResponse
    {
        guard let entry = core.timeline[TimelineEntry.ID(rawValue: UInt64(max(input.id, 0)))] else {
            throw ServiceError("ResourceNotFoundException", "The timeline no longer has entry \(input.id).")
        }
        return Skua.GetTimelineEntryResponse(
            event: Self.event(entry), input: entry.input?.text, output: entry.output?.text)
    }

    private func waitForChanges(_ input: Skua.WaitForChangesRequest, _ reply: Reply<Skua.WaitForChangesResponse>) {
        let topics = Set(input.topics ?? [])
        // A cursor from an earlier run of the engine is ahead of this one's: everything is news then.
        let asked = UInt64(max(input.cursor ?? 0, 0))
        let cursor = asked > core.changes.version ? 0 : asked
        let wait = min(max(input.waitTimeSeconds ?? 20, 0), 60)
        let changed = core.changes.changed(after: cursor, topics: topics)
        if !changed.isEmpty || wait == 0 {
            reply.succeed(Skua.WaitForChangesResponse(topics: changed, cursor: Int(core.changes.version)))
            return
        }
        var timeout: TimerID?
        let watcher = core.changes.watch(after: cursor, topics: topics) { [core] topics, cursor in
            core.cancel(timeout)
            reply.succeed(Skua.WaitForChangesResponse(topics: topics, cursor: Int(cursor)))
        }
        let label = TimerLabel(kind: "WaitForChanges", resourceArn: "", isInternal: true)
        timeout = core.schedule(at: core.now + .seconds(wait), label) { [core] in
            core.changes.unwatch(watcher)
            reply.succeed(Skua.WaitForChangesResponse(topics: [], cursor: Int(core.changes.version)))
        }
        reply.onAbandon { [core] in
            core.changes.unwatch(watcher)
            core.cancel(timeout)
        }
    }
}
