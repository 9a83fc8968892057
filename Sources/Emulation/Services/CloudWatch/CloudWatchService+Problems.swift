import AWSModel

// Alarms that sound, and those that sound unheard.
extension CloudWatchService {
    public func problems(in scope: Scope) -> [Problem] {
        alarms.all(in: scope).filter { $0.state.value == "ALARM" }.map { alarm in
            let silence = alarm.isActionsEnabled ? "" : " Its actions are disabled: nobody is told."
            return Problem(
                alarm.arn, .unsteady, rule: "AlarmState", text: "It is in ALARM: \(alarm.state.reason)\(silence)",
                since: alarm.state.transitioned)
        }
    }
}
