/// Cut, copy and paste. The editor's own clipboard works on any terminal; what was copied also waits for the screen, which
/// can put it on the clipboard of the user's machine.
extension TextEditor {
    /// What was cut or copied since this was last asked.
    public mutating func takeCopied() -> String? {
        defer { copied = nil }
        return copied
    }

    public mutating func copySelection() {
        guard let text = selectedText else { return }
        clipboard = text
        copied = text
    }

    /// The selection, or the whole line where nothing is selected.
    public mutating func cut() {
        if selection == nil {
            anchor = TextPosition(line: cursor.line, column: 0)
            cursor =
                cursor.line + 1 < buffer.lines.count
                ? TextPosition(line: cursor.line + 1, column: 0)
                : TextPosition(line: cursor.line, column: buffer.lines[cursor.line].count)
        }
        copySelection()
        if selection != nil { insert("") }
    }

    public mutating func selectAll() {
        anchor = TextPosition(line: 0, column: 0)
        cursor = buffer.end
    }

    mutating func handleClipboard(_ key: Key) -> Bool {
        switch key {
        case .alt("c"), Key(.insert, .control): copySelection()
        case .alt("a"): selectAll()
        case .control("x"), Key(.delete, .shift):
            guard !isReadOnly else { return false }
            cut()
        case .control("v"), Key(.insert, .shift):
            guard !isReadOnly, !clipboard.isEmpty else { return true }
            insert(clipboard)
        default: return false
        }
        return true
    }
}
