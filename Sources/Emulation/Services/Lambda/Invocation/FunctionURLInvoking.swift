import AWSModel
import AWSTypes

/// A request to a function's URL, as the gateway received it.
public struct FunctionURLRequest: Sendable {
    public var method: String
    /// Without the query, percent-encoded as it came.
    public var path: String
    /// Without the question mark.
    public var query: String
    /// In the order in which they came; names in any case.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    public var sourceIP: String
    /// Whether it came over TLS.
    public var isSecure: Bool
    /// Whether the request carries a valid signature, and whose.
    public var signer: Caller?

    public init(
        method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8],
        sourceIP: String, isSecure: Bool = false, signer: Caller? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.sourceIP = sourceIP
        self.isSecure = isSecure
        self.signer = signer
    }
}

public struct FunctionURLResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    static func refusal(_ status: Int, _ message: String, type: String? = nil) -> FunctionURLResponse {
        FunctionURLResponse(
            status: status,
            headers: [("content-type", "application/json")] + (type.map { [("x-amzn-ErrorType", $0)] } ?? []),
            body: JSONWriter.bytes(["Message": .string(message)]))
    }

    static let forbidden = refusal(
        403,
        "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        type: "AccessDeniedException")

    /// AWS: what a function that failed, or answered with what is none, comes to. A text, whatever its type says.
    static let failure = FunctionURLResponse(
        status: 502, headers: [("content-type", "application/json")], body: Array("Internal Server Error".utf8))
}

extension LambdaService {
    /// Serves a request to `<id>.lambda-url.<region>.…`. `completion` runs in the turn in which the answer is known.
    /// - Parameter stream: takes an answer in RESPONSE_STREAM mode part by part, as it is written: the first part with
    ///   the head, an empty one at the end. Then `completion` does not run.
    public func invokeURL(
        id: String, _ request: FunctionURLRequest, stream: ((FunctionURLResponse) -> Void)? = nil,
        completion: @escaping (FunctionURLResponse) -> Void
    ) {
        guard let (function, qualifier, url) = functionURL(id) else {
            return completion(.refusal(404, "Not Found"))
        }
        let origin = request.header("origin")
        if request.method == "OPTIONS", request.header("access-control-request-method") != nil, let cors = url.cors {
            return completion(
                FunctionURLResponse(status: 200, headers: cors.headers(origin: origin, isPreflight: true), body: []))
        }
        guard isAllowed(request, url, function, qualifier) else { return completion(.forbidden) }
        let reference = FunctionReference(
            scope: function.scope, name: function.name, qualifier: qualifier.isEmpty ? nil : qualifier)
        let requestID = core.identifiers.uuid()
        let time = core.now
        let cause = core.record(
            .delivery, service: "lambda", action: "FunctionUrl", resource: reference.arn, cause: nil,
            detail: "\(request.method) \(request.path)")
        let event = request.event(
            id: id, region: function.scope.region, accountID: function.scope.accountID, requestID: requestID,
            traceID: TraceHeader.text(cause, at: time), time: time)
        do throws(ServiceError) {
            let target = try target(reference)
            let input = InvocationInput(
                payload: JSONWriter.bytes(.object(event)), requestID: requestID, clientContext: nil, cause: cause,
                trigger: "FunctionUrl")
            let isStreamed = url.invokeMode == "RESPONSE_STREAM"
            func complete(_ response: FunctionURLResponse) -> FunctionURLResponse {
                var response = response
                response.headers += [
                    ("x-amzn-RequestId", requestID), ("x-amzn-Trace-Id", TraceHeader.text(cause, at: time)),
                ]
                if let cors = url.cors { response.apply(cors.headers(origin: origin, isPreflight: false)) }
                return response
            }
            let writer = isStreamed ? stream.map { StreamedURLResponse(complete: complete, send: $0) } : nil
            try run(target, input, onWrite: writer.map { writer in { writer.take($1, type: $0) } }) { report, _ in
                if let writer, writer.hasBegun { return writer.end() }
                completion(complete(isStreamed ? FunctionURLResponse(streamed: report) : FunctionURLResponse(report)))
            }
        } catch {
            completion(error.status == 429 ? .refusal(429, "Rate Exceeded.") : .refusal(502, "Bad Gateway"))
        }
    }

