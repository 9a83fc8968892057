import AWSModel

/// A value while an expression is evaluated. Arrays and objects are shared, as in the reference.
enum Value {
    case undefined
    case null
    case bool(Bool)
    case number(Double)
    /// A whole number that a Double does not hold exactly, carried through as it is.
    case whole(Int64)
    case string(String)
    case array(ArrayValue)
    case object(ObjectValue)
    case function(FunctionValue)
}

/// An array with the marks that decide how the reference flattens and unwraps it.
final class ArrayValue {
    private var loaded: [Value]
    private var source: [DocumentValue]?
    /// A result sequence: of one element it becomes that element.
    var isSequence: Bool
    /// A sequence that stays an array also with one element (`[]`).
    var keepsSingleton = false
    /// The root input, wrapped so that its elements are not mistaken for a sequence.
    var isOuterWrapper = false
    /// Made by an array constructor in a path: not flattened into the result.
    var isConstructed = false
    /// Elements are tuples of bindings (`@`, `#`, `%`).
    var isTupleStream = false

    /// How deep arrays and objects made here are nested; what came from a document counts as flat.
    private(set) var height = 0

    init(_ items: [Value] = [], isSequence: Bool = false) {
        loaded = items
        self.isSequence = isSequence
        for item in items { height = max(height, item.height + 1) }
    }

    /// Elements are converted when they are first looked at.
    init(document: [DocumentValue]) {
        loaded = []
        source = document
        isSequence = false
    }

    var count: Int { source?.count ?? loaded.count }

    var items: [Value] {
        load()
        return loaded
    }

    func append(_ value: Value) {
        load()
        loaded.append(value)
        height = max(height, value.height + 1)
    }

    subscript(index: Int) -> Value {
        load()
        return index >= 0 && index < loaded.count ? loaded[index] : .undefined
    }

    private func load() {
        guard let source else { return }
        loaded = source.map { Value($0) }
        self.source = nil
    }
}

/// An object, members in order.
final class ObjectValue {
    private var loadedKeys: [String] = []
    private var loadedValues: [Value] = []
    private var source: DocumentObject?
    private var positions: [String: Int]?
    /// How deep arrays and objects made here are nested.
    private(set) var height = 0

    init() {}
    init(document: DocumentObject) { source = document }

    var count: Int { source?.count ?? loadedKeys.count }
    var keys: [String] { source?.keys ?? loadedKeys }
    var values: [Value] {
        load()
        return loadedValues
    }

    subscript(key: String) -> Value {
        get {
            load()
            return position(of: key).map { loadedValues[$0] } ?? .undefined
        }
        set {
            load()
            height = max(height, newValue.height + 1)
            if let position = position(of: key) {
                loadedValues[position] = newValue
            } else {
                positions?[key] = loadedKeys.count
                loadedKeys.append(key)
                loadedValues.append(newValue)
                if loadedKeys.count == 12 { rebuildPositions() }
            }
        }
    }

    func remove(_ key: String) {
        load()
        guard let position = position(of: key) else { return }
        loadedKeys.remove(at: position)
        loadedValues.remove(at: position)
        if positions != nil { rebuildPositions() }
    }

    private func position(of key: String) -> Int? {
        if let positions {
            guard let position = positions[key] else { return nil }
            if loadedKeys[position].isSameText(as: key) { return position }
        }
        return loadedKeys.firstIndex { $0 == key && $0.isSameText(as: key) }
    }

    private func rebuildPositions() {
        positions = Dictionary(zip(loadedKeys, loadedKeys.indices), uniquingKeysWith: { _, later in later })
    }

    private func load() {
        guard let source else { return }
        loadedKeys = source.keys
        loadedValues = source.values.map { Value($0) }
        self.source = nil
        if loadedKeys.count >= 12 { rebuildPositions() }
    }
}

extension Value {
    init(_ document: DocumentValue) {
        switch document {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value):
            self = value.magnitude > 9_007_199_254_740_992 ? .whole(value) : .number(Double(value))
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .bytes(let value): self = .string(Base64.encode(value))
        case .timestamp(let value): self = .number(value.epochSeconds)
        case .list(let list): self = .array(ArrayValue(document: list))
        case .object(let object): self = .object(ObjectValue(document: object))
        }
    }

    static func list(_ items: [Value]) -> Value { .array(ArrayValue(items)) }
    static func sequence(_ items: [Value]) -> Value { .array(ArrayValue(items, isSequence: true)) }

    /// Deeper values are refused: comparing or releasing them would need as much stack.
    static let maximumHeight = 400

    var height: Int {
        switch self {
        case .array(let array): array.height
        case .object(let object): object.height
        case .function(let function): function.height
        default: 0
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    var array: ArrayValue? { if case .array(let array) = self { array } else { nil } }
    var object: ObjectValue? { if case .object(let object) = self { object } else { nil } }
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = plain { number } else { nil } }
    /// As it is computed with: large whole numbers lose their last digits.
    var plain: Value { if case .whole(let number) = self { .number(Double(number)) } else { self } }
    var function: FunctionValue? { if case .function(let function) = self { function } else { nil } }

    /// The document this value is, nil where it is undefined or a function.
    ///
    /// - Parameter namesInfinity: numbers that JSON cannot say become their names instead of null.
    func document(depth: Int, namesInfinity: Bool) throws(JSONataError) -> DocumentValue? {
        guard depth < 400 else { throw JSONataError("U1001") }
        switch self {
        case .undefined, .function: return nil
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let value):
            if let whole = Int64(exactly: value), namesInfinity || whole.magnitude < 9_007_199_254_740_992 {
                return .integer(whole)
            }
            return namesInfinity && !value.isFinite ? .string(NumberText.text(value)) : .number(value)
        case .whole(let value): return .integer(value)
        case .string(let text): return .string(text)
        case .array(let array):
            var list: [DocumentValue] = []
            list.reserveCapacity(array.count)
            for item in array.items {
                list.append(try item.document(depth: depth + 1, namesInfinity: namesInfinity) ?? .null)
            }
            return .list(list)
        case .object(let object):
            var result = DocumentObject(minimumCapacity: object.count)
            for (key, value) in zip(object.keys, object.values) {
                if let member = try value.document(depth: depth + 1, namesInfinity: namesInfinity) {
                    result.append(key, member)
                }
            }
            return .object(result)
        }
    }
}
