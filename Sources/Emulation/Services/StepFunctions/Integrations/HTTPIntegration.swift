import AWSModel
import AWSTypes
import StatesLanguage

/// What an HTTP Task sent and got, as TestState shows it.
struct HTTPExchange {
    /// Without, and with, what the connection added.
    var plain: HTTPTaskRequest
    var full: HTTPTaskRequest
    var ownHeaders: [(String, String)]
    var response: OutgoingResponse?
}

/// `http:invoke`: a request with an EventBridge connection's credentials.
extension StepFunctionsService {
    /// AWS: longer waits end in States.Http.Socket.
    private static let httpTimeout = Duration.seconds(60)
    private static let httpResponseLimit = Payload.maximumBytes

    func invokeHTTP(_ order: TaskOrder, _ record: ExecutionRecord) {
        let parameters = order.parameters.value.object ?? [:]
        guard let events = core.service(EventsService.self) else {
            return failMissing(order, record, "the service EventBridge")
        }
        let plain: HTTPTaskRequest
        do throws(HTTPTaskRequest.Fault) {
            plain = try HTTPTaskRequest(parameters)
        } catch {
            return failLater(order, record, "States.Runtime", error.cause)
        }
        let given = parameters.object("Authentication") ?? parameters.object("InvocationConfig")
        guard let arn = given?.string("ConnectionArn") else {
            return failLater(
                order, record, "States.Runtime", "The field 'Authentication.ConnectionArn' is required but was missing")
        }
        let cause = cause(order, record)
        let role = caller(order, record).principalArn
        if let refusal = httpRefusal(plain, record, role, cause) {
            return failLater(order, record, "States.Permissions", refusal)
        }
        let connection = events.connection(arn: arn)
        if let refusal = refusal(record, role, "events:RetrieveConnectionCredentials", arn, [:], cause) {
            return failLater(order, record, "Events.ConnectionResource.AccessDenied", refusal)
        }
        guard let connection else {
            return failLater(
                order, record, "Events.ConnectionResource.ResourceNotFound", "Connection '\(arn)' does not exist.")
        }
        guard connection.isUsable else {
            return failLater(
                order, record, "Events.ConnectionResource.InvalidConnectionState",
                "Connection '\(connection.name)' is in state \(connection.state).")
        }
        events.authorize(connection) { [unowned self] result in
            switch result {
            case .failure(let failure):
                failLater(order, record, "Events.ConnectionResource.InvalidConnectionState", failure.message)
            case .success(let authorization): send(plain, connection, authorization, order, record)
            }
        }
    }

    private func failLater(_ order: TaskOrder, _ record: ExecutionRecord, _ error: String, _ cause: String) {
        core.later { [unowned self] in apply(.taskFailed(order.id, error: error, cause: cause), to: record) }
    }

    // MARK: Permissions

    private func httpRefusal(
        _ request: HTTPTaskRequest, _ record: ExecutionRecord, _ role: String, _ cause: Cause
    ) -> String? {
        refusal(
            record, role, "states:InvokeHTTPEndpoint", record.machine.arn,
            ["states:HTTPEndpoint": request.endpoint, "states:HTTPMethod": request.method], cause)
    }

    private func refusal(
        _ record: ExecutionRecord, _ role: String, _ action: String, _ resource: String, _ context: [String: String],
        _ cause: Cause
    ) -> String? {
        do throws(ServiceError) {
            try core.authorizer.check(
                ServiceDelivery(
                    servicePrincipal: "states.amazonaws.com", sourceArn: record.machine.arn, roleArn: role,
                    action: action, resourceArn: resource, context: context), cause: cause)
            return nil
        } catch {
            return error.message
        }
    }

    // MARK: The exchange

