/// Header fields in their order; names are compared without regard to case.
public struct WireHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public var fields: [Field]

    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(_ fields: [Field] = []) { self.fields = fields }

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field($0.0, $0.1) }
    }

    /// The first field of the name; setting replaces all of them, nil removes them.
    public subscript(name: String) -> String? {
        get {
            for field in fields where Self.equal(field.name, name) { return field.value }
            return nil
        }
        set {
            fields.removeAll { Self.equal($0.name, name) }
            if let newValue { fields.append(Field(name, newValue)) }
        }
    }

    /// All fields of the name, in order.
    public func all(_ name: String) -> [String] {
        fields.filter { Self.equal($0.name, name) }.map(\.value)
    }

    public mutating func append(_ name: String, _ value: String) { fields.append(Field(name, value)) }

    static func equal(_ left: String, _ right: String) -> Bool {
        let a = left.utf8
        let b = right.utf8
        guard a.count == b.count else { return false }
        return zip(a, b).allSatisfy { lowered($0) == lowered($1) }
    }

    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}

/// An HTTP request without a transport.
public struct WireRequest: Sendable, Hashable {
    public var method: String
    /// Percent-encoded, as it was sent.
    public var path: String
    /// Percent-encoded, without the question mark.
    public var query: String
    public var headers: WireHeaders
    public var body: [UInt8]
    /// What to put before the endpoint's host name (`sync-`); only for requests to be sent.
    public var hostPrefix: String?

    public init(
        method: String = "POST", path: String = "/", query: String = "", headers: WireHeaders = [:], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// From a request line's target, such as `/path?query`.
    public init(method: String, target: String, headers: WireHeaders, body: [UInt8]) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: method, path: parts.first.map(String.init) ?? "/", query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: body)
    }

    /// `path`, or `path?query`.
    public var target: String { query.isEmpty ? path : "\(path)?\(query)" }

    /// The path's segments without empty ones at its end.
    var segments: [Substring] { path.split(separator: "/") }
}

/// An HTTP response without a transport.
public struct WireResponse: Sendable, Hashable {
    public var status: Int
    public var headers: WireHeaders
    public var body: [UInt8]

    public init(status: Int = 200, headers: WireHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
