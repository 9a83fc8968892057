/// How a graph is to be drawn.
public struct GraphLayoutOptions: Sendable, Equatable {
    public var direction: Direction
    public var glyphs: GlyphSet
    public var density: Density
    /// The window the drawing should fit in, in cells. Only ``Density/automatic`` looks at it, and unconnected parts are
    /// wrapped by it. Nil means no bound.
    public var maxWidth: Int?
    public var maxHeight: Int?
    /// Longer lines in boxes are clipped with an ellipsis. In cells.
    public var maxNodeTextWidth: Int
    /// Longer edge labels are clipped with an ellipsis. In cells; the full text is in ``GraphDrawing/Edge/label``.
    public var maxLabelWidth: Int

    public enum Direction: Sendable, Equatable, CaseIterable {
        /// Edges run down.
        case vertical
        /// Edges run to the right.
        case horizontal
    }

    public enum GlyphSet: Sendable, Equatable, CaseIterable {
        case utf8, ascii
    }

    public enum Density: Sendable, Equatable, CaseIterable {
        /// The roomiest of the others that fits the window, or the densest when none fits.
        case automatic
        /// Boxes of three rows, room between them.
        case roomy
        /// Boxes of three rows, the least room between them.
        case tight
        /// One row for each line of text, brackets instead of borders.
        case oneRow
    }

    public init(
        direction: Direction = .vertical, glyphs: GlyphSet = .utf8, density: Density = .automatic, maxWidth: Int? = nil,
        maxHeight: Int? = nil, maxNodeTextWidth: Int = 36, maxLabelWidth: Int = 28
    ) {
        self.direction = direction
        self.glyphs = glyphs
        self.density = density
        self.maxWidth = maxWidth
        self.maxHeight = maxHeight
        self.maxNodeTextWidth = max(1, maxNodeTextWidth)
        self.maxLabelWidth = max(1, maxLabelWidth)
    }
}
