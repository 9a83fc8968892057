import AWSClient
import AWSModel
import AWSTypes

/// What a pattern is held against.
enum PatternKind: String, Sendable, Hashable {
    /// An event on a bus.
    case event
    /// A message's attributes, as an object with a field for each.
    case attributes
    /// A message's body.
    case body
    /// A record of a queue, as a mapping's filter sees it.
    case record
}

/// Whether a pattern holds for an event, and which of its clauses do.
struct PatternExplanation: Hashable, Sendable {
    struct Clause: Hashable, Sendable {
        /// `detail.total`
        var path: String
        /// What it asks, in words.
        var condition: String
        var holds: Bool
        /// As JSON; nil where the field is absent or nobody told.
        var found: String?
        /// Within `$or`: `1 of 2`.
        var alternative: String?
    }

    var matches: Bool
    var clauses: [Clause] = []
    /// What failed, where no single clause says it.
    var reason: String?

    /// The clauses that refuse the event. Those of an alternative count only where no alternative holds.
    var failing: [Clause] { matches ? [] : clauses.filter { !$0.holds } }
}

extension PatternExplanation {
    /// Asks the engine; elsewhere EventBridge, whose patterns these are, about each clause by itself.
    /// - Throws: `AWSError` with the reason where the pattern cannot be read.
    static func read(
        _ pattern: String, _ event: String, kind: PatternKind = .event, _ context: ConsoleContext
    ) async throws(AWSError) -> PatternExplanation {
        guard context.capabilities.hasEngine else { return try await asked(pattern, event, kind, context) }
        let input = Skua.ExplainEventPatternRequest(pattern: pattern, event: event, kind: kind.rawValue)
        let answer = try await context.aws.call(Skua.explainEventPattern, input)
        return PatternExplanation(
            matches: answer.matches,
            clauses: answer.clauses.map {
                Clause(
                    path: $0.path, condition: PatternCondition.text(json: $0.condition), holds: $0.holds,
                    found: $0.found, alternative: $0.alternative)
            }, reason: answer.reason)
    }

    private static func asked(
        _ pattern: String, _ event: String, _ kind: PatternKind, _ context: ConsoleContext
    ) async throws(AWSError) -> PatternExplanation {
        guard let policy = (try? JSONReader.parse(pattern))?.object else {
            throw AWSError("InvalidEventPattern", "The pattern is not a JSON object")
        }
        let fields = (try? JSONReader.parse(event))?.object
        var result = PatternExplanation(matches: true)
        for clause in FilterClause.all(in: policy) {
            var holds = false
            if let fields { holds = try await matches(clause, fields, kind, context) }
            result.clauses.append(
                Clause(path: clause.name, condition: PatternCondition.text(clause.condition), holds: holds))
        }
        result.matches = result.clauses.allSatisfy(\.holds)
        return result
    }

    private static func matches(
        _ clause: FilterClause, _ fields: DocumentObject, _ kind: PatternKind, _ context: ConsoleContext
    ) async throws(AWSError) -> Bool {
        // EventBridge takes whole events only; what one lacks is of no account here.
        var event: DocumentObject = [
            "id": "0", "account": "123456789012", "source": "sns", "time": "2026-01-01T00:00:00Z",
            "region": "us-east-1", "resources": [], "detail-type": "message",
        ]
        if kind == .event {
            for (name, value) in fields { event[name] = value }
        } else {
            event["detail"] = .object(fields)
        }
        let input = Events.TestEventPatternRequest(
            eventPattern: JSONWriter.string(kind == .event ? clause.whole : clause.pattern),
            event: JSONWriter.string(.object(event)))
        return try await context.aws.call(Events.testEventPattern, input).result ?? false
    }
}

/// One condition of a filter policy: a key, or a path into the body, and what its value may be.
struct FilterClause: Hashable, Sendable {
    var path: [String]
    var condition: DocumentValue

    /// `customer.tier`
    var name: String { path.joined(separator: ".") }

    /// Every condition of a policy, those inside objects on their own.
    static func all(in policy: DocumentObject, under path: [String] = []) -> [FilterClause] {
        policy.flatMap { name, value in
            if let object = value.object { return all(in: object, under: path + [name]) }
            // AWS: an attribute policy may name a single value without a list.
            let condition: DocumentValue = value.list == nil ? [value] : value
            return [FilterClause(path: path + [name], condition: condition)]
        }
    }

    /// As a pattern of this clause alone.
    var whole: DocumentValue { path.reversed().reduce(condition) { [$1: $0] } }

    /// As a pattern of this clause alone, on an event's `detail`.
    var pattern: DocumentValue { ["detail": whole] }
}
