/// A stretch of text in one style.
public struct Span: Hashable, Sendable {
    public var text: String
    public var style: Style

    public init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }

    public init(_ text: String, _ role: Role) {
        self.init(text, Style(role))
    }
}

/// One line of spans. A plain string literal is one, too.
public struct StyledLine: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    public var spans: [Span]

    public init(_ spans: [Span] = []) { self.spans = spans }
    public init(_ text: String, _ style: Style = .plain) { spans = [Span(text, style)] }
    public init(_ text: String, _ role: Role) { spans = [Span(text, Style(role))] }
    public init(stringLiteral value: String) { self.init(value) }
    public init(arrayLiteral elements: Span...) { self.init(elements) }

    public var text: String { spans.map(\.text).joined() }
    public var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }
    public var isEmpty: Bool { spans.allSatisfy { $0.text.isEmpty } }

    /// This line in at most `limit` columns: its longest span is cut in the middle, and each keeps its style.
    public func clippedInMiddle(to limit: Int) -> StyledLine {
        let excess = columns - limit
        guard excess > 0, let longest = spans.indices.max(by: { spans[$0].text.columns < spans[$1].text.columns })
        else { return self }
        let room = spans[longest].text.columns - excess
        guard room > 4 else { return StyledLine(text.clippedInMiddle(to: limit), spans[longest].style) }
        var line = self
        line.spans[longest].text = spans[longest].text.clippedInMiddle(to: room)
        return line
    }

    public static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        StyledLine(left.spans + right.spans)
    }

    public mutating func append(_ text: String, _ style: Style = .plain) {
        spans.append(Span(text, style))
    }

    public mutating func append(_ text: String, _ role: Role) {
        spans.append(Span(text, Style(role)))
    }
}
