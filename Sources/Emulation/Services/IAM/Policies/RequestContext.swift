import AWSModel

/// The condition keys of a request and their values. Names are the same in any case.
public struct RequestContext: Sendable, Hashable {
    private var values: [String: [String]] = [:]

    public init() {}

    public init(_ values: [String: [String]]) {
        for (key, list) in values { self.values[key.lowercased()] = list }
    }

    public subscript(key: String) -> [String]? {
        get { values[key] ?? values[key.lowercased()] }
        set { values[key.lowercased()] = newValue }
    }

    /// Sets a key with one value; nil leaves it out.
    public mutating func set(_ key: String, _ value: String?) {
        if let value { self[key] = [value] }
    }

    public var keys: [String] { values.keys.sorted() }

    public mutating func merge(_ other: RequestContext) {
        values.merge(other.values) { _, new in new }
    }
}
