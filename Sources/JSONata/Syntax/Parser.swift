/// Top-down operator precedence (Pratt 1973), as the reference parses.
struct Parser {
    private var lexer: Lexer
    private var token: Token
    private var depth = 0
    /// Deeper nesting is refused, so that no expression can exhaust the stack.
    static let maximumDepth = 200

    static func parse(_ source: String) throws(JSONataError) -> Node {
        var parser = Parser(source)
        try parser.advance(isOperatorAllowed: false)
        let tree = try parser.expression(0)
        guard parser.token.kind == .end else {
            throw JSONataError("S0201", position: parser.token.position, token: parser.token.text)
        }
        var builder = PathBuilder()
        let result = try builder.build(tree)
        if result.kind == .parent || result.seekingParent != nil {
            throw JSONataError("S0217", position: result.position, token: result.kind.rawValue)
        }
        return result
    }

    private init(_ source: String) {
        lexer = Lexer(source)
        token = Token(kind: .end, text: "", position: 0)
    }

    private mutating func advance(isOperatorAllowed: Bool) throws(JSONataError) {
        token = try lexer.next(isOperatorAllowed: isOperatorAllowed)
        if token.kind == .symbol, token.text == "!" || token.text == "~" {
            throw JSONataError("S0204", position: token.position, token: token.text)
        }
    }

    private mutating func expect(_ symbol: String, isOperatorAllowed: Bool = false) throws(JSONataError) {
        guard token.isSymbol(symbol) else {
            if token.kind == .end {
                throw JSONataError("S0203", position: token.position, token: "(end)", value: symbol)
            }
            throw JSONataError("S0202", position: token.position, token: token.text, value: symbol)
        }
        try advance(isOperatorAllowed: isOperatorAllowed)
    }

    private static let powers: [String: Int] = [
        ".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60,
        "=": 40, "<": 40, ">": 40, "^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "and": 30, "or": 25,
        "in": 40, "&": 50,
    ]

    private func power(of token: Token) -> Int {
        token.kind == .symbol || token.kind == .word ? Self.powers[token.text] ?? 0 : 0
    }

