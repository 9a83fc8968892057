/// Which characters the terminal can show.
public enum Encoding: String, Hashable, Sendable {
    case utf8
    /// `LANG=C`: every drawn character is replaced by its ASCII twin of the same width.
    case ascii
}

/// A named rectangle that mouse events are reported against. Widgets record theirs while they draw.
public struct HitRegion: Hashable, Sendable {
    public let id: String
    public let rect: Rect
}

/// The cells of one frame. Wide glyphs, clipping of their halves and the ASCII twins are handled here, once.
///
/// A class, since a frame is drawn by many small functions and copied by none. It never leaves the task that draws.
public final class CellBuffer {
    public private(set) var size: Size
    public private(set) var cells: [Cell]
    public let encoding: Encoding
    /// Where the hardware cursor rests; hidden if `nil`.
    public var cursor: Point?
    public private(set) var regions: [HitRegion] = []

    public init(size: Size, encoding: Encoding = .utf8) {
        self.size = Size(width: max(0, size.width), height: max(0, size.height))
        self.encoding = encoding
        cells = [Cell](repeating: Cell(), count: self.size.width * self.size.height)
    }

    public var bounds: Rect { Rect(size) }

    /// Empties the buffer, changing its size if need be.
    public func reset(to newSize: Size) {
        if newSize == size {
            for index in cells.indices { cells[index] = Cell() }
        } else {
            size = Size(width: max(0, newSize.width), height: max(0, newSize.height))
            cells = [Cell](repeating: Cell(), count: size.width * size.height)
        }
        cursor = nil
        regions.removeAll(keepingCapacity: true)
    }

    public subscript(x: Int, y: Int) -> Cell {
        guard x >= 0, y >= 0, x < size.width, y < size.height else { return Cell() }
        return cells[y * size.width + x]
    }

    /// Puts a glyph whose columns lie wholly inside `clip`; returns the columns it takes.
    /// A wide glyph cut by the clip leaves a space, and what it half covers is cleared.
    @discardableResult
    func put(_ glyph: Glyph, x: Int, y: Int, style: Style, clip: Rect) -> Int {
        let shown = encoding == .ascii ? ASCIITwin.of(glyph) : glyph
        let width = glyph.width
        guard y >= clip.y, y < clip.maxY, x < clip.maxX, x + width > clip.x else { return width }
        let row = y * size.width
        if width == 2 {
            guard x >= clip.x, x + 2 <= clip.maxX else {
                let visible = x < clip.x ? x + 1 : x
                set(Cell(.space, style), x: visible, row: row)
                return width
            }
            set(Cell(shown, style), x: x, row: row)
            if shown.width == 2 {
                clearPartner(x: x + 1, row: row)
                cells[row + x + 1] = Cell(.continuation, style)
            } else {
                set(Cell(.space, style), x: x + 1, row: row)
            }
            return 2
        }
        set(Cell(shown, style), x: x, row: row)
        return width
    }

    private func set(_ cell: Cell, x: Int, row: Int) {
        clearPartner(x: x, row: row)
        cells[row + x] = cell
    }

    /// Overwriting one half of a wide glyph blanks the other half.
    private func clearPartner(x: Int, row: Int) {
        let old = cells[row + x].glyph
        if old == .continuation, x > 0 {
            cells[row + x - 1].glyph = .space
            cells[row + x].glyph = .space
        } else if old.id >= 0x1100, x + 1 < size.width, cells[row + x + 1].glyph == .continuation {
            cells[row + x + 1].glyph = .space
        }
    }

    /// Changes style without changing what is written.
    func restyle(x: Int, y: Int, _ change: (inout Style) -> Void) {
        guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
        change(&cells[y * size.width + x].style)
    }

    func record(_ region: HitRegion) { regions.append(region) }

    /// The topmost region under a point, if any.
    public func region(at point: Point) -> HitRegion? {
        regions.last { $0.rect.contains(point) }
    }
}
