import AWSModel

/// A value of a Logs Insights record; what is missing is nil.
enum InsightsValue: Hashable {
    case text(String)
    case number(Double)
    case bool(Bool)
    /// Milliseconds since the epoch.
    case time(Double)

    var number: Double? {
        switch self {
        case .number(let value), .time(let value): value
        case .text(let text): Double(text)
        case .bool: nil
        }
    }

    var text: String {
        switch self {
        case .text(let text): text
        case .bool(let value): value ? "1" : "0"
        case .number(let value):
            Int64(exactly: value).map(String.init) ?? "\((value * 10_000).rounded() / 10_000)"
        case .time(let milliseconds):
            // AWS: `2026-01-01 00:00:00.000`.
            String(
                Instant(epochMilliseconds: Int64(milliseconds)).iso8601().dropLast().map { $0 == "T" ? " " : $0 })
        }
    }

    var isTrue: Bool {
        switch self {
        case .bool(let value): value
        case .number(let value): value != 0
        case .text(let text): text == "1" || text == "true"
        case .time: true
        }
    }
}

/// A part of a query that has a value.
indirect enum InsightsExpression {
    case literal(InsightsValue)
    case field(String)
    case call(String, [InsightsExpression])
    case binary(String, InsightsExpression, InsightsExpression)
    case not(InsightsExpression)
    case contains(InsightsExpression, InsightsExpression, isNegated: Bool)
    case matches(InsightsExpression, InsightsRegex, isNegated: Bool)
    case among(InsightsExpression, [InsightsExpression], isNegated: Bool)
    /// Among the rows of a subquery, by its place in the query.
    case amongRows(InsightsExpression, Int, isNegated: Bool)
    /// Among the rows that the subquery had.
    case amongTexts(InsightsExpression, Set<String>, isNegated: Bool)

    /// With the answers of the subqueries in their places.
    func binding(_ answers: [Set<String>]) -> InsightsExpression {
        switch self {
        case .amongRows(let subject, let index, let isNegated):
            .amongTexts(subject, answers[index], isNegated: isNegated)
        case .binary(let symbol, let left, let right):
            .binary(symbol, left.binding(answers), right.binding(answers))
        case .not(let inner): .not(inner.binding(answers))
        default: self
        }
    }
}

/// A regular expression between slashes.
struct InsightsRegex {
    let regex: Regex<AnyRegexOutput>
    /// Named groups, in the order in which they stand.
    let names: [String]

    /// Nil where it is none.
    init?(_ source: String) {
        guard let regex = try? Regex(source) else { return nil }
        self.regex = regex
        var names: [String] = []
        var rest = source[...]
        while let start = rest.firstRange(of: "(?<") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: ">") else { break }
            let name = rest[..<end]
            if name.first != "=", name.first != "!" { names.append(String(name)) }
        }
        self.names = names
    }

    func isMatch(_ text: String) -> Bool { (try? regex.firstMatch(in: text)) != nil }

    /// The named groups of the first match; nil where there is none.
    func groups(of text: String) -> [String: String]? {
        guard let match = try? regex.firstMatch(in: text) else { return nil }
        var groups: [String: String] = [:]
        for name in names {
            if let part = match.output[name]?.substring { groups[name] = String(part) }
        }
        return groups
    }
}

/// One step of a query.
enum InsightsCommand {
    struct Column {
        var expression: InsightsExpression
        var name: String
    }

    struct Order {
        var expression: InsightsExpression
        var isDescending: Bool
    }

    case fields([Column])
    case display([Column])
    case filter(InsightsExpression)
    case stats([Column], by: [Column])
    case sort([Order])
    case limit(Int)
    case parseGlob(InsightsExpression, InsightsRegex, [String])
    case parseRegex(InsightsExpression, InsightsRegex)
    case dedup([String])
    case unnest(InsightsExpression, String)
    case pattern(InsightsExpression)
    case diff(Comparison)

    /// The time that `diff` compares with.
    enum Comparison: String {
        case before = ""
        case previousDay = "previousday"
        case previousWeek = "previousweek"
        case previousMonth = "previousmonth"

        /// How far back it lies, in milliseconds.
        func shift(of length: Int64) -> Int64 {
            switch self {
            case .before: length
            case .previousDay: 86_400_000
            case .previousWeek: 7 * 86_400_000
            case .previousMonth: 30 * 86_400_000
            }
        }
    }

    /// True where each record can be handled by itself.
    var isStreaming: Bool {
        switch self {
        case .fields, .display, .filter, .parseGlob, .parseRegex, .unnest: true
        case .stats, .sort, .limit, .dedup, .pattern, .diff: false
        }
    }
}

/// A whole query: `fields @message | filter level = "error" | stats count(*) by bin(5m)`.
struct InsightsQuery {
    var commands: [InsightsCommand]
    /// Groups of a SOURCE command, by name prefixes or by name.
    var sourcePrefixes: [String] = []
    var sourceNames: [String] = []
    /// Queries whose rows this one compares with.
    var subqueries: [InsightsQuery] = []

    var hasSource: Bool { !sourcePrefixes.isEmpty || !sourceNames.isEmpty }

    var comparison: InsightsCommand.Comparison? {
        commands.reduce(nil) { if case .diff(let comparison) = $1 { comparison } else { $0 } }
    }

    func binding(_ answers: [Set<String>]) -> InsightsQuery {
        guard !answers.isEmpty else { return self }
        var bound = self
        bound.commands = commands.map { command in
            if case .filter(let condition) = command { .filter(condition.binding(answers)) } else { command }
        }
        return bound
    }

    var hasStats: Bool {
        commands.contains { if case .stats = $0 { true } else { false } }
    }

    var hasSort: Bool {
        commands.contains { if case .sort = $0 { true } else { false } }
    }

    var limit: Int? {
        commands.reduce(nil) { if case .limit(let count) = $1 { count } else { $0 } }
    }
}
