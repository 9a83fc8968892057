import TerminalUI

/// A place Home leads to.
enum HomeService: String, CaseIterable, Sendable, Hashable {
    case queues, functions, machines, metrics, logs, timeline, time

    var title: String {
        switch self {
        case .queues: "SQS"
        case .functions: "Lambda"
        case .machines: "Step Functions"
        case .metrics: "CloudWatch"
        case .logs: "Logs"
        case .timeline: "Timeline"
        case .time: "Time"
        }
    }

    /// For narrow windows.
    var shortTitle: String {
        switch self {
        case .machines: "States"
        case .metrics: "Metrics"
        default: title
        }
    }

    /// What is counted; for those without a count, what one finds there.
    func noun(_ count: ResourceCount?) -> String {
        let isOne = count?.number == 1
        return switch self {
        case .queues: isOne ? "queue" : "queues"
        case .functions: isOne ? "function" : "functions"
        case .machines: isOne ? "state machine" : "state machines"
        case .metrics: isOne ? "metric" : "metrics"
        case .logs: isOne ? "log group" : "log groups"
        case .timeline: "what led to what"
        case .time: "pause, step, jump"
        }
    }

    var screen: ScreenAddress {
        switch self {
        case .queues: ScreenAddress(id: "sqs.queues")
        case .functions: ScreenAddress(id: "lambda.functions")
        case .machines: ScreenAddress(id: "states.machines")
        case .metrics: ScreenAddress(id: "cloudwatch.metrics")
        case .logs: ScreenAddress(id: "logs.groups")
        case .timeline: ScreenAddress(id: "timeline")
        case .time: ScreenAddress(id: "time")
        }
    }

    /// True for those that only our engine has.
    var needsEngine: Bool { self == .timeline || self == .time }

    /// The service's name in the map.
    var service: String? {
        switch self {
        case .queues: "sqs"
        case .functions: "lambda"
        case .machines: "states"
        default: nil
        }
    }
}
