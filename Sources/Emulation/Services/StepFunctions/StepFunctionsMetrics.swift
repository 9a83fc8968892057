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
        guard record.status != .running else { return }
        count(Self.executions(record.status), of: machine)
        if record.redrives > 0 { count("Redriven\(Self.executions(record.status))", of: machine) }
        // AWS: a redriven execution's time goes from its redrive.
        let milliseconds = Double((core.now - (record.redriven ?? record.started)).wholeMicroseconds) / 1000
        count("ExecutionTime", milliseconds, unit: "Milliseconds", of: machine)
        if !record.isStandard {
            count(
                "ExpressExecutionBilledDuration", Double(Self.billedMilliseconds(record)), unit: "Milliseconds",
                of: machine)
            count("ExpressExecutionMemory", Double(Self.billedMegabytes) * 1_048_576, unit: "Bytes", of: machine)
            count("ExpressExecutionBilledMemory", Double(Self.billedMegabytes) * 1_048_576, unit: "Bytes", of: machine)
        }
    }

    private static func executions(_ status: ExecutionStatus) -> String {
        switch status {
        case .succeeded: "ExecutionsSucceeded"
        case .failed: "ExecutionsFailed"
        case .timedOut: "ExecutionsTimedOut"
        case .aborted: "ExecutionsAborted"
        case .running: "ExecutionsStarted"
        }
    }

    /// AWS bills Express in steps of 100 ms …
    static func billedMilliseconds(_ record: ExecutionRecord) -> Int {
        let elapsed = ((record.stopped ?? record.started) - record.started).wholeMicroseconds
        return max(100, Int((elapsed + 99_999) / 100_000) * 100)
    }

    /// … and of 64 MB, which small executions do not exceed.
    static let billedMegabytes = 64

    /// Tasks are counted by what they call; their times lead from event to event.
    func countTask(_ event: HistoryEvent, of record: ExecutionRecord) {
        guard let (kind, stage) = Self.taskStage(event.type) else { return }
        let machine = record.machine
        if stage == .scheduled, let name = resourceName(event, of: record) {
            record.taskTimes[event.id] = TaskTimes(resource: name, scheduled: event.timestamp)
        } else if let times = record.taskTimes.removeValue(forKey: event.previousEventID)
            ?? timesInHistory(event, of: record)
        {
            record.taskTimes[event.id] = times
        }
        guard var times = record.taskTimes[event.id] else { return }
        let dimension = (kind.dimension, times.resource)
        func point(_ name: String, _ value: Double = 1, unit: String = "Count") {
            machine.series.record(name, value, unit: unit, dimension: dimension, core)
        }
        func milliseconds(_ from: Instant) -> Double { Double((event.timestamp - from).wholeMicroseconds) / 1000 }
        switch stage {
        case .scheduled: point("\(kind.plural)Scheduled")
        case .started:
            times.started = event.timestamp
            record.taskTimes[event.id] = times
            point("\(kind.plural)Started")
            point("\(kind.rawValue)ScheduleTime", milliseconds(times.scheduled), unit: "Milliseconds")
        case .submitted: break
        case .ended(let ending):
            record.taskTimes[event.id] = nil
            point("\(kind.plural)\(ending)")
            point("\(kind.rawValue)Time", milliseconds(times.scheduled), unit: "Milliseconds")
            if let started = times.started {
                point("\(kind.rawValue)RunTime", milliseconds(started), unit: "Milliseconds")
            }
        }
    }

    /// When a task that was out during a restart began: history has it.
    private func timesInHistory(_ event: HistoryEvent, of record: ExecutionRecord) -> TaskTimes? {
        var started: Instant?
        var id = event.previousEventID
        while id > 0, let before = events(of: record, in: id...id).first, let (_, stage) = Self.taskStage(before.type) {
            switch stage {
            case .scheduled:
                guard let name = resourceName(before, of: record) else { return nil }
                return TaskTimes(resource: name, scheduled: before.timestamp, started: started)
            case .started: started = before.timestamp
            case .submitted: break
            case .ended: return nil
            }
            id = before.previousEventID
        }
        return nil
    }

    /// What a scheduled task calls, as its metrics name it.
    private func resourceName(_ event: HistoryEvent, of record: ExecutionRecord) -> String? {
        guard let resource = event.details.resource, let service = event.details.resourceType else {
            return event.details.resource
        }
        return "arn:\(record.machine.scope.partition):states:::\(service):\(resource)"
    }

    /// AWS: how many transitions of Standard executions the account used up in this region.
    func countTransitions(_ count: Int, of record: ExecutionRecord) {
        guard count > 0, record.isStandard else { return }
        record.machine.series.record(
            "ConsumedCapacity", Double(count), dimension: ("ServiceMetric", "StateTransition"), core)
    }

    private enum TaskKind: String {
        case function = "LambdaFunction"
        case integration = "ServiceIntegration"
        case activity = "Activity"

        var plural: String { self == .activity ? "Activities" : rawValue + "s" }
        var dimension: String {
            switch self {
            case .function: "LambdaFunctionArn"
            case .integration: "ServiceIntegrationResourceArn"
            case .activity: "ActivityArn"
            }
        }
    }

    private enum TaskStage: Equatable { case scheduled, started, submitted, ended(String) }

    private static func taskStage(_ type: HistoryEventType) -> (TaskKind, TaskStage)? {
        switch type {
        case .lambdaFunctionScheduled: (.function, .scheduled)
        case .lambdaFunctionStarted: (.function, .started)
        case .lambdaFunctionSucceeded: (.function, .ended("Succeeded"))
        case .lambdaFunctionFailed: (.function, .ended("Failed"))
        case .lambdaFunctionTimedOut: (.function, .ended("TimedOut"))
        case .taskScheduled: (.integration, .scheduled)
        case .taskStarted: (.integration, .started)
        case .taskSubmitted: (.integration, .submitted)
        case .taskSucceeded: (.integration, .ended("Succeeded"))
        case .taskFailed: (.integration, .ended("Failed"))
        case .taskTimedOut: (.integration, .ended("TimedOut"))
        case .activityScheduled: (.activity, .scheduled)
        case .activityStarted: (.activity, .started)
        case .activitySucceeded: (.activity, .ended("Succeeded"))
        case .activityFailed: (.activity, .ended("Failed"))
        case .activityTimedOut: (.activity, .ended("TimedOut"))
        default: nil
        }
    }
}

/// When a task that is out was scheduled and started.
struct TaskTimes {
    /// What it calls, as its metrics name it.
    var resource: String
    var scheduled: Instant
    var started: Instant?
}
