import AWSModel

/// What is wrong with a query, and where.
struct InsightsError: Error, Hashable {
    var message: String
    var start: Int
    var end: Int

    /// AWS: the error tells the place.
    var serviceError: ServiceError {
        ServiceError(
            "MalformedQueryException", message,
            fields: [
                "queryCompileError": [
                    "location": [
                        "startCharOffset": .integer(Int64(start)), "endCharOffset": .integer(Int64(end)),
                    ], "message": .string(message),
                ]
            ])
    }
}

/// Reads Logs Insights QL, character by character: whether a slash divides or begins a regular expression depends on
/// what comes before.
struct InsightsParser {
    private let text: [Character]
    private var position = 0
    private var subqueries: [InsightsQuery] = []
    private var isNested = false

    static func parse(_ source: String) throws(InsightsError) -> InsightsQuery {
        var parser = InsightsParser(source)
        return try parser.query()
    }

    private init(_ source: String) { text = Array(source) }

    private func error(_ what: String? = nil) -> InsightsError {
        let end = min(text.count, position + 1)
        let found = position < text.count ? "unexpected symbol found \(text[position])" : "unexpected end of the query"
        let before = text[..<min(position, text.count)]
        let line = before.count { $0.isNewline } + 1
        let column = before.reversed().prefix { !$0.isNewline }.count + 1
        return InsightsError(
            message: what ?? "\(found) at line \(line) and position \(column)", start: position, end: end)
    }

    // MARK: Words

    private mutating func skipSpaces() {
        while position < text.count {
            if text[position].isWhitespace {
                position += 1
            } else if text[position] == "#" {
                while position < text.count, !text[position].isNewline { position += 1 }
            } else {
                return
            }
        }
    }

    private func peeks(_ symbol: String) -> Bool { text[position...].starts(with: symbol) }

    private mutating func take(_ symbol: String) -> Bool {
        skipSpaces()
        guard peeks(symbol) else { return false }
        position += symbol.count
        return true
    }

