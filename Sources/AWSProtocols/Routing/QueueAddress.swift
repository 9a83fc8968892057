import AWSModel

/// A queue's URL as an endpoint. AWS: in the query protocol calls go to it, and name neither queue nor version.
enum QueueAddress {
    static let signingName = "sqs"
    static let member = "QueueUrl"
    /// AWS: the one operation without a queue that a queue's URL answers, about any queue.
    static let lookup = "GetQueueUrl"

    /// The URL that the request was sent to, if it is a queue's: `/123456789012/orders`, and
    /// `/queue/us-east-1/123456789012/orders` where a host has all regions.
    static func url(of request: WireRequest, _ scope: CredentialScope?) -> String? {
        guard scope.map({ $0.service == signingName }) ?? true else { return nil }
        var path = request.segments[...]
        if path.count == 4, path.first == "queue" { path = path.dropFirst(2) }
        guard path.count == 2, let account = path.first, account.utf8.count == 12,
            account.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return "http://\(request.headers["Host"] ?? signingName)\(request.path)"
    }

    static func takes(_ operation: OperationModel) -> Bool {
        operation.input?.shape.members.contains { $0.name == member } ?? false
    }

    /// AWS: what a queue's URL answers without an action.
    static var noAction: RoutingFailure {
        RoutingFailure(
            error: WireError("UnknownOperationException", "", status: 404), codec: AWSQueryProtocol(),
            bareBody: "<UnknownOperationException/>")
    }
}
