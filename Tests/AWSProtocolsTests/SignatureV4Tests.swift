import AWSModel
import Testing

@testable import AWSProtocols

struct SignatureV4Tests {
    struct Vector {
        var content: DocumentObject
        subscript(key: String) -> String { content.string(key) ?? "" }

        /// Requests are written as they go over the wire; a line that begins with a space continues the one before.
        func request(_ key: String) -> WireRequest {
            let parts = self[key].split(separator: "\n\n", maxSplits: 1)
            var lines = parts[0].split(separator: "\n").map(String.init)
            let first = lines.removeFirst()
            let method = first.prefix { $0 != " " }
            let target = first.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
            var headers = WireHeaders()
            for line in lines {
                if line.hasPrefix(" "), let last = headers.fields.indices.last {
                    headers.fields[last].value += "\n\(line)"
                } else if let colon = line.firstIndex(of: ":") {
                    headers.append(String(line[..<colon]), String(line[line.index(after: colon)...]))
                }
            }
            return WireRequest(
                method: String(method), target: String(target), headers: headers,
                body: parts.count > 1 ? Array(parts[1].utf8) : [])
        }
    }

    static func vectors() throws -> [Vector] {
        guard let bytes = Conformance.bytes("sigv4/sigv4_cases.jsonl") else {
            print("skipped: the signature vectors are not there")
            return []
        }
        return try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            Vector(content: try JSONReader.parse(String($0)).object ?? [:])
        }
    }

    @Test func everyStepOfEveryVector() throws {
        for vector in try Self.vectors() {
            let request = vector.request("sreq")
            let scope = CredentialScope(
                accessKeyID: vector["access_key"], date: String(vector["time"].prefix(8)), region: vector["region"],
                service: vector["service"])
            let signed = SignatureV4.parameter("SignedHeaders", in: vector["authz"]) ?? ""
            let canonical = SignatureV4.canonicalRequest(
                request, signedHeaders: signed.split(separator: ";").map(String.init),
                payloadHash: SignatureV4.hexSHA256(request.body), isS3: false)
            #expect(canonical == vector["creq"], "\(vector["id"])")
            let text = SignatureV4.stringToSign(canonical, time: vector["time"], scope: scope)
            #expect(text == vector["sts"], "\(vector["id"])")
            let signature = SignatureV4.signature(text, scope, secret: vector["secret_key"])
            #expect(signature == SignatureV4.parameter("Signature", in: vector["authz"]), "\(vector["id"])")
        }
    }

    @Test func signedVectorsVerify() throws {
        for vector in try Self.vectors() {
            var request = vector.request("sreq")
            // The copy in one vector's request was masked; the signature proper stands beside it.
            request.headers["Authorization"] = vector["authz"]
            let time = try #require(SignatureV4.instant(vector["time"]))
            let scope = try SignatureV4.verify(request, at: time) {
                $0 == vector["access_key"] ? vector["secret_key"] : nil
            }
            #expect(scope.service == vector["service"])
            var forged = request
            forged.method = "DELETE"
            #expect(throws: WireError.self) {
                try SignatureV4.verify(forged, at: time) { _ in vector["secret_key"] }
            }
        }
    }

    private let credentials = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token")
    private let time = Instant(epochSeconds: 1_700_000_000)

    private func secret(_ key: String) -> String? { key == "AKIDEXAMPLE" ? "secret" : nil }

    @Test(arguments: ["sqs", "s3"]) func whatIsSignedVerifies(_ service: String) throws {
        var request = WireRequest(
            path: "/a%20b/c", query: "x=1&y=%2F", headers: ["Host": "127.0.0.1:4566"], body: Array("{}".utf8))
        SignatureV4.sign(&request, with: credentials, region: "eu-west-1", service: service, at: time)
        let scope = try SignatureV4.verify(request, at: time + .seconds(299), secret: secret)
        #expect(scope.region == "eu-west-1")
        #expect(scope.service == service)
        expectCode("InvalidSignatureException") {
            try SignatureV4.verify(request, at: time + .seconds(301), secret: secret)
        }
        expectCode("UnrecognizedClientException") { try SignatureV4.verify(request, at: time) { _ in nil } }
        request.headers["Authorization"] = nil
        expectCode("MissingAuthenticationTokenException") { try SignatureV4.verify(request, at: time, secret: secret) }
    }

    @Test(arguments: ["sqs", "s3"]) func presignedRequestsVerifyUntilTheyExpire(_ service: String) throws {
        var request = WireRequest(
            method: "GET", path: "/bucket/key", query: "response-content-type=text%2Fplain",
            headers: ["Host": "localhost"])
        SignatureV4.presign(&request, with: credentials, region: "us-east-1", service: service, at: time, lifetime: 60)
        try SignatureV4.verify(request, at: time + .seconds(60), secret: secret)
        expectCode("AccessDeniedException") { try SignatureV4.verify(request, at: time + .seconds(61), secret: secret) }
        request.query += "&more=1"
        expectCode("InvalidSignatureException") { try SignatureV4.verify(request, at: time, secret: secret) }
    }

    private func expectCode(_ code: String, _ body: () throws -> Void) {
        #expect { try body() } throws: { ($0 as? WireError)?.code == code }
    }
}