    /// A word in any case that ends there.
    private mutating func take(word: String) -> Bool {
        skipSpaces()
        let end = position + word.count
        guard end <= text.count, String(text[position..<end]).lowercased() == word,
            end == text.count || !Self.isWord(text[end])
        else { return false }
        position = end
        return true
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private mutating func name() throws(InsightsError) -> String {
        skipSpaces()
        if position < text.count, text[position] == "`" {
            return try quoted("`")
        }
        let start = position
        while position < text.count, Self.isWord(text[position]) || "@.".contains(text[position]) { position += 1 }
        guard position > start else { throw error() }
        return String(text[start..<position])
    }

    private mutating func quoted(_ quote: Character) throws(InsightsError) -> String {
        position += 1
        var content = ""
        while position < text.count, text[position] != quote {
            if text[position] == "\\", position + 1 < text.count,
                text[position + 1] == quote || text[position + 1] == "\\"
            {
                position += 1
            }
            content.append(text[position])
            position += 1
        }
        guard position < text.count else { throw error() }
        position += 1
        return content
    }

    private mutating func takeText() throws(InsightsError) -> String? {
        skipSpaces()
        guard position < text.count, text[position] == "\"" || text[position] == "'" else { return nil }
        return try quoted(text[position])
    }

    private mutating func takeRegex() throws(InsightsError) -> InsightsRegex? {
        skipSpaces()
        guard position < text.count, text[position] == "/" else { return nil }
        let start = position
        position += 1
        var source = ""
        while position < text.count, text[position] != "/" {
            if text[position] == "\\", position + 1 < text.count {
                if text[position + 1] != "/" { source.append("\\") }
                position += 1
            }
            source.append(text[position])
            position += 1
        }
        guard position < text.count else { throw error() }
        position += 1
        guard let regex = InsightsRegex(source) else {
            throw InsightsError(message: "Invalid regular expression: /\(source)/", start: start, end: position)
        }
        return regex
    }

    // MARK: Commands

    private mutating func query() throws(InsightsError) -> InsightsQuery {
        skipSpaces()
        if position == text.count { return InsightsQuery(commands: []) }
        var query = try steps()
        skipSpaces()
        guard position == text.count else { throw error() }
        query.subqueries = subqueries
        return query
    }

    private mutating func steps() throws(InsightsError) -> InsightsQuery {
        var query = InsightsQuery(commands: [])
        repeat {
            if take(word: "source") {
                try source(&query)
            } else {
                query.commands.append(try command())
            }
        } while take("|")
        return query
    }

    /// `SOURCE logGroups(namePrefix: ['a', 'b'])`, `SOURCE '/aws/lambda/a'`.
    private mutating func source(_ query: inout InsightsQuery) throws(InsightsError) {
        guard take(word: "loggroups") else {
            repeat {
                let quoted = try takeText()
                if let quoted { query.sourceNames.append(quoted) } else { query.sourceNames.append(try groupName()) }
            } while take(",") || take(word: "source")
            return
        }
        guard take("(") else { throw error() }
        while !take(")") {
            guard position < text.count else { throw error() }
            if let prefix = try takeText() {
                query.sourcePrefixes.append(prefix)
            } else {
                position += 1
            }
        }
    }

    private mutating func groupName() throws(InsightsError) -> String {
        skipSpaces()
        let start = position
        while position < text.count, Self.isWord(text[position]) || "-/.#".contains(text[position]) { position += 1 }
        guard position > start else { throw error() }
        return String(text[start..<position])
    }

    /// A query in parentheses behind `in`. AWS: it holds no other.
    private mutating func subquery() throws(InsightsError) -> Int {
        guard !isNested else { throw error("Nested subqueries are not supported") }
        isNested = true
        let inner = try steps()
        guard take(")") else { throw error() }
        isNested = false
        subqueries.append(inner)
        return subqueries.count - 1
    }

    private mutating func command() throws(InsightsError) -> InsightsCommand {
        if take(word: "fields") { return .fields(try columns()) }
        if take(word: "display") { return .display(try columns()) }
        // AWS: an index makes the query quicker and changes no answer.
        if take(word: "filter") || take(word: "filterindex") { return .filter(try expression()) }
        if take(word: "pattern") { return .pattern(try expression()) }
        if take(word: "diff") {
            for comparison in [InsightsCommand.Comparison.previousDay, .previousWeek, .previousMonth]
            where take(word: comparison.rawValue) {
                return .diff(comparison)
            }
            return .diff(.before)
        }
        if take(word: "stats") {
            let aggregates = try columns()
            return .stats(aggregates, by: take(word: "by") ? try columns() : [])
        }
        if take(word: "sort") { return .sort(try orders()) }
        if take(word: "limit") {
            skipSpaces()
            guard case .literal(.number(let count)) = try primary(), count >= 1 else { throw error() }
            return .limit(Int(count))
        }
        if take(word: "parse") { return try parseCommand() }
        if take(word: "dedup") {
            var names = [try name()]
            while take(",") { names.append(try name()) }
            return .dedup(names)
        }
        if take(word: "unnest") {
            let list = try expression()
            guard take(word: "into") else { throw error() }
            return .unnest(list, try name())
        }
        for known in ["anomaly", "join", "lookup", "logcompare", "addtotals"] where take(word: known) {
            throw error("Skua does not implement the command \(known)")
        }
        throw error()
    }

    private mutating func columns() throws(InsightsError) -> [InsightsCommand.Column] {
        var columns = [try column()]
        while true {
            if take(",") {
                columns.append(try column())
                continue
            }
            return columns
        }
    }

    private mutating func column() throws(InsightsError) -> InsightsCommand.Column {
        skipSpaces()
        let start = position
        let expression = try expression()
        var end = position
        while end > start, text[end - 1].isWhitespace { end -= 1 }
        // AWS: without a name of its own a column is called as it is written.
        let written = String(text[start..<end])
        if take(word: "as") { return .init(expression: expression, name: try name()) }
        if case .field(let name) = expression { return .init(expression: expression, name: name) }
        return .init(expression: expression, name: written)
    }

    private mutating func orders() throws(InsightsError) -> [InsightsCommand.Order] {
        var orders: [InsightsCommand.Order] = []
        repeat {
            let column = try column()
            let isDescending = take(word: "desc")
            if !isDescending { _ = take(word: "asc") }
            // A column of an earlier step is named as it was written there.
            let expression: InsightsExpression =
                if case .call = column.expression { .field(column.name) } else { column.expression }
            orders.append(.init(expression: expression, isDescending: isDescending))
        } while take(",")
        return orders
    }

    private mutating func parseCommand() throws(InsightsError) -> InsightsCommand {
        skipSpaces()
        var subject = InsightsExpression.field("@message")
        let isBare = position < text.count && "\"'/".contains(text[position])
        if !isBare { subject = .field(try name()) }
        if let regex = try takeRegex() { return .parseRegex(subject, regex) }
        guard let glob = try takeText() else { throw error() }
        guard take(word: "as") else { throw error() }
        var names = [try name()]
        while take(",") { names.append(try name()) }
        let stars = glob.count { $0 == "*" }
        guard stars == names.count else {
            throw error("The number of wildcards must equal that of the names: \(stars) and \(names.count)")
        }
        let parts = glob.split(separator: "*", omittingEmptySubsequences: false).map { Self.escaped(String($0)) }
        var source = parts[0]
        for (index, part) in parts.dropFirst().enumerated() {
            source += (index == stars - 1 && part.isEmpty ? "(.*)" : "(.*?)") + part
        }
        guard let regex = InsightsRegex("(?s)" + source) else { throw error() }
        return .parseGlob(subject, regex, names)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\^$.|?*+()[]{}/".contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    // MARK: Expressions

    private mutating func expression() throws(InsightsError) -> InsightsExpression {
        var left = try conjunction()
        while take(word: "or") || take("||") { left = .binary("or", left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(InsightsError) -> InsightsExpression {
        var left = try negation()
        while take(word: "and") || take("&&") { left = .binary("and", left, try negation()) }
        return left
    }

    private mutating func negation() throws(InsightsError) -> InsightsExpression {
        if take(word: "not") { return .not(try negation()) }
        return try comparison()
    }

    private mutating func comparison() throws(InsightsError) -> InsightsExpression {
        let left = try sum()
        let isNegated = take(word: "not")
        if take(word: "like") || take("=~") {
            if let regex = try takeRegex() { return .matches(left, regex, isNegated: isNegated) }
            return .contains(left, try sum(), isNegated: isNegated)
        }
        if take(word: "in") {
            if take("(") { return .amongRows(left, try subquery(), isNegated: isNegated) }
            guard take("[") else { throw error() }
            var elements: [InsightsExpression] = []
            while !take("]") {
                elements.append(try sum())
                _ = take(",")
            }
            return .among(left, elements, isNegated: isNegated)
        }
        if isNegated { throw error() }
        for symbol in ["!=", "<=", ">=", "=", "<", ">"] where take(symbol) {
            return .binary(symbol, left, try sum())
        }
        return left
    }

    private mutating func sum() throws(InsightsError) -> InsightsExpression {
        var left = try product()
        while true {
            if take("+") {
                left = .binary("+", left, try product())
            } else if take("-") {
                left = .binary("-", left, try product())
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(InsightsError) -> InsightsExpression {
        var left = try primary()
        while true {
            skipSpaces()
            guard position < text.count, let symbol = ["*", "/", "%", "^"].first(where: { peeks($0) }) else {
                return left
            }
            position += 1
            left = .binary(symbol, left, try primary())
        }
    }

    private mutating func primary() throws(InsightsError) -> InsightsExpression {
        if take("(") {
            let inner = try expression()
            guard take(")") else { throw error() }
            return inner
        }
        if take("-") { return .binary("-", .literal(.number(0)), try primary()) }
        if let text = try takeText() { return .literal(.text(text)) }
        skipSpaces()
        if position < text.count, text[position].isNumber { return .literal(try number()) }
        let name = try name()
        guard position < text.count, text[position] == "(", !name.hasPrefix("@") else { return .field(name) }
        position += 1
        var arguments: [InsightsExpression] = []
        while !take(")") {
            if take("*") {
                arguments.append(.literal(.text("*")))
            } else {
                arguments.append(try expression())
            }
            _ = take(",")
            if position >= text.count { throw error() }
        }
        return .call(name.lowercased(), arguments)
    }

    /// A number, or a length of time in milliseconds: `5m`, `1 h` is not one.
    private mutating func number() throws(InsightsError) -> InsightsValue {
        let start = position
        while position < text.count, text[position].isNumber || text[position] == "." { position += 1 }
        guard let number = Double(String(text[start..<position])) else { throw error() }
        let unitStart = position
        while position < text.count, text[position].isLetter { position += 1 }
        let unit = String(text[unitStart..<position])
        if unit.isEmpty { return .number(number) }
        let units: [String: Double] = [
            "ms": 1, "s": 1000, "sec": 1000, "second": 1000, "seconds": 1000, "m": 60_000, "min": 60_000,
            "minute": 60_000, "minutes": 60_000, "h": 3_600_000, "hr": 3_600_000, "hour": 3_600_000,
            "hours": 3_600_000, "d": 86_400_000, "day": 86_400_000, "days": 86_400_000, "w": 604_800_000,
        ]
        guard let factor = units[unit.lowercased()] else { throw error() }
        return .time(number * factor)
    }
}
