import AWSModel
import AWSTypes

/// Makes metric values of log events.
final class MetricFilter {
    let put: Logs.PutMetricFilterRequest
    let pattern: FilterPattern
    let created: Instant
    /// Events since the engine started, those of them that its pattern took, and of these those that gave no value.
    private(set) var seen = 0
    private(set) var matched = 0
    private(set) var valueless = 0

    init(_ put: Logs.PutMetricFilterRequest, created: Instant) throws(ServiceError) {
        self.put = put
        self.created = created
        pattern = try FilterPattern(put.filterPattern)
    }

    var described: Logs.MetricFilter {
        Logs.MetricFilter(
            filterName: put.filterName, filterPattern: put.filterPattern,
            metricTransformations: put.metricTransformations, creationTime: Int(created.epochMilliseconds),
            logGroupName: put.logGroupName, applyOnTransformedLogs: put.applyOnTransformedLogs ?? false)
    }

    /// Records what new events come to. AWS: the default value stands in where nothing matches.
    func record(_ events: [(time: Int64, message: String)], in service: CloudWatchService, scope: Scope) {
        for event in events {
            let isMatch = pattern.matches(event.message)
            seen += 1
            if isMatch { matched += 1 }
            for transformation in put.metricTransformations {
                var value = isMatch ? number(transformation.metricValue, event.message) : nil
                if value == nil, !isMatch { value = transformation.defaultValue }
                guard let value, let dimensions = dimensions(of: transformation, event.message, isMatch: isMatch) else {
                    if isMatch { valueless += 1 }
                    continue
                }
                service.add(
                    [value],
                    to: MetricSeries(
                        scope: scope, namespace: transformation.metricNamespace, name: transformation.metricName,
                        dimensions: dimensions, unit: transformation.unit ?? "None"),
                    at: Instant(epochMilliseconds: event.time), isHighResolution: false)
            }
        }
    }

    private func number(_ text: String, _ message: String) -> Double? {
        let found = text.hasPrefix("$") ? pattern.value(of: text, in: message) : text
        return found.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Nil where a dimension has no value: no metric then.
    private func dimensions(
        of transformation: Logs.MetricTransformation, _ message: String, isMatch: Bool
    ) -> [MetricSeries.Dimension]? {
        guard let names = transformation.dimensions, !names.isEmpty else { return [] }
        let found = names.sorted { $0.key < $1.key }.compactMap { name, selector in
            pattern.value(of: selector, in: message).map { MetricSeries.Dimension(name, $0) }
        }
        return isMatch && found.count == names.count ? found : nil
    }
}

/// Sends log events on as they come.
final class SubscriptionFilter {
    let put: Logs.PutSubscriptionFilterRequest
    let pattern: FilterPattern
    let created: Instant
    /// The groups it is for, where it is a whole account's.
    var criteria: LogGroupCriteria?
    /// Batches sent since the engine started.
    var sent = 0
    var failed = 0
    /// Events since the engine started, and those of them that its pattern took.
    var seen = 0
    var matched = 0
    /// What came of the last batch; nil before the first, and while it is on its way.
    var lastFailure: (time: Instant, error: ServiceError)?

    init(_ put: Logs.PutSubscriptionFilterRequest, created: Instant) throws(ServiceError) {
        self.put = put
        self.created = created
        pattern = try FilterPattern(put.filterPattern)
    }

    var described: Logs.SubscriptionFilter {
        Logs.SubscriptionFilter(
            filterName: put.filterName, logGroupName: put.logGroupName, filterPattern: put.filterPattern,
            destinationArn: put.destinationArn, roleArn: put.roleArn, distribution: put.distribution ?? "ByLogStream",
            applyOnTransformedLogs: put.applyOnTransformedLogs ?? false, creationTime: Int(created.epochMilliseconds))
    }
}

/// A gzip file of stored blocks: what receives it unpacks it all the same.
enum StoredGzip {
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        var start = 0
        repeat {
            let end = min(start + 65_535, bytes.count)
            let count = UInt16(end - start)
            result += [end == bytes.count ? 1 : 0]
            result += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
            result += bytes[start..<end]
            start = end
        } while start < bytes.count
        for word in [checksum(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
            for shift in [0, 8, 16, 24] as [UInt32] { result.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return result
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }
}
