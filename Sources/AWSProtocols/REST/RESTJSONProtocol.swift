import AWSModel

/// restJson1: Lambda and most newer services.
public struct RESTJSONProtocol: WireCodec {
    public init() {}

    public var wireProtocol: ServiceModel.WireProtocol { .restJSON }

    enum Format: RESTBodyFormat {
        static var contentType: String { "application/json" }
        static var sendsEmptyBodies: Bool { true }

        static func bytes(_ object: DocumentObject, root: Member) -> [UInt8] {
            JSONBodyWriter.bytes(object, root.shape)
        }

        static func bytes(payload value: DocumentValue, _ member: Member) -> [UInt8] {
            JSONBodyWriter.bytes(value, member)
        }

        static func read(_ bytes: [UInt8], _ shape: Shape) throws(WireError) -> DocumentObject {
            try JSONBody.decode(bytes, shape)
        }

        static func read(payload bytes: [UInt8], _ member: Member) throws(WireError) -> DocumentValue {
            let value = try JSONBody.parse(bytes)
            return try JSONBody.decoded(value, member) ?? value
        }
    }

    public func encodeRequest(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> WireRequest {
        try RESTMessage<Format>.request(input, operation, of: service)
    }

    public func decodeRequest(
        _ request: WireRequest, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        try RESTMessage<Format>.input(request, operation)
    }

    public func encodeResponse(
        _ output: DocumentObject, _ operation: OperationModel, of service: ServiceModel, requestID: String
    ) -> WireResponse {
        RESTMessage<Format>.response(output, operation, requestID: requestID)
    }

    public func encodeError(_ error: WireError, of service: ServiceModel?, requestID: String) -> WireResponse {
        let shape = service?.error(error.code)
        var error = error
        var response = WireResponse(
            status: ErrorText.status(error, shape, usesModel: true),
            headers: [
                "x-amzn-RequestId": requestID, "Content-Type": "application/json",
                "x-amzn-ErrorType": shape?.name ?? error.code,
            ])
        var body = DocumentObject()
        // AWS: Lambda's errors name whose fault they are, but for those that come from elsewhere in it.
        if error.fields["Type"]?.isNull == true {
            error.fields.remove("Type")
        } else if service?.id.rawValue == "lambda", error.fields["Type"] == nil {
            body.append("Type", .string(ErrorText.fault(error, shape) == .client ? "User" : "Service"))
        }
        ErrorText.addHeaders(error, shape, to: &response)
        response.body = ErrorText.jsonBody(error, shape, startingWith: body)
        return response
    }

    public func decodeResponse(
        _ response: WireResponse, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard response.status < 300 || operation.output?.shape.payload?.shape.kind == .blob && response.status < 400
        else { throw ErrorText.decodeJSON(response, service) }
        return try RESTMessage<Format>.output(response, operation)
    }
}
