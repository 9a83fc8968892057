import AWSModel

/// The condition of one entry of `Choices`.
public indirect enum ChoiceCondition: Sendable, Hashable {
    case all([ChoiceCondition])
    case any([ChoiceCondition])
    case not(ChoiceCondition)
    /// `IsPresent`, `IsNull`, `IsNumeric`, `IsString`, `IsBoolean`, `IsTimestamp`.
    case test(JSONPath, TypeTest, expected: Bool)
    case compare(JSONPath, Comparison, Operand)
    case matches(JSONPath, pattern: String)
    /// `Condition` of a JSONata state.
    case expression(PayloadTemplate)

    public enum TypeTest: String, Sendable, Hashable, CaseIterable {
        case isPresent = "IsPresent"
        case isNull = "IsNull"
        case isNumeric = "IsNumeric"
        case isString = "IsString"
        case isBoolean = "IsBoolean"
        case isTimestamp = "IsTimestamp"
    }

    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case string = "String"
        case numeric = "Numeric"
        case timestamp = "Timestamp"
        case boolean = "Boolean"
    }

    public enum Relation: String, Sendable, Hashable, CaseIterable {
        case equals = "Equals"
        case lessThan = "LessThan"
        case greaterThan = "GreaterThan"
        case lessThanEquals = "LessThanEquals"
        case greaterThanEquals = "GreaterThanEquals"
    }

    public struct Comparison: Sendable, Hashable {
        public var kind: Kind
        public var relation: Relation
    }

    public enum Operand: Sendable, Hashable {
        case literal(DocumentValue)
        case path(JSONPath)
    }

    /// AWS: a value of the wrong type makes a comparison false; a variable that is not there ends the execution,
    /// except for `IsPresent`.
    func holds(in scope: EvaluationScope, random: inout TurnRandom) throws(StateFailure) -> Bool {
        switch self {
        case .expression(let template):
            return try scope.evaluate(template, as: "boolean", random: &random).bool ?? false
        case .all(let conditions):
            for condition in conditions { if try !condition.holds(in: scope, random: &random) { return false } }
            return true
        case .any(let conditions):
            for condition in conditions { if try condition.holds(in: scope, random: &random) { return true } }
            return false
        case .not(let condition): return try !condition.holds(in: scope, random: &random)
        case .test(let path, .isPresent, let expected): return (try? scope.lookUp(path)) != nil ? expected : !expected
        case .test(let path, let test, let expected):
            return Self.passes(try Self.value(path, scope), test) == expected
        case .compare(let path, let comparison, let operand):
            let left = try Self.value(path, scope)
            let right: DocumentValue
            switch operand {
            case .literal(let value): right = value
            case .path(let path): right = try Self.value(path, scope)
            }
            return Self.compare(left, comparison, right)
        case .matches(let path, let pattern):
            guard let text = try Self.value(path, scope).string else { return false }
            return StringPattern.matches(text, pattern)
        }
    }

    private static func value(_ path: JSONPath, _ scope: EvaluationScope) throws(StateFailure) -> DocumentValue {
        do throws(PathMiss) {
            return try scope.lookUp(path)
        } catch {
            throw .runtime(
                "Invalid path '\(path.source)': The choice state's condition path references an invalid value.")
        }
    }

    private static func passes(_ value: DocumentValue, _ test: TypeTest) -> Bool {
        switch test {
        case .isPresent: true
        case .isNull: value.isNull
        case .isNumeric: value.double != nil
        case .isString: value.string != nil
        case .isBoolean: value.bool != nil
        case .isTimestamp: value.string.flatMap(Instant.init(iso8601:)) != nil
        }
    }

    private static func compare(_ left: DocumentValue, _ comparison: Comparison, _ right: DocumentValue) -> Bool {
        switch comparison.kind {
        case .boolean:
            guard let a = left.bool, let b = right.bool else { return false }
            return a == b
        case .numeric:
            if case .integer(let a) = left, case .integer(let b) = right { return holds(a, comparison.relation, b) }
            guard let a = left.double, let b = right.double else { return false }
            return holds(a, comparison.relation, b)
        case .string:
            guard let a = left.string, let b = right.string else { return false }
            // AWS compares by code unit, as Java does.
            switch comparison.relation {
            case .equals: return a == b
            case .lessThan: return precedes(a, b)
            case .greaterThan: return precedes(b, a)
            case .lessThanEquals: return !precedes(b, a)
            case .greaterThanEquals: return !precedes(a, b)
            }
        case .timestamp:
            guard let a = left.string.flatMap(Instant.init(iso8601:)),
                let b = right.string.flatMap(Instant.init(iso8601:))
            else { return false }
            return holds(a, comparison.relation, b)
        }
    }

    private static func holds<Value: Comparable>(_ left: Value, _ relation: Relation, _ right: Value) -> Bool {
        switch relation {
        case .equals: left == right
        case .lessThan: left < right
        case .greaterThan: left > right
        case .lessThanEquals: left <= right
        case .greaterThanEquals: left >= right
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    /// Every path in the condition.
    var paths: [JSONPath] {
        switch self {
        case .all(let conditions), .any(let conditions): conditions.flatMap(\.paths)
        case .not(let condition): condition.paths
        case .expression: []
        case .test(let path, _, _), .matches(let path, _): [path]
        case .compare(let path, _, .path(let other)): [path, other]
        case .compare(let path, _, .literal): [path]
        }
    }
}

/// `StringMatches`: `*` stands for any characters, `\*` for a star, `\\` for a backslash.
enum StringPattern {
    static func matches(_ text: String, _ pattern: String) -> Bool {
        var tokens: [Unicode.Scalar?] = []
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            if isEscaped {
                if scalar != "*", scalar != "\\" { tokens.append("\\") }
                tokens.append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                tokens.append(scalar == "*" ? nil : scalar)
            }
        }
        if isEscaped { tokens.append("\\") }
        let scalars = Array(text.unicodeScalars)
        var position = 0
        var token = 0
        var star: (token: Int, position: Int)?
        while position < scalars.count {
            if token < tokens.count, let wanted = tokens[token], wanted == scalars[position] {
                token += 1
                position += 1
            } else if token < tokens.count, tokens[token] == nil {
                star = (token, position)
                token += 1
            } else if let last = star {
                star = (last.token, last.position + 1)
                token = last.token + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == nil }
    }
}
