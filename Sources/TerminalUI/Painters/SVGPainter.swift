/// A buffer as an SVG image of a terminal window, in the colours of a theme.
public enum SVGPainter {
    private static let cellWidth = 8.4
    private static let cellHeight = 18
    private static let margin = 12
    private static let barHeight = 30

    /// `title` is written in the window's bar; without one there is no bar.
    public static func paint(_ buffer: CellBuffer, theme: Theme, title: String? = nil) -> String {
        let top = (title == nil ? 0 : barHeight) + margin
        let width = Int((Double(buffer.size.width) * cellWidth).rounded(.up)) + 2 * margin
        let height = buffer.size.height * cellHeight + top + margin
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)">
            <style>text{font:14px "DejaVu Sans Mono","JetBrains Mono",Menlo,Consolas,monospace;white-space:pre}</style>
            <rect width="100%" height="100%" rx="8" fill="\(theme.defaultBackground.hexadecimal)"/>

            """
        if let title {
            for (index, colour) in ["#e07a73", "#ddb35f", "#87af6f"].enumerated() {
                svg += "<circle cx=\"\(20 + index * 18)\" cy=\"16\" r=\"5.5\" fill=\"\(colour)\"/>\n"
            }
            svg +=
                "<text x=\"\(width / 2)\" y=\"21\" text-anchor=\"middle\" fill=\"#8a9095\">\(escaped(title))</text>\n"
        }
        for y in 0..<buffer.size.height {
            for run in runs(of: buffer, row: y) { svg += draw(run, y: y, top: top, theme) }
        }
        return svg + "</svg>\n"
    }

    /// Neighbouring cells of one style.
    private struct Run {
        var x: Int
        var columns: Int
        var text: String
        var style: Style
    }

    private static func runs(of buffer: CellBuffer, row: Int) -> [Run] {
        var runs: [Run] = []
        for x in 0..<buffer.size.width {
            let cell = buffer[x, row]
            // A wide glyph is drawn alone, so that the font's idea of its width cannot shift what follows.
            let isAlone = cell.glyph.width == 2 || cell.glyph.id > 0x2000
            let text = cell.glyph.text
            if var last = runs.last, last.style == cell.style,
                text == "─"
                    ? last.text.last == "─"
                    : !isAlone && !last.text.unicodeScalars.contains(where: { $0.value > 0x2000 })
            {
                last.columns += 1
                last.text += text
                runs[runs.count - 1] = last
            } else {
                runs.append(Run(x: x, columns: 1, text: text, style: cell.style))
            }
        }
        return runs
    }

    private static func draw(_ run: Run, y: Int, top: Int, _ theme: Theme) -> String {
        let look = theme.look(run.style)
        var front = (look.foreground ?? theme.defaultForeground).hexadecimal
        var back = look.background?.hexadecimal
        if look.attributes.contains(.reverse) {
            (front, back) = (back ?? theme.defaultBackground.hexadecimal, front)
        }
        let left = decimal(Double(margin) + Double(run.x) * cellWidth)
        let line = top + y * cellHeight
        let width = Double(run.columns) * cellWidth
        var svg = ""
        if let back {
            svg +=
                "<rect x=\"\(left)\" y=\"\(line)\" width=\"\(decimal(width + 0.3))\" height=\"\(cellHeight)\" fill=\"\(back)\"/>\n"
        }
        guard run.text.contains(where: { $0 != " " }) else { return svg }
        if let shape = block(run.text, left: left, width: width, line: line, fill: front) { return svg + shape }
        var extra = ""
        if look.attributes.contains(.bold) { extra += " font-weight=\"bold\"" }
        if look.attributes.contains(.italic) { extra += " font-style=\"italic\"" }
        if look.attributes.contains(.dim) { extra += " opacity=\"0.65\"" }
        if look.attributes.contains(.underline) { extra += " text-decoration=\"underline\"" }
        for words in phrases(of: run) {
            let left = decimal(Double(margin) + Double(words.x) * cellWidth)
            let length = decimal(Double(max(1, words.text.columns)) * cellWidth)
            svg +=
                "<text x=\"\(left)\" y=\"\(line + 14)\" fill=\"\(front)\" textLength=\"\(length)\"\(extra)>\(escaped(words.text))</text>\n"
        }
        return svg
    }

    /// What stands between wide gaps, each placed on its own: not every viewer keeps blanks, or a font's width.
    private static func phrases(of run: Run) -> [(x: Int, text: String)] {
        var phrases: [(x: Int, text: String)] = []
        var x = run.x
        var blanks = Int.max
        for character in run.text {
            if character == " " {
                blanks = blanks == .max ? .max : blanks + 1
            } else if blanks > 1 {
                phrases.append((x, String(character)))
                blanks = 0
            } else {
                phrases[phrases.count - 1].text += String(repeating: " ", count: blanks) + String(character)
                blanks = 0
            }
            x += String(character).columns
        }
        return phrases
    }

    /// Block elements and light lines are drawn as shapes: fonts leave gaps between them.
    private static func block(_ text: String, left: String, width: Double, line: Int, fill: String) -> String? {
        guard let scalar = text.unicodeScalars.first, scalar == "─" || text.unicodeScalars.count == 1 else {
            return nil
        }
        let x = Double(left) ?? 0
        let middleX = decimal(x + cellWidth / 2)
        let middleY = Double(line) + Double(cellHeight) / 2
        let right = decimal(x + width)
        func path(_ d: String) -> String {
            "<path d=\"\(d)\" fill=\"none\" stroke=\"\(fill)\" stroke-width=\"1.1\"/>\n"
        }
        let bottom = line + cellHeight
        switch scalar {
        case "─": return path("M\(left) \(middleY)H\(right)")
        case "│": return path("M\(middleX) \(line)V\(bottom)")
        case "╭": return path("M\(middleX) \(bottom)Q\(middleX) \(middleY) \(right) \(middleY)")
        case "╮": return path("M\(left) \(middleY)Q\(middleX) \(middleY) \(middleX) \(bottom)")
        case "╰": return path("M\(middleX) \(line)Q\(middleX) \(middleY) \(right) \(middleY)")
        case "╯": return path("M\(left) \(middleY)Q\(middleX) \(middleY) \(middleX) \(line)")
        case "┌": return path("M\(middleX) \(bottom)V\(middleY)H\(right)")
        case "┐": return path("M\(left) \(middleY)H\(middleX)V\(bottom)")
        case "└": return path("M\(middleX) \(line)V\(middleY)H\(right)")
        case "┘": return path("M\(left) \(middleY)H\(middleX)V\(line)")
        case "├": return path("M\(middleX) \(line)V\(bottom)M\(middleX) \(middleY)H\(right)")
        case "┤": return path("M\(middleX) \(line)V\(bottom)M\(left) \(middleY)H\(middleX)")
        case "┬": return path("M\(left) \(middleY)H\(right)M\(middleX) \(middleY)V\(bottom)")
        case "┴": return path("M\(left) \(middleY)H\(right)M\(middleX) \(line)V\(middleY)")
        case "┼": return path("M\(left) \(middleY)H\(right)M\(middleX) \(line)V\(bottom)")
        case "\u{2581}"..."\u{2588}":
            let part = Double(cellHeight) * Double(scalar.value - 0x2580) / 8
            return
                "<rect x=\"\(left)\" y=\"\(decimal(Double(bottom) - part))\" width=\"\(decimal(cellWidth + 0.2))\" height=\"\(decimal(part))\" fill=\"\(fill)\"/>\n"
        case "\u{2801}"..."\u{28FF}":
            var dots = ""
            let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
            for (bit, place) in places.enumerated() where (scalar.value - 0x2800) >> UInt32(bit) & 1 == 1 {
                dots +=
                    "<circle cx=\"\(decimal(x + 2.1 + Double(place.0) * 4.2))\" cy=\"\(decimal(Double(line) + 2.2 + Double(place.1) * 4.5))\" r=\"1.2\" fill=\"\(fill)\"/>\n"
            }
            return dots
        default: return nil
        }
    }

    private static func decimal(_ value: Double) -> String { AxisTicks.decimal(value, places: 2) }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