    private mutating func expression(_ rightPower: Int) throws(JSONataError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw JSONataError("U1001", position: token.position) }
        let first = token
        // The reference reads a slash as division here, whatever came before.
        try advance(isOperatorAllowed: true)
        var left = try prefix(first)
        var links = 0
        while rightPower < power(of: token) {
            links += 1
            // A chain of operators leans to the left: as deep as it is long.
            guard depth + links / 2 <= Self.maximumDepth * 2 else {
                throw JSONataError("U1001", position: token.position)
            }
            let infixToken = token
            try advance(isOperatorAllowed: false)
            left = try infix(infixToken, left)
        }
        return left
    }

    private func node(_ kind: Node.Kind, _ token: Token) -> Node {
        Node(kind, text: token.text, position: token.position)
    }

    // MARK: What may begin an expression

    private mutating func prefix(_ token: Token) throws(JSONataError) -> Node {
        switch token.kind {
        case .name: return node(.name, token)
        case .word: return node(.word, token)
        case .variable: return node(.variable, token)
        case .end: return node(.end, token)
        case .string:
            let result = node(.string, token)
            result.literal = .string(token.text)
            return result
        case .number:
            let result = node(.number, token)
            result.literal = .number(token.number)
            return result
        case .value:
            let result = node(.value, token)
            result.literal = token.text == "null" ? .null : .bool(token.text == "true")
            return result
        case .regex:
            let result = node(.regex, token)
            result.regex = token.regex
            return result
        case .symbol: return try prefixSymbol(token)
        }
    }

    private mutating func prefixSymbol(_ token: Token) throws(JSONataError) -> Node {
        switch token.text {
        case "*": return node(.wildcard, token)
        case "**": return node(.descendant, token)
        case "%": return node(.parent, token)
        case "-":
            let result = node(.unary, token)
            result.left = try expression(70)
            return result
        case "(": return try block(token)
        case "[": return try arrayConstructor(token)
        case "{":
            let result = node(.unary, token)
            result.pairs = try pairs()
            return result
        case "|": return try transform(token)
        default: throw JSONataError("S0211", position: token.position, token: token.text)
        }
    }

    private mutating func block(_ token: Token) throws(JSONataError) -> Node {
        let result = node(.block, token)
        while !self.token.isSymbol(")") {
            result.children.append(try expression(0))
            guard self.token.isSymbol(";") else { break }
            try expect(";")
        }
        try expect(")", isOperatorAllowed: true)
        return result
    }

    private mutating func arrayConstructor(_ token: Token) throws(JSONataError) -> Node {
        let result = node(.unary, token)
        if !self.token.isSymbol("]") {
            while true {
                var item = try expression(0)
                if self.token.isSymbol("..") {
                    let range = node(.binary, self.token)
                    try expect("..")
                    range.left = item
                    range.right = try expression(0)
                    item = range
                }
                result.children.append(item)
                guard self.token.isSymbol(",") else { break }
                try expect(",")
            }
        }
        try expect("]", isOperatorAllowed: true)
        return result
    }

    private mutating func pairs() throws(JSONataError) -> [(Node, Node)] {
        var result: [(Node, Node)] = []
        if !token.isSymbol("}") {
            while true {
                let key = try expression(0)
                try expect(":")
                result.append((key, try expression(0)))
                guard token.isSymbol(",") else { break }
                try expect(",")
            }
        }
        try expect("}", isOperatorAllowed: true)
        return result
    }

    private mutating func transform(_ token: Token) throws(JSONataError) -> Node {
        let result = node(.transform, token)
        result.left = try expression(0)
        try expect("|")
        result.right = try expression(0)
        if self.token.isSymbol(",") {
            try expect(",")
            result.other = try expression(0)
        }
        try expect("|", isOperatorAllowed: true)
        return result
    }

    // MARK: What may follow an expression

    private mutating func infix(_ token: Token, _ left: Node) throws(JSONataError) -> Node {
        let result = node(.binary, token)
        result.left = left
        switch token.text {
        case "(": return try call(token, left)
        case "[":
            if self.token.isSymbol("]") {
                var step = left
                while step.kind == .binary, step.text == "[", let inner = step.left { step = inner }
                step.keepsArray = true
                try expect("]", isOperatorAllowed: true)
                return left
            }
            result.right = try expression(0)
            try expect("]", isOperatorAllowed: true)
        case "{": result.pairs = try pairs()
        case "^": result.terms = try sortTerms()
        case "?":
            result.kind = .condition
            result.right = try expression(0)
            if self.token.isSymbol(":") {
                try expect(":")
                result.other = try expression(0)
            }
        case ":=":
            guard left.kind == .variable else { throw JSONataError("S0212", position: left.position, token: left.text) }
            result.right = try expression(9)
        case "@", "#":
            let right = try expression(80)
            guard right.kind == .variable else {
                throw JSONataError("S0214", position: right.position, token: token.text)
            }
            result.right = right
        default: result.right = try expression(power(of: token))
        }
        return result
    }

    private mutating func sortTerms() throws(JSONataError) -> [Node.Term] {
        try expect("(")
        var terms: [Node.Term] = []
        while true {
            var isDescending = false
            if token.isSymbol("<") {
                try expect("<")
            } else if token.isSymbol(">") {
                isDescending = true
                try expect(">")
            }
            terms.append(Node.Term(isDescending: isDescending, expression: try expression(0)))
            guard token.isSymbol(",") else { break }
            try expect(",")
        }
        try expect(")", isOperatorAllowed: true)
        return terms
    }

    private mutating func call(_ token: Token, _ left: Node) throws(JSONataError) -> Node {
        let result = node(.function, token)
        result.left = left
        if !self.token.isSymbol(")") {
            while true {
                if self.token.isSymbol("?") {
                    result.kind = .partial
                    result.children.append(node(.placeholder, self.token))
                    try expect("?", isOperatorAllowed: true)
                } else {
                    result.children.append(try expression(0))
                }
                guard self.token.isSymbol(",") else { break }
                try expect(",")
            }
        }
        try expect(")", isOperatorAllowed: true)
        guard left.kind == .name, left.text == "function" || left.text == "λ" else { return result }
        result.kind = .lambda
        for (index, parameter) in result.children.enumerated() where parameter.kind != .variable {
            throw JSONataError(
                "S0208", position: parameter.position, token: parameter.text, value: String(index + 1))
        }
        if self.token.isSymbol("<") { result.signature = try signature() }
        try expect("{")
        result.right = try expression(0)
        try expect("}", isOperatorAllowed: true)
        return result
    }

    private mutating func signature() throws(JSONataError) -> Signature {
        let start = token.position
        var open = 1
        var text = "<"
        while open > 0, !token.isSymbol("{"), token.kind != .end {
            try advance(isOperatorAllowed: true)
            if token.isSymbol(">") { open -= 1 } else if token.isSymbol("<") { open += 1 }
            text += token.text
        }
        try expect(">", isOperatorAllowed: true)
        return try Signature(parsing: text, position: start)
    }
}
