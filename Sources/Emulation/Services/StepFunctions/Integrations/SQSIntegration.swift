import AWSModel
import AWSTypes
import StatesLanguage

/// `sqs:sendMessage`.
extension StepFunctionsService {
    func sendMessage(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        var parameters = order.parameters.value.object ?? [:]
        for field in ["MessageBody", "QueueUrl"] where parameters[field] == nil || parameters[field]?.isNull == true {
            core.later { [unowned self] in
                let error = ServiceError("MissingParameter", "The request must contain the parameter \(field).")
                fail(order, record, ("SQS.AmazonSQSException", Self.sdkCause(error, "AmazonSQS", core)))
            }
            return
        }
        parameters.serialise("MessageBody")
        callOptimized(.sqs, "SendMessage", parameters, order, record) { [unowned self] result in
            switch result {
            case .failure(let error): fail(order, record, Self.sqsError(error, core))
            case .success(var output):
                let length = JSONWriter.string(.object(output)).utf8.count
                addMetadata(to: &output, length: length, contentType: "application/x-amz-json-1.0")
                answered(integration, order, record, Payload(.object(output)))
            }
        }
    }

    private static func sqsError(_ error: ServiceError, _ core: EngineCore) -> (String, String) {
        let named: Set<String> = ["QueueDoesNotExist", "InvalidMessageContents", "InvalidAttributeName"]
        let name = named.contains(error.code) ? "SQS.\(error.code)Exception" : "SQS.AmazonSQSException"
        return (name, sdkCause(error, "AmazonSQS", core))
    }
}
