import GraphLayout
import Synchronization
import TerminalUI

/// The overview diagram in a pane: laid out from left to right, walked with the arrow keys, scrolled to the selection.
struct FunctionDiagram: Sendable {
    var content = FunctionGraph() {
        didSet {
            if !content.graph.nodes.contains(where: { $0.id == selectedID }) { selectedID = FunctionGraph.functionID }
        }
    }
    var selectedID = FunctionGraph.functionID
    private let canvas = DiagramCanvas()

    static let bindings: [KeyBinding] = [
        KeyBinding(["h", "left"], "left", "diagram.left", prominence: .help),
        KeyBinding(["l", "right"], "right", "diagram.right", prominence: .help),
        KeyBinding(["j", "down"], "down", "diagram.down", prominence: .help),
        KeyBinding(["k", "up"], "up", "diagram.up", prominence: .help),
    ]

    var target: FunctionGraph.Target? { content.targets[selectedID] }

    mutating func perform(_ action: ActionID) -> Bool {
        let heading: GraphDrawing.Heading
        switch action.name {
        case "diagram.left": heading = .left
        case "diagram.right": heading = .right
        case "diagram.down": heading = .down
        case "diagram.up": heading = .up
        default: return false
        }
        if let next = canvas.drawing(of: content)?.node(heading, of: selectedID) { selectedID = next.id }
        return true
    }

    /// Selects the box under a press; returns whether there was one.
    mutating func handle(_ hit: MouseHit) -> Bool {
        guard hit.region == "diagram", hit.event.kind == .press || hit.event.kind == .doublePress else { return false }
        let origin = canvas.origin
        let point = GraphPoint(x: hit.position.x + origin.x, y: hit.position.y + origin.y)
        guard let id = canvas.drawing(of: content)?.node(at: point)?.id else { return false }
        selectedID = id
        return true
    }

    /// Rows it would like at a width, borders of the pane not counted.
    func height(width: Int, isASCII: Bool, atMost limit: Int) -> Int {
        guard !content.graph.nodes.isEmpty else { return min(3, limit) }
        return min(limit, canvas.drawing(of: content, width: width, height: limit, isASCII: isASCII).height)
    }

    func render(on surface: Surface, focused: Bool) {
        guard surface.width > 8, surface.height > 0, !content.graph.nodes.isEmpty else { return }
        surface.region("diagram")
        let drawing = canvas.drawing(
            of: content, width: surface.width, height: surface.height, isASCII: surface.isASCII)
        var origin = drawing.scroll(
            toShow: selectedID, from: canvas.origin, width: surface.width, height: surface.height)
        if drawing.width <= surface.width { origin.x = -(surface.width - drawing.width) / 2 }
        if drawing.height <= surface.height { origin.y = -(surface.height - drawing.height) / 2 }
        canvas.origin = origin
        let selection = drawing.node(selectedID).map { drawing.selectionRect($0) }
        drawing.draw(on: surface, from: origin, selection: focused ? selection : nil) { role, point, isSelected in
            var style = Self.style(role, isFunction: drawing.node(at: point)?.id == FunctionGraph.functionID)
            if isSelected {
                style.background = .selection
                if role == .text { style = Style(.text, on: .selection, .bold) }
            }
            return style
        }
        if focused, let selection {
            surface.placeCursor(x: selection.x + 1 - origin.x, y: selection.y + selection.height / 2 - origin.y)
        }
        drawing.drawArrows(on: surface, from: origin)
    }

    private static func style(_ role: GraphDrawing.Role, isFunction: Bool) -> Style {
        switch role {
        case .border: Style(isFunction ? .accent : .border)
        case .text: Style(isFunction ? .title : .text)
        case .edge, .arrow: Style(.dim)
        case .dashedEdge: Style(.faint)
        case .label: Style(.info)
        case .badge: Style(.warning)
        default: Style(.text)
        }
    }
}

/// The last layout and where the window on it lies: measurements shared by copies of a pane, as a `Viewport`'s are.
private final class DiagramCanvas: Sendable {
    private struct State {
        var graph = Graph()
        var width = 0
        var height = 0
        var isASCII = false
        var drawing: GraphDrawing?
        var origin = GraphPoint(x: 0, y: 0)
    }

    private let state = Mutex(State())

    var origin: GraphPoint {
        get { state.withLock { $0.origin } }
        set { state.withLock { $0.origin = newValue } }
    }

    /// For moving about: as last drawn, or roomy if it never was.
    func drawing(of content: FunctionGraph) -> GraphDrawing? {
        state.withLock { $0.graph == content.graph ? $0.drawing : nil }
            ?? content.graph.drawing(GraphLayoutOptions(direction: .horizontal))
    }

    /// Boxes with all their lines where the height allows, else with their names only.
    func drawing(of content: FunctionGraph, width: Int, height: Int, isASCII: Bool) -> GraphDrawing {
        state.withLock { state in
            let isSame = state.graph == content.graph && state.width == width && state.isASCII == isASCII
            if isSame, let drawing = state.drawing, state.height == height || drawing.height == height {
                return drawing
            }
            let wide = content.wideGraph.drawing(
                GraphLayoutOptions(
                    direction: .horizontal, glyphs: isASCII ? .ascii : .utf8, density: .tight, maxWidth: width,
                    maxHeight: height, maxNodeTextWidth: 34))
            let fits = wide.width <= width && wide.height <= height
            var drawing = fits ? wide : Self.layOut(content.graph, width, height, isASCII)
            if drawing.height > height { drawing = Self.layOut(content.lowGraph, width, height, isASCII) }
            if drawing.height > height {
                let flat = Self.layOut(content.lowGraph, width, height, isASCII, .oneRow)
                if flat.height <= height { drawing = flat }
            }
            (state.graph, state.width, state.height, state.isASCII, state.drawing) = (
                content.graph, width, height, isASCII, drawing
            )
            return drawing
        }
    }

    private static func layOut(
        _ graph: Graph, _ width: Int, _ height: Int, _ isASCII: Bool, _ density: GraphLayoutOptions.Density = .tight
    ) -> GraphDrawing {
        var options = GraphLayoutOptions(
            direction: .horizontal, glyphs: isASCII ? .ascii : .utf8, density: density, maxWidth: width,
            maxHeight: height, maxNodeTextWidth: 34)
        var drawing = graph.drawing(options)
        // Shorten the texts until three columns of boxes fit side by side.
        while drawing.width > width, options.maxNodeTextWidth > 12 {
            options.maxNodeTextWidth -= max(1, (drawing.width - width + 2) / 3)
            drawing = graph.drawing(options)
        }
        return drawing
    }
}
