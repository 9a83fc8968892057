import AWSModel

/// One evaluation: what it may still spend, and the meaning of every kind of node.
final class Evaluator {
    let now: Instant
    let dialect: JSONataEnvironment.Dialect
    var random: any RandomNumberGenerator & Sendable
    let digest: JSONataEnvironment.Digest?
    var steps: Int
    private let maximumDepth: Int
    private static let maximumNativeDepth = 5_000
    /// AWS: measured as the longest range and the longest text that it makes, a number being 8 bytes.
    private static let maximumBytes = 873_782 * 8
    private var stackBytes: UInt
    private var isDeep = false
    private var depth = 0
    private var nativeDepth = 0
    private var stackStart: UInt = 0
    private var functions: [String: FunctionValue] = [:]
    private var captured: [Frame] = []
    private var capturedLimit = 4_096

    init(environment: JSONataEnvironment) {
        now = environment.now
        dialect = environment.dialect
        random = environment.random
        digest = environment.digest
        steps = environment.limits.steps
        maximumDepth = environment.limits.depth
        stackBytes = UInt(max(0, environment.limits.stackBytes))
    }

    func run(_ root: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        if stackStart == 0 { stackStart = Self.stackPosition() }
        return try evaluate(root, input, frame)
    }

    /// Takes apart what functions closed over. One after the other: chains of closures may be a million long, and would
    /// need as much stack to release one another.
    func finish() {
        for frame in captured { frame.clear() }
        captured = []
    }

    /// Notes that a function closes over a frame.
    func capture(_ frame: Frame) {
        guard !frame.isCaptured else { return }
        frame.isCaptured = true
        captured.append(frame)
        guard captured.count >= capturedLimit else { return }
        // Those that nobody else knows any more go now.
        for index in captured.indices.reversed() where isKnownUniquelyReferenced(&captured[index]) {
            captured.swapAt(index, captured.count - 1)
            captured.removeLast()
        }
        capturedLimit = max(4_096, captured.count * 2)
    }

    @inline(never)
    private static func stackPosition() -> UInt {
        var mark: UInt8 = 0
        return withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    }

    /// Counts one step of work, or many.
    func spend(_ count: Int = 1) throws(JSONataError) {
        steps -= count
        if steps <= 0 { throw JSONataError("U1002") }
    }

    func lookup(_ name: String, _ frame: Frame) -> Value {
        if let value = frame.lookup(name) { return value }
        if let function = functions[name] { return .function(function) }
        guard let definition = Library.definition(named: name, dialect: dialect) else { return .undefined }
        let function = FunctionValue(
            .native(definition.body), arity: definition.arity, signature: definition.signature)
        functions[name] = function
        return .function(function)
    }

    func evaluate(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        depth += 1
        defer { depth -= 1 }
        steps -= 1
        if steps <= 0 { throw JSONataError("U1002", position: node.position) }
        guard depth <= maximumDepth else { throw tooDeep(at: node.position) }
        guard isStackUsedUp else { return try resolved(node, input, frame) }
        return try continueDeep(at: node.position) { () throws(JSONataError) -> Value in
            try self.resolved(node, input, frame)
        }
    }

    private func tooDeep(at position: Int) -> JSONataError {
        var error = JSONataError("U1001", position: position)
        if dialect == .stepFunctions { error.message += " Depth=\(depth) max=\(maximumDepth)" }
        return error
    }

    /// The same bounds for functions that call functions without an expression between them.
    func descend(_ body: @escaping () throws(JSONataError) -> Value) throws(JSONataError) -> Value {
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        guard nativeDepth <= Self.maximumNativeDepth else { throw JSONataError("U1001") }
        return isStackUsedUp ? try continueDeep(at: nil, body) : try body()
    }

    private var isStackUsedUp: Bool { stackStart &- Self.stackPosition() > stackBytes }

    /// The caller's stack is used up: the rest runs on a larger one.
    private func continueDeep(
        at position: Int?, _ body: @escaping () throws(JSONataError) -> Value
    ) throws(JSONataError) -> Value {
        guard !isDeep else { throw JSONataError("U1001", position: position) }
        let before = (stackStart, stackBytes)
        isDeep = true
        defer {
            (stackStart, stackBytes) = before
            isDeep = false
        }
        return try DeepStack.run { () throws(JSONataError) -> Value in
            self.stackStart = Self.stackPosition()
            self.stackBytes = UInt(DeepStack.bytes - 512 * 1024)
            return try body()
        }
    }

    private func resolved(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        var result = try value(of: node, input, frame)
        if result.height > Value.maximumHeight { throw JSONataError("U1001", position: node.position) }
        if dialect == .stepFunctions { try checkSize(of: result, at: node.position) }
        if let predicates = node.predicates {
            for case .filter(let predicate) in predicates { result = try filter(predicate, result, frame) }
        }
        if node.kind != .path, let group = node.group { result = try grouped(group, result, frame) }
        guard case .array(let array) = result, array.isSequence, !array.isTupleStream else { return result }
        if node.keepsArray { array.keepsSingleton = true }
        if array.count == 0 { return .undefined }
        return array.count == 1 && !array.keepsSingleton ? array[0] : result
    }

