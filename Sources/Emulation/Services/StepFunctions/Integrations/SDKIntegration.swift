import AWSModel
import AWSTypes
import StatesLanguage

/// `aws-sdk:<service>:<action>`: every operation the engine has.
extension StepFunctionsService {
    func callService(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        let service = String(integration.service.dropFirst("aws-sdk:".count))
        guard let id = SDKNames.services[service], let model = ServiceModel.load(id), core.operations(of: id) != nil
        else { return failMissing(order, record, "the service \(service)") }
        let name = integration.action.prefix(1).uppercased() + integration.action.dropFirst()
        guard let operation = model.operations[name], core.operations(of: id)?.names.contains(name) == true else {
            return failMissing(order, record, "the operation \(service):\(name)")
        }
        guard let input = request(order.parameters.value.object ?? [:], to: operation, order, record) else { return }
        if let failure = ModelValidator.validate(input, operation, of: model) {
            return core.later { [unowned self] in
                failCall(order, record, service, ServiceError(failure.code, failure.message))
            }
        }
        core.call(
            service: id, operation: name, input: input, caller: caller(order, record), cause: cause(order, record)
        ) { [unowned self] result in
            switch result {
            case .failure(let error): failCall(order, record, service, error)
            case .success(let output):
                let shown = SDKDocuments.response(output, operation.output?.shape)
                answered(integration, order, record, Payload(.object(shown)))
            }
        }
    }

    /// AWS: the words of the SDK's version 2.
    private func failCall(_ order: TaskOrder, _ record: ExecutionRecord, _ service: String, _ error: ServiceError) {
        let status =
            SDKNames.services[service].flatMap { ServiceModel.load($0) }?.error(error.code)?.error?.httpStatusCode
            ?? error.status
        var who = "Service: \(SDKNames.errorPrefix(service)), Status Code: \(status), Request ID: "
        who += core.identifiers.uuid()
        if service == "s3" { who += ", Extended Request ID: \(Base64.encode(core.identifiers.bytes(56)))" }
        fail(order, record, (SDKNames.exception(error.code, of: service), "\(error.message) (\(who))"))
    }
}
