import TerminalUI

/// A place Home leads to.
enum HomeService: String, CaseIterable, Sendable, Hashable {
    case queues, topics, functions, machines, events, schedules, pipes, buckets, identities, metrics, logs, timeline,
        time

    var title: String {
        switch self {
        case .queues: "SQS"
        case .topics: "SNS"
        case .events: "EventBridge"
        case .schedules: "Scheduler"
        case .pipes: "Pipes"
        case .buckets: "S3"
        case .identities: "IAM"
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
        case .events: "Events"
        case .schedules: "Sched"
        case .metrics: "Metrics"
        default: title
        }
    }

    /// What is counted; for those without a count, what one finds there.
    func noun(_ count: ResourceCount?) -> String {
        let isOne = count?.number == 1
        return switch self {
        case .queues: isOne ? "queue" : "queues"
        case .topics: isOne ? "topic" : "topics"
        case .events: isOne ? "rule" : "rules"
        case .schedules: isOne ? "schedule" : "schedules"
        case .pipes: isOne ? "pipe" : "pipes"
        case .buckets: isOne ? "bucket" : "buckets"
        case .identities: isOne ? "role" : "roles"
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
        case .topics: ScreenAddress(id: "sns.topics")
        case .events: ScreenAddress(id: "events.rules")
        case .schedules: ScreenAddress(id: "scheduler.schedules")
        case .pipes: ScreenAddress(id: "pipes.pipes")
        case .buckets: ScreenAddress(id: "s3.buckets")
        case .identities: ScreenAddress(id: "iam.identities")
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

    /// How many the map shows; nil for what it does not show.
    func count(in map: ResourceMap) -> Int? {
        switch self {
        case .queues: map.count(ofService: "sqs")
        case .topics: map.count(ofService: "sns")
        case .functions: map.count(ofService: "lambda")
        case .machines: map.count(ofService: "states")
        // Buses are on the map beside their rules.
        case .events: map.resources.count { $0.service == "events" && $0.counts["targets"] != nil }
        case .schedules: map.count(ofService: "scheduler")
        case .pipes: map.count(ofService: "pipes")
        case .buckets: map.count(ofService: "s3")
        default: nil
        }
    }

    /// Elsewhere the map is drawn from what these three list; what others have is not counted.
    var isMappedElsewhere: Bool { self == .queues || self == .functions || self == .machines }
}
