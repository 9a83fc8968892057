import AWSModel
import AWSProtocols
import Testing

/// AWS's own protocol cases: what clients send and understand, and the same seen from the server.
struct ProtocolVectorTests {
    static let suites = [
        "json", "json_1_0", "json_1_0-query-compatible", "query", "rest-json", "rest-xml", "smithy-rpc-v2-cbor",
        "smithy-rpc-v2-cbor-non-query-compatible", "smithy-rpc-v2-cbor-query-compatible",
    ]

    /// Requests that do not say everything their parameters did, so that a server can't get it all back.
    static let unreadable: Set<String> = [
        // No header with the prefix, or no map at all: the same.
        "HttpPrefixHeadersAreNotPresent"
    ]

    /// Responses that read otherwise than they were meant.
    static let unwritable: Set<String> = [
        // Nothing is bound to a query in a response, so a server does not write it.
        "IgnoreQueryParamsInResponse",
        // A prefix of nothing takes every header, the request's ID included.
        "HttpPrefixHeadersResponse", "RestJsonHttpPrefixHeadersResponse",
    ]

    struct Score: CustomStringConvertible {
        var passed = 0
        var failures: [String] = []
        var description: String { "\(passed) passed, \(failures.count) failed" }

        mutating func count(_ id: String, _ problems: [String]) {
            if problems.isEmpty { passed += 1 } else { failures.append("\(id): \(problems.joined(separator: "; "))") }
        }
    }

    struct Case {
        var id: String
        var content: DocumentObject
        var service: ServiceModel
        var operation: OperationModel
        var codec: any WireCodec
    }

    static func cases(_ direction: String, _ name: String) throws -> [Case]? {
        guard let suites = try Conformance.json("protocols/\(direction)/\(name).json")?.list else { return nil }
        let ignored = try IgnoreList(name, direction)
        var cases: [Case] = []
        for suite in suites where !ignored.suites.contains(suite["description"]?.string ?? "") {
            for content in suite["cases"]?.list ?? [] {
                guard let object = content.object, let id = object.string("id"), !ignored.cases.contains(id),
                    let given = object.object("given"), let operationName = given.string("name")
                else { continue }
                let service = ServiceModel(
                    id: ServiceID(rawValue: "vectors"),
                    botocore: [
                        "metadata": suite["metadata"] ?? [:], "shapes": suite["shapes"] ?? [:],
                        "operations": .object([operationName: .object(given)]),
                    ])
                let operation = try #require(service.operations[operationName])
                let codec = try #require(service.metadata.protocols.first?.codec)
                cases.append(Case(id: id, content: object, service: service, operation: operation, codec: codec))
            }
        }
        return cases
    }

    struct IgnoreList {
        var suites: Set<String> = []
        var cases: Set<String> = []

        init(_ name: String, _ direction: String) throws {
            let list = try Conformance.json("protocols/protocol-tests-ignore-list.json")
            for section in [list?["general"], list?["protocols"]?[name]] {
                suites.formUnion(section?[direction]?["suites"]?.list?.compactMap(\.string) ?? [])
                cases.formUnion(section?[direction]?["cases"]?.list?.compactMap(\.string) ?? [])
            }
        }
    }

    @Test(arguments: suites)
    func requestsAreWrittenAsClientsDo(_ name: String) throws {
        guard let cases = try Self.cases("input", name) else { return }
        var score = Score()
        for each in cases {
            let input = each.operation.input.map { typed(each.content["params"] ?? [:], $0.shape) }?.object ?? [:]
            let expected = each.content.object("serialized") ?? [:]
            do {
                let request = try each.codec.encodeRequest(input, each.operation, of: each.service)
                score.count(each.id, differences(request, expected, each.service))
            } catch {
                score.count(each.id, ["\(error)"])
            }
        }
        print("\(name), requests written: \(score)")
        for failure in score.failures { Issue.record("\(failure)") }
    }