    private func checkSize(of value: Value, at position: Int) throws(JSONataError) {
        let bytes =
            switch value {
            case .string(let text): text.utf8.count
            case .array(let array): array.count * 8
            default: 0
            }
        guard bytes <= Self.maximumBytes else { throw JSONataError("U1003", position: position) }
    }

    private func value(of node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        switch node.kind {
        case .path: return try path(node, input, frame)
        case .name: return try member(node.text, of: input)
        case .variable: return variable(node, input, frame)
        case .string, .number, .value: return node.literal
        case .binary: return try binary(node, input, frame)
        case .unary: return try unary(node, input, frame)
        case .function: return try call(node, input, frame, prepending: nil)
        case .condition: return try condition(node, input, frame)
        case .block: return try block(node, input, frame)
        case .bind: return try bind(node, input, frame)
        case .lambda:
            // A thunk is called at once, by whoever it is returned to.
            if !node.isTailCall { capture(frame) }
            return .function(
                FunctionValue(
                    .lambda(node, input: input, frame: frame), parameters: node.children.map(\.text),
                    arity: node.children.count, signature: node.signature))
        case .partial: return try partial(node, input, frame)
        case .apply: return try apply(node, input, frame)
        case .transform: return transform(node, frame)
        case .regex:
            guard let regex = node.regex else { return .undefined }
            return .function(FunctionValue(.regex(regex), arity: 2))
        case .wildcard: return try wildcard(input)
        case .descendant: return try descendants(of: input)
        case .parent: return node.slot.flatMap { frame.lookup($0.label) } ?? .undefined
        case .sort, .placeholder, .word, .end: return .undefined
        }
    }

    private func variable(_ node: Node, _ input: Value, _ frame: Frame) -> Value {
        guard node.text.isEmpty else { return lookup(node.text, frame) }
        if case .array(let array) = input, array.isOuterWrapper { return array[0] }
        return input
    }

    private func condition(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        guard let test = node.left else { return .undefined }
        let branch = try evaluate(test, input, frame).isTrue ? node.right : node.other
        guard let branch else { return .undefined }
        return try evaluate(branch, input, frame)
    }

    private func block(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        let scope = Frame(parent: frame)
        var result = Value.undefined
        for child in node.children { result = try evaluate(child, input, scope) }
        return result
    }

    private func bind(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        guard let name = node.left, let right = node.right else { return .undefined }
        let value = try evaluate(right, input, frame)
        frame.bind(name.text, value)
        return value
    }

    /// Members of that name: of an object, or of every object in an array.
    func member(_ name: String, of input: Value) throws(JSONataError) -> Value {
        switch input {
        case .object(let object): return object[name]
        case .array(let array):
            let result = ArrayValue(isSequence: true)
            try spend(array.count)
            for item in array.items {
                let value = try nestedMember(name, of: item, level: 0)
                if case .array(let inner) = value {
                    for item in inner.items { result.append(item) }
                } else if !value.isUndefined {
                    result.append(value)
                }
            }
            return .array(result)
        default: return .undefined
        }
    }

    private func nestedMember(_ name: String, of input: Value, level: Int) throws(JSONataError) -> Value {
        guard level < 300 else { throw JSONataError("U1001") }
        guard case .array(let array) = input else { return try member(name, of: input) }
        let result = ArrayValue(isSequence: true)
        for item in array.items {
            let value = try nestedMember(name, of: item, level: level + 1)
            if case .array(let inner) = value {
                for item in inner.items { result.append(item) }
            } else if !value.isUndefined {
                result.append(value)
            }
        }
        return .array(result)
    }

    private func wildcard(_ input: Value) throws(JSONataError) -> Value {
        var input = input
        if case .array(let array) = input, array.isOuterWrapper, array.count > 0 { input = array[0] }
        var results = ArrayValue(isSequence: true)
        let members: [Value]
        switch input {
        case .object(let object): members = object.values
        case .array(let array): members = array.items
        default: return .array(results)
        }
        for member in members {
            if case .array = member {
                // Appending an array makes a new, plain one in the reference.
                results = ArrayValue(results.items + (try flattened(member, level: 0)))
            } else {
                results.append(member)
            }
        }
        return .array(results)
    }

    private func flattened(_ value: Value, level: Int) throws(JSONataError) -> [Value] {
        guard level < 300 else { throw JSONataError("U1001") }
        guard case .array(let array) = value else { return [value] }
        var result: [Value] = []
        try spend(array.count)
        for item in array.items { result += try flattened(item, level: level + 1) }
        return result
    }

    private func descendants(of input: Value) throws(JSONataError) -> Value {
        let result = ArrayValue(isSequence: true)
        if input.isUndefined { return .array(result) }
        try collect(input, into: result, level: 0)
        return result.count == 1 ? result[0] : .array(result)
    }

    private func collect(_ value: Value, into result: ArrayValue, level: Int) throws(JSONataError) {
        guard level < 500 else { throw JSONataError("U1001") }
        try spend()
        switch value {
        case .array(let array):
            for item in array.items { try collect(item, into: result, level: level + 1) }
        case .object(let object):
            result.append(value)
            for item in object.values { try collect(item, into: result, level: level + 1) }
        default: result.append(value)
        }
    }
}
