import AWSModel
import AWSTypes

/// The world itself: where it lives, how large it is, what it can do.
extension SkuaService {
    func registerWorld(_ table: inout OperationTable) {
        table.on(Skua.describeWorld) { [unowned self] (_, call) in describeWorld(call) }
    }

    private func describeWorld(_ call: Call) -> Skua.DescribeWorldResponse {
        let configuration = core.configuration
        let services = core.allServices.map { service in
            Skua.ServiceSummary(name: type(of: service).id.rawValue, operations: service.operations.names)
        }
        return Skua.DescribeWorldResponse(
            version: configuration.version, directory: configuration.worldDirectory, endpoint: call.caller.endpoint,
            accountId: call.scope.accountID, region: call.scope.region, startedAt: startedAt,
            seed: Int(truncatingIfNeeded: configuration.seed), databaseBytes: core.journal.sizeInBytes,
            readOnly: configuration.isReadOnly, isDemo: configuration.isDemo, services: services)
    }
}
