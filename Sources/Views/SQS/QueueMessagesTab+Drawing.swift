import TerminalUI

extension QueueMessagesTab {
    /// Narrower than this the panes stand one above the other, and the groups take the place of the body.
    private static let wide = 100

    func render(on surface: Surface, in frame: FrameContext) {
        clock.now = frame.now
        guard isPeekable else { return drawUnpeekable(on: surface.panel("Messages", focused: true)) }
        let isFIFO = queue?.isFIFO == true
        if surface.width >= Self.wide {
            let (left, right) = split.parts(of: surface)
            if isFIFO {
                let rows = left.rows([.fill(), .fixed(min(max(4, left.height / 3), groups.count + 4))])
                drawMessages(on: rows[0], frame)
                drawGroups(on: rows[1], frame)
            } else {
                drawMessages(on: left, frame)
            }
            drawDetail(on: right, frame)
        } else {
            let rows = surface.rows([.percent(50), .fill()])
            drawMessages(on: rows[0], frame)
            if isFIFO, focus == .groups { drawGroups(on: rows[1], frame) } else { drawDetail(on: rows[1], frame) }
        }
    }

    private func drawMessages(on surface: Surface, _ frame: FrameContext) {
        var note = StyledLine()
        if let state { note.append("\(state.word.lowercased()) only · ", .accent) }
        if let group { note.append("group \(group.clipped(to: 16)) · ", .accent) }
        note.append("\(counts.visible.grouped) visible", counts.visible > 0 ? .text : .dim)
        note.append(" · ", .faint)
        note.append("\(counts.inFlight.grouped) in flight", counts.inFlight > 0 ? .running : .dim)
        note.append(" · ", .faint)
        note.append("\(counts.delayed.grouped) delayed", counts.delayed > 0 ? .text : .dim)
        let isFocused = focus == .messages
        let footer = StyledLine(isLoadingMore ? "loading more…" : nextToken != nil ? "more below" : "", .dim)
        let inside = surface.panel("Messages", focused: isFocused, note: note, footer: footer)
        table.showing(failure).render(on: inside, focused: isFocused && frame.isInteractive)
    }

    private func drawGroups(on surface: Surface, _ frame: FrameContext) {
        let isFocused = focus == .groups
        let locked = (groups.rows ?? []).count { $0.group.isLocked == true }
        let note = StyledLine("\(locked) of \(groups.totalCount) locked", .dim)
        groups.render(
            on: surface.panel("Message groups", focused: isFocused, note: note),
            focused: isFocused && frame.isInteractive)
    }

    private func drawDetail(on surface: Surface, _ frame: FrameContext) {
        let isFocused = focus == .detail
        var note = StyledLine()
        for (index, kind) in Detail.allCases.enumerated() {
            if index > 0 { note.append(" · ", .faint) }
            note.append(kind.rawValue, Style(kind == detail ? .accent : .dim, kind == detail ? .bold : []))
        }
        let inside = surface.panel(
            table.selected.map { "Message \($0.id.prefix(8))" } ?? "Message", focused: isFocused, note: note)
        guard let row = table.selected else {
            inside.write(
                "No message is selected.", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            return
        }
        switch detail {
        case .body: body.render(on: inside.inset(horizontally: 1), focused: isFocused && frame.isInteractive)
        case .attributes:
            var list = details
            list.items = row.details(now: frame.now)
            list.render(on: inside, focused: isFocused && frame.isInteractive)
        case .why:
            reasons.render(on: inside.inset(horizontally: 1), now: frame.now, focused: isFocused && frame.isInteractive)
        }
    }

    private func drawUnpeekable(on inside: Surface) {
        let text = [
            "This endpoint cannot be looked into without receiving: only Skua's own engine offers that.",
            "",
            queue.map {
                "It reports about \($0.visible.grouped) visible, \($0.inFlight.grouped) in flight and \($0.delayed.grouped) delayed."
            } ?? "",
            "",
            "Press 3 to receive messages, which hides them for a while and counts as a receive.",
        ]
        let width = max(20, inside.width - 8)
        let lines = text.flatMap { $0.isEmpty ? [""] : TextWrapping.wrap($0, to: width) }
        for (row, line) in lines.enumerated() {
            inside.write(
                line, x: 0, y: max(0, (inside.height - lines.count) / 2) + row, width: inside.width, align: .centre,
                Style(row == 0 ? .text : .dim))
        }
    }
}
