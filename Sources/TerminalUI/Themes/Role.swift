/// What a colour means. Themes decide what it looks like.
public enum Role: UInt8, CaseIterable, Hashable, Sendable {
    // Text
    case text, dim, faint, disabled, title, accent, link
    // Frames
    case background, border, borderFocused
    // Status: always next to a glyph or a word, never alone
    case success, failure, warning, running, info
    // Keys in the footer, column headings, control characters
    case key, heading, control
    // Backgrounds
    case selection, selectionIdle, match, matchCurrent, popup, bar
    // JSON
    case jsonKey, jsonString, jsonNumber, jsonLiteral, jsonPunctuation
    // Series of a chart, in order
    case series1, series2, series3, series4, series5, series6

    /// The role of the chart series at `index`, wrapping around.
    public static func series(_ index: Int) -> Role {
        Role(rawValue: Role.series1.rawValue + UInt8(((index % 6) + 6) % 6)) ?? .series1
    }
}
