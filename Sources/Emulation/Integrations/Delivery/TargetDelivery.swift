import AWSModel
import AWSTypes

/// One thing to hand to a target: what rules, schedules and pipes have in common.
struct TargetDelivery {
    var targetArn: String
    /// JSON text, or plain text where a constant or template says so.
    var body: String
    /// For a FIFO queue.
    var messageGroupID: String?
    var messageDeduplicationID: String?
    /// For an event bus: the event's source and type, as schedules name them.
    var eventSource: String?
    var eventDetailType: String?
    /// For a log group; without one each delivery has a stream of its own.
    var logStream: String?
    var roleArn: String?
    /// Who delivers: `events.amazonaws.com`, `scheduler.amazonaws.com`, `pipes.amazonaws.com`.
    var principal: String
    /// The rule, schedule or pipe.
    var sourceArn: String
    var scope: Scope
    var cause: Cause
}

/// Why a delivery failed, in the words that go to a dead-letter queue.
struct DeliveryFailure: Error {
    var code: String
    var message: String
    /// AWS: a missing target or permission is not tried again.
    var isRetryable: Bool

    init(code: String, message: String, isRetryable: Bool) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }

    init(_ error: ServiceError) {
        let isThrottled = error.code.contains("Throttl") || error.code == "TooManyRequestsException"
        let isMissing =
            error.code.contains("NotFound") || error.code.contains("DoesNotExist") || error.code == "NotImplemented"
        let isDenied = error.code.contains("AccessDenied") || error.code == "AuthorizationError"
        code = isMissing ? "NO_RESOURCE" : isDenied ? "NO_PERMISSIONS" : isThrottled ? "THROTTLING" : "SDK_CLIENT_ERROR"
        message = error.message
        isRetryable = isThrottled || error.fault == .server && error.code != "NotImplemented"
        if isRetryable, !isThrottled { code = "INTERNAL_ERROR" }
    }
}

extension EngineCore {
    /// Hands `delivery` to its target. All the targets here answer within the turn.
    func deliver(_ delivery: TargetDelivery, completion: @escaping (Result<DocumentObject, DeliveryFailure>) -> Void) {
        guard let arn = ARN(delivery.targetArn) else {
            completion(
                .failure(
                    DeliveryFailure(
                        code: "INVALID_PARAMETER", message: "\(delivery.targetArn) is not an ARN.", isRetryable: false))
            )
            return
        }
        var scope = delivery.scope
        if !arn.region.isEmpty { scope.region = arn.region }
        let caller = Caller(
            scope: scope, principalArn: delivery.roleArn, endpoint: configuration.endpoint,
            servicePrincipal: delivery.principal)
        if arn.service == "logs" { return write(delivery, to: arn, by: caller, completion) }
        guard let request = TargetRequest(delivery, arn, core: self) else {
            completion(
                .failure(
                    DeliveryFailure(
                        code: "NO_RESOURCE",
                        message: "Skua does not deliver to \(arn.service) (\(delivery.targetArn)) yet.",
                        isRetryable: false)))
            return
        }
        call(
            service: request.service, operation: request.operation, input: request.input, caller: caller,
            cause: delivery.cause
        ) { result in
            completion(result.mapError(DeliveryFailure.init))
        }
    }
}

/// The call that a delivery makes.
private struct TargetRequest {
    var service: ServiceID
    var operation: String
    var input: DocumentObject

    init?(_ delivery: TargetDelivery, _ arn: ARN, core: EngineCore) {
        switch (arn.service, arn.resourceType) {
        case ("lambda", _):
            service = Lambda.id
            operation = "Invoke"
            input = [
                "FunctionName": .string(delivery.targetArn), "InvocationType": "Event",
                "Payload": .bytes(Array(delivery.body.utf8)),
            ]
        case ("sqs", _):
            service = SQS.id
            operation = "SendMessage"
            input = [
                "QueueUrl": .string("\(core.configuration.endpoint)/\(arn.accountID)/\(arn.resource)"),
                "MessageBody": .string(delivery.body),
            ]
            input.putString("MessageGroupId", delivery.messageGroupID)
            input.putString("MessageDeduplicationId", delivery.messageDeduplicationID)
        case ("sns", _):
            service = SNS.id
            operation = "Publish"
            input = ["TopicArn": .string(delivery.targetArn), "Message": .string(delivery.body)]
            input.putString("MessageGroupId", delivery.messageGroupID)
        case ("states", "stateMachine"):
            service = SFN.id
            operation = "StartExecution"
            input = ["stateMachineArn": .string(delivery.targetArn), "input": .string(delivery.body)]
        case ("events", "event-bus"):
            service = Events.id
            operation = "PutEvents"
            input = ["Entries": .list([.object(Self.entry(delivery))])]
        default: return nil
        }
    }

    private static func entry(_ delivery: TargetDelivery) -> DocumentObject {
        var entry: DocumentObject = ["EventBusName": .string(delivery.targetArn), "Detail": .string(delivery.body)]
        entry.putString("Source", delivery.eventSource)
        entry.putString("DetailType", delivery.eventDetailType)
        entry["Resources"] = .list([.string(delivery.sourceArn)])
        return entry
    }
}