    @Test(arguments: suites)
    func requestsAreReadAsServersDo(_ name: String) throws {
        guard let cases = try Self.cases("input", name) else { return }
        var score = Score()
        for each in cases where !Self.unreadable.contains(each.id) {
            let input = each.operation.input.map { typed(each.content["params"] ?? [:], $0.shape) }?.object ?? [:]
            let serialized = each.content.object("serialized") ?? [:]
            do {
                let text = serialized.string("body") ?? ""
                let isCBOR = each.codec.wireProtocol == .rpcV2CBOR
                var request = WireRequest(
                    method: serialized.string("method") ?? "POST", target: serialized.string("uri") ?? "/",
                    headers: [:], body: isCBOR ? Base64.decode(text) ?? [] : Array(text.utf8))
                for (key, value) in serialized.object("headers") ?? [:] {
                    request.headers.append(key, value.string ?? "")
                }
                let read = try each.codec.decodeRequest(request, each.operation, of: each.service)
                let written = try each.codec.encodeRequest(input, each.operation, of: each.service)
                let readBack = try each.codec.decodeRequest(written, each.operation, of: each.service)
                // What a host prefix says is not in the message, and some bindings say the same thing twice.
                let problems =
                    agree(.object(read), .object(readBack)) || agree(.object(read), .object(input))
                    ? [] : ["read \(read), meant \(input)"]
                score.count(each.id, problems)
            } catch {
                score.count(each.id, ["\(error)"])
            }
        }
        print("\(name), requests read: \(score)")
        for failure in score.failures { Issue.record("\(failure)") }
    }

    @Test(arguments: suites)
    func responsesAreReadAsClientsDo(_ name: String) throws {
        guard let cases = try Self.cases("output", name) else { return }
        var score = Score()
        for each in cases {
            let response = response(each)
            do {
                let output = try each.codec.decodeResponse(response, each.operation, of: each.service)
                let expected = each.operation.output.map { typed(each.content["result"] ?? [:], $0.shape) } ?? [:]
                let isRight =
                    each.content["errorCode"] == nil
                    && (agree(.object(output), expected)
                        || Self.unreadable.contains(each.id)
                            && agree(withoutEmpty(.object(output)), withoutEmpty(expected)))
                score.count(each.id, isRight ? [] : ["read \(output), expected \(expected)"])
            } catch {
                score.count(each.id, differences(error, each))
            }
        }
        print("\(name), responses read: \(score)")
        for failure in score.failures { Issue.record("\(failure)") }
    }

    @Test(arguments: suites)
    func responsesAreWrittenAsServersDo(_ name: String) throws {
        guard let cases = try Self.cases("output", name) else { return }
        var score = Score()
        for each in cases where !Self.unwritable.contains(each.id) {
            if let code = each.content.string("errorCode") {
                let shape = each.service.error(code) ?? each.operation.errors.first
                let fields = shape.map { typed(each.content["error"] ?? [:], $0) }?.object ?? [:]
                let error = WireError(
                    shape?.name ?? code, each.content.string("errorMessage") ?? "", status: 400, fields: fields)
                let response = each.codec.encodeError(error, of: each.service, requestID: "foo-id")
                do {
                    _ = try each.codec.decodeResponse(response, each.operation, of: each.service)
                    score.count(each.id, ["no error came back"])
                } catch {
                    var expected = each
                    if each.content["errorMessage"] == nil { expected.content["error"] = .object(fields) }
                    score.count(each.id, differences(error, expected, ignoringStatus: true))
                }
                continue
            }
            let result = each.operation.output.map { typed(each.content["result"] ?? [:], $0.shape) }?.object ?? [:]
            let response = each.codec.encodeResponse(result, each.operation, of: each.service, requestID: "foo-id")
            do {
                let output = try each.codec.decodeResponse(response, each.operation, of: each.service)
                let expected = each.content["response"]?["status_code"]?.integer
                var problems: [String] = []
                if expected != Int64(response.status) { problems.append("status \(response.status)") }
                if !agree(withoutEmpty(.object(output)), withoutEmpty(.object(result))) {
                    problems.append("wrote \(String(decoding: response.body, as: UTF8.self)) for \(result)")
                }
                score.count(each.id, problems)
            } catch {
                score.count(each.id, ["\(error)"])
            }
        }
        print("\(name), responses written: \(score)")
        for failure in score.failures { Issue.record("\(failure)") }
    }

    // MARK: - Comparing

    private func response(_ each: Case) -> WireResponse {
        let content = each.content.object("response") ?? [:]
        let text = content.string("body") ?? ""
        let isCBOR = each.codec.wireProtocol == .rpcV2CBOR
        var response = WireResponse(
            status: content.integer("status_code") ?? 200,
            body: isCBOR ? Base64.decode(text) ?? [] : Array(text.utf8))
        for (key, value) in content.object("headers") ?? [:] { response.headers.append(key, value.string ?? "") }
        return response
    }

