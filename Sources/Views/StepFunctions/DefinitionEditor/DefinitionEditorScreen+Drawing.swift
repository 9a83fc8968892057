import TerminalUI

/// How the editor is laid out.
extension DefinitionEditorScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        if let review {
            drawReview(review, on: surface, frame)
            return
        }
        let rows = surface.rows([.fill(), .fixed(min(7, max(3, findings.count + 2)))])
        if surface.width >= 100 {
            let parts = rows[0].columns([.percent(50), .fill()])
            drawGraph(on: parts[0], frame)
            drawText(on: parts[1], frame)
        } else if isGraphFocused {
            drawGraph(on: rows[0], frame)
        } else {
            drawText(on: rows[0], frame)
        }
        drawFindings(on: rows[1])
    }

    private func drawReview(_ review: TextViewer, on surface: Surface, _ frame: FrameContext) {
        var note = StyledLine("+\(reviewCounts.added)", .success)
        note.append(" −\(reviewCounts.removed)", .failure)
        let inside = surface.panel(
            "What changes in \(name)" + (format == .yaml ? ", saved as JSON" : ""), focused: true, note: note)
        if reviewCounts == (0, 0) {
            inside.write(
                "Only the layout of the text differs.", x: 0, y: inside.height / 2, width: inside.width, align: .centre,
                Style(.dim))
        } else {
            review.render(on: inside, focused: frame.isInteractive)
        }
    }

    private func drawGraph(on surface: Surface, _ frame: FrameContext) {
        let note = editor.error == nil ? nil : StyledLine("as last readable", .warning)
        pane.render(
            on: surface.panel("Graph", focused: isGraphFocused, note: note),
            focused: isGraphFocused && frame.isInteractive)
    }

    private func drawText(on surface: Surface, _ frame: FrameContext) {
        var note = StyledLine("\(editor.cursor.line + 1):\(editor.cursor.column + 1) · \(format.title) · ", .dim)
        note.append(isChanged ? (isNew ? "new" : "changed") : "saved", isChanged ? .warning : .dim)
        editor.render(
            on: surface.panel("Definition", focused: !isGraphFocused, note: note),
            focused: !isGraphFocused && frame.isInteractive)
    }

    private func drawFindings(on surface: Surface) {
        let errors = findings.count(where: \.isError)
        let warnings = Quantity.count(findings.count - errors, "warning")
        let note: StyledLine =
            if editor.error != nil { StatusMark.failed.line("not \(format.title)") } else if errors > 0 {
                StatusMark.failed.line(
                    Quantity.count(errors, "error") + (findings.count > errors ? ", \(warnings)" : ""))
            } else if !findings.isEmpty { StatusMark.warning.line(warnings) } else if isChecking {
                StyledLine("checking…", .dim)
            } else { StatusMark.succeeded.line("valid") }
        let inside = surface.panel("Checks", note: note)
        if editor.error != nil {
            // Where and why stands below the text.
            inside.write(
                "It cannot be read yet; F6 puts the cursor where it stops.", x: 1, y: 0, width: inside.width - 2,
                Style(.dim))
        } else if findings.isEmpty {
            let verdict =
                canValidate
                ? "Nothing to complain about." : "The shape is right; this endpoint does not validate further."
            let kept = format == .yaml ? " AWS keeps JSON: it is saved as that, without comments." : ""
            inside.write(verdict + kept, x: 1, y: 0, width: inside.width - 2, Style(.dim))
        }
        guard editor.error == nil else { return }
        // The one the cursor was sent to stays in sight.
        let top = max(0, min((findingIndex ?? 0) - inside.height + 1, findings.count - inside.height))
        for (y, finding) in findings.dropFirst(top).prefix(inside.height).enumerated() {
            let mark: StatusMark = finding.isError ? .failed : .warning
            let place = finding.place.map { "\($0.line + 1):\($0.column + 1) " } ?? ""
            let location = finding.location.map { "\($0): " } ?? ""
            let rest = findings.count - top - inside.height
            let isLast = y == inside.height - 1 && rest > 0
            let text =
                isLast ? "and \(rest + 1) more" : "\(place)\(location)\(finding.message)".replacingLineEnds
            let isCurrent = findingIndex == top + y
            if isCurrent { inside.write("›", x: 0, y: y, Style(.accent, .bold)) }
            inside.write(mark.line(text.clipped(to: inside.width - 4)), x: 1, y: y)
        }
    }
}
