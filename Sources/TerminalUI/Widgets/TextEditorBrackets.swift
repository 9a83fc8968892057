/// Brackets that belong together, and what they do to the indent.
extension TextEditor {
    private static let pairs: [Character: (partner: Character, step: Int)] = [
        "{": ("}", 1), "[": ("]", 1), "(": (")", 1), "}": ("{", -1), "]": ("[", -1), ")": ("(", -1),
    ]
    /// How far a partner is looked for: further off it is not on the screen anyway.
    private static let furthest = 50_000

    /// The bracket at the cursor, or before it, and its partner; nil where there is none or it has no partner.
    public var bracketPair: (TextPosition, TextPosition)? {
        let line = buffer.lines[cursor.line]
        for column in [cursor.column, cursor.column - 1] where line.indices.contains(column) {
            let place = TextPosition(line: cursor.line, column: column)
            guard Self.pairs[line[column]] != nil, !isInString(place), let partner = partner(of: place) else {
                continue
            }
            return (place, partner)
        }
        return nil
    }

    /// To the partner of the bracket at the cursor.
    public mutating func jumpToBracket() {
        guard let pair = bracketPair else { return }
        cursor = pair.1
        anchor = nil
        wantedColumn = nil
    }

    private func partner(of place: TextPosition) -> TextPosition? {
        let bracket = buffer.lines[place.line][place.column]
        guard let (partner, step) = Self.pairs[bracket] else { return nil }
        var depth = 0
        var seen = 0
        var line = place.line
        while buffer.lines.indices.contains(line) {
            let characters = buffer.lines[line]
            let strings = language == .json ? stringCells(characters) : []
            let columns =
                step > 0
                ? Array((line == place.line ? place.column : 0)..<characters.count)
                : Array((0..<(line == place.line ? place.column + 1 : characters.count)).reversed())
            for column in columns {
                seen += 1
                if !strings.isEmpty, strings[column] { continue }
                if characters[column] == bracket { depth += 1 }
                if characters[column] == partner {
                    depth -= 1
                    if depth == 0 { return TextPosition(line: line, column: column) }
                }
            }
            if seen > Self.furthest { return nil }
            line += step
        }
        return nil
    }

    private func isInString(_ place: TextPosition) -> Bool {
        language == .json && stringCells(buffer.lines[place.line])[place.column]
    }

    /// Which characters of a line lie in a string: JSON's strings end with their line.
    private func stringCells(_ line: [Character]) -> [Bool] {
        var cells = [Bool](repeating: false, count: line.count)
        var isInside = false
        var isEscaped = false
        for (index, character) in line.enumerated() {
            if isInside {
                cells[index] = true
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInside = false
                }
            } else if character == "\"" {
                cells[index] = true
                isInside = true
            }
        }
        return cells
    }

    /// A closing bracket typed on a line of blanks goes back to where its partner's line begins.
    mutating func typeClosing(_ character: Character) -> Bool {
        guard selection == nil, "}])".contains(character) else { return false }
        let line = buffer.lines[cursor.line]
        guard cursor.column >= 2, line[..<cursor.column].allSatisfy({ $0 == " " }) else { return false }
        let start = TextPosition(line: cursor.line, column: cursor.column - 2)
        anchor = start
        insert(String(character))
        return true
    }

    /// Enter: keeps the indent, goes two deeper behind an opening bracket (in YAML behind a colon), and puts a closing one on a line of its own.
    mutating func breakLine() {
        let line = buffer.lines[cursor.line]
        let before = line[..<cursor.column]
        let blanks = language == .yaml ? " -" : " "
        let base = before.prefix { blanks.contains($0) }.count
        let openers = language == .yaml ? "{[(:" : "{[("
        let opens = before.last.map(openers.contains) ?? false
        let closes = cursor.column < line.count && "}])".contains(line[cursor.column])
        let indent = String(repeating: " ", count: base + (opens ? 2 : 0))
        insert("\n" + indent)
        guard opens, closes else { return }
        let place = cursor
        insert("\n" + String(repeating: " ", count: base))
        cursor = place
    }
}
