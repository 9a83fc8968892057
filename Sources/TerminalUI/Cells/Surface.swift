/// A clipped window onto a buffer, with its own origin. All drawing goes through one.
public struct Surface {
    public let buffer: CellBuffer
    /// In the buffer's coordinates. Drawing is relative to its corner.
    public let frame: Rect
    let clip: Rect

    public init(_ buffer: CellBuffer) {
        self.init(buffer: buffer, frame: buffer.bounds, clip: buffer.bounds)
    }

    private init(buffer: CellBuffer, frame: Rect, clip: Rect) {
        self.buffer = buffer
        self.frame = frame
        self.clip = clip
    }

    public var width: Int { frame.width }
    public var height: Int { frame.height }
    public var size: Size { frame.size }
    public var isEmpty: Bool { frame.isEmpty }
    public var isASCII: Bool { buffer.encoding == .ascii }

    /// The part of this surface under `rect`, which is relative to this surface.
    public func part(_ rect: Rect) -> Surface {
        let moved = rect.offset(x: frame.x, y: frame.y)
        return Surface(buffer: buffer, frame: moved, clip: moved.intersection(clip))
    }

    public func inset(horizontally dx: Int = 0, vertically dy: Int = 0) -> Surface {
        part(Rect(x: dx, y: dy, width: width - 2 * dx, height: height - 2 * dy))
    }

    /// Splits from top to bottom.
    public func rows(_ extents: [Extent], gap: Int = 0) -> [Surface] {
        var y = 0
        return Extent.divide(height, among: extents, gap: gap).map { size in
            defer { y += size + gap }
            return part(Rect(x: 0, y: y, width: width, height: size))
        }
    }

    /// Splits from left to right.
    public func columns(_ extents: [Extent], gap: Int = 0) -> [Surface] {
        var x = 0
        return Extent.divide(width, among: extents, gap: gap).map { size in
            defer { x += size + gap }
            return part(Rect(x: x, y: 0, width: size, height: height))
        }
    }

    /// Writes one line from `x`, clipped at the surface's edges; returns the column after it.
    @discardableResult
    public func write(_ text: String, x: Int = 0, y: Int = 0, _ style: Style = .plain) -> Int {
        guard y >= 0, y < height else { return x }
        var column = x
        for glyph in GlyphRun(text) {
            if column >= width { break }
            column += buffer.put(glyph, x: frame.x + column, y: frame.y + y, style: style, clip: clip)
        }
        return column
    }

    /// Writes a line of differently styled spans. `base` gives the background of spans that have none of their own.
    @discardableResult
    public func write(_ line: StyledLine, x: Int = 0, y: Int = 0, on background: Role? = nil) -> Int {
        var column = x
        for span in line.spans {
            var style = span.style
            if let background, style.background == .background { style.background = background }
            column = write(span.text, x: column, y: y, style)
        }
        return column
    }

    /// Writes text cut with `…` to `width` columns and aligned in them.
    public func write(
        _ text: String, x: Int, y: Int, width: Int, align: Alignment = .left, _ style: Style = .plain
    ) {
        let short = text.clipped(to: width)
        let space = max(0, width - short.columns)
        let shift =
            switch align {
            case .left: 0
            case .right: space
            case .centre: space / 2
            }
        write(short, x: x + shift, y: y, style)
    }

    /// Fills the surface with spaces of a style.
    public func fill(_ style: Style = .plain) {
        let area = clip.intersection(frame)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { buffer.put(.space, x: x, y: y, style: style, clip: clip) }
        }
    }

    /// Repeats one glyph along a row.
    public func horizontalLine(
        y: Int, from: Int = 0, to: Int? = nil, glyph: Unicode.Scalar = "─", _ style: Style = Style(.border)
    ) {
        guard y >= 0, y < height else { return }
        for x in max(0, from)..<max(max(0, from), min(width, to ?? width)) {
            buffer.put(Glyph(glyph), x: frame.x + x, y: frame.y + y, style: style, clip: clip)
        }
    }

    /// Repeats one glyph along a column.
    public func verticalLine(
        x: Int, from: Int = 0, to: Int? = nil, glyph: Unicode.Scalar = "│", _ style: Style = Style(.border)
    ) {
        guard x >= 0, x < width else { return }
        for y in max(0, from)..<max(max(0, from), min(height, to ?? height)) {
            buffer.put(Glyph(glyph), x: frame.x + x, y: frame.y + y, style: style, clip: clip)
        }
    }

    /// Puts one glyph.
    public func put(_ scalar: Unicode.Scalar, x: Int, y: Int, _ style: Style = .plain) {
        buffer.put(Glyph(scalar), x: frame.x + x, y: frame.y + y, style: style, clip: clip)
    }

    /// Changes the style of what is already written in `rect`.
    public func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.offset(x: frame.x, y: frame.y).intersection(clip)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { buffer.restyle(x: x, y: y, change) }
        }
    }

    /// Puts the hardware cursor here. The last one placed in a frame wins.
    public func placeCursor(x: Int, y: Int) {
        let point = Point(x: frame.x + x, y: frame.y + y)
        if clip.contains(point) { buffer.cursor = point }
    }

    /// Names this rectangle (the whole surface if `nil`) for the mouse.
    public func region(_ id: String, _ rect: Rect? = nil) {
        let area = (rect ?? Rect(size)).offset(x: frame.x, y: frame.y).intersection(clip)
        if !area.isEmpty { buffer.record(HitRegion(id: id, rect: area)) }
    }
}

/// Where text sits in its columns.
public enum Alignment: Hashable, Sendable {
    case left, right, centre
}
