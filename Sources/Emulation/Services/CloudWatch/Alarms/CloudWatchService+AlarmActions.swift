import AWSModel
import AWSTypes

// What an alarm does when its state changes.

extension CloudWatchService {
    private static func principal(of service: String) -> String {
        service == "lambda" ? "lambda.alarms.cloudwatch.amazonaws.com" : "cloudwatch.amazonaws.com"
    }

    /// Runs the actions of the new state, unless they are disabled or held back by a suppressor.
    func act(on alarm: Alarm, _ old: Alarm.State, _ cause: Cause) {
        guard alarm.isActionsEnabled else { return }
        if isHeld(alarm, cause) || isMuted(alarm) { return }
        runActions(of: alarm, old, cause)
    }

    func runActions(of alarm: Alarm, _ old: Alarm.State, _ cause: Cause) {
        for action in alarm.actions(for: alarm.state.value) { run(action, of: alarm, old, cause) }
    }

    private func run(_ action: String, of alarm: Alarm, _ old: Alarm.State, _ cause: Cause) {
        guard let arn = ARN(action) else { return }
        let time = core.now
        let caller = Caller(
            scope: alarm.scope, endpoint: core.configuration.endpoint,
            servicePrincipal: Self.principal(of: arn.service), sourceArn: alarm.arn)
        switch arn.service {
        case "sns":
            let message = JSONWriter.string(.object(notification(alarm, old)))
            let subject = "\(alarm.state.value): \"\(alarm.name)\" in \(AlarmRegion.name(of: alarm.scope.region))"
            let forms: DocumentObject = [
                "default": .string(message), "email": .string(AlarmMail(alarm: alarm, old: old).text),
            ]
            let input = SNS.PublishInput(
                topicArn: action, message: JSONWriter.string(.object(forms)), subject: String(subject.prefix(100)),
                messageStructure: "json")
            core.call(SNS.publish, input, caller: caller, cause: cause) { [unowned self] result in
                finished(action, of: alarm, at: time, message: message, error: result.failure)
            }
        case "lambda":
            let payload = JSONWriter.bytes(.object(invocation(alarm, old)))
            let input = Lambda.InvocationRequest(functionName: action, invocationType: "Event", payload: payload)
            core.call(Lambda.invoke, input, caller: caller, cause: cause) { [unowned self] result in
                finished(action, of: alarm, at: time, message: nil, error: result.failure)
            }
        default:
            finished(
                action, of: alarm, at: time, message: nil,
                error: ServiceError("NotImplemented", "Skua does not run alarm actions of \(arn.service)."))
        }
    }

    private func finished(_ action: String, of alarm: Alarm, at time: Instant, message: String?, error: ServiceError?) {
        var data: DocumentObject = [
            "version": "1.0", "actionState": error == nil ? "Succeeded" : "Failed",
            "stateUpdateTimestamp": .integer(time.epochMilliseconds), "notificationResource": .string(action),
        ]
        if let message {
            data["publishedMessage"] = .string(JSONWriter.string(["default": .string(message)]))
        }
        data["error"] = error.map { .string("\($0.code): \($0.message)") } ?? .null
        alarm.actionsRun[action, default: 0] += 1
        if error != nil { alarm.actionsFailed[action, default: 0] += 1 }
        let summary =
            error == nil ? "Successfully executed action \(action)" : "Failed to execute action \(action)"
        record(alarm, "Action", summary, data)
        core.changes.mark(alarm.arn)
    }

    // MARK: Messages

    /// What a topic gets.
    private func notification(_ alarm: Alarm, _ old: Alarm.State) -> DocumentObject {
        func list(_ state: String) -> DocumentValue { .list(alarm.actions(for: state).map { .string($0) }) }
        var message: DocumentObject = [
            "AlarmName": .string(alarm.name), "AlarmDescription": alarm.description.map { .string($0) } ?? .null,
            "AWSAccountId": .string(alarm.scope.accountID),
            "AlarmConfigurationUpdatedTimestamp": .string(alarm.configured.alarmText),
            "NewStateValue": .string(alarm.state.value), "NewStateReason": .string(alarm.state.reason),
            "StateChangeTime": .string(alarm.state.updated.alarmText),
            "Region": .string(AlarmRegion.name(of: alarm.scope.region)), "AlarmArn": .string(alarm.arn),
            "OldStateValue": .string(old.value), "OKActions": list("OK"), "AlarmActions": list("ALARM"),
            "InsufficientDataActions": list("INSUFFICIENT_DATA"),
        ]
        switch alarm.definition {
        case .metric(let put): message["Trigger"] = .object(trigger(put))
        case .composite(let put, _):
            message["AlarmRule"] = .string(put.alarmRule)
            message["TriggeringChildren"] = .list(triggeringChildren(alarm))
        }
        return message
    }