    private func send(
        _ plain: HTTPTaskRequest, _ connection: EventConnection, _ authorization: [OutgoingRequest.Header],
        _ order: TaskOrder, _ record: ExecutionRecord
    ) {
        var full = plain
        let extra = connection.parameters.invocationHttpParameters
        do throws(HTTPTaskRequest.Fault) {
            try full.merge(
                headers: authorization.map { ($0.name, $0.value) }
                    + (extra?.headerParameters ?? []).map { ($0.key ?? "", $0.value ?? "") },
                query: (extra?.queryStringParameters ?? []).map { ($0.key ?? "", $0.value ?? "") },
                body: (extra?.bodyParameters ?? []).map { ($0.key ?? "", $0.value ?? "") })
        } catch {
            return failLater(order, record, "States.Runtime", error.cause)
        }
        let own = [
            ("User-Agent", "Amazon|StepFunctions|HttpInvoke|\(record.machine.scope.region)"),
            ("Range", "bytes=0-\(Self.httpResponseLimit)"),
        ]
        var headers = full.headers.map { OutgoingRequest.Header($0.name, $0.value) }
        if full.header("Content-Type") == nil {
            headers.append(OutgoingRequest.Header("Content-Type", "application/json; charset=UTF-8"))
        }
        headers += own.map { OutgoingRequest.Header($0.0, $0.1) }
        if let trace = record.traceHeader { headers.append(OutgoingRequest.Header("X-Amzn-Trace-Id", trace)) }
        let request = OutgoingRequest(
            method: full.method, url: full.url, headers: headers, body: Array(full.bodyText.utf8),
            timeout: Self.httpTimeout, maximumResponseBytes: Self.httpResponseLimit + 1)
        var exchange = HTTPExchange(plain: plain, full: full, ownHeaders: own)
        core.start(.http(request)) { [unowned self] event in
            guard case .http(let result) = event else { return }
            switch result {
            case .failure(let failure):
                record.exchange = exchange
                fail(order, record, ("States.Http.Socket", failure.message))
            case .success(let response):
                exchange.response = response
                record.exchange = exchange
                answer(order, record, response, connection)
            }
        }
    }

    private func answer(
        _ order: TaskOrder, _ record: ExecutionRecord, _ response: OutgoingResponse, _ connection: EventConnection
    ) {
        if response.status == 401 { connection.token = nil }
        guard (200..<300).contains(response.status) else {
            // AWS: of a refusal nothing is left but its status.
            return fail(
                order, record,
                ("States.Http.StatusCode.\(response.status)", HTTPStatusText.of(response.status)))
        }
        guard !response.isTruncated, response.body.count <= Self.httpResponseLimit else {
            return fail(
                order, record,
                (
                    "States.DataLimitExceeded",
                    "The state/task 'http' returned a result with a size exceeding the maximum number of bytes service limit."
                ))
        }
        let type = response.header("Content-Type")?.lowercased() ?? ""
        let isBinary = ["application/octet-stream", "image/", "video/", "audio/"].contains { type.hasPrefix($0) }
        guard !isBinary, let text = String(validating: response.body, as: UTF8.self) else {
            return fail(
                order, record, ("States.Runtime", "The response of content type '\(type)' cannot be read as a string."))
        }
        var headers = DocumentObject()
        for header in response.headers {
            let name = header.name.lowercased()
            headers[name] = .list((headers.list(name) ?? []) + [.string(header.value)])
        }
        let body = type.contains("json") ? (try? JSONReader.parse(text)) ?? .string(text) : .string(text)
        apply(
            .taskSucceeded(
                order.id,
                Payload([
                    "Headers": .object(headers), "ResponseBody": body, "StatusCode": .integer(Int64(response.status)),
                    "StatusText": .string(HTTPStatusText.of(response.status)),
                ])), to: record)
    }
}

// MARK: TestState

extension HTTPExchange {
    /// AWS: what the connection adds is secret unless the test may show it.
    func request(revealingSecrets: Bool) -> SFN.InspectionDataRequest {
        let shown = revealingSecrets ? full : plain
        return SFN.InspectionDataRequest(
            protocol: Self.scheme(shown.endpoint), method: shown.method, url: shown.url,
            headers: Self.list(shown.headers.map { ($0.name, $0.value) } + ownHeaders),
            body: shown.bodyText.isEmpty ? nil : shown.bodyText)
    }

    var answer: SFN.InspectionDataResponse? {
        guard let response else { return nil }
        return SFN.InspectionDataResponse(
            protocol: Self.scheme(full.endpoint), statusCode: String(response.status),
            statusMessage: HTTPStatusText.of(response.status),
            headers: Self.list(response.headers.map { ($0.name, $0.value) }),
            body: String(decoding: response.body, as: UTF8.self))
    }

    private static func scheme(_ url: String) -> String { url.hasPrefix("https:") ? "https" : "http" }

    private static func list(_ headers: [(String, String)]) -> String {
        "[" + headers.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "]"
    }
}

/// The words that go with a status.
enum HTTPStatusText {
    static func of(_ status: Int) -> String { words[status] ?? "Status \(status)" }

    private static let words = [
        200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content",
        205: "Reset Content", 206: "Partial Content", 207: "Multi-Status", 300: "Multiple Choices",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Payload Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
        417: "Expectation Failed", 418: "I'm a teapot", 421: "Misdirected Request", 422: "Unprocessable Entity",
        423: "Locked", 424: "Failed Dependency", 425: "Too Early", 426: "Upgrade Required",
        428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
        451: "Unavailable For Legal Reasons", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
        507: "Insufficient Storage", 508: "Loop Detected", 511: "Network Authentication Required",
    ]
}
