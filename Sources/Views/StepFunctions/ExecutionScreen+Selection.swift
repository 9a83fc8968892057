import AWSModel
import GraphLayout
import TerminalUI

/// The one selection, and what each tab makes of it.
extension ExecutionScreen {
    var selected: StateVisit? { selectedVisit.flatMap { trace.visit($0) } }

    /// The last moment known: no clock is read outside of drawing.
    var lastKnown: Instant { trace.ended ?? trace.events.last?.time ?? .epoch }

    /// Brings every tab up to date with trace and selection.
    mutating func refresh() {
        visitTable.rows = VisitRow.rows(trace, now: lastKnown)
        eventTable.rows = EventRow.rows(trace, newestFirst: newestFirst)
        refreshGraph()
        refreshDetail()
        showSelectionInTables()
        detailList.items = ExecutionDetails.items(description, trace: trace)
    }

    mutating func refreshGraph() {
        guard let definition else {
            pane.graph = GuessedGraph.graph(of: trace)
            pane.selectedID = selectedState
            return
        }
        shown = shownVisits
        let drawing = StateMachineDrawing(
            definition: definition, marks: marks(definition), folded: folded, showsExecution: true)
        pane.graph = drawing.graph
        if takenAt != trace.lastEventID { (taken, takenAt) = (takenEdges(definition), trace.lastEventID) }
        pane.taken = taken
        if let selectedState { pane.selectedID = visibleNode(for: selectedState, definition) }
    }

    /// The state itself, or the outermost folded frame it lies in.
    private func visibleNode(for name: String, _ definition: StateMachineDefinition) -> String {
        (definition.containers(of: name) ?? []).first { folded.contains($0.name) }?.name ?? name
    }

    mutating func refreshDetail() {
        let around = selected.map { trace.containers(of: $0) } ?? []
        detail.show(
            selected, name: selectedState, definition: selectedState.flatMap { definition?.state($0) },
            around: around.map { .init(visit: $0, state: definition?.state($0.name)) }, trace: trace, now: lastKnown)
        let all = selectedState.map { trace.visits(of: $0) } ?? []
        detail.visitNumber = ((all.firstIndex { $0.id == selectedVisit } ?? -1) + 1, all.count)
        eventViewer.set(eventTable.selected?.event.text ?? "")
    }

    private mutating func showSelectionInTables() {
        if let selectedVisit, visitTable.selected?.id != selectedVisit { visitTable.select(id: selectedVisit) }
        if tab != .events, let first = selected?.events.first { eventTable.select(id: first) }
        eventViewer.set(eventTable.selected?.event.text ?? "")
    }

    // MARK: Moving it

    mutating func select(state name: String) {
        isSelectionPinned = true
        selectedState = name
        selectedVisit = shownVisit(of: name)?.id
        afterSelecting()
    }

    mutating func select(visit: StateVisit) {
        isSelectionPinned = true
        selectedState = visit.name
        selectedVisit = visit.id
        // The graph shows the items this visit lies in.
        var inner = visit
        for container in trace.containers(of: visit) {
            if container.type == "Map", let item = inner.iteration { chosenItems[container.name] = item }
            inner = container
        }
        afterSelecting()
    }

    private mutating func afterSelecting() {
        refreshGraph()
        refreshDetail()
        showSelectionInTables()
    }

    /// To the next or the previous visit of the same state: another round of a loop, another item.
    mutating func step(visit step: Int) {
        let all = selectedState.map { trace.visits(of: $0) } ?? []
        guard !all.isEmpty else { return }
        let at = all.firstIndex { $0.id == selectedVisit } ?? 0
        select(visit: all[max(0, min(all.count - 1, at + step))])
    }

    // MARK: Items of Map states

    /// The item of a Map state that is shown: the chosen one, else the first that failed, runs, or is there at all.
    func shownItem(of map: StateVisit) -> Int? {
        if let chosen = chosenItems[map.name] { return chosen }
        return
            (map.iterations.first { $0.status == .failed } ?? map.iterations.first { $0.status.isOpen }
            ?? map.iterations.first)?.index
    }

    /// The visit of a state that the graph stands for: the last one within the items shown.
    func shownVisit(of name: String) -> StateVisit? { shownVisits[name] }

    var shownVisits: [String: StateVisit] {
        var result: [String: StateVisit] = [:]
        var isShown: [Int: Bool] = [:]
        // Found once for each Map: it looks through its items.
        var items: [Int: Int?] = [:]
        for visit in trace.visits {
            var shown = true
            if let id = visit.container {
                shown = isShown[id] ?? true
                if shown, let item = visit.iteration {
                    let wanted = items[id] ?? trace.visit(id).flatMap { shownItem(of: $0) }
                    items[id] = .some(wanted)
                    shown = wanted == item
                }
            }
            isShown[visit.id] = shown
            if shown { result[visit.name] = visit }
        }
        return result
    }

