/// A JSON object that keeps the order of its members, as AWS does where order can be seen
/// (States Language outputs, definitions). Equality ignores order.
///
/// Small objects are searched linearly; from ``indexedFrom`` members on, an index is kept.
public struct DocumentObject: Sendable {
    public private(set) var keys: [String]
    public private(set) var values: [DocumentValue]
    private var positions: [String: Int]?

    private static let indexedFrom = 12

    public init() {
        keys = []
        values = []
    }

    public init(minimumCapacity: Int) {
        self.init()
        keys.reserveCapacity(minimumCapacity)
        values.reserveCapacity(minimumCapacity)
    }

    /// A later member replaces an earlier one of the same name, keeping the earlier place.
    public init(_ members: some Sequence<(String, DocumentValue)>) {
        self.init()
        for (key, value) in members { self[key] = value }
    }

    public var count: Int { keys.count }
    public var isEmpty: Bool { keys.isEmpty }

    public func contains(_ key: String) -> Bool { position(of: key) != nil }

    /// Reads a member; setting nil removes it.
    public subscript(key: String) -> DocumentValue? {
        get { position(of: key).map { values[$0] } }
        set {
            if let newValue { set(key, newValue) } else { remove(key) }
        }
    }

    /// The first `count` members, for those who rewrite what follows.
    public func prefix(_ count: Int) -> DocumentObject {
        var result = DocumentObject(minimumCapacity: self.count)
        for index in 0..<Swift.min(count, self.count) { result.append(keys[index], values[index]) }
        return result
    }

    @discardableResult
    public mutating func remove(_ key: String) -> DocumentValue? {
        guard let position = position(of: key) else { return nil }
        keys.remove(at: position)
        let removed = values.remove(at: position)
        if positions != nil { rebuildIndex() }
        return removed
    }

    /// Sets a member without looking whether it is there: for builders that write each member once.
    public mutating func append(_ key: String, _ value: DocumentValue) {
        if positions != nil { positions?[key] = keys.count }
        keys.append(key)
        values.append(value)
        if positions == nil, keys.count == Self.indexedFrom { rebuildIndex() }
    }

    public mutating func set(_ key: String, _ value: DocumentValue) {
        if let position = position(of: key) {
            values[position] = value
        } else {
            append(key, value)
        }
    }

    /// Names are the same where their code points are; for Swift's own `==` composed and decomposed letters are one.
    private func position(of key: String) -> Int? {
        if let positions {
            guard let position = positions[key] else { return nil }
            if keys[position].utf8.elementsEqual(key.utf8) { return position }
        }
        return keys.firstIndex { $0 == key && $0.utf8.elementsEqual(key.utf8) }
    }

    private mutating func rebuildIndex() {
        guard keys.count >= Self.indexedFrom else {
            positions = nil
            return
        }
        positions = Dictionary(zip(keys, keys.indices), uniquingKeysWith: { _, later in later })
    }
}

extension DocumentObject: Hashable {
    public static func == (left: DocumentObject, right: DocumentObject) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in left {
            guard let other = right[key], other == value else { return false }
        }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        var mixed = 0
        for key in keys { mixed ^= key.hashValue }
        hasher.combine(mixed)
    }
}

extension DocumentObject: Sequence {
    public func makeIterator() -> Zip2Sequence<[String], [DocumentValue]>.Iterator {
        zip(keys, values).makeIterator()
    }
}

extension DocumentObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, DocumentValue)...) { self.init(elements) }
}

extension DocumentObject {
    public func string(_ key: String) -> String? { self[key]?.string }
    public func integer(_ key: String) -> Int? { self[key]?.integer.map(Int.init(clamping:)) }
    public func double(_ key: String) -> Double? { self[key]?.double }
    public func bool(_ key: String) -> Bool? { self[key]?.bool }
    public func bytes(_ key: String) -> [UInt8]? { self[key]?.bytes }
    public func timestamp(_ key: String) -> Instant? { self[key]?.timestamp }
    public func object(_ key: String) -> DocumentObject? { self[key]?.object }
    public func list(_ key: String) -> [DocumentValue]? { self[key]?.list }
    public func strings(_ key: String) -> [String]? { self[key]?.list?.compactMap(\.string) }
    /// A map of strings, e.g. SQS attributes or tags.
    public func stringMap(_ key: String) -> [String: String]? {
        guard let object = object(key) else { return nil }
        var map: [String: String] = [:]
        for (name, value) in object { map[name] = value.string }
        return map
    }
}
