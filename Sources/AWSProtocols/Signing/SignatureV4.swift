import AWSModel
import Crypto

/// What signs a request.
public struct Credentials: Sendable, Hashable {
    public var accessKeyID: String
    public var secretAccessKey: String
    public var sessionToken: String?

    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// `20150830/us-east-1/sqs/aws4_request`, with the key that it belongs to.
public struct CredentialScope: Sendable, Hashable {
    public var accessKeyID: String
    public var date: String
    public var region: String
    public var service: String

    public init(accessKeyID: String, date: String, region: String, service: String) {
        self.accessKeyID = accessKeyID
        self.date = date
        self.region = region
        self.service = service
    }

    /// From the `Authorization` header or a presigned query; nil where there is neither. Nothing is verified.
    public init?(_ request: WireRequest) {
        if let header = request.headers["Authorization"] {
            guard let credential = SignatureV4.parameter("Credential", in: header) else { return nil }
            self.init(credential: credential)
        } else if request.query.contains("X-Amz-Credential") {
            guard let credential = FormFields(request.query)["X-Amz-Credential"] else { return nil }
            self.init(credential: credential)
        } else {
            return nil
        }
    }

    init?(credential: String) {
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 5, parts[parts.count - 1] == "aws4_request" else { return nil }
        accessKeyID = parts[0..<parts.count - 4].joined(separator: "/")
        date = parts[parts.count - 4]
        region = parts[parts.count - 3]
        service = parts[parts.count - 2]
    }

    var text: String { "\(date)/\(region)/\(service)/aws4_request" }
}

/// AWS signature version 4: signs requests and verifies them.
public enum SignatureV4 {
    static let algorithm = "AWS4-HMAC-SHA256"
    private static let unsignedPayload = "UNSIGNED-PAYLOAD"

    // MARK: - Signing

    /// Adds `X-Amz-Date`, the session token and `Authorization`. `Host` must be set.
    public static func sign(
        _ request: inout WireRequest, with credentials: Credentials, region: String, service: String, at time: Instant
    ) {
        request.headers["Authorization"] = nil
        request.headers["X-Amz-Date"] = dateTime(time)
        if let token = credentials.sessionToken { request.headers["X-Amz-Security-Token"] = token }
        let isS3 = service == "s3"
        if isS3, request.headers["X-Amz-Content-Sha256"] == nil {
            request.headers["X-Amz-Content-Sha256"] = hexSHA256(request.body)
        }
        let scope = CredentialScope(
            accessKeyID: credentials.accessKeyID, date: String(dateTime(time).prefix(8)), region: region,
            service: service)
        let signed = signedHeaderNames(request.headers)
        let canonical = canonicalRequest(
            request, signedHeaders: signed, payloadHash: payloadHash(request), isS3: isS3)
        let signature = signature(
            stringToSign(canonical, time: dateTime(time), scope: scope), scope, secret: credentials.secretAccessKey)
        request.headers.append(
            "Authorization",
            "\(algorithm) Credential=\(credentials.accessKeyID)/\(scope.text), "
                + "SignedHeaders=\(signed.joined(separator: ";")), Signature=\(signature)")
    }

    /// Puts the signature into the query, for URLs that others may use until they expire.
    ///
    /// - Parameter lifetime: seconds, at most 604800.
    public static func presign(
        _ request: inout WireRequest, with credentials: Credentials, region: String, service: String,
        at time: Instant, lifetime: Int
    ) {
        let scope = CredentialScope(
            accessKeyID: credentials.accessKeyID, date: String(dateTime(time).prefix(8)), region: region,
            service: service)
        let signed = signedHeaderNames(request.headers)
        var form = FormFields(request.query, plusIsSpace: false)
        form.append("X-Amz-Algorithm", algorithm)
        form.append("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope.text)")
        form.append("X-Amz-Date", dateTime(time))
        form.append("X-Amz-Expires", String(lifetime))
        if let token = credentials.sessionToken { form.append("X-Amz-Security-Token", token) }
        form.append("X-Amz-SignedHeaders", signed.joined(separator: ";"))
        request.query = form.text
        let isS3 = service == "s3"
        let canonical = canonicalRequest(
            request, signedHeaders: signed, payloadHash: isS3 ? unsignedPayload : hexSHA256(request.body), isS3: isS3)
        let signature = signature(
            stringToSign(canonical, time: dateTime(time), scope: scope), scope, secret: credentials.secretAccessKey)
        request.query += "&X-Amz-Signature=\(signature)"
    }

