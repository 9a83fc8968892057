/// What an editor colours; JSON it checks as well.
public enum TextLanguage: Hashable, Sendable {
    case plain, json, yaml
}

/// A text of any number of lines being edited: selection, undo and redo, colours, and a live JSON error.
///
/// Selection: Shift with the arrows. `^Z` undoes, `^Y` redoes, `^A`/`^E` line ends, `^W` deletes a word, `^K` to the end
/// of the line, Tab indents by two, Enter keeps the indent, `^X` `^V` Alt-C cut, paste and copy, Alt-A selects all, `^F`
/// finds, `^Space` asks for completions, Alt-M goes to the bracket that belongs to the one at the cursor.
public struct TextEditor: Hashable, Sendable {
    var buffer: TextEditorBuffer
    public internal(set) var cursor = TextPosition(line: 0, column: 0)
    /// Where the selection began, if there is one.
    var anchor: TextPosition?
    /// The column that up and down try to keep.
    var wantedColumn: Int?
    public var language: TextLanguage {
        didSet { if language != oldValue { check() } }
    }
    public var isReadOnly = false
    public private(set) var error: TextSyntaxError?
    /// The search line while it is open.
    var search: TextEditorSearch?
    var lastPattern = ""
    var completion: TextCompletionList?
    var wantsCompletion = false
    var clipboard = ""
    var copied: String?
    let viewport = Viewport()
    let sideways = Viewport()

    public init(_ text: String = "", language: TextLanguage = .plain) {
        buffer = TextEditorBuffer(text)
        self.language = language
        check()
    }

    public var text: String {
        get { buffer.text }
        set {
            buffer = TextEditorBuffer(newValue)
            cursor = buffer.clamped(cursor)
            anchor = nil
            check()
        }
    }

    /// Another text in place of this one, which can be undone.
    public mutating func replaceAll(with text: String) {
        let place = cursor
        anchor = TextPosition(line: 0, column: 0)
        cursor = buffer.end
        insert(text)
        cursor = buffer.clamped(place)
    }

    public var isEmpty: Bool { buffer.lines.count == 1 && buffer.lines[0].isEmpty }
    public var canUndo: Bool { buffer.canUndo }
    public var canRedo: Bool { buffer.canRedo }

    /// The selected stretch, in order.
    public var selection: (start: TextPosition, end: TextPosition)? {
        guard let anchor, anchor != cursor else { return nil }
        return anchor < cursor ? (anchor, cursor) : (cursor, anchor)
    }

    public var selectedText: String? {
        selection.map { buffer.text(from: $0.start, to: $0.end) }
    }

    /// Live checking stops at this size: reading it on each key would be felt.
    private static let largestChecked = 512 * 1024

    mutating func check() {
        guard language == .json, !isEmpty else {
            error = nil
            return
        }
        let whole = buffer.text
        error = whole.utf8.count <= Self.largestChecked ? JSONSyntax.firstError(in: whole) : nil
    }

    /// What somebody who can read the text found wrong with it; the next change takes it back.
    public mutating func report(_ error: TextSyntaxError?) { self.error = error }

    /// Puts text in place of the selection, or at the cursor.
    public mutating func insert(_ text: String) {
        let start = selection?.start ?? cursor
        let end = selection?.end ?? cursor
        cursor = buffer.replace(from: start, to: end, with: text, cursor: cursor)
        anchor = nil
        wantedColumn = nil
        check()
    }

    mutating func delete(to other: TextPosition) {
        if selection != nil { return insert("") }
        let start = min(cursor, other)
        let end = max(cursor, other)
        anchor = nil
        wantedColumn = nil
        guard start != end else { return }
        cursor = buffer.replace(from: start, to: end, with: "", cursor: cursor)
        check()
    }

    /// Puts the cursor at a place, or as near as there is text.
    public mutating func move(to position: TextPosition) {
        cursor = buffer.clamped(position)
        anchor = nil
        wantedColumn = nil
        completion = nil
    }

    public mutating func undo() {
        guard let position = buffer.undo() else { return }
        cursor = position
        anchor = nil
        check()
    }

    public mutating func redo() {
        guard let position = buffer.redo() else { return }
        cursor = position
        anchor = nil
        check()
    }
}
