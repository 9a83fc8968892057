/// Breaks text into lines of a given width.
public enum TextWrapping {
    /// Wraps at spaces; a word longer than the width is cut. Line ends in the text are kept. Never returns an empty array.
    public static func wrap(_ text: String, to width: Int) -> [String] {
        guard width > 0 else { return [text] }
        var result: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            result += wrapParagraph(String(paragraph), to: width)
        }
        return result.isEmpty ? [""] : result
    }

    private static func wrapParagraph(_ text: String, to width: Int) -> [String] {
        if text.columns <= width { return [text] }
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            var rest = String(word)
            var columns = rest.columns
            if used > 0 && used + 1 + columns <= width {
                line += " " + rest
                used += 1 + columns
                continue
            }
            if used > 0 {
                lines.append(line)
                line = ""
                used = 0
            }
            while columns > width {
                let (head, tail) = cut(rest, at: width)
                lines.append(head)
                rest = tail
                columns = rest.columns
            }
            line = rest
            used = columns
        }
        lines.append(line)
        return lines
    }

    /// Cuts into pieces of exactly `width` columns, as a viewer does that must not move any character.
    public static func chop(_ text: String, to width: Int) -> [String] {
        guard width > 0, text.columns > width else { return [text] }
        var pieces: [String] = []
        var rest = text
        while rest.columns > width {
            let (head, tail) = cut(rest, at: width)
            pieces.append(head)
            rest = tail
        }
        if !rest.isEmpty { pieces.append(rest) }
        return pieces
    }

    private static func cut(_ text: String, at width: Int) -> (String, String) {
        var used = 0
        var index = text.startIndex
        while index < text.endIndex {
            let columns = String(text[index]).columns
            if used + columns > width && index > text.startIndex { break }
            used += columns
            index = text.index(after: index)
        }
        return (String(text[..<index]), String(text[index...]))
    }
}
