import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// An alarm of either kind, as screens show it.
struct AlarmReading: Identifiable, Hashable, Sendable {
    var name: String
    var arn: String
    var state: String
    var reason: String
    var updated: Instant?
    var isActionsEnabled: Bool
    var description: String
    /// `Sum of Errors > 5, 2 of 3 periods of 1 min`, or the rule.
    var condition: String
    var actions: [(state: String, arns: [String])] = []
    var threshold: Double?
    /// What its chart shows; nil for composite alarms and expressions.
    var query: MetricQuery?
    /// As it was put; nil for composite alarms.
    var source: CloudWatch.MetricAlarm?
    /// The queries of an alarm on math.
    var queries: [CloudWatch.MetricDataQuery] = []
    var period: Int
    var suppression: String?

    var id: String { name }

    static func == (left: AlarmReading, right: AlarmReading) -> Bool {
        left.name == right.name && left.state == right.state && left.reason == right.reason
            && left.updated == right.updated && left.isActionsEnabled == right.isActionsEnabled
            && left.condition == right.condition && left.suppression == right.suppression
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(state)
        hasher.combine(updated)
    }

    init(_ alarm: CloudWatch.MetricAlarm) {
        name = alarm.alarmName ?? ""
        arn = alarm.alarmArn ?? ""
        state = alarm.stateValue ?? ""
        reason = alarm.stateReason ?? ""
        updated = alarm.stateUpdatedTimestamp
        isActionsEnabled = alarm.actionsEnabled ?? true
        description = alarm.alarmDescription ?? ""
        threshold = alarm.threshold
        period = alarm.period ?? alarm.metrics?.compactMap { $0.metricStat?.period ?? $0.period }.max() ?? 60
        actions = [
            ("ALARM", alarm.alarmActions ?? []), ("OK", alarm.okActions ?? []),
            ("INSUFFICIENT_DATA", alarm.insufficientDataActions ?? []),
        ]
        let statistic = alarm.statistic ?? alarm.extendedStatistic
        if let namespace = alarm.namespace, let metric = alarm.metricName, let statistic {
            query = MetricQuery(
                namespace: namespace, name: metric, dimensions: alarm.dimensions ?? [], statistic: statistic,
                label: "\(metric) \(statistic)")
        }
        queries = alarm.metrics ?? []
        source = alarm
        let subject =
            query.map { "\($0.statistic) of \($0.name)" }
            ?? alarm.metrics?.first { $0.returnData ?? true }.map { $0.expression ?? $0.id } ?? "?"
        let periods = alarm.evaluationPeriods ?? 1
        let datapoints = alarm.datapointsToAlarm ?? periods
        let every = Self.title(ofPeriod: period)
        condition =
            "\(subject) \(Self.symbols[alarm.comparisonOperator ?? ""] ?? "outside") "
            + (alarm.threshold.map { AxisTicks.short($0) } ?? "the band")
            + ", \(datapoints) of \(periods) × \(every)"
    }

    init(_ alarm: CloudWatch.CompositeAlarm) {
        name = alarm.alarmName ?? ""
        arn = alarm.alarmArn ?? ""
        state = alarm.stateValue ?? ""
        reason = alarm.stateReason ?? ""
        updated = alarm.stateUpdatedTimestamp
        isActionsEnabled = alarm.actionsEnabled ?? true
        description = alarm.alarmDescription ?? ""
        condition = alarm.alarmRule ?? ""
        period = 60
        suppression = alarm.actionsSuppressedReason
        actions = [
            ("ALARM", alarm.alarmActions ?? []), ("OK", alarm.okActions ?? []),
            ("INSUFFICIENT_DATA", alarm.insufficientDataActions ?? []),
        ]
    }

    private static func title(ofPeriod seconds: Int) -> String {
        MetricWindow.periods.first { $0.seconds == seconds }?.title ?? "\(seconds) s"
    }

    private static let symbols = [
        "GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": "≥", "LessThanThreshold": "<",
        "LessThanOrEqualToThreshold": "≤", "GreaterThanUpperThreshold": "above",
        "LessThanLowerThreshold": "below",
    ]

    /// Whether it watches a query of Metrics Insights, which may have many lines.
    var isOnQuery: Bool {
        queries.contains { $0.expression?.drop(while: \.isWhitespace).prefix(6).uppercased() == "SELECT" }
    }

    /// Nothing is told by colour alone.
    var mark: StatusMark {
        switch state {
        case "ALARM": .failed
        case "OK": .succeeded
        default: .unknown
        }
    }

    var stateWord: String {
        switch state {
        case "ALARM": "In alarm"
        case "OK": "OK"
        default: "No data"
        }
    }

    /// All alarms, those named, or those that a composite alarm follows.
    static func read(
        _ names: [String]? = nil, childrenOf parent: String? = nil, _ context: ConsoleContext
    ) async throws -> [AlarmReading] {
        var found: [AlarmReading] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(
                CloudWatch.describeAlarms,
                .init(
                    alarmNames: names, alarmTypes: ["MetricAlarm", "CompositeAlarm"], childrenOfAlarmName: parent,
                    nextToken: token))
            found += (page.metricAlarms ?? []).map { AlarmReading($0) }
            found += (page.compositeAlarms ?? []).map { AlarmReading($0) }
            token = page.nextToken
        } while token != nil && !Task.isCancelled
        return found
    }
}
