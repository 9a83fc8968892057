import AWSModel
import AWSTypes

/// Rules that fire by the clock.
extension EventsService {
    /// Begins anew: AWS counts a rate from when the rule was made or enabled.
    func startSchedule(of rule: EventRule) {
        rule.nextRun = rule.isEnabled ? rule.schedule?.next(after: core.now) : nil
        arm(rule)
    }

    func arm(_ rule: EventRule) {
        core.cancel(rule.timer)
        rule.timer = nil
        guard rule.isEnabled, let next = rule.nextRun else { return }
        rule.timer = core.schedule(at: next, TimerLabel(kind: "ScheduledRule", resourceArn: rule.arn)) { [weak self] in
            self?.fire(rule)
        }
    }

    private func fire(_ rule: EventRule) {
        rule.timer = nil
        let due = rule.nextRun ?? core.now
        // After a pause, runs that were missed are not made up for: AWS's schedulers are not late either.
        var next = rule.schedule?.next(after: due)
        if let candidate = next, candidate <= core.now { next = rule.schedule?.next(after: core.now) }
        rule.nextRun = next
        save(rule)
        let event = BusEvent(
            id: core.identifiers.uuid(), source: "aws.events", detailType: "Scheduled Event",
            account: rule.scope.accountID, region: rule.scope.region, time: due, ingested: core.now,
            resources: [rule.arn], detail: .object([:]))
        let cause = core.record(
            .timer, service: "events", action: "ScheduledEvent", resource: rule.arn, cause: nil,
            detail: rule.scheduleText ?? "")
        trigger(rule, event, cause: cause)
        arm(rule)
    }
}
