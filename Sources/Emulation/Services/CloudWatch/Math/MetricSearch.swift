import AWSModel

/// The search of a SEARCH expression: `{AWS/Lambda,FunctionName} MetricName="Errors" NOT canary`.
///
/// AWS: words match tokens of names in any case; a quoted text must match as it stands. At most 100 lines come back.
struct MetricSearch {
    private indirect enum Condition {
        case word(property: String?, text: String, isExact: Bool)
        case all([Condition])
        case any([Condition])
        case not(Condition)
    }

    private static let mostResults = 100
    /// AWS: metrics without data for two weeks are not found.
    private static let foundFor: Int64 = 14 * 86_400

    private var namespace: String?
    /// The exact set of dimension names, where a schema gives one.
    private var dimensions: [String]?
    private var condition: Condition = .all([])

    init(_ text: String) throws(MathError) {
        var tokens = try Self.tokens(of: text)[...]
        if tokens.first == .symbol("{") {
            tokens.removeFirst()
            var names: [String] = []
            while let token = tokens.popFirst(), token != .symbol("}") {
                if case .word(let name, _) = token { names.append(name) }
            }
            guard !names.isEmpty else { throw .syntax }
            namespace = names.removeFirst()
            dimensions = names.sorted()
        }
        condition = try Self.disjunction(&tokens, property: nil)
        guard tokens.isEmpty else { throw .syntax }
    }

    // MARK: Reading

    private enum Token: Hashable {
        case word(String, isExact: Bool)
        case symbol(Character)
    }

    private static func tokens(of text: String) throws(MathError) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let character = rest.first {
            if character.isWhitespace || character == "," {
                rest.removeFirst()
            } else if "{}()=".contains(character) {
                tokens.append(.symbol(character))
                rest.removeFirst()
            } else if character == "\"" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: "\"") else { throw .syntax }
                tokens.append(.word(String(rest[..<end]), isExact: true))
                rest = rest[rest.index(after: end)...]
            } else {
                let end = rest.firstIndex { $0.isWhitespace || ",{}()=\"".contains($0) } ?? rest.endIndex
                tokens.append(.word(String(rest[..<end]), isExact: false))
                rest = rest[end...]
            }
        }
        return tokens
    }

    private static func disjunction(_ tokens: inout ArraySlice<Token>, property: String?) throws(MathError) -> Condition
    {
        var parts = [try conjunction(&tokens, property)]
        while tokens.first == .word("OR", isExact: false) {
            tokens.removeFirst()
            parts.append(try conjunction(&tokens, property))
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private static func conjunction(_ tokens: inout ArraySlice<Token>, _ property: String?) throws(MathError)
        -> Condition
    {
        var parts: [Condition] = []
        while let token = tokens.first, token != .symbol(")"), token != .word("OR", isExact: false) {
            if token == .word("AND", isExact: false) {
                tokens.removeFirst()
                continue
            }
            parts.append(try term(&tokens, property))
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func term(_ tokens: inout ArraySlice<Token>, _ property: String?) throws(MathError) -> Condition {
        switch tokens.popFirst() {
        case .symbol("("):
            let inner = try disjunction(&tokens, property: property)
            guard tokens.popFirst() == .symbol(")") else { throw .syntax }
            return inner
        case .word("NOT", isExact: false): return .not(try term(&tokens, property))
        case .word(let text, let isExact):
            guard property == nil, tokens.first == .symbol("=") else {
                return .word(property: property, text: text, isExact: isExact)
            }
            tokens.removeFirst()
            return try term(&tokens, text)
        default: throw .syntax
        }
    }

    // MARK: Finding

    /// Metrics that match, ordered by their names, each once whatever its units.
    func find(in store: MetricStore, scope: Scope, now: Instant) -> [MetricSeries] {
        let oldest = now.wholeSeconds - Self.foundFor
        var found: Set<MetricSeries> = []
        for metric in store.all where metric.lastRecorded >= oldest && metric.series.scope == scope {
            let series = metric.series
            if let namespace, series.namespace != namespace { continue }
            if let dimensions, series.dimensions.map(\.name).sorted() != dimensions { continue }
            if Self.isTrue(condition, series) { found.insert(MetricStore.withoutUnit(series)) }
        }
        let ordered = found.sorted { left, right in Self.key(left).lexicographicallyPrecedes(Self.key(right)) }
        return Array(ordered.prefix(Self.mostResults))
    }

    private static func key(_ series: MetricSeries) -> [String] {
        [series.namespace, series.name] + series.dimensions.flatMap { [$0.name, $0.value] }
    }

    private static func isTrue(_ condition: Condition, _ series: MetricSeries) -> Bool {
        switch condition {
        case .all(let parts): parts.allSatisfy { isTrue($0, series) }
        case .any(let parts): parts.contains { isTrue($0, series) }
        case .not(let inner): !isTrue(inner, series)
        case .word(let property, let text, let isExact):
            texts(of: series, property).contains { isExact ? matches(exactly: text, $0) : matches(text, $0) }
        }
    }

    private static func texts(of series: MetricSeries, _ property: String?) -> [String] {
        switch property {
        case nil: [series.namespace, series.name] + series.dimensions.flatMap { [$0.name, $0.value] }
        case "Namespace": [series.namespace]
        case "MetricName": [series.name]
        case ":aws.AccountId": [series.scope.accountID]
        case let name: series.dimensions.filter { $0.name == name }.map(\.value)
        }
    }

    private static func matches(exactly text: String, _ value: String) -> Bool { value == text }

    /// Whether the tokens of `text` follow each other among those of `value`.
    private static func matches(_ text: String, _ value: String) -> Bool {
        if value.lowercased() == text.lowercased() { return true }
        let wanted = words(of: text)
        let present = words(of: value)
        guard !wanted.isEmpty, present.count >= wanted.count else { return false }
        return (0...(present.count - wanted.count)).contains { present[$0...].starts(with: wanted) }
    }

    /// AWS: tokens end at punctuation, and where the case or letters and digits change.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var current = ""
        var previous: Character?
        for character in text {
            guard character.isLetter || character.isNumber else {
                if !current.isEmpty { words.append(current.lowercased()) }
                current = ""
                previous = nil
                continue
            }
            if let last = previous,
                (last.isLowercase && character.isUppercase) || last.isNumber != character.isNumber
            {
                words.append(current.lowercased())
                current = ""
            }
            current.append(character)
            previous = character
        }
        if !current.isEmpty { words.append(current.lowercased()) }
        return words
    }

    /// AWS: what tells the lines apart: dimension values that differ, and the metric's name where names do.
    static func labels(of found: [MetricSeries]) -> [String] {
        let namesDiffer = Set(found.map(\.name)).count > 1
        let values = found.map { series in series.dimensions.map(\.value) }
        let width = values.map(\.count).max() ?? 0
        let differing = (0..<width).filter { index in
            Set(values.map { index < $0.count ? $0[index] : "" }).count > 1
        }
        return zip(found, values).map { series, values in
            var parts = differing.compactMap { $0 < values.count ? values[$0] : nil }
            if parts.isEmpty, !namesDiffer { parts = values }
            if namesDiffer || parts.isEmpty { parts.append(series.name) }
            return parts.joined(separator: " ")
        }
    }
}
