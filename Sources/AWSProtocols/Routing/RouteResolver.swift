import AWSModel

/// What a request asks for, and in which protocol.
public struct Route: Sendable {
    public var service: ServiceModel
    public var operation: OperationModel
    public var codec: any WireCodec
    /// Of the signature; nil for unsigned requests.
    public var scope: CredentialScope?
    /// The path as the operation's template has it, where the request's own leaves out what its host says.
    public var path: String?
    /// The queue that was called at its own URL.
    public var queueURL: String?

    /// The input, keyed by member names.
    public func decode(_ request: WireRequest) throws(WireError) -> DocumentObject {
        var request = request
        if let path { request.path = path }
        var input = try codec.decodeRequest(request, operation, of: service)
        if let queueURL, input[QueueAddress.member] == nil, QueueAddress.takes(operation) {
            input.set(QueueAddress.member, .string(queueURL))
        }
        return input
    }

    public func encode(_ output: DocumentObject, requestID: String) -> WireResponse {
        codec.encodeResponse(output, operation, of: service, requestID: requestID)
    }

    public func encode(_ error: WireError, requestID: String) -> WireResponse {
        codec.encodeError(error, of: service, requestID: requestID)
    }

    // MARK: Answers that are streams

    /// The events that the answer is made of, where the protocol has JSON in them; nil for any other answer.
    public var eventStream: Shape? {
        guard codec is AWSJSONProtocol || codec is RESTJSONProtocol else { return nil }
        return operation.output?.shape.members.first { $0.shape.isEventStream }?.shape
    }

    /// What comes before all events, with what is not in the stream. AWS: as headers where the protocol binds members to
    /// them, else as a first event.
    public func beginning(_ output: DocumentObject, requestID: String) -> WireResponse {
        var response = WireResponse(status: 200, headers: ["x-amzn-requestid": requestID])
        if codec is RESTJSONProtocol {
            response = encode(output, requestID: requestID)
            response.body = []
        } else {
            response.body =
                EventStreamMessage(
                    headers: [
                        (":event-type", .string("initial-response")), (":message-type", .string("event")),
                        (":content-type", .string("application/json")),
                    ], payload: JSONWriter.bytes(.object(output))
                ).bytes
        }
        if response.headers["content-type"] == nil {
            response.headers.append("content-type", "application/vnd.amazon.eventstream")
        }
        return response
    }

    /// One event: an object with one member, its name.
    public func encode(event: DocumentObject) -> [UInt8] {
        eventStream.map { EventStreamBody<RESTJSONProtocol.Format>.bytes([.object(event)], $0) } ?? []
    }

    /// The error that ends a stream.
    public func encode(last error: WireError) -> [UInt8] {
        EventStreamMessage(
            headers: [
                (":exception-type", .string(error.code)), (":message-type", .string("exception")),
                (":content-type", .string("application/json")),
            ], payload: JSONWriter.bytes(["message": .string(error.message)])
        ).bytes
    }
}

/// Why no operation was found, and the protocol to say it in.
public struct RoutingFailure: Error, Sendable {
    public var error: WireError
    public var codec: any WireCodec
    public var service: ServiceModel?
    /// What is answered instead of an error in the protocol's form.
    public var bareBody: String?

    public func response(requestID: String) -> WireResponse {
        guard let bareBody else { return codec.encodeError(error, of: service, requestID: requestID) }
        return WireResponse(
            status: error.status, headers: ["x-amzn-RequestId": requestID, "Content-Type": "text/xml"],
            body: Array(bareBody.utf8))
    }
}

/// Finds service and operation: by `X-Amz-Target`, else by the RPC v2 path, else by a form's `Action`, else by the
/// signature's scope, the host or the path of a REST service.
public struct RouteResolver: Sendable {
    private let addresses: [ServiceAddress]
    private let load: @Sendable (ServiceID) -> ServiceModel?

    /// - Parameter load: reads a service's model; called for services that are asked for only.
    public init(addresses: [ServiceAddress], load: @escaping @Sendable (ServiceID) -> ServiceModel?) {
        self.addresses = addresses
        self.load = load
    }

    public func resolve(_ request: WireRequest) throws(RoutingFailure) -> Route {
        let scope = CredentialScope(request)
        if let target = request.headers["X-Amz-Target"] { return try operation(target: target, scope) }
        let path = request.segments
        if path.count == 4, path[0] == "service", path[2] == "operation",
            request.headers["smithy-protocol"] == "rpc-v2-cbor"
        {
            return try rpc(String(path[1]), String(path[3]), scope)
        }
        if let form = form(request), let action = form["Action"] {
            return try query(action, version: form["Version"], scope, request)
        }
        if QueueAddress.url(of: request, scope) != nil { throw QueueAddress.noAction }
        if let bucket = BucketHost.bucket(of: request, scope) {
            var addressed = request
            addressed.path = "/\(bucket)\(request.path)"
            var route = try rest(addressed, addressed.segments, scope, isForS3: true)
            route.path = addressed.path
            return route
        }
        return try rest(request, path, scope)
    }

