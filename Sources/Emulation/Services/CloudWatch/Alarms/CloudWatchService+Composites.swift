import AWSModel
import AWSTypes

// Composite alarms, and suppressors that hold their actions back.

extension CloudWatchService {
    /// Judges the composite alarms that name a changed alarm, or are suppressed by it.
    func reconsiderComposites(in scope: Scope, because changed: Alarm, _ cause: Cause) {
        let names = [changed.name, changed.arn]
        for alarm in alarms.all(in: scope) where alarm !== changed {
            guard case .composite(let put, let rule) = alarm.definition else { continue }
            if names.contains(put.actionsSuppressor ?? "") {
                core.later { [unowned self] in suppressorChanged(of: alarm, cause) }
            }
            guard rule.alarms.contains(where: names.contains) else { continue }
            // Later in this turn, so that a chain of them settles one after another.
            core.later { [unowned self] in evaluate(composite: alarm, because: changed, cause) }
        }
    }

    /// AWS: a new one stays INSUFFICIENT_DATA for a moment, and is never that again.
    private static let firstEvaluation = Duration.seconds(5)

    /// Judges a new composite alarm soon; also after a restart.
    func armFirstEvaluation(of alarm: Alarm) {
        guard alarm.isComposite, alarm.state.value == "INSUFFICIENT_DATA" else { return }
        let time = max(core.now, alarm.configured + Self.firstEvaluation)
        core.schedule(at: time, TimerLabel(kind: "AlarmEvaluation", resourceArn: alarm.arn, isInternal: true)) {
            [unowned self] in
            guard alarm.state.value == "INSUFFICIENT_DATA" else { return }
            evaluate(composite: alarm, because: nil, nil)
        }
    }

    /// The alarms that a composite one names.
    func children(of alarm: Alarm) -> [Alarm] {
        guard case .composite(_, let rule) = alarm.definition else { return [] }
        return rule.alarms.compactMap { alarms.find(named: $0, in: alarm.scope) }
    }

    /// AWS: those that depend on themselves are not judged.
    private func isInCycle(_ alarm: Alarm) -> Bool {
        var seen: Set<ObjectIdentifier> = []
        var waiting = children(of: alarm)
        while let next = waiting.popLast() {
            if next === alarm { return true }
            if seen.insert(ObjectIdentifier(next)).inserted { waiting += children(of: next) }
        }
        return false
    }

    /// A composite alarm has no clock of its own: it follows those it names. Without one that changed it is judged because
    /// it was put.
    func evaluate(composite alarm: Alarm, because changed: Alarm?, _ cause: Cause?) {
        guard case .composite(_, let rule) = alarm.definition, alarms.find(alarm.name, in: alarm.scope) === alarm else {
            return
        }
        let children = children(of: alarm)
        guard !isInCycle(alarm) else { return }
        let new = rule.isTrue { alarms.find(named: $0, in: alarm.scope)?.state.value } ? "ALARM" : "OK"
        guard new != alarm.state.value else { return }
        let verb = alarm.state.value == "INSUFFICIENT_DATA" ? "created" : "updated"
        let reason =
            changed.map { "\($0.arn) transitioned to \($0.state.value) at \(Self.longDate($0.state.transitioned))" }
            ?? "\(alarm.arn) was \(verb) and its alarm rule evaluates to \(new)"
        let triggering = children.filter { $0 === changed || $0.state.value == "ALARM" }
        let data: DocumentObject = [
            "triggeringAlarms": .list(
                triggering.map {
                    [
                        "arn": .string($0.arn),
                        "state": [
                            "value": .string($0.state.value), "timestamp": .string($0.state.transitioned.alarmText),
                        ],
                    ]
                })
        ]
        change(alarm, to: new, reason: reason, data: JSONWriter.string(.object(data)), cause: cause)
    }

    /// `Thursday 01 January, 2026 00:00:00 UTC`.
    static func longDate(_ time: Instant) -> String {
        let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let date = CalendarDate(time)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(days[date.weekday]) \(two(date.day)) \(months[date.month - 1]), \(date.year) \(two(date.hour)):\(two(date.minute)):\(two(date.second)) UTC"
    }

    // MARK: Suppressors

    /// Whether the actions of a state have to wait. AWS: while the suppressor is in ALARM, for the extension period after
    /// that, and for the wait period before, in case the suppressor is late.
    func isHeld(_ alarm: Alarm, _ cause: Cause) -> Bool {
        guard case .composite(let put, _) = alarm.definition, let name = put.actionsSuppressor,
            let suppressor = alarms.find(named: name, in: alarm.scope)
        else { return false }
        if suppressor.state.value == "ALARM" {
            hold(alarm, by: "Alarm", "Actions suppressed by alarm \(suppressor.arn)", until: nil)
            return true
        }
        if let suppression = alarm.suppression, suppression.by == "ExtensionPeriod",
            suppression.until ?? core.now > core.now
        {
            alarm.heldActions = alarm.state.value
            return true
        }
        let wait = put.actionsSuppressorWaitPeriod ?? 0
        guard alarm.state.value == "ALARM", wait > 0 else { return false }
        hold(
            alarm, by: "WaitPeriod", "Actions wait \(wait) seconds for suppressor \(suppressor.arn)",
            until: core.now + .seconds(wait))
        return true
    }

    private func hold(_ alarm: Alarm, by: String, _ reason: String, until: Instant?) {
        alarm.suppression = Alarm.Suppression(by: by, reason: reason, until: until)
        alarm.heldActions = alarm.state.value
        alarm.wasSuppressing = by == "Alarm"
        armSuppression(of: alarm)
    }

    /// Ends a wait or an extension when its time has come; also after a restart.
    func armSuppression(of alarm: Alarm) {
        guard let until = alarm.suppression?.until else { return }
        core.schedule(at: until, TimerLabel(kind: "AlarmSuppression", resourceArn: alarm.arn)) { [unowned self] in
            guard alarms.find(alarm.name, in: alarm.scope) === alarm, alarm.suppression?.until == until else { return }
            release(alarm)
        }
    }

    private func suppressorChanged(of alarm: Alarm, _ cause: Cause) {
        guard case .composite(let put, _) = alarm.definition,
            let suppressor = put.actionsSuppressor.flatMap({ alarms.find(named: $0, in: alarm.scope) })
        else { return }
        if suppressor.state.value == "ALARM" {
            guard alarm.suppression != nil else { return }
            hold(alarm, by: "Alarm", "Actions suppressed by alarm \(suppressor.arn)", until: nil)
        } else if alarm.wasSuppressing {
            alarm.wasSuppressing = false
            let extended = put.actionsSuppressorExtensionPeriod ?? 0
            alarm.suppression = Alarm.Suppression(
                by: "ExtensionPeriod", reason: "Actions suppressed \(extended) seconds longer",
                until: core.now + .seconds(extended))
            armSuppression(of: alarm)
        }
        alarms.save(alarm, in: core.journal)
        core.changes.mark(alarm.arn)
    }

    /// AWS: what was held back is done if the alarm is still in that state.
    private func release(_ alarm: Alarm) {
        let held = alarm.heldActions
        alarm.suppression = nil
        alarm.heldActions = nil
        alarms.save(alarm, in: core.journal)
        core.changes.mark(alarm.arn)
        guard held == alarm.state.value, alarm.isActionsEnabled else { return }
        let cause = core.record(
            .timer, service: "cloudwatch", action: "SuppressionEnded", resource: alarm.arn, cause: nil)
        runActions(of: alarm, alarm.state, cause)
    }
}
