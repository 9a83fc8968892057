/// The glyphs of lines, by the directions in which they go on.
enum LineGlyphs {
    struct Arms: OptionSet, Hashable {
        var rawValue: UInt8 = 0

        static let north = Arms(rawValue: 1)
        static let east = Arms(rawValue: 2)
        static let south = Arms(rawValue: 4)
        static let west = Arms(rawValue: 8)

        init(rawValue: UInt8 = 0) { self.rawValue = rawValue }

        /// The direction from one cell to a neighbouring one.
        init(from: GraphPoint, to: GraphPoint) {
            self = to.y > from.y ? .south : to.y < from.y ? .north : to.x > from.x ? .east : .west
        }

        var opposite: Arms { Arms(rawValue: (rawValue << 2 | rawValue >> 2) & 15) }
    }

    // Index: bit 0 north, 1 east, 2 south, 3 west.
    private static let utf8: [Character] = [
        " ", "│", "─", "└", "│", "│", "┌", "├", "─", "┘", "─", "┴", "┐", "┤", "┬", "┼",
    ]
    private static let ascii: [Character] = [
        " ", "|", "-", "+", "|", "|", "+", "+", "-", "+", "-", "+", "+", "+", "+", "+",
    ]

    /// Dashed lines differ where they run straight; there are no dashed corners in box drawing.
    static func glyph(_ arms: Arms, isDashed: Bool, glyphs: GraphLayoutOptions.GlyphSet) -> Character {
        if isDashed {
            if arms.isSubset(of: [.north, .south]) { return glyphs == .utf8 ? "┆" : ":" }
            if arms.isSubset(of: [.east, .west]) { return glyphs == .utf8 ? "┄" : "." }
        }
        return (glyphs == .utf8 ? utf8 : ascii)[Int(arms.rawValue)]
    }

    static func head(_ direction: Arms, glyphs: GraphLayoutOptions.GlyphSet) -> Character {
        switch direction {
        case .north: glyphs == .utf8 ? "▲" : "^"
        case .east: glyphs == .utf8 ? "▶" : ">"
        case .west: glyphs == .utf8 ? "◀" : "<"
        default: glyphs == .utf8 ? "▼" : "v"
        }
    }
}

/// The glyphs of one shape of box.
struct BoxGlyphs {
    /// Upper left, upper right, lower left, lower right.
    var corners: [Character]
    var horizontal: Character
    var vertical: Character
    /// Around the text where there is no border.
    var brackets: (Character, Character)
    /// In the border, for a line that leaves to the north, east, south and west.
    private var ports: [Character]

    init(shape: GraphNode.Shape, isFrame: Bool, glyphs: GraphLayoutOptions.GlyphSet) {
        brackets =
            switch shape {
            case .box: ("[", "]")
            case .double: ("{", "}")
            case .decision: ("<", ">")
            case .rounded, .marker: ("(", ")")
            }
        guard glyphs == .utf8 else {
            corners = shape == .rounded || shape == .decision ? [".", ".", "'", "'"] : ["+", "+", "+", "+"]
            horizontal = shape == .double ? "=" : "-"
            vertical = "|"
            ports = ["+", "+", "+", "+"]
            return
        }
        switch shape {
        case .double:
            corners = ["╔", "╗", "╚", "╝"]
            horizontal = "═"
            vertical = "║"
            ports = ["╧", "╟", "╤", "╢"]
        case .rounded, .decision, .marker:
            corners = ["╭", "╮", "╰", "╯"]
            horizontal = "─"
            vertical = "│"
            ports = ["┴", "├", "┬", "┤"]
        case .box:
            corners = isFrame ? ["╭", "╮", "╰", "╯"] : ["┌", "┐", "└", "┘"]
            horizontal = "─"
            vertical = "│"
            ports = ["┴", "├", "┬", "┤"]
        }
    }

    func port(_ direction: LineGlyphs.Arms) -> Character {
        switch direction {
        case .north: ports[0]
        case .east: ports[1]
        case .west: ports[3]
        default: ports[2]
        }
    }
}
