/// How a cell looks, by meaning: a theme turns roles into colours. Four bytes.
public struct Style: Hashable, Sendable {
    public var foreground: Role
    public var background: Role
    public var attributes: Attributes

    /// Attributes of the terminal itself, kept in monochrome too.
    public struct Attributes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let italic = Attributes(rawValue: 4)
        public static let underline = Attributes(rawValue: 8)
        public static let reverse = Attributes(rawValue: 16)
    }

    public init(
        _ foreground: Role = .text, on background: Role = .background, _ attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public static let plain = Style()

    public init(_ foreground: Role, _ attributes: Attributes) {
        self.init(foreground, on: .background, attributes)
    }

    public func on(_ background: Role) -> Style {
        var copy = self
        copy.background = background
        return copy
    }

    public func with(_ attributes: Attributes) -> Style {
        var copy = self
        copy.attributes.formUnion(attributes)
        return copy
    }
}

/// One column of one row: a glyph and its style, eight bytes.
public struct Cell: Hashable, Sendable {
    public var glyph: Glyph
    public var style: Style

    public init(_ glyph: Glyph = .space, _ style: Style = .plain) {
        self.glyph = glyph
        self.style = style
    }
}
