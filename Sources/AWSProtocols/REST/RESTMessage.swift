import AWSModel

/// What REST bodies are made of besides blobs and texts.
protocol RESTBodyFormat: Sendable {
    static var contentType: String { get }
    /// Whether a request that says nothing in its body still has one.
    static var sendsEmptyBodies: Bool { get }
    /// A structure's members that are not bound elsewhere.
    static func bytes(_ object: DocumentObject, root: Member) -> [UInt8]
    /// A payload member that is neither blob nor text.
    static func bytes(payload value: DocumentValue, _ member: Member) -> [UInt8]
    static func read(_ bytes: [UInt8], _ shape: Shape) throws(WireError) -> DocumentObject
    static func read(payload bytes: [UInt8], _ member: Member) throws(WireError) -> DocumentValue
}

/// Requests and responses whose members are spread over path, query, headers and body.
enum RESTMessage<Format: RESTBodyFormat> {
    static func request(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> WireRequest {
        var request = WireRequest(
            method: operation.method, path: try RESTBinding.path(operation, input),
            query: RESTBinding.query(operation, input))
        request.hostPrefix = try HostPrefix.expand(operation, input)
        guard let root = operation.input else { return request }
        let (body, contentType) = body(input, root, isRequest: true)
        request.body = body
        if let contentType { request.headers.append("Content-Type", contentType) }
        RESTBinding.addHeaders(input, root.shape, to: &request.headers)
        return request
    }

    static func input(
        _ request: WireRequest, _ operation: OperationModel
    ) throws(WireError) -> DocumentObject {
        guard let root = operation.input else { return DocumentObject() }
        var object = try object(request.body, root.shape, isRequest: true)
        try RESTBinding.readRequest(request, operation, into: &object)
        return object
    }

    static func response(
        _ output: DocumentObject, _ operation: OperationModel, requestID: String
    ) -> WireResponse {
        var response = WireResponse(
            status: RESTBinding.status(output, operation), headers: ["x-amzn-RequestId": requestID])
        guard let root = operation.output else { return response }
        let (body, contentType) = body(output, root, isRequest: false)
        response.body = body
        if let contentType { response.headers.append("Content-Type", contentType) }
        RESTBinding.addHeaders(output, root.shape, to: &response.headers)
        return response
    }

    static func output(
        _ response: WireResponse, _ operation: OperationModel
    ) throws(WireError) -> DocumentObject {
        guard let shape = operation.output?.shape else { return DocumentObject() }
        var object = try object(response.body, shape, isRequest: false)
        try RESTBinding.readResponse(response, shape, into: &object)
        return object
    }

    private static func body(
        _ object: DocumentObject, _ root: Member, isRequest: Bool
    ) -> ([UInt8], contentType: String?) {
        let shape = root.shape
        guard let payload = shape.payload else {
            let bodyMembers = shape.members.filter { $0.location == nil }
            let isSilent = !bodyMembers.contains { object[$0.name] != nil }
            if bodyMembers.isEmpty || isRequest && isSilent && !Format.sendsEmptyBodies { return ([], nil) }
            return (Format.bytes(object, root: root), Format.contentType)
        }
        let value = object[payload.name] ?? .null
        if payload.shape.isEventStream {
            return (
                EventStreamBody<Format>.bytes(value.list ?? [], payload.shape), "application/vnd.amazon.eventstream"
            )
        }
        switch (payload.shape.kind, value) {
        case (.blob, .bytes(let bytes)): return (bytes, "application/octet-stream")
        case (.string, .string(let text)) where !payload.isJSONValue: return (Array(text.utf8), "text/plain")
        case (.blob, _), (.string, .null): return ([], nil)
        case (.structure, .null) where isRequest && Format.sendsEmptyBodies && !payload.shape.isUnion:
            return (Format.bytes(payload: .object([:]), payload), Format.contentType)
        case (_, .null): return ([], nil)
        default: return (Format.bytes(payload: value, payload), Format.contentType)
        }
    }

    private static func object(
        _ bytes: [UInt8], _ shape: Shape, isRequest: Bool
    ) throws(WireError) -> DocumentObject {
        guard let payload = shape.payload else {
            // In a response nothing is bound to a path or a query: such members are in the body.
            let hasBodyMembers = shape.members.contains {
                $0.location == nil || !isRequest && ($0.location == .querystring || $0.location == .uri)
            }
            guard !bytes.isEmpty, hasBodyMembers else { return DocumentObject() }
            return try Format.read(bytes, shape)
        }
        var object = DocumentObject()
        if payload.shape.isEventStream {
            object.append(payload.name, .list(try EventStreamBody<Format>.events(bytes, payload.shape)))
            return object
        }
        switch payload.shape.kind {
        // AWS: a payload of no bytes is still there, except that a structure needs something to be read from.
        case .blob: object.append(payload.name, .bytes(bytes))
        case .string where !payload.isJSONValue:
            object.append(payload.name, .string(String(decoding: bytes, as: UTF8.self)))
        default:
            if !bytes.isEmpty { object.append(payload.name, try Format.read(payload: bytes, payload)) }
        }
        return object
    }
}
