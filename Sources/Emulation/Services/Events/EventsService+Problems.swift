import AWSModel

// Rules whose targets fail, or that lead nowhere.
extension EventsService {
    public func problems(in scope: Scope) -> [Problem] {
        (buses[scope] ?? [:]).values.sorted { $0.name < $1.name }.flatMap { bus in
            bus.rules.values.sorted { $0.name < $1.name }.compactMap(problem)
        }
    }

    private func problem(_ rule: EventRule) -> Problem? {
        guard rule.isEnabled else { return nil }
        if let (target, failure) = rule.lastFailure.min(by: { $0.key < $1.key }) {
            return Problem(
                rule.arn, rule: failure.code,
                text: "Its target \(ResourceNaming.last(of: target)) fails: \(failure.message)", relatedArn: target)
        }
        guard rule.targets.isEmpty, let matched = rule.lastMatched else { return nil }
        return Problem(
            rule.arn, rule: "NoTargets", text: "Events match it, and it has no targets: they go nowhere.",
            since: matched)
    }
}
