import TerminalUI

/// How a state machine is laid out.
extension MachineScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0])
        let body = parts[1]
        if let failure, description == nil {
            let inside = body.panel(shortName, focused: true)
            inside.write(failure, x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.failure))
            return
        }
        let hasFocus = frame.isInteractive
        switch tab {
        case .executions:
            var note = executions.countNote
            if isPartial { note.append("+", .dim) }
            if let statusFilter { note = StyledLine("\(statusFilter) · ", .accent) + note }
            if period != nil { note = StyledLine("\(periodTitle) · ", .accent) + note }
            executions.render(on: body.panel("Executions", focused: true, note: note), focused: hasFocus)
        case .definition: renderDefinition(on: body, hasFocus)
        case .monitoring:
            if let metrics {
                metrics.render(on: body, window: window)
            } else {
                let inside = body.panel("Monitoring", focused: true)
                inside.write("Loading…", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            }
        case .aliases, .versions, .logging, .tags, .mocks: pane(tab)?.render(on: body, in: frame)
        case .details: details.render(on: body.panel("Details", focused: true), focused: hasFocus)
        }
    }

    private func renderDefinition(on body: Surface, _ hasFocus: Bool) {
        let isWide = body.width >= 100
        let parts = isWide ? body.columns([.percent(56), .fill()]) : [body, body]
        if isWide || !isTextFocused {
            let states = definition.map { StyledLine("\($0.allStates.count) states", .dim) }
            let inside = parts[0].panel("Graph", focused: !isTextFocused, note: states)
            if definition == nil, description != nil {
                inside.write(
                    "The definition cannot be read as JSON.", x: 0, y: inside.height / 2, width: inside.width,
                    align: .centre, Style(.warning))
            } else {
                pane.render(on: inside, focused: hasFocus && !isTextFocused)
            }
        }
        guard isWide || isTextFocused else { return }
        let inside = parts[1].panel(isTextFocused ? "Definition" : selectedTitle, focused: isTextFocused)
        if isTextFocused {
            text.render(on: inside, focused: hasFocus)
        } else {
            // While the graph has the focus, the text beside it is that of the selected state.
            var viewer = text
            if let state = pane.selectedID.flatMap({ definition?.state($0) }) {
                viewer = JSONViewer(state.text, id: text.id)
            }
            viewer.render(on: inside, focused: false)
        }
    }

    private var selectedTitle: String {
        guard let id = pane.selectedID, let state = definition?.state(id) else { return "Definition" }
        return "\(state.name) · \(state.type)"
    }
}
