import AWSModel
import AWSTypes

// DescribeAlarms, DescribeAlarmsForMetric, DescribeAlarmHistory, DescribeAlarmContributors.

extension CloudWatchService {
    func describeAlarms(
        _ input: CloudWatch.DescribeAlarmsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DescribeAlarmsOutput {
        if input.alarmNames != nil, input.alarmNamePrefix != nil {
            throw .invalidParameterCombination(ServiceError.mutuallyExclusive("AlarmNames", "AlarmNamePrefix"))
        }
        // AWS: metric alarms alone, unless types are named.
        let types = input.alarmTypes.flatMap { $0.isEmpty ? nil : Set($0) } ?? ["MetricAlarm"]
        let names = input.alarmNames.flatMap { $0.isEmpty ? nil : Set($0) }
        var found = alarms.all(in: call.scope)
        if let name = input.childrenOfAlarmName {
            let children = try related(name, call).flatMap(children)
            found = found.filter { alarm in children.contains { $0 === alarm } }
        }
        if let name = input.parentsOfAlarmName {
            let child = try related(name, call).first
            found = found.filter { alarm in children(of: alarm).contains { $0 === child } }
        }
        let isRelated = input.childrenOfAlarmName != nil || input.parentsOfAlarmName != nil
        found = found.filter { alarm in
            (isRelated && input.alarmTypes == nil || types.contains(alarm.type)) && names?.contains(alarm.name) ?? true
                && alarm.name.hasPrefix(input.alarmNamePrefix ?? "")
                && (input.stateValue == nil || alarm.state.value == input.stateValue)
                && (input.actionPrefix.map { prefix in alarm.allActions.contains { $0.hasPrefix(prefix) } } ?? true)
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxRecords ?? 50) { $0.name }
        return CloudWatch.DescribeAlarmsOutput(
            compositeAlarms: page.compactMap(\.compositeAlarm), metricAlarms: page.compactMap(\.metricAlarm),
            nextToken: next)
    }

    private func related(_ name: String, _ call: Call) throws(ServiceError) -> [Alarm] {
        guard let alarm = alarms.find(name, in: call.scope) else {
            throw .metricValidation("Alarm \(name) does not exist")
        }
        return [alarm]
    }

    func describeAlarmsForMetric(
        _ input: CloudWatch.DescribeAlarmsForMetricInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DescribeAlarmsForMetricOutput {
        func identity(_ dimensions: [CloudWatch.Dimension]?) -> [[String]] {
            (dimensions ?? []).map { [$0.name, $0.value] }.sorted { $0.lexicographicallyPrecedes($1) }
        }
        func reads(_ query: CloudWatch.MetricDataQuery) -> Bool {
            query.metricStat.map {
                $0.metric.metricName == input.metricName && $0.metric.namespace == input.namespace
                    && identity($0.metric.dimensions) == identity(input.dimensions)
            } ?? false
        }
        let found = alarms.all(in: call.scope).filter { alarm in
            guard case .metric(let put) = alarm.definition else { return false }
            if put.metrics?.contains(where: reads) ?? false { return true }
            return put.metricName == input.metricName && put.namespace == input.namespace
                && identity(put.dimensions) == identity(input.dimensions)
                && (input.statistic == nil || put.statistic == input.statistic)
                && (input.extendedStatistic == nil || put.extendedStatistic == input.extendedStatistic)
                && (input.period == nil || put.period == input.period)
                && (input.unit == nil || put.unit == input.unit)
        }
        return CloudWatch.DescribeAlarmsForMetricOutput(metricAlarms: found.compactMap(\.metricAlarm))
    }

    func describeAlarmHistory(
        _ input: CloudWatch.DescribeAlarmHistoryInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DescribeAlarmHistoryOutput {
        let all = alarms.history[call.scope] ?? [:]
        let types = input.alarmTypes.flatMap { $0.isEmpty ? nil : Set($0) } ?? ["MetricAlarm"]
        var entries =
            input.alarmName.map { all[$0] ?? [] }
            ?? all.values.flatMap { $0 }.filter { types.contains($0.alarmType) }.sorted { $0.id < $1.id }
        entries = entries.filter { entry in
            (input.historyItemType == nil || entry.type == input.historyItemType)
                && (input.startDate.map { entry.time >= $0 } ?? true)
                && (input.endDate.map { entry.time <= $0 } ?? true)
        }
        if input.scanBy != "TimestampAscending" { entries.reverse() }
        let (page, next) = try Self.page(entries, input.nextToken, limit: input.maxRecords ?? 50) { String($0.id) }
        return CloudWatch.DescribeAlarmHistoryOutput(
            alarmHistoryItems: page.map {
                CloudWatch.AlarmHistoryItem(
                    alarmName: $0.alarmName, alarmType: $0.alarmType, timestamp: $0.time, historyItemType: $0.type,
                    historySummary: $0.summary, historyData: $0.data)
            }, nextToken: next)
    }

    func describeAlarmContributors(
        _ input: CloudWatch.DescribeAlarmContributorsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DescribeAlarmContributorsOutput {
        guard let alarm = alarms.find(input.alarmName, in: call.scope) else { throw .noAlarm }
        let (page, next) = try Self.page(contributors(to: alarm, at: call.time), input.nextToken, limit: 100) {
            $0.contributorId
        }
        return CloudWatch.DescribeAlarmContributorsOutput(alarmContributors: page, nextToken: next)
    }

    /// The lines that are in ALARM. AWS: only alarms on queries of several lines have contributors.
    private func contributors(to alarm: Alarm, at time: Instant) -> [CloudWatch.AlarmContributor] {
        guard case .metric(let put) = alarm.definition, let plan = alarm.plan,
            case .selection(let selection) = put.watched(in: plan)?.source, !selection.groups.isEmpty
        else { return [] }
        return judgements(of: alarm, put, at: time).filter { $0.verdict == .alarm }.map { judgement in
            let attributes = judgement.line.source?.dimensions.map { ($0.name, $0.value) } ?? []
            return CloudWatch.AlarmContributor(
                contributorId: Base64.encode(judgement.line.label.utf8),
                contributorAttributes: Dictionary(attributes, uniquingKeysWith: { $1 }),
                stateReason: judgement.reason.text(from: "OK", to: "ALARM"),
                stateTransitionedTimestamp: alarm.state.transitioned)
        }
    }

    // MARK: Pages

    /// A page of a list; a token names the last element that was shown.
    static func page<Element>(
        _ all: [Element], _ token: String?, limit: Int, key: (Element) -> String
    ) throws(ServiceError) -> (page: [Element], next: String?) {
        var rest = all[...]
        if let token {
            guard let last = Base64.decode(token).map({ String(decoding: $0, as: UTF8.self) }),
                let index = all.firstIndex(where: { key($0) == last })
            else { throw ServiceError("InvalidNextToken", "The next token specified is invalid.") }
            rest = all[(index + 1)...]
        }
        let page = Array(rest.prefix(max(1, limit)))
        let next = page.count < rest.count ? page.last.map { Base64.encode(key($0).utf8) } : nil
        return (page, next)
    }
}
