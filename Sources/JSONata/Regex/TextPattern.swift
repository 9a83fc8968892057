/// A regular expression for callers outside of expressions. Its work is counted: no pattern and no text make it run on.
public struct TextPattern: Sendable, Hashable {
    public let source: String
    public let isCaseInsensitive: Bool
    private let whole: RegularExpression

    /// Nil where the source is no pattern.
    public init?(_ source: String, isCaseInsensitive: Bool = false) {
        let flags = isCaseInsensitive ? "i" : ""
        // Alone first, so that what closes the group below is ours.
        guard (try? RegularExpression(pattern: source, flags: flags)) != nil,
            let whole = try? RegularExpression(pattern: "^(?:\(source))$", flags: flags)
        else { return nil }
        self.source = source
        self.isCaseInsensitive = isCaseInsensitive
        self.whole = whole
    }

    /// Whether all of the text fits; false as well once `steps` are used up.
    public func matches(whole text: String, steps: inout Int) -> Bool {
        (try? self.whole.match(Array(text.utf16), from: 0, steps: &steps)).flatMap { $0 } != nil
    }

    public static func == (left: TextPattern, right: TextPattern) -> Bool {
        left.source == right.source && left.isCaseInsensitive == right.isCaseInsensitive
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(isCaseInsensitive)
    }
}
