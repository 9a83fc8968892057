import AWSClient
import AWSTypes

extension AWSClient {
    /// Waits until a function was made, or changed, and can be invoked.
    /// - Throws: a ``Failure`` with the service's own reason where it cannot.
    func waitUntilFunctionIsReady(_ name: String) async throws {
        try await wait(for: "\(name) to become active") {
            let configuration = try await call(
                Lambda.getFunctionConfiguration, Lambda.GetFunctionConfigurationRequest(functionName: name))
            if configuration.state == "Failed" || configuration.lastUpdateStatus == "Failed" {
                throw Failure(
                    "\(name): \(configuration.stateReason ?? configuration.lastUpdateStatusReason ?? "failed")")
            }
            return configuration.state != "Pending" && configuration.lastUpdateStatus != "InProgress"
        }
    }
}
