import TerminalUI

/// How a test is laid out: what goes in on the left, what came out on the right.
extension StateTestScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        guard let setup else {
            let inside = surface.panel("Test state")
            inside.write(
                failure ?? "Loading…", x: 0, y: inside.height / 2, width: inside.width, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let parts = surface.rows([.fixed(2), .fill()])
        renderSetup(setup, on: parts[0])
        let isWide = surface.width >= 100
        let halves = isWide ? parts[1].columns([.percent(45), .fill()]) : parts[1].rows([.percent(45), .fill()])
        renderTexts(on: halves[0], frame)
        renderResult(on: halves[1], frame)
    }

    private func renderSetup(_ setup: StateTestSetup, on surface: Surface) {
        var line = StyledLine(setup.state, Style(.title, .bold))
        if let state {
            line.append("  \(state.type)", .dim)
            if let resource = state.resource { line.append(" · \(TaskResource.short(resource))", .dim) }
        }
        surface.write(line, x: 1, y: 0)
        var second = StyledLine("inspection ", .dim)
        second.append(setup.level)
        if StateTestSetup.canMock(state?.type ?? "") {
            second.append(" · mock ", .dim)
            switch setup.mock {
            case .none: second.append("none, the work is done for real", .warning)
            case .result: second.append("a result, checked \(setup.validation)")
            case .error:
                second.append("error \(setup.errorName.isEmpty ? "without a name" : setup.errorName)")
                if setup.retries > 0 { second.append(" after \(Quantity.count(setup.retries, "retry use"))", .dim) }
            }
        }
        second.append(" · role ", .dim)
        second.append(setup.role.isEmpty ? "none" : ResourceName.last(of: setup.role))
        surface.write(second, x: 1, y: 1)
    }

    /// The texts as a row of names above the one that is shown.
    private func renderTexts(on surface: Surface, _ frame: FrameContext) {
        let note = StyledLine("Tab next text", .faint)
        let inside = surface.panel("Test with", focused: isEditing, note: isEditing && texts.count > 1 ? note : nil)
        var x = 1
        for text in texts {
            let isCurrent = text == shown
            let hasError = editors[text]?.error != nil
            let style = isCurrent ? Style(.accent, [.bold, .underline]) : Style(hasError ? .failure : .dim)
            let end = inside.write((hasError ? "✗ " : "") + text.title, x: x, y: 0, style)
            inside.part(Rect(x: x, y: 0, width: end - x, height: 1)).region("test.\(text)")
            x = end + 3
        }
        let body = inside.part(Rect(x: 0, y: 1, width: inside.width, height: inside.height - 1))
        editors[shown]?.render(on: body, focused: isEditing && frame.isInteractive, id: "test.\(shown)")
    }

    private func renderResult(on surface: Surface, _ frame: FrameContext) {
        let inside = surface.panel("Result", focused: !isEditing)
        guard let result else {
            let text = isTesting ? "Testing…" : failure ?? "F5 tests the state; nothing of it is kept."
            for (row, line) in TextWrapping.wrap(text, to: max(10, inside.width - 6)).enumerated() {
                inside.write(
                    line, x: 0, y: max(0, inside.height / 2 - 1) + row, width: inside.width, align: .centre,
                    Style(failure == nil ? .dim : .failure))
            }
            return
        }
        let lines = isTesting ? [StyledLine("Testing…", .dim)] : result.lines(width: inside.width - 2)
        for (y, line) in lines.enumerated() { inside.write(line, x: 1, y: y) }
        guard inside.height > lines.count + 1, !result.stages.isEmpty else { return }
        StageBar(names: result.stages.map(\.name), selected: stageIndex).render(
            on: inside.part(Rect(x: 0, y: lines.count, width: inside.width, height: 1)))
        viewer.render(
            on: inside.part(
                Rect(x: 0, y: lines.count + 1, width: inside.width, height: inside.height - lines.count - 1)),
            focused: !isEditing && frame.isInteractive)
    }
}
