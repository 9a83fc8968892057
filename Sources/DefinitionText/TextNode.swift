import AWSModel
import Yams

/// Where each part of a text stands.
struct TextNode: Sendable {
    /// Of a member, where its name begins.
    var line: Int
    var column: Int
    var text: String?
    var members: [(name: String, node: TextNode)] = []
    var elements: [TextNode] = []

    static func read(_ source: String) throws(DefinitionTextError) -> (node: TextNode, value: DocumentValue) {
        let node: Node?
        do {
            node = try Yams.compose(yaml: source)
        } catch {
            throw DefinitionTextError(error)
        }
        guard let node else { throw DefinitionTextError(message: "The text is empty", line: 1, column: 1) }
        var reading = Reading()
        return try reading.read(node, depth: 0)
    }

    /// Follows a location as far as it can.
    func nearest(to location: String) -> TextNode {
        var node = self
        var rest = Substring(location)
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "[" {
                guard let end = rest.firstIndex(of: "]"), let index = Int(rest[..<end]),
                    node.elements.indices.contains(index)
                else { return node }
                node = node.elements[index]
                rest = rest[rest.index(after: end)...]
            } else {
                // Names may hold slashes and brackets: the longest that fits.
                let fitting = node.members.filter { name, _ in
                    guard rest.hasPrefix(name) else { return false }
                    return ["/", "[", nil].contains(rest.dropFirst(name.count).first)
                }
                guard let member = fitting.max(by: { $0.name.count < $1.name.count }) else { return node }
                node = member.node
                rest = rest.dropFirst(member.name.count)
            }
        }
        return node
    }
}

/// One pass over the composed nodes. Aliases stand for what they name, so the pass is bounded.
private struct Reading {
    private var nodes = 0
    private static let maximumNodes = 1_000_000

    mutating func read(
        _ node: Node, depth: Int
    ) throws(DefinitionTextError) -> (node: TextNode, value: DocumentValue) {
        var place = TextNode(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        nodes += 1
        guard nodes <= Self.maximumNodes, depth < JSONReader.maximumDepth else {
            throw DefinitionTextError(
                message: "The text is too large or nested too deeply", line: place.line, column: place.column)
        }
        switch node {
        case .scalar(let scalar):
            place.text = scalar.string
            return (place, Self.value(of: scalar))
        case .sequence(let sequence):
            var list: [DocumentValue] = []
            for element in sequence {
                let (inner, value) = try read(element, depth: depth + 1)
                place.elements.append(inner)
                list.append(value)
            }
            return (place, .list(list))
        case .mapping(let mapping):
            var object = DocumentObject()
            for (key, element) in mapping {
                guard let name = key.scalar?.string else {
                    throw DefinitionTextError(
                        message: "A name must be a text", line: key.mark?.line, column: key.mark?.column)
                }
                var (inner, value) = try read(element, depth: depth + 1)
                (inner.line, inner.column) = (key.mark?.line ?? inner.line, key.mark?.column ?? inner.column)
                place.members.append((name, inner))
                object[name] = value
            }
            return (place, .object(object))
        case .alias(let alias):
            throw DefinitionTextError(
                message: "The anchor '\(alias.anchor.rawValue)' is not known", line: place.line, column: place.column)
        }
    }

    /// YAML 1.2's core schema: what is quoted is a text, what JSON calls a number is one, and `yes` is a word.
    private static func value(of scalar: Node.Scalar) -> DocumentValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = scalar.string.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
            let number = try? JSONReader.parse(scalar.string), number.double != nil
        else { return .string(scalar.string) }
        return number
    }
}

extension DefinitionTextError {
    init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let words = [context?.text, problem].compactMap { $0?.trimmed }.filter { !$0.isEmpty }
            self.init(message: words.joined(separator: ", "), line: mark.line, column: mark.column)
        case .reader(let problem, _, _, _): self.init(message: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            self.init(
                message: "A name is given twice: \(names)", line: context.mark.line, column: context.mark.column)
        default: self.init(message: "The text is no YAML: \(error)")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
