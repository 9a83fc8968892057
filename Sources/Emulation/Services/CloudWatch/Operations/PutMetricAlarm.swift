import AWSModel
import AWSTypes

extension CloudWatchService {
    func putMetricAlarm(_ input: CloudWatch.PutMetricAlarmInput, _ call: Call) throws(ServiceError) -> Unit {
        if input.evaluationCriteria != nil {
            throw ServiceError.notImplemented(service: Self.id, operation: "PutMetricAlarm with EvaluationCriteria")
        }
        try input.validate()
        let plan = try input.plan(scope: call.scope)
        try checkActions(input.alarmActions, input.okActions, input.insufficientDataActions)
        try put(
            .metric(input), named: input.alarmName, isActionsEnabled: input.actionsEnabled ?? true, input.tags, call
        ) {
            $0.plan = plan
        }
        return Unit()
    }

    func putCompositeAlarm(_ input: CloudWatch.PutCompositeAlarmInput, _ call: Call) throws(ServiceError) -> Unit {
        let rule = try AlarmRule(input.alarmRule)
        let missing = rule.alarms.filter { alarms.find(named: $0, in: call.scope) == nil }
        guard missing.isEmpty else {
            throw .metricValidation(
                "Could not save the composite alarm as alarms [\(missing.joined(separator: ", "))] in the alarm rule do not exist"
            )
        }
        if input.actionsSuppressor != nil,
            input.actionsSuppressorWaitPeriod == nil || input.actionsSuppressorExtensionPeriod == nil
        {
            throw .metricValidation(
                "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required with ActionsSuppressor")
        }
        try checkActions(input.alarmActions, input.okActions, input.insufficientDataActions)
        let alarm = try put(
            .composite(input, rule: rule), named: input.alarmName, isActionsEnabled: input.actionsEnabled ?? true,
            input.tags, call
        ) { $0.plan = nil }
        if alarm.state.value == "INSUFFICIENT_DATA" {
            armFirstEvaluation(of: alarm)
        } else {
            core.later { [unowned self] in evaluate(composite: alarm, because: nil, call.cause) }
        }
        return Unit()
    }

