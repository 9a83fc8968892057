/// The search line of an editor: what is looked for and where the search began.
struct TextEditorSearch: Hashable, Sendable {
    var field: TextField
    let origin: TextPosition
    /// What stands in the line is from before: the first letter typed takes its place.
    var isSeeded = true
    /// All places where the pattern begins, in order.
    var hits: [TextPosition] = []
    var current = 0
}

extension TextEditor {
    /// True while Esc closes the search line or the completions.
    public var handlesEscape: Bool { search != nil || completion != nil }

    public mutating func beginSearch() {
        completion = nil
        let seed = selectedText.flatMap { $0.contains("\n") ? nil : $0 } ?? lastPattern
        search = TextEditorSearch(field: TextField(seed), origin: selection?.start ?? cursor)
        find()
    }

    /// To the next or the previous place of the last pattern.
    public mutating func findAgain(forward: Bool = true) {
        guard !lastPattern.isEmpty else { return }
        var again = TextEditorSearch(field: TextField(lastPattern), origin: cursor)
        again.hits = places(of: lastPattern)
        guard !again.hits.isEmpty else { return }
        let from = selection?.start ?? cursor
        let index =
            forward
            ? again.hits.firstIndex { $0 > from } ?? 0
            : again.hits.lastIndex { $0 < from } ?? again.hits.count - 1
        select(again.hits[index], lastPattern)
    }

    /// Returns whether the search line took the input; it takes all keys while it is open.
    mutating func handleSearch(_ key: Key) -> Bool {
        guard search != nil else { return false }
        switch key {
        case .escape:
            search = nil
        case .enter, .down, .control("n"), .control("f"): step(1)
        case .up, .control("p"): step(-1)
        default:
            if search?.isSeeded == true, key.typed != nil { search?.field.text = "" }
            guard search?.field.handle(.key(key)) == true else { return true }
            search?.isSeeded = false
            find()
        }
        return true
    }

    private mutating func step(_ step: Int) {
        guard var now = search, !now.hits.isEmpty else { return }
        now.current = (now.current + step + now.hits.count) % now.hits.count
        search = now
        select(now.hits[now.current], now.field.text)
    }

    mutating func find() {
        guard var now = search else { return }
        lastPattern = now.field.text
        now.hits = places(of: lastPattern)
        now.current = now.hits.firstIndex { $0 >= now.origin } ?? 0
        search = now
        if now.hits.isEmpty {
            anchor = nil
            cursor = buffer.clamped(now.origin)
        } else {
            select(now.hits[now.current], lastPattern)
        }
    }

    private mutating func select(_ place: TextPosition, _ pattern: String) {
        anchor = place
        cursor = TextPosition(line: place.line, column: place.column + pattern.count)
        wantedColumn = nil
    }

    /// A pattern without capitals finds either case.
    private func places(of pattern: String) -> [TextPosition] {
        guard !pattern.isEmpty else { return [] }
        let ignoresCase = !pattern.contains(where: \.isUppercase)
        let wanted = Array(ignoresCase ? pattern.lowercased() : pattern)
        var places: [TextPosition] = []
        for (index, line) in buffer.lines.enumerated() where line.count >= wanted.count {
            var column = 0
            while column + wanted.count <= line.count {
                let isHit = wanted.indices.allSatisfy { offset in
                    let character = line[column + offset]
                    return character == wanted[offset]
                        || (ignoresCase && character.lowercased() == String(wanted[offset]))
                }
                if isHit { places.append(TextPosition(line: index, column: column)) }
                column += isHit ? wanted.count : 1
            }
        }
        return places
    }

    /// `Find: State_ 2 of 5` on a row of its own.
    func renderSearch(_ search: TextEditorSearch, on row: Surface, focused: Bool) {
        let x = row.write("Find ", x: 1, y: 0, Style(.accent, .bold))
        let count =
            search.field.text.isEmpty
            ? "" : search.hits.isEmpty ? "not found" : "\(search.current + 1) of \(search.hits.count)"
        let width = max(8, row.width - x - count.columns - 3)
        search.field.render(on: row.part(Rect(x: x, y: 0, width: width, height: 1)), focused: focused)
        row.write(count, x: x + width + 1, y: 0, Style(search.hits.isEmpty ? .warning : .dim))
    }
}
