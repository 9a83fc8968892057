import AWSModel

/// Comparisons joined by `&&` and `||`, which binds looser. `Subject` is what is compared: a JSON selector or a field.
indirect enum FilterCondition<Subject> {
    case compare(Subject, FilterOperand)
    case all([FilterCondition])
    case any([FilterCondition])

    static func parse(
        _ reader: inout FilterReader, subject: (inout FilterReader) throws(ServiceError) -> Subject
    ) throws(ServiceError) -> FilterCondition {
        var parts = [try conjunction(&reader, subject)]
        while reader.take("||") { parts.append(try conjunction(&reader, subject)) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private static func conjunction(
        _ reader: inout FilterReader, _ subject: (inout FilterReader) throws(ServiceError) -> Subject
    ) throws(ServiceError) -> FilterCondition {
        var parts = [try comparison(&reader, subject)]
        while reader.take("&&") { parts.append(try comparison(&reader, subject)) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func comparison(
        _ reader: inout FilterReader, _ subject: (inout FilterReader) throws(ServiceError) -> Subject
    ) throws(ServiceError) -> FilterCondition {
        if reader.take("(") {
            let inner = try parse(&reader, subject: subject)
            try reader.expect(")")
            return inner
        }
        let compared = try subject(&reader)
        return .compare(compared, try FilterOperand(&reader))
    }

    /// What is compared, in the order in which it stands.
    var subjects: [Subject] {
        switch self {
        case .compare(let subject, _): [subject]
        case .all(let parts), .any(let parts): parts.flatMap(\.subjects)
        }
    }

    func isTrue(_ judge: (Subject, FilterOperand) -> Bool) -> Bool {
        switch self {
        case .compare(let subject, let operand): judge(subject, operand)
        case .all(let parts): parts.allSatisfy { $0.isTrue(judge) }
        case .any(let parts): parts.contains { $0.isTrue(judge) }
        }
    }
}

/// What a value is compared to, and how: `= "x*"`, `!= 404`, `>= 1.5e3`, `= %re%`, `IS NULL`, `NOT EXISTS`.
enum FilterOperand {
    enum Comparison {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    }

    case number(Comparison, Double)
    /// With `*` as a wildcard.
    case text(Comparison, [UInt8])
    case expression(Comparison, FilterExpression)
    case isNull
    case isBool(Bool)
    case notExists

    init(_ reader: inout FilterReader) throws(ServiceError) {
        if reader.takeWord("IS") {
            if reader.takeWord("NULL") {
                self = .isNull
            } else if reader.takeWord("TRUE") {
                self = .isBool(true)
            } else if reader.takeWord("FALSE") {
                self = .isBool(false)
            } else {
                throw reader.unexpected
            }
            return
        }
        if reader.takeWord("NOT") {
            guard reader.takeWord("EXISTS") else { throw reader.unexpected }
            self = .notExists
            return
        }
        let comparison = try Self.comparison(&reader)
        reader.skipSpaces()
        let isEquality = comparison == .equal || comparison == .notEqual
        switch reader.peek {
        case UInt8(ascii: "\"") where isEquality:
            self = .text(comparison, Array(try reader.readQuoted(UInt8(ascii: "\"")).utf8))
        case UInt8(ascii: "%") where isEquality: self = .expression(comparison, try reader.readExpression())
        default:
            let word = reader.read { !FilterReader.isSpace($0) && !Set(",&|(){}[]\"%=<>!".utf8).contains($0) }
            if let number = Double(word), number.isFinite {
                self = .number(comparison, number)
            } else if isEquality, !word.isEmpty {
                self = .text(comparison, Array(word.utf8))
            } else {
                throw reader.unexpected
            }
        }
    }

    private static func comparison(_ reader: inout FilterReader) throws(ServiceError) -> Comparison {
        if reader.take("!=") { return .notEqual }
        if reader.take("<=") { return .lessOrEqual }
        if reader.take(">=") { return .greaterOrEqual }
        if reader.take("<") { return .less }
        if reader.take(">") { return .greater }
        if reader.take("=") { return .equal }
        throw reader.unexpected
    }

    /// A field of a space-delimited line.
    func matches(_ field: String) -> Bool {
        switch self {
        case .number(let comparison, let number):
            guard let value = Double(field) else { return comparison == .notEqual }
            return Self.compare(value, comparison, number)
        case .text(let comparison, let pattern): return field.matchesWildcards(pattern) == (comparison == .equal)
        case .expression(let comparison, let expression): return expression.matches(field) == (comparison == .equal)
        case .isNull, .isBool, .notExists: return false
        }
    }

    /// What a JSON selector found: nothing, one value, or the elements of an array, of which one is enough.
    func matches(_ values: [DocumentValue]) -> Bool {
        if case .notExists = self { return values.isEmpty }
        return values.contains { value in
            switch (self, value) {
            case (.isNull, .null): return true
            case (.isBool(let expected), .bool(let actual)): return expected == actual
            case (.number(let comparison, let number), _):
                if let actual = value.double { return Self.compare(actual, comparison, number) }
                // A number in quotation marks still compares as one.
                if case .string(let text) = value { return matches(text) }
                return false
            case (.text(let comparison, let pattern), _):
                guard let text = Self.text(of: value) else { return false }
                return text.matchesWildcards(pattern) == (comparison == .equal)
            case (.expression(let comparison, let expression), _):
                guard let text = Self.text(of: value) else { return false }
                return expression.matches(text) == (comparison == .equal)
            default: return false
            }
        }
    }

    private static func text(of value: DocumentValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer, .number, .bool: JSONWriter.string(value)
        default: nil
        }
    }

    private static func compare(_ value: Double, _ comparison: Comparison, _ number: Double) -> Bool {
        switch comparison {
        case .equal: value == number
        case .notEqual: value != number
        case .less: value < number
        case .lessOrEqual: value <= number
        case .greater: value > number
        case .greaterOrEqual: value >= number
        }
    }
}
