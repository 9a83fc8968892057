import AWSModel
import AWSTypes
import StatesLanguage

/// `sns:publish` and `events:putEvents`.
extension StepFunctionsService {
    func publish(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        guard core.operations(of: .sns) != nil else { return failMissing(order, record, "the service SNS") }
        var parameters = order.parameters.value.object ?? [:]
        parameters.serialise("Message")
        callOptimized(.sns, "Publish", parameters, order, record) { [unowned self] result in
            switch result {
            case .failure(let error):
                let names = ["NotFound", "InvalidParameter", "EndpointDisabled", "AuthorizationError"]
                let code = error.code.hasSuffix("Exception") ? String(error.code.dropLast(9)) : error.code
                let name = names.contains(code) ? "SNS.\(code)Exception" : "SNS.AmazonSNSException"
                fail(order, record, (name, Self.sdkCause(error, "AmazonSNS", core)))
            case .success(var output):
                addMetadata(to: &output, length: 294, contentType: "text/xml")
                answered(integration, order, record, Payload(.object(output)))
            }
        }
    }

    /// AWS: one entry that fails, fails the task.
    func putEvents(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        guard core.operations(of: .events) != nil else { return failMissing(order, record, "the service EventBridge") }
        var parameters = order.parameters.value.object ?? [:]
        if let entries = parameters.list("Entries") {
            parameters["Entries"] = .list(
                entries.map { entry in
                    guard var object = entry.object else { return entry }
                    object.serialise("Detail")
                    // AWS: what the engine sends says who it was.
                    let arns = [record.arn, record.machine.arn].map { DocumentValue.string($0) }
                    object["Resources"] = .list((object.list("Resources") ?? []) + arns)
                    return .object(object)
                })
        }
        callOptimized(.events, "PutEvents", parameters, order, record) { [unowned self] result in
            switch result {
            case .failure(let error):
                fail(
                    order, record,
                    ("EventBridge.AmazonEventBridgeException", Self.sdkCause(error, "AmazonEventBridge", core)))
            case .success(let output):
                if let failed = output.integer("FailedEntryCount"), failed > 0 {
                    fail(
                        order, record,
                        ("EventBridge.FailedEntry", JSONWriter.string(.object(output.sortedByName))))
                } else {
                    answered(integration, order, record, Payload(.object(output.sortedByName)))
                }
            }
        }
    }
}
