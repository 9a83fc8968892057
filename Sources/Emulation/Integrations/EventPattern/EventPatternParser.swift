import AWSModel

/// Compiles pattern text, with the refusals of AWS's rule engine and the places they name.
struct EventPatternParser {
    private static let reserved: Set<String> = [
        "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "numeric", "cidr", "wildcard",
    ]

    private var reader: PatternTokenReader

    init(_ text: String) { reader = PatternTokenReader(text) }

    mutating func parse() throws(EventPatternError) -> EventPattern.ObjectPattern {
        guard try reader.next() == .startObject else { throw reader.failure("Filter is not an object") }
        return try object(isInsideOr: false)
    }

    private mutating func object(isInsideOr: Bool) throws(EventPatternError) -> EventPattern.ObjectPattern {
        var pattern = EventPattern.ObjectPattern()
        var isEmpty = true
        while case .field(let name) = try reader.next() {
            isEmpty = false
            if name == "$or" {
                pattern.alternatives.append(try alternatives())
                continue
            }
            if isInsideOr, Self.reserved.contains(name) {
                throw reader.failure("\(name) is Ruler reserved fieldName which cannot be used inside $or.")
            }
            switch try reader.next() {
            case .startObject: pattern.add(Self.field(name, .object(try object(isInsideOr: isInsideOr))))
            case .startArray: pattern.add(Self.field(name, .values(try values())))
            default: throw reader.failure("\"\(name)\" must be an object or an array")
            }
        }
        guard !isEmpty else { throw reader.failure("Empty objects are not allowed") }
        return pattern
    }