    // MARK: - Verifying

    /// Whether a request's signature is right.
    ///
    /// - Parameters:
    ///   - time: the server's clock; more than five minutes apart is refused, as is an expired presigned request.
    ///   - secret: the secret of an access key, nil where there is no such key.
    /// - Throws: AWS's own errors, by their awsJson names.
    @discardableResult
    public static func verify(
        _ request: WireRequest, at time: Instant, secret: (String) -> String?
    ) throws(WireError) -> CredentialScope {
        let query = FormFields(request.query, plusIsSpace: false)
        if let header = request.headers["Authorization"] { return try verify(request, header, time, secret) }
        if query["X-Amz-Signature"] != nil { return try verify(request, query, time, secret) }
        throw WireError("MissingAuthenticationTokenException", "Missing Authentication Token", status: 403)
    }

    private static func verify(
        _ request: WireRequest, _ header: String, _ time: Instant, _ secret: (String) -> String?
    ) throws(WireError) -> CredentialScope {
        guard header.hasPrefix(algorithm), let credential = parameter("Credential", in: header),
            let signedHeaders = parameter("SignedHeaders", in: header),
            let given = parameter("Signature", in: header), let scope = CredentialScope(credential: credential)
        else {
            throw WireError(
                "IncompleteSignatureException",
                "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.", status: 403)
        }
        guard let date = request.headers["X-Amz-Date"], let signedAt = instant(date) else {
            throw WireError(
                "IncompleteSignatureException",
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.", status: 403)
        }
        guard abs((time - signedAt).inSeconds) <= 300 else {
            let when = signedAt < time ? "expired" : "not yet current"
            throw WireError(
                "InvalidSignatureException",
                "Signature \(when): \(date) is not within 5 minutes of \(dateTime(time))", status: 403)
        }
        try check(
            request, signedHeaders: signedHeaders, payloadHash: payloadHash(request), date: date, scope: scope,
            given: given, secret: secret)
        return scope
    }

    private static func verify(
        _ request: WireRequest, _ query: FormFields, _ time: Instant, _ secret: (String) -> String?
    ) throws(WireError) -> CredentialScope {
        guard let scope = query["X-Amz-Credential"].flatMap(CredentialScope.init(credential:)),
            let signedHeaders = query["X-Amz-SignedHeaders"], let given = query["X-Amz-Signature"],
            let date = query["X-Amz-Date"], let signedAt = instant(date),
            let lifetime = query["X-Amz-Expires"].flatMap(Int.init)
        else {
            throw WireError("IncompleteSignatureException", "The presigned query lacks parameters.", status: 403)
        }
        guard time <= signedAt + .seconds(lifetime), time >= signedAt - .seconds(300) else {
            throw WireError("AccessDeniedException", "Request has expired", status: 403)
        }
        var bare = request
        var form = query
        form.fields.removeAll { $0.name == "X-Amz-Signature" }
        bare.query = form.text
        let isS3 = scope.service == "s3"
        try check(
            bare, signedHeaders: signedHeaders, payloadHash: isS3 ? unsignedPayload : hexSHA256(request.body),
            date: date, scope: scope, given: given, secret: secret)
        return scope
    }

    private static func check(
        _ request: WireRequest, signedHeaders: String, payloadHash: String, date: String, scope: CredentialScope,
        given: String, secret: (String) -> String?
    ) throws(WireError) {
        guard let secret = secret(scope.accessKeyID) else {
            throw WireError(
                "UnrecognizedClientException", "The security token included in the request is invalid.", status: 403)
        }
        let names = signedHeaders.split(separator: ";").map(String.init)
        let canonical = canonicalRequest(
            request, signedHeaders: names, payloadHash: payloadHash, isS3: scope.service == "s3")
        let expected = signature(stringToSign(canonical, time: date, scope: scope), scope, secret: secret)
        guard equalInConstantTime(expected, given) else {
            throw WireError(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method. Consult the service documentation for details.", status: 403)
        }
    }

    // MARK: - The steps of the algorithm

    static func canonicalRequest(
        _ request: WireRequest, signedHeaders: [String], payloadHash: String, isS3: Bool
    ) -> String {
        // AWS: paths are normalized and encoded once more, except S3's.
        let path =
            isS3 ? request.path : PercentEncoding.encode(normalized(request.path), keepingSlashes: true)
        let query = FormFields(request.query, plusIsSpace: false).fields
            .map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        var text = "\(request.method)\n\(path.isEmpty ? "/" : path)\n\(query)\n"
        for name in signedHeaders {
            let values = request.headers.all(name).map(collapsed).joined(separator: ",")
            text += "\(name):\(values)\n"
        }
        return text + "\n\(signedHeaders.joined(separator: ";"))\n\(payloadHash)"
    }

    static func stringToSign(_ canonical: String, time: String, scope: CredentialScope) -> String {
        "\(algorithm)\n\(time)\n\(scope.text)\n\(hexSHA256(canonical.utf8))"
    }

    static func signature(_ text: String, _ scope: CredentialScope, secret: String) -> String {
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [scope.date, scope.region, scope.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    private static func payloadHash(_ request: WireRequest) -> String {
        request.headers["X-Amz-Content-Sha256"] ?? hexSHA256(request.body)
    }

    /// All but what proxies and clients change on the way.
    static func signedHeaderNames(_ headers: WireHeaders) -> [String] {
        let unsigned: Set<String> = [
            "authorization", "user-agent", "x-amzn-trace-id", "connection", "expect", "transfer-encoding",
        ]
        return Set(headers.fields.map { $0.name.lowercased() }).subtracting(unsigned).sorted()
    }

    /// Without `.`, `..` and doubled slashes.
    static func normalized(_ path: String) -> String {
        var output: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = output.popLast()
            default: output.append(segment)
            }
        }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        return "/" + output.joined(separator: "/") + (isFolder && !output.isEmpty ? "/" : "")
    }

    /// Trimmed, with runs of spaces made one.
    private static func collapsed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
    }

    /// `Credential=…` of an `Authorization` header. Every request asks, so it looks at bytes and copies only what it finds.
    static func parameter(_ name: String, in header: String) -> String? {
        var header = header
        return header.withUTF8 { bytes in
            var start = (bytes.firstIndex(of: UInt8(ascii: " ")) ?? bytes.count) + 1
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: ",")) ?? bytes.count
                while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
                let part = bytes[start..<end]
                if part.count > name.utf8.count, part.starts(with: name.utf8),
                    part[start + name.utf8.count] == UInt8(ascii: "=")
                {
                    var value = part.dropFirst(name.utf8.count + 1)
                    while value.last == UInt8(ascii: " ") { value = value.dropLast() }
                    return String(decoding: value, as: UTF8.self)
                }
                start = end + 1
            }
            return nil
        }
    }

    static func dateTime(_ time: Instant) -> String {
        time.iso8601(milliseconds: false).filter { $0 != "-" && $0 != ":" }
    }

    static func instant(_ text: String) -> Instant? {
        let digits = Array(text)
        guard digits.count == 16, digits[8] == "T", digits[15] == "Z" else { return nil }
        let day = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
        let time = "\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))"
        return Instant(iso8601: "\(day)T\(time)Z")
    }

    static func hexSHA256(_ bytes: some Sequence<UInt8>) -> String { hex(SHA256.hash(data: Array(bytes))) }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func equalInConstantTime(_ left: String, _ right: String) -> Bool {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
