import AWSClient
import AWSModel
import Emulation

/// Calls into the engine of this very process: no socket, no wire format, the same operations.
struct InProcessTransport: Transport {
    let engine: Engine
    let scope: Scope
    let endpoint: String

    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        if let failure = ModelValidator.validate(input, operation, of: service) {
            throw AWSError(failure.code, failure.message, httpStatus: 400)
        }
        // What the console only looks at is not part of what happened.
        let caller = Caller(scope: scope, endpoint: endpoint, isObserver: operation.isObservation)
        let result = await withCheckedContinuation { continuation in
            engine.submit { core in
                core.perform(service: service.id, operation: operation.name, input: input, caller: caller) {
                    continuation.resume(returning: $0)
                }
            }
        }
        switch result {
        case .success(let output): return output
        case .failure(let error):
            throw AWSError(error.code, error.message, httpStatus: error.status, fields: error.fields)
        }
    }
}

extension LocalEngine {
    /// A client of this engine as the given account and region.
    func client(accountID: String, region: String, isReadOnly: Bool) -> AWSClient {
        let transport = InProcessTransport(
            engine: engine, scope: Scope(accountID: accountID, region: region), endpoint: endpoint)
        return AWSClient(transport: isReadOnly ? ReadOnlyTransport(inner: transport) : transport)
    }
}
