import AWSModel
import TerminalUI

/// A resource's ARN as people say it, and where it is shown.
struct ResourceName: Hashable, Sendable {
    let arn: String
    /// `orders`, `charge-card:live`, `fulfilment/order-7`; the whole text where it is no ARN.
    let name: String
    /// `queue`, `function`, `state machine`, `execution` …; empty where it is no ARN.
    let kind: String
    /// Its screen; nil where there is none.
    let address: ScreenAddress?

    init(_ text: String) {
        guard let arn = ARN(text) else {
            self.init(text, name: text, kind: "")
            return
        }
        let parts = arn.resource.split(separator: ":").map(String.init)
        let second = parts.count > 1 ? parts[1] : arn.resource
        let last = Self.last(of: arn.resource)
        switch (arn.service, parts.first) {
        case ("sqs", _): self.init(text, name: arn.resource, kind: "queue", "sqs.queue", arn.resource)
        case ("sns", _) where parts.count > 1:
            let topic = text.split(separator: ":").prefix(6).joined(separator: ":")
            self.init(text, name: parts[0], kind: "subscription", "sns.topic", topic)
        case ("sns", _): self.init(text, name: arn.resource, kind: "topic", "sns.topic", text)
        case ("lambda", "function"):
            let qualifier = parts.count > 2 ? ":\(parts[2])" : ""
            self.init(text, name: second + qualifier, kind: "function", "lambda.function", second)
        case ("lambda", "layer"): self.init(text, name: parts.dropFirst().joined(separator: ":"), kind: "layer")
        case ("lambda", "event-source-mapping"): self.init(text, name: second, kind: "event source mapping")
        case ("states", "stateMachine"):
            self.init(text, name: second, kind: "state machine", "states.machine", text)
        case ("states", "execution"), ("states", "express"):
            self.init(
                text, name: parts.count > 2 ? "\(second)/\(parts[2])" : second, kind: "execution",
                parts.first == "execution" ? "states.execution" : nil, text)
        case ("states", "mapRun"):
            self.init(
                text, name: parts.dropFirst().joined(separator: ":"), kind: "Map Run", "states.maprun", text)
        case ("logs", "log-group"): self.init(text, name: second, kind: "log group", "logs.group", second)
        case ("cloudwatch", "alarm"):
            let alarm = parts.dropFirst().joined(separator: ":")
            self.init(text, name: alarm, kind: "alarm", "cloudwatch.alarm", alarm)
        case ("events", _) where arn.resource.hasPrefix("rule/"):
            let rule = arn.resource.split(separator: "/").dropFirst().map(String.init)
            self.init(
                text, name: rule.last ?? last, kind: "rule",
                ScreenAddress(
                    id: "events.rule", arguments: [rule.last ?? last] + (rule.count > 1 ? [rule[0]] : [])))
        case ("events", _) where arn.resource.hasPrefix("event-bus/"):
            let bus = String(arn.resource.dropFirst("event-bus/".count))
            self.init(text, name: bus, kind: "event bus", "events.bus", bus)
        case ("events", _) where arn.resource.hasPrefix("api-destination/"):
            let destination = arn.resource.split(separator: "/").dropFirst().first.map(String.init) ?? last
            self.init(
                text, name: destination, kind: "API destination", ScreenAddress(id: "events.connections"))
        case ("events", _) where arn.resource.hasPrefix("archive/") || arn.resource.hasPrefix("replay/"):
            self.init(
                text, name: last, kind: arn.resource.hasPrefix("archive/") ? "archive" : "replay",
                ScreenAddress(id: "events.archives"))
        case ("scheduler", _) where arn.resource.hasPrefix("schedule/"):
            let group = arn.resource.split(separator: "/").dropFirst().first.map(String.init)
            self.init(
                text, name: last, kind: "schedule",
                ScreenAddress(id: "scheduler.schedule", arguments: [last, group ?? "default"]))
        case ("pipes", _): self.init(text, name: last, kind: "pipe", "pipes.pipe", last)
        case ("iam", _) where arn.resource.hasPrefix("role/"):
            self.init(text, name: last, kind: "iam", "iam.role", last)
        case ("iam", _) where arn.resource.hasPrefix("user/"):
            self.init(text, name: last, kind: "IAM user", "iam.user", last)
        case ("iam", _) where arn.resource.hasPrefix("policy/"):
            self.init(text, name: last, kind: "IAM policy", "iam.policy", text)
        case ("dynamodb", _):
            let table = arn.resource.split(separator: "/").dropFirst().first.map(String.init)
            self.init(text, name: table ?? last, kind: arn.service)
        case ("s3", _):
            let bucket = String(arn.resource.split(separator: "/").first ?? "")
            self.init(text, name: arn.resource, kind: "bucket", "s3.bucket", bucket)
        case ("execute-api", _): self.init(text, name: arn.resource, kind: arn.service)
        default: self.init(text, name: last, kind: arn.service)
        }
    }

