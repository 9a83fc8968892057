import AWSModel
import AWSTypes

/// One alarm: how it was put, and the state it is in.
final class Alarm {
    enum Definition {
        case metric(CloudWatch.PutMetricAlarmInput)
        case composite(CloudWatch.PutCompositeAlarmInput, rule: AlarmRule)
    }

    struct State: Equatable {
        var value = "INSUFFICIENT_DATA"
        var reason = "Unchecked: Initial alarm creation"
        /// JSON.
        var reasonData: String?
        var updated: Instant
        /// When the value last changed.
        var transitioned: Instant
    }

    /// A composite alarm whose actions are held back.
    struct Suppression: Equatable {
        /// `WaitPeriod`, `ExtensionPeriod` or `Alarm`.
        var by: String
        var reason: String
        /// When a wait or an extension ends.
        var until: Instant?
    }

    let scope: Scope
    let name: String
    let arn: String
    var definition: Definition
    var isActionsEnabled: Bool
    var tags: [String: String]
    var configured: Instant
    var state: State
    var suppression: Suppression?
    /// The state whose actions wait for the suppression to end.
    var heldActions: String?
    /// Set while the suppressor is in ALARM, to know when it leaves.
    var wasSuppressing = false
    // Since the engine started, by action.
    var actionsRun: [String: Int] = [:]
    var actionsFailed: [String: Int] = [:]
    /// Its queries, read once; nil for composite alarms.
    var plan: MetricQueryPlan?

    init(
        scope: Scope, name: String, definition: Definition, isActionsEnabled: Bool, tags: [String: String],
        configured: Instant, state: State
    ) {
        self.scope = scope
        self.name = name
        self.definition = definition
        self.isActionsEnabled = isActionsEnabled
        self.tags = tags
        self.configured = configured
        self.state = state
        arn = scope.arn("cloudwatch", "alarm:\(name)")
    }

    var isComposite: Bool { if case .composite = definition { true } else { false } }
    /// A metric named by itself, not by `Metrics`.
    var hasOwnMetric: Bool { if case .metric(let put) = definition { put.metrics == nil } else { false } }
    var type: String { isComposite ? "CompositeAlarm" : "MetricAlarm" }
    var description: String? {
        switch definition {
        case .metric(let input): input.alarmDescription
        case .composite(let input, _): input.alarmDescription
        }
    }

    /// ARNs to act on when the alarm goes into a state.
    func actions(for state: String) -> [String] {
        let lists: (ok: [String]?, alarm: [String]?, insufficient: [String]?) =
            switch definition {
            case .metric(let input): (input.okActions, input.alarmActions, input.insufficientDataActions)
            case .composite(let input, _): (input.okActions, input.alarmActions, input.insufficientDataActions)
            }
        switch state {
        case "OK": return lists.ok ?? []
        case "ALARM": return lists.alarm ?? []
        default: return lists.insufficient ?? []
        }
    }

    var allActions: [String] { actions(for: "OK") + actions(for: "ALARM") + actions(for: "INSUFFICIENT_DATA") }
}

/// One entry of an alarm's history.
struct AlarmHistory {
    var id: Int64
    var scope: Scope
    var alarmName: String
    var alarmType: String
    var time: Instant
    /// `StateUpdate`, `ConfigurationUpdate` or `Action`.
    var type: String
    var summary: String
    /// JSON.
    var data: String
}

extension Alarm {
    var metricAlarm: CloudWatch.MetricAlarm? {
        guard case .metric(let put) = definition else { return nil }
        return CloudWatch.MetricAlarm(
            alarmName: name, alarmArn: arn, alarmDescription: put.alarmDescription,
            alarmConfigurationUpdatedTimestamp: configured, actionsEnabled: isActionsEnabled,
            okActions: put.okActions ?? [], alarmActions: put.alarmActions ?? [],
            insufficientDataActions: put.insufficientDataActions ?? [], stateValue: state.value,
            stateReason: state.reason, stateReasonData: state.reasonData, stateUpdatedTimestamp: state.updated,
            metricName: put.metricName, namespace: put.namespace, statistic: put.statistic,
            extendedStatistic: put.extendedStatistic, dimensions: put.dimensions ?? [], period: put.period,
            unit: put.unit, evaluationPeriods: put.evaluationPeriods, datapointsToAlarm: put.datapointsToAlarm,
            threshold: put.threshold, comparisonOperator: put.comparisonOperator,
            treatMissingData: put.treatMissingData,
            evaluateLowSampleCountPercentile: put.evaluateLowSampleCountPercentile, metrics: put.metrics,
            thresholdMetricId: put.thresholdMetricId, stateTransitionedTimestamp: state.transitioned)
    }

    var compositeAlarm: CloudWatch.CompositeAlarm? {
        guard case .composite(let put, _) = definition else { return nil }
        return CloudWatch.CompositeAlarm(
            actionsEnabled: isActionsEnabled, alarmActions: put.alarmActions ?? [], alarmArn: arn,
            alarmConfigurationUpdatedTimestamp: configured, alarmDescription: put.alarmDescription, alarmName: name,
            alarmRule: put.alarmRule, insufficientDataActions: put.insufficientDataActions ?? [],
            okActions: put.okActions ?? [], stateReason: state.reason, stateReasonData: state.reasonData,
            stateUpdatedTimestamp: state.updated, stateValue: state.value,
            stateTransitionedTimestamp: state.transitioned, actionsSuppressedBy: suppression?.by,
            actionsSuppressedReason: suppression?.reason, actionsSuppressor: put.actionsSuppressor,
            actionsSuppressorWaitPeriod: put.actionsSuppressorWaitPeriod,
            actionsSuppressorExtensionPeriod: put.actionsSuppressorExtensionPeriod)
    }
}
