extension TextEditor {
    /// Returns whether the input meant something to an editor. Esc, and Tab in a read-only one, are left to the screen.
    public mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .paste(let text):
            if search != nil {
                _ = search?.field.handle(.paste(text))
                find()
                return true
            }
            guard !isReadOnly else { return false }
            completion = nil
            insert(text)
            return true
        case .mouse(let hit):
            completion = nil
            switch hit.event.kind {
            case .wheelUp: move(to: TextPosition(line: cursor.line - 3, column: cursor.column), selecting: false)
            case .wheelDown: move(to: TextPosition(line: cursor.line + 3, column: cursor.column), selecting: false)
            case .press, .drag:
                move(to: position(at: hit.position), selecting: hit.event.kind == .drag)
            default: return false
            }
            return true
        case .key(let key): return handle(key)
        }
    }

    private mutating func handle(_ key: Key) -> Bool {
        if handleSearch(key) || handleCompletion(key) { return true }
        defer { followCompletion() }
        if let typed = key.typed {
            guard !isReadOnly else { return false }
            if !typeClosing(typed) { insert(String(typed)) }
            if asksForCompletion(typed) { wantsCompletion = true }
            return true
        }
        return handleClipboard(key) || handleSpecial(key) || handleMovement(key) || (!isReadOnly && handleEditing(key))
    }

    private mutating func handleSpecial(_ key: Key) -> Bool {
        switch key {
        case .control("f"): beginSearch()
        case .alt("n"): findAgain()
        case .alt("m"): jumpToBracket()
        case .control(" "): wantsCompletion = true
        default: return false
        }
        return true
    }

    private mutating func handleMovement(_ key: Key) -> Bool {
        let selecting = key.modifiers.contains(.shift)
        let plain = Key(key.code, key.modifiers.subtracting(.shift))
        switch plain {
        case .up: moveVertically(by: -1, selecting)
        case .down: moveVertically(by: 1, selecting)
        case .pageUp: moveVertically(by: -viewport.page, selecting)
        case .pageDown: moveVertically(by: viewport.page, selecting)
        case .left: move(to: before(cursor), selecting: selecting)
        case .right: move(to: after(cursor), selecting: selecting)
        case Key(.left, .control), .alt("b"): move(to: wordStart(), selecting: selecting)
        case Key(.right, .control), .alt("f"): move(to: wordEnd(), selecting: selecting)
        case .home, .control("a"):
            // First to the text, then to the edge.
            let indent = buffer.lines[cursor.line].prefix { $0 == " " }.count
            let column = cursor.column == indent ? 0 : indent
            move(to: TextPosition(line: cursor.line, column: column), selecting: selecting)
        case .end, .control("e"):
            move(to: TextPosition(line: cursor.line, column: buffer.lines[cursor.line].count), selecting: selecting)
        case Key(.home, .control): move(to: TextPosition(line: 0, column: 0), selecting: selecting)
        case Key(.end, .control): move(to: buffer.end, selecting: selecting)
        default: return false
        }
        return true
    }

    private mutating func handleEditing(_ key: Key) -> Bool {
        switch key {
        case .enter: breakLine()
        case .tab: insert("  ")
        case .backTab:
            let count = min(2, buffer.lines[cursor.line].prefix { $0 == " " }.count)
            guard count > 0 else { return true }
            let kept = max(0, cursor.column - count)
            anchor = nil
            cursor = TextPosition(line: cursor.line, column: 0)
            delete(to: TextPosition(line: cursor.line, column: count))
            cursor.column = kept
        case .backspace, .control("h"):
            let line = buffer.lines[cursor.line]
            let isIndent =
                cursor.column > 1 && cursor.column.isMultiple(of: 2) && line[..<cursor.column].allSatisfy { $0 == " " }
            delete(to: isIndent ? TextPosition(line: cursor.line, column: cursor.column - 2) : before(cursor))
        case .delete, .control("d"): delete(to: after(cursor))
        case .control("w"), Key(.backspace, .alt): delete(to: wordStart())
        case .control("k"):
            let end = buffer.lines[cursor.line].count
            delete(to: cursor.column == end ? after(cursor) : TextPosition(line: cursor.line, column: end))
        case .control("u"): delete(to: TextPosition(line: cursor.line, column: 0))
        case .control("z"), .control("_"): undo()
        case .control("y"): redo()
        default: return false
        }
        return true
    }

    private mutating func move(to position: TextPosition, selecting: Bool) {
        if selecting {
            anchor = anchor ?? cursor
        } else {
            anchor = nil
        }
        cursor = buffer.clamped(position)
        wantedColumn = nil
    }

    private mutating func moveVertically(by lines: Int, _ selecting: Bool) {
        let column = wantedColumn ?? cursor.column
        move(to: TextPosition(line: cursor.line + lines, column: column), selecting: selecting)
        wantedColumn = column
    }

    private func before(_ position: TextPosition) -> TextPosition {
        if position.column > 0 { return TextPosition(line: position.line, column: position.column - 1) }
        guard position.line > 0 else { return position }
        return TextPosition(line: position.line - 1, column: buffer.lines[position.line - 1].count)
    }

    private func after(_ position: TextPosition) -> TextPosition {
        if position.column < buffer.lines[position.line].count {
            return TextPosition(line: position.line, column: position.column + 1)
        }
        guard position.line + 1 < buffer.lines.count else { return position }
        return TextPosition(line: position.line + 1, column: 0)
    }

    private func wordStart() -> TextPosition {
        let line = buffer.lines[cursor.line]
        if cursor.column == 0 { return before(cursor) }
        var column = cursor.column
        while column > 0, !line[column - 1].isWordPart { column -= 1 }
        while column > 0, line[column - 1].isWordPart { column -= 1 }
        return TextPosition(line: cursor.line, column: column)
    }

    private func wordEnd() -> TextPosition {
        let line = buffer.lines[cursor.line]
        if cursor.column == line.count { return after(cursor) }
        var column = cursor.column
        while column < line.count, !line[column].isWordPart { column += 1 }
        while column < line.count, line[column].isWordPart { column += 1 }
        return TextPosition(line: cursor.line, column: column)
    }
}

extension Character {
    var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
