import AWSModel

/// Translates between a state's parameters and results, named and typed as the Java SDK has them, and documents as the
/// service's model has them.
enum SDKDocuments {
    /// A state's parameters as an operation's input.
    /// AWS: where the operation wants a text, anything else goes in as its JSON.
    static func request(_ parameters: DocumentObject, _ shape: Shape?) throws(Fault) -> DocumentObject {
        var input = DocumentObject(minimumCapacity: parameters.count)
        for (name, value) in parameters {
            guard let member = shape.flatMap({ member(named: name, of: $0) }) else {
                throw Fault(sentence: "The field '\(name)' is not supported by Step Functions")
            }
            input[member.name] = try translated(value, member.shape, name)
        }
        return input
    }

    /// A parameter that the operation does not have, or not as that.
    struct Fault: Error {
        var sentence: String
    }

    static func member(named name: String, of shape: Shape) -> Member? {
        if let member = shape.member(name) { return member }
        if let member = shape.member(name.prefix(1).lowercased() + name.dropFirst()) { return member }
        return shape.members.first { SDKNames.pascal($0.name) == name }
    }

    private static func translated(
        _ value: DocumentValue, _ shape: Shape, _ name: String
    ) throws(Fault) -> DocumentValue {
        if shape.isDocument { return value }
        switch (shape.kind, value) {
        case (_, .null): return .null
        case (.structure, .object(let object)): return .object(try request(object, shape))
        case (.list, .list(let list)):
            guard let element = shape.element?.shape else { return value }
            var items: [DocumentValue] = []
            for item in list { items.append(try translated(item, element, name)) }
            return .list(items)
        case (.map, .object(let object)):
            guard let element = shape.element?.shape else { return value }
            var members = DocumentObject(minimumCapacity: object.count)
            for (key, item) in object { members[key] = try translated(item, element, name) }
            return .object(members)
        case (.string, .string): return value
        case (.string, _): return .string(JSONWriter.string(value))
        case (.blob, .string(let text)): return .bytes(Array(text.utf8))
        case (.blob, _): return .bytes(Array(JSONWriter.string(value).utf8))
        case (.timestamp, .string(let text)): return Instant(iso8601: text).map { .timestamp($0) } ?? value
        case (.timestamp, .integer(let seconds)): return .timestamp(Instant(epochSeconds: Double(seconds)))
        case (.timestamp, .number(let seconds)): return .timestamp(Instant(epochSeconds: seconds))
        case (.integer, .string(let text)), (.long, .string(let text)):
            guard let number = Int64(text) else { break }
            return .integer(number)
        case (.boolean, .string("true")): return true
        case (.boolean, .string("false")): return false
        case (.integer, .integer), (.long, .integer), (.boolean, .bool), (.float, .integer), (.float, .number),
            (.double, .integer), (.double, .number):
            return value
        default: break
        }
        guard let wanted = wanted(shape) else { return value }
        // AWS: in these words, such as "must be an INTEGER".
        throw Fault(sentence: "The value for the field '\(name)' must be \(wanted)")
    }

    private static func wanted(_ shape: Shape) -> String? {
        switch shape.kind {
        case .integer, .long: "an INTEGER"
        case .float, .double: "a NUMBER"
        case .boolean: "a BOOLEAN"
        case .list: "an ARRAY"
        case .structure, .map: "an OBJECT"
        default: nil
        }
    }

    /// How a result writes points in time.
    enum Timestamps {
        /// `2026-01-01T00:00:00Z`: version 2 of the SDK.
        case iso8601
        /// Milliseconds since 1970: version 1, behind the optimized integrations.
        case milliseconds
    }

    /// An operation's output as a state's result.
    static func response(_ output: DocumentObject, _ shape: Shape?, timestamps: Timestamps = .iso8601) -> DocumentObject
    {
        var result = DocumentObject(minimumCapacity: output.count)
        for (name, value) in output where !value.isNull {
            let member = shape?.member(name)
            let key =
                timestamps == .iso8601 ? SDKNames.pascal(name) : name.prefix(1).uppercased() + name.dropFirst()
            result[key] = shown(value, member?.shape, timestamps)
        }
        return result
    }

    private static func shown(_ value: DocumentValue, _ shape: Shape?, _ timestamps: Timestamps) -> DocumentValue {
        switch value {
        case .object(let object):
            guard shape?.isDocument != true else { return value }
            guard shape?.kind == .map else { return .object(response(object, shape, timestamps: timestamps)) }
            return .object(
                DocumentObject(object.map { ($0, shown($1, shape?.element?.shape, timestamps)) }))
        case .list(let list): return .list(list.map { shown($0, shape?.element?.shape, timestamps) })
        case .bytes(let bytes):
            // AWS: bodies that are text are shown as text.
            return String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .string(Base64.encode(bytes))
        case .timestamp(let instant): return shown(instant, timestamps)
        case .number(let seconds) where shape?.kind == .timestamp:
            return shown(Instant(epochSeconds: seconds), timestamps)
        case .integer(let seconds) where shape?.kind == .timestamp:
            return shown(Instant(epochSeconds: Double(seconds)), timestamps)
        default: return value
        }
    }

    private static func shown(_ instant: Instant, _ timestamps: Timestamps) -> DocumentValue {
        switch timestamps {
        case .iso8601: .string(instant.iso8601(milliseconds: instant.microseconds % 1_000_000 != 0))
        case .milliseconds: .integer(instant.epochMilliseconds)
        }
    }
}
