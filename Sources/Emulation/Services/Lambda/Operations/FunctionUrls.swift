import AWSModel
import AWSTypes

extension LambdaService {
    func createFunctionUrlConfig(
        _ input: Lambda.CreateFunctionUrlConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.CreateFunctionUrlConfigResponse {
        let (function, key, arn) = try urlOwner(input.functionName, input.qualifier, call)
        try checkInvokeMode(input.invokeMode)
        guard function.urls[key] == nil else {
            throw .lambdaConflict(
                "Failed to create function url config for [functionArn = \(arn)]. Error message:  FunctionUrlConfig exists for this Lambda function"
            )
        }
        let url = FunctionURL(
            id: core.identifiers.hex(32), authType: input.authType, cors: input.cors,
            invokeMode: input.invokeMode, created: lastModified, lastModified: lastModified)
        function.urls[key] = url
        save(function)
        return Lambda.CreateFunctionUrlConfigResponse(
            functionUrl: address(url, call), functionArn: arn, authType: url.authType, cors: url.cors,
            creationTime: url.created, invokeMode: url.invokeMode)
    }

    func getFunctionUrlConfig(
        _ input: Lambda.GetFunctionUrlConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetFunctionUrlConfigResponse {
        let (function, key, arn) = try urlOwner(
            input.functionName, input.qualifier, call, missing: .lambdaResourceMissing)
        guard let url = function.urls[key] else { throw .lambdaResourceMissing }
        return Lambda.GetFunctionUrlConfigResponse(
            functionUrl: address(url, call), functionArn: arn, authType: url.authType, cors: url.cors,
            creationTime: url.created, lastModifiedTime: url.lastModified, invokeMode: url.invokeMode ?? "BUFFERED")
    }

    func updateFunctionUrlConfig(
        _ input: Lambda.UpdateFunctionUrlConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.UpdateFunctionUrlConfigResponse {
        let (function, key, arn) = try urlOwner(input.functionName, input.qualifier, call)
        try checkInvokeMode(input.invokeMode)
        guard var url = function.urls[key] else { throw .lambdaResourceMissing }
        url.authType = input.authType ?? url.authType
        url.cors = input.cors ?? url.cors
        url.invokeMode = input.invokeMode ?? url.invokeMode
        url.lastModified = lastModified
        function.urls[key] = url
        save(function)
        return Lambda.UpdateFunctionUrlConfigResponse(
            functionUrl: address(url, call), functionArn: arn, authType: url.authType, cors: url.cors,
            creationTime: url.created, lastModifiedTime: url.lastModified, invokeMode: url.invokeMode)
    }

    func deleteFunctionUrlConfig(_ input: Lambda.DeleteFunctionUrlConfigRequest, _ call: Call) throws(ServiceError)
        -> Unit
    {
        let (function, key, _) = try urlOwner(
            input.functionName, input.qualifier, call, missing: .lambdaResourceMissing)
        guard function.urls.removeValue(forKey: key) != nil else { throw .lambdaResourceMissing }
        save(function)
        return Unit()
    }

    func listFunctionUrlConfigs(
        _ input: Lambda.ListFunctionUrlConfigsRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.ListFunctionUrlConfigsResponse {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        guard let function = existingFunction(reference) else { throw Self.noURLFunction }
        let configs = function.urls.sorted { $0.key < $1.key }.map { key, url in
            Lambda.FunctionUrlConfig(
                functionUrl: address(url, call), functionArn: key.isEmpty ? function.arn : "\(function.arn):\(key)",
                creationTime: url.created, lastModifiedTime: url.lastModified, cors: url.cors, authType: url.authType,
                invokeMode: url.invokeMode ?? "BUFFERED")
        }
        let (page, next) = try lambdaPage(configs, after: input.marker, limit: input.maxItems) { $0.functionArn }
        return Lambda.ListFunctionUrlConfigsResponse(functionUrlConfigs: page, nextMarker: next)
    }

    /// `http://<id>.lambda-url.<region>.localhost:<port>/`: a name that resolves to this computer.
    private func address(_ url: FunctionURL, _ call: Call) -> String {
        let endpoint = call.caller.endpoint
        let scheme = endpoint.hasPrefix("https://") ? "https" : "http"
        let port = endpoint.split(separator: ":").last.flatMap { Int($0) }.map { ":\($0)" } ?? ""
        return "\(scheme)://\(url.id).lambda-url.\(call.scope.region).localhost\(port)/"
    }

    private static let noURLFunction = ServiceError.lambdaNotFound("Function does not exist")

    private func urlOwner(
        _ name: String, _ qualifier: String?, _ call: Call, missing: ServiceError = LambdaService.noURLFunction
    ) throws(ServiceError) -> (LambdaFunction, key: String, arn: String) {
        let reference = try FunctionReference(name, qualifier: qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        guard let function = existingFunction(reference) else { throw missing }
        if let qualifier = reference.qualifier {
            guard FunctionReference.isAlias(qualifier) else {
                throw .lambdaConstraint(
                    qualifier, at: "qualifier", #"satisfy regular expression pattern: (?!^\d+$)^[0-9a-zA-Z-_]+$"#)
            }
            guard function.aliases[qualifier] != nil else { throw missing }
        }
        return (function, reference.qualifier ?? "", reference.arn)
    }

    private func checkInvokeMode(_ mode: String?) throws(ServiceError) {
        guard mode == nil || mode == "BUFFERED" || mode == "RESPONSE_STREAM" else {
            throw .lambdaConstraint(
                mode ?? "", at: "invokeMode", "satisfy enum value set: [RESPONSE_STREAM, BUFFERED]")
        }
    }
}
