import AWSModel
import AWSTypes
import GraphLayout
import TerminalUI

/// A pipe from left to right: source, filter, enrichment, target. Each box can be chosen and opened.
struct PipeDiagram: Sendable {
    static let region = "pipe.diagram"

    enum Part: String, Sendable, CaseIterable { case source, filter, enrichment, target }

    private(set) var reading: PipeReading?
    private(set) var selected = Part.source
    private let canvas = GraphCanvas<PipeReading>()

    static let bindings: [KeyBinding] = [
        KeyBinding(["l", "right", "j", "down"], "Next box", "diagram.next", prominence: .help),
        KeyBinding(["h", "left", "k", "up"], "Box before", "diagram.previous", prominence: .help),
    ]

    mutating func show(_ new: PipeReading) { reading = new }

    mutating func perform(_ action: ActionID) -> Bool {
        let parts = Part.allCases
        let at = parts.firstIndex(of: selected) ?? 0
        switch action.name {
        case "diagram.next": selected = parts[min(parts.count - 1, at + 1)]
        case "diagram.previous": selected = parts[max(0, at - 1)]
        default: return false
        }
        return true
    }

    mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(let key): return Self.bindings.binding(for: key).map { perform($0.action) } ?? false
        case .mouse(let hit) where hit.region == Self.region && hit.event.kind == .press:
            let point = GraphPoint(x: canvas.origin.x + hit.position.x, y: canvas.origin.y + hit.position.y)
            if let part = canvas.drawing?.node(at: point).flatMap({ Part(rawValue: $0.id) }) { selected = part }
            return true
        default: return false
        }
    }

    private static func graph(_ reading: PipeReading) -> Graph {
        let pipe = reading.pipe
        func box(_ part: Part, _ arn: String, _ note: String) -> GraphNode {
            let name = ResourceName(arn)
            return GraphNode(
                id: part.rawValue,
                lines: [name.name, [name.title, note].filter { !$0.isEmpty }.joined(separator: ", ")],
                shape: name.kind == "queue" ? .rounded : name.kind == "state machine" ? .double : .box)
        }
        let batch = pipe.sourceParameters?.sqsQueueParameters?.batchSize
        let filters = reading.filters.count
        var nodes = [
            box(.source, pipe.source ?? "", batch.map { "batch \($0)" } ?? ""),
            GraphNode(
                id: Part.filter.rawValue,
                lines: ["Filter", filters == 0 ? "lets all pass" : Quantity.count(filters, "pattern")], shape: .decision
            ),
        ]
        if let enrichment = reading.enrichment {
            let template = pipe.enrichmentParameters?.inputTemplate == nil ? "" : "template"
            nodes.append(box(.enrichment, enrichment, template))
        } else {
            nodes.append(GraphNode(id: Part.enrichment.rawValue, lines: ["Enrichment", "none"], shape: .box))
        }
        nodes.append(box(.target, pipe.target ?? "", pipe.targetParameters?.inputTemplate == nil ? "" : "template"))
        let style: GraphEdge.Style = reading.isRunning ? .solid : .dashed
        return Graph(
            nodes: nodes,
            edges: zip(nodes, nodes.dropFirst()).map { GraphEdge(from: $0.id, to: $1.id, style: style, priority: 3) })
    }

    func render(on surface: Surface, focused: Bool) {
        guard let reading, surface.width > 8, surface.height > 1 else { return }
        surface.region(Self.region)
        let (width, height, isASCII) = (surface.width, surface.height, surface.isASCII)
        let drawing = canvas.drawing(of: reading, width: width, height: height, isASCII: isASCII) {
            Self.drawing(Self.graph(reading), width, height, isASCII)
        }
        let rect = drawing.node(selected.rawValue)?.rect
        var origin = drawing.scroll(toShow: selected.rawValue, from: canvas.origin, width: width, height: height)
        if drawing.width <= width { origin.x = -(width - drawing.width) / 2 }
        if drawing.height <= height { origin.y = -(height - drawing.height) / 2 }
        canvas.origin = origin
        drawing.draw(on: surface, from: origin, selection: rect) { role, _, isSelected in
            var style =
                switch role {
                case .border, .frame: Style(.border)
                case .edge, .arrow: Style(reading.isRunning ? .running : .dim)
                case .dashedEdge: Style(.faint)
                default: Style(.text)
                }
            if isSelected {
                style.background = focused ? .selection : .selectionIdle
                if role == .border { style.foreground = focused ? .accent : .border }
            }
            return style
        }
        if focused, let rect { surface.placeCursor(x: rect.x + 1 - origin.x, y: rect.y + 1 - origin.y) }
        drawing.drawArrows(on: surface, from: origin)
    }

    /// Side by side with texts as long as fit, else one above the other.
    private static func drawing(_ graph: Graph, _ width: Int, _ height: Int, _ isASCII: Bool) -> GraphDrawing {
        func drawing(_ direction: GraphLayoutOptions.Direction, _ text: Int) -> GraphDrawing {
            graph.drawing(
                GraphLayoutOptions(
                    direction: direction, glyphs: isASCII ? .ascii : .utf8, density: .tight, maxWidth: width,
                    maxHeight: height, maxNodeTextWidth: text))
        }
        for text in [30, 24, 20, 16, 13] {
            let candidate = drawing(.horizontal, text)
            if candidate.width <= width { return candidate }
        }
        return drawing(.vertical, 36)
    }
}
