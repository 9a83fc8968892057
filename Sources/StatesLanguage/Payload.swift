import AWSModel

/// A JSON value together with its text.
///
/// History and limits speak of text, states of values; a value that passes through unchanged keeps the very text it
/// came in with, as it does on AWS, and is never serialised again.
public struct Payload: Sendable, Hashable {
    public let value: DocumentValue
    /// What AWS shows and counts: the text as given, or compact JSON.
    public let text: String

    public init(_ value: DocumentValue) {
        self.value = value
        text = JSONWriter.string(value)
    }

    /// - Parameter text: JSON that reads as `value`.
    public init(_ value: DocumentValue, text: String) {
        self.value = value
        self.text = text
    }

    public init(parsing text: String) throws(JSONSyntaxError) {
        value = try JSONReader.parse(text)
        self.text = text
    }

    public static let emptyObject = Payload(.object([:]), text: "{}")

    /// AWS: input, output and results of any task, state or execution hold at most this many bytes of UTF-8.
    public static let maximumBytes = 262_144

    public var isTooLarge: Bool { text.utf8.count > Self.maximumBytes }

    public static func == (left: Payload, right: Payload) -> Bool { left.value == right.value }
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
