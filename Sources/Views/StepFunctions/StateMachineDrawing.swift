import GraphLayout

/// What an execution adds to a state's box.
struct StateMark: Hashable, Sendable {
    var status: VisitStatus?
    /// Retries so far; 0 shows no badge.
    var retries = 0
    /// The most retries its retriers allow.
    var maximumRetries: Int?
    /// Behind the title of a frame: `#2 of 12`.
    var note: String?
}

/// A definition as a graph to be drawn: states as boxes, `Next` solid, `Catch` dashed, Choice rules as labels, Map and
/// Parallel as frames.
struct StateMachineDrawing {
    /// Ids no state can have: state names hold no control characters.
    static let startID = "\u{1}Start"
    static let endID = "\u{1}End"

    var definition: StateMachineDefinition
    var marks: [String: StateMark] = [:]
    /// Names of the frames that are drawn closed.
    var folded: Set<String> = []
    /// True for an execution: badges then tell used retries, not allowed ones.
    var showsExecution = false

    var graph: Graph {
        var graph = body(of: definition)
        guard !graph.nodes.isEmpty else { return graph }
        graph.nodes.insert(GraphNode(id: Self.startID, lines: ["Start"], shape: .marker), at: 0)
        if definition.states.contains(where: { $0.name == definition.startAt }) {
            graph.edges.insert(GraphEdge(from: Self.startID, to: definition.startAt, priority: 4), at: 0)
        }
        let ends = definition.states.filter(\.isTerminal)
        if !ends.isEmpty {
            graph.nodes.append(GraphNode(id: Self.endID, lines: ["End"], shape: .marker))
            graph.edges += ends.map { GraphEdge(from: $0.name, to: Self.endID, priority: $0.type == "Fail" ? 1 : 3) }
        }
        return graph
    }

    /// The states of one level, the first first, without start and end.
    private func body(of definition: StateMachineDefinition) -> Graph {
        var states = definition.states
        if let first = states.firstIndex(where: { $0.name == definition.startAt }), first > 0 {
            states.insert(states.remove(at: first), at: 0)
        }
        return Graph(nodes: states.map(node), edges: states.flatMap(edges))
    }

    private func node(_ state: StateDefinition) -> GraphNode {
        let mark = marks[state.name]
        var title = state.name
        if let note = mark?.note { title += " (\(note))" }
        // Room for the mark that comes when the state is entered: what lights up must not move.
        if showsExecution, mark?.status == nil { title = "  " + title }
        let branches = state.branches.filter { !$0.states.isEmpty }
        let frame =
            branches.isEmpty ? nil : GraphFrame(branches: branches.map(body), isFolded: folded.contains(state.name))
        return GraphNode(
            id: state.name, lines: [title], shape: shape(of: state), badges: badges(of: state, mark),
            status: mark?.status?.graphStatus, frame: frame)
    }

    private func shape(of state: StateDefinition) -> GraphNode.Shape {
        switch state.type {
        case "Choice": .decision
        case "Pass", "Wait": .rounded
        case "Succeed", "Fail": .double
        default: .box
        }
    }

    private func badges(of state: StateDefinition, _ mark: StateMark?) -> [GraphBadge] {
        guard let maximum = mark?.maximumRetries ?? state.maximumRetries, maximum > 0 else { return [] }
        if showsExecution {
            guard let used = mark?.retries, used > 0 else { return [] }
            return [GraphBadge("↻\(used)/\(maximum)", ascii: "r\(used)/\(maximum)")]
        }
        return [GraphBadge("↻\(maximum)", ascii: "r\(maximum)")]
    }

    private func edges(of state: StateDefinition) -> [GraphEdge] {
        var edges: [GraphEdge] = []
        func add(_ target: String, _ label: String?, _ style: GraphEdge.Style, _ priority: Int) {
            // Two ways to one state are one line with both labels: parallel lines would say less and cost room.
            if let index = edges.firstIndex(where: { $0.to == target && $0.style == style }) {
                edges[index].label = [edges[index].label, label].compactMap { $0 }.joined(separator: " | ")
                edges[index].priority = max(edges[index].priority, priority)
            } else {
                edges.append(
                    GraphEdge(
                        id: "\(state.name)→\(target)#\(edges.count)", from: state.name, to: target, label: label,
                        style: style, priority: priority))
            }
        }
        if let next = state.next { add(next, nil, .solid, 4) }
        for choice in state.choices { add(choice.next, choice.condition, .solid, 2) }
        if let next = state.defaultNext { add(next, "default", .solid, 2) }
        for catcher in state.catchers { add(catcher.next, catcher.errors.joined(separator: ", "), .dashed, 1) }
        return edges
    }
}
