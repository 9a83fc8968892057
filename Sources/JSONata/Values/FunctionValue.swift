/// Something that can be called.
final class FunctionValue {
    typealias Native = @Sendable (Evaluator, [Value], Value) throws(JSONataError) -> Value

    enum Body {
        /// Written in the expression, with what it closes over.
        case lambda(Node, input: Value, frame: Frame)
        case native(Native)
        /// A regular expression: a function from a string to its first match.
        case regex(RegularExpression)
    }

    let body: Body
    /// How long a chain of functions hangs on this one: each step of it costs stack, when called and when released.
    let height: Int
    let signature: Signature?
    /// How many arguments it takes, as `$map` and its kin ask.
    let arity: Int
    let parameters: [String]

    /// - Parameter height: that of the highest function or value which a native body closes over.
    init(_ body: Body, parameters: [String] = [], arity: Int, signature: Signature? = nil, height: Int = 0) {
        self.body = body
        if case .lambda(_, let input, _) = body { self.height = input.height + 1 } else { self.height = height }
        self.parameters = parameters
        self.arity = arity
        self.signature = signature
    }
}

/// Variables of one scope.
final class Frame {
    private(set) var parent: Frame?
    /// Whether the evaluator will take it apart: some function closes over it.
    var isCaptured = false
    private var names: [String] = []
    private var values: [Value] = []

    init(parent: Frame?) { self.parent = parent }

    func bind(_ name: String, _ value: Value) {
        if let index = names.firstIndex(of: name) {
            values[index] = value
        } else {
            names.append(name)
            values.append(value)
        }
    }

    /// Lets go of everything: a function bound in the frame that it closes over would keep both for ever.
    func clear() {
        names = []
        values = []
        parent = nil
    }

    /// The value of a variable, or nil where no scope binds it.
    func lookup(_ name: String) -> Value? {
        var frame: Frame? = self
        while let current = frame {
            if let index = current.names.firstIndex(of: name) { return current.values[index] }
            frame = current.parent
        }
        return nil
    }
}
