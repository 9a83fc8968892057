extension Table {
    struct Slot {
        let column: Int
        let x: Int
        let width: Int
    }

    /// Columns of the mark in front of each row.
    private static var lead: Int { 2 }
    private static var gap: Int { 2 }

    /// Places the columns: minima first (dropping the last ones that do not fit), then up to the ideals, then shares.
    func layout(width: Int) -> [Slot] {
        let room = width - Self.lead - 1
        var kept = Array(columns.indices)
        func needed(_ list: [Int]) -> Int {
            list.reduce(0) { $0 + columns[$1].minimum } + Self.gap * max(0, list.count - 1)
        }
        while kept.count > 1, needed(kept) > room { kept.removeLast() }
        var widths = kept.map { columns[$0].minimum }
        var left = room - needed(kept)
        if left > 0 {
            // A column at a time, so that all come near their ideals before one reaches its own.
            var grew = true
            while left > 0, grew {
                grew = false
                for (index, column) in kept.enumerated() where left > 0 {
                    guard let ideal = columns[column].ideal, widths[index] < ideal else { continue }
                    widths[index] += 1
                    left -= 1
                    grew = true
                }
            }
            let flexible = kept.indices.filter { columns[kept[$0]].ideal == nil }
            for (order, index) in flexible.enumerated() {
                let share = left / (flexible.count - order)
                widths[index] += share
                left -= share
            }
        } else if left < 0 {
            widths[0] = max(1, widths[0] + left)
        }
        var x = Self.lead
        return zip(kept, widths).map { column, width in
            defer { x += width + Self.gap }
            return Slot(column: column, x: x, width: width)
        }
    }

    /// `12 of 340`, or what else the title of the pane should say.
    public var countNote: StyledLine {
        guard allRows != nil else { return StyledLine("loading…", .dim) }
        let total = totalCount.grouped + (isPartial ? "+" : "")
        let number = count == totalCount ? total : "\(count.grouped) of \(total)"
        return marked.isEmpty
            ? StyledLine(number, .dim) : [Span("\(marked.count.grouped) marked", .accent), Span(" · \(number)", .dim)]
    }

    /// Draws heading, rows, scroll bar and, if there is one, the filter line.
    public func render(on surface: Surface, focused: Bool = true) {
        guard surface.width > 4, surface.height > 1 else { return }
        let showsFilter = filterField != nil || !filter.pattern.isEmpty
        let area = surface.part(
            Rect(x: 0, y: 0, width: surface.width, height: surface.height - (showsFilter ? 1 : 0)))
        area.region(id)
        let slots = layout(width: area.width)
        drawHeading(on: area, slots)
        let body = area.part(Rect(x: 0, y: 1, width: area.width, height: area.height - 1))
        viewport.record(top: viewport.top, height: body.height, width: area.width)
        let top = viewport.follow(selectedIndex, visible: body.height, total: count)
        if count == 0 {
            drawEmpty(on: body)
        } else {
            for y in 0..<min(body.height, count - top) {
                if let row = row(at: top + y) {
                    draw(row, on: body, y: y, slots, isSelected: top + y == selectedIndex, focused: focused)
                }
            }
            body.scrollBar(top: top, visible: body.height, total: count, x: body.width - 1, height: body.height)
            if focused, filterField == nil { body.placeCursor(x: 0, y: selectedIndex - top) }
        }
        if showsFilter { drawFilter(on: surface, y: surface.height - 1) }
    }

    private func drawHeading(on area: Surface, _ slots: [Slot]) {
        for slot in slots {
            let isSorted = sortColumn == slot.column
            let arrow = isSorted ? (sortsDescending ? " ▾" : " ▴") : ""
            area.write(
                columns[slot.column].title.clipped(to: slot.width - arrow.count) + arrow, x: slot.x, y: 0,
                width: slot.width, align: columns[slot.column].align,
                Style(isSorted ? .accent : .heading, .bold))
        }
    }

    private func draw(_ row: Row, on body: Surface, y: Int, _ slots: [Slot], isSelected: Bool, focused: Bool) {
        let background: Role = isSelected ? (focused ? .selection : .selectionIdle) : .background
        if isSelected {
            body.part(Rect(x: 0, y: y, width: body.width - 1, height: 1)).fill(Style(.text, on: background))
        }
        if marked.contains(row.id) {
            body.write("•", x: 0, y: y, Style(.accent, on: background, .bold))
        } else if isSelected {
            body.write("›", x: 0, y: y, Style(focused ? .accent : .dim, on: background))
        }
        for slot in slots {
            let column = columns[slot.column]
            var line = column.cell(row).line
            let width = line.columns
            let field = body.part(Rect(x: slot.x, y: y, width: slot.width, height: 1))
            var background = background
            if isSelected {
                if line.isDrawing {
                    // A small chart keeps its look, and a slow line need not carry it again.
                    background = .background
                    field.fill()
                } else {
                    // One style for all of the selected row: calmer, and it spares an escape sequence a span.
                    line = StyledLine(line.text, Style(.text, on: background))
                }
            }
            if width <= slot.width {
                let shift =
                    switch column.align {
                    case .left: 0
                    case .right: slot.width - width
                    case .centre: (slot.width - width) / 2
                    }
                field.write(line, x: shift, y: 0, on: background)
            } else if column.clipsMiddle {
                field.write(line.clippedInMiddle(to: slot.width), y: 0, on: background)
            } else {
                field.write(line, y: 0, on: background)
                field.write("…", x: slot.width - 1, y: 0, Style(.dim, on: background))
            }
        }
    }

    private func drawEmpty(on body: Surface) {
        let text =
            isLoading
            ? "Loading…"
            : filter.pattern.isEmpty ? emptyText : "No row matches “\(filter.pattern)”. Esc clears the filter."
        let lines = TextWrapping.wrap(text, to: max(10, body.width - 8))
        let first = max(0, (body.height - lines.count) / 2)
        for (row, line) in lines.enumerated() {
            body.write(line, x: 0, y: first + row, width: body.width, align: .centre, Style(.dim))
        }
    }

    private func drawFilter(on surface: Surface, y: Int) {
        surface.write("/", x: 0, y: y, Style(.accent, .bold))
        let note = filter.problem ?? "\(count.grouped) of \(totalCount.grouped)\(arrangement == nil ? "" : " …")"
        let noteWidth = note.columns + 2
        let field = surface.part(Rect(x: 1, y: y, width: max(1, surface.width - 1 - noteWidth), height: 1))
        if let filterField {
            filterField.render(on: field, focused: true)
        } else {
            field.write(filter.pattern, Style(.accent))
        }
        surface.write(
            note, x: surface.width - noteWidth, y: y, width: noteWidth - 1, align: .right,
            Style(filter.problem == nil ? .dim : .failure))
    }
}

extension StyledLine {
    /// Whether this is a drawing of blocks or dots rather than text.
    fileprivate var isDrawing: Bool {
        var has = false
        for span in spans {
            for scalar in span.text.unicodeScalars where scalar != " " {
                guard (0x2581...0x2588).contains(scalar.value) || (0x2800...0x28FF).contains(scalar.value) else {
                    return false
                }
                has = true
            }
        }
        return has
    }
}