    private func functionURL(_ id: String) -> (LambdaFunction, String, FunctionURL)? {
        if let (function, qualifier) = urlOwners[id], let url = function.urls[qualifier], url.id == id,
            region(function.scope).functions[function.name] === function
        {
            return (function, qualifier, url)
        }
        for region in regions.values {
            for function in region.functions.values {
                if let (qualifier, url) = function.urls.first(where: { $0.value.id == id }) {
                    urlOwners[id] = (function, qualifier)
                    return (function, qualifier, url)
                }
            }
        }
        return nil
    }

    /// AWS: AuthType NONE still needs a statement that lets everybody in; AWS_IAM a signature, and for callers of
    /// another account a statement too. Callers of the function's own account are held to their policies where those are
    /// enforced.
    private func isAllowed(
        _ request: FunctionURLRequest, _ url: FunctionURL, _ function: LambdaFunction, _ qualifier: String
    ) -> Bool {
        guard let access = core.service(IAMService.self)?.access else { return false }
        let resource = qualifier.isEmpty ? function.arn : "\(function.arn):\(qualifier)"
        let policy = function.policies[qualifier].map { JSONWriter.string(.object($0.document)) }
        var context = RequestContext()
        context.set("lambda:FunctionUrlAuthType", url.authType)
        context.set("lambda:InvokedViaFunctionUrl", "true")
        if url.authType == "NONE" {
            context.set("aws:SourceIp", request.sourceIP)
            return access.decision(
                of: .anonymous, PolicySet(), "lambda:InvokeFunctionUrl", on: resource, policy: policy, context
            ).isAllowed
        }
        guard let signer = request.signer else { return false }
        let isForeign = signer.scope.accountID != function.scope.accountID
        guard isForeign || core.authorizer.enforcement != .off else { return true }
        let decision = access.decision(
            of: signer, "lambda:InvokeFunctionUrl", on: resource, policy: policy, context)
        return decision?.isAllowed ?? !isForeign || (!isForeign && core.authorizer.enforcement == .warn)
    }
}

extension FunctionURLRequest {
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// AWS: the payload of HTTP APIs, version 2.0.
    func event(
        id: String, region: String, accountID: String, requestID: String, traceID: String, time: Instant
    ) -> DocumentObject {
        var joined = DocumentObject()
        var cookies: [DocumentValue] = []
        for (name, value) in headers {
            let name = name.lowercased()
            if name == "cookie" {
                cookies += value.split(separator: ";").map { .string(String($0.drop { $0 == " " })) }
            } else if let earlier = joined.string(name) {
                joined[name] = .string("\(earlier),\(value)")
            } else {
                joined[name] = .string(value)
            }
        }
        let host = "\(id).lambda-url.\(region).on.aws"
        // AWS: how the request came, as its front tells the function.
        let port = (joined.string("host") ?? host).split(separator: ":").dropFirst().first.map(String.init)
        joined["x-amzn-trace-id"] = .string(traceID)
        joined["x-forwarded-for"] = .string(sourceIP)
        joined["x-forwarded-port"] = .string(port ?? (isSecure ? "443" : "80"))
        joined["x-forwarded-proto"] = .string(isSecure ? "https" : "http")
        let http: DocumentObject = [
            "method": .string(method), "path": .string(path), "protocol": "HTTP/1.1", "sourceIp": .string(sourceIP),
            "userAgent": joined["user-agent"] ?? "",
        ]
        var context: DocumentObject = [
            "accountId": signer == nil ? "anonymous" : .string(accountID), "apiId": .string(id),
            "domainName": joined["host"] ?? .string(host), "domainPrefix": .string(id), "http": .object(http),
            "requestId": .string(requestID), "routeKey": "$default", "stage": "$default",
            "time": .string(Self.logTime(time)), "timeEpoch": .integer(time.epochMilliseconds),
        ]
        if let signer {
            context["authorizer"] = [
                "iam": [
                    "accessKey": .string(signer.accessKeyID), "accountId": .string(signer.scope.accountID),
                    "callerId": .string(signer.userID), "userArn": .string(signer.principalArn),
                    "userId": .string(signer.userID),
                ]
            ]
        }
        var event: DocumentObject = [
            "version": "2.0", "routeKey": "$default", "rawPath": .string(path), "rawQueryString": .string(query),
        ]
        if !cookies.isEmpty { event["cookies"] = .list(cookies) }
        event["headers"] = .object(joined)
        let parameters = Self.parameters(query)
        if !parameters.isEmpty { event["queryStringParameters"] = .object(parameters) }
        event["requestContext"] = .object(context)
        if !body.isEmpty {
            let text = isText(joined.string("content-type")) ? String(validating: body, as: UTF8.self) : nil
            event["body"] = .string(text ?? Base64.encode(body))
            event["isBase64Encoded"] = .bool(text == nil)
        } else {
            event["isBase64Encoded"] = false
        }
        return event
    }

