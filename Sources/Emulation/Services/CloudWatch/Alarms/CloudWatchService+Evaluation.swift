import AWSModel
import AWSTypes

// Alarms on the engine's clock.

extension CloudWatchService {
    /// Metric alarms judged in one turn; the next ones follow a second later, so that no turn is long.
    private static let sliceSize = 100

    /// Wakes at the next full minute, or ten seconds where an alarm has so short a period; never without alarms.
    func armAlarms() {
        guard alarmTimer == nil, !alarms.isEmpty else { return }
        let step: Int64 = alarms.hasHighResolution ? 10 : 60
        let next = Instant(wholeSeconds: (core.now.wholeSeconds / step + 1) * step)
        alarmTimer = core.schedule(at: next, TimerLabel(kind: "AlarmEvaluation", resourceArn: "", isInternal: true)) {
            [unowned self] in
            alarmTimer = nil
            evaluate(alarms.dueAlarms(isMinute: next.wholeSeconds % 60 == 0)[...], at: next)
            armAlarms()
        }
    }

    private func evaluate(_ due: ArraySlice<Alarm>, at time: Instant) {
        for alarm in due.prefix(Self.sliceSize) { evaluate(alarm, at: time) }
        let rest = due.dropFirst(Self.sliceSize)
        guard !rest.isEmpty else { return }
        core.schedule(
            at: core.now + .seconds(1), TimerLabel(kind: "AlarmEvaluation", resourceArn: "", isInternal: true)
        ) { [unowned self] in evaluate(rest, at: time) }
    }

    /// Judges a metric alarm by the full periods that ended at `time`.
    func evaluate(_ alarm: Alarm, at time: Instant) {
        guard alarms.find(alarm.name, in: alarm.scope) === alarm, case .metric(let put) = alarm.definition,
            let judged = judge(alarm, put, at: time)
        else { return }
        let new: String
        switch judged.verdict {
        case .keep: return
        case .alarm: new = "ALARM"
        case .ok: new = "OK"
        case .insufficientData: new = "INSUFFICIENT_DATA"
        }
        guard new != alarm.state.value else { return }
        let reason = judged.reason.text(from: alarm.state.value, to: new)
        change(alarm, to: new, reason: reason, data: reasonData(of: judged, put), cause: lastPut(for: alarm))
    }

    /// The call that put the newest value of those that an alarm watches; what a service measures by itself has none.
    private func lastPut(for alarm: Alarm) -> Cause? {
        let watched = (alarm.plan?.queries ?? []).flatMap { query -> [StoredMetric] in
            guard case .stat(let stat) = query.source else { return [] }
            return metrics.find(stat.series, unit: stat.unit)
        }
        return watched.filter { $0.lastPut != nil }.max { $0.lastRecorded < $1.lastRecorded }?.lastPut
    }

    // MARK: States

    /// Puts an alarm into a state: history, actions where the value changed, and whoever depends on it.
    func change(_ alarm: Alarm, to value: String, reason: String, data: String?, cause: Cause?) {
        let old = alarm.state
        let isTransition = old.value != value
        alarm.state = Alarm.State(
            value: value, reason: reason, reasonData: data, updated: core.now,
            transitioned: isTransition ? core.now : old.transitioned)
        let cause = core.record(
            .alarm, service: "cloudwatch", action: value, resource: alarm.arn, cause: cause, detail: reason)
        record(alarm, "StateUpdate", "Alarm updated from \(old.value) to \(value)", stateChange(old, alarm.state))
        if isTransition {
            act(on: alarm, old, cause)
            core.emit(
                ServiceEvent(
                    source: "aws.cloudwatch", detailType: "CloudWatch Alarm State Change", resources: [alarm.arn],
                    detail: eventDetail(alarm, old), scope: alarm.scope), cause: cause)
            reconsiderComposites(in: alarm.scope, because: alarm, cause)
        }
        alarms.save(alarm, in: core.journal)
        core.changes.mark(Self.alarmTopic)
        core.changes.mark(alarm.arn)
    }

    private func stateChange(_ old: Alarm.State, _ new: Alarm.State) -> DocumentObject {
        func part(_ state: Alarm.State) -> DocumentValue {
            var part: DocumentObject = ["stateValue": .string(state.value), "stateReason": .string(state.reason)]
            if let data = state.reasonData.flatMap({ try? JSONReader.parse($0) }) { part["stateReasonData"] = data }
            return .object(part)
        }
        return ["version": "1.0", "oldState": part(old), "newState": part(new)]
    }

    func record(_ alarm: Alarm, _ type: String, _ summary: String, _ data: DocumentObject) {
        alarms.record(
            AlarmHistory(
                id: 0, scope: alarm.scope, alarmName: alarm.name, alarmType: alarm.type, time: core.now, type: type,
                summary: summary, data: JSONWriter.string(.object(data))), in: core.journal)
    }
}
