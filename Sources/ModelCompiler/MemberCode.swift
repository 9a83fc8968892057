import AWSModel

/// The Swift code of one member of a structure: its declaration, how it is read and how it is written.
struct MemberCode {
    let name: String
    let isOptional: Bool
    private let key: String
    private let type: ValueType

    init(_ member: Member, owner: Shape) {
        name = SwiftNames.member(member.name)
        key = member.name
        type = ValueType(member, containing: owner)
        isOptional = !member.isRequired
    }

    var declaredType: String { type.name + (isOptional ? "?" : "") }
    var decoding: String { "document.\(type.accessor(key))" + (isOptional ? "" : " ?? \(type.empty)") }
    var encoding: String { type.put(key, name) }
}

/// How a shape is represented.
indirect enum ValueType {
    case string, bool, integer, double, timestamp, bytes, document
    /// A structure that contains itself: kept as a document, since a value cannot hold itself.
    case recursive
    case structure(String)
    case list(ValueType)
    case map(ValueType)

    init(_ member: Member, containing owner: Shape? = nil) {
        let shape = member.shape
        if member.isJSONValue || shape.isDocument {
            self = .document
            return
        }
        switch shape.kind {
        case .string, .character: self = .string
        case .boolean: self = .bool
        case .integer, .long: self = .integer
        case .float, .double: self = .double
        case .timestamp: self = .timestamp
        case .blob: self = .bytes
        case .structure:
            let holdsItself = owner.map { Self.holds($0, within: shape, seen: []) } ?? false
            self = holdsItself ? .recursive : .structure(SwiftNames.type(shape.name))
        case .list: self = .list(shape.element.map { ValueType($0) } ?? .document)
        case .map: self = .map(shape.element.map { ValueType($0) } ?? .document)
        }
    }

    /// Whether a value of `shape` holds one of `target` without a list or map between.
    private static func holds(_ target: Shape, within shape: Shape, seen: Set<String>) -> Bool {
        if shape === target { return true }
        guard !seen.contains(shape.name) else { return false }
        return shape.members.contains {
            $0.shape.kind == .structure && holds(target, within: $0.shape, seen: seen.union([shape.name]))
        }
    }

    var name: String {
        switch self {
        case .string: "String"
        case .bool: "Bool"
        case .integer: "Int"
        case .double: "Double"
        case .timestamp: "Instant"
        case .bytes: "[UInt8]"
        case .document: "DocumentValue"
        case .recursive: "DocumentObject"
        case .structure(let name): name
        case .list(let element): "[\(element.name)]"
        case .map(let element): "[String: \(element.name)]"
        }
    }

    /// What a required member is where the document lacks it.
    var empty: String {
        switch self {
        case .string: "\"\""
        case .bool: "false"
        case .integer, .double: "0"
        case .timestamp: ".epoch"
        case .bytes, .list: "[]"
        case .document: ".null"
        case .recursive, .map: "[:]"
        case .structure(let name): "\(name)(DocumentObject())"
        }
    }

    func accessor(_ key: String) -> String {
        switch self {
        case .string: "string(\"\(key)\")"
        case .bool: "bool(\"\(key)\")"
        case .integer: "integer(\"\(key)\")"
        case .double: "double(\"\(key)\")"
        case .timestamp: "timestamp(\"\(key)\")"
        case .bytes: "bytes(\"\(key)\")"
        case .document: "value(\"\(key)\")"
        case .recursive: "object(\"\(key)\")"
        case .structure: "structure(\"\(key)\")"
        case .list(.string): "strings(\"\(key)\")"
        case .map(.string): "stringMap(\"\(key)\")"
        case .list(.structure): "structures(\"\(key)\")"
        case .map(.structure): "structureMap(\"\(key)\")"
        case .list(let element): "elements(\"\(key)\") { \(element.read("$0")) }"
        case .map(let element): "entries(\"\(key)\") { \(element.read("$0")) }"
        }
    }

    /// An optional of this type from a `DocumentValue`.
    private func read(_ value: String) -> String {
        switch self {
        case .string: "\(value).string"
        case .bool: "\(value).bool"
        case .integer: "\(value).integer.map(Int.init(clamping:))"
        case .double: "\(value).double"
        case .timestamp: "\(value).timestamp"
        case .bytes: "\(value).bytes"
        case .document: value
        case .recursive: "\(value).object"
        case .structure(let name): "\(value).object.map { \(name)($0) }"
        case .list(let element): "\(value).list?.compactMap { \(element.read("$0")) }"
        case .map(let element): "\(value).object?.entries { \(element.read("$0")) }"
        }
    }

    func put(_ key: String, _ variable: String) -> String {
        let arguments = "(\"\(key)\", \(variable))"
        return switch self {
        case .string: "putString\(arguments)"
        case .bool: "putBool\(arguments)"
        case .integer: "putInteger\(arguments)"
        case .double: "putDouble\(arguments)"
        case .timestamp: "putTimestamp\(arguments)"
        case .bytes: "putBytes\(arguments)"
        case .document: "putValue\(arguments)"
        case .recursive: "putValue(\"\(key)\", \(variable).map(DocumentValue.object))"
        case .structure: "putStructure\(arguments)"
        case .list(.string): "putStrings\(arguments)"
        case .map(.string): "putStringMap\(arguments)"
        case .list(.structure): "putStructures\(arguments)"
        case .map(.structure): "putStructureMap\(arguments)"
        case .list(let element): "putElements\(arguments) { \(element.write("$0")) }"
        case .map(let element): "putEntries\(arguments) { \(element.write("$0")) }"
        }
    }

    /// A `DocumentValue` from a value of this type.
    private func write(_ value: String) -> String {
        switch self {
        case .string: ".string(\(value))"
        case .bool: ".bool(\(value))"
        case .integer: ".integer(Int64(\(value)))"
        case .double: ".number(\(value))"
        case .timestamp: ".timestamp(\(value))"
        case .bytes: ".bytes(\(value))"
        case .document: value
        case .recursive: ".object(\(value))"
        case .structure: ".object(\(value).document)"
        case .list(let element): ".list(\(value).map { \(element.write("$0")) })"
        case .map(let element): ".entries(\(value)) { \(element.write("$0")) }"
        }
    }
}
