import AWSModel
import TerminalUI

/// Where an ARN leads among the console's screens.
enum ResourceLink {
    /// Nil where there is no screen for it.
    static func address(_ text: String) -> ScreenAddress? {
        guard let arn = ARN(text) else { return nil }
        let parts = arn.resource.split(separator: ":").map(String.init)
        switch (arn.service, parts.first) {
        case ("lambda", "function") where parts.count > 1:
            return ScreenAddress(id: "lambda.function", arguments: [parts[1]])
        case ("sqs", _): return ScreenAddress(id: "sqs.queue", arguments: [arn.resource])
        case ("states", "stateMachine") where parts.count > 1:
            return ScreenAddress(id: "states.machine", arguments: [text])
        case ("states", "execution") where parts.count > 2:
            return ScreenAddress(id: "states.execution", arguments: [text])
        case ("logs", "log-group") where parts.count > 1: return ScreenAddress(id: "logs.group", arguments: [parts[1]])
        default: return nil
        }
    }

    /// The function a task's parameters name, for `lambda:invoke`.
    static func function(inParameters text: String?) -> ScreenAddress? {
        guard let text, let object = (try? JSONReader.parse(text))?.object, let name = object.string("FunctionName")
        else { return nil }
        if let address = address(name) { return address }
        return ScreenAddress(
            id: "lambda.function", arguments: [String(name.split(separator: ":").first ?? Substring(name))])
    }

    /// The queue a task's parameters name, for `sqs:sendMessage`.
    static func queue(inParameters text: String?) -> ScreenAddress? {
        guard let text, let object = (try? JSONReader.parse(text))?.object, let url = object.string("QueueUrl"),
            let name = url.split(separator: "/").last
        else { return nil }
        return ScreenAddress(id: "sqs.queue", arguments: [String(name)])
    }

    /// What a visit called, if it can be opened.
    static func address(of visit: StateVisit) -> ScreenAddress? {
        visit.resource.flatMap(address) ?? function(inParameters: visit.attempts.last?.parameters)
            ?? queue(inParameters: visit.attempts.last?.parameters)
    }
}
