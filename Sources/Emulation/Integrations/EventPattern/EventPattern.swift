import AWSModel

/// An EventBridge event pattern: the language of rules, pipes and event source mapping filters.
///
/// Fields are AND-ed, the values of a field OR-ed. Where an event holds arrays of objects, all fields of one object
/// pattern must hold within the same element (AWS: "array consistency").
public struct EventPattern: Sendable, Hashable {
    indirect enum Node: Sendable, Hashable {
        case values([ValueMatcher])
        case object(ObjectPattern)
    }

    struct Field: Sendable, Hashable {
        var name: String
        var node: Node
    }

    struct ObjectPattern: Sendable, Hashable {
        var fields: [Field] = []
        /// Each `$or`: one of its patterns must hold.
        var alternatives: [[ObjectPattern]] = []
    }

    let root: ObjectPattern

    /// Compiles pattern text.
    public init(_ text: String) throws(EventPatternError) {
        if (try? JSONReader.parse(text))?.object?.isEmpty ?? false {
            throw EventPatternError("Empty patterns are not allowed")
        }
        var parser = EventPatternParser(text)
        root = try parser.parse()
    }

    public init(_ object: DocumentObject) throws(EventPatternError) {
        try self.init(JSONWriter.string(.object(object)))
    }

    /// Whether `event` has what the pattern asks for.
    public func matches(_ event: DocumentValue) -> Bool { root.matches(event) }

    /// The first-level fields asked for, with whether their patterns are object patterns (as against plain values).
    public var topLevelFields: [(name: String, isObject: Bool)] {
        root.fields.map { field in
            if case .object = field.node { (field.name, true) } else { (field.name, false) }
        }
    }
}

extension EventPattern {
    /// The texts of which a first-level field must be one; nil where the pattern leaves it open or tests it otherwise.
    func exactTexts(of name: String) -> [String]? {
        guard root.alternatives.isEmpty, let field = root.fields.last(where: { $0.name == name }),
            case .values(let matchers) = field.node
        else { return nil }
        var texts: [String] = []
        for matcher in matchers {
            guard case .exactly(.string(let text)) = matcher else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// The first clause that `event` does not satisfy, as a path and what was wanted; nil where all hold.
    public func mismatch(_ event: DocumentValue) -> String? {
        guard !matches(event) else { return nil }
        return root.mismatch(event, path: "") ?? "no element of an array satisfies all clauses at once"
    }
}

extension EventPattern.ObjectPattern {
    fileprivate func mismatch(_ value: DocumentValue?, path: String) -> String? {
        for field in fields {
            let here = path.isEmpty ? field.name : "\(path).\(field.name)"
            let alone = EventPattern.ObjectPattern(fields: [field])
            guard !alone.matches(value) else { continue }
            if case .object(let inner) = field.node, let found = value?[field.name],
                let deeper = inner.mismatch(found, path: here)
            {
                return deeper
            }
            let found = value?[field.name].map { JSONWriter.string($0) } ?? "absent"
            return "\(here) is \(found.count > 200 ? String(found.prefix(200)) + "…" : found)"
        }
        for choices in alternatives where !choices.contains(where: { $0.matches(value) }) {
            return "\(path.isEmpty ? "" : path + ".")$or: none of its \(choices.count) alternatives holds"
        }
        return nil
    }
}

/// Why a pattern is refused, in AWS's words.
public struct EventPatternError: Error, Sendable, Hashable {
    public var reason: String
    /// Where, in the form of AWS's parser and with the line break before it; empty where AWS names no place.
    public var location: String

    public init(_ reason: String, location: String = "") {
        self.reason = reason
        self.location = location
    }

    /// The reason and its place.
    public var message: String { reason + location }
}

extension EventPattern.ObjectPattern {
    func matches(_ value: DocumentValue?) -> Bool {
        switch value {
        case .object(let object): matches(object)
        case .list(let list): list.contains { matches($0) }
        default: holdsForNothing
        }
    }

    private func matches(_ object: DocumentObject) -> Bool {
        fields.allSatisfy { field in field.matches(in: object) }
            && alternatives.allSatisfy { choices in choices.contains { $0.matches(object) } }
    }

    /// A field that is not there satisfies only `{"exists": false}`.
    fileprivate var holdsForNothing: Bool {
        fields.allSatisfy { $0.node.holdsForNothing }
            && alternatives.allSatisfy { choices in choices.contains { $0.holdsForNothing } }
    }
}

extension EventPattern.Node {
    fileprivate var holdsForNothing: Bool {
        switch self {
        case .values(let matchers): matchers.contains(.exists(false))
        case .object(let pattern): pattern.holdsForNothing
        }
    }

    fileprivate func matches(_ value: DocumentValue?) -> Bool {
        switch self {
        case .object(let pattern): return pattern.matches(value)
        case .values(let matchers):
            var leaves: [DocumentValue] = []
            Self.collectLeaves(of: value, into: &leaves)
            return matchers.contains { $0.matches(leaves) }
        }
    }

    /// Objects are no values: only what stands at the end of a path is compared.
    private static func collectLeaves(of value: DocumentValue?, into leaves: inout [DocumentValue]) {
        switch value {
        case nil, .object: break
        case .list(let list): for element in list { collectLeaves(of: element, into: &leaves) }
        case .some(let leaf): leaves.append(leaf)
        }
    }
}

extension EventPattern.Field {
    fileprivate func matches(in object: DocumentObject) -> Bool {
        if let value = object[name] { return node.matches(value) }
        // AWS joins names with dots before it compares, so `{"a.b": 1}` is what `{"a": {"b": [1]}}` asks for.
        let prefix = name + "."
        var joined = DocumentObject()
        for (key, value) in object where key.hasPrefix(prefix) {
            joined[String(key.dropFirst(prefix.count))] = value
        }
        return node.matches(joined.isEmpty ? nil : .object(joined))
    }
}
