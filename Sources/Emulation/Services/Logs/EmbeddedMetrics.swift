import AWSModel

/// Metrics that a log line brings along in CloudWatch's embedded metric format:
/// `{"_aws": {"Timestamp": …, "CloudWatchMetrics": [{"Namespace": …, "Dimensions": [[…]], "Metrics": [{"Name": …}]}]}, …}`.
struct EmbeddedMetrics {
    private struct Metric {
        var namespace: String
        var name: String
        var unit: String
        var isHighResolution: Bool
        var dimensionSets: [[MetricSeries.Dimension]]
        var values: [Double]
    }

    private var metrics: [Metric] = []
    /// Milliseconds since the epoch, where the line has its own.
    private var timestamp: Int64?

    /// AWS: limits of the format; what exceeds them is left out.
    private static let metricLimit = 100
    private static let valueLimit = 100
    private static let dimensionLimit = 30

    /// A cheap look before the line is parsed.
    static func mayBe(_ message: String) -> Bool {
        message.utf8.first == UInt8(ascii: "{") && message.containsBytes(Array("\"CloudWatchMetrics\"".utf8))
    }

    /// Nil for lines of another kind.
    init?(_ message: String) {
        guard let root = (try? JSONReader.parse(message))?.object,
            let metadata = root.object("_aws"), let directives = metadata.list("CloudWatchMetrics")
        else { return nil }
        timestamp = metadata["Timestamp"]?.integer
        for directive in directives {
            guard let namespace = directive["Namespace"]?.string, !namespace.isEmpty else { continue }
            let sets = Self.dimensionSets(directive["Dimensions"]?.list ?? [], root)
            for definition in (directive["Metrics"]?.list ?? []).prefix(Self.metricLimit) {
                guard let name = definition["Name"]?.string, let value = root[name] else { continue }
                let values = (value.list ?? [value]).prefix(Self.valueLimit).compactMap(\.double).filter(\.isFinite)
                metrics.append(
                    Metric(
                        namespace: namespace, name: name, unit: definition["Unit"]?.string ?? "None",
                        isHighResolution: definition["StorageResolution"]?.integer == 1, dimensionSets: sets,
                        values: values))
            }
        }
    }

    /// Each set names members of the line; one that lacks a member makes no metric. No sets at all: no dimensions.
    private static func dimensionSets(_ sets: [DocumentValue], _ root: DocumentObject) -> [[MetricSeries.Dimension]] {
        if sets.isEmpty { return [[]] }
        return sets.compactMap { set in
            let names = set.list?.compactMap(\.string) ?? []
            guard names.count <= dimensionLimit else { return nil }
            let dimensions = names.compactMap { name in
                root[name].flatMap { value in value.string ?? value.double.map { _ in JSONWriter.string(value) } }
                    .map { MetricSeries.Dimension(name, $0) }
            }
            return dimensions.count == names.count ? dimensions : nil
        }
    }

    /// Puts the values where PutMetricData would.
    func record(in service: CloudWatchService, scope: Scope, ingestedAt time: Int64) {
        let time = Instant(epochMilliseconds: timestamp ?? time)
        let now = service.core.now
        // AWS: as for PutMetricData.
        guard time >= now - .seconds(14 * 86_400), time <= now + .seconds(2 * 3600) else { return }
        for metric in metrics {
            for dimensions in metric.dimensionSets {
                service.add(
                    metric.values,
                    to: MetricSeries(
                        scope: scope, namespace: metric.namespace, name: metric.name, dimensions: dimensions,
                        unit: metric.unit),
                    at: time, isHighResolution: metric.isHighResolution)
            }
        }
    }
}
