import TerminalUI

extension QueueMessagesTab {
    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No message is selected")
        let trace = Availability.when(table.selected?.traceID != nil, otherwise: "This message carries no trace header")
        var own = [
            KeyBinding(
                ["enter"], "read", "read", help: "Read the body, or show the messages of the group", availability: one,
                prominence: .help, needs: [.engine]),
            .why(one),
            KeyBinding(
                ["v"], detail == .body ? "attributes" : "body", "detail", help: "Body or attributes", availability: one,
                needs: [.engine]),
            KeyBinding(
                ["f"], "state", "filter.state", help: "Show only messages in one state", menu: true, needs: [.engine]),
            .trace(trace),
        ]
        switch focus {
        case .messages: own += Table<PeekedRow>.bindings
        case .groups: own += Table<GroupRow>.bindings
        case .detail:
            switch detail {
            case .body: own += body.bindings
            case .attributes: own += KeyValueList.bindings
            case .why: own += ReasonList.bindings
            }
        }
        return own + SplitPane.bindings
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        let before = table.selected?.id
        switch action.name {
        case "read": return enter()
        case "why":
            detail = .why
            return explainAgain()
        case "detail":
            detail = detail == .body ? .attributes : .body
            showSelected()
            return []
        case "filter.state": return [stateMenu()]
        case "trace": return table.selected?.traceID.map { [.open("timeline", $0)] } ?? []
        case "split.next":
            moveFocus(1)
            return []
        case "split.previous":
            moveFocus(-1)
            return []
        default: break
        }
        if split.perform(action) { return [] }
        switch focus {
        case .messages: if table.perform(action) { return selectionMoved(from: before) }
        case .groups: _ = groups.perform(action)
        case .detail:
            switch detail {
            case .body: _ = body.perform(action)
            case .attributes: _ = details.perform(action)
            case .why: _ = reasons.perform(action)
            }
        }
        return []
    }

    private mutating func enter() -> [Effect<Message>] {
        switch focus {
        case .messages:
            focus = .detail
            return []
        case .groups:
            guard let chosen = groups.selected?.id else { return [] }
            group = chosen
            focus = .messages
            table.rows = nil
            return peek()
        case .detail:
            if detail == .why { return reasons.link.map { [.open($0)] } ?? [] }
            return []
        }
    }

    private mutating func moveFocus(_ step: Int) {
        let panes = queue?.isFIFO == true ? Pane.allCases : [.messages, .detail]
        let at = panes.firstIndex(of: focus) ?? 0
        focus = panes[(at + step + panes.count) % panes.count]
    }

    private func stateMenu() -> Effect<Message> {
        let known: [PeekedRow.State: Int] = [
            .visible: counts.visible, .inFlight: counts.inFlight, .delayed: counts.delayed,
        ]
        var items = [
            MenuItem("everything", "All messages", detail: (counts.visible + counts.inFlight + counts.delayed).grouped)
        ]
        for state in PeekedRow.State.allCases where state != .blocked || queue?.isFIFO == true {
            items.append(
                MenuItem(
                    ActionID(state.rawValue), "\(state.mark.glyph) \(state.word)",
                    detail: state == .blocked ? "by their group" : known[state]?.grouped ?? ""))
        }
        return .menu(Menu("Show messages that are", items)) { .stateChosen($0) }
    }

    mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        let before = table.selected?.id
        if case .key(.escape) = input { return escape(input) }
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if region == "messages" { focus = .messages }
            if region == "groups" { focus = .groups }
            if region.hasSuffix(".body") || region == "attributes" { focus = .detail }
        }
        switch focus {
        case .messages: if table.handle(input) { return selectionMoved(from: before) }
        case .groups: _ = groups.handle(input)
        case .detail:
            switch detail {
            case .body: _ = body.handle(input)
            case .attributes: _ = details.handle(input)
            case .why: _ = reasons.handle(input)
            }
        }
        return []
    }

    /// Esc leaves a search first, then the pane, then the filters.
    private mutating func escape(_ input: WidgetInput) -> [Effect<Message>] {
        switch focus {
        case .detail:
            if detail == .body, body.handlesEscape, body.handle(input) { return [] }
            focus = .messages
        case .groups:
            if groups.handlesEscape, groups.handle(input) { return [] }
            focus = .messages
        case .messages:
            if table.handle(input) { return [] }
            (state, group) = (nil, nil)
            table.rows = nil
            return peek()
        }
        return []
    }
}
