/// A place in a text: a line and a character in it, both from 0.
public struct TextPosition: Hashable, Comparable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Lines of characters with edits that can be undone. Knows nothing of keys or screens.
struct TextEditorBuffer: Hashable, Sendable {
    /// A replacement and what it takes to go back.
    private struct Edit: Hashable {
        var start: TextPosition
        var removed: String
        var inserted: String
        var cursorBefore: TextPosition
        /// Consecutive typing joins into one edit, up to a space or a line end.
        var isTyping: Bool
    }

    private(set) var lines: [[Character]]
    private var undone: [Edit] = []
    private var done: [Edit] = []
    private static let maximumEdits = 1_000

    init(_ text: String) {
        lines = Self.split(text)
    }

    private static func split(_ text: String) -> [[Character]] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(Array.init)
    }

    var text: String { lines.map { String($0) }.joined(separator: "\n") }
    var end: TextPosition { TextPosition(line: lines.count - 1, column: lines[lines.count - 1].count) }
    var canUndo: Bool { !done.isEmpty }
    var canRedo: Bool { !undone.isEmpty }

    func clamped(_ position: TextPosition) -> TextPosition {
        let line = max(0, min(position.line, lines.count - 1))
        return TextPosition(line: line, column: max(0, min(position.column, lines[line].count)))
    }

    func text(from start: TextPosition, to end: TextPosition) -> String {
        if start.line == end.line { return String(lines[start.line][start.column..<end.column]) }
        var parts = [String(lines[start.line][start.column...])]
        for line in start.line + 1..<end.line { parts.append(String(lines[line])) }
        parts.append(String(lines[end.line][..<end.column]))
        return parts.joined(separator: "\n")
    }

    /// Replaces a stretch; returns the position after the inserted text.
    mutating func replace(
        from start: TextPosition, to end: TextPosition, with text: String, cursor: TextPosition
    ) -> TextPosition {
        let removed = self.text(from: start, to: end)
        let after = apply(start: start, end: end, text)
        undone.removeAll()
        let isTyping = removed.isEmpty && text.count == 1 && text != "\n"
        if isTyping, let last = done.last, last.isTyping, last.start.line == start.line,
            last.start.column + last.inserted.count == start.column, text != " " || last.inserted.last == " "
        {
            done[done.count - 1].inserted += text
        } else {
            done.append(Edit(start: start, removed: removed, inserted: text, cursorBefore: cursor, isTyping: isTyping))
            if done.count > Self.maximumEdits { done.removeFirst() }
        }
        return after
    }

    private mutating func apply(start: TextPosition, end: TextPosition, _ text: String) -> TextPosition {
        let head = lines[start.line][..<start.column]
        let tail = lines[end.line][end.column...]
        var new = Self.split(text)
        let lastLength = new[new.count - 1].count
        let column = new.count == 1 ? start.column + lastLength : lastLength
        new[0] = head + new[0]
        new[new.count - 1] += tail
        lines.replaceSubrange(start.line...end.line, with: new)
        return TextPosition(line: start.line + new.count - 1, column: column)
    }

    private func position(after text: String, from start: TextPosition) -> TextPosition {
        let parts = Self.split(text)
        let last = parts[parts.count - 1].count
        return TextPosition(
            line: start.line + parts.count - 1, column: parts.count == 1 ? start.column + last : last)
    }

    /// Returns where the cursor belongs, or `nil` if there is nothing to undo.
    mutating func undo() -> TextPosition? {
        guard let edit = done.popLast() else { return nil }
        _ = apply(start: edit.start, end: position(after: edit.inserted, from: edit.start), edit.removed)
        undone.append(edit)
        return clamped(edit.cursorBefore)
    }

    mutating func redo() -> TextPosition? {
        guard let edit = undone.popLast() else { return nil }
        let after = apply(start: edit.start, end: position(after: edit.removed, from: edit.start), edit.inserted)
        done.append(edit)
        return after
    }
}
