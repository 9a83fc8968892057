import AWSModel

extension SchedulerService {
    private func schedules(in scope: Scope) -> [Schedule] {
        (groups[scope] ?? [:]).values.sorted { $0.name < $1.name }.flatMap(\.schedules.values)
    }

    public func resources(in scope: Scope) -> [ResourceNode] {
        schedules(in: scope).prefix(200).map { schedule in
            ResourceNode(
                arn: schedule.arn, service: "scheduler", name: schedule.name,
                summary: schedule.isEnabled
                    ? schedule.scheduledTime.map { "next \($0.iso8601(milliseconds: false))" } ?? "done" : "disabled",
                health: !schedule.isEnabled ? .disabled : schedule.lastFailure == nil ? .good : .failing,
                counts: ["runs": schedule.runs])
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        schedules(in: scope).prefix(200).compactMap { schedule in
            schedule.settings.target.map {
                ResourceWire(
                    sourceArn: schedule.arn, targetArn: $0.arn, kind: "target", count: schedule.runs,
                    failed: schedule.failures,
                    isEnabled: schedule.isEnabled)
            }
        }
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        guard let arn = ARN(resourceArn), arn.service == "scheduler", arn.resourceType == "schedule" else { return [] }
        let parts = arn.resourceName.split(separator: "/", maxSplits: 1).map(String.init)
        let scope = Scope(accountID: arn.accountID, region: arn.region)
        guard parts.count == 2, let schedule = groups[scope]?[parts[0]]?.schedules[parts[1]] else { return [] }
        var reasons: [Explanation] = []
        if !schedule.isEnabled {
            reasons.append(Explanation(rule: "ScheduleDisabled", text: "It is disabled: it does not run."))
        } else if let next = schedule.scheduledTime, let run = schedule.runTime {
            let window =
                schedule.window > 0
                ? ", and runs at \(run.iso8601(milliseconds: false)) within its window of \(schedule.window) minutes"
                : ""
            reasons.append(
                Explanation(
                    rule: "NextRun", text: "It is due at \(next.iso8601(milliseconds: false))\(window).", movesAt: run))
        } else {
            reasons.append(
                Explanation(
                    rule: "ScheduleCompleted",
                    text: "\(schedule.settings.scheduleExpression ?? "Its expression") names no further time."))
        }
        if let failure = schedule.lastFailure {
            let next = waiting.values.filter { $0.scheduleArn == schedule.arn }.map(\.due).min()
            let retry =
                next.map { " It is tried again at \($0.iso8601(milliseconds: false))." }
                ?? schedule.settings.target?.deadLetterConfig?.arn.map { " It went to the dead-letter queue \($0)." }
                ?? " Without a dead-letter queue it is given up."
            reasons.append(
                Explanation(
                    rule: failure.code, text: "Its last run failed: \(failure.message)\(retry)", movesAt: next,
                    relatedArn: schedule.settings.target?.arn))
        }
        return reasons
    }
}
