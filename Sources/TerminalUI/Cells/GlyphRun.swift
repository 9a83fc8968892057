/// Splits text into glyphs that each own whole columns. The one place that decides what a character looks like:
/// control characters become pictures, marks join their base, joiners and selectors are dropped.
public struct GlyphRun: Sequence, IteratorProtocol {
    private var scalars: String.UnicodeScalarView.Iterator
    private var pending: Unicode.Scalar?

    public init(_ text: String) {
        scalars = text.unicodeScalars.makeIterator()
        pending = scalars.next()
    }

    public mutating func next() -> Glyph? {
        while let scalar = pending {
            pending = scalars.next()
            if scalar.value >= 0x20 && scalar.value < 0x7F {
                guard let following = pending, following.value >= 0x300 else { return Glyph(scalar) }
                return attachMarks(to: Glyph(scalar))
            }
            if Self.isDropped(scalar) { continue }
            if let picture = Glyph.picture(of: scalar) { return Glyph(picture) }
            if ScalarWidth.of(scalar) == 0 {
                // A mark without a base stands on a space, as Unicode recommends for display.
                return attachMarks(to: Glyph("\u{25CC}").combined(with: scalar))
            }
            return attachMarks(to: Glyph(scalar))
        }
        return nil
    }

    private mutating func attachMarks(to base: Glyph) -> Glyph {
        var glyph = base
        while let mark = pending {
            if mark.value == 0x200D {
                // A joined emoji is shown as its first part: terminals disagree about the width of the whole.
                pending = scalars.next()
                if pending != nil { pending = scalars.next() }
                continue
            }
            if Self.isDropped(mark) {
                pending = scalars.next()
                continue
            }
            guard mark.value >= 0x300, ScalarWidth.of(mark) == 0 else { break }
            glyph = glyph.combined(with: mark)
            pending = scalars.next()
        }
        return glyph
    }

    /// Variation selectors, skin tones and the zero-width joiners: they would change a width behind our back.
    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF, 0x200B...0x200D, 0x2060, 0xFEFF: true
        default: false
        }
    }
}

extension String {
    /// Columns this text takes on one line of a terminal.
    public var columns: Int {
        let bytes = utf8
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
        var total = 0
        for glyph in GlyphRun(self) { total += glyph.width }
        return total
    }

    /// This text cut to at most `limit` columns, ending in `…` when something was cut.
    public func clipped(to limit: Int) -> String {
        guard limit > 0 else { return "" }
        if columns <= limit { return self }
        var result = ""
        var used = 0
        for glyph in GlyphRun(self) {
            if used + glyph.width > limit - 1 { break }
            result += glyph.text
            used += glyph.width
        }
        return result + "…"
    }

    /// This text cut in the middle to at most `limit` columns: the ends of an ARN say more than its middle.
    public func clippedInMiddle(to limit: Int) -> String {
        let whole = columns
        guard whole > limit else { return self }
        guard limit > 4 else { return clipped(to: limit) }
        let glyphs = Array(GlyphRun(self))
        let head = (limit - 1) / 2
        let tail = limit - 1 - head
        var start = ""
        var used = 0
        for glyph in glyphs {
            if used + glyph.width > head { break }
            start += glyph.text
            used += glyph.width
        }
        var end: [String] = []
        used = 0
        for glyph in glyphs.reversed() {
            if used + glyph.width > tail { break }
            end.append(glyph.text)
            used += glyph.width
        }
        return start + "…" + end.reversed().joined()
    }

    /// This text followed by spaces up to `width` columns, or cut to it.
    public func padded(to width: Int) -> String {
        let short = clipped(to: width)
        return short + String(repeating: " ", count: max(0, width - short.columns))
    }
}