    /// AWS: putting an alarm that exists replaces all of it but its state.
    @discardableResult
    private func put(
        _ definition: Alarm.Definition, named name: String, isActionsEnabled: Bool, _ tags: [CloudWatch.Tag]?,
        _ call: Call, _ prepare: (Alarm) -> Void
    ) throws(ServiceError) -> Alarm {
        let existing = alarms.find(name, in: call.scope)
        let alarm: Alarm
        if let existing {
            alarm = existing
            alarm.definition = definition
            alarm.isActionsEnabled = isActionsEnabled
            alarm.configured = call.time
        } else {
            // AWS: tags are those of the creation; later ones come by TagResource.
            let all = Dictionary((tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
            alarm = Alarm(
                scope: call.scope, name: name, definition: definition, isActionsEnabled: isActionsEnabled, tags: all,
                configured: call.time, state: Alarm.State(updated: call.time, transitioned: call.time))
            alarms.insert(alarm)
        }
        prepare(alarm)
        core.attribute(call, to: alarm.arn)
        let verb = existing == nil ? "created" : "updated"
        record(
            alarm, "ConfigurationUpdate", "Alarm \"\(name)\" \(verb)",
            [
                "version": "1.0", "type": existing == nil ? "Create" : "Update",
                "\(verb)Alarm": .object(Self.configuration(alarm)),
            ])
        alarms.save(alarm, in: core.journal)
        core.changes.mark(Self.alarmTopic)
        core.changes.mark(alarm.arn)
        armAlarms()
        return alarm
    }

    /// As the history has it: names begin with a small letter.
    static func configuration(_ alarm: Alarm) -> DocumentObject {
        let document = alarm.metricAlarm?.document ?? alarm.compositeAlarm?.document ?? [:]
        return DocumentObject(
            document.map { key, value in
                let name = key.hasPrefix("OK") ? "ok" + key.dropFirst(2) : key.prefix(1).lowercased() + key.dropFirst()
                if case .timestamp(let time) = value { return (name, .string(time.alarmText)) }
                return (name, value)
            })
    }

    private func checkActions(_ lists: [String]?...) throws(ServiceError) {
        for action in lists.flatMap({ $0 ?? [] }) where ARN(action) == nil {
            throw .metricValidation("Invalid arn syntax: \(action)")
        }
    }
}

extension CloudWatch.PutMetricAlarmInput {
    /// Its queries: those of `Metrics`, or the one of the alarm's own metric.
    func plan(scope: Scope) throws(ServiceError) -> MetricQueryPlan {
        if let metrics { return try MetricQueryPlan(metrics, parameter: "Metrics", scope: scope) }
        let stat = CloudWatch.MetricStat(
            metric: CloudWatch.Metric(namespace: namespace, metricName: metricName, dimensions: dimensions),
            period: period ?? 60, stat: statistic ?? extendedStatistic ?? "", unit: unit)
        return try MetricQueryPlan(
            [CloudWatch.MetricDataQuery(id: "m1", metricStat: stat)], parameter: "Metrics", scope: scope)
    }

    func validate() throws(ServiceError) {
        if let extendedStatistic, MetricStatistic(extendedStatistic)?.isBasic ?? true {
            throw .metricParameterValue(
                "The value \(extendedStatistic) for parameter ExtendedStatistic is not supported.")
        }
        if let option = evaluateLowSampleCountPercentile, option != "evaluate", option != "ignore" {
            throw .metricValidation(
                "Option \(option) is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore."
            )
        }
        if let treatMissingData, AlarmEvaluation.MissingData(rawValue: treatMissingData) == nil {
            throw .metricValidation(
                "The value \(treatMissingData) is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing]."
            )
        }
        guard let comparison = AlarmComparison(rawValue: comparisonOperator ?? "") else {
            throw .outside(AlarmComparison.allCases.map(\.rawValue), comparisonOperator, "comparisonOperator")
        }
        let statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]
        if let statistic, !statistics.contains(statistic) { throw .outside(statistics, statistic, "statistic") }
        if let unit, !CloudWatchService.units.contains(unit) { throw .outside(CloudWatchService.units, unit, "unit") }
        guard let periods = evaluationPeriods else {
            throw .metricValidation(
                "1 validation error detected: Value null at 'evaluationPeriods' failed to satisfy constraint: Member must not be null"
            )
        }
        if comparison.needsBand != (thresholdMetricId != nil) {
            throw .metricValidation(
                comparison.needsBand
                    ? "ComparisonOperator for anomaly detection needs a ThresholdMetricId"
                    : "ComparisonOperator \(comparison.rawValue) cannot be used with ThresholdMetricId")
        }
        if thresholdMetricId != nil, threshold != nil {
            throw .metricValidation(ServiceError.mutuallyExclusive("Threshold", "ThresholdMetricId"))
        }
        if let datapointsToAlarm, datapointsToAlarm > periods {
            throw .metricValidation("DatapointsToAlarm must be less than or equal to EvaluationPeriods")
        }
        if let metrics {
            try validate(metrics)
            return
        }
        guard metricName != nil, namespace != nil else {
            throw .missingRequiredParameter("The parameters MetricName and Namespace must be specified.")
        }
        if statistic != nil, extendedStatistic != nil {
            throw .invalidParameterCombination(ServiceError.mutuallyExclusive("Statistic", "ExtendedStatistic"))
        }
        guard statistic != nil || extendedStatistic != nil else {
            throw .metricValidation("Must specify exactly one of Statistic, ExtendedStatistic")
        }
        guard let period else { throw .metricValidation("Period must not be null") }
        guard [10, 20, 30].contains(period) || (period > 0 && period % 60 == 0) else {
            throw .metricValidation("Period must be 10, 20, 30 or a multiple of 60")
        }
        let longest = period < 3600 ? 86_400 : 604_800
        guard period * periods <= longest else {
            throw .metricValidation(
                "Metrics cannot be checked across more than \(longest == 86_400 ? "a day" : "seven days") (EvaluationPeriods * Period must be <= \(longest))."
            )
        }
        guard threshold != nil else { throw .metricValidation("Threshold must not be null") }
    }

    private func validate(_ metrics: [CloudWatch.MetricDataQuery]) throws(ServiceError) {
        if metricName != nil || namespace != nil || statistic != nil || extendedStatistic != nil || period != nil {
            throw .metricValidation(
                "Metrics cannot be specified together with MetricName, Namespace, Period, Statistic or ExtendedStatistic"
            )
        }
        let returned = metrics.filter { $0.returnData ?? true }
        if let thresholdMetricId {
            guard metrics.contains(where: { $0.id == thresholdMetricId }) else {
                throw .metricValidation(
                    "Metrics list must contain exactly one metric matching the ThresholdMetricId parameter")
            }
            guard returned.count(where: { $0.id != thresholdMetricId }) == 1 else {
                throw .metricValidation(
                    "Exactly two elements of the metrics list should return data: the metric and its band.")
            }
            return
        }
        guard returned.count == 1 else {
            throw .metricValidation("Exactly one element of the metrics list should return data.")
        }
        guard threshold != nil else { throw .metricValidation("Threshold must not be null") }
    }
}
