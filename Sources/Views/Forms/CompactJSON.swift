import AWSModel

/// JSON laid out for editing: what is short stays on its line, so that a pattern is as long as it has fields.
enum CompactJSON {
    /// The text laid out anew; as it is where it is not JSON.
    static func lines(_ text: String, width: Int = 48) -> String {
        (try? JSONReader.parse(text)).map { lines($0, width: width) } ?? text
    }

    static func lines(_ value: DocumentValue, width: Int = 48) -> String { text(value, indent: 0, width: width) }

    /// - Parameter lead: columns that stand before it on its line.
    private static func text(_ value: DocumentValue, indent: Int, lead: Int = 0, width: Int) -> String {
        let whole = oneLine(value)
        let isTop = indent == 0 && value.object != nil
        if whole.count + indent + lead < width, !isTop { return whole }
        let inner = String(repeating: " ", count: indent + 2)
        let end = String(repeating: " ", count: indent)
        if let object = value.object, !object.isEmpty {
            let parts = object.map { name, value in
                let label = JSONWriter.string(.string(name)) + ": "
                return inner + label + text(value, indent: indent + 2, lead: label.count, width: width)
            }
            return "{\n\(parts.joined(separator: ",\n"))\n\(end)}"
        }
        if let list = value.list, !list.isEmpty {
            let parts = list.map { inner + text($0, indent: indent + 2, width: width) }
            return "[\n\(parts.joined(separator: ",\n"))\n\(end)]"
        }
        return whole
    }

    private static func oneLine(_ value: DocumentValue) -> String {
        if let object = value.object {
            if object.isEmpty { return "{}" }
            let parts = object.map { "\(JSONWriter.string(.string($0.0))): \(oneLine($0.1))" }
            return "{ \(parts.joined(separator: ", ")) }"
        }
        if let list = value.list { return "[\(list.map(oneLine).joined(separator: ", "))]" }
        return JSONWriter.string(value)
    }
}
