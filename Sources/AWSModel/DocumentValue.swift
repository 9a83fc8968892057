/// One value of a request, a reply, a payload or a States Language document.
///
/// Wire formats decode into it and encode from it; `bytes` and `timestamp` exist only where a service
/// model says so (JSON text itself yields neither).
public enum DocumentValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case bytes([UInt8])
    case timestamp(Instant)
    case list([DocumentValue])
    case object(DocumentObject)

    /// Numbers are equal by value: JSON knows no difference between `1` and `1.0`.
    public static func == (left: DocumentValue, right: DocumentValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
        // By code points: for Swift's own `==` composed and decomposed letters are one.
        case (.string(let a), .string(let b)): a == b && a.utf8.elementsEqual(b.utf8)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0 as UInt8)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(Double(value))
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .bytes(let value): hasher.combine(value)
        case .timestamp(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

extension DocumentValue {
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var list: [DocumentValue]? { if case .list(let value) = self { value } else { nil } }
    public var object: DocumentObject? { if case .object(let value) = self { value } else { nil } }
    public var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    public var timestamp: Instant? { if case .timestamp(let value) = self { value } else { nil } }
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// A whole number, also where it was written `1.0`.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// Any number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The member of an object; nil for anything else.
    public subscript(key: String) -> DocumentValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The element of a list; nil for anything else and outside its bounds.
    public subscript(index: Int) -> DocumentValue? {
        if case .list(let list) = self, list.indices.contains(index) { list[index] } else { nil }
    }
}

extension DocumentValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: DocumentValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, DocumentValue)...) {
        self = .object(DocumentObject(elements))
    }
    public init(nilLiteral: ()) { self = .null }
}
