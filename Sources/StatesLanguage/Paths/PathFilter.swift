import AWSModel
import JSONata

/// The predicate of `[?(…)]`.
indirect enum PathFilter: Sendable, Hashable {
    enum Operand: Sendable, Hashable {
        /// Relative to the element under test.
        case current([JSONPath.Segment])
        case root([JSONPath.Segment])
        case literal(DocumentValue)
        case pattern(TextPattern)
    }

    enum Comparison: String, Sendable, Hashable, CaseIterable {
        case equal = "=="
        case sameTypeAndEqual = "==="
        case unequal = "!="
        case notSame = "!=="
        case atMost = "<="
        case atLeast = ">="
        case matches = "=~"
        case less = "<"
        case greater = ">"
        case isIn = "IN"
        case isNotIn = "NIN"
        case contains = "CONTAINS"
        case all = "ALL"
        case size = "SIZE"
        case empty = "EMPTY"
        case subsetOf = "SUBSETOF"
        case anyOf = "ANYOF"
        case noneOf = "NONEOF"
    }

    case exists(Operand)
    case compare(Operand, Comparison, Operand)
    case not(PathFilter)
    case all([PathFilter])
    case any([PathFilter])

    func accepts(_ element: DocumentValue, root: DocumentValue, _ budget: PathBudget) -> Bool {
        switch self {
        case .exists(let operand): Self.value(of: operand, element, root, budget) != nil
        case .not(let filter): !filter.accepts(element, root: root, budget)
        case .all(let filters): filters.allSatisfy { $0.accepts(element, root: root, budget) }
        case .any(let filters): filters.contains { $0.accepts(element, root: root, budget) }
        case .compare(let left, .matches, let right): Self.matches(left, right, element, root, budget)
        case .compare(let left, let comparison, let right):
            Self.compare(
                Self.value(of: left, element, root, budget), comparison, Self.value(of: right, element, root, budget),
                budget)
        }
    }

    /// What is not found, or costs too much, is nothing; whoever asked for the whole path looks at the budget.
    static func value(
        of operand: Operand, _ element: DocumentValue, _ root: DocumentValue, _ budget: PathBudget
    ) -> DocumentValue? {
        switch operand {
        case .literal(let value): value
        case .current(let segments):
            try? PathEvaluation.value(of: segments, in: element, root: root, budget)
        case .root(let segments): try? PathEvaluation.value(of: segments, in: root, root: root, budget)
        case .pattern: nil
        }
    }

    private static func compare(
        _ left: DocumentValue?, _ comparison: Comparison, _ right: DocumentValue?, _ budget: PathBudget
    ) -> Bool {
        guard isAffordable(left, comparison, right, budget) else { return false }
        switch comparison {
        case .equal: return equal(left, right)
        case .unequal: return !equal(left, right)
        case .sameTypeAndEqual: return kind(left) == kind(right) && equal(left, right)
        case .notSame: return !(kind(left) == kind(right) && equal(left, right))
        case .less: return order(left, right).map { $0 < 0 } ?? false
        case .greater: return order(left, right).map { $0 > 0 } ?? false
        case .atMost: return order(left, right).map { $0 <= 0 } ?? false
        case .atLeast: return order(left, right).map { $0 >= 0 } ?? false
        case .isIn: return isIn(left, right)
        case .isNotIn: return !isIn(left, right)
        case .contains:
            if let list = left?.list { return list.contains { equal($0, right) } }
            guard let text = left?.string, let part = right?.string else { return false }
            return part.isEmpty || text.contains(part)
        case .size:
            guard let size = right?.integer else { return false }
            return length(left) == Int(size)
        case .empty:
            guard let expected = right?.bool, let length = length(left) else { return false }
            return (length == 0) == expected
        case .all: return lists(left, right) { own, wanted in wanted.allSatisfy { isIn($0, .list(own)) } }
        case .subsetOf: return lists(left, right) { own, others in own.allSatisfy { isIn($0, .list(others)) } }
        case .anyOf: return lists(left, right) { own, others in own.contains { isIn($0, .list(others)) } }
        case .noneOf: return lists(left, right) { own, others in !own.contains { isIn($0, .list(others)) } }
        case .matches: return false
        }
    }

    /// Lists are compared member by member, and that for every element under test.
    private static func isAffordable(
        _ left: DocumentValue?, _ comparison: Comparison, _ right: DocumentValue?, _ budget: PathBudget
    ) -> Bool {
        guard let left, let right else { return true }
        do throws(PathMiss) {
            switch (left, right) {
            case (.list(let own), .list(let others)):
                switch comparison {
                case .all, .subsetOf, .anyOf, .noneOf: try budget.spend(own.count * others.count)
                default: break
                }
                try budget.spend(onAllOf: right)
            case (.object, .object): try budget.spend(onAllOf: right)
            case (_, .list(let list)), (.list(let list), _): try budget.spend(list.count)
            case (.string(let text), .string): try budget.spend(text.utf8.count / 64)
            default: break
            }
            return true
        } catch {
            return false
        }
    }

    /// Jayway: a text and a number are equal where one reads as the other; what is not there equals nothing.
    private static func equal(_ left: DocumentValue?, _ right: DocumentValue?) -> Bool {
        guard let left, let right else { return false }
        switch (left, right) {
        case (.string(let text), .integer), (.string(let text), .number): return text == JSONWriter.string(right)
        case (.integer, .string(let text)), (.number, .string(let text)): return left.double == Double(text)
        default: return left == right
        }
    }

    /// Which values `===` may find the same.
    private static func kind(_ value: DocumentValue?) -> Int {
        switch value {
        case nil: 0
        case .null: 1
        case .bool: 2
        case .integer, .number: 3
        case .string, .bytes, .timestamp: 4
        case .list, .object: 5
        }
    }

    private static func isIn(_ value: DocumentValue?, _ list: DocumentValue?) -> Bool {
        list?.list?.contains { equal($0, value) } ?? false
    }

    private static func lists(
        _ left: DocumentValue?, _ right: DocumentValue?, _ test: ([DocumentValue], [DocumentValue]) -> Bool
    ) -> Bool {
        guard let left = left?.list, let right = right?.list else { return false }
        return test(left, right)
    }

    private static func matches(
        _ left: Operand, _ right: Operand, _ element: DocumentValue, _ root: DocumentValue, _ budget: PathBudget
    ) -> Bool {
        let subject: Operand
        let pattern: TextPattern
        switch (left, right) {
        case (.pattern, .pattern): return false
        case (.pattern(let given), let other), (let other, .pattern(let given)): (subject, pattern) = (other, given)
        default: return false
        }
        guard let value = value(of: subject, element, root, budget) else { return false }
        func fits(_ value: DocumentValue) -> Bool {
            guard let text = value.string ?? value.bool.map(String.init) else { return false }
            return budget.withSteps { pattern.matches(whole: text, steps: &$0) }
        }
        return value.list.map { $0.contains(where: fits) } ?? fits(value)
    }

    private static func length(_ value: DocumentValue?) -> Int? {
        switch value {
        case .list(let list): list.count
        case .object(let object): object.count
        case .string(let text): text.utf16.count
        default: nil
        }
    }

    /// Numbers with numbers, texts with texts; nil where Jayway would not compare either.
    private static func order(_ left: DocumentValue?, _ right: DocumentValue?) -> Int? {
        if let a = left?.double, let b = right?.double { return a < b ? -1 : (a > b ? 1 : 0) }
        if let a = left?.string, let b = right?.string {
            return a == b ? 0 : (a.utf16.lexicographicallyPrecedes(b.utf16) ? -1 : 1)
        }
        return nil
    }
}

