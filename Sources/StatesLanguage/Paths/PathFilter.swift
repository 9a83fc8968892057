import AWSModel

/// The predicate of `[?(…)]`.
indirect enum PathFilter: Sendable, Hashable {
    enum Operand: Sendable, Hashable {
        /// Relative to the element under test.
        case current([JSONPath.Segment])
        case root([JSONPath.Segment])
        case literal(DocumentValue)
        case pattern(String, ignoringCase: Bool)
    }

    enum Comparison: String, Sendable, Hashable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case matches = "=~"
        case less = "<"
        case greater = ">"
        case isIn = "in"
        case isNotIn = "nin"
        case contains = "contains"
        case size = "size"
        case empty = "empty"
    }

    case exists(Operand)
    case compare(Operand, Comparison, Operand)
    case not(PathFilter)
    case all([PathFilter])
    case any([PathFilter])

    func accepts(_ element: DocumentValue, root: DocumentValue) -> Bool {
        switch self {
        case .exists(let operand): Self.value(of: operand, element, root) != nil
        case .not(let filter): !filter.accepts(element, root: root)
        case .all(let filters): filters.allSatisfy { $0.accepts(element, root: root) }
        case .any(let filters): filters.contains { $0.accepts(element, root: root) }
        case .compare(let left, let comparison, let right):
            Self.compare(
                Self.value(of: left, element, root), comparison, Self.value(of: right, element, root), pattern: right)
        }
    }

    private static func value(of operand: Operand, _ element: DocumentValue, _ root: DocumentValue) -> DocumentValue? {
        switch operand {
        case .literal(let value): value
        case .current(let segments): try? PathEvaluation.value(of: segments, in: element)
        case .root(let segments): try? PathEvaluation.value(of: segments, in: root)
        case .pattern: nil
        }
    }

    private static func compare(
        _ left: DocumentValue?, _ comparison: Comparison, _ right: DocumentValue?, pattern: Operand
    ) -> Bool {
        switch comparison {
        case .equal: return left != nil && left == right
        case .unequal: return left != right
        case .less: return order(left, right).map { $0 < 0 } ?? false
        case .greater: return order(left, right).map { $0 > 0 } ?? false
        case .atMost: return order(left, right).map { $0 <= 0 } ?? false
        case .atLeast: return order(left, right).map { $0 >= 0 } ?? false
        case .isIn:
            guard let left, let list = right?.list else { return false }
            return list.contains(left)
        case .isNotIn:
            guard let left, let list = right?.list else { return true }
            return !list.contains(left)
        case .contains:
            guard let right else { return false }
            if let list = left?.list { return list.contains(right) }
            guard let text = left?.string, let part = right.string else { return false }
            return part.isEmpty || text.contains(part)
        case .size:
            guard let size = right?.integer else { return false }
            return length(left) == Int(size)
        case .empty:
            guard let expected = right?.bool, let length = length(left) else { return false }
            return (length == 0) == expected
        case .matches:
            guard case .pattern(let source, let ignoringCase) = pattern, let text = left?.string,
                let regex = try? Regex(source).ignoresCase(ignoringCase)
            else { return false }
            return text.wholeMatch(of: regex) != nil
        }
    }

    private static func length(_ value: DocumentValue?) -> Int? {
        switch value {
        case .list(let list): list.count
        case .string(let text): text.utf16.count
        default: nil
        }
    }

    /// Numbers with numbers, texts with texts; nil where AWS would not compare either.
    private static func order(_ left: DocumentValue?, _ right: DocumentValue?) -> Int? {
        if let a = left?.double, let b = right?.double { return a < b ? -1 : (a > b ? 1 : 0) }
        if let a = left?.string, let b = right?.string { return a < b ? -1 : (a > b ? 1 : 0) }
        return nil
    }
}

/// Reads `(@.price < 10 && …)`.
enum PathFilterParser {
    static func filter(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter {
        parser.skipSpace()
        guard parser.skip("(") else { throw parser.fail("a filter begins with '('") }
        let filter = try disjunction(&parser)
        parser.skipSpace()
        guard parser.skip(")") else { throw parser.fail("a filter is not closed") }
        return filter
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
        parser.depth += 1
        defer { parser.depth -= 1 }
        guard parser.depth <= PathParser.maximumDepth else { throw parser.fail("a filter is nested too deeply") }
        parser.skipSpace()
        if parser.skip("!") { return .not(try term(&parser)) }
        if parser.skip("(") {
            let inner = try disjunction(&parser)
            parser.skipSpace()
            guard parser.skip(")") else { throw parser.fail("a parenthesis is not closed") }
            return inner
        }
        let left = try operand(&parser)
        parser.skipSpace()
        for comparison in PathFilter.Comparison.allCases where parser.skip(word: comparison.rawValue) {
            parser.skipSpace()
            return .compare(left, comparison, try operand(&parser))
        }
        return .exists(left)
    }

    private static func operand(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter.Operand {
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
        case " ", ")", "=", "!", "<", ">", "&", "|", ",", "]": true
        default: false
        }
    }

    private static func pattern(_ parser: inout PathParser) throws(PathSyntaxError) -> PathFilter.Operand {
        parser.position += 1
        let start = parser.position
        while let scalar = parser.peek, scalar != "/" { parser.position += scalar == "\\" ? 2 : 1 }
        let end = min(parser.position, parser.scalars.count)
        guard parser.skip("/") else { throw parser.fail("a pattern is not closed") }
        return .pattern(parser.text(start, end), ignoringCase: parser.skip("i"))
    }

    private static func literal(_ parser: inout PathParser) throws(PathSyntaxError) -> DocumentValue {
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
        while let scalar = parser.peek, !isOperandEnd(scalar) { parser.position += 1 }
        let text = parser.text(start, parser.position)
        guard !text.isEmpty, let value = try? JSONReader.parse(text) else { throw parser.fail("'\(text)' is no value") }
        return value
    }
}
