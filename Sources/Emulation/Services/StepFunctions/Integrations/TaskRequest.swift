import AWSModel
import AWSTypes
import StatesLanguage

/// A Task's parameters on their way to the operation that they are for.
extension StepFunctionsService {
    /// As the operation's input; nil where Step Functions itself refuses them, and the task has failed.
    func request(
        _ parameters: DocumentObject, to operation: OperationModel, _ order: TaskOrder, _ record: ExecutionRecord
    ) -> DocumentObject? {
        do throws(SDKDocuments.Fault) {
            return try SDKDocuments.request(parameters, operation.input?.shape)
        } catch {
            core.later { [unowned self] in
                fail(
                    order, record,
                    (
                        "States.Runtime",
                        "The Parameters '\(order.parameters.text)' could not be used to start the Task: [\(error.sentence)]"
                    ))
            }
            return nil
        }
    }

    /// Calls an operation for an optimized integration, in the words of its service's model.
    /// - Parameter completion: hears of what the model forbids as of any other refusal.
    func callOptimized(
        _ id: ServiceID, _ name: String, _ parameters: DocumentObject, _ order: TaskOrder, _ record: ExecutionRecord,
        _ completion: @escaping (CallResult) -> Void
    ) {
        guard let model = ServiceModel.load(id), let operation = model.operations[name] else { return }
        guard let input = request(parameters, to: operation, order, record) else { return }
        if let failure = ModelValidator.validate(input, operation, of: model) {
            return core.later { completion(.failure(ServiceError(failure.code, failure.message))) }
        }
        core.call(
            service: id, operation: name, input: input, caller: caller(order, record), cause: cause(order, record),
            completion: completion)
    }
}
