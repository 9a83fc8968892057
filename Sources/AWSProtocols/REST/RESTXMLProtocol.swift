import AWSModel

/// restXml: S3.
public struct RESTXMLProtocol: WireCodec {
    public init() {}

    public var wireProtocol: ServiceModel.WireProtocol { .restXML }

    enum Format: RESTBodyFormat {
        static var contentType: String { "application/xml" }
        static var sendsEmptyBodies: Bool { false }

        static func bytes(_ object: DocumentObject, root: Member) -> [UInt8] {
            var element = XMLElement(root.explicitXMLName ?? root.shape.name)
            XMLBody.setNamespace(root.xmlNamespace, on: &element)
            XMLBody.write(object, root.shape, into: &element)
            return element.bytes
        }

        static func bytes(payload value: DocumentValue, _ member: Member) -> [UInt8] {
            XMLBody.element(member.explicitXMLName ?? member.name, value, member, namespace: member.xmlNamespace).bytes
        }

        static func read(_ bytes: [UInt8], _ shape: Shape) throws(WireError) -> DocumentObject {
            try XMLBody.structure(try XMLBody.parse(bytes), shape)
        }

        static func read(payload bytes: [UInt8], _ member: Member) throws(WireError) -> DocumentValue {
            try XMLBody.value(try XMLBody.parse(bytes), member)
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
        var response = RESTMessage<Format>.response(output, operation, requestID: requestID)
        response.headers.append("x-amz-request-id", requestID)
        // AWS: S3's model knows one status, HTTP another for a part of the whole.
        if output["ContentRange"] != nil { response.status = 206 }
        if service.id.rawValue == "s3", operation.output?.shape.payload == nil {
            S3Documents.rename(&response, of: operation, output, namespace: service.metadata.xmlNamespace)
        }
        return response
    }

    public func encodeError(_ error: WireError, of service: ServiceModel?, requestID: String) -> WireResponse {
        XMLErrors.encode(
            error, service, requestID: requestID, contentType: "application/xml", isBare: service?.id.rawValue == "s3")
    }

    public func decodeResponse(
        _ response: WireResponse, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard response.status < 300 else { throw XMLErrors.decode(response, service) }
        return try RESTMessage<Format>.output(response, operation)
    }
}