/// Reads `(@.price < 10 && …)`.
enum PathFilterParser {
    static func filter(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter {
        parser.skipSpace()
        guard parser.peek == "(" else { throw parser.fail("a filter begins with '('") }
        guard isClosed(parser) else { throw parser.fail("a filter is not closed") }
        parser.position += 1
        let filter = try disjunction(&parser)
        parser.skipSpace()
        guard parser.skip(")") else { throw parser.fail("a filter is not closed") }
        return filter
    }

    /// Jayway looks for the end first, and takes every slash outside of quotes for the start or end of a pattern.
    private static func isClosed(_ parser: PathParser) -> Bool {
        var open = 0
        var closing: Unicode.Scalar?
        var isEscaped = false
        for scalar in parser.scalars[parser.position...] {
            if let end = closing {
                if isEscaped {
                    isEscaped = false
                } else if scalar == "\\" {
                    isEscaped = true
                } else if scalar == end {
                    closing = nil
                }
                continue
            }
            switch scalar {
            case "'", "\"", "/": closing = scalar
            case "(": open += 1
            case ")":
                open -= 1
                if open == 0 { return true }
            default: break
            }
        }
        return false
    }

    private static func disjunction(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter {
        var parts = [try conjunction(&parser)]
        parser.skipSpace()
        while parser.skip(word: "||") {
            parts.append(try conjunction(&parser))
            parser.skipSpace()
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private static func conjunction(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter {
        var parts = [try term(&parser)]
        parser.skipSpace()
        while parser.skip(word: "&&") {
            parts.append(try term(&parser))
            parser.skipSpace()
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func term(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter {
        try parser.descend()
        defer { parser.depth -= 1 }
        parser.skipSpace()
        if parser.skip("!") { return .not(try term(&parser)) }
        if parser.skip("(") {
            let inner = try disjunction(&parser)
            parser.skipSpace()
            guard parser.skip(")") else { throw parser.fail("a parenthesis is not closed") }
            return inner
        }
        let left = try operand(&parser)
        let afterLeft = parser.position
        if let comparison = comparison(&parser) {
            parser.skipSpace()
            return .compare(left, comparison, try operand(&parser))
        }
        parser.position = afterLeft
        switch left {
        case .current, .root: return .exists(left)
        case .literal, .pattern: throw parser.fail("a filter needs a path or a comparison")
        }
    }

    private static func comparison(_ parser: inout PathParser) -> PathFilter.Comparison? {
        parser.skipSpace()
        let start = parser.position
        func isSign(_ scalar: Unicode.Scalar) -> Bool { "<>=~!".unicodeScalars.contains(scalar) }
        if let first = parser.peek, isSign(first) {
            while let scalar = parser.peek, isSign(scalar) { parser.position += 1 }
        } else {
            while let scalar = parser.peek, scalar.properties.isAlphabetic { parser.position += 1 }
        }
        return PathFilter.Comparison(rawValue: parser.text(start, parser.position).uppercased())
    }

    static func operand(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter.Operand {
        try parser.descend()
        defer { parser.depth -= 1 }
        switch parser.peek {
        case "@":
            parser.position += 1
            return .current(try parser.segments(endingAt: isOperandEnd))
        case "$":
            parser.position += 1
            return .root(try parser.segments(endingAt: isOperandEnd))
        case "'", "\"":
            return .literal(.string(try parser.quoted()))
        case "/":
            return try pattern(&parser)
        case nil:
            throw parser.fail("a filter ends early")
        default:
            return .literal(try literal(&parser))
        }
    }

    private static func isOperandEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", ")", "=", "!", "<", ">", "~": true
        default: false
        }
    }

    private static func pattern(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter.Operand {
        parser.position += 1
        let start = parser.position
        while let scalar = parser.peek, scalar != "/" { parser.position += scalar == "\\" ? 2 : 1 }
        let end = min(parser.position, parser.scalars.count)
        guard parser.skip("/") else { throw parser.fail("a pattern is not closed") }
        let source = parser.text(start, end)
        guard let pattern = TextPattern(source, isCaseInsensitive: parser.skip("i")) else {
            throw parser.fail("'\(source)' is no regular expression")
        }
        return .pattern(pattern)
    }

    private static func literal(_ parser: inout PathParser) throws(PathSyntaxError) -> DocumentValue {
        try parser.descend()
        defer { parser.depth -= 1 }
        if parser.skip("[") {
            var list: [DocumentValue] = []
            parser.skipSpace()
            while !parser.skip("]") {
                if parser.peek == "'" || parser.peek == "\"" {
                    list.append(.string(try parser.quoted()))
                } else {
                    list.append(try literal(&parser))
                }
                parser.skipSpace()
                _ = parser.skip(",")
                parser.skipSpace()
            }
            return .list(list)
        }
        let start = parser.position
        while let scalar = parser.peek, !isOperandEnd(scalar), !",]&|".unicodeScalars.contains(scalar) {
            parser.position += 1
        }
        let text = parser.text(start, parser.position)
        if let value = try? JSONReader.parse(text) { return value }
        // Jayway: numbers may begin with zeros.
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.dropFirst(sign.count)
        guard digits.first == "0", let value = try? JSONReader.parse(sign + digits.drop { $0 == "0" }),
            value.double != nil
        else { throw parser.fail("'\(text)' is no value") }
        return value
    }
}
