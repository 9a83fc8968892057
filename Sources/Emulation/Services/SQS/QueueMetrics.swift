import AWSModel

/// The `AWS/SQS` metrics of one queue, each series looked up once.
struct QueueMetrics {
    enum Kind: Int, CaseIterable {
        case sent, received, deleted, emptyReceives, sentSize
        case visible, notVisible, delayed, age
        case groupsInFlight, deduplicatedSent
        case noisyGroups, visibleInQuietGroups, notVisibleInQuietGroups

        var name: String {
            switch self {
            case .sent: "NumberOfMessagesSent"
            case .received: "NumberOfMessagesReceived"
            case .deleted: "NumberOfMessagesDeleted"
            case .emptyReceives: "NumberOfEmptyReceives"
            case .sentSize: "SentMessageSize"
            case .visible: "ApproximateNumberOfMessagesVisible"
            case .notVisible: "ApproximateNumberOfMessagesNotVisible"
            case .delayed: "ApproximateNumberOfMessagesDelayed"
            case .age: "ApproximateAgeOfOldestMessage"
            case .groupsInFlight: "ApproximateNumberOfGroupsWithInflightMessages"
            case .deduplicatedSent: "NumberOfDeduplicatedSentMessages"
            case .noisyGroups: "ApproximateNumberOfNoisyGroups"
            case .visibleInQuietGroups: "ApproximateNumberOfMessagesVisibleInQuietGroups"
            case .notVisibleInQuietGroups: "ApproximateNumberOfMessagesNotVisibleInQuietGroups"
            }
        }

        var unit: String {
            switch self {
            case .sentSize: "Bytes"
            case .age: "Seconds"
            default: "Count"
            }
        }
    }

    private let queueName: String
    private let scope: Scope
    private var handles: [MetricHandle?]

    init(queueName: String, scope: Scope, isFIFO: Bool) {
        self.queueName = queueName
        self.scope = scope
        handles = Array(repeating: nil, count: Kind.allCases.count)
    }

    mutating func count(_ kind: Kind, _ value: Double, _ telemetry: Telemetry) {
        if handles[kind.rawValue] == nil {
            handles[kind.rawValue] = telemetry.handle(
                for: MetricSeries(
                    scope: scope, namespace: "AWS/SQS", name: kind.name,
                    dimensions: [MetricSeries.Dimension("QueueName", queueName)], unit: kind.unit))
        }
        telemetry.record(value, in: handles[kind.rawValue])
    }
}

// Gauges once a minute, for queues in use. AWS: a queue idle for six hours stops reporting.
extension SQSService {
    func armMetricsTimer() {
        guard metricsTimer == nil, queuesByID.values.contains(where: isInUse) else { return }
        let minute: Int64 = 60_000_000
        let next = Instant(microseconds: (core.now.microseconds / minute + 1) * minute)
        metricsTimer = core.schedule(at: next, TimerLabel(kind: "MetricFlush", resourceArn: "", isInternal: true)) {
            [unowned self] in
            metricsTimer = nil
            for queue in queuesByID.values.sorted(by: { $0.id < $1.id }) where isInUse(queue) {
                recordGauges(of: queue)
            }
            armMetricsTimer()
        }
    }

    private func isInUse(_ queue: Queue) -> Bool { core.now - queue.lastActiveAt < SQSLimits.metricsIdle }

    private func recordGauges(of queue: Queue) {
        trimDeduplication(of: queue)
        func gauge(_ kind: QueueMetrics.Kind, _ value: Int) { queue.metrics.count(kind, Double(value), core.telemetry) }
        gauge(.visible, queue.readyCount)
        gauge(.notVisible, queue.inFlightCount)
        gauge(.delayed, queue.delayedCount)
        gauge(.age, queue.oldest.map { Int((core.now - $0.sentAt).inSeconds) } ?? 0)
        if queue.isFIFO {
            gauge(.groupsInFlight, queue.groups.values.count { $0.inFlight > 0 })
        } else if queue.hasGroups {
            let noisy = queue.groups.values.filter(queue.isNoisy)
            gauge(.noisyGroups, noisy.count)
            gauge(.visibleInQuietGroups, queue.readyCount - noisy.reduce(0) { $0 + $1.ready })
            gauge(.notVisibleInQuietGroups, queue.inFlightCount - noisy.reduce(0) { $0 + $1.inFlight })
        }
    }
}