    private func trigger(_ put: CloudWatch.PutMetricAlarmInput) -> DocumentObject {
        func dimensions(_ list: [CloudWatch.Dimension]?) -> DocumentValue {
            .list((list ?? []).map { ["value": .string($0.value), "name": .string($0.name)] })
        }
        func text(_ value: String?) -> DocumentValue { value.map { .string($0) } ?? .null }
        var trigger: DocumentObject = [:]
        if let metrics = put.metrics {
            trigger["Metrics"] = .list(
                metrics.map { query in
                    var part: DocumentObject = ["Id": .string(query.id)]
                    if let expression = query.expression { part["Expression"] = .string(expression) }
                    if let label = query.label { part["Label"] = .string(label) }
                    if let stat = query.metricStat {
                        part["MetricStat"] = [
                            "Metric": [
                                "Dimensions": dimensions(stat.metric.dimensions),
                                "MetricName": text(stat.metric.metricName), "Namespace": text(stat.metric.namespace),
                            ], "Period": .integer(Int64(stat.period)), "Stat": .string(stat.stat),
                        ]
                    }
                    part["ReturnData"] = .bool(query.returnData ?? true)
                    return .object(part)
                })
        } else {
            trigger["MetricName"] = text(put.metricName)
            trigger["Namespace"] = text(put.namespace)
            trigger["StatisticType"] = put.statistic == nil ? "ExtendedStatistic" : "Statistic"
            if let statistic = put.statistic {
                trigger["Statistic"] = .string(Self.wireNames[statistic] ?? statistic.uppercased())
            } else {
                trigger["ExtendedStatistic"] = text(put.extendedStatistic)
            }
            trigger["Unit"] = text(put.unit)
            trigger["Dimensions"] = dimensions(put.dimensions)
        }
        trigger["Period"] = .integer(Int64(put.period ?? 60))
        trigger["EvaluationPeriods"] = .integer(Int64(put.evaluationPeriods ?? 1))
        if let datapoints = put.datapointsToAlarm { trigger["DatapointsToAlarm"] = .integer(Int64(datapoints)) }
        trigger["ComparisonOperator"] = text(put.comparisonOperator)
        trigger["Threshold"] = .number(put.threshold ?? 0)
        if let band = put.thresholdMetricId { trigger["ThresholdMetricId"] = .string(band) }
        trigger["TreatMissingData"] = .string(put.treatMissingData ?? "missing")
        trigger["EvaluateLowSampleCountPercentile"] = .string(put.evaluateLowSampleCountPercentile ?? "")
        return trigger
    }

    private static let wireNames = ["SampleCount": "SAMPLE_COUNT"]

    private func triggeringChildren(_ alarm: Alarm) -> [DocumentValue] {
        children(of: alarm).filter { $0.state.value == "ALARM" }
            .map {
                [
                    "Arn": .string($0.arn),
                    "State": ["Value": .string($0.state.value), "Timestamp": .string($0.state.updated.alarmText)],
                ]
            }
    }

    /// What a function gets.
    private func invocation(_ alarm: Alarm, _ old: Alarm.State) -> DocumentObject {
        [
            "source": "aws.cloudwatch", "alarmArn": .string(alarm.arn), "accountId": .string(alarm.scope.accountID),
            "time": .string(alarm.state.updated.alarmText), "region": .string(alarm.scope.region),
            "alarmData": .object(eventDetail(alarm, old)),
        ]
    }

    /// The detail of the alarm's event, and the data of its invocation.
    func eventDetail(_ alarm: Alarm, _ old: Alarm.State) -> DocumentObject {
        func part(_ state: Alarm.State) -> DocumentValue {
            var part: DocumentObject = ["value": .string(state.value), "reason": .string(state.reason)]
            if let data = state.reasonData { part["reasonData"] = .string(data) }
            part["timestamp"] = .string(state.updated.alarmText)
            return .object(part)
        }
        var configuration: DocumentObject = [:]
        if let description = alarm.description { configuration["description"] = .string(description) }
        switch alarm.definition {
        case .composite(let put, _): configuration["alarmRule"] = .string(put.alarmRule)
        case .metric(let put):
            configuration["metrics"] = .list(
                (alarm.plan?.queries ?? []).map { query in
                    var query = query
                    let expression = put.metrics?.first { $0.id == query.id }?.expression
                    // AWS: the one metric of an alarm gets an id of chance.
                    if alarm.hasOwnMetric { query.id = core.identifiers.uuid() }
                    return Self.described(query, expression: expression)
                })
        }
        return [
            "alarmName": .string(alarm.name), "state": part(alarm.state), "previousState": part(old),
            "configuration": .object(configuration),
        ]
    }

    private static func described(_ query: MetricQueryPlan.Query, expression: String?) -> DocumentValue {
        var part: DocumentObject = ["id": .string(query.id)]
        if let expression { part["expression"] = .string(expression) }
        if let label = query.label { part["label"] = .string(label) }
        if case .stat(let stat) = query.source {
            let dimensions = stat.series.dimensions.map { ($0.name, DocumentValue.string($0.value)) }
            part["metricStat"] = [
                "metric": [
                    "namespace": .string(stat.series.namespace), "name": .string(stat.series.name),
                    "dimensions": .object(DocumentObject(dimensions)),
                ], "period": .integer(stat.period), "stat": .string(stat.name),
            ]
        }
        part["returnData"] = .bool(query.isReturned)
        return .object(part)
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

/// Regions as people call them, as alarm messages have them.
enum AlarmRegion {
    private static let names = [
        "us-east-1": "US East (N. Virginia)", "us-east-2": "US East (Ohio)", "us-west-1": "US West (N. California)",
        "us-west-2": "US West (Oregon)", "eu-west-1": "EU (Ireland)", "eu-west-2": "EU (London)",
        "eu-west-3": "EU (Paris)", "eu-central-1": "EU (Frankfurt)", "eu-north-1": "EU (Stockholm)",
        "ap-south-1": "Asia Pacific (Mumbai)", "ap-northeast-1": "Asia Pacific (Tokyo)",
        "ap-northeast-2": "Asia Pacific (Seoul)", "ap-southeast-1": "Asia Pacific (Singapore)",
        "ap-southeast-2": "Asia Pacific (Sydney)", "ca-central-1": "Canada (Central)",
        "sa-east-1": "South America (Sao Paulo)",
    ]

    static func name(of region: String) -> String { names[region] ?? region }
}
