import AWSModel

/// A JSON value together with its text.
///
/// History and limits speak of text, states of values; a value that passes through unchanged keeps the very text it
/// came in with, as it does on AWS, and is never serialised again.
public struct Payload: Sendable, Hashable {
    public let value: DocumentValue
    /// What AWS shows and counts: the text as given, or compact JSON.
    public let text: String

    /// Nested deeper than any reader takes, so that it is not even kept.
    private let isTooDeep: Bool

    public init(_ value: DocumentValue) {
        isTooDeep = Self.isDeeper(than: Self.maximumDepth, value)
        self.value = isTooDeep ? .null : value
        text = isTooDeep ? "null" : JSONWriter.string(value)
    }

    /// - Parameter text: JSON that reads as `value`.
    public init(_ value: DocumentValue, text: String) {
        self.value = value
        self.text = text
        isTooDeep = false
    }

    public init(parsing text: String) throws(JSONSyntaxError) {
        value = try JSONReader.parse(text)
        self.text = text
        isTooDeep = false
    }

    public static let emptyObject = Payload(.object([:]), text: "{}")

    /// AWS: input, output and results of any task, state or execution hold at most this many bytes of UTF-8.
    public static let maximumBytes = 262_144

    /// A loop that wraps its data once more each time must end before it outgrows the reader (256 levels) and the stack.
    static let maximumDepth = 240

    public var isTooLarge: Bool { isTooDeep || text.utf8.count > Self.maximumBytes }

    private static func isDeeper(than limit: Int, _ value: DocumentValue) -> Bool {
        switch value {
        case .list(let list): limit == 0 || list.contains { isDeeper(than: limit - 1, $0) }
        case .object(let object): limit == 0 || object.values.contains { isDeeper(than: limit - 1, $0) }
        default: false
        }
    }

    public static func == (left: Payload, right: Payload) -> Bool { left.value == right.value }
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
