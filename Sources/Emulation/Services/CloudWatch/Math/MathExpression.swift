/// Metric math as it was written: `IF(m1 > AVG(m1), m1, 0)`, `SUM(METRICS("errors"))`, `[m1, m2]`.
indirect enum MathExpression: Hashable {
    enum Operator: String {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case power = "^"

        /// Higher binds tighter.
        var precedence: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .equal, .notEqual: 3
            case .less, .lessOrEqual, .greater, .greaterOrEqual: 4
            case .plus, .minus: 5
            case .times, .divided: 6
            case .power: 7
            }
        }
    }

    case number(Double)
    case text(String)
    /// The id of another query, or a word such as `REPEAT` or `DESC`.
    case name(String)
    case call(String, [MathExpression])
    case negative(MathExpression)
    case binary(Operator, MathExpression, MathExpression)
    case array([MathExpression])

    /// Ids of queries that this one reads. Words in upper case are none: ids begin with a lower-case letter.
    var references: Set<String> {
        switch self {
        case .number, .text: []
        case .name(let name): name.first?.isLowercase == true ? [name] : []
        case .call(_, let arguments), .array(let arguments):
            arguments.reduce(into: Set<String>()) { $0.formUnion($1.references) }
        case .negative(let inner): inner.references
        case .binary(_, let left, let right): left.references.union(right.references)
        }
    }

    /// Whether a function is called anywhere in it.
    func calls(_ function: String) -> Bool {
        switch self {
        case .number, .text, .name: false
        case .call(let name, let arguments): name == function || arguments.contains { $0.calls(function) }
        case .array(let elements): elements.contains { $0.calls(function) }
        case .negative(let inner): inner.calls(function)
        case .binary(_, let left, let right): left.calls(function) || right.calls(function)
        }
    }
}

/// What is wrong with an expression, in CloudWatch's words.
struct MathError: Error, Hashable {
    var message: String
    init(_ message: String) { self.message = message }
    static let syntax = MathError("Invalid syntax")
}

/// Reads metric math.
struct MathParser {
    private enum Token: Hashable {
        case number(Double)
        case text(String)
        case name(String)
        case symbol(String)
    }

    private var tokens: [Token] = []
    private var position = 0

    static func parse(_ source: String) throws(MathError) -> MathExpression {
        var parser = MathParser()
        parser.tokens = try tokens(of: source)
        let expression = try parser.expression(above: 0)
        guard parser.position == parser.tokens.count else { throw .syntax }
        return expression
    }

    private static let symbols = [
        "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "^", "(", ")", ",", "[", "]",
    ]

    private static func tokens(of source: String) throws(MathError) -> [Token] {
        let text = Array(source.unicodeScalars)
        var tokens: [Token] = []
        var index = 0
        while index < text.count {
            let scalar = text[index]
            if scalar.properties.isWhitespace {
                index += 1
            } else if scalar == "'" || scalar == "\"" {
                var content = String.UnicodeScalarView()
                index += 1
                while index < text.count, text[index] != scalar {
                    if text[index] == "\\", index + 1 < text.count { index += 1 }
                    content.append(text[index])
                    index += 1
                }
                guard index < text.count else { throw .syntax }
                index += 1
                tokens.append(.text(String(content)))
            } else if isDigit(scalar) || scalar == "." {
                var end = index
                while end < text.count, isDigit(text[end]) || text[end] == "." { end += 1 }
                if end < text.count, text[end] == "e" || text[end] == "E" {
                    var exponent = end + 1
                    if exponent < text.count, text[exponent] == "+" || text[exponent] == "-" { exponent += 1 }
                    if exponent < text.count, isDigit(text[exponent]) {
                        while exponent < text.count, isDigit(text[exponent]) { exponent += 1 }
                        end = exponent
                    }
                }
                guard let number = Double(String(String.UnicodeScalarView(text[index..<end]))) else { throw .syntax }
                tokens.append(.number(number))
                index = end
            } else if isLetter(scalar) {
                var end = index
                while end < text.count, isLetter(text[end]) || isDigit(text[end]) { end += 1 }
                let name = String(String.UnicodeScalarView(text[index..<end]))
                switch name {
                case "AND": tokens.append(.symbol("&&"))
                case "OR": tokens.append(.symbol("||"))
                default: tokens.append(.name(name))
                }
                index = end
            } else if let symbol = symbols.first(where: { starts(text, index, $0) }) {
                tokens.append(.symbol(symbol))
                index += symbol.unicodeScalars.count
            } else {
                throw .syntax
            }
        }
        return tokens
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    private static func starts(_ text: [Unicode.Scalar], _ index: Int, _ symbol: String) -> Bool {
        text[index...].starts(with: symbol.unicodeScalars)
    }

    private func nextOperator() -> MathExpression.Operator? {
        guard position < tokens.count, case .symbol(let symbol) = tokens[position] else { return nil }
        return MathExpression.Operator(rawValue: symbol)
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard position < tokens.count, tokens[position] == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expression(above precedence: Int) throws(MathError) -> MathExpression {
        var left = try operand()
        while let next = nextOperator(), next.precedence > precedence {
            position += 1
            left = .binary(next, left, try expression(above: next.precedence))
        }
        return left
    }

    private mutating func operand() throws(MathError) -> MathExpression {
        if take("-") { return .negative(try operand()) }
        if take("+") { return try operand() }
        if take("(") {
            let inner = try expression(above: 0)
            guard take(")") else { throw .syntax }
            return inner
        }
        if take("[") { return .array(try list(until: "]")) }
        guard position < tokens.count else { throw .syntax }
        defer { position += 1 }
        switch tokens[position] {
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .symbol: throw .syntax
        case .name(let name):
            guard position + 1 < tokens.count, tokens[position + 1] == .symbol("(") else { return .name(name) }
            position += 2
            let arguments = try list(until: ")")
            position -= 1
            return .call(name.uppercased(), arguments)
        }
    }

    private mutating func list(until end: String) throws(MathError) -> [MathExpression] {
        if take(end) { return [] }
        var elements = [try expression(above: 0)]
        while take(",") { elements.append(try expression(above: 0)) }
        guard take(end) else { throw .syntax }
        return elements
    }
}
