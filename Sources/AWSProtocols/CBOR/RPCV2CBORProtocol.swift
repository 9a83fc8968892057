import AWSModel

/// Smithy RPC v2 CBOR: `POST /service/<target prefix>/operation/<name>`.
public struct RPCV2CBORProtocol: WireCodec {
    public init() {}

    public var wireProtocol: ServiceModel.WireProtocol { .rpcV2CBOR }

    public func encodeRequest(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> WireRequest {
        var request = WireRequest(
            path: "/service/\(service.metadata.targetPrefix ?? "")/operation/\(operation.name)")
        request.headers = ["smithy-protocol": "rpc-v2-cbor", "Accept": "application/cbor"]
        if service.metadata.isQueryCompatible { request.headers.append("x-amzn-query-mode", "true") }
        if let shape = operation.input?.shape {
            request.headers.append("Content-Type", "application/cbor")
            request.body = CBOR.encode(.object(Self.wire(input, shape)))
        }
        request.hostPrefix = try HostPrefix.expand(operation, input)
        return request
    }

    public func decodeRequest(
        _ request: WireRequest, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard let shape = operation.input?.shape else { return DocumentObject() }
        return try Self.document(request.body, shape)
    }

    public func encodeResponse(
        _ output: DocumentObject, _ operation: OperationModel, of service: ServiceModel, requestID: String
    ) -> WireResponse {
        var response = WireResponse(headers: headers(requestID))
        if let shape = operation.output?.shape {
            response.headers.append("Content-Type", "application/cbor")
            response.body = CBOR.encode(.object(Self.wire(output, shape)))
        }
        return response
    }

    public func encodeError(_ error: WireError, of service: ServiceModel?, requestID: String) -> WireResponse {
        let shape = service?.error(error.code)
        var response = WireResponse(
            status: ErrorText.status(error, shape, usesModel: true), headers: headers(requestID))
        response.headers.append("Content-Type", "application/cbor")
        if let header = ErrorText.queryErrorHeader(error, shape, service) {
            response.headers.append("x-amzn-query-error", header)
        }
        var body = DocumentObject()
        body.append("__type", .string(ErrorText.qualifiedType(error, shape, service)))
        let message = shape?.members.first { HTTPText.equalIgnoringCase($0.name, "message") }
        body.append(message?.wireName ?? "message", .string(error.message))
        for (key, value) in shape.map({ Self.wire(error.fields, $0) }) ?? error.fields { body.set(key, value) }
        response.body = CBOR.encode(.object(body))
        return response
    }

    public func decodeResponse(
        _ response: WireResponse, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard response.status < 300 else {
            let body = (try? CBOR.decode(response.body))?.object ?? [:]
            throw ErrorText.decode(body, response, service)
        }
        guard let shape = operation.output?.shape else { return DocumentObject() }
        return try Self.document(response.body, shape)
    }

    private func headers(_ requestID: String) -> WireHeaders {
        ["x-amzn-RequestId": requestID, "smithy-protocol": "rpc-v2-cbor"]
    }

    private static func document(_ bytes: [UInt8], _ shape: Shape) throws(WireError) -> DocumentObject {
        if bytes.isEmpty { return DocumentObject() }
        let value: DocumentValue
        do throws(CBORError) {
            value = try CBOR.decode(bytes)
        } catch {
            throw .serialization("The body is not CBOR: \(error)")
        }
        guard case .object(let object) = value else { throw .serialization("The body is not a map") }
        return try CBORBody.decoded(object, shape)
    }

    /// Names, and numbers in the width that the model has.
    private static func wire(_ object: DocumentObject, _ shape: Shape) -> DocumentObject {
        CBORBody.wire(object, shape)
    }
}

/// CBOR knows bytes and timestamps itself; names and the kinds of numbers are left to the model.
enum CBORBody {
    static func wire(_ object: DocumentObject, _ shape: Shape) -> DocumentObject {
        var result = DocumentObject(minimumCapacity: object.count)
        for (name, value) in object where !value.isNull {
            if let member = shape.member(name) { result.append(member.wireName, wire(value, member)) }
        }
        return result
    }

    private static func wire(_ value: DocumentValue, _ member: Member) -> DocumentValue {
        switch (member.shape.kind, value) {
        case (.structure, .object(let object)) where !member.shape.isDocument:
            return .object(wire(object, member.shape))
        case (.list, .list(let list)):
            guard let element = member.shape.element else { return value }
            return .list(list.map { wire($0, element) })
        case (.map, .object(let object)):
            guard let element = member.shape.element else { return value }
            var result = DocumentObject(minimumCapacity: object.count)
            for (key, item) in object { result.append(key, wire(item, element)) }
            return .object(result)
        case (.float, .integer(let number)), (.double, .integer(let number)): return .number(Double(number))
        default: return value
        }
    }

    static func decoded(_ object: DocumentObject, _ shape: Shape) throws(WireError) -> DocumentObject {
        var result = DocumentObject(minimumCapacity: object.count)
        for (name, value) in object where !value.isNull {
            if let member = shape.member(wireName: name) { result.append(member.name, try decoded(value, member)) }
        }
        return result
    }

    private static func decoded(_ value: DocumentValue, _ member: Member) throws(WireError) -> DocumentValue {
        switch (member.shape.kind, value) {
        case (.blob, .bytes), (.timestamp, .timestamp): return value
        case (.structure, .object(let object)) where !member.shape.isDocument:
            return .object(try decoded(object, member.shape))
        case (.list, .list(let list)):
            guard let element = member.shape.element else { return value }
            var result: [DocumentValue] = []
            for item in list { result.append(item.isNull ? item : try decoded(item, element)) }
            return .list(result)
        case (.map, .object(let object)):
            guard let element = member.shape.element else { return value }
            var result = DocumentObject(minimumCapacity: object.count)
            for (key, item) in object { result.append(key, item.isNull ? item : try decoded(item, element)) }
            return .object(result)
        default: return try JSONBody.decoded(value, member) ?? value
        }
    }
}
