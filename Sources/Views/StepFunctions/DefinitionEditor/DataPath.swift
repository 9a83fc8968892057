import AWSModel

/// A path into data as it is typed, in JSONPath or in JSONata: `$.order.lines[0]`, `` $states.input.`first name` ``.
struct DataPath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case name(String)
        /// Whatever stands in brackets: one element is as good as another where only fields are asked for.
        case element
    }

    /// `$`, `$$`, `$states`, `$customer`.
    var root: String
    var steps: [Step] = []

    /// Nil where the text is no such path.
    init?(_ text: some StringProtocol) {
        let characters = Array(text)
        guard characters.first == "$" else { return nil }
        var index = 1
        if index < characters.count, characters[index] == "$" { index += 1 }
        while index < characters.count, characters[index].isPartOfName { index += 1 }
        root = String(characters[..<index])
        while index < characters.count {
            switch characters[index] {
            case ".":
                guard let (name, end) = Self.name(in: characters, from: index + 1) else { return nil }
                steps.append(.name(name))
                index = end
            case "[":
                guard let close = characters[index...].firstIndex(of: "]") else { return nil }
                let inside = characters[(index + 1)..<close]
                let isName = inside.count > 2 && inside.first == inside.last && "'\"".contains(inside.first ?? " ")
                steps.append(isName ? .name(String(inside.dropFirst().dropLast())) : .element)
                index = close + 1
            default: return nil
            }
        }
    }

    private static func name(in characters: [Character], from start: Int) -> (String, Int)? {
        if start < characters.count, characters[start] == "`" {
            guard let close = characters[(start + 1)...].firstIndex(of: "`") else { return nil }
            return (String(characters[(start + 1)..<close]), close + 1)
        }
        var end = start
        while end < characters.count, !".[".contains(characters[end]) { end += 1 }
        return end > start ? (String(characters[start..<end]), end) : nil
    }

    /// What the path leads to. A list stands for its elements where a name is asked of it, as JSONata has it.
    func value(in scope: [String: DocumentValue]) -> DocumentValue? {
        var value = scope[root]
        for step in steps {
            switch step {
            case .name(let name):
                if case .list(let list) = value { value = list.first }
                value = value?.object?[name]
            case .element:
                guard case .list(let list) = value else { return nil }
                value = list.first
            }
        }
        return value
    }

    /// The path that ends with a text, and where what is being typed of its next step begins: `$.order.it` is `$.order` and
    /// the two letters. Nil where the text ends with no path.
    static func typed(at end: some StringProtocol) -> (token: String, base: String?)? {
        var token: [Character] = []
        var quote: Character?
        for character in end.reversed() {
            if let open = quote {
                if character == open { quote = nil }
            } else if "'`".contains(character), !token.isEmpty {
                quote = character
            } else if !character.isPartOfName, !".$[]*".contains(character) {
                break
            }
            token.insert(character, at: 0)
        }
        guard var start = token.lastIndex(of: "$") else { return nil }
        if start > 0, token[start - 1] == "$" { start -= 1 }
        token.removeFirst(start)
        let last = token.lastIndex { $0 == "." || $0 == "[" }
        return (String(token), last.map { String(token[..<$0]) })
    }
}

extension Character {
    /// Of names that need no quotation marks in a path.
    var isPartOfName: Bool { isLetter || isNumber || self == "_" }
}
