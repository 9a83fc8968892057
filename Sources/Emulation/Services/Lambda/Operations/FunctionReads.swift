import AWSModel
import AWSTypes

extension LambdaService {
    func getFunction(_ input: Lambda.GetFunctionRequest, _ call: Call) throws(ServiceError)
        -> Lambda.GetFunctionResponse
    {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let (function, version) = try version(reference)
        let isUnqualified = reference.qualifier == nil
        return Lambda.GetFunctionResponse(
            configuration: qualified(version.configuration, as: reference),
            code: Lambda.FunctionCodeLocation(
                repositoryType: "S3", location: codeLocation(version.package, call)),
            tags: function.tags.isEmpty ? nil : function.tags,
            concurrency: isUnqualified
                ? function.reservedConcurrency.map { Lambda.Concurrency(reservedConcurrentExecutions: $0) } : nil)
    }

    func getFunctionConfiguration(
        _ input: Lambda.GetFunctionConfigurationRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        return qualified(try version(reference).1.configuration, as: reference)
    }

    func listFunctions(_ input: Lambda.ListFunctionsRequest, _ call: Call) throws(ServiceError)
        -> Lambda.ListFunctionsResponse
    {
        let functions = sortedFunctions(in: call.scope)
        let all: [Lambda.FunctionConfiguration] =
            input.functionVersion == "ALL"
            ? functions.flatMap { function in function.versions.map { listed($0, of: function, qualified: true) } }
            : functions.map { listed($0.latest, of: $0, qualified: false) }
        let (page, next) = try lambdaPage(all, after: input.marker, limit: input.maxItems) { $0.functionArn ?? "" }
        return Lambda.ListFunctionsResponse(nextMarker: next, functions: page)
    }

    func listVersionsByFunction(
        _ input: Lambda.ListVersionsByFunctionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.ListVersionsByFunctionResponse {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(reference)
        let versions = function.versions.map { listed($0, of: function, qualified: true) }
        let (page, next) = try lambdaPage(versions, after: input.marker, limit: input.maxItems) { $0.version ?? "" }
        return Lambda.ListVersionsByFunctionResponse(nextMarker: next, versions: page)
    }

    /// AWS: lists leave out the state; `GetFunction` has it.
    private func listed(
        _ version: FunctionVersion, of function: LambdaFunction, qualified: Bool
    ) -> Lambda.FunctionConfiguration {
        var configuration = version.configuration
        if qualified { configuration.functionArn = "\(function.arn):\(version.version)" }
        configuration.state = nil
        configuration.stateReason = nil
        configuration.stateReasonCode = nil
        configuration.lastUpdateStatus = nil
        configuration.lastUpdateStatusReason = nil
        configuration.lastUpdateStatusReasonCode = nil
        configuration.runtimeVersionConfig = nil
        return configuration
    }

    /// AWS: the ARN in an answer carries the version or alias that was asked for.
    func qualified(
        _ configuration: Lambda.FunctionConfiguration, as reference: FunctionReference
    ) -> Lambda.FunctionConfiguration {
        guard reference.qualifier != nil else { return configuration }
        var configuration = configuration
        configuration.functionArn = reference.arn
        return configuration
    }

    func codeLocation(_ package: CodePackage, _ call: Call) -> String {
        "\(call.caller.endpoint)/_skua/lambda/code/\(package.token)"
    }

    /// The archive that a `Code.Location` or a layer's `Content.Location` ends with; nil for a token nobody has.
    public func codeArchive(token: String) -> [UInt8]? {
        for region in regions.values {
            for function in region.functions.values {
                if let version = function.versions.first(where: { $0.package.token == token }) {
                    return core.blobs.read(version.package.archiveName)
                }
            }
            for layer in region.layers.values {
                if let version = layer.versions.values.first(where: { $0.package.token == token }) {
                    return core.blobs.read(version.package.archiveName)
                }
            }
        }
        return nil
    }
}
