extension Form {
    /// Rows a field takes.
    private func height(of field: FormField) -> Int {
        if case .multiline(let rows, _) = field.kind { return rows + 2 }
        return 1
    }

    /// Draws as a popup in the middle of `surface`.
    public func renderPopup(on surface: Surface) {
        let rows = visible.reduce(0) { $0 + height(of: fields[$1]) }
        let size = Size(width: min(surface.width - 4, 84), height: min(surface.height - 2, rows + 7))
        let inside = surface.popup(
            title, size: size,
            note: [
                Span("Tab", .key), Span(" next  ", .dim), Span("^S", .key), Span(" \(submitLabel.lowercased())", .dim),
            ])
        render(on: inside.inset(horizontally: 1), background: .popup)
    }

    /// Draws fields, the message of the focused one and the buttons.
    public func render(on surface: Surface, background: Role = .background) {
        let shown = visible
        guard surface.height > 4, surface.width > 30 else { return }
        let values = values
        let labelWidth = min(28, (shown.map { fields[$0].label.columns }.max() ?? 0) + 2)
        let body = surface.part(Rect(x: 0, y: 1, width: surface.width, height: surface.height - 5))
        // Scroll by fields, so that the focused one is whole.
        var offsets: [Int] = []
        var total = 0
        for index in shown {
            offsets.append(total)
            total += height(of: fields[index])
        }
        var top = viewport.top
        if shown.indices.contains(focus) {
            let bottom = offsets[focus] + height(of: fields[shown[focus]])
            if bottom > top + body.height { top = bottom - body.height }
            if offsets[focus] < top { top = offsets[focus] }
        }
        top = max(0, min(top, total - body.height))
        viewport.record(top: top, height: body.height)
        for (row, index) in shown.enumerated() {
            let y = offsets[row] - top
            let tall = height(of: fields[index])
            guard y + tall > 0, y < body.height else { continue }
            let line = body.part(Rect(x: 0, y: y, width: body.width, height: tall))
            draw(fields[index], on: line, labelWidth: labelWidth, focused: row == focus, values, background)
        }
        body.scrollBar(top: top, visible: body.height, total: total, x: body.width - 1, height: body.height)
        drawMessage(on: surface, y: surface.height - 3, shown, values, background)
        drawButtons(on: surface, y: surface.height - 1, shown.count)
    }

    private func draw(
        _ field: FormField, on line: Surface, labelWidth: Int, focused: Bool, _ values: FormValues, _ background: Role
    ) {
        line.region("form." + field.id)
        let wrong = touched.contains(field.id) && field.problem(values) != nil
        line.write(focused ? "›" : wrong ? "!" : " ", x: 0, y: 0, Style(wrong ? .failure : .accent, on: background))
        let labelStyle = Style(wrong ? .failure : focused ? .text : .dim, on: background, focused ? .bold : [])
        line.write(field.label + (field.isRequired ? " *" : ""), x: 2, y: 0, width: labelWidth + 2, labelStyle)
        if case .multiline = field.kind {
            let box = line.part(Rect(x: 2, y: 1, width: line.width - 4, height: line.height - 1))
            let inside = box.box(.rounded, Style(focused ? .borderFocused : .border, on: background))
            field.editor.render(on: inside, focused: focused, id: "form." + field.id)
            inside.restyle(Rect(inside.size)) { if $0.background == .background { $0.background = background } }
            return
        }
        let x = labelWidth + 4
        let box = line.part(Rect(x: x, y: 0, width: max(0, min(line.width - x - 2, 56)), height: 1))
        switch field.kind {
        case .toggle:
            let on = field.value == "true"
            box.write(on ? "[x] on" : "[ ] off", y: 0, Style(focused ? .accent : .text, on: background))
            if focused { box.placeCursor(x: 1, y: 0) }
        case .choice(let options):
            var column = 0
            let fits = options.reduce(-2) { $0 + $1.columns + 6 } <= box.width
            for option in fits ? options : [field.value] {
                let chosen = option == field.value
                column = box.write(
                    chosen ? "(•) " : "( ) ", x: column, y: 0, Style(chosen ? .accent : .dim, on: background))
                column = box.write(
                    option + "  ", x: column, y: 0,
                    Style(chosen ? .text : .dim, on: background, chosen && focused ? .bold : []))
            }
            if !fits { box.write("← →", x: column, y: 0, Style(.faint, on: background)) }
            if focused { box.placeCursor(x: 1, y: 0) }
        default:
            box.fill(Style(.text, on: .bar))
            if focused { box.restyle(Rect(box.size)) { $0.attributes.insert(.underline) } }
            field.field.render(
                on: box.inset(horizontally: 1), focused: focused,
                style: Style(.text, on: .bar, focused ? .underline : []))
        }
    }

    /// What is wrong with the focused field, else its hint, else what is wrong with the first wrong one.
    private func drawMessage(
        on surface: Surface, y: Int, _ shown: [Int], _ values: FormValues, _ background: Role
    ) {
        if let failure {
            for (row, line) in TextWrapping.wrap("✗ " + failure, to: surface.width - 4).prefix(2).enumerated() {
                surface.write(line, x: 2, y: y + row, Style(.failure, on: background))
            }
            return
        }
        let focused = shown.indices.contains(focus) ? fields[shown[focus]] : nil
        if let focused, touched.contains(focused.id), let problem = focused.problem(values) {
            surface.write("✗ " + problem, x: 2, y: y, width: surface.width - 4, Style(.failure, on: background))
        } else if let focused, !focused.hint.isEmpty {
            surface.write(focused.hint, x: 2, y: y, width: surface.width - 4, Style(.dim, on: background))
        } else if let wrong = shown.map({ fields[$0] }).first(where: {
            touched.contains($0.id) && $0.problem(values) != nil
        }),
            let problem = wrong.problem(values)
        {
            surface.write(
                "✗ \(wrong.label): \(problem.prefix(1).lowercased() + problem.dropFirst())", x: 2, y: y,
                width: surface.width - 4, Style(.failure, on: background))
        }
    }

    private func drawButtons(on surface: Surface, y: Int, _ count: Int) {
        let submit = "  \(submitLabel)  "
        let cancel = "  Cancel  "
        let submitX = surface.width - submit.columns - cancel.columns - 3
        let cancelX = surface.width - cancel.columns - 1
        surface.button(submit, x: submitX, y: y, focused: focus == count, enabled: isValid || touched.isEmpty)
        surface.button(cancel, x: cancelX, y: y, focused: focus == count + 1, enabled: true)
        surface.region("form.submit", Rect(x: submitX, y: y, width: submit.columns, height: 1))
        surface.region("form.cancel", Rect(x: cancelX, y: y, width: cancel.columns, height: 1))
        if focus >= count { surface.placeCursor(x: (focus == count ? submitX : cancelX) + 1, y: y) }
    }
}
