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

    /// Parses pattern text.
    public init(_ text: String) throws(EventPatternError) {
        let value: DocumentValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.parse(text)
        } catch {
            throw EventPatternError(error.description)
        }
        guard let object = value.object else { throw EventPatternError("Filter is not an object") }
        try self.init(object)
    }

    public init(_ object: DocumentObject) throws(EventPatternError) {
        guard !object.isEmpty else { throw EventPatternError("Empty patterns are not allowed") }
        root = try EventPatternParser.object(object)
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

/// Why a pattern is refused, in AWS's words without the position.
public struct EventPatternError: Error, Sendable, Hashable {
    public var reason: String
    public init(_ reason: String) { self.reason = reason }
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