    private init(_ arn: String, name: String, kind: String, _ screen: String? = nil, _ argument: String = "") {
        self.init(arn, name: name, kind: kind, screen.map { ScreenAddress(id: $0, arguments: [argument]) })
    }

    private init(_ arn: String, name: String, kind: String, _ address: ScreenAddress?) {
        self.arn = arn
        self.name = name
        self.kind = kind
        self.address = address
    }

    /// The last part of an ARN, URL or path: a queue's or a function's name.
    static func last(of text: String) -> String {
        text.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? text
    }

    /// The kind as a label, with its service where the word alone could mean anything: `SQS queue`.
    var title: String {
        switch kind {
        case "queue": "SQS queue"
        case "topic": "SNS topic"
        case "subscription": "SNS subscription"
        case "kinesis": "Kinesis"
        case "dynamodb": "DynamoDB"
        case "events": "EventBridge"
        case "bucket": "S3 bucket"
        case "event bus": "Event bus"
        case "execute-api": "API Gateway"
        case "iam": "IAM role"
        case "": "Resource"
        default: kind.prefix(1).uppercased() + kind.dropFirst()
        }
    }

    /// The service as the screens of its resources begin their path; nil where there are none.
    var service: String? {
        switch kind {
        case "queue": "SQS"
        case "topic", "subscription": "SNS"
        case "function", "layer", "event source mapping": "Lambda"
        case "state machine", "execution", "Map Run": "Step Functions"
        case "rule", "event bus", "archive", "replay", "API destination": "EventBridge"
        case "schedule": "Scheduler"
        case "pipe": "Pipes"
        case "bucket": "S3"
        default: nil
        }
    }

    /// `orders (SQS)`
    var shortLabel: String {
        let word = kind == "state machine" ? "States" : title.split(separator: " ").first.map(String.init) ?? title
        return "\(name) (\(word))"
    }

    /// Why there is nothing to open.
    var unavailable: String { "There is no screen for \(title) \(name)" }

    /// A function without its version or alias; else the name.
    var unqualifiedName: String {
        kind == "function" ? String(name.split(separator: ":").first ?? Substring(name)) : name
    }

    /// An execution without its state machine; else the name.
    var shortName: String { kind == "execution" ? String(name.split(separator: "/").last ?? Substring(name)) : name }

    /// The ARN of what the map shows for a resource: the function of a version or alias, the state machine of an execution.
    static func mapped(_ text: String) -> String {
        guard var arn = ARN(text) else { return text }
        let parts = arn.resource.split(separator: ":")
        switch (arn.service, parts.first) {
        case ("lambda", "function") where parts.count > 2: arn.resource = "function:\(parts[1])"
        case ("states", "execution") where parts.count > 2, ("states", "express") where parts.count > 2,
            ("states", "stateMachine") where parts.count > 2:
            arn.resource = "stateMachine:\(parts[1])"
        case ("sns", _) where parts.count > 1: arn.resource = String(parts[0])
        default: return text
        }
        return arn.description
    }
}
