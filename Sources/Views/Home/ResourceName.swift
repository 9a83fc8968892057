import AWSModel
import TerminalUI

/// A resource's ARN as people say it, and where it is shown.
struct ResourceName: Hashable, Sendable {
    /// `orders`; the whole text where it is no ARN.
    let name: String
    /// `queue`, `function`, `state machine`, `execution` …; empty where unknown.
    let kind: String
    /// Its screen; nil where there is none.
    let address: ScreenAddress?

    init(_ text: String) {
        guard let arn = ARN(text) else {
            self.init(name: text, kind: "", address: nil)
            return
        }
        let parts = arn.resource.split(separator: ":").map(String.init)
        let second = parts.count > 1 ? parts[1] : arn.resource
        switch (arn.service, parts.first) {
        case ("sqs", _):
            self.init(
                name: arn.resource, kind: "queue", address: ScreenAddress(id: "sqs.queue", arguments: [arn.resource]))
        case ("lambda", "function"):
            let qualifier = parts.count > 2 ? ":\(parts[2])" : ""
            self.init(
                name: second + qualifier, kind: "function",
                address: ScreenAddress(id: "lambda.function", arguments: [second]))
        case ("lambda", "event-source-mapping"):
            self.init(name: second, kind: "event source mapping", address: nil)
        case ("states", "stateMachine"):
            self.init(
                name: second, kind: "state machine", address: ScreenAddress(id: "states.machine", arguments: [text]))
        case ("states", "execution"), ("states", "express"):
            let isStandard = parts.first == "execution"
            self.init(
                name: parts.count > 2 ? "\(second)/\(parts[2])" : second, kind: "execution",
                address: isStandard ? ScreenAddress(id: "states.execution", arguments: [text]) : nil)
        case ("logs", "log-group"):
            self.init(name: second, kind: "log group", address: ScreenAddress(id: "logs.group", arguments: [second]))
        default:
            self.init(name: arn.resourceName, kind: arn.service, address: nil)
        }
    }

    private init(name: String, kind: String, address: ScreenAddress?) {
        self.name = name
        self.kind = kind
        self.address = address
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
        default: return text
        }
        return arn.description
    }
}
