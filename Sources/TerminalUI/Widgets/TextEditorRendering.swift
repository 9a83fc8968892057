extension TextEditor {
    /// Digits of the last line number, and a space on either side.
    private var gutterWidth: Int { max(2, String(buffer.lines.count).count) + 2 }

    /// Draws text with line numbers, and the JSON error, if any, on the last row.
    public func render(on surface: Surface, focused: Bool, id: String = "editor") {
        guard surface.width > 12, surface.height > 0 else { return }
        let showsError = error != nil && surface.height > 2
        let searchRows = search != nil && surface.height > 3 ? 1 : 0
        let body = surface.part(
            Rect(x: 0, y: 0, width: surface.width, height: surface.height - (showsError ? 1 : 0) - searchRows))
        body.region(id)
        let gutter = gutterWidth
        let width = body.width - gutter - 1
        let top = viewport.follow(cursor.line, visible: body.height, total: max(buffer.lines.count, cursor.line + 1))
        let cursorX = String(buffer.lines[cursor.line][..<cursor.column]).columns
        let widest = max(cursorX + 1, width)
        let left = sideways.follow(cursorX, visible: width, total: widest + (cursorX >= width ? 8 : 0))
        let brackets = focused && search == nil ? bracketPair : nil
        for row in 0..<body.height where top + row < buffer.lines.count {
            draw(line: top + row, on: body, y: row, left: left, gutter: gutter, focused: focused, brackets)
        }
        body.scrollBar(
            top: top, visible: body.height, total: buffer.lines.count, x: body.width - 1, height: body.height)
        let place = Point(x: gutter + cursorX - left, y: cursor.line - top)
        if focused, search == nil { body.placeCursor(x: place.x, y: place.y) }
        if focused, let completion {
            let typed = buffer.text(from: min(completion.start, cursor), to: cursor).columns
            completion.render(on: body, cursor: place, typed: typed)
        }
        if let search, searchRows > 0 {
            let row = surface.part(Rect(x: 0, y: body.height, width: surface.width, height: 1))
            renderSearch(search, on: row, focused: focused)
        }
        if showsError, let error {
            let y = surface.height - 1
            let end = surface.write("✗ ", x: 1, y: y, Style(.failure))
            surface.write(
                "Line \(error.line), column \(error.column): \(error.message)", x: end, y: y,
                width: surface.width - end, Style(.failure))
        }
    }

    private func draw(
        line index: Int, on body: Surface, y: Int, left: Int, gutter: Int, focused: Bool,
        _ brackets: (TextPosition, TextPosition)?
    ) {
        let isCurrent = focused && index == cursor.line
        let hasError = error.map { $0.line - 1 == index } ?? false
        body.write(
            String(index + 1), x: 0, y: y, width: gutter - 1, align: .right,
            Style(hasError ? .failure : isCurrent ? .accent : .faint))
        if hasError { body.write("!", x: 0, y: y, Style(.failure, .bold)) }
        let field = body.part(Rect(x: gutter, y: y, width: body.width - gutter - 1, height: 1))
        let line = String(buffer.lines[index])
        var x = -left
        for span in language.highlight(line) {
            x = field.write(span.text, x: x, y: 0, span.style)
        }
        for bracket in [brackets?.0, brackets?.1] {
            guard let bracket, bracket.line == index else { continue }
            let column = String(buffer.lines[index].prefix(bracket.column)).columns - left
            field.restyle(Rect(x: column, y: 0, width: 1, height: 1)) { style in
                style.foreground = .accent
                style.attributes.insert([.underline, .bold])
            }
        }
        if let range = selectedColumns(in: index) {
            let from = String(buffer.lines[index].prefix(range.lowerBound)).columns - left
            let to = String(buffer.lines[index].prefix(range.upperBound)).columns - left
            field.restyle(Rect(x: from, y: 0, width: max(1, to - from), height: 1)) { $0.background = .selection }
        }
        if let error, hasError {
            let column = String(buffer.lines[index].prefix(error.column - 1)).columns - left
            field.restyle(Rect(x: column, y: 0, width: 1, height: 1)) { style in
                style.foreground = .failure
                style.attributes.insert([.underline, .bold])
            }
        }
    }

    private func selectedColumns(in line: Int) -> Range<Int>? {
        guard let selection, selection.start.line <= line, line <= selection.end.line else { return nil }
        let from = line == selection.start.line ? selection.start.column : 0
        let to = line == selection.end.line ? selection.end.column : buffer.lines[line].count
        return from..<max(from, to)
    }

    /// The text position under a point of the drawn body.
    func position(at point: Point) -> TextPosition {
        let line = max(0, min(viewport.top + point.y, buffer.lines.count - 1))
        let wanted = point.x - gutterWidth + sideways.top
        var used = 0
        for (index, character) in buffer.lines[line].enumerated() {
            let columns = max(1, String(character).columns)
            if used + columns > wanted { return TextPosition(line: line, column: index) }
            used += columns
        }
        return TextPosition(line: line, column: buffer.lines[line].count)
    }
}
