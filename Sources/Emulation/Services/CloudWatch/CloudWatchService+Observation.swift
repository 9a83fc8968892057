import AWSModel
import AWSTypes

// Alarms on the resource map, and why they are in the state they are in.

extension CloudWatchService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        alarms.all(in: scope).map { alarm in
            let health: ResourceNode.Health =
                !alarm.isActionsEnabled
                ? .disabled : alarm.state.value == "ALARM" ? .failing : alarm.state.value == "OK" ? .good : .warning
            return ResourceNode(
                arn: alarm.arn, service: "cloudwatch", name: alarm.name,
                summary: alarm.state.value.lowercased().split(separator: "_").joined(separator: " "), health: health)
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        alarms.all(in: scope).flatMap { alarm in
            var seen: Set<String> = []
            return alarm.allActions.filter { seen.insert($0).inserted }.map {
                ResourceWire(
                    sourceArn: alarm.arn, targetArn: $0, kind: "alarm",
                    count: alarm.actionsRun[$0] ?? 0, failed: alarm.actionsFailed[$0] ?? 0,
                    isEnabled: alarm.isActionsEnabled)
            }
        }
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        guard let arn = ARN(resourceArn), arn.service == "cloudwatch", arn.resourceType == "alarm",
            let alarm = alarms.find(named: resourceArn, in: Scope(accountID: arn.accountID, region: arn.region))
        else { return [] }
        var reasons = [Explanation(rule: "AlarmState", text: "It is \(alarm.state.value): \(alarm.state.reason)")]
        switch alarm.definition {
        case .metric(let put): reasons += explain(alarm, put)
        case .composite:
            for child in children(of: alarm) {
                reasons.append(
                    Explanation(
                        rule: "AlarmRule", text: "\(child.name) is \(child.state.value).", relatedArn: child.arn))
            }
        }
        if let suppression = alarm.suppression {
            reasons.append(
                Explanation(rule: "ActionsSuppressor", text: "\(suppression.reason).", movesAt: suppression.until))
        }
        if let (name, until) = mute(of: alarm) {
            reasons.append(
                Explanation(
                    rule: "AlarmMuteRule", text: "Its actions are muted by rule \(name).", movesAt: until))
        }
        if !alarm.isActionsEnabled {
            reasons.append(
                Explanation(rule: "ActionsDisabled", text: "Its actions are disabled: a change of state does nothing."))
        }
        return reasons
    }

    private func explain(_ alarm: Alarm, _ put: CloudWatch.PutMetricAlarmInput) -> [Explanation] {
        let next = Instant(wholeSeconds: (core.now.wholeSeconds / 60 + 1) * 60)
        guard let judged = judge(alarm, put, at: core.now)?.reason else { return [] }
        let evaluation = judged.evaluation
        let periods = judged.periods
        let needed = judged.datapoints ?? periods
        let points = judged.points.reversed().map { point in
            AlarmReason.number(point.value)
                + (judged.threshold.isBreaching(point.value, at: point.time) == true ? " ✗" : " ✓")
        }
        let shown = points.isEmpty ? "none" : points.joined(separator: ", ")
        var reasons = [
            Explanation(
                rule: "Datapoints",
                text:
                    "\(evaluation.breaching) of the newest \(evaluation.judged.count) data points (oldest first: \(shown)) breach; \(needed) of \(periods) must be \(judged.threshold.text(at: judged.points.map(\.time))).",
                movesAt: next)
        ]
        if evaluation.filled > 0 {
            let treatment =
                switch judged.missing {
                case .breaching: "counts as breaching"
                case .notBreaching: "counts as not breaching"
                case .ignore: "leaves the state as it is"
                case .missing: "is left out; without any the data is insufficient"
                }
            reasons.append(
                Explanation(
                    rule: "TreatMissingData",
                    text:
                        "\(evaluation.filled) of \(periods) data points are missing in the evaluation range: what is missing \(treatment)."
                ))
        }
        if evaluation.verdict == .keep {
            reasons.append(
                Explanation(
                    rule: judged.missing == .ignore ? "StateKept" : "PrematureAlarm",
                    text: "There are too few data points to decide: the state stays what it is."))
        }
        return reasons
    }
}
