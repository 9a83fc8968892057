import AWSModel
import AWSTypes

// PutProvisionedConcurrencyConfig, GetProvisionedConcurrencyConfig, ListProvisionedConcurrencyConfigs,
// DeleteProvisionedConcurrencyConfig.

extension LambdaService {
    func putProvisionedConcurrencyConfig(
        _ input: Lambda.PutProvisionedConcurrencyConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.PutProvisionedConcurrencyConfigResponse {
        let wanted = input.provisionedConcurrentExecutions
        guard wanted > 0 else {
            throw .lambdaConstraint(
                String(wanted), at: "provisionedConcurrentExecutions", "have value greater than or equal to 1")
        }
        let (function, qualifier) = try provisionable(input.functionName, input.qualifier, call)
        try checkOtherSide(of: qualifier, function)
        try checkRoom(for: wanted, qualifier, function)
        let config = ProvisionedConcurrency(qualifier: qualifier, requested: wanted, lastModified: core.now)
        release(function.provisioned[qualifier], of: function)
        function.provisioned[qualifier] = config
        provisionedChanged(function)
        core.later { [unowned self] in provision(config, for: function) }
        return Lambda.PutProvisionedConcurrencyConfigResponse(
            requestedProvisionedConcurrentExecutions: wanted, availableProvisionedConcurrentExecutions: 0,
            allocatedProvisionedConcurrentExecutions: 0, status: config.status.rawValue,
            lastModified: Self.text(config.lastModified))
    }

    func getProvisionedConcurrencyConfig(
        _ input: Lambda.GetProvisionedConcurrencyConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetProvisionedConcurrencyConfigResponse {
        guard input.qualifier != FunctionReference.latest else { throw Self.notProvisionable }
        let (function, qualifier) = try provisionable(input.functionName, input.qualifier, call)
        guard let config = function.provisioned[qualifier] else {
            throw .lambda(
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function", status: 404)
        }
        return Lambda.GetProvisionedConcurrencyConfigResponse(
            requestedProvisionedConcurrentExecutions: config.requested,
            availableProvisionedConcurrentExecutions: config.available,
            allocatedProvisionedConcurrentExecutions: config.available, status: config.status.rawValue,
            statusReason: config.statusReason, lastModified: Self.text(config.lastModified))
    }

    func listProvisionedConcurrencyConfigs(
        _ input: Lambda.ListProvisionedConcurrencyConfigsRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.ListProvisionedConcurrencyConfigsResponse {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(reference)
        let sorted = function.provisioned.values.sorted { $0.qualifier < $1.qualifier }
        let (page, next) = try lambdaPage(sorted, after: input.marker, limit: input.maxItems) { $0.qualifier }
        return Lambda.ListProvisionedConcurrencyConfigsResponse(
            provisionedConcurrencyConfigs: page.map { config in
                Lambda.ProvisionedConcurrencyConfigListItem(
                    functionArn: "\(function.arn):\(config.qualifier)",
                    requestedProvisionedConcurrentExecutions: config.requested,
                    availableProvisionedConcurrentExecutions: config.available,
                    allocatedProvisionedConcurrentExecutions: config.available, status: config.status.rawValue,
                    statusReason: config.statusReason, lastModified: Self.text(config.lastModified))
            }, nextMarker: next)
    }

    func deleteProvisionedConcurrencyConfig(
        _ input: Lambda.DeleteProvisionedConcurrencyConfigRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        guard input.qualifier != FunctionReference.latest else { throw Self.notProvisionable }
        let (function, qualifier) = try provisionable(input.functionName, input.qualifier, call)
        // AWS: deleting one that is not there succeeds.
        guard let config = function.provisioned.removeValue(forKey: qualifier) else { return Unit() }
        release(config, of: function)
        provisionedChanged(function)
        return Unit()
    }

    // MARK: Rules

    private static let notProvisionable = ServiceError.lambdaInvalid(
        "The function resource provided must be an alias or a published version.")

    private static func text(_ instant: Instant) -> String { String(instant.iso8601().dropLast()) + "+0000" }

    /// AWS: aliases and published versions only.
    private func provisionable(
        _ name: String, _ qualifier: String, _ call: Call
    ) throws(ServiceError) -> (LambdaFunction, String) {
        let reference = try FunctionReference(name, qualifier: qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        guard qualifier != FunctionReference.latest else { throw Self.unpublished }
        let existing = existingFunction(reference)
        if FunctionReference.isAlias(qualifier) {
            guard let function = existing, let alias = function.aliases[qualifier] else {
                throw .lambdaNotFound("Cannot find alias arn: \(reference.arn)")
            }
            guard alias.functionVersion != FunctionReference.latest else { throw Self.unpublished }
            return (function, qualifier)
        }
        guard let function = existing, function[version: qualifier] != nil else {
            throw .functionNotFound(reference.arn)
        }
        return (function, qualifier)
    }

    private static let unpublished = ServiceError.lambdaInvalid(
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")

    /// AWS: not on an alias and on its version both.
    private func checkOtherSide(of qualifier: String, _ function: LambdaFunction) throws(ServiceError) {
        if let alias = function.aliases[qualifier] {
            let versions = [alias.functionVersion] + alias.weights.keys
            guard versions.allSatisfy({ function.provisioned[$0] == nil }) else {
                throw .lambdaConflict(
                    "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version")
            }
        } else {
            let pointing = function.aliases.values.filter {
                $0.functionVersion == qualifier || $0.weights[qualifier] != nil
            }
            guard pointing.allSatisfy({ function.provisioned[$0.name] == nil }) else {
                throw .lambdaConflict("Version is pointed by a Provisioned Concurrency alias")
            }
        }
    }

    private func checkRoom(for wanted: Int, _ qualifier: String, _ function: LambdaFunction) throws(ServiceError) {
        let others = function.provisioned.values.reduce(0) { $0 + ($1.qualifier == qualifier ? 0 : $1.requested) }
        if let reserved = function.reservedConcurrency {
            guard others + wanted <= reserved else {
                throw .lambdaInvalid(
                    "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
                )
            }
            return
        }
        let region = region(function.scope)
        let left =
            region.unreservedConcurrency - region.provisionedConcurrency + function.provisionedConcurrency - others
        guard wanted <= left else {
            throw .lambdaUntyped(
                "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [\(left)]."
            )
        }
        guard left - wanted >= LambdaRegion.minimumUnreserved else {
            throw .lambdaUntyped(
                "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [\(LambdaRegion.minimumUnreserved)]."
            )
        }
    }

    /// Keeps what changed, and counts anew what is left to others.
    func provisionedChanged(_ function: LambdaFunction) {
        save(function)
        region(function.scope).recount()
        core.changes.mark("lambda:functions")
    }
}