    private func operation(target: String, _ scope: CredentialScope?) throws(RoutingFailure) -> Route {
        let codec = AWSJSONProtocol()
        guard let dot = target.lastIndex(of: ".") else { throw unknown(target, codec) }
        let prefix = target[..<dot]
        let name = String(target[target.index(after: dot)...])
        guard let address = addresses.first(where: { $0.targetPrefix.map { $0 == prefix } ?? false }),
            let service = load(address.id)
        else { throw unknown(target, codec) }
        guard let operation = service.operations[name] else { throw unknown(name, codec, service) }
        return Route(service: service, operation: operation, codec: codec, scope: scope)
    }

    private func rpc(_ prefix: String, _ name: String, _ scope: CredentialScope?) throws(RoutingFailure) -> Route {
        let codec = RPCV2CBORProtocol()
        guard let service = addresses.first(where: { $0.targetPrefix == prefix }).flatMap({ load($0.id) }) else {
            throw unknown("\(prefix).\(name)", codec)
        }
        guard let operation = service.operations[name] else { throw unknown(name, codec, service) }
        return Route(service: service, operation: operation, codec: codec, scope: scope)
    }

    private func form(_ request: WireRequest) -> FormFields? {
        if request.method == "POST",
            request.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true
        {
            var form = FormFields(request.query)
            // Only the head is needed; SDKs write Action and Version first.
            form.fields += FormFields(String(decoding: request.body, as: UTF8.self)).fields
            return form
        }
        guard !request.query.isEmpty else { return nil }
        return FormFields(request.query)
    }

    private func query(
        _ action: String, version: String?, _ scope: CredentialScope?, _ request: WireRequest
    ) throws(RoutingFailure) -> Route {
        let codec = AWSQueryProtocol(answering: request)
        var candidates = addresses.filter { !$0.isREST }
        let queueURL = QueueAddress.url(of: request, scope)
        if queueURL != nil {
            candidates = candidates.filter { $0.signingName == QueueAddress.signingName }
        } else if let scope {
            let named = candidates.filter { $0.signingName == scope.service }
            if !named.isEmpty { candidates = named }
        } else if let address = request.headers["Host"].flatMap(address(host:)) {
            candidates = [address]
        }
        if let version {
            let matching = candidates.filter { $0.apiVersion == version }
            if !matching.isEmpty { candidates = matching }
        }
        for address in candidates {
            guard let service = load(address.id), let operation = service.operations[action],
                queueURL == nil || QueueAddress.takes(operation) || operation.name == QueueAddress.lookup
            else { continue }
            return Route(service: service, operation: operation, codec: codec, scope: scope, queueURL: queueURL)
        }
        let service = candidates.count == 1 ? load(candidates[0].id) : nil
        throw RoutingFailure(
            error: WireError(
                "InvalidAction",
                service?.metadata.signingName == QueueAddress.signingName
                    ? "The action \(action) is not valid for this endpoint."
                    : "Could not find operation \(action) for version \(version ?? "NO_VERSION_SPECIFIED")"),
            codec: codec, service: service)
    }

    private func rest(
        _ request: WireRequest, _ path: [Substring], _ scope: CredentialScope?, isForS3: Bool = false
    ) throws(RoutingFailure) -> Route {
        let form = FormFields(request.query)
        var candidates = addresses.filter(\.isREST)
        // AWS: presigned URLs in S3's older form name no scope.
        if isForS3 || scope == nil && form["AWSAccessKeyId"] != nil && form["Signature"] != nil {
            candidates = candidates.filter { $0.signingName == BucketHost.signingName }
        } else if let scope {
            candidates = candidates.filter { $0.signingName == scope.service }
        } else if let address = request.headers["Host"].flatMap(address(host:)), address.isREST {
            candidates = [address]
        } else {
            // Nearly every path could be a bucket's: only a signature or a host says that it is one.
            candidates = candidates.filter { $0.signingName != BucketHost.signingName }
        }
        for address in candidates {
            guard let service = load(address.id),
                let codec = service.metadata.protocols.first(where: { $0 == .restJSON || $0 == .restXML })?.codec,
                let operation = service.routes.operation(
                    method: request.method, path: path, query: { form[$0] }, header: { request.headers[$0] })
            else { continue }
            return Route(service: service, operation: operation, codec: codec, scope: scope)
        }
        let service = candidates.count == 1 ? load(candidates[0].id) : nil
        let codec = service?.metadata.protocols.first { $0 == .restJSON || $0 == .restXML }?.codec ?? RESTJSONProtocol()
        throw RoutingFailure(
            error: WireError(
                "UnknownOperationException", "Unable to determine service/operation name to be authorized",
                status: scope == nil || service == nil ? 404 : 403),
            codec: codec, service: service)
    }

    /// `sqs.us-east-1.amazonaws.com`, `lambda.localhost`.
    private func address(host: String) -> ServiceAddress? {
        let first = host.prefix { $0 != "." && $0 != ":" }
        return addresses.first { $0.endpointPrefix == first }
    }

    private func unknown(_ name: String, _ codec: any WireCodec, _ service: ServiceModel? = nil) -> RoutingFailure {
        RoutingFailure(
            error: WireError(
                "UnknownOperationException", "The requested operation \(name) is not recognized by the service."),
            codec: codec, service: service)
    }
}
