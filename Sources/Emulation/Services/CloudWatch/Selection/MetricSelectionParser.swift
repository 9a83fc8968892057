/// Reads a query of Metrics Insights. AWS: keywords in any case; names with characters other than letters, digits and
/// underscores stand in double quotes, label values in single ones.
struct MetricSelectionParser {
    private enum Token: Hashable {
        /// A bare word.
        case word(String)
        /// In double quotes.
        case name(String)
        /// In single quotes.
        case text(String)
        case symbol(String)
    }

    private var tokens: [Token] = []
    private var position = 0

    static func parse(_ source: String) throws(MathError) -> MetricSelection {
        var parser = MetricSelectionParser()
        parser.tokens = try tokens(of: source)
        let selection = try parser.selection()
        guard parser.position == parser.tokens.count else { throw parser.unexpected }
        return selection
    }

    // MARK: Words

    private static func tokens(of source: String) throws(MathError) -> [Token] {
        var tokens: [Token] = []
        var rest = source[...]
        while let character = rest.first {
            if character.isWhitespace {
                rest.removeFirst()
            } else if character == "'" || character == "\"" {
                let content = try quoted(&rest, character)
                tokens.append(character == "'" ? .text(content) : .name(content))
            } else if rest.hasPrefix("!=") {
                tokens.append(.symbol("!="))
                rest.removeFirst(2)
            } else if "(),=".contains(character) {
                tokens.append(.symbol(String(character)))
                rest.removeFirst()
            } else {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == ":" }
                guard !word.isEmpty else { throw MathError("Syntax error: unexpected character '\(character)'") }
                tokens.append(.word(String(word)))
                rest = rest[word.endIndex...]
            }
        }
        return tokens
    }

    /// A quotation mark inside is doubled, or stands behind a backslash.
    private static func quoted(_ rest: inout Substring, _ quote: Character) throws(MathError) -> String {
        rest.removeFirst()
        var content = ""
        while let character = rest.popFirst() {
            if character == "\\", let next = rest.first {
                content.append(next)
                rest.removeFirst()
            } else if character == quote {
                guard rest.first == quote else { return content }
                content.append(quote)
                rest.removeFirst()
            } else {
                content.append(character)
            }
        }
        throw MathError("Syntax error: a quotation is not closed")
    }

    private var unexpected: MathError {
        guard position < tokens.count else { return MathError("Syntax error: unexpected end of the query") }
        let text =
            switch tokens[position] {
            case .word(let text), .symbol(let text): text
            case .name(let text): "\"\(text)\""
            case .text(let text): "'\(text)'"
            }
        return MathError("Syntax error: unexpected \(text)")
    }

    private mutating func take(_ keyword: String) -> Bool {
        guard position < tokens.count, case .word(let word) = tokens[position], word.uppercased() == keyword else {
            return false
        }
        position += 1
        return true
    }

    private mutating func take(symbol: String) -> Bool {
        guard position < tokens.count, tokens[position] == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ keyword: String) throws(MathError) {
        guard take(keyword) else { throw unexpected }
    }

    private mutating func expect(symbol: String) throws(MathError) {
        guard take(symbol: symbol) else { throw unexpected }
    }

    private mutating func name() throws(MathError) -> String {
        guard position < tokens.count else { throw unexpected }
        switch tokens[position] {
        case .word(let name), .name(let name):
            position += 1
            return name
        default: throw unexpected
        }
    }

    private mutating func names() throws(MathError) -> [String] {
        var names = [try name()]
        while take(symbol: ",") { names.append(try name()) }
        return names
    }

    private mutating func function() throws(MathError) -> MetricSelection.Function {
        guard position < tokens.count, case .word(let word) = tokens[position],
            let function = MetricSelection.Function(rawValue: word.uppercased())
        else { throw unexpected }
        position += 1
        return function
    }

    // MARK: Clauses

    private mutating func selection() throws(MathError) -> MetricSelection {
        try expect("SELECT")
        let function = try function()
        try expect(symbol: "(")
        let metricName = try name()
        try expect(symbol: ")")
        try expect("FROM")
        var selection = MetricSelection(function: function, metricName: metricName, namespace: "")
        if take("SCHEMA") {
            try expect(symbol: "(")
            var parts = try names()
            try expect(symbol: ")")
            selection.namespace = parts.removeFirst()
            selection.schema = Set(parts)
        } else {
            selection.namespace = try name()
        }
        if take("WHERE") { selection.conditions = try conditions() }
        if take("GROUP") {
            try expect("BY")
            selection.groups = try names()
        }
        if take("ORDER") {
            try expect("BY")
            selection.order = try order()
        }
        if take("LIMIT") { selection.limit = try limit() }
        return selection
    }

    private mutating func conditions() throws(MathError) -> [MetricSelection.Condition] {
        var conditions: [MetricSelection.Condition] = []
        repeat {
            let label = try name()
            let isEqual = take(symbol: "=")
            if !isEqual { try expect(symbol: "!=") }
            guard position < tokens.count, case .text(let value) = tokens[position] else { throw unexpected }
            position += 1
            conditions.append(.init(label: label, isEqual: isEqual, value: value))
        } while take("AND")
        return conditions
    }

    /// AWS: ascending unless said otherwise.
    private mutating func order() throws(MathError) -> MetricSelection.Order {
        let function = try function()
        try expect(symbol: "(")
        try expect(symbol: ")")
        let isDescending = take("DESC")
        if !isDescending { _ = take("ASC") }
        return .init(function: function, isDescending: isDescending)
    }

    private mutating func limit() throws(MathError) -> Int {
        guard position < tokens.count, case .word(let word) = tokens[position], let limit = Int(word) else {
            throw unexpected
        }
        guard (1...MetricSelection.mostLines).contains(limit) else {
            throw MathError("LIMIT must be between 1 and \(MetricSelection.mostLines)")
        }
        position += 1
        return limit
    }
}
