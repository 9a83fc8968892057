/// Colours YAML line by line, which is enough for all but texts that span lines.
public enum YAMLSyntax {
    public static func highlight(_ line: String) -> [Span] {
        let characters = Array(line)
        var spans: [Span] = []
        func add(_ range: Range<Int>, _ role: Role) {
            if !range.isEmpty { spans.append(Span(String(characters[range]), role)) }
        }
        let end = commentStart(in: characters) ?? characters.count
        var index = 0
        while index < end, characters[index] == " " { index += 1 }
        add(0..<index, .text)
        while index < end, characters[index] == "-", index + 1 == end || characters[index + 1] == " " {
            let start = index
            index += 1
            while index < end, characters[index] == " " { index += 1 }
            add(start..<index, .jsonPunctuation)
        }
        if let colon = colon(in: characters, from: index, to: end) {
            add(index..<colon, .jsonKey)
            index = colon + 1
            while index < end, characters[index] == " " { index += 1 }
            add(colon..<index, .jsonPunctuation)
        }
        if index < end, "{[".contains(characters[index]) {
            spans += JSONSyntax.highlight(String(characters[index..<end]))
        } else {
            add(index..<end, role(ofScalar: String(characters[index..<end])))
        }
        add(end..<characters.count, .faint)
        return spans
    }

    /// Where the colon behind a name stands, quoted or not.
    public static func colon(in characters: [Character], from start: Int, to end: Int) -> Int? {
        var quote: Character?
        for index in start..<max(start, end) {
            let character = characters[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if index == start, "\"'".contains(character) {
                quote = character
            } else if index == start, "{[".contains(character) {
                return nil
            } else if character == ":", index + 1 == end || characters[index + 1] == " " {
                return index
            }
        }
        return nil
    }

    /// YAML: a number sign begins a comment where a line begins or after a blank, but not within quotation marks.
    public static func commentStart(in characters: [Character]) -> Int? {
        var quote: Character?
        for (index, character) in characters.enumerated() {
            let isAfterBlank = index == 0 || characters[index - 1] == " "
            if let open = quote {
                if character == open, open == "'" || characters[index - 1] != "\\" { quote = nil }
            } else if "\"'".contains(character), isAfterBlank || "[{,".contains(characters[index - 1]) {
                quote = character
            } else if character == "#", isAfterBlank {
                return index
            }
        }
        return nil
    }

    private static func role(ofScalar text: String) -> Role {
        let text = text.split(separator: " ").joined(separator: " ")
        if ["true", "false", "null", "~"].contains(text) { return .jsonLiteral }
        if ["|", ">", "|-", ">-", "|+", ">+"].contains(text) { return .jsonPunctuation }
        return Double(text) != nil ? .jsonNumber : .jsonString
    }
}

extension TextLanguage {
    /// The spans of one line.
    func highlight(_ line: String) -> [Span] {
        switch self {
        case .plain: [Span(line)]
        case .json: JSONSyntax.highlight(line)
        case .yaml: YAMLSyntax.highlight(line)
        }
    }
}
