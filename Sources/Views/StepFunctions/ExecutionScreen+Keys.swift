import AWSModel
import AWSTypes
import TerminalUI

/// The keys of an execution and what they do.
extension ExecutionScreen {
    var bindings: [KeyBinding] {
        var list: [KeyBinding] = []
        if hasDetail {
            if focus == .overview {
                let what = tab == .events ? "payload" : "step"
                list.append(
                    KeyBinding(
                        ["enter"], what, "focus.detail",
                        help: "Look into the selected \(tab == .events ? "event" : "state")"))
            } else if tab == .events {
                list += JSONViewer.bindings
            } else {
                list.append(
                    KeyBinding(["}"], "next tab", "detail.tabs.next", help: "Input/Output, Definition, Retry, Events"))
                list.append(KeyBinding(["{"], "previous tab", "detail.tabs.previous", prominence: .help))
                list += detail.bindings
                list.append(
                    KeyBinding(
                        ["I"], "all stages", "inspect", help: "Have the service recompute every stage of the data",
                        availability: canInspect, prominence: canInspect.isEnabled ? .footer : .help))
            }
            list.append(
                KeyBinding(["tab", "shift+tab"], "pane", "focus.next", help: "To the other pane", prominence: .help))
            list.append(
                KeyBinding(["<"], "narrower", "split.narrow", help: "Make the first pane smaller", prominence: .help))
            list.append(
                KeyBinding([">"], "wider", "split.widen", help: "Make the first pane larger", prominence: .help))
        }
        list.append(.why())
        list += overviewBindings
        list += actionBindings
        list += tabs.bindings
        return list
    }

    private var overviewBindings: [KeyBinding] {
        guard focus == .overview || !hasDetail else { return [] }
        switch tab {
        case .graph:
            let canFold = selectedState.flatMap { definition?.state($0) }?.isContainer ?? false
            let fold = KeyBinding(
                ["z"], "fold", "fold", help: "Close or open the Map or Parallel state",
                availability: .when(canFold, otherwise: "Only Map and Parallel states fold"),
                prominence: canFold ? .footer : .help)
            return visitBindings + [fold] + pane.bindings
        case .table: return visitBindings + Table<VisitRow>.bindings
        case .events:
            return [KeyBinding(["v"], newestFirst ? "oldest first" : "newest first", "events.order")]
                + Table<EventRow>.bindings
        case .input, .output: return JSONViewer.bindings
        case .details:
            let link = detailList.selected.flatMap { ResourceName($0.value).address }
            return [
                KeyBinding(
                    ["enter"], "open", "detail.open", help: "Open what the value names",
                    availability: .when(link != nil, otherwise: "This value has no screen of its own"))
            ] + KeyValueList.bindings
        }
    }

    /// Rounds of a loop and items of a Map state.
    private var visitBindings: [KeyBinding] {
        let visits = selectedState.map { trace.visitCount(of: $0) } ?? 0
        let several = Availability.when(
            visits > 1, otherwise: "The state was visited \(visits == 0 ? "never" : "once")")
        return [
            KeyBinding(
                ["i"], "item", "items", help: "Choose which item of the Map state is shown",
                availability: .when(
                    pickableMap != nil, otherwise: "The selected state lies in no Map state with items"),
                prominence: pickableMap == nil ? .help : .footer, menu: true),
            KeyBinding(
                ["."], "next visit", "visit.next", help: "The next visit of the selected state", availability: several,
                prominence: visits > 1 ? .footer : .help),
            KeyBinding([","], "previous visit", "visit.previous", availability: several, prominence: .help),
        ]
    }

