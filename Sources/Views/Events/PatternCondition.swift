import AWSModel

/// What a pattern asks of a field, in words: `> 100`, `begins with “img/”`, `gold or silver`.
enum PatternCondition {
    static func text(_ condition: DocumentValue) -> String {
        guard let list = condition.list else { return single(condition) }
        return list.isEmpty ? "nothing" : list.map(single).joined(separator: " or ")
    }

    /// Of JSON text, which is told as it is where it is none.
    static func text(json: String) -> String {
        (try? JSONReader.parse(json)).map(text) ?? json
    }

    private static func single(_ value: DocumentValue) -> String {
        guard let object = value.object, let (name, wanted) = object.first(where: { _ in true }) else {
            return plain(value)
        }
        switch name {
        case "prefix": return "begins with \(ignoringCase(wanted))"
        case "suffix": return "ends with \(ignoringCase(wanted))"
        case "equals-ignore-case": return "\(plain(wanted)) in any case"
        case "wildcard": return "looks like \(plain(wanted))"
        case "cidr": return "lies in \(plain(wanted))"
        case "exactly": return plain(wanted)
        case "exists": return wanted.bool == true ? "is there" : "is absent"
        case "numeric": return numeric(wanted.list ?? [])
        case "anything-but": return "anything but \(excluded(wanted))"
        default: return JSONWriter.string(value)
        }
    }

    private static func plain(_ value: DocumentValue) -> String {
        if let list = value.list { return list.map(plain).joined(separator: " or ") }
        return value.string.map { $0.isEmpty ? "“”" : $0 } ?? JSONWriter.string(value)
    }

    private static func ignoringCase(_ value: DocumentValue) -> String {
        value.object?["equals-ignore-case"].map { "\(plain($0)) in any case" } ?? plain(value)
    }

    private static func excluded(_ value: DocumentValue) -> String {
        guard value.object != nil else { return plain(value) }
        return "what \(single(value))"
    }

    /// `[">", 0, "<=", 5]`
    private static func numeric(_ terms: [DocumentValue]) -> String {
        stride(from: 0, to: terms.count - 1, by: 2).map { index in
            let sign = ["<=": "≤", ">=": "≥"][terms[index].string ?? ""] ?? terms[index].string ?? "?"
            return "\(sign) \(plain(terms[index + 1]))"
        }.joined(separator: " and ")
    }
}
