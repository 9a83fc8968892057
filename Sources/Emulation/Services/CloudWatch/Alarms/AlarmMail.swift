import AWSModel
import AWSTypes

/// What subscribers by mail read when an alarm changes; all others get the message as JSON.
///
/// AWS: the layout of the mails that CloudWatch's alarms send, without the link into the web console.
struct AlarmMail {
    let alarm: Alarm
    let old: Alarm.State

    var text: String {
        let state = alarm.state
        var lines = [
            "You are receiving this email because your Amazon CloudWatch Alarm \"\(alarm.name)\" in the \(AlarmRegion.name(of: alarm.scope.region)) region has entered the \(state.value) state, because \"\(state.reason)\" at \"\(CloudWatchService.longDate(state.updated))\".",
            "", "Alarm Details:",
        ]
        lines += fields([
            ("Name", alarm.name), ("Description", alarm.description ?? ""),
            ("State Change", "\(old.value) -> \(state.value)"), ("Reason for State Change", state.reason),
            ("Timestamp", CloudWatchService.longDate(state.updated)), ("AWS Account", alarm.scope.accountID),
            ("Alarm Arn", alarm.arn),
        ])
        switch alarm.definition {
        case .metric(let put): lines += threshold(of: put) + metric(of: put)
        case .composite(let put, _): lines += ["", "Alarm Rule:", put.alarmRule]
        }
        lines += ["", "State Change Actions:"]
        lines += ["OK", "ALARM", "INSUFFICIENT_DATA"].map { state in
            "- \(state): " + alarm.actions(for: state).map { "[\($0)]" }.joined(separator: " ")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func threshold(of put: CloudWatch.PutMetricAlarmInput) -> [String] {
        let periods = put.evaluationPeriods ?? 1
        let threshold = DocumentValue.number(put.threshold ?? 0)
        return [
            "", "Threshold:",
            "- The alarm is in the ALARM state when the metric is \(put.comparisonOperator ?? "") \(JSONWriter.string(threshold)) for at least \(put.datapointsToAlarm ?? periods) of the last \(periods) period(s) of \(put.period ?? 60) seconds.",
        ]
    }

    private func metric(of put: CloudWatch.PutMetricAlarmInput) -> [String] {
        guard let name = put.metricName else { return [] }
        let dimensions = (put.dimensions ?? []).map { "[\($0.name) = \($0.value)]" }.joined(separator: " ")
        return ["", "Monitored Metric:"]
            + fields([
                ("MetricNamespace", put.namespace ?? ""), ("MetricName", name), ("Dimensions", dimensions),
                ("Period", "\(put.period ?? 60) seconds"),
                ("Statistic", put.statistic ?? put.extendedStatistic ?? ""), ("Unit", put.unit ?? "not specified"),
                ("TreatMissingData", put.treatMissingData ?? "missing"),
            ])
    }

    /// Names of one width.
    private func fields(_ fields: [(name: String, value: String)]) -> [String] {
        fields.map { field in
            "- \(field.name):" + String(repeating: " ", count: max(1, 27 - field.name.count)) + field.value
        }
    }
}