    /// The Map visit whose items can be picked: the selected state itself, or the nearest around it.
    var pickableMap: StateVisit? {
        guard let visit = selected else { return nil }
        if visit.type == "Map", !visit.iterations.isEmpty { return visit }
        return trace.containers(of: visit).first { $0.type == "Map" && !$0.iterations.isEmpty }
    }

    /// The Map Runs this execution has started, or of the selected state alone if that has one; of a child that started
    /// none, the one it is part of.
    var mapRuns: [String] {
        if let own = selected?.mapRunARN { return [own] }
        if trace.mapRuns.isEmpty, let parent = description?.mapRunArn { return [parent] }
        return trace.mapRuns
    }

    func openMapRun() -> [Effect<Message>] {
        let runs = mapRuns
        if runs.count == 1 { return [.open("states.maprun", runs[0])] }
        return arn.map { [.open("states.mapruns", $0)] } ?? []
    }

    mutating func chooseItem(_ action: ActionID) {
        guard let map = pickableMap, let item = Int(action.name) else { return }
        isSelectionPinned = true
        chosenItems[map.name] = item
        if let name = selectedState, let visit = shownVisit(of: name) {
            selectedVisit = visit.id
        } else if selectedState != map.name {
            selectedState = map.name
            selectedVisit = map.id
        }
        afterSelecting()
    }

    // MARK: What the graph shows

    private func marks(_ definition: StateMachineDefinition) -> [String: StateMark] {
        var marks: [String: StateMark] = [:]
        for (name, visit) in shown {
            let state = definition.state(name)
            let explanation = RetryExplanation(visit: visit, state: state)
            let matched = visit.attempts.last { explanation.failure(of: $0) != nil }
                .flatMap { explanation.failure(of: $0) }.flatMap { explanation.matchedRetrier($0) }
            var mark = StateMark(
                status: visit.status, retries: visit.retries,
                maximumRetries: matched.flatMap { state?.retriers[$0].maxAttempts } ?? state?.maximumRetries)
            if visit.type == "Map", let item = shownItem(of: visit), visit.iterations.count > 1 {
                mark.note = "#\(item) of \(visit.itemCount ?? visit.iterations.count)"
            }
            marks[name] = mark
        }
        return marks
    }

    /// How long each state has been running, or took where that was a second or more, and how often it was visited.
    func captions(now: Instant) -> [String: StyledLine] {
        var captions: [String: StyledLine] = [:]
        for (name, visit) in shown {
            var line = StyledLine()
            let visits = trace.visitCount(of: name)
            if visits > 1, visit.iteration == nil { line.append("×\(visits.grouped)", .dim) }
            let time = visit.milliseconds(now: now)
            if visit.status.isOpen || time >= 1000 {
                if !line.isEmpty { line.append(" ") }
                line.append(
                    visit.status.isOpen ? ElapsedTime.age(milliseconds: time) : ElapsedTime.text(milliseconds: time),
                    visit.status.isOpen ? .running : .dim)
            }
            if !line.isEmpty { captions[name] = line }
        }
        return captions
    }

    /// The edges the execution has gone along, as the graph names their ends.
    private func takenEdges(_ definition: StateMachineDefinition) -> Set<String> {
        var taken: Set<String> = []
        for visit in trace.visits {
            if let from = visit.cameFrom.flatMap({ trace.visit($0) }) {
                // Where Next and Catch lead to the same state, only one of them was taken.
                taken.insert(StateGraphPane.edge(from.name, visit.name, isDashed: from.status == .caught))
            } else if visit.container == nil {
                taken.insert(StateGraphPane.edge(StateMachineDrawing.startID, visit.name))
            }
        }
        if let last = trace.visits.last(where: { $0.container == nil }), !trace.status.isOpen,
            definition.state(last.name)?.isTerminal == true,
            last.status == .succeeded || last.type == "Fail"
        {
            taken.insert(StateGraphPane.edge(last.name, StateMachineDrawing.endID))
        }
        return taken
    }
}

/// A graph of what was visited, for an execution whose definition cannot be had.
enum GuessedGraph {
    static func graph(of trace: ExecutionTrace) -> Graph {
        var nodes: [GraphNode] = []
        var edges: [GraphEdge] = []
        for visit in trace.visits {
            if let index = nodes.firstIndex(where: { $0.id == visit.name }) {
                nodes[index].status = visit.status.graphStatus
            } else {
                nodes.append(GraphNode(id: visit.name, lines: [visit.name], status: visit.status.graphStatus))
            }
            let source = visit.cameFrom ?? visit.container
            if let from = source.flatMap({ trace.visit($0) }),
                !edges.contains(where: { $0.from == from.name && $0.to == visit.name })
            {
                edges.append(GraphEdge(from: from.name, to: visit.name))
            }
        }
        return Graph(nodes: nodes, edges: edges)
    }
}
