/// Something that could be put in place of what is being typed.
public struct TextCompletion: Hashable, Sendable {
    /// What is listed and compared with what was typed.
    public var title: String
    /// A word or two on what it is.
    public var detail: String
    /// What takes the place of what was typed.
    public var text: String
    /// Something may follow within the same word: what would close it is left to whoever types.
    public var goesOn: Bool

    public init(_ title: String, detail: String = "", text: String? = nil, goesOn: Bool = false) {
        self.title = title
        self.detail = detail
        self.text = text ?? title
        self.goesOn = goesOn
    }
}

/// Completions offered at a place of a text, narrowed by what is typed since.
struct TextCompletionList: Hashable, Sendable {
    let all: [TextCompletion]
    /// Where what they replace begins.
    let start: TextPosition
    private(set) var shown: [TextCompletion]
    private(set) var selected = 0

    static let visible = 8

    init(_ items: [TextCompletion], start: TextPosition) {
        all = items
        self.start = start
        shown = items
    }

    var current: TextCompletion? { shown.indices.contains(selected) ? shown[selected] : nil }

    /// What begins with the typed text comes first, then what has it anywhere. Case does not matter.
    mutating func narrow(_ typed: String) {
        let wanted = typed.lowercased()
        let old = current
        let first = all.filter { $0.title.lowercased().hasPrefix(wanted) }
        let inside =
            wanted.isEmpty
            ? []
            : all.filter { item in
                let title = item.title.lowercased()
                return !title.hasPrefix(wanted) && title.contains(wanted)
            }
        shown = first + inside
        selected = old.flatMap { shown.firstIndex(of: $0) } ?? 0
    }

    mutating func move(_ step: Int) {
        guard !shown.isEmpty else { return }
        selected = (selected + step + shown.count) % shown.count
    }

    /// Draws below the cursor, or above it where there is no room.
    /// - Parameter typed: columns between where the word begins and the cursor.
    func render(on body: Surface, cursor: Point, typed: Int) {
        let rows = min(shown.count, Self.visible)
        guard rows > 0, body.width > 16 else { return }
        let titles = shown.map(\.title.columns).max() ?? 0
        let details = shown.map(\.detail.columns).max() ?? 0
        let width = min(body.width - 2, max(12, titles + (details > 0 ? details + 2 : 0) + 2))
        let isBelow = cursor.y + rows < body.height || cursor.y < rows
        let y = isBelow ? cursor.y + 1 : cursor.y - rows
        // Its words stand below the word being typed, not below the cursor.
        let x = max(0, min(cursor.x - typed - 1, body.width - width - 1))
        let top = max(0, min(selected - rows / 2, shown.count - rows))
        for row in 0..<rows where y + row < body.height {
            let item = shown[top + row]
            let isSelected = top + row == selected
            let background: Role = isSelected ? .selection : .popup
            let line = body.part(Rect(x: x, y: y + row, width: width, height: 1))
            line.fill(Style(.text, on: background))
            line.write(isSelected ? "›" : " ", x: 0, y: 0, Style(.accent, on: background))
            let end = line.write(
                item.title.clipped(to: width - 2), x: 1, y: 0, Style(isSelected ? .title : .text, on: background))
            if width - end > 4, !item.detail.isEmpty {
                line.write(
                    item.detail.clipped(to: width - end - 3), x: end + 2, y: 0, Style(.dim, on: background))
            }
        }
    }
}

extension TextEditor {
    /// Shows completions for what stands between `start` and the cursor; none closes the list.
    public mutating func offer(_ items: [TextCompletion], from start: TextPosition) {
        guard !items.isEmpty, !isReadOnly, start <= cursor, start.line == cursor.line else {
            completion = nil
            return
        }
        var list = TextCompletionList(items, start: start)
        list.narrow(buffer.text(from: start, to: cursor))
        completion = list.shown.isEmpty ? nil : list
    }

    /// Where a word, a path or a part of one begins.
    func asksForCompletion(_ typed: Character) -> Bool {
        switch language {
        case .plain: false
        case .json: "\".$".contains(typed)
        case .yaml:
            "\"'.$".contains(typed)
                || (typed == " " && cursor.column > 1 && buffer.lines[cursor.line][cursor.column - 2] == ":")
        }
    }

    /// True once after `^Space` or where something begins: whoever knows what fits here then calls `offer`.
    public mutating func takeCompletionRequest() -> Bool {
        defer { wantsCompletion = false }
        return wantsCompletion
    }

    /// Returns whether the list took the key.
    mutating func handleCompletion(_ key: Key) -> Bool {
        guard var list = completion else { return false }
        switch key {
        case .down, .control("n"): list.move(1)
        case .up, .control("p"): list.move(-1)
        case .escape:
            completion = nil
            return true
        case .enter, .tab:
            completion = nil
            guard let item = list.current else { return false }
            anchor = list.start
            insert(item.text)
            return true
        default: return false
        }
        completion = list
        return true
    }

    /// After a key that the list did not take: narrows the list to what stands there now, or closes it.
    mutating func followCompletion() {
        guard var list = completion else { return }
        guard cursor.line == list.start.line, cursor >= list.start else {
            completion = nil
            return
        }
        let typed = buffer.text(from: list.start, to: cursor)
        list.narrow(typed)
        let isDone = list.shown.isEmpty || typed.contains("\"") || list.shown.map(\.title) == [typed]
        completion = isDone ? nil : list
    }
}