    private func differences(_ error: WireError, _ each: Case, ignoringStatus: Bool = false) -> [String] {
        var problems: [String] = []
        guard let code = each.content.string("errorCode") else { return ["\(error)"] }
        if error.code != code { problems.append("code \(error.code), expected \(code)") }
        if let message = each.content.string("errorMessage"), error.message != message {
            problems.append("message '\(error.message)'")
        }
        let shape = each.service.error(code) ?? each.operation.errors.first
        let expected = shape.map { typed(each.content["error"] ?? [:], $0) }?.object ?? [:]
        for (key, value) in expected where !agree(error.fields[key] ?? .null, value) {
            problems.append("\(key) is \(error.fields[key] ?? .null), expected \(value)")
        }
        return problems
    }

    /// A blob or text payload of nothing reads back as empty, which is the same on the wire.
    private func withoutEmpty(_ value: DocumentValue) -> DocumentValue {
        guard case .object(let object) = value else { return value }
        return .object(
            DocumentObject(
                object.filter { _, value in
                    switch value {
                    case .bytes(let bytes): !bytes.isEmpty
                    case .string(let text): !text.isEmpty
                    case .list(let list): !list.isEmpty
                    case .object(let inner): !inner.isEmpty
                    default: true
                    }
                }.map { ($0, $1) }))
    }

    private func differences(
        _ request: WireRequest, _ expected: DocumentObject, _ service: ServiceModel
    ) -> [String] {
        var problems: [String] = []
        if request.method != expected.string("method") { problems.append("method \(request.method)") }
        let target = (expected.string("uri") ?? "/").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        if request.path != target[0] { problems.append("path \(request.path), expected \(target[0])") }
        let query = sorted(FormFields(request.query, plusIsSpace: false))
        let expectedQuery = sorted(FormFields(target.count > 1 ? String(target[1]) : "", plusIsSpace: false))
        if query != expectedQuery { problems.append("query \(query), expected \(expectedQuery)") }
        for (name, value) in expected.object("headers") ?? [:] {
            let given = request.headers.all(name).joined(separator: ", ")
            let isType = name.lowercased() == "content-type" && given.hasPrefix(value.string ?? "?")
            if given != value.string, !isType { problems.append("\(name): \(given), expected \(value.string ?? "")") }
        }
        for name in expected.strings("forbidHeaders") ?? [] where request.headers[name] != nil {
            problems.append("\(name) must not be sent")
        }
        if let host = expected.string("host"), request.hostPrefix != nil,
            !host.hasPrefix(request.hostPrefix ?? "")
        {
            problems.append("host \(request.hostPrefix ?? "")")
        }
        if let body = expected.string("body"), !sameBody(request.body, body, service) {
            problems.append("body \(String(decoding: request.body, as: UTF8.self)), expected \(body)")
        }
        return problems
    }

    private func sorted(_ form: FormFields) -> [String] { form.fields.map { "\($0.name)=\($0.value)" }.sorted() }

    private func sameBody(_ body: [UInt8], _ expected: String, _ service: ServiceModel) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        if text == expected { return true }
        switch service.metadata.protocols.first {
        case .query: return sorted(FormFields(text)) == sorted(FormFields(expected))
        case .rpcV2CBOR:
            guard let left = try? CBOR.decode(body), let bytes = Base64.decode(expected),
                let right = try? CBOR.decode(bytes)
            else { return body.isEmpty && expected.isEmpty }
            return agree(left, right)
        case .restXML:
            guard let left = try? XMLReader.parse(body), let right = try? XMLReader.parse(Array(expected.utf8)) else {
                return false
            }
            return ordered(left) == ordered(right)
        default:
            guard let left = try? JSONReader.parse(body), let right = try? JSONReader.parse(expected) else {
                return false
            }
            return agree(left, right)
        }
    }

    /// The order of elements of different names does not count.
    private func ordered(_ element: XMLElement) -> XMLElement {
        var element = element
        element.attributes.sort { $0.name < $1.name }
        element.children = element.children.map(ordered).sorted {
            $0.bytes.lexicographicallyPrecedes($1.bytes)
        }
        return element
    }
}
