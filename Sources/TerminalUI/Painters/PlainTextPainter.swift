/// A buffer as lines of text, for `skua show` and snapshots: no escapes, no trailing spaces.
public enum PlainTextPainter {
    public static func paint(_ buffer: CellBuffer) -> String {
        var lines: [String] = []
        for y in 0..<buffer.size.height {
            var line = ""
            for x in 0..<buffer.size.width { line += buffer[x, y].glyph.text }
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    /// As `paint`, without the rows that are empty but for frames and repeat the row above: a screen drawn on a very tall
    /// buffer then takes as many lines as it has something to say.
    public static func paintCompactly(_ buffer: CellBuffer) -> String {
        var kept: [Substring] = []
        for line in paint(buffer).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let isEmpty = line.allSatisfy { " │┃|".contains($0) }
            if isEmpty, line == kept.last { continue }
            kept.append(line)
        }
        return kept.joined(separator: "\n") + "\n"
    }
}
