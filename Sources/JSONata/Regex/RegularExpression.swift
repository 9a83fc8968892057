/// A regular expression in JavaScript's flavour, matched over UTF-16 by a backtracking machine with a step budget:
/// a pattern that explodes ends in an error.
final class RegularExpression: Sendable {
    indirect enum Item: Sendable {
        case unit(UInt16)
        case any
        case set(CharacterSet)
        case sequence([Item])
        case choice([Item])
        case group(Item, capture: Int?)
        case repetition(Item, minimum: Int, maximum: Int, isLazy: Bool, captures: Range<Int>)
        case start, end, boundary, noBoundary
        case backreference(Int)
        case named(String)
        case look(Item, isNegative: Bool)
    }

    struct CharacterSet: Sendable {
        var ranges: [ClosedRange<UInt16>] = []
        var isNegated = false

        func contains(_ unit: UInt16) -> Bool { ranges.contains { $0.contains(unit) } != isNegated }

        func contains(_ unit: UInt16, ignoringCase: Bool) -> Bool {
            guard ignoringCase else { return contains(unit) }
            let plain = CharacterSet(ranges: ranges)
            let isInside =
                plain.contains(unit) || plain.contains(RegularExpression.upper(unit))
                || plain.contains(RegularExpression.lower(unit))
            return isInside != isNegated
        }
    }

    enum Instruction: Sendable {
        case unit(UInt16)
        case any
        case set(CharacterSet)
        case split(first: Int, second: Int)
        case jump(Int)
        case save(Int)
        case reset(Range<Int>)
        case mark(Int)
        case progress(Int)
        case start, end, boundary, noBoundary
        case backreference(Int)
        case look(end: Int, isNegative: Bool)
        case matched
    }

    struct Match {
        var start: Int
        var end: Int
        /// Captures from 1; nil where a group took no part.
        var groups: [Range<Int>?]
    }

    let pattern: String
    let isCaseInsensitive: Bool
    let isMultiline: Bool
    let program: [Instruction]
    let captureCount: Int
    let markCount: Int

    init(pattern: String, flags: String, position: Int? = nil) throws(JSONataError) {
        self.pattern = pattern
        isCaseInsensitive = flags.contains("i")
        isMultiline = flags.contains("m")
        var parser = RegularExpressionParser(pattern, position: position)
        let item = try parser.parse()
        captureCount = parser.captureCount
        var compiler = RegularExpressionCompiler(names: parser.names)
        guard compiler.compile(item), compiler.program.count < RegularExpressionCompiler.maximumSize else {
            throw JSONataError("S0303", position: position, value: pattern)
        }
        program = compiler.program + [.matched]
        markCount = compiler.markCount
    }

    static func upper(_ unit: UInt16) -> UInt16 { mapped(unit) { $0.properties.uppercaseMapping } }
    static func lower(_ unit: UInt16) -> UInt16 { mapped(unit) { $0.properties.lowercaseMapping } }

    private static func mapped(_ unit: UInt16, _ mapping: (Unicode.Scalar) -> String) -> UInt16 {
        guard let scalar = Unicode.Scalar(UInt32(unit)) else { return unit }
        let units = Array(mapping(scalar).utf16)
        return units.count == 1 && !(unit >= 128 && units[0] < 128) ? units[0] : unit
    }

    static func isWord(_ unit: UInt16) -> Bool {
        switch unit {
        case 48...57, 65...90, 95, 97...122: true
        default: false
        }
    }

    static func isLineEnd(_ unit: UInt16) -> Bool { unit == 10 || unit == 13 || unit == 0x2028 || unit == 0x2029 }
}