    private var actionBindings: [KeyBinding] {
        let status = description?.status
        let loaded = Availability.when(description != nil, otherwise: "The execution is being loaded")
        let link = selected.flatMap { $0.calledScreen }
        var list = [
            KeyBinding(
                ["n"], "new execution", "new", help: "Start a new execution, with this one's input to begin with",
                availability: loaded, menu: true, needs: [.changes]),
            KeyBinding(
                ["x"], "stop", "stop", help: "Stop the execution",
                availability: .when(status == "RUNNING", otherwise: "The execution has ended"),
                prominence: status == "RUNNING" ? .footer : .help, menu: true, destructive: true, needs: [.changes]),
            KeyBinding(
                ["K"], "answer", "answer", help: "Send success or failure for a task that waits for its token",
                availability: .when(token != nil, otherwise: "The selected state waits for no task token"),
                prominence: token == nil ? .help : .footer, menu: true, needs: [.changes]),
            KeyBinding(
                ["O"], "resource", "resource", help: "Open what the selected state calls",
                availability: .when(link != nil, otherwise: "The selected state calls nothing that has a screen"),
                prominence: .help, menu: true),
            KeyBinding(
                ["X"], "test state", "test", help: "Try the selected state with this input, or any other",
                availability: .when(
                    selectedState != nil && definition != nil, otherwise: "The definition is not available"),
                prominence: .help, menu: true),
            KeyBinding(
                ["M"], "map run", "mapRun",
                help: "Open the Map Run of a distributed Map state, or the one this is a child of",
                availability: .when(!mapRuns.isEmpty, otherwise: "No distributed Map state has started a Map Run"),
                prominence: mapRuns.isEmpty ? .help : .footer, menu: true),
            KeyBinding(
                ["m"], "machine", "machine", help: "Open the state machine", availability: loaded, prominence: .help,
                menu: true),
            .trace(
                .when(traceID != nil || (hasEngine && arn != nil), otherwise: "No trace is recorded for this execution")
            ),
            .refresh,
        ]
        if description?.redriveStatus != nil {
            let isRedrivable = description?.redriveStatus == "REDRIVABLE"
            list.insert(
                KeyBinding(
                    ["R"], "redrive", "redrive", help: "Run on from the state that failed",
                    availability: .when(
                        isRedrivable, otherwise: description?.redriveStatusReason ?? "It cannot be redriven"),
                    prominence: isRedrivable ? .footer : .help, menu: true, needs: [.changes]), at: 1)
        }
        return list
    }

    /// The root of `Root=1-…;Parent=…`.
    var traceID: String? {
        guard let header = description?.traceHeader, !header.isEmpty else { return nil }
        let root = header.split(separator: ";").first { $0.hasPrefix("Root=") }
        return root.map { String($0.dropFirst(5)) } ?? header
    }

    // MARK: Actions

    mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action.name {
        case "focus.detail":
            focus = .detail
            return stagesIfNeeded()
        case "focus.next":
            focus = focus == .overview ? .detail : .overview
            return stagesIfNeeded()
        case "split.narrow", "split.widen":
            share = max(25, min(80, share + (action.name == "split.widen" ? 5 : -5)))
            return []
        case "why": return explain()
        case "items": return itemMenu()
        case "visit.next", "visit.previous":
            step(visit: action.name == "visit.next" ? 1 : -1)
            return stagesIfNeeded()
        case "detail.tabs.next", "detail.tabs.previous":
            _ = detail.tabs.perform(action)
            return stagesIfNeeded()
        case "fold":
            if let name = selectedState, folded.remove(name) == nil { folded.insert(name) }
            refreshGraph()
            return []
        case "events.order":
            newestFirst.toggle()
            refresh()
            return []
        case "new": return [.form(startForm()) { .startRequested($0) }]
        case "stop":
            return [
                .confirm(
                    Dialog(
                        "Stop execution \(names.execution)?",
                        message: "It ends as ABORTED; states that run are cut short.",
                        consequences: trace.visits.filter(\.status.isOpen).map { "\($0.name) is running" },
                        confirm: "Stop", destructive: true),
                    then: .stopConfirmed)
            ]
        case "redrive":
            return [
                .confirm(
                    Dialog(
                        "Redrive \(names.execution)?",
                        message: "It runs on from the state that failed, with the same input.", confirm: "Redrive"),
                    then: .redriveConfirmed)
            ]
        case "resource": return selected.flatMap { $0.calledScreen }.map { [.open($0)] } ?? []
        case "answer":
            guard let token, let selectedState else { return [] }
            return [.form(TaskToken.form(state: selectedState)) { .answered(token: token, $0) }]
        case "detail.open":
            return detailList.selected.flatMap { ResourceName($0.value).address }.map { [.open($0)] } ?? []
        case "test": return testState()
        case "inspect": return inspect()
        case "mapRun": return openMapRun()
        case "machine": return description.map { [.open("states.machine", $0.stateMachineArn)] } ?? []
        case "trace": return traceID.map { [.open("timeline", $0)] } ?? findTrace()
        case "refresh": return load(fresh: false)
        case "detail.event":
            if let row = detail.events.selected {
                tabs.select(Tab.events.rawValue)
                focus = .overview
                eventTable.select(id: row.id)
                eventViewer.set(row.event.text)
            }
            return []
        default: return performInWidget(action)
        }
    }

    /// Actions whose key is one of several: the widget tells them apart.
    private mutating func performInWidget(_ action: ActionID) -> [Effect<Message>] {
        if tabs.perform(action) {
            focus = .overview
            return afterTabChange()
        }
        if focus == .detail, hasDetail {
            _ = tab == .events ? eventViewer.perform(action) : detail.perform(action)
            return []
        }
        switch tab {
        case .graph:
            _ = pane.perform(action)
            return selectionFollowsGraph()
        case .table:
            _ = visitTable.perform(action)
            return selectionFollowsTable()
        case .events:
            _ = eventTable.perform(action)
            return selectionFollowsEvents()
        case .input: _ = inputViewer.perform(action)
        case .output: _ = outputViewer.perform(action)
        case .details: _ = detailList.perform(action)
        }
        return []
    }

    private mutating func afterTabChange() -> [Effect<Message>] {
        refresh()
        return stagesIfNeeded()
    }

    mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input {
            if tabs.handle(input) {
                focus = .overview
                return afterTabChange()
            }
            if hit.event.kind == .press, hasDetail { focusByMouse(hit) }
        }
        if focus == .detail, hasDetail {
            let used = tab == .events ? eventViewer.handle(input) : detail.handle(input)
            if !used, input == .key(.escape) { focus = .overview }
            return []
        }
        return takeInOverview(input)
    }

    private mutating func takeInOverview(_ input: WidgetInput) -> [Effect<Message>] {
        switch tab {
        case .graph:
            if !pane.handle(input), isOpening(input) { focus = .detail }
            return selectionFollowsGraph()
        case .table:
            if !visitTable.handle(input), isOpening(input) { focus = .detail }
            return selectionFollowsTable()
        case .events:
            if !eventTable.handle(input), isOpening(input) { focus = .detail }
            return selectionFollowsEvents()
        case .input: _ = inputViewer.handle(input)
        case .output: _ = outputViewer.handle(input)
        case .details: _ = detailList.handle(input)
        }
        return []
    }

    private func isOpening(_ input: WidgetInput) -> Bool {
        if case .mouse(let hit) = input { return hit.event.kind == .doublePress }
        return false
    }

    private mutating func focusByMouse(_ hit: MouseHit) {
        guard let region = hit.region else { return }
        if region.hasPrefix("detail.") || region == "event.payload" { focus = .detail }
        if region == pane.regionID || region == visitTable.id || region == eventTable.id { focus = .overview }
    }

    private mutating func selectionFollowsGraph() -> [Effect<Message>] {
        guard let id = pane.selectedID, id != selectedState else { return [] }
        guard definition == nil || definition?.state(id) != nil else {
            // Start and End are no states: nothing is shown beside them.
            (selectedState, selectedVisit, isSelectionPinned) = (nil, nil, true)
            refreshDetail()
            return []
        }
        select(state: id)
        return stagesIfNeeded()
    }

    private mutating func selectionFollowsTable() -> [Effect<Message>] {
        guard let row = visitTable.selected, row.id != selectedVisit else { return [] }
        select(visit: row.visit)
        return stagesIfNeeded()
    }

    private mutating func selectionFollowsEvents() -> [Effect<Message>] {
        guard let row = eventTable.selected else { return [] }
        eventViewer.set(row.event.text)
        if let visit = trace.visit(ofEvent: row.id), visit.id != selectedVisit { select(visit: visit) }
        return []
    }
}
