import AWSModel
import AWSTypes

extension EventsService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        let buses = (buses[scope] ?? [:]).values.filter { !$0.ownRules.isEmpty || !$0.isDefault }
            .sorted { $0.name < $1.name }
        return buses.flatMap { bus in
            [
                ResourceNode(
                    arn: bus.arn, service: "events", name: bus.name, summary: "\(bus.ownRules.count) rules",
                    counts: ["rules": bus.ownRules.count])
            ]
                + bus.ownRules.sorted { $0.name < $1.name }.prefix(200).map { rule in
                    let delivered = rule.delivered.values.reduce(0, +)
                    return ResourceNode(
                        arn: rule.arn, service: "events", name: rule.name,
                        summary: rule.isEnabled ? "\(delivered) delivered" : "disabled",
                        health: !rule.isEnabled ? .disabled : rule.lastFailure.isEmpty ? .good : .failing,
                        counts: ["delivered": delivered, "targets": rule.targets.count])
                }
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        (buses[scope] ?? [:]).values.flatMap { bus in
            bus.ownRules.flatMap { rule in
                [
                    ResourceWire(
                        sourceArn: bus.arn, targetArn: rule.arn, kind: "rule",
                        count: rule.delivered.values.reduce(0, +), isEnabled: rule.isEnabled)
                ]
                    + rule.targets.flatMap { target in
                        [
                            ResourceWire(
                                sourceArn: rule.arn, targetArn: target.arn, kind: "target",
                                count: rule.delivered[target.arn] ?? 0, failed: rule.failed[target.arn] ?? 0,
                                isEnabled: rule.isEnabled)
                        ]
                            + (target.deadLetterConfig?.arn).map {
                                [ResourceWire(sourceArn: rule.arn, targetArn: $0, kind: "dead-letter")]
                            }.orEmpty
                    }
            }
        }
    }

    /// - Parameter item: an event as JSON text asks why a rule does or does not match it.
    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        guard let arn = ARN(resourceArn), arn.service == "events" else { return [] }
        let scope = Scope(accountID: arn.accountID, region: arn.region)
        if arn.resourceType == "event-bus" { return buses[scope]?[arn.resourceName].map(explain) ?? [] }
        guard arn.resourceType == "rule" else { return [] }
        let parts = arn.resourceName.split(separator: "/", maxSplits: 1).map(String.init)
        guard let bus = buses[scope]?[parts.count == 2 ? parts[0] : "default"], let rule = bus.rule(parts.last ?? "")
        else { return [] }
        if let manager = rule.managedBy {
            return [
                Explanation(
                    rule: "ManagedRule",
                    text: "It is \(manager)'s: EventBridge made it for an archive, which keeps the events by itself.")
            ]
        }
        var reasons: [Explanation] = []
        if !rule.isEnabled {
            reasons.append(
                Explanation(rule: "RuleDisabled", text: "It is disabled: nothing is matched until EnableRule."))
        }
        if let item, let event = try? JSONReader.parse(item), let pattern = rule.pattern {
            if let clause = pattern.mismatch(event) {
                reasons.append(
                    Explanation(rule: "PatternMismatch", text: "The event does not match: \(clause)."))
            } else {
                reasons.append(Explanation(rule: "PatternMatch", text: "The event matches its pattern."))
            }
        }
        if let next = rule.nextRun, rule.isEnabled {
            reasons.append(
                Explanation(
                    rule: "Schedule", text: "It fires next at \(next.iso8601(milliseconds: false)).", movesAt: next))
        }
        if rule.targets.isEmpty {
            reasons.append(
                Explanation(rule: "NoTargets", text: "It has no targets: events that match it go nowhere."))
        }
        for target in rule.targets {
            if let failure = rule.lastFailure[target.arn] { reasons.append(explain(failure, target, rule)) }
        }
        if item == nil, rule.mismatches > 0, let last = rule.lastMismatch, let pattern = rule.pattern {
            let times = rule.mismatches == 1 ? "1 event" : "\(rule.mismatches) events"
            let clause = pattern.mismatch(last) ?? "it matches now"
            reasons.append(
                Explanation(
                    rule: "PatternMismatch", text: "\(times) of its source did not match. The last one: \(clause)."))
        }
        if reasons.isEmpty, rule.lastMatched == nil {
            reasons.append(
                Explanation(rule: "NothingMatched", text: "No event has matched it since the engine started."))
        }
        return reasons
    }

    /// What becomes of events on a bus: rules that are off or fail are named, each with its own reason.
    private func explain(_ bus: EventBus) -> [Explanation] {
        guard !bus.ownRules.isEmpty else {
            return [Explanation(rule: "NoRules", text: "It has no rules: events that are put on it go nowhere.")]
        }
        var reasons: [Explanation] = []
        let listening = bus.rules.values.filter { $0.isEnabled && $0.pattern != nil }
        if listening.isEmpty {
            reasons.append(
                Explanation(
                    rule: "NothingListens",
                    text: "None of its rules listens for events: they are off, or fire by the clock."))
        }
        for rule in bus.rules.values.filter({ !$0.lastFailure.isEmpty }).sorted(by: { $0.name < $1.name }).prefix(5) {
            reasons.append(
                Explanation(
                    rule: "TargetFailed",
                    text: "Rule \(rule.name) could not reach \(rule.lastFailure.count) of its targets.",
                    relatedArn: rule.arn))
        }
        return reasons
    }

    private func explain(_ failure: DeliveryFailure, _ target: Events.Target, _ rule: EventRule) -> Explanation {
        let queued = waiting.values.filter { $0.ruleName == rule.name && $0.target.id == target.id }
        let next = queued.map(\.due).min()
        let end =
            next.map { "\(queued.count) wait to be tried again, the next at \($0.iso8601(milliseconds: false))" }
            ?? (target.deadLetterConfig?.arn.map { "Events go to the dead-letter queue \($0)" }
                ?? "Without a dead-letter queue such events are dropped")
        return Explanation(
            rule: failure.code, text: "Target \(target.arn) failed: \(failure.message) \(end).", movesAt: next,
            relatedArn: target.deadLetterConfig?.arn ?? target.arn)
    }
}

extension [ResourceWire]? {
    fileprivate var orEmpty: [ResourceWire] { self ?? [] }
}