    private func isText(_ type: String?) -> Bool {
        guard let type = type?.lowercased() else { return false }
        return type.hasPrefix("text/") || ["json", "xml", "javascript"].contains { type.contains($0) }
    }

    /// `03/Mar/2026:10:00:00 +0000`.
    private static func logTime(_ time: Instant) -> String {
        let parts = time.httpDate.split(separator: " ")
        guard parts.count >= 5 else { return time.httpDate }
        return "\(parts[1])/\(parts[2])/\(parts[3]):\(parts[4]) +0000"
    }

    /// Values of one name are joined by commas.
    private static func parameters(_ query: String) -> DocumentObject {
        var parameters = DocumentObject()
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = decoded(halves[0])
            let value = halves.count > 1 ? decoded(halves[1]) : ""
            parameters[name] = .string(parameters.string(name).map { "\($0),\(value)" } ?? value)
        }
        return parameters
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var pending = Array(text.utf8)[...]
        while let byte = pending.popFirst() {
            if byte == UInt8(ascii: "%"), pending.count >= 2,
                let value = UInt8(String(decoding: pending.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                pending.removeFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FunctionURLResponse {
    /// AWS: an object with `statusCode` is the response; any other JSON is the body of a 200.
    init(_ report: InvocationReport) {
        guard report.functionError == nil, let value = try? JSONReader.parse(report.payload) else {
            self = .failure
            return
        }
        guard let object = value.object, let status = object.integer("statusCode") else {
            let text = value.string.map { Array($0.utf8) } ?? report.payload
            self.init(status: 200, headers: [("content-type", "application/json")], body: text)
            return
        }
        var headers: [(name: String, value: String)] = []
        for (name, value) in object.object("headers") ?? [:] {
            headers.append((name.lowercased(), value.string ?? JSONWriter.string(value)))
        }
        for cookie in object.strings("cookies") ?? [] { headers.append(("set-cookie", cookie)) }
        if !headers.contains(where: { $0.name == "content-type" }) {
            headers.append(("content-type", "application/json"))
        }
        let text = object["body"].map { $0.string ?? JSONWriter.string($0) } ?? ""
        let body = object.bool("isBase64Encoded") == true ? Base64.decode(text) ?? Array(text.utf8) : Array(text.utf8)
        self.init(status: status, headers: headers, body: body)
    }

    /// AWS: the URL's own CORS headers replace the function's.
    mutating func apply(_ cors: [(name: String, value: String)]) {
        headers.removeAll { $0.name.hasPrefix("access-control-") }
        headers += cors
    }
}

extension Lambda.Cors {
    func headers(origin: String?, isPreflight: Bool) -> [(name: String, value: String)] {
        let origins = allowOrigins ?? []
        guard let origin, origins.contains("*") || origins.contains(origin) else { return [] }
        var headers: [(name: String, value: String)] = [
            ("access-control-allow-origin", origins.contains("*") && allowCredentials != true ? "*" : origin),
            ("vary", "Origin"),
        ]
        if allowCredentials == true { headers.append(("access-control-allow-credentials", "true")) }
        if let exposed = exposeHeaders, !exposed.isEmpty {
            headers.append(("access-control-expose-headers", exposed.joined(separator: ",")))
        }
        guard isPreflight else { return headers }
        if let methods = allowMethods {
            headers.append(("access-control-allow-methods", methods.joined(separator: ",")))
        }
        if let names = allowHeaders { headers.append(("access-control-allow-headers", names.joined(separator: ","))) }
        if let age = maxAge { headers.append(("access-control-max-age", String(age))) }
        return headers
    }
}
