import AWSModel

/// The request that an HTTP Task's parameters and its connection come to.
struct HTTPTaskRequest {
    var method: String
    var endpoint: String
    var headers: [(name: String, value: String)] = []
    var query: [(name: String, value: String)] = []
    /// Nil where neither the state nor the connection has any.
    var body: DocumentValue?
    private var isForm = false
    private var arrays = ArrayFormat.indices

    private enum ArrayFormat: String {
        case indices = "INDICES"
        case `repeat` = "REPEAT"
        case commas = "COMMAS"
        case brackets = "BRACKETS"
    }

    /// What makes a request impossible: States.Runtime.
    struct Fault: Error {
        var cause: String
        init(_ cause: String) { self.cause = cause }
    }

    private static let methods: Set<String> = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]

    /// AWS: headers that a definition may not set.
    private static let forbidden: Set<String> = [
        "a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control", "connection",
        "content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host", "http2-settings", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "max-forwards", "origin", "pragma",
        "proxy-authorization", "referer", "server", "te", "trailer", "transfer-encoding", "upgrade", "via", "warning",
    ]

    init(_ parameters: DocumentObject) throws(Fault) {
        guard let endpoint = parameters.string("ApiEndpoint") else {
            throw Fault("The field 'ApiEndpoint' is required but was missing")
        }
        guard let method = parameters.string("Method") else {
            throw Fault("The field 'Method' is required but was missing")
        }
        guard Self.methods.contains(method) else { throw Fault("The HTTP method '\(method)' is not supported.") }
        // AWS calls https only; http is for servers on one's own machine.
        guard endpoint.hasPrefix("https://") || endpoint.hasPrefix("http://") else {
            throw Fault("The ApiEndpoint '\(endpoint)' is not a valid HTTPS URL.")
        }
        self.method = method
        self.endpoint = endpoint
        for (name, value) in parameters.object("Headers") ?? [:] {
            let lower = name.lowercased()
            let isReserved = ["x-forwarded-", "x-amz-", "x-amzn-"].contains { lower.hasPrefix($0) }
            guard !isReserved, !Self.forbidden.contains(lower) else {
                throw Fault("The header '\(name)' is not supported in an HTTP Task.")
            }
            headers.append((name, Self.texts(value).joined(separator: ", ")))
        }
        for (name, value) in parameters.object("QueryParameters") ?? [:] {
            for text in Self.texts(value) { query.append((name, text)) }
        }
        body = parameters["RequestBody"]
        let transform = parameters.object("Transform")
        if let encoding = transform?.string("RequestBodyEncoding") {
            guard encoding == "NONE" || encoding == "URL_ENCODED" else {
                throw Fault("The RequestBodyEncoding '\(encoding)' is not supported.")
            }
            isForm = encoding == "URL_ENCODED"
        }
        if let name = transform?.object("RequestEncodingOptions")?.string("ArrayFormat") {
            guard let format = ArrayFormat(rawValue: name) else {
                throw Fault("The ArrayFormat '\(name)' is not supported.")
            }
            arrays = format
        }
    }

    /// AWS: what the connection says comes before what the state says.
    mutating func merge(
        headers added: [(String, String)], query extra: [(String, String)], body members: [(String, String)]
    ) throws(Fault) {
        for (name, value) in added {
            headers.removeAll { $0.name.lowercased() == name.lowercased() }
            headers.append((name, value))
        }
        for (name, value) in extra {
            query.removeAll { $0.name == name }
            query.append((name, value))
        }
        guard !members.isEmpty else { return }
        guard var object = body == nil ? [:] : body?.object else {
            throw Fault("The RequestBody must be a JSON object to be merged with the connection's body parameters.")
        }
        for (name, value) in members { object[name] = .string(value) }
        body = .object(object)
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var url: String {
        guard !query.isEmpty else { return endpoint }
        let pairs = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        return endpoint + (endpoint.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
    }

    /// AWS: a text goes out as it is, anything else as its JSON, or as a form where the state says so.
    var bodyText: String {
        guard let body else { return "" }
        if isForm, let object = body.object {
            var pairs: [String] = []
            for (name, value) in object { add(value, as: name, to: &pairs) }
            return pairs.joined(separator: "&")
        }
        return body.string ?? JSONWriter.string(body)
    }

    private func add(_ value: DocumentValue, as name: String, to pairs: inout [String]) {
        switch value {
        case .object(let object):
            for (key, member) in object { add(member, as: "\(name)[\(key)]", to: &pairs) }
        case .list(let list):
            if arrays == .commas {
                let values = list.map { Self.encoded(Self.text($0)) }.joined(separator: ",")
                pairs.append("\(Self.encoded(name))=\(values)")
                return
            }
            for (index, item) in list.enumerated() {
                switch arrays {
                case .indices: add(item, as: "\(name)[\(index)]", to: &pairs)
                case .brackets: add(item, as: "\(name)[]", to: &pairs)
                case .repeat, .commas: add(item, as: name, to: &pairs)
                }
            }
        default: pairs.append("\(Self.encoded(name))=\(Self.encoded(Self.text(value)))")
        }
    }

    private static func text(_ value: DocumentValue) -> String {
        value.isNull ? "" : value.string ?? JSONWriter.string(value)
    }

    private static func texts(_ value: DocumentValue) -> [String] { value.list?.map(text) ?? [text(value)] }

    private static func encoded(_ text: String) -> String { IAMText.percentEncoded(text) }
}
