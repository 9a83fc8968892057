import AWSModel

/// A parsed JSONata expression: parse once, evaluate often.
///
/// The tree is never changed after parsing, which is why it may be shared: `@unchecked` is safe.
public struct JSONataExpression: @unchecked Sendable {
    public let source: String
    let root: Node

    public init(parsing source: String) throws(JSONataError) {
        self.source = source
        root = try Parser.parse(source)
    }

    /// The names of all variables the expression refers to, without `$`, in order of first appearance. Those it binds
    /// itself are among them; `$` and `$$` are not.
    public var referencedVariables: [String] {
        var names: [String] = []
        var lexer = Lexer(source)
        var isAfterOperand = false
        while let token = try? lexer.next(isOperatorAllowed: isAfterOperand) {
            switch token.kind {
            case .end: return names
            case .variable:
                if !token.text.isEmpty, token.text != "$", !names.contains(token.text) { names.append(token.text) }
                isAfterOperand = true
            case .name, .string, .number, .value, .regex, .word: isAfterOperand = true
            case .symbol: isAfterOperand = token.text == ")" || token.text == "]" || token.text == "}"
            }
        }
        return names
    }

    /// What the expression reads from the input as a whole, in order of first appearance: names of members, `$` and
    /// `$$`; and `$states.errorOutput`, which is not everywhere.
    public var contextReferences: [String] {
        var names: [String] = []
        root.collectContextReferences(&names)
        return names
    }

    /// Evaluates against an input; nil stands for undefined, on both sides.
    public func evaluate(
        _ input: DocumentValue?, bindings: [String: DocumentValue] = [:], in environment: inout JSONataEnvironment
    ) throws(JSONataError) -> DocumentValue? {
        let evaluator = Evaluator(environment: environment)
        defer {
            environment.random = evaluator.random
            evaluator.finish()
        }
        let frame = Frame(parent: nil)
        for (name, value) in bindings { frame.bind(name, Value(value)) }
        var value = input.map { Value($0) } ?? .undefined
        if case .array(let array) = value {
            let wrapper = ArrayValue([.array(array)], isSequence: true)
            wrapper.isOuterWrapper = true
            value = .array(wrapper)
        }
        frame.bind("$", value)
        let result = try evaluator.run(root, value, frame)
        // AWS: `1 / 0` is the text Infinity.
        return try result.document(depth: 0, namesInfinity: environment.dialect == .stepFunctions)
    }
}
