// What generated structures are made of. Each accessor has its own name, so that the compiler has no overloads to try.

extension DocumentObject {
    public func value(_ key: String) -> DocumentValue? { self[key] }

    public func structure<T: AWSStructure>(_ key: String) -> T? { object(key).map(T.init) }

    public func structures<T: AWSStructure>(_ key: String) -> [T]? {
        guard let list = list(key) else { return nil }
        var result: [T] = []
        result.reserveCapacity(list.count)
        for case .object(let object) in list { result.append(T(object)) }
        return result
    }

    public func structureMap<T: AWSStructure>(_ key: String) -> [String: T]? {
        guard let object = object(key) else { return nil }
        var result: [String: T] = [:]
        for case (let name, .object(let value)) in object { result[name] = T(value) }
        return result
    }

    /// A list whose elements `read` understands; others are left out.
    public func elements<T>(_ key: String, _ read: (DocumentValue) -> T?) -> [T]? {
        list(key)?.compactMap(read)
    }

    /// A map whose values `read` understands; others are left out.
    public func entries<T>(_ key: String, _ read: (DocumentValue) -> T?) -> [String: T]? {
        object(key)?.entries(read)
    }

    public func entries<T>(_ read: (DocumentValue) -> T?) -> [String: T] {
        var result: [String: T] = [:]
        for (name, value) in self { result[name] = read(value) }
        return result
    }
}

extension DocumentObject {
    public mutating func putString(_ key: String, _ value: String?) {
        if let value { append(key, .string(value)) }
    }

    public mutating func putBool(_ key: String, _ value: Bool?) {
        if let value { append(key, .bool(value)) }
    }

    public mutating func putInteger(_ key: String, _ value: Int?) {
        if let value { append(key, .integer(Int64(value))) }
    }

    public mutating func putDouble(_ key: String, _ value: Double?) {
        if let value { append(key, .number(value)) }
    }

    public mutating func putTimestamp(_ key: String, _ value: Instant?) {
        if let value { append(key, .timestamp(value)) }
    }

    public mutating func putBytes(_ key: String, _ value: [UInt8]?) {
        if let value { append(key, .bytes(value)) }
    }

    public mutating func putValue(_ key: String, _ value: DocumentValue?) {
        if let value { append(key, value) }
    }

    public mutating func putStructure<T: AWSStructure>(_ key: String, _ value: T?) {
        if let value { append(key, .object(value.document)) }
    }

    public mutating func putStrings(_ key: String, _ value: [String]?) {
        if let value { append(key, .list(value.map(DocumentValue.string))) }
    }

    public mutating func putStructures<T: AWSStructure>(_ key: String, _ value: [T]?) {
        if let value { append(key, .list(value.map { .object($0.document) })) }
    }

    public mutating func putStringMap(_ key: String, _ value: [String: String]?) {
        if let value { append(key, .entries(value, DocumentValue.string)) }
    }

    public mutating func putStructureMap<T: AWSStructure>(_ key: String, _ value: [String: T]?) {
        if let value { append(key, .entries(value) { .object($0.document) }) }
    }

    public mutating func putElements<T>(_ key: String, _ value: [T]?, _ write: (T) -> DocumentValue) {
        if let value { append(key, .list(value.map(write))) }
    }

    public mutating func putEntries<T>(_ key: String, _ value: [String: T]?, _ write: (T) -> DocumentValue) {
        if let value { append(key, .entries(value, write)) }
    }
}

extension DocumentValue {
    /// A map in the order of its keys, so that equal structures are written equally.
    public static func entries<T>(_ map: [String: T], _ write: (T) -> DocumentValue) -> DocumentValue {
        var object = DocumentObject(minimumCapacity: map.count)
        for (key, value) in map.sorted(by: { $0.key < $1.key }) { object.append(key, write(value)) }
        return .object(object)
    }
}
