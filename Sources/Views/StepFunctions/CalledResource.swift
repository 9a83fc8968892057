import AWSModel
import TerminalUI

extension StateVisit {
    /// The screen of what the visit called; nil where there is none.
    var calledScreen: ScreenAddress? {
        let parameters = attempts.last?.parameters
        return resource.flatMap { ResourceName($0).address } ?? Self.function(inParameters: parameters)
            ?? Self.queue(inParameters: parameters)
    }

    /// The function a task's parameters name, for `lambda:invoke`.
    private static func function(inParameters text: String?) -> ScreenAddress? {
        guard let text, let object = (try? JSONReader.parse(text))?.object, let name = object.string("FunctionName")
        else { return nil }
        if let address = ResourceName(name).address { return address }
        return ScreenAddress(
            id: "lambda.function", arguments: [String(name.split(separator: ":").first ?? Substring(name))])
    }

    /// The queue a task's parameters name, for `sqs:sendMessage`.
    private static func queue(inParameters text: String?) -> ScreenAddress? {
        guard let text, let object = (try? JSONReader.parse(text))?.object, let url = object.string("QueueUrl")
        else { return nil }
        return ScreenAddress(id: "sqs.queue", arguments: [ResourceName.last(of: url)])
    }
}
