import AWSModel

/// Reads pattern documents, with the refusals of AWS's rule engine.
enum EventPatternParser {
    private static let reserved: Set<String> = [
        "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "numeric", "cidr", "wildcard",
    ]

    static func object(_ object: DocumentObject) throws(EventPatternError) -> EventPattern.ObjectPattern {
        var pattern = EventPattern.ObjectPattern()
        for (name, value) in object {
            if name == "$or", let choices = try alternatives(value) {
                pattern.alternatives.append(choices)
                continue
            }
            let node: EventPattern.Node
            switch value {
            case .object(let inner):
                guard !inner.isEmpty else { throw EventPatternError("Empty objects are not allowed") }
                node = .object(try Self.object(inner))
            case .list(let list):
                guard !list.isEmpty else { throw EventPatternError("Empty arrays are not allowed") }
                var matchers: [ValueMatcher] = []
                for element in list { matchers.append(try matcher(element)) }
                node = .values(matchers)
            default:
                throw EventPatternError("\"\(name)\" must be an object or an array")
            }
            pattern.fields.append(field(name, node))
        }
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

    /// AWS: `$or` is an operator only as an array of at least two non-empty objects; otherwise it is a field's name.
    private static func alternatives(_ value: DocumentValue) throws(EventPatternError) -> [EventPattern.ObjectPattern]?
    {
        guard let list = value.list, list.count > 1 else { return nil }
        let objects = list.compactMap(\.object)
        guard objects.count == list.count, objects.allSatisfy({ !$0.isEmpty }) else { return nil }
        if objects.allSatisfy({ $0.keys.allSatisfy(reserved.contains) }), let first = objects.first?.keys.first {
            throw EventPatternError("\(first) is Ruler reserved fieldName which cannot be used inside $or.")
        }
        var choices: [EventPattern.ObjectPattern] = []
        for object in objects { choices.append(try Self.object(object)) }
        return choices
    }

    private static func matcher(_ value: DocumentValue) throws(EventPatternError) -> ValueMatcher {
        switch value {
        case .object(let object): return try expression(object)
        case .list: throw EventPatternError("Match value must be String, number, true, false, or null")
        case .number(let number) where !number.isFinite:
            throw EventPatternError("Cannot compare number : \(number)")
        default: return .exactly(value)
        }
    }

    private static func expression(_ object: DocumentObject) throws(EventPatternError) -> ValueMatcher {
        guard let operatorName = object.keys.first, let argument = object.values.first else {
            throw EventPatternError("Empty match expressions are not allowed")
        }
        guard reserved.contains(operatorName) else {
            throw EventPatternError("Unrecognized match type \(operatorName)")
        }
        let result: ValueMatcher
        switch operatorName {
        case "exactly":
            guard argument.string != nil else { throw EventPatternError("exact match pattern must be a string") }
            result = .exactly(argument)
        case "exists":
            guard let wanted = argument.bool else {
                throw EventPatternError("exists match pattern must be either true or false.")
            }
            result = .exists(wanted)
        case "prefix", "suffix":
            result = .text(try affix(operatorName, argument))
        case "equals-ignore-case":
            guard let text = argument.string else {
                throw EventPatternError("equals-ignore-case match pattern must be a string")
            }
            result = .text(.equalsIgnoringCase(text))
        case "wildcard":
            guard let text = argument.string else {
                throw EventPatternError("wildcard match pattern must be a string")
            }
            result = .text(.wildcard(try Wildcard(text)))
        case "numeric": result = .numeric(try bounds(argument))
        case "cidr":
            // AWS names the wrong operator here.
            guard let text = argument.string else { throw EventPatternError("prefix match pattern must be a string") }
            result = .cidr(try CIDRBlock(text))
        default: result = try anythingBut(argument)
        }
        guard object.count == 1 else { throw EventPatternError("Only one key allowed in match expression") }
        return result
    }

    private static func affix(_ name: String, _ argument: DocumentValue) throws(EventPatternError) -> TextTest {
        if let inner = argument.object {
            guard inner.keys.first == "equals-ignore-case" else {
                throw EventPatternError("Unsupported anything-but pattern: \(inner.keys.first ?? "")")
            }
            guard let text = inner.string("equals-ignore-case") else {
                throw EventPatternError("equals-ignore-case match pattern must be a string")
            }
            guard inner.count == 1 else { throw EventPatternError("Only one key allowed in match expression") }
            return name == "prefix" ? .prefixIgnoringCase(text) : .suffixIgnoringCase(text)
        }
        guard let text = argument.string else { throw EventPatternError("\(name) match pattern must be a string") }
        return name == "prefix" ? .prefix(text) : .suffix(text)
    }

    private static func anythingBut(_ argument: DocumentValue) throws(EventPatternError) -> ValueMatcher {
        let malformed = "Value of anything-but must be an array or single string/number value."
        switch argument {
        case .string, .integer, .number: return .anythingBut([argument])
        case .list(let list):
            guard !list.isEmpty else { throw EventPatternError("Empty arrays are not allowed") }
            let allText = list.allSatisfy { $0.string != nil }
            guard allText || list.allSatisfy({ $0.double != nil }) else {
                throw EventPatternError(
                    "Inside anything-but list, either all values are strings or all values are numbers. start|null|boolean is not supported."
                )
            }
            return .anythingBut(list)
        case .object(let inner):
            guard let name = inner.keys.first, let operand = inner.values.first else {
                throw EventPatternError(malformed)
            }
            guard ["prefix", "suffix", "equals-ignore-case", "wildcard"].contains(name) else {
                throw EventPatternError("Unsupported anything-but pattern: \(name)")
            }
            let operands: [DocumentValue]
            switch operand {
            case .list(let list):
                guard !list.isEmpty else { throw EventPatternError("Empty arrays are not allowed") }
                operands = list
            case .object: throw EventPatternError(malformed)
            default: operands = [operand]
            }
            var tests: [TextTest] = []
            for operand in operands { tests.append(try excluded(name, operand)) }
            guard inner.count == 1 else { throw EventPatternError("Too many elements in numeric expression") }
            return .anythingButText(tests)
        default: throw EventPatternError(malformed)
        }
    }

    private static func excluded(_ name: String, _ operand: DocumentValue) throws(EventPatternError) -> TextTest {
        switch name {
        case "equals-ignore-case":
            guard let text = operand.string else {
                throw EventPatternError(
                    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.")
            }
            return .equalsIgnoringCase(text)
        case "wildcard":
            guard let text = operand.string else {
                throw EventPatternError("wildcard match pattern must be a string")
            }
            return .wildcard(try Wildcard(text))
        default:
            guard let text = operand.string else {
                throw EventPatternError("prefix/suffix match pattern must be a string")
            }
            guard !text.isEmpty else { throw EventPatternError("Null prefix/suffix not allowed") }
            return name == "prefix" ? .prefix(text) : .suffix(text)
        }
    }

    private static func bounds(_ argument: DocumentValue) throws(EventPatternError) -> [NumericBound] {
        guard let list = argument.list else { throw EventPatternError("Value of numeric must be an array.") }
        guard let first = list.first else {
            throw EventPatternError("Invalid member in numeric match: ]")
        }
        guard let sign = first.string else {
            throw EventPatternError("Invalid member in numeric match: \(JSONWriter.string(first))")
        }
        guard let comparison = NumericBound.Comparison(rawValue: sign) else {
            throw EventPatternError("Unrecognized numeric range operator: \(sign)")
        }
        let lower = NumericBound(comparison: comparison, value: try number(list, 1, after: comparison))
        if list.count == 2 { return [lower] }
        guard comparison == .greater || comparison == .greaterOrEqual else {
            throw EventPatternError("Too many elements in numeric expression")
        }
        guard let second = list[2].string else {
            throw EventPatternError("Bad value in numeric range: \(JSONWriter.string(list[2]))")
        }
        guard let upperComparison = NumericBound.Comparison(rawValue: second),
            upperComparison == .less || upperComparison == .lessOrEqual
        else { throw EventPatternError("Bad numeric range operator: \(second)") }
        let upper = NumericBound(comparison: upperComparison, value: try number(list, 3, after: upperComparison))
        guard lower.value < upper.value else { throw EventPatternError("Bottom must be less than top") }
        guard list.count == 4 else { throw EventPatternError("Too many terms in numeric range expression") }
        return [lower, upper]
    }

    private static func number(
        _ list: [DocumentValue], _ index: Int, after comparison: NumericBound.Comparison
    ) throws(EventPatternError) -> Double {
        let name = comparison == .equal ? "equals" : comparison.rawValue
        guard list.indices.contains(index), let number = list[index].double else {
            throw EventPatternError("Value of \(name) must be numeric")
        }
        guard number.isFinite else { throw EventPatternError("Cannot compare number : \(number)") }
        return number
    }
}
