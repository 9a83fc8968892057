import AWSModel

/// The rule of a composite alarm: `ALARM(errors) AND NOT OK("arn:…:alarm:load")`.
indirect enum AlarmRule {
    case constant(Bool)
    /// Whether an alarm, by its name or ARN, is in a state.
    case state(String, alarm: String)
    case not(AlarmRule)
    case all([AlarmRule])
    case any([AlarmRule])

    /// Alarms it names, in the order in which they stand.
    var alarms: [String] {
        switch self {
        case .constant: []
        case .state(_, let alarm): [alarm]
        case .not(let inner): inner.alarms
        case .all(let parts), .any(let parts): parts.flatMap(\.alarms)
        }
    }

    func isTrue(_ state: (String) -> String?) -> Bool {
        switch self {
        case .constant(let value): value
        case .state(let expected, let alarm): state(alarm) == expected
        case .not(let inner): !inner.isTrue(state)
        case .all(let parts): parts.allSatisfy { $0.isTrue(state) }
        case .any(let parts): parts.contains { $0.isTrue(state) }
        }
    }

    /// AWS: at most 10,240 characters, and 500 elements.
    init(_ text: String) throws(ServiceError) {
        var parser = Parser(rest: text[...])
        self = try parser.disjunction()
        parser.skipSpaces()
        guard parser.rest.isEmpty else { throw Parser.invalid }
    }

    private struct Parser {
        var rest: Substring

        static let invalid = ServiceError.metricValidation("Invalid AlarmRule expression")

        mutating func skipSpaces() { rest = rest.drop { $0.isWhitespace } }

        mutating func take(_ symbol: Character) -> Bool {
            skipSpaces()
            guard rest.first == symbol else { return false }
            rest.removeFirst()
            return true
        }

        /// A word in any case, if it comes next.
        mutating func take(word: String) -> Bool {
            skipSpaces()
            let next = rest.prefix { $0.isLetter || $0 == "_" }
            guard next.uppercased() == word else { return false }
            rest.removeFirst(next.count)
            return true
        }

        mutating func disjunction() throws(ServiceError) -> AlarmRule {
            var parts = [try conjunction()]
            while take(word: "OR") { parts.append(try conjunction()) }
            return parts.count == 1 ? parts[0] : .any(parts)
        }

        mutating func conjunction() throws(ServiceError) -> AlarmRule {
            var parts = [try term()]
            while take(word: "AND") { parts.append(try term()) }
            return parts.count == 1 ? parts[0] : .all(parts)
        }

        mutating func term() throws(ServiceError) -> AlarmRule {
            if take(word: "NOT") { return .not(try term()) }
            if take("(") {
                let inner = try disjunction()
                guard take(")") else { throw Self.invalid }
                return inner
            }
            if take(word: "TRUE") { return .constant(true) }
            if take(word: "FALSE") { return .constant(false) }
            for state in ["ALARM", "OK", "INSUFFICIENT_DATA"] where take(word: state) {
                guard take("(") else { throw Self.invalid }
                let name = try alarmName()
                guard take(")"), !name.isEmpty else { throw Self.invalid }
                return .state(state, alarm: name)
            }
            throw Self.invalid
        }

        mutating func alarmName() throws(ServiceError) -> String {
            skipSpaces()
            guard let quote = rest.first, quote == "\"" || quote == "'" else {
                let name = rest.prefix { $0 != ")" }
                rest.removeFirst(name.count)
                return String(name.reversed().drop { $0.isWhitespace }.reversed())
            }
            rest.removeFirst()
            guard let end = rest.firstIndex(of: quote) else { throw Self.invalid }
            let name = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            return name
        }
    }
}
