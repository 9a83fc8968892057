import AWSModel
import Yams

extension DefinitionText {
    /// The YAML of a JSON value, its members in their order.
    public static func yaml(of value: DocumentValue) -> String {
        // What cannot be written, such as a value nested too deeply, stays as it is: JSON is YAML.
        (try? Yams.serialize(node: node(of: value), indent: 2, width: -1, allowUnicode: true))
            ?? JSONWriter.string(value, pretty: true)
    }

    private static func node(of value: DocumentValue) -> Node {
        switch value {
        case .object(let object):
            let members = zip(object.keys, object.values).map { (node(of: .string($0)), node(of: $1)) }
            return Node(members, Tag(.map), members.isEmpty ? .flow : .block)
        case .list(let list):
            let elements = list.map { node(of: $0) }
            return Node(elements, Tag(.seq), elements.isEmpty ? .flow : .block)
        case .string(let text):
            let style: Node.Scalar.Style = text.contains("\n") ? .literal : isPlain(text) ? .plain : .doubleQuoted
            return Node(text, Tag(.str), style)
        default: return Node(JSONWriter.string(value), Tag(.implicit), .plain)
        }
    }

    /// Whether a text without quotation marks would be read as itself, and not as a number or a word of YAML's.
    private static func isPlain(_ text: String) -> Bool {
        guard !text.isEmpty, (try? TextNode.read(text))?.value == .string(text) else { return false }
        // Older readers take these for something else.
        return !["y", "n", "yes", "no", "on", "off"].contains(text.lowercased())
    }
}
