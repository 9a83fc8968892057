/// The line drawing of a box.
public enum BoxLine: Hashable, Sendable {
    case rounded, square, heavy, double, dashed

    /// Top left, horizontal, top right, vertical, bottom left, bottom right.
    var scalars: [Unicode.Scalar] {
        switch self {
        case .rounded: ["╭", "─", "╮", "│", "╰", "╯"]
        case .square: ["┌", "─", "┐", "│", "└", "┘"]
        case .heavy: ["┏", "━", "┓", "┃", "┗", "┛"]
        case .double: ["╔", "═", "╗", "║", "╚", "╝"]
        case .dashed: ["┌", "╌", "┐", "╎", "└", "┘"]
        }
    }
}

extension Surface {
    /// Draws a box around the edge and returns the surface inside it.
    @discardableResult
    public func box(_ line: BoxLine = .rounded, _ style: Style = Style(.border)) -> Surface {
        let inside = inset(horizontally: 1, vertically: 1)
        guard width >= 2, height >= 2 else { return inside }
        let glyph = line.scalars
        horizontalLine(y: 0, from: 1, to: width - 1, glyph: glyph[1], style)
        horizontalLine(y: height - 1, from: 1, to: width - 1, glyph: glyph[1], style)
        verticalLine(x: 0, from: 1, to: height - 1, glyph: glyph[3], style)
        verticalLine(x: width - 1, from: 1, to: height - 1, glyph: glyph[3], style)
        put(glyph[0], x: 0, y: 0, style)
        put(glyph[2], x: width - 1, y: 0, style)
        put(glyph[4], x: 0, y: height - 1, style)
        put(glyph[5], x: width - 1, y: height - 1, style)
        return inside
    }

    /// A titled pane: rounded box, title on its top edge, a short note at the right end of it.
    /// The border of the pane that has the focus takes the accent colour and its title is bold.
    /// Returns the surface inside, without the border.
    @discardableResult
    public func panel(
        _ title: String, focused: Bool = false, note: StyledLine? = nil, footer: StyledLine? = nil
    ) -> Surface {
        let edge = Style(focused ? .borderFocused : .border)
        let inside = box(.rounded, edge)
        guard width >= 6, height >= 2 else { return inside }
        var room = width - 4
        if !title.isEmpty {
            let short = title.clipped(to: room - 2)
            let style = focused ? Style(.title, .bold) : Style(.title)
            write(" \(short) ", x: 2, y: 0, style)
            room -= short.columns + 3
        }
        if let note, !note.isEmpty, note.columns + 2 <= room {
            let x = width - 2 - note.columns - 2
            write(" ", x: x, y: 0)
            let after = write(note, x: x + 1, y: 0)
            write(" ", x: after, y: 0)
        }
        if let footer, !footer.isEmpty, footer.columns + 2 <= width - 4 {
            let x = width - 2 - footer.columns - 2
            write(" ", x: x, y: height - 1)
            let after = write(footer, x: x + 1, y: height - 1)
            write(" ", x: after, y: height - 1)
        }
        return inside
    }

    /// A thin bar at the right edge showing which part of `total` is visible. Draws nothing if all of it is.
    public func scrollBar(top: Int, visible: Int, total: Int, x: Int, from y: Int = 0, height: Int) {
        guard total > visible, height > 1 else { return }
        let thumb = max(1, height * visible / max(1, total))
        let travel = height - thumb
        let start = min(travel, travel * top / max(1, total - visible))
        for row in 0..<height {
            let inThumb = row >= start && row < start + thumb
            put(inThumb ? "┃" : "│", x: x, y: y + row, Style(inThumb ? .dim : .border))
        }
    }
}
