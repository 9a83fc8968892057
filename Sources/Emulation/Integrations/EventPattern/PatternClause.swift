import AWSModel

/// One condition of a pattern by itself: a field, what it may be, and what an event has there.
struct PatternClause: Sendable, Hashable {
    /// `detail.total`
    var path: String
    /// As the pattern says it: `[{"numeric":[">",100]}]`.
    var condition: String
    var holds: Bool
    /// What the event has there, as JSON; nil where the field is absent.
    var found: String?
    /// Within `$or`: which of how many, `1 of 2`.
    var alternative: String?
}

extension PatternClause {
    /// Longer values are cut: a clause is for reading.
    private static let longestFound = 400

    /// Every condition of a pattern held against an event. Those inside `$or` are told apart by their alternative.
    static func all(
        of pattern: DocumentObject, against event: DocumentValue, path: [String] = [], alternative: String? = nil
    ) throws(EventPatternError) -> [PatternClause] {
        var clauses: [PatternClause] = []
        for (name, value) in pattern {
            if name == "$or", let choices = value.list {
                for (index, choice) in choices.enumerated() {
                    guard let choice = choice.object else { continue }
                    let place = "\(index + 1) of \(choices.count)"
                    clauses += try all(
                        of: choice, against: event, path: path,
                        alternative: alternative.map { "\($0), \(place)" } ?? place)
                }
            } else if let inner = value.object {
                clauses += try all(of: inner, against: event, path: path + [name], alternative: alternative)
            } else {
                let alone = (path + [name]).reversed().reduce(value) { [$1: $0] }
                let found = EventPattern.values(at: (path + [name])[...], in: event)
                clauses.append(
                    PatternClause(
                        path: (path + [name]).joined(separator: "."), condition: JSONWriter.string(value),
                        holds: try EventPattern(alone.object ?? [:]).matches(event), found: shown(found),
                        alternative: alternative))
            }
        }
        return clauses
    }

    private static func shown(_ values: [DocumentValue]) -> String? {
        guard let first = values.first else { return nil }
        let text = values.count == 1 ? JSONWriter.string(first) : JSONWriter.string(.list(values))
        return text.count > longestFound ? "\(text.prefix(longestFound))…" : text
    }
}

extension EventPattern {
    /// What stands at a path, through arrays; several where an array holds several objects.
    fileprivate static func values(at path: ArraySlice<String>, in value: DocumentValue) -> [DocumentValue] {
        guard let name = path.first else { return [value] }
        switch value {
        case .list(let list): return list.flatMap { values(at: path, in: $0) }
        case .object(let object):
            if let next = object[name] { return values(at: path.dropFirst(), in: next) }
            // `a.b` in a pattern means b within a.
            let parts = name.split(separator: ".").map(String.init)
            guard parts.count > 1 else { return [] }
            return values(at: (parts + path.dropFirst())[...], in: value)
        default: return []
        }
    }
}
