import AWSModel
import AWSTypes

/// What topics did with their messages: mails, texts and pushes to read, and the attempts at each subscriber.
extension SkuaService {
    func registerOutbox(_ table: inout OperationTable) {
        table.on(Skua.listOutboxMessages) { [unowned self] (input, call) throws(ServiceError) in
            try topics("ListOutboxMessages").outboxPage(input, call.scope)
        }
        table.on(Skua.getOutboxMessage) { [unowned self] (input, call) throws(ServiceError) in
            try topics("GetOutboxMessage").outboxMessage(input.id, call.scope)
        }
        table.on(Skua.listDeliveries) { [unowned self] (input, _) throws(ServiceError) in
            try topics("ListDeliveries").deliveryLog(input)
        }
    }

    private func topics(_ operation: String) throws(ServiceError) -> SNSService {
        guard let topics = core.service(SNSService.self) else {
            throw .notImplemented(service: SNS.id, operation: operation)
        }
        return topics
    }
}
