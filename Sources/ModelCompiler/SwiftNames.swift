/// How the model's names are written in Swift.
enum SwiftNames {
    /// `QueueUrl` → `queueUrl`, `MD5OfMessageBody` → `md5OfMessageBody`, `ARN` → `arn`.
    static func lowered(_ name: String) -> String {
        let characters = Array(name)
        let run = characters.prefix { $0.isUppercase || $0.isNumber }.count
        let count = run == characters.count || run <= 1 ? run : run - 1
        return characters.prefix(count).map { $0.lowercased() }.joined() + String(characters.dropFirst(count))
    }

    /// A property or parameter name, escaped where Swift needs it.
    static func member(_ name: String) -> String {
        let name = lowered(name)
        // `AWSStructure` has a `document` of its own; IAM's policy versions have a `Document`.
        if name == "document" { return "documentText" }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    static func type(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
        "else", "enum", "extension", "fallthrough", "false", "for", "func", "guard", "if", "import", "in", "init",
        "inout", "internal", "is", "let", "nil", "operator", "private", "protocol", "public", "repeat", "rethrows",
        "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
        "typealias", "var", "where", "while",
    ]
}
