import AWSModel
import Yams

/// A definition as people write it, in JSON or YAML, with the places of its parts.
public struct DefinitionText: Sendable {
    public enum Format: Sendable, Hashable { case json, yaml }

    /// What AWS takes: the text itself, or the JSON of what the YAML says.
    public let json: String
    public let format: Format
    /// Nil where the text is no JSON; the validator tells why.
    private let root: TextNode?

    public init(_ text: String, format: Format) throws(DefinitionTextError) {
        self.format = format
        switch format {
        case .json:
            json = text
            // Every JSON text is YAML, but for rarities: then findings have no place.
            root = (try? TextNode.read(text))?.node
        case .yaml:
            let (node, value) = try TextNode.read(text)
            json = JSONWriter.string(value)
            root = node
        }
    }

    /// By the file's name; what is neither tells by its first character.
    public static func format(ofFile name: String, text: String) -> Format {
        let name = name.lowercased()
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return .yaml }
        if name.hasSuffix(".json") { return .json }
        return format(of: text)
    }

    /// By how it begins: no YAML mapping begins with what JSON begins with, and an empty text may become either.
    public static func format(of text: String) -> Format {
        text.first { !$0.isWhitespace }.map { "{[\"".contains($0) } ?? true ? .json : .yaml
    }

    /// The place of a location such as `/States/X/Choices[0]/Next`, or of the nearest part that is there.
    public func place(of location: String) -> (line: Int, column: Int)? {
        guard let node = root?.nearest(to: location) else { return nil }
        return (node.line, node.column)
    }

    /// Whether a value is to be filled in later: SAM and CDK write `${Name}`.
    public func isPlaceholder(at location: String) -> Bool {
        guard let text = root?.nearest(to: location).text else { return false }
        return text.contains("${")
    }
}

/// Why a text is no YAML that stands for JSON.
public struct DefinitionTextError: Error, Sendable, Hashable {
    public var message: String
    public var line: Int?
    public var column: Int?
}
