import AWSModel
import AWSTypes

/// CloudWatch: metrics that services record by themselves and clients put, alarms on them, dashboards.
///
/// Metrics are no resources with ARNs: on the resource map stand the alarms alone.
public final class CloudWatchService: Service {
    public static let id = CloudWatch.id
    public static let migrations = [
        Migration(
            "cloudwatch-1",
            """
            CREATE TABLE cloudwatch_series (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, namespace TEXT NOT NULL,
                name TEXT NOT NULL, dimensions TEXT NOT NULL, unit TEXT NOT NULL);
            CREATE TABLE cloudwatch_buckets (
                series INTEGER NOT NULL, period INTEGER NOT NULL, start INTEGER NOT NULL, sample_count REAL NOT NULL,
                sum REAL NOT NULL, minimum REAL NOT NULL, maximum REAL NOT NULL, opaque INTEGER NOT NULL,
                histogram BLOB, PRIMARY KEY (series, period, start)) WITHOUT ROWID;
            """),
        AlarmStore.migration,
        Migration(
            "cloudwatch-3",
            """
            CREATE TABLE cloudwatch_dashboards (
                account TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, modified INTEGER NOT NULL,
                PRIMARY KEY (account, name)) WITHOUT ROWID;
            """),
        Migration(
            "cloudwatch-4",
            """
            CREATE TABLE cloudwatch_detectors (
                account TEXT NOT NULL, region TEXT NOT NULL, detector TEXT NOT NULL,
                PRIMARY KEY (account, region, detector)) WITHOUT ROWID;
            """),
        itemMigration,
    ]

    /// Where screens watch for new values.
    static let topic = "cloudwatch:metrics"
    static let alarmTopic = "cloudwatch:alarms"
    static let dashboardTopic = "cloudwatch:dashboards"
    /// Engine time between a value and its row, for values that nobody waits for.
    private static let flushInterval = Duration.seconds(5)

    unowned let core: EngineCore
    let metrics = MetricStore()
    let alarms = AlarmStore()
    /// By account and name.
    var dashboards: [String: [String: Dashboard]] = [:]
    /// What each detector is about, by that as text.
    var detectors: [Scope: [String: DocumentObject]] = [:]
    var items: [[String]: CloudWatchItem] = [:]
    var alarmTimer: TimerID?
    private var changed: [StoredMetric] = []
    private var flushTimer: TimerID?
    private var expiryTimer: TimerID?

