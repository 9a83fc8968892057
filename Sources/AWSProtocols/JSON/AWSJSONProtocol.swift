import AWSModel

/// awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, JSON both ways.
public struct AWSJSONProtocol: WireCodec {
    public init() {}

    public var wireProtocol: ServiceModel.WireProtocol { .json }

    private func contentType(_ service: ServiceModel?) -> String {
        "application/x-amz-json-\(service?.metadata.jsonVersion ?? "1.0")"
    }

    public func encodeRequest(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> WireRequest {
        var request = WireRequest(method: operation.method, path: operation.uri)
        request.headers = [
            "Content-Type": contentType(service),
            "X-Amz-Target": "\(service.metadata.targetPrefix ?? "").\(operation.name)",
        ]
        if service.metadata.isQueryCompatible { request.headers.append("x-amzn-query-mode", "true") }
        request.body = operation.input.map { JSONBodyWriter.bytes(input, $0.shape) } ?? Array("{}".utf8)
        request.hostPrefix = try HostPrefix.expand(operation, input)
        return request
    }

    public func decodeRequest(
        _ request: WireRequest, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard let shape = operation.input?.shape else { return DocumentObject() }
        return try JSONBody.decode(request.body, shape)
    }

    public func encodeResponse(
        _ output: DocumentObject, _ operation: OperationModel, of service: ServiceModel, requestID: String
    ) -> WireResponse {
        var response = WireResponse(headers: ["x-amzn-RequestId": requestID, "Content-Type": contentType(service)])
        // AWS: an operation without output answers with an empty body.
        if let shape = operation.output?.shape { response.body = JSONBodyWriter.bytes(output, shape) }
        return response
    }

    public func encodeError(_ error: WireError, of service: ServiceModel?, requestID: String) -> WireResponse {
        let shape = service?.error(error.code)
        var response = WireResponse(
            status: ErrorText.status(error, shape, usesModel: false),
            headers: ["x-amzn-RequestId": requestID, "Content-Type": contentType(service)])
        if let header = ErrorText.queryErrorHeader(error, shape, service) {
            response.headers.append("x-amzn-query-error", header)
        }
        var body = DocumentObject(minimumCapacity: 2)
        body.append("__type", .string(ErrorText.qualifiedType(error, shape, service)))
        response.body = ErrorText.jsonBody(error, shape, startingWith: body)
        return response
    }

    public func decodeResponse(
        _ response: WireResponse, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard response.status < 300 else { throw ErrorText.decodeJSON(response, service) }
        guard let shape = operation.output?.shape else { return DocumentObject() }
        return try JSONBody.decode(response.body, shape)
    }
}

/// `sync-` before the host, or `{AccountId}.`.
enum HostPrefix {
    static func expand(_ operation: OperationModel, _ input: DocumentObject) throws(WireError) -> String? {
        guard var prefix = operation.hostPrefix else { return nil }
        for member in operation.input?.shape.members ?? [] where member.isHostLabel {
            guard let value = input.string(member.name), !value.isEmpty else {
                throw WireError("ParamValidationError", "\(member.name) is part of the host name and must not be empty")
            }
            for label in [member.name, member.wireName] {
                if let range = prefix.firstRange(of: "{\(label)}") { prefix.replaceSubrange(range, with: value) }
            }
        }
        return prefix
    }
}
