import AWSModel

/// A rule of a Choice state in the words one would say it in.
enum ChoiceCondition {
    static func text(of rule: DocumentObject) -> String { text(of: rule, isNested: false) }

    private static func text(of rule: DocumentObject, isNested: Bool) -> String {
        if let condition = rule["Condition"] {
            return condition.string.map(expression) ?? JSONWriter.string(condition)
        }
        if let inner = rule.object("Not") { return "not (\(text(of: inner, isNested: false)))" }
        for (key, word) in [("And", " and "), ("Or", " or ")] {
            guard let list = rule.list(key) else { continue }
            let joined = list.compactMap { $0.object.map { text(of: $0, isNested: true) } }.joined(separator: word)
            return isNested ? "(\(joined))" : joined
        }
        let variable = rule.string("Variable") ?? "?"
        for (key, value) in rule where !["Variable", "Next", "Comment", "Assign", "Output"].contains(key) {
            return comparison(variable, key, value)
        }
        return variable
    }

    /// JSONata without the marks around it: `{% $x > 1 %}` is `$x > 1`.
    static func expression(_ text: String) -> String {
        guard text.hasPrefix("{%"), text.hasSuffix("%}"), text.count >= 4 else { return text }
        let inner = text.dropFirst(2).dropLast(2)
        return String(inner.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    private static func comparison(_ variable: String, _ key: String, _ value: DocumentValue) -> String {
        if key.hasPrefix("Is") {
            let what = key.dropFirst(2).lowercased()
            return "\(variable) is \(value.bool == false ? "not " : "")\(what)"
        }
        var name = Substring(key)
        if name.hasSuffix("Path") { name = name.dropLast(4) }
        for type in ["String", "Numeric", "Boolean", "Timestamp"] where name.hasPrefix(type) {
            name = name.dropFirst(type.count)
        }
        let sign =
            switch name {
            case "Equals": "="
            case "LessThan": "<"
            case "GreaterThan": ">"
            case "LessThanEquals": "<="
            case "GreaterThanEquals": ">="
            case "Matches": "~"
            default: String(name)
            }
        let shown = key.hasSuffix("Path") ? value.string ?? JSONWriter.string(value) : JSONWriter.string(value)
        return "\(variable) \(sign) \(shown)"
    }
}