    public init(core: EngineCore) {
        self.core = core
        core.telemetry.metrics = self
    }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(CloudWatch.putMetricData, putMetricData)
        table.on(CloudWatch.getMetricData, getMetricData)
        table.on(CloudWatch.getMetricStatistics, getMetricStatistics)
        table.on(CloudWatch.listMetrics, listMetrics)
        table.on(CloudWatch.putMetricAlarm, putMetricAlarm)
        table.on(CloudWatch.putCompositeAlarm, putCompositeAlarm)
        table.on(CloudWatch.describeAlarms, describeAlarms)
        table.on(CloudWatch.describeAlarmsForMetric, describeAlarmsForMetric)
        table.on(CloudWatch.describeAlarmHistory, describeAlarmHistory)
        table.on(CloudWatch.describeAlarmContributors, describeAlarmContributors)
        table.on(CloudWatch.setAlarmState, setAlarmState)
        table.on(CloudWatch.deleteAlarms, deleteAlarms)
        table.on(CloudWatch.enableAlarmActions, enableAlarmActions)
        table.on(CloudWatch.disableAlarmActions, disableAlarmActions)
        table.on(CloudWatch.tagResource, tagResource)
        table.on(CloudWatch.untagResource, untagResource)
        table.on(CloudWatch.listTagsForResource, listTagsForResource)
        table.on(CloudWatch.putAnomalyDetector, putAnomalyDetector)
        table.on(CloudWatch.describeAnomalyDetectors, describeAnomalyDetectors)
        table.on(CloudWatch.deleteAnomalyDetector, deleteAnomalyDetector)
        table.on(CloudWatch.putAlarmMuteRule, putAlarmMuteRule)
        table.on(CloudWatch.getAlarmMuteRule, getAlarmMuteRule)
        table.on(CloudWatch.listAlarmMuteRules, listAlarmMuteRules)
        table.on(CloudWatch.deleteAlarmMuteRule, deleteAlarmMuteRule)
        table.on(CloudWatch.putInsightRule, putInsightRule)
        table.onPending(CloudWatch.getInsightRuleReport, getInsightRuleReport)
        table.on(CloudWatch.describeInsightRules, describeInsightRules)
        table.on(CloudWatch.deleteInsightRules, deleteInsightRules)
        table.on(CloudWatch.enableInsightRules, enableInsightRules)
        table.on(CloudWatch.disableInsightRules, disableInsightRules)
        table.on(CloudWatch.putMetricStream, putMetricStream)
        table.on(CloudWatch.getMetricStream, getMetricStream)
        table.on(CloudWatch.listMetricStreams, listMetricStreams)
        table.on(CloudWatch.deleteMetricStream, deleteMetricStream)
        table.on(CloudWatch.startMetricStreams, startMetricStreams)
        table.on(CloudWatch.stopMetricStreams, stopMetricStreams)
        table.on(CloudWatch.putDashboard, putDashboard)
        table.on(CloudWatch.getDashboard, getDashboard)
        table.on(CloudWatch.listDashboards, listDashboards)
        table.on(CloudWatch.deleteDashboards, deleteDashboards)
        return table
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        try metrics.restore(from: store)
        try alarms.restore(from: store)
        try restoreDashboards(from: store)
        try restoreDetectors(from: store)
        try restoreItems(from: store)
    }

    public func resume() {
        armExpiry()
        armAlarms()
        for alarm in alarms.everywhere {
            armSuppression(of: alarm)
            armFirstEvaluation(of: alarm)
        }
        resumeMuting()
    }

    // MARK: Durability

    /// Writes every bucket that changed since the last flush. The engine calls it by itself every few seconds; call it
    /// before the world is closed, so that no automatic metric is lost.
    public func flush() {
        core.cancel(flushTimer)
        flushTimer = nil
        guard !changed.isEmpty else { return }
        for metric in changed {
            metric.isChanged = false
            metrics.write(metric, to: core.journal)
        }
        changed.removeAll(keepingCapacity: true)
        core.changes.mark(Self.topic)
        armExpiry()
    }

    /// Adds values that another service derived: from log lines, for one.
    func add(_ values: [Double], to series: MetricSeries, at time: Instant, isHighResolution: Bool) {
        guard let metric = metrics[metrics.index(of: series)], !values.isEmpty else { return }
        var bucket = MetricBucket(start: 0)
        for value in values { bucket.add(value, count: 1) }
        metric.record(bucket, at: time.wholeSeconds, isHighResolution: isHighResolution, now: core.now.wholeSeconds)
        if !metric.isChanged { noteChange(of: metric) }
    }

    func noteChange(of metric: StoredMetric) {
        metric.isChanged = true
        changed.append(metric)
        guard flushTimer == nil else { return }
        core.changes.mark(Self.topic)
        flushTimer = core.schedule(
            at: core.now + Self.flushInterval, TimerLabel(kind: "MetricFlush", resourceArn: "", isInternal: true)
        ) { [unowned self] in
            flushTimer = nil
            flush()
        }
    }

    /// Looks for data to roll up when the oldest is due, but neither every minute nor later than a day from now.
    func armExpiry() {
        guard expiryTimer == nil, let due = metrics.nextExpiry else { return }
        let earliest = core.now + .seconds(3600)
        let time = min(max(Instant(microseconds: due &* 1_000_000), earliest), core.now + .seconds(86_400))
        expiryTimer = core.schedule(at: time, TimerLabel(kind: "MetricRollUp", resourceArn: "", isInternal: true)) {
            [unowned self] in
            expiryTimer = nil
            flush()
            metrics.expire(at: core.now.wholeSeconds, in: core.journal)
            armExpiry()
        }
    }
}

extension CloudWatchService: MetricRecorder {
    public func handle(for series: MetricSeries) -> MetricHandle { MetricHandle(rawValue: metrics.index(of: series)) }

    public func record(_ value: Double, count: Double, in handle: MetricHandle, at time: Instant) {
        guard let metric = metrics[handle.rawValue] else { return }
        metric.record(value, count: count, at: time.wholeSeconds)
        if !metric.isChanged { noteChange(of: metric) }
    }
}

extension Instant {
    /// Whole seconds since the epoch, rounded down.
    var wholeSeconds: Int64 {
        microseconds >= 0 ? microseconds / 1_000_000 : -((999_999 - microseconds) / 1_000_000)
    }

    init(wholeSeconds: Int64) { self.init(microseconds: wholeSeconds &* 1_000_000) }
}
