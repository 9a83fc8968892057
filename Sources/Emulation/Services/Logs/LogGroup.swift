import AWSModel

/// Where log events are kept: name, settings and streams. The events themselves are rows.
final class LogGroup {
    let id: Int64
    let scope: Scope
    let name: String
    let creationTime: Instant
    let logGroupClass: String
    var retentionInDays: Int?
    var kmsKeyID: String?
    var tags: [String: String]
    var isDeletionProtected: Bool
    var streams: [String: LogStream] = [:]
    var metricFilters: [String: MetricFilter] = [:]
    var subscriptions: [String: SubscriptionFilter] = [:]
    var protection = TimedSetting<DataProtection>()
    var transformer = TimedSetting<LogTransformer>()
    /// Bytes of events, each with 26 bytes on top. AWS counts them so.
    var storedBytes = 0
    /// Without the `:*` that Describe appends.
    let arn: String
    let incomingEvents: MetricHandle?
    let incomingBytes: MetricHandle?

    init(
        id: Int64, scope: Scope, name: String, creationTime: Instant, logGroupClass: String = "STANDARD",
        retentionInDays: Int? = nil, kmsKeyID: String? = nil, tags: [String: String] = [:],
        isDeletionProtected: Bool = false, telemetry: Telemetry
    ) {
        self.id = id
        self.scope = scope
        self.name = name
        self.creationTime = creationTime
        self.logGroupClass = logGroupClass
        self.retentionInDays = retentionInDays
        self.kmsKeyID = kmsKeyID
        self.tags = tags
        self.isDeletionProtected = isDeletionProtected
        arn = scope.arn("logs", "log-group:\(name)")
        func handle(_ metric: String, _ unit: String) -> MetricHandle? {
            telemetry.handle(
                for: MetricSeries(
                    scope: scope, namespace: "AWS/Logs", name: metric,
                    dimensions: [MetricSeries.Dimension("LogGroupName", name)], unit: unit))
        }
        incomingEvents = handle("IncomingLogEvents", "None")
        incomingBytes = handle("IncomingBytes", "Bytes")
    }

    /// Events before this are expired, deleted or not; milliseconds.
    func oldestKept(at now: Instant) -> Int64 {
        guard let retentionInDays else { return 0 }
        return (now - .seconds(retentionInDays * 86_400)).epochMilliseconds
    }
}

/// A sequence of events from one source, such as one execution environment.
final class LogStream {
    let id: Int64
    let name: String
    let creationTime: Instant
    let arn: String
    /// Milliseconds; nil without events.
    var firstEventTime: Int64?
    var lastEventTime: Int64?
    var lastIngestionTime: Int64?
    var storedBytes = 0
    /// The number of its newest event.
    var lastSequence: Int64 = 0

    init(id: Int64, name: String, creationTime: Instant, group: LogGroup) {
        self.id = id
        self.name = name
        self.creationTime = creationTime
        arn = "\(group.arn):log-stream:\(name)"
    }
}

/// One event. Events of a stream are ordered by time, then by arrival.
struct LogEvent {
    struct Position: Hashable, Comparable {
        /// Milliseconds since the epoch.
        var time: Int64
        /// Counts every event of the world, in order of arrival.
        var sequence: Int64

        static let start = Position(time: -1, sequence: 0)
        static let end = Position(time: .max, sequence: .max)

        static func < (left: Position, right: Position) -> Bool {
            left.time != right.time ? left.time < right.time : left.sequence < right.sequence
        }
    }

    var position: Position
    var group: Int64
    var stream: Int64
    /// Milliseconds since the epoch.
    var ingestionTime: Int64
    var message: String

    /// As AWS bills it.
    var billedBytes: Int { message.utf8.count + Self.overhead }
    static let overhead = 26
}
