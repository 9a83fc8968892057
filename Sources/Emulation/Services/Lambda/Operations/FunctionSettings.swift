import AWSModel
import AWSTypes

/// Concurrency, tags, runtime updates, recursion and the account's figures.
extension LambdaService {
    // MARK: Reserved concurrency

    func putFunctionConcurrency(_ input: Lambda.PutFunctionConcurrencyRequest, _ call: Call) throws(ServiceError)
        -> Lambda.Concurrency
    {
        let (function, _) = try unqualified(input.functionName, call, missingAs: ":\(FunctionReference.latest)")
        let wanted = input.reservedConcurrentExecutions
        guard wanted >= 0 else {
            throw .lambdaConstraint(
                String(wanted), at: "reservedConcurrentExecutions", "have value greater than or equal to 0")
        }
        let provisioned = function.provisionedConcurrency
        guard wanted >= provisioned else {
            throw .lambdaUntyped(
                " ReservedConcurrentExecutions  \(wanted) should not be lower than function's total provisioned concurrency [\(provisioned)]."
            )
        }
        let region = region(function.scope)
        let others = region.reservedConcurrency - (function.reservedConcurrency ?? 0)
        guard LambdaRegion.concurrencyLimit - others - wanted >= LambdaRegion.minimumUnreserved else {
            throw .lambdaUntyped(
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [\(LambdaRegion.minimumUnreserved)]."
            )
        }
        setReservedConcurrency(wanted, of: function)
        return Lambda.Concurrency(reservedConcurrentExecutions: wanted)
    }