    /// `a.b` means `{"a": {"b": …}}`.
    private static func field(_ name: String, _ node: EventPattern.Node) -> EventPattern.Field {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }), let first = parts.first else {
            return EventPattern.Field(name: name, node: node)
        }
        let nested = parts.dropFirst().reversed().reduce(node) { inner, part in
            .object(EventPattern.ObjectPattern(fields: [EventPattern.Field(name: String(part), node: inner)]))
        }
        return EventPattern.Field(name: String(first), node: nested)
    }

    private mutating func alternatives() throws(EventPatternError) -> [EventPattern.ObjectPattern] {
        guard try reader.next() == .startArray else {
            throw reader.failure("It must be an Array followed with $or.")
        }
        var choices: [EventPattern.ObjectPattern] = []
        while true {
            let token = try reader.next()
            if token == .endArray { break }
            guard token == .startObject else {
                throw reader.failure("Only JSON object is allowed in array of $or relationship.")
            }
            choices.append(try object(isInsideOr: true))
        }
        guard choices.count >= 2 else {
            throw reader.failure("There must have at least 2 Objects in $or relationship.")
        }
        return choices
    }

    private mutating func values() throws(EventPatternError) -> [ValueMatcher] {
        var matchers: [ValueMatcher] = []
        while true {
            let token = try reader.next()
            switch token {
            case .endArray:
                guard !matchers.isEmpty else { throw reader.failure("Empty arrays are not allowed") }
                return matchers
            case .startObject: matchers.append(try expression())
            case .string: matchers.append(.exactly(.string(try reader.text())))
            case .number(let text): matchers.append(.exactly(Self.number(text)))
            case .literal(let text):
                matchers.append(.exactly(text == "null" ? .null : .bool(text == "true")))
            default: throw reader.failure("Match value must be String, number, true, false, or null")
            }
        }
    }

    private static func number(_ text: String) -> DocumentValue {
        (try? JSONReader.parse(text)) ?? .number(Double(text) ?? 0)
    }

    // MARK: Expressions

    private mutating func expression() throws(EventPatternError) -> ValueMatcher {
        guard case .field(let name) = try reader.next() else {
            throw reader.failure("Match expression name not found")
        }
        switch name {
        case "exactly":
            return .exactly(.string(try only(try string("exact match pattern must be a string"))))
        case "prefix", "suffix": return .text(try affix(name))
        case "equals-ignore-case":
            return .text(
                .equalsIgnoringCase(try only(try string("equals-ignore-case match pattern must be a string"))))
        case "numeric":
            guard try reader.next() == .startArray else {
                throw reader.failure("Value of numeric must be an array.")
            }
            let bounds = try bounds()
            try end(orSay: "Too many elements in numeric expression")
            return .numeric(bounds)
        case "anything-but": return try anythingBut()
        case "exists":
            guard case .literal(let text) = try reader.next(), text != "null" else {
                throw reader.failure("exists match pattern must be either true or false.")
            }
            return .exists(try only(text == "true"))
        case "cidr":
            // AWS names the wrong operator here.
            let text = try string("prefix match pattern must be a string")
            return .cidr(try only(try CIDRBlock(text)))
        case "wildcard":
            let text = try string("wildcard match pattern must be a string")
            return .text(.wildcard(try only(try wildcard(text))))
        default: throw reader.failure("Unrecognized match type \(name)")
        }
    }

    private mutating func string(_ refusal: String) throws(EventPatternError) -> String {
        guard try reader.next() == .string else { throw reader.failure(refusal) }
        return try reader.text()
    }

    private mutating func end(orSay refusal: String) throws(EventPatternError) {
        guard try reader.next() == .endObject else { throw reader.failure(refusal) }
    }

    private mutating func only<Value>(_ value: Value) throws(EventPatternError) -> Value {
        try end(orSay: "Only one key allowed in match expression")
        return value
    }

    private func wildcard(_ text: String) throws(EventPatternError) -> Wildcard {
        do throws(EventPatternError) {
            return try Wildcard(text)
        } catch {
            // AWS: what is too complex for its engine is found later, and has no place.
            throw error.reason.hasPrefix("Rule is too complex") ? error : reader.failure(error.reason)
        }
    }

    private mutating func affix(_ name: String) throws(EventPatternError) -> TextTest {
        let token = try reader.next()
        if token == .startObject {
            guard case .field(let inner) = try reader.next() else {
                throw reader.failure("\(name == "prefix" ? "Prefix" : "Suffix") expression name not found")
            }
            guard inner == "equals-ignore-case" else { throw reader.failure("Unsupported \(name) pattern: \(inner)") }
            let text = try only(try only(try string("equals-ignore-case match pattern must be a string")))
            return name == "prefix" ? .prefixIgnoringCase(text) : .suffixIgnoringCase(text)
        }
        guard token == .string else { throw reader.failure("\(name) match pattern must be a string") }
        let text = try only(try reader.text())
        return name == "prefix" ? .prefix(text) : .suffix(text)
    }

    // MARK: anything-but

    private mutating func anythingBut() throws(EventPatternError) -> ValueMatcher {
        var name: String?
        var token = try reader.next()
        if token == .startObject {
            guard case .field(let inner) = try reader.next() else {
                throw reader.failure("Anything-But expression name not found")
            }
            guard ["equals-ignore-case", "prefix", "suffix", "wildcard"].contains(inner) else {
                throw reader.failure("Unsupported anything-but pattern: \(inner)")
            }
            name = inner
            token = try reader.next()
        }
        guard token == .startArray || token == .string || token.isNumber else {
            throw reader.failure("Value of anything-but must be an array or single string/number value.")
        }
        let isList = token == .startArray
        let matcher: ValueMatcher
        if let name {
            let texts =
                isList
                ? try twice { parser throws(EventPatternError) in try parser.texts(name) } : [try excluded(name, token)]
            var tests: [TextTest] = []
            for text in texts { tests.append(try test(name, text)) }
            matcher = .anythingButText(tests)
        } else {
            matcher = .anythingBut(isList ? try list() : [try plain(token)])
        }
        try end(orSay: "Too many elements in numeric expression")
        if name != nil { try end(orSay: "Too many elements in numeric expression") }
        return matcher
    }

    /// AWS: what goes wrong within such a list names its place twice.
    private mutating func twice<Value>(
        _ body: (inout EventPatternParser) throws(EventPatternError) -> Value
    ) throws(EventPatternError) -> Value {
        do throws(EventPatternError) {
            return try body(&self)
        } catch {
            throw EventPatternError(error.reason, location: error.location + reader.location)
        }
    }

    private mutating func plain(_ token: PatternToken) throws(EventPatternError) -> DocumentValue {
        guard case .number(let text) = token else { return .string(try reader.text()) }
        return .number(try comparable(text, hasPlace: false))
    }

    private mutating func list() throws(EventPatternError) -> [DocumentValue] {
        let values = try twice { (parser) throws(EventPatternError) in try parser.listed() }
        let strings = values.count { $0.string != nil }
        guard !values.isEmpty, strings == 0 || strings == values.count else {
            throw reader.failure(
                "Inside anything but list, either all values are number or string, mixed type is not supported")
        }
        return values
    }

    private mutating func listed() throws(EventPatternError) -> [DocumentValue] {
        var values: [DocumentValue] = []
        while true {
            switch try reader.next() {
            case .endArray: return values
            case .string: values.append(.string(try reader.text()))
            case .number(let text): values.append(.number(try comparable(text, hasPlace: false)))
            default: throw reader.failure("Inside anything but list, start|null|boolean is not supported.")
            }
        }
    }

    private mutating func texts(_ name: String) throws(EventPatternError) -> [String] {
        var texts: [String] = []
        while true {
            let token = try reader.next()
            if token == .endArray { return texts }
            texts.append(try excluded(name, token))
        }
    }

    private mutating func excluded(_ name: String, _ token: PatternToken) throws(EventPatternError) -> String {
        guard token == .string else {
            switch name {
            case "equals-ignore-case":
                throw reader.failure(
                    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.")
            case "wildcard": throw reader.failure("wildcard match pattern must be a string")
            default: throw reader.failure("prefix/suffix match pattern must be a string")
            }
        }
        let text = try reader.text()
        if text.isEmpty, name == "prefix" || name == "suffix" {
            throw reader.failure("Null prefix/suffix not allowed")
        }
        return text
    }

    private func test(_ name: String, _ text: String) throws(EventPatternError) -> TextTest {
        switch name {
        case "equals-ignore-case": .equalsIgnoringCase(text)
        case "wildcard": .wildcard(try wildcard(text))
        case "prefix": .prefix(text)
        default: .suffix(text)
        }
    }

    // MARK: Numbers

    private mutating func bounds() throws(EventPatternError) -> [NumericBound] {
        guard try reader.next() == .string else {
            throw reader.failure("Invalid member in numeric match: \(try reader.tokenText())")
        }
        let sign = try reader.text()
        let token = try reader.next()
        guard let comparison = NumericBound.Comparison(rawValue: sign) else {
            throw reader.failure("Unrecognized numeric range operator: \(sign)")
        }
        guard case .number(let text) = token else {
            throw reader.failure("Value of \(comparison == .equal ? "equals" : sign) must be numeric")
        }
        let following = try reader.next()
        if following == .endArray { return [NumericBound(comparison: comparison, value: try comparable(text))] }
        guard comparison == .greater || comparison == .greaterOrEqual else {
            throw reader.failure("Too many elements in numeric expression")
        }
        guard following == .string else {
            throw reader.failure("Bad value in numeric range: \(try reader.tokenText())")
        }
        let second = try reader.text()
        guard let upper = NumericBound.Comparison(rawValue: second), upper == .less || upper == .lessOrEqual else {
            throw reader.failure("Bad numeric range operator: \(second)")
        }
        guard case .number(let top) = try reader.next() else {
            throw reader.failure("Value of \(second) must be numeric")
        }
        guard try reader.next() == .endArray else {
            throw reader.failure("Too many terms in numeric range expression")
        }
        let bottom = try comparable(text)
        let limit = try comparable(top)
        guard bottom < limit else { throw reader.failure("Bottom must be less than top") }
        return [
            NumericBound(comparison: comparison, value: bottom), NumericBound(comparison: upper, value: limit),
        ]
    }

    /// AWS refuses numbers that a double cannot hold.
    private func comparable(_ text: String, hasPlace: Bool = true) throws(EventPatternError) -> Double {
        let mantissa = text.prefix { $0 != "e" && $0 != "E" }
        let isUnderflow = mantissa.contains { ("1"..."9").contains($0) }
        guard let number = Double(text), number.isFinite, number != 0 || !isUnderflow else {
            let reason = "Cannot compare number : \(text)"
            throw hasPlace ? reader.failure(reason) : EventPatternError(reason)
        }
        return number
    }
}

extension EventPattern.ObjectPattern {
    /// Of two lists for one field the later counts.
    fileprivate mutating func add(_ field: EventPattern.Field) {
        if case .values = field.node {
            fields.removeAll {
                if case .values = $0.node { $0.name == field.name } else { false }
            }
        }
        fields.append(field)
    }
}
