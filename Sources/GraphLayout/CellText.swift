/// Text measured and clipped in terminal columns.
struct CellText: Equatable {
    /// Printable characters only, each one or two columns wide.
    private(set) var characters: [Character]
    private(set) var width: Int

    /// Control characters become visible marks; without UTF-8 every character beyond ASCII becomes `?`.
    init(_ string: String, glyphs: GraphLayoutOptions.GlyphSet, limit: Int = .max) {
        var kept: [Character] = []
        var columns = 0
        for character in string {
            let shown = Self.printable(character, glyphs: glyphs)
            kept.append(shown)
            columns += Self.width(of: shown)
        }
        if columns > limit {
            let ellipsis: [Character] = glyphs == .utf8 ? ["…"] : limit >= 6 ? [".", ".", "."] : ["~"]
            while columns > limit - ellipsis.count, let last = kept.popLast() { columns -= Self.width(of: last) }
            kept += ellipsis
            columns += ellipsis.count
        }
        characters = kept
        width = columns
    }

    private static func printable(_ character: Character, glyphs: GraphLayoutOptions.GlyphSet) -> Character {
        guard let scalar = character.unicodeScalars.first else { return " " }
        if scalar.value < 0x20 || scalar.value == 0x7F || (0x80..<0xA0).contains(scalar.value) {
            return character == "\n" || character == "\t" ? " " : glyphs == .utf8 ? "·" : "?"
        }
        if width(of: character) == 0 { return glyphs == .utf8 ? "·" : "?" }
        return glyphs == .ascii && !character.isASCII ? "?" : character
    }

    /// Columns a character takes, after the East Asian Width property and the usual treatment of emoji and marks.
    static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        let value = scalar.value
        if value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .surrogate: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0, 0x23F3, 0x25FD...0x25FE,
            0x2614...0x2615, 0x2648...0x2653, 0x267F, 0x2693, 0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
            0x26CE, 0x26D4, 0x26EA, 0x26F2...0x26F3, 0x26F5, 0x26FA, 0x26FD, 0x2705, 0x270A...0x270B, 0x2728, 0x274C,
            0x274E, 0x2753...0x2755, 0x2757, 0x2795...0x2797, 0x27B0, 0x27BF, 0x2B1B...0x2B1C, 0x2B50, 0x2B55,
            0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            // A variation selector 16 asks for the emoji form, which is wide.
            return character.unicodeScalars.contains { $0.value == 0xFE0F } ? 2 : 1
        }
    }
}