    func getFunctionConcurrency(
        _ input: Lambda.GetFunctionConcurrencyRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetFunctionConcurrencyResponse {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(FunctionReference(scope: reference.scope, name: reference.name))
        return Lambda.GetFunctionConcurrencyResponse(reservedConcurrentExecutions: function.reservedConcurrency)
    }

    func deleteFunctionConcurrency(_ input: Lambda.DeleteFunctionConcurrencyRequest, _ call: Call) throws(ServiceError)
        -> Unit
    {
        let (function, _) = try unqualified(input.functionName, call)
        setReservedConcurrency(nil, of: function)
        return Unit()
    }

    private func setReservedConcurrency(_ value: Int?, of function: LambdaFunction) {
        let region = region(function.scope)
        // What runs is counted where it will be given back.
        let counted = function.running - function.provisioned.values.reduce(0) { $0 + $1.running }
        if function.reservedConcurrency == nil, value != nil { region.unreservedRunning -= counted }
        if function.reservedConcurrency != nil, value == nil { region.unreservedRunning += counted }
        function.reservedConcurrency = value
        region.recount()
        save(function)
        core.changes.mark("lambda:functions")
        core.later { [unowned self] in
            capacityChanged(function)
            retryMappings(of: function)
        }
    }

    /// Operations that AWS permits on functions only.
    /// - Parameter missingAs: what the error says after the ARN of a function that isn't there.
    func unqualified(
        _ name: String, _ call: Call, missingAs suffix: String = ""
    ) throws(ServiceError) -> (LambdaFunction, FunctionReference) {
        let reference = try FunctionReference(name, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        guard reference.qualifier == nil else {
            throw .lambdaInvalid(
                "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN."
            )
        }
        guard let function = existingFunction(reference) else {
            throw .functionNotFound(reference.functionArn + suffix)
        }
        return (function, reference)
    }

    // MARK: Tags

    func tagResource(_ input: Lambda.TagResourceRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard !input.tags.isEmpty else {
            throw .lambdaInvalid("An error occurred and the request cannot be processed.")
        }
        if var record = try codeSigningTags(input.resource, call.scope) {
            record.tags.merge(input.tags) { $1 }
            try checkTags(record.tags)
            keep(record, in: call.scope)
            return Unit()
        }
        if let mapping = try taggedMapping(input.resource, call) {
            let tags = mapping.tags.merging(input.tags) { $1 }
            try checkTags(tags)
            mapping.tags = tags
            save(mapping)
            return Unit()
        }
        let function = try tagged(input.resource, call)
        let tags = function.tags.merging(input.tags) { $1 }
        try checkTags(tags)
        function.tags = tags
        revise(function)
        save(function)
        return Unit()
    }

    func untagResource(_ input: Lambda.UntagResourceRequest, _ call: Call) throws(ServiceError) -> Unit {
        if var record = try codeSigningTags(input.resource, call.scope) {
            for key in input.tagKeys { record.tags[key] = nil }
            keep(record, in: call.scope)
            return Unit()
        }
        if let mapping = try taggedMapping(input.resource, call) {
            for key in input.tagKeys { mapping.tags[key] = nil }
            save(mapping)
            return Unit()
        }
        let function = try tagged(input.resource, call)
        for key in input.tagKeys { function.tags[key] = nil }
        revise(function)
        save(function)
        return Unit()
    }

    func listTags(_ input: Lambda.ListTagsRequest, _ call: Call) throws(ServiceError) -> Lambda.ListTagsResponse {
        if let record = try codeSigningTags(input.resource, call.scope) {
            return Lambda.ListTagsResponse(tags: record.tags)
        }
        if let mapping = try taggedMapping(input.resource, call) {
            return Lambda.ListTagsResponse(tags: mapping.tags)
        }
        return Lambda.ListTagsResponse(tags: try tagged(input.resource, call).tags)
    }

    func checkTags(_ tags: [String: String]) throws(ServiceError) {
        guard tags.count <= 50 else { throw .lambdaInvalid("Number of tags exceeds resource tag limit.") }
        for key in tags.keys where key.hasPrefix("aws:") {
            throw .lambdaInvalid("Tag keys starting with 'aws:' are reserved for system use: \(key)")
        }
    }

    private func tagged(_ arn: String, _ call: Call) throws(ServiceError) -> LambdaFunction {
        let reference = try FunctionReference(arn, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        guard reference.qualifier == nil else {
            throw .lambdaInvalid(
                "Tags on function aliases and versions are not supported. Please specify a function ARN.")
        }
        return try function(reference)
    }

    private func taggedMapping(_ arn: String, _ call: Call) throws(ServiceError) -> EventSourceMapping? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 7, parts[5] == "event-source-mapping" else { return nil }
        guard let mapping = region(call.scope).mappings[String(parts[6])] else { throw .lambdaResourceMissing }
        core.attribute(call, to: arn)
        return mapping
    }

    // MARK: Runtime updates and recursion

    func getRuntimeManagementConfig(
        _ input: Lambda.GetRuntimeManagementConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetRuntimeManagementConfigResponse {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let (function, _) = try version(reference)
        let qualifier = reference.qualifier ?? FunctionReference.latest
        let update = function.runtimeUpdates[qualifier]
        return Lambda.GetRuntimeManagementConfigResponse(
            updateRuntimeOn: update?.updateOn ?? "Auto", runtimeVersionArn: update?.runtimeVersionArn,
            functionArn: "\(function.arn):\(qualifier)")
    }

    func putRuntimeManagementConfig(
        _ input: Lambda.PutRuntimeManagementConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.PutRuntimeManagementConfigResponse {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let (function, _) = try version(reference)
        guard input.updateRuntimeOn != "Manual" || input.runtimeVersionArn != nil else {
            throw .lambdaInvalid("When using \"Manual\" mode, you must specify RuntimeVersionArn.")
        }
        let qualifier = reference.qualifier ?? FunctionReference.latest
        let update = RuntimeUpdate(updateOn: input.updateRuntimeOn, runtimeVersionArn: input.runtimeVersionArn)
        function.runtimeUpdates[qualifier] = update
        save(function)
        return Lambda.PutRuntimeManagementConfigResponse(
            updateRuntimeOn: update.updateOn, functionArn: "\(function.arn):\(qualifier)",
            runtimeVersionArn: update.runtimeVersionArn)
    }

    func getFunctionRecursionConfig(
        _ input: Lambda.GetFunctionRecursionConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetFunctionRecursionConfigResponse {
        let (function, _) = try unqualified(input.functionName, call)
        return Lambda.GetFunctionRecursionConfigResponse(recursiveLoop: function.recursiveLoop)
    }

    func putFunctionRecursionConfig(
        _ input: Lambda.PutFunctionRecursionConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.PutFunctionRecursionConfigResponse {
        let (function, _) = try unqualified(input.functionName, call)
        function.recursiveLoop = input.recursiveLoop
        save(function)
        return Lambda.PutFunctionRecursionConfigResponse(recursiveLoop: function.recursiveLoop)
    }

    // MARK: Account

    func getAccountSettings(
        _ input: Lambda.GetAccountSettingsRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetAccountSettingsResponse {
        let region = region(call.scope)
        let functionSizes = region.functions.values.flatMap { $0.versions.map { $0.configuration.codeSize ?? 0 } }
        let layerSizes = region.layers.values.flatMap { $0.visibleVersions.map(\.codeSize) }
        return Lambda.GetAccountSettingsResponse(
            accountLimit: Lambda.AccountLimit(
                totalCodeSize: 80_530_636_800, codeSizeUnzipped: ConfigurationRules.maximumUnzippedSize,
                codeSizeZipped: ConfigurationRules.maximumZippedSize,
                concurrentExecutions: LambdaRegion.concurrencyLimit,
                unreservedConcurrentExecutions: region.onDemandConcurrency),
            accountUsage: Lambda.AccountUsage(
                totalCodeSize: (functionSizes + layerSizes).reduce(0, +), functionCount: region.functions.count))
    }
}
