/// A trend in one row of eighth blocks. A gap in the data is a gap.
public struct Sparkline: Hashable, Sendable {
    public var values: [Double?]
    public var role: Role
    /// What fills the cell; the largest value if `nil`.
    public var maximum: Double?

    public init(_ values: [Double?], role: Role = .series1, maximum: Double? = nil) {
        self.values = values
        self.role = role
        self.maximum = maximum
    }

    static let blocks: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The last `width` values as spans, for use inside a line or a table cell.
    public func span(width: Int) -> Span {
        let shown = values.suffix(max(0, width))
        let top = maximum ?? shown.compactMap { $0 }.max() ?? 0
        var text = String.UnicodeScalarView()
        for value in shown {
            guard let value else {
                text.append(" ")
                continue
            }
            let level = top > 0 ? Int((value / top * 7).rounded()) : 0
            text.append(Self.blocks[max(0, min(7, level))])
        }
        return Span(String(repeating: " ", count: max(0, width - shown.count)) + String(text), role)
    }

    public func render(on surface: Surface) {
        surface.write(StyledLine([span(width: surface.width)]))
    }
}
