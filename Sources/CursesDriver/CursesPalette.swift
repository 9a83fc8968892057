import CNcurses
import TerminalUI

/// Styles as curses has them: attributes and a colour pair. Pairs are made when first needed.
struct CursesPalette {
    struct Look {
        var attributes: UInt32
        var pair: Int32
    }

    private let depth: ColourDepth
    private let colours: Int
    private let pairLimit: Int
    private var looks: [Style: Look] = [:]
    private var pairs: [UInt64: Int32] = [:]

    /// Changing it forgets what was made for the old one.
    var theme: Theme? {
        didSet {
            if theme != oldValue { looks.removeAll() }
        }
    }

    init(depth: ColourDepth, colours: Int, pairs: Int) {
        self.depth = depth
        self.colours = colours
        pairLimit = pairs
    }

    mutating func look(_ style: Style) -> Look {
        if let known = looks[style] { return known }
        let resolved = (depth == .monochrome ? .mono : theme ?? .dark).look(style)
        var attributes: UInt32 = 0
        let wanted = resolved.attributes
        if wanted.contains(.bold) { attributes |= skua_attribute_bold() }
        if wanted.contains(.dim) { attributes |= skua_attribute_dim() }
        if wanted.contains(.italic) { attributes |= skua_attribute_italic() }
        if wanted.contains(.underline) { attributes |= skua_attribute_underline() }
        if wanted.contains(.reverse) { attributes |= skua_attribute_reverse() }
        var foreground = number(resolved.foreground)
        var background = number(resolved.background)
        if depth == .sixteen, colours < 16 {
            // Eight colours: bold is bright in front, and behind there is no grey at all.
            if foreground > 7 {
                foreground = foreground == 8 ? 7 : foreground - 8
                if resolved.foreground?.basic != 8 { attributes |= skua_attribute_bold() }
            }
            if background > 7 {
                background = background == 15 ? 7 : -1
                if background == -1 { attributes |= skua_attribute_underline() }
            }
        }
        let look = Look(attributes: attributes, pair: pair(foreground, background))
        looks[style] = look
        return look
    }

    private func number(_ colour: Colour?) -> Int32 {
        guard let colour else { return -1 }
        switch depth {
        case .monochrome: return -1
        case .sixteen: return Int32(colour.basic)
        case .twoHundredFiftySix: return Int32(colour.indexed)
        // Direct colours below 8 mean the palette.
        case .trueColour: return max(8, Int32(bitPattern: colour.rgb))
        }
    }

    private mutating func pair(_ foreground: Int32, _ background: Int32) -> Int32 {
        if foreground == -1, background == -1 { return 0 }
        let key = UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
        if let known = pairs[key] { return known }
        let next = Int32(pairs.count + 1)
        guard Int(next) < pairLimit else { return 0 }
        _ = skua_set_pair(next, foreground, background)
        pairs[key] = next
        return next
    }
}
