import AWSModel
import GraphLayout
import TerminalUI

/// The resources of a trace with what passed between them.
struct TraceGraph: Sendable, Hashable {
    struct Node: Sendable, Hashable {
        /// The resource's ARN, or the service where an entry names no resource.
        var id: String
        var name: String
        var kind: String
        var entries: Int
        var failures: Int
        var isRunning: Bool
        /// The first line of the tree that is about it.
        var firstLine: Int
    }

    private(set) var nodes: [Node] = []
    /// How often one led to the other.
    private(set) var edges: [[String]: Int] = [:]
    private(set) var order: [[String]] = []

    init(_ lines: [TraceTree.Line]) {
        var positions: [String: Int] = [:]
        for (index, line) in lines.enumerated() {
            let id = Self.place(of: line.entry)
            let position = positions[id] ?? nodes.count
            if position == nodes.count {
                let name = line.entry.name
                nodes.append(
                    Node(
                        id: id, name: line.entry.resource.isEmpty ? line.entry.service : name.shortName,
                        kind: line.entry.resource.isEmpty ? "service" : name.kind, entries: 0, failures: 0,
                        isRunning: false, firstLine: index))
                positions[id] = position
            }
            nodes[position].entries += 1
            if line.entry.error != nil { nodes[position].failures += 1 }
            if line.entry.detail == "running" { nodes[position].isRunning = true }
            guard let cause = line.cause else { continue }
            let path = [Self.place(of: lines[cause].entry), id]
            guard path[0] != path[1] else { continue }
            if edges[path] == nil { order.append(path) }
            edges[path, default: 0] += 1
        }
    }

    /// A function's versions and aliases are one place; each execution is its own.
    static func place(of entry: TimelineRow) -> String {
        guard !entry.resource.isEmpty else { return entry.service }
        return entry.name.kind == "execution" ? entry.resource : ResourceName.mapped(entry.resource)
    }

    var graph: Graph {
        Graph(
            nodes: nodes.map { node in
                let words = node.entries == 1 ? "1 entry" : "\(node.entries) entries"
                return GraphNode(
                    id: node.id, lines: [node.name, "\(node.kind) · \(words)"], shape: Self.shape(node.kind),
                    status: node.failures > 0 ? .failed : node.isRunning ? .running : .succeeded)
            },
            edges: order.map { path in
                let count = edges[path] ?? 0
                return GraphEdge(from: path[0], to: path[1], label: count > 1 ? "×\(count)" : nil)
            })
    }

    private static func shape(_ kind: String) -> GraphNode.Shape {
        switch kind {
        case "queue", "topic": .rounded
        case "execution", "state machine": .double
        default: .box
        }
    }
}

/// The graph in a pane; its selection is that of the list of entries.
struct TraceGraphPane: Sendable {
    private let canvas = GraphCanvas<TraceGraph>()

    static let bindings: [KeyBinding] = [
        KeyBinding(["left", "h"], "Left", "graph.left", prominence: .help),
        KeyBinding(["down", "j"], "Down", "graph.down", prominence: .help),
        KeyBinding(["up", "k"], "Up", "graph.up", prominence: .help),
        KeyBinding(["right", "l"], "Right", "graph.right", prominence: .help),
    ]

    /// The neighbour that an arrow key leads to; nil where the action is no such key.
    func node(_ action: ActionID, of selected: String) -> String? {
        let headings: [String: GraphDrawing.Heading] = [
            "graph.left": .left, "graph.down": .down, "graph.up": .up, "graph.right": .right,
        ]
        guard let heading = headings[action.name] else { return nil }
        return canvas.drawing?.node(heading, of: selected)?.id ?? selected
    }

    func render(_ trace: TraceGraph, selected: String?, on surface: Surface, focused: Bool) {
        guard surface.width > 8, surface.height > 2 else { return }
        let (width, height, isASCII) = (surface.width, surface.height, surface.isASCII)
        let drawing = canvas.drawing(of: trace, width: width, height: height, isASCII: isASCII) {
            Self.drawing(trace.graph, width: width, height: height, isASCII: isASCII)
        }
        var origin = canvas.origin
        if let selected { origin = drawing.scroll(toShow: selected, from: origin, width: width, height: height) }
        if drawing.width <= width { origin.x = -(width - drawing.width) / 2 }
        if drawing.height <= height { origin.y = -(height - drawing.height) / 2 }
        canvas.origin = origin
        let failed = Set(trace.nodes.filter { $0.failures > 0 }.map(\.id))
        let rect = selected.flatMap { drawing.node($0) }?.rect
        drawing.draw(on: surface, from: origin, selection: rect) { role, point, isSelected in
            var style: Style =
                switch role {
                case .text: Style(.text)
                case .border, .frame: Style(.border)
                case .frameTitle: Style(.title)
                case .edge, .arrow: Style(.dim)
                case .dashedEdge: Style(.faint)
                case .label: Style(.info)
                case .badge: Style(.warning)
                case .status:
                    Style(drawing.node(at: point).map { failed.contains($0.id) } == true ? .failure : .success)
                case .empty: Style(.text)
                }
            if isSelected {
                style.background = focused ? .selection : .selectionIdle
                if role == .border { style.foreground = focused ? .accent : .border }
            }
            return style
        }
        if focused, let rect {
            surface.placeCursor(x: rect.x + 1 - origin.x, y: rect.y + min(1, rect.height - 1) - origin.y)
        }
        drawing.drawArrows(on: surface, from: origin)
    }

    /// Left to right where that fits, else top to bottom, else the first to be scrolled.
    private static func drawing(_ graph: Graph, width: Int, height: Int, isASCII: Bool) -> GraphDrawing {
        func drawing(_ direction: GraphLayoutOptions.Direction, _ density: GraphLayoutOptions.Density) -> GraphDrawing {
            graph.drawing(
                GraphLayoutOptions(
                    direction: direction, glyphs: isASCII ? .ascii : .utf8, density: density, maxWidth: width,
                    maxHeight: height, maxNodeTextWidth: 26, maxLabelWidth: 6))
        }
        let first = drawing(.horizontal, .tight)
        if first.width <= width, first.height <= height { return first }
        for (direction, density) in [
            (GraphLayoutOptions.Direction.vertical, GraphLayoutOptions.Density.tight), (.horizontal, .oneRow),
        ] {
            let candidate = drawing(direction, density)
            if candidate.width <= width, candidate.height <= height { return candidate }
        }
        return first
    }
}
