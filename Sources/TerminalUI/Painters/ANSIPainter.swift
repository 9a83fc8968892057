/// A buffer as text with SGR sequences, for `skua show --colour` on a terminal.
public enum ANSIPainter {
    public static func paint(_ buffer: CellBuffer, theme: Theme, depth: ColourDepth) -> String {
        var result = ""
        for y in 0..<buffer.size.height {
            var last: Style?
            var end = buffer.size.width
            while end > 0, buffer[end - 1, y] == Cell() { end -= 1 }
            for x in 0..<end {
                let cell = buffer[x, y]
                if cell.style != last {
                    result += sequence(theme.look(cell.style), depth)
                    last = cell.style
                }
                result += cell.glyph.text
            }
            if last != nil { result += "\u{1b}[0m" }
            result += "\n"
        }
        return result
    }

    private static func sequence(_ look: Theme.Look, _ depth: ColourDepth) -> String {
        var codes = ["0"]
        let attributes: [(Style.Attributes, String)] = [
            (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
        ]
        for (attribute, code) in attributes where look.attributes.contains(attribute) { codes.append(code) }
        if let colour = look.foreground { codes += code(colour, depth, isBackground: false) }
        if let colour = look.background { codes += code(colour, depth, isBackground: true) }
        return "\u{1b}[" + codes.joined(separator: ";") + "m"
    }

    private static func code(_ colour: Colour, _ depth: ColourDepth, isBackground: Bool) -> [String] {
        let lead = isBackground ? "48" : "38"
        switch depth {
        case .monochrome: return []
        case .sixteen:
            let base = colour.basic < 8 ? (isBackground ? 40 : 30) : (isBackground ? 92 : 82)
            return [String(base + Int(colour.basic))]
        case .twoHundredFiftySix: return [lead, "5", String(colour.indexed)]
        case .trueColour:
            return [lead, "2", String(colour.rgb >> 16), String(colour.rgb >> 8 & 255), String(colour.rgb & 255)]
        }
    }
}
