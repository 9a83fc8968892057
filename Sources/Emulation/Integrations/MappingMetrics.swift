import AWSModel

/// The events that a mapping counts where its `MetricsConfig` asks for it.
///
/// AWS: under `AWS/Lambda`, by `EventSourceMappingUUID`.
final class MappingMetrics {
    enum Name: String, CaseIterable {
        case polled = "PolledEventCount"
        case filteredOut = "FilteredOutEventCount"
        case invoked = "InvokedEventCount"
        case failedToInvoke = "FailedInvokeEventCount"
        case deleted = "DeletedEventCount"
    }

    private let telemetry: Telemetry
    private var handles: [Name: MetricHandle] = [:]

    /// Nil where nothing is to be counted.
    init?(_ mapping: EventSourceMapping, _ telemetry: Telemetry) {
        guard mapping.configuration.metricsConfig?.metrics?.contains("EventCount") == true else { return nil }
        self.telemetry = telemetry
        for name in Name.allCases {
            handles[name] = telemetry.handle(
                for: MetricSeries(
                    scope: mapping.scope, namespace: "AWS/Lambda", name: name.rawValue,
                    dimensions: [MetricSeries.Dimension("EventSourceMappingUUID", mapping.uuid)], unit: "Count"))
        }
    }

    func count(_ name: Name, _ events: Int) {
        if events > 0 { telemetry.record(Double(events), in: handles[name]) }
    }
}
