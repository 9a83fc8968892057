import AWSModel

/// What the protocols' error replies have in common.
enum ErrorText {
    static func status(_ error: WireError, _ shape: Shape?, usesModel: Bool) -> Int {
        if usesModel, let status = shape?.error?.httpStatusCode { return status }
        // AWS: awsJson answers 400 whatever the model says, 500 where the fault is the server's.
        if error.status == 400, error.fault == .server || shape?.error?.isServerFault == true { return 500 }
        return error.status
    }

    static func fault(_ error: WireError, _ shape: Shape?) -> WireError.Fault {
        shape?.error?.isServerFault == true ? .server : error.fault
    }

    /// The code that the query protocol knows.
    static func queryCode(_ error: WireError, _ shape: Shape?) -> String {
        if let code = error.queryCode ?? shape?.error?.queryCode ?? shape?.error?.code { return code }
        return commonQueryCodes[error.code] ?? error.code
    }

    /// AWS: common errors are called otherwise in the query protocol.
    private static let commonQueryCodes = [
        "ValidationException": "ValidationError", "AccessDeniedException": "AccessDenied",
        "UnrecognizedClientException": "InvalidClientTokenId", "InvalidSignatureException": "SignatureDoesNotMatch",
        "ExpiredTokenException": "ExpiredToken", "MissingAuthenticationTokenException": "MissingAuthenticationToken",
        "IncompleteSignatureException": "IncompleteSignature", "ThrottlingException": "Throttling",
        "UnknownOperationException": "InvalidAction", "SerializationException": "MalformedInput",
    ]

    /// `<code>;Sender`, for services that left the query protocol.
    static func queryErrorHeader(_ error: WireError, _ shape: Shape?, _ service: ServiceModel?) -> String? {
        guard service?.metadata.isQueryCompatible == true, let code = compatibleCode(error, shape) else { return nil }
        return "\(code);\(fault(error, shape).rawValue)"
    }

    private static func compatibleCode(_ error: WireError, _ shape: Shape?) -> String? {
        error.queryCode ?? shape?.error?.queryCode ?? shape?.error?.code ?? error.code
    }

    /// `com.amazonaws.sqs#QueueDoesNotExist`; clients drop what is before `#`.
    static func qualifiedType(_ error: WireError, _ shape: Shape?, _ service: ServiceModel?) -> String {
        guard let service else { return "com.amazon.coral.service#\(error.code)" }
        guard let shape else {
            return commonQueryCodes[error.code] == nil || error.code == "ValidationException"
                ? "com.amazonaws.\(service.id)#\(error.code)" : "com.amazon.coral.service#\(error.code)"
        }
        return "com.amazonaws.\(service.id)#\(shape.name)"
    }

    private static func messageMember(_ shape: Shape?) -> Member? {
        shape?.members.first { HTTPText.equalIgnoringCase($0.name, "message") }
    }

    static func jsonBody(_ error: WireError, _ shape: Shape?, startingWith body: DocumentObject = [:]) -> [UInt8] {
        var body = body
        // AWS: the errors of its common framework capitalise the member.
        let isCoral = shape == nil && error.code == "SerializationException"
        body.append(messageMember(shape)?.wireName ?? (isCoral ? "Message" : "message"), .string(error.message))
        guard let shape else {
            for (key, value) in error.fields { body.set(key, value) }
            return JSONWriter.bytes(.object(body))
        }
        var fields = error.fields
        for key in fields.keys where HTTPText.equalIgnoringCase(key, "message") { fields.remove(key) }
        return JSONBodyWriter.bytes(fields, shape, after: body)
    }

    /// Headers that an exception's members are bound to.
    static func addHeaders(_ error: WireError, _ shape: Shape?, to response: inout WireResponse) {
        for member in shape?.members ?? [] where member.location == .header {
            guard let value = error.fields[member.name], let text = ScalarText.text(value, member, .rfc822) else {
                continue
            }
            response.headers.append(member.wireName, text)
        }
    }

    // MARK: - The client's side

    static func requestID(_ headers: WireHeaders) -> String? {
        headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"] ?? headers["x-amz-id-2"]
    }

    /// `aws.protocoltests.restjson#FooError:http://…` → `FooError`.
    static func bareCode(_ text: String) -> String {
        var code = Substring(text)
        if let hash = code.lastIndex(of: "#") { code = code[code.index(after: hash)...] }
        if let colon = code.firstIndex(of: ":") { code = code[..<colon] }
        return String(code)
    }

    static func decodeJSON(_ response: WireResponse, _ service: ServiceModel) -> WireError {
        let parsed = (try? JSONReader.parse(response.body))?.object ?? [:]
        return decode(parsed, response, service)
    }

    /// From a body in the form of awsJson, however it was written down.
    static func decode(_ body: DocumentObject, _ response: WireResponse, _ service: ServiceModel) -> WireError {
        let type =
            response.headers["x-amzn-errortype"] ?? body.string("__type") ?? body.string("code") ?? body.string("Code")
        let code = type.map(bareCode) ?? String(response.status)
        let shape = service.error(code)
        let message =
            body.string(messageMember(shape)?.wireName ?? "message") ?? body.string("message")
            ?? body.string("Message") ?? body.string("errorMessage") ?? ""
        var error = WireError(
            code, message, status: response.status, fault: response.status >= 500 ? .server : .client,
            requestID: requestID(response.headers))
        if let shape {
            var body = body
            body.remove("__type")
            error.fields = (try? JSONBody.decoded(body, shape)) ?? body
            addFields(from: response.headers, shape, to: &error)
        }
        if let header = response.headers["x-amzn-query-error"] {
            let parts = header.split(separator: ";")
            if let queryCode = parts.first {
                error.queryCode = String(queryCode)
                error.code = String(queryCode)
            }
            if parts.count > 1 { error.fault = WireError.Fault(rawValue: String(parts[1])) ?? error.fault }
        }
        return error
    }

    static func addFields(from headers: WireHeaders, _ shape: Shape, to error: inout WireError) {
        for member in shape.members where member.location == .header {
            guard let text = headers[member.wireName],
                let value = try? ScalarText.value(text, member, .rfc822)
            else { continue }
            error.fields[member.name] = value
        }
    }
}

enum HTTPText {
    static func equalIgnoringCase(_ left: String, _ right: String) -> Bool { WireHeaders.equal(left, right) }

    static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while let first = slice.first, first == " " || first == "\t" { slice.removeFirst() }
        while let last = slice.last, last == " " || last == "\t" { slice.removeLast() }
        return String(slice)
    }
}
