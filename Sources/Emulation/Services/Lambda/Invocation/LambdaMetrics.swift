import AWSModel

/// The metrics of a function under the namespace `AWS/Lambda`, their series looked up once.
///
/// AWS: each value is counted for the function, for the alias or version called (`Resource`), and for the account.
final class FunctionMetrics {
    enum Name: String, CaseIterable {
        case invocations = "Invocations"
        case errors = "Errors"
        case throttles = "Throttles"
        case duration = "Duration"
        case concurrentExecutions = "ConcurrentExecutions"
        case deadLetterErrors = "DeadLetterErrors"
        case destinationDeliveryFailures = "DestinationDeliveryFailures"
        case asyncEventsReceived = "AsyncEventsReceived"
        case asyncEventAge = "AsyncEventAge"
        case asyncEventsDropped = "AsyncEventsDropped"
        case recursiveInvocationsDropped = "RecursiveInvocationsDropped"
        case provisionedConcurrencyInvocations = "ProvisionedConcurrencyInvocations"
        case provisionedConcurrencySpilloverInvocations = "ProvisionedConcurrencySpilloverInvocations"
        case provisionedConcurrentExecutions = "ProvisionedConcurrentExecutions"
        case provisionedConcurrencyUtilization = "ProvisionedConcurrencyUtilization"

        var unit: String {
            switch self {
            case .duration, .asyncEventAge: "Milliseconds"
            case .provisionedConcurrencyUtilization: "None"
            default: "Count"
            }
        }
    }

    private var handles: [Name: [MetricHandle]] = [:]
    /// Values of functions called by alias or version, by what was called.
    var resources: [String: FunctionMetrics] = [:]

    init(_ telemetry: Telemetry, scope: Scope, functionName: String, resource: String?) {
        let function = MetricSeries.Dimension("FunctionName", functionName)
        for name in Name.allCases {
            var dimensions: [[MetricSeries.Dimension]] = [[function]]
            if let resource { dimensions.append([function, MetricSeries.Dimension("Resource", resource)]) }
            // The account's concurrency is not the sum of what each function reports.
            switch name {
            case .concurrentExecutions, .provisionedConcurrentExecutions, .provisionedConcurrencyUtilization: break
            default: dimensions.append([])
            }
            handles[name] = dimensions.compactMap {
                telemetry.handle(
                    for: MetricSeries(
                        scope: scope, namespace: "AWS/Lambda", name: name.rawValue, dimensions: $0, unit: name.unit))
            }
        }
    }

    func record(_ telemetry: Telemetry, _ name: Name, _ value: Double) {
        for handle in handles[name] ?? [] { telemetry.record(value, in: handle) }
    }
}

/// `ConcurrentExecutions` and `UnreservedConcurrentExecutions` of a whole account in a region.
struct AccountMetrics {
    var concurrent: MetricHandle?
    var unreserved: MetricHandle?
}

extension LambdaService {
    func metrics(of function: LambdaFunction, qualifier: String? = nil) -> FunctionMetrics {
        let plain: FunctionMetrics
        if let known = function.metrics {
            plain = known
        } else {
            plain = FunctionMetrics(core.telemetry, scope: function.scope, functionName: function.name, resource: nil)
            function.metrics = plain
        }
        guard let qualifier else { return plain }
        if let known = plain.resources[qualifier] { return known }
        let metrics = FunctionMetrics(
            core.telemetry, scope: function.scope, functionName: function.name,
            resource: "\(function.name):\(qualifier)")
        plain.resources[qualifier] = metrics
        return metrics
    }

    func recordAccountConcurrency(_ region: LambdaRegion) {
        if region.metrics == nil {
            func handle(_ name: String) -> MetricHandle? {
                core.telemetry.handle(
                    for: MetricSeries(scope: region.scope, namespace: "AWS/Lambda", name: name, dimensions: []))
            }
            region.metrics = AccountMetrics(
                concurrent: handle("ConcurrentExecutions"), unreserved: handle("UnreservedConcurrentExecutions"))
        }
        core.telemetry.record(Double(region.running), in: region.metrics?.concurrent)
        core.telemetry.record(Double(region.unreservedRunning), in: region.metrics?.unreserved)
    }
}
