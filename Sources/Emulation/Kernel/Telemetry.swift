import AWSModel

/// What identifies a metric. AWS: namespace, name and the exact set of dimensions.
public struct MetricSeries: Sendable, Hashable {
    public struct Dimension: Sendable, Hashable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var scope: Scope
    public var namespace: String
    public var name: String
    public var dimensions: [Dimension]
    public var unit: String

    public init(scope: Scope, namespace: String, name: String, dimensions: [Dimension], unit: String = "Count") {
        self.scope = scope
        self.namespace = namespace
        self.name = name
        self.dimensions = dimensions
        self.unit = unit
    }
}

/// A series that was looked up once, so that recording a value costs no hashing.
public struct MetricHandle: Sendable, Hashable {
    public var rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
}

/// Who keeps metric values: CloudWatch.
public protocol MetricRecorder: AnyObject {
    func handle(for series: MetricSeries) -> MetricHandle
    func record(_ value: Double, count: Double, in handle: MetricHandle, at time: Instant)
}

/// Who keeps log lines: CloudWatch Logs.
public protocol LogRecorder: AnyObject {
    /// Creates group and stream where they are missing.
    func append(_ messages: [(time: Instant, message: String)], group: String, stream: String, scope: Scope)
}

/// Where services leave what they measure and log, without knowing who keeps it.
public final class Telemetry {
    public weak var metrics: (any MetricRecorder)?
    public weak var logs: (any LogRecorder)?
    unowned let core: EngineCore

    init(core: EngineCore) { self.core = core }

    public func handle(for series: MetricSeries) -> MetricHandle? { metrics?.handle(for: series) }

    /// Adds `value` to the series at the engine's present time.
    public func record(_ value: Double, count: Double = 1, in handle: MetricHandle?) {
        guard let handle else { return }
        metrics?.record(value, count: count, in: handle, at: core.now)
    }

    public func record(_ value: Double, in series: MetricSeries) {
        record(value, in: handle(for: series))
    }

    public func log(_ message: String, group: String, stream: String, scope: Scope) {
        logs?.append([(core.now, message)], group: group, stream: stream, scope: scope)
    }
}
