extension CellBuffer {
    /// Gaps up to this many blanks are bridged; longer ones are cheaper to jump over.
    private static let widestGap = 14

    /// The cells as a terminal should be sent them: a short gap of blanks between two runs of one style takes that
    /// style, if it looks the same. A blank shows no foreground, but every change of style costs some ten bytes.
    public var bridgedCells: [Cell] {
        var cells = cells
        for y in 0..<size.height {
            var lastInk: Int?
            for x in (y * size.width)..<((y + 1) * size.width) where cells[x].glyph != .space {
                if let last = lastInk, x - last > 1, x - last <= Self.widestGap + 1 {
                    Self.bridge(&cells, from: last, to: x)
                }
                lastInk = x
            }
        }
        return cells
    }

    private static func bridge(_ cells: inout [Cell], from left: Int, to right: Int) {
        let style = cells[left].style
        guard style == cells[right].style, style.attributes.isDisjoint(with: [.underline, .reverse]) else { return }
        let gap = (left + 1)..<right
        let isBare = gap.allSatisfy {
            cells[$0].style.background == style.background
                && cells[$0].style.attributes.isDisjoint(with: [.underline, .reverse])
        }
        guard isBare else { return }
        for x in gap { cells[x].style = style }
    }
}
