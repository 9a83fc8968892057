import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The form of a metric alarm, new or known. What the form does not show of a known alarm stays as it is.
enum AlarmForm {
    private static let comparisons: [(word: String, name: String)] = [
        (">", "GreaterThanThreshold"), ("≥", "GreaterThanOrEqualToThreshold"), ("<", "LessThanThreshold"),
        ("≤", "LessThanOrEqualToThreshold"),
    ]
    private static let treatments: [(word: String, name: String)] = [
        ("missing: insufficient data", "missing"), ("not breaching", "notBreaching"), ("breaching", "breaching"),
        ("ignore: keep the state", "ignore"),
    ]

    /// An alarm on a metric, to begin with.
    static func draft(on row: MetricRow, statistic: String) -> CloudWatch.MetricAlarm {
        let isExtended = !["Average", "Sum", "Minimum", "Maximum", "SampleCount"].contains(statistic)
        return CloudWatch.MetricAlarm(
            metricName: row.name, namespace: row.namespace, statistic: isExtended ? nil : statistic,
            extendedStatistic: isExtended ? statistic : nil, dimensions: row.dimensions, period: 60,
            evaluationPeriods: 1)
    }

    static func form(_ alarm: CloudWatch.MetricAlarm?) -> Form {
        let isMath = alarm?.metrics?.isEmpty == false
        let dimensions = (alarm?.dimensions ?? []).map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        let comparison = comparisons.first { $0.name == alarm?.comparisonOperator }?.word ?? ">"
        let missing = treatments.first { $0.name == alarm?.treatMissingData }?.word ?? treatments[0].word
        let number: @Sendable (String, FormValues) -> String? = { text, _ in
            Double(text) == nil ? "A number is needed" : nil
        }
        var fields = [
            FormField(
                "name", "Name", value: alarm?.alarmName ?? "",
                hint: "1–255 characters; the same name replaces an alarm",
                required: true, validate: { text, _ in text.count > 255 ? "At most 255 characters" : nil })
        ]
        if !isMath {
            fields += [
                FormField(
                    "namespace", "Namespace", value: alarm?.namespace ?? "", hint: "AWS/SQS, AWS/Lambda, or your own",
                    required: true),
                FormField("metric", "Metric", value: alarm?.metricName ?? "", required: true),
                FormField(
                    "dimensions", "Dimensions", value: dimensions, hint: "QueueName=orders, …: all that the metric has",
                    validate: { text, _ in
                        AlarmForm.dimensions(text) == nil ? "Name=Value, Name=Value" : nil
                    }),
                FormField(
                    "statistic", "Statistic", .choice(MetricStatistic.all),
                    value: alarm?.statistic ?? alarm?.extendedStatistic ?? "Sum", hint: "← → choose"),
                FormField(
                    "period", "Period", .number(10...86_400), value: String(alarm?.period ?? 60),
                    hint: "seconds: 10, 20, 30 or a multiple of 60; default 60", required: true,
                    validate: { text, _ in
                        guard let seconds = Int(text) else { return nil }
                        return [10, 20, 30].contains(seconds) || seconds % 60 == 0
                            ? nil : "10, 20, 30 or a multiple of 60"
                    }),
            ]
        }
        fields += [
            FormField(
                "comparison", "Alarm when", .choice(comparisons.map(\.word)), value: comparison,
                hint: "the value is … the threshold"),
            FormField(
                "threshold", "Threshold", value: alarm?.threshold.map { "\($0)" } ?? "", required: true,
                validate: number),
            FormField(
                "periods", "Periods", .number(1...1440), value: String(alarm?.evaluationPeriods ?? 1),
                hint: "N: how many of the newest periods are judged", required: true),
            FormField(
                "datapoints", "Datapoints", .number(1...1440),
                value: alarm?.datapointsToAlarm.map { String($0) } ?? "",
                hint: "M: how many of them must breach; all N if empty",
                validate: { text, values in
                    (Int(text) ?? 0) > (values.integer("periods") ?? 1) ? "No more than the periods" : nil
                }),
            FormField(
                "missing", "Missing data", .choice(treatments.map(\.word)), value: missing, hint: "← → choose"),
            FormField(
                "action", "On alarm", value: alarm?.alarmActions?.first ?? "", hint: "ARN of a topic or a function",
                placeholder: "arn:aws:sns:…",
                validate: { text, _ in text.hasPrefix("arn:") ? nil : "An ARN is needed" }),
            FormField("description", "Description", value: alarm?.alarmDescription ?? ""),
        ]
        return Form(alarm?.alarmArn == nil ? "Create alarm" : "Edit alarm", submit: "Save", fields)
    }

    /// Nil where the text is none.
    static func dimensions(_ text: String) -> [CloudWatch.Dimension]? {
        var found: [CloudWatch.Dimension] = []
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { QueueForms.trimmed(String($0)) }
            guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else { return nil }
            found.append(CloudWatch.Dimension(name: pair[0], value: pair[1]))
        }
        return found
    }

    static func input(_ values: FormValues, _ known: CloudWatch.MetricAlarm?) -> CloudWatch.PutMetricAlarmInput {
        let isMath = known?.metrics?.isEmpty == false
        let statistic = values["statistic"]
        let isExtended = statistic.first?.isLowercase ?? false
        var actions = known?.alarmActions ?? []
        if !actions.isEmpty { actions.removeFirst() }
        if let action = values.optional("action") { actions.insert(action, at: 0) }
        return CloudWatch.PutMetricAlarmInput(
            alarmName: values["name"], alarmDescription: values.optional("description"),
            actionsEnabled: known?.actionsEnabled ?? true, okActions: known?.okActions, alarmActions: actions,
            insufficientDataActions: known?.insufficientDataActions, metricName: isMath ? nil : values["metric"],
            namespace: isMath ? nil : values["namespace"], statistic: isMath || isExtended ? nil : statistic,
            extendedStatistic: isMath || !isExtended ? nil : statistic,
            dimensions: isMath ? nil : dimensions(values["dimensions"]),
            period: isMath ? nil : values.integer("period"), unit: known?.unit,
            evaluationPeriods: values.integer("periods") ?? 1, datapointsToAlarm: values.integer("datapoints"),
            threshold: Double(values["threshold"]),
            comparisonOperator: comparisons.first { $0.word == values["comparison"] }?.name
                ?? "GreaterThanThreshold",
            treatMissingData: treatments.first { $0.word == values["missing"] }?.name,
            evaluateLowSampleCountPercentile: known?.evaluateLowSampleCountPercentile,
            metrics: isMath ? known?.metrics : nil)
    }
}
