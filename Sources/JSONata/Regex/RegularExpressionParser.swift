/// Reads a pattern as JavaScript does without the `u` flag.
struct RegularExpressionParser {
    private typealias Item = RegularExpression.Item
    private typealias CharacterSet = RegularExpression.CharacterSet

    private let source: [UInt16]
    private let pattern: String
    private let errorPosition: Int?
    private var position = 0
    private var depth = 0
    private(set) var captureCount = 0
    private(set) var names: [String: Int] = [:]

    init(_ pattern: String, position: Int?) {
        self.pattern = pattern
        source = Array(pattern.utf16)
        errorPosition = position
    }

    mutating func parse() throws(JSONataError) -> RegularExpression.Item {
        let item = try choice()
        guard position == source.count else { throw failure() }
        return item
    }

    private func failure() -> JSONataError { JSONataError("S0303", position: errorPosition, value: pattern) }
    private var current: UInt16? { position < source.count ? source[position] : nil }

    private mutating func take(_ text: String) -> Bool {
        let units = Array(text.utf16)
        guard position + units.count <= source.count, source[position..<position + units.count].elementsEqual(units)
        else { return false }
        position += units.count
        return true
    }

    private mutating func choice() throws(JSONataError) -> RegularExpression.Item {
        depth += 1
        defer { depth -= 1 }
        guard depth < 60 else { throw failure() }
        var branches: [Item] = []
        repeat { branches.append(.sequence(try sequence())) } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(JSONataError) -> [RegularExpression.Item] {
        var items: [Item] = []
        while let unit = current, unit != UInt16(ascii: "|"), unit != UInt16(ascii: ")") {
            let before = captureCount
            let item = try atom()
            items.append(try repeated(item, captures: before + 1..<captureCount + 1))
        }
        return items
    }

    private mutating func repeated(
        _ item: RegularExpression.Item, captures: Range<Int>
    ) throws(JSONataError) -> RegularExpression.Item {
        var bounds: (Int, Int)?
        if take("*") {
            bounds = (0, .max)
        } else if take("+") {
            bounds = (1, .max)
        } else if take("?") {
            bounds = (0, 1)
        } else {
            bounds = counted()
        }
        guard let (minimum, maximum) = bounds else { return item }
        guard minimum <= maximum else { throw failure() }
        let isLazy = take("?")
        if let unit = current, [UInt16(ascii: "*"), UInt16(ascii: "+"), UInt16(ascii: "?")].contains(unit) {
            throw failure()
        }
        return .repetition(item, minimum: minimum, maximum: maximum, isLazy: isLazy, captures: captures)
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else in braces is text.
    private mutating func counted() -> (Int, Int)? {
        let start = position
        guard take("{"), let minimum = integer() else {
            position = start
            return nil
        }
        var maximum = minimum
        if take(",") { maximum = integer() ?? .max }
        guard take("}") else {
            position = start
            return nil
        }
        return (minimum, maximum)
    }

    private mutating func integer() -> Int? {
        var value: Int?
        while let unit = current, (48...57).contains(unit) {
            value = min((value ?? 0) * 10 + Int(unit - 48), 1_000_000)
            position += 1
        }
        return value
    }

    private mutating func atom() throws(JSONataError) -> RegularExpression.Item {
        guard let unit = current else { throw failure() }
        position += 1
        switch unit {
        case UInt16(ascii: "."): return .any
        case UInt16(ascii: "^"): return .start
        case UInt16(ascii: "$"): return .end
        case UInt16(ascii: "("): return try group()
        case UInt16(ascii: "["): return .set(try set())
        case UInt16(ascii: "\\"): return try escape()
        case UInt16(ascii: "*"), UInt16(ascii: "+"), UInt16(ascii: "?"): throw failure()
        default: return .unit(unit)
        }
    }

    private mutating func group() throws(JSONataError) -> RegularExpression.Item {
        var capture: Int?
        var look: Bool?
        if take("?:") {
        } else if take("?=") {
            look = false
        } else if take("?!") {
            look = true
        } else if take("?<") {
            guard current != UInt16(ascii: "="), current != UInt16(ascii: "!") else { throw failure() }
            captureCount += 1
            capture = captureCount
            guard let name = groupName() else { throw failure() }
            names[name] = captureCount
        } else if current == UInt16(ascii: "?") {
            throw failure()
        } else {
            captureCount += 1
            capture = captureCount
        }
        let item = try choice()
        guard take(")") else { throw failure() }
        if let look { return .look(item, isNegative: look) }
        return .group(item, capture: capture)
    }

    private mutating func groupName() -> String? {
        guard let end = source[position...].firstIndex(of: UInt16(ascii: ">")), end > position else { return nil }
        let name = String(decoding: source[position..<end], as: UTF16.self)
        position = end + 1
        return name
    }

    private static let digits = CharacterSet(ranges: [48...57])
    private static let words = CharacterSet(ranges: [48...57, 65...90, 95...95, 97...122])
    private static let spaces = CharacterSet(ranges: [
        9...13, 32...32, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    /// `\d` and its kin.
    private static func shorthand(_ unit: UInt16) -> RegularExpression.CharacterSet? {
        let base: CharacterSet
        switch unit | 0x20 {
        case UInt16(ascii: "d"): base = digits
        case UInt16(ascii: "w"): base = words
        case UInt16(ascii: "s"): base = spaces
        default: return nil
        }
        guard unit & 0x20 == 0 else { return base }
        return CharacterSet(ranges: complement(base.ranges))
    }

    private static func complement(_ ranges: [ClosedRange<UInt16>]) -> [ClosedRange<UInt16>] {
        var result: [ClosedRange<UInt16>] = []
        var next: UInt32 = 0
        for range in ranges {
            if UInt32(range.lowerBound) > next { result.append(UInt16(next)...range.lowerBound - 1) }
            next = UInt32(range.upperBound) + 1
        }
        if next <= 0xFFFF { result.append(UInt16(next)...0xFFFF) }
        return result
    }

    private mutating func escape() throws(JSONataError) -> RegularExpression.Item {
        guard let unit = current else { throw failure() }
        if let set = Self.shorthand(unit) {
            position += 1
            return .set(set)
        }
        switch unit {
        case UInt16(ascii: "b"):
            position += 1
            return .boundary
        case UInt16(ascii: "B"):
            position += 1
            return .noBoundary
        case UInt16(ascii: "1")...UInt16(ascii: "9"):
            return .backreference(integer() ?? 0)
        case UInt16(ascii: "k") where source.count > position + 1 && source[position + 1] == UInt16(ascii: "<"):
            position += 2
            guard let name = groupName() else { throw failure() }
            return .named(name)
        default: return .unit(escapedUnit())
        }
    }

    /// The character an escape stands for, at the character after the backslash.
    private mutating func escapedUnit() -> UInt16 {
        let unit = source[position]
        position += 1
        switch unit {
        case UInt16(ascii: "n"): return 10
        case UInt16(ascii: "r"): return 13
        case UInt16(ascii: "t"): return 9
        case UInt16(ascii: "f"): return 12
        case UInt16(ascii: "v"): return 11
        case UInt16(ascii: "0"): return 0
        case UInt16(ascii: "x"): return hexadecimal(2) ?? unit
        case UInt16(ascii: "u"): return hexadecimal(4) ?? unit
        case UInt16(ascii: "c"):
            guard let letter = current, RegularExpression.isWord(letter) else { return UInt16(ascii: "\\") }
            position += 1
            return letter & 31
        default: return unit
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt16? {
        guard position + count <= source.count,
            let value = UInt16(String(decoding: source[position..<position + count], as: UTF16.self), radix: 16)
        else { return nil }
        position += count
        return value
    }

    private mutating func set() throws(JSONataError) -> RegularExpression.CharacterSet {
        var result = CharacterSet()
        result.isNegated = take("^")
        while let unit = current, unit != UInt16(ascii: "]") {
            guard let lower = classMember(&result) else { continue }
            guard current == UInt16(ascii: "-"), position + 1 < source.count,
                source[position + 1] != UInt16(ascii: "]")
            else {
                result.ranges.append(lower...lower)
                continue
            }
            position += 1
            guard let upper = classMember(&result) else {
                result.ranges += [lower...lower, 45...45]
                continue
            }
            guard lower <= upper else { throw failure() }
            result.ranges.append(lower...upper)
        }
        guard take("]") else { throw failure() }
        return result
    }

    /// One character of a class; nil where it was a shorthand, which is added at once.
    private mutating func classMember(_ set: inout RegularExpression.CharacterSet) -> UInt16? {
        let unit = source[position]
        position += 1
        guard unit == UInt16(ascii: "\\"), let escaped = current else { return unit }
        if let shorthand = Self.shorthand(escaped) {
            position += 1
            set.ranges += shorthand.ranges
            return nil
        }
        if escaped == UInt16(ascii: "b") {
            position += 1
            return 8
        }
        return escapedUnit()
    }
}
