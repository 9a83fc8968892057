import AWSModel

// Schedules whose last run failed.
extension SchedulerService {
    public func problems(in scope: Scope) -> [Problem] {
        let schedules = (groups[scope] ?? [:]).values.flatMap(\.schedules.values).sorted { $0.arn < $1.arn }
        return schedules.compactMap { schedule in
            guard let failure = schedule.lastFailure else { return nil }
            return Problem(
                schedule.arn, rule: failure.code, text: "Its last run failed: \(failure.message)",
                movesAt: schedule.isEnabled ? schedule.runTime : nil, relatedArn: schedule.settings.target?.arn)
        }
    }
}
