import AWSModel
import StatesLanguage

/// The series of one machine in `AWS/States`, looked up once each.
struct MachineMetrics {
    private var handles: [String: MetricHandle] = [:]
    private let machineArn: String
    private let scope: Scope

    init(machineArn: String, scope: Scope) {
        self.machineArn = machineArn
        self.scope = scope
    }

    mutating func record(_ name: String, _ value: Double, unit: String = "Count", _ core: EngineCore) {
        record(name, value, unit: unit, dimension: ("StateMachineArn", machineArn), core)
    }

    mutating func record(
        _ name: String, _ value: Double, unit: String = "Count", dimension: (String, String), _ core: EngineCore
    ) {
        let key = "\(name) \(dimension.1)"
        if let handle = handles[key] {
            core.telemetry.record(value, in: handle)
            return
        }
        let series = MetricSeries(
            scope: scope, namespace: "AWS/States", name: name, dimensions: [.init(dimension.0, dimension.1)], unit: unit
        )
        guard let handle = core.telemetry.handle(for: series) else { return }
        handles[key] = handle
        core.telemetry.record(value, in: handle)
    }
}

extension StepFunctionsService {
    func count(_ name: String, _ value: Double = 1, unit: String = "Count", of machine: StateMachineRecord) {
        machine.series.record(name, value, unit: unit, core)
    }

    func countEnd(of record: ExecutionRecord) {
        let machine = record.machine
        switch record.status {
        case .succeeded: count("ExecutionsSucceeded", of: machine)
        case .failed: count("ExecutionsFailed", of: machine)
        case .timedOut: count("ExecutionsTimedOut", of: machine)
        case .aborted: count("ExecutionsAborted", of: machine)
        case .running: return
        }
        let milliseconds = Double((core.now - record.started).wholeMicroseconds) / 1000
        count("ExecutionTime", milliseconds, unit: "Milliseconds", of: machine)
        if !record.isStandard {
            count(
                "ExpressExecutionBilledDuration", Double(Self.billedMilliseconds(record)), unit: "Milliseconds",
                of: machine)
            count("ExpressExecutionBilledMemory", Double(Self.billedMegabytes) * 1_048_576, unit: "Bytes", of: machine)
        }
    }

    /// AWS bills Express in steps of 100 ms …
    static func billedMilliseconds(_ record: ExecutionRecord) -> Int {
        let elapsed = ((record.stopped ?? record.started) - record.started).wholeMicroseconds
        return max(100, Int((elapsed + 99_999) / 100_000) * 100)
    }

    /// … and of 64 MB, which small executions do not exceed.
    static let billedMegabytes = 64

    func countTask(_ event: HistoryEvent, of machine: StateMachineRecord) {
        let ending: String
        switch event.type {
        case .lambdaFunctionScheduled: ending = "LambdaFunctionsScheduled"
        case .lambdaFunctionStarted: ending = "LambdaFunctionsStarted"
        case .lambdaFunctionSucceeded: ending = "LambdaFunctionsSucceeded"
        case .lambdaFunctionFailed: ending = "LambdaFunctionsFailed"
        case .lambdaFunctionTimedOut: ending = "LambdaFunctionsTimedOut"
        case .taskScheduled: ending = "ServiceIntegrationsScheduled"
        case .taskStarted: ending = "ServiceIntegrationsStarted"
        case .taskSucceeded: ending = "ServiceIntegrationsSucceeded"
        case .taskFailed: ending = "ServiceIntegrationsFailed"
        case .taskTimedOut: ending = "ServiceIntegrationsTimedOut"
        default: return
        }
        guard let resource = event.details.resource else { return }
        if let service = event.details.resourceType {
            let arn = "arn:\(machine.scope.partition):states:::\(service):\(resource)"
            machine.series.record(ending, 1, dimension: ("ServiceIntegrationResourceArn", arn), core)
        } else {
            machine.series.record(ending, 1, dimension: ("LambdaFunctionArn", resource), core)
        }
    }
}
