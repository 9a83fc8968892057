/// One line of editable text. Scrolls sideways to keep the cursor in view.
public struct TextField: Hashable, Sendable {
    private var characters: [Character]
    /// In characters, from 0 to their count.
    public private(set) var cursor: Int
    public var placeholder: String
    /// Shows dots instead of the text.
    public var isSecret: Bool

    public init(_ text: String = "", placeholder: String = "", isSecret: Bool = false) {
        characters = Array(text)
        cursor = characters.count
        self.placeholder = placeholder
        self.isSecret = isSecret
    }

    public var text: String {
        get { String(characters) }
        set {
            characters = Array(newValue)
            cursor = characters.count
        }
    }

    /// Returns whether the input meant something to a text field.
    public mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(let key): return handle(key)
        case .paste(let text):
            insert(text.filter { !$0.isNewline })
            return true
        case .mouse: return false
        }
    }

    private mutating func insert(_ text: String) {
        let new = Array(text)
        characters.insert(contentsOf: new, at: cursor)
        cursor += new.count
    }

    private mutating func handle(_ key: Key) -> Bool {
        if let typed = key.typed {
            insert(String(typed))
            return true
        }
        switch key {
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(characters.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = characters.count
        case .alt("b"), Key(.left, .control): cursor = wordStart()
        case .alt("f"), Key(.right, .control): cursor = wordEnd()
        case .backspace, .control("h"):
            guard cursor > 0 else { return true }
            cursor -= 1
            characters.remove(at: cursor)
        case .delete, .control("d"):
            guard cursor < characters.count else { return true }
            characters.remove(at: cursor)
        case .control("u"):
            characters.removeSubrange(..<cursor)
            cursor = 0
        case .control("k"): characters.removeSubrange(cursor...)
        case .control("w"), Key(.backspace, .alt):
            let start = wordStart()
            characters.removeSubrange(start..<cursor)
            cursor = start
        default: return false
        }
        return true
    }

    private func wordStart() -> Int {
        var index = cursor
        while index > 0, characters[index - 1] == " " { index -= 1 }
        while index > 0, characters[index - 1] != " " { index -= 1 }
        return index
    }

    private func wordEnd() -> Int {
        var index = cursor
        while index < characters.count, characters[index] == " " { index += 1 }
        while index < characters.count, characters[index] != " " { index += 1 }
        return index
    }

    /// Draws on the first row of `surface`, with the hardware cursor if focused.
    public func render(on surface: Surface, focused: Bool, style: Style = .plain) {
        let width = surface.width
        guard width > 0 else { return }
        if characters.isEmpty, !placeholder.isEmpty {
            var hint = Style(.faint)
            hint.background = style.background
            surface.write(placeholder.clipped(to: width), y: 0, hint)
        }
        let shown = isSecret ? [Character](repeating: "•", count: characters.count) : characters
        // Scroll so that the cursor, with one column for itself, fits.
        var first = 0
        var used = 1
        var index = cursor
        while index > 0 {
            let columns = max(1, String(shown[index - 1]).columns)
            if used + columns > width { break }
            used += columns
            index -= 1
        }
        first = index
        let x = surface.write(String(shown[first..<cursor]), y: 0, style)
        surface.write(String(shown[cursor...]), x: x, y: 0, style)
        if first > 0 { surface.put("‹", x: 0, y: 0, Style(.dim, on: style.background)) }
        if focused { surface.placeCursor(x: x, y: 0) }
    }
}
