import AWSModel
import AWSTypes

extension LambdaService {
    func createAlias(_ input: Lambda.CreateAliasRequest, _ call: Call) throws(ServiceError) -> Lambda.AliasConfiguration
    {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        let arn = "\(reference.functionArn):\(input.name)"
        core.attribute(call, to: arn)
        guard FunctionReference.isAlias(input.name) else {
            throw .lambdaConstraint(
                input.name, at: "name", #"satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"#)
        }
        guard let function = existingFunction(reference) else {
            throw .functionNotFound("\(reference.functionArn):\(input.functionVersion)")
        }
        let weights = input.routingConfig?.additionalVersionWeights ?? [:]
        try check(weights, beside: input.functionVersion, of: function)
        guard function[version: input.functionVersion] != nil else {
            throw .functionNotFound("\(function.arn):\(input.functionVersion)")
        }
        guard function.aliases[input.name] == nil else { throw .lambdaConflict("Alias already exists: \(arn)") }
        let alias = FunctionAlias(
            name: input.name, functionVersion: input.functionVersion, description: input.description ?? "",
            weights: weights, revisionID: core.identifiers.uuid())
        function.aliases[input.name] = alias
        save(function)
        return alias.configuration(functionArn: function.arn)
    }

    func getAlias(_ input: Lambda.GetAliasRequest, _ call: Call) throws(ServiceError) -> Lambda.AliasConfiguration {
        let (function, alias) = try alias(input.functionName, input.name, call)
        return alias.configuration(functionArn: function.arn)
    }

    func updateAlias(_ input: Lambda.UpdateAliasRequest, _ call: Call) throws(ServiceError) -> Lambda.AliasConfiguration
    {
        var (function, alias) = try alias(input.functionName, input.name, call, missing: "Alias not found")
        guard input.revisionId == nil || input.revisionId == alias.revisionID else { throw .lambdaRevisionMismatch }
        if let version = input.functionVersion {
            guard function[version: version] != nil else { throw .functionNotFound("\(function.arn):\(version)") }
            alias.functionVersion = version
        }
        if let routing = input.routingConfig { alias.weights = routing.additionalVersionWeights ?? [:] }
        try check(alias.weights, beside: alias.functionVersion, of: function)
        alias.description = input.description ?? alias.description
        alias.revisionID = core.identifiers.uuid()
        let moved =
            function.aliases[alias.name]?.functionVersion != alias.functionVersion
            || function.aliases[alias.name]?.weights != alias.weights
        function.aliases[alias.name] = alias
        save(function)
        if moved { reprovision(alias.name, of: function) }
        return alias.configuration(functionArn: function.arn)
    }

    func deleteAlias(_ input: Lambda.DeleteAliasRequest, _ call: Call) throws(ServiceError) -> Unit {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: "\(reference.functionArn):\(input.name)")
        let function = try function(reference)
        // AWS: deleting an alias that isn't there succeeds.
        guard function.aliases.removeValue(forKey: input.name) != nil else { return Unit() }
        function.policies[input.name] = nil
        function.eventInvokeConfigs[input.name] = nil
        release(function.provisioned.removeValue(forKey: input.name), of: function)
        provisionedChanged(function)
        return Unit()
    }

    func listAliases(_ input: Lambda.ListAliasesRequest, _ call: Call) throws(ServiceError)
        -> Lambda.ListAliasesResponse
    {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(reference)
        let aliases = function.aliases.values
            .filter { input.functionVersion == nil || $0.functionVersion == input.functionVersion }
            .sorted { $0.name < $1.name }
        let (page, next) = try lambdaPage(aliases, after: input.marker, limit: input.maxItems) { $0.name }
        return Lambda.ListAliasesResponse(
            nextMarker: next, aliases: page.map { $0.configuration(functionArn: function.arn) })
    }

    private func alias(
        _ functionName: String, _ name: String, _ call: Call, missing: String = "Cannot find alias arn"
    ) throws(ServiceError) -> (LambdaFunction, FunctionAlias) {
        let reference = try FunctionReference(functionName, from: call.scope)
        let arn = "\(reference.functionArn):\(name)"
        core.attribute(call, to: arn)
        let function = try function(reference)
        guard let alias = function.aliases[name] else { throw .lambdaNotFound("\(missing): \(arn)") }
        return (function, alias)
    }

    private func check(
        _ weights: [String: Double], beside version: String, of function: LambdaFunction
    ) throws(ServiceError) {
        guard !weights.isEmpty else { return }
        guard weights.count == 1, let (other, weight) = weights.first else {
            throw .lambdaInvalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
        }
        let printed = "{\(other)=\(JSONWriter.text(of: weight))}"
        guard FunctionReference.versionNumber(other) != nil else {
            throw .validation(
                "1 validation error detected: Value '\(printed)' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]"
            )
        }
        guard (0...1).contains(weight) else {
            throw .validation(
                "1 validation error detected: Value '\(printed)' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]"
            )
        }
        guard version != FunctionReference.latest else {
            throw .lambdaUntyped("$LATEST is not supported for an alias pointing to more than 1 version")
        }
        guard other != version else {
            throw .lambdaInvalid(
                "Invalid function version \(other). Function version \(other) is already included in routing configuration."
            )
        }
        guard function[version: other] != nil else { throw .functionNotFound("\(function.arn):\(other)") }
    }
}
