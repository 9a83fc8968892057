import GraphLayout
import TerminalUI

/// A graph in a pane: drawn once for each graph and size, scrolled to the selected box, walked with the arrow keys.
struct StateGraphPane: Sendable {
    enum Mode: Hashable, Sendable {
        /// As roomy as fits; scrolls where even three-row boxes do not fit.
        case fitting
        /// One row a box.
        case compact
        case outline
    }

    var graph = Graph()
    var selectedID: String?
    var mode = Mode.fitting
    /// From left to right instead of from top to bottom.
    var isHorizontal = false
    /// Ids of edges an execution has gone along; nil where no execution is shown.
    var taken: Set<String>?
    /// What stands on the upper border of a box, such as how long its state has been running. It is drawn over the layout,
    /// so that a clock that ticks moves nothing.
    var captions: [String: StyledLine] = [:]
    let regionID: String
    private(set) var search: StateSearch?

    /// Esc and letters belong to the name that is typed.
    var capturesText: Bool { search != nil }

    private struct Content: Equatable {
        var graph: Graph
        var isCompact: Bool
        var isHorizontal: Bool
    }
    private let canvas = GraphCanvas<Content>()
    /// How large the pane last was.
    private let measure = Viewport()

    init(id: String = "graph") { regionID = id }

    static let bindings: [KeyBinding] = [
        KeyBinding(["j", "down"], "down", "graph.down", prominence: .help),
        KeyBinding(["k", "up"], "up", "graph.up", prominence: .help),
        KeyBinding(["h", "left"], "left", "graph.left", prominence: .help),
        KeyBinding(["l", "right"], "right", "graph.right", prominence: .help),
        KeyBinding(["g", "home"], "start", "graph.first", prominence: .help),
        KeyBinding(["G", "end"], "end", "graph.last", prominence: .help),
        KeyBinding(["pgdn", "ctrl+d", "ctrl+f"], "page down", "graph.pageDown", prominence: .help),
        KeyBinding(["pgup", "ctrl+u", "ctrl+b"], "page up", "graph.pageUp", prominence: .help),
        KeyBinding(["f"], "fit", "graph.fit", help: "Boxes as large as fits the window", prominence: .help),
        KeyBinding(["c"], "compact", "graph.compact", help: "One row for each state", prominence: .help),
        KeyBinding(
            ["|"], "turn", "graph.turn", help: "From top to bottom, or from left to right", prominence: .help),
        KeyBinding(["o"], "outline", "graph.outline", help: "The states as an indented list", prominence: .help),
    ]
    /// From how many boxes on one looks for a state by its name rather than by eye.
    private static let large = 20

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["/"], "find state", "graph.find", help: "To a state by its name; Enter stays, Esc goes back",
                prominence: graph.nodes.count > Self.large ? .footer : .help)
        ] + Self.bindings
    }

    mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "graph.down": move(.down)
        case "graph.up": move(.up)
        case "graph.left": move(.left)
        case "graph.right": move(.right)
        case "graph.first": selectedID = graph.nodes.first?.id ?? selectedID
        case "graph.last": selectedID = graph.nodes.last?.id ?? selectedID
        case "graph.pageDown": for _ in 0..<6 { move(.down) }
        case "graph.pageUp": for _ in 0..<6 { move(.up) }
        case "graph.fit": mode = .fitting
        case "graph.compact": mode = mode == .compact ? .fitting : .compact
        case "graph.turn": isHorizontal.toggle()
        case "graph.outline": mode = mode == .outline ? .fitting : .outline
        case "graph.find": search = StateSearch(in: graph, from: selectedID)
        default: return false
        }
        return true
    }

    mutating func handle(_ input: WidgetInput) -> Bool {
        if search != nil {
            search?.handle(input)
            selectedID = search?.selectedID
            if search?.isOver == true { search = nil }
            return true
        }
        switch input {
        case .key(let key):
            guard let binding = bindings.binding(for: key) else { return false }
            return perform(binding.action)
        case .mouse(let hit) where hit.region == regionID:
            switch hit.event.kind {
            case .wheelUp: move(.up)
            case .wheelDown: move(.down)
            case .press, .doublePress:
                guard let id = node(at: hit.position) else { return true }
                selectedID = id
                return hit.event.kind == .press
            default: return false
            }
            return true
        default: return false
        }
    }

    private var isTooSmall: Bool { measure.height > 0 && (measure.width < 30 || measure.height < 8) }
    private var isOutline: Bool { mode == .outline || isTooSmall }

    private func node(at point: Point) -> String? {
        let origin = canvas.origin
        if isOutline {
            let lines = GraphOutline(graph).lines
            return lines.indices.contains(origin.y + point.y) ? lines[origin.y + point.y].nodeID : nil
        }
        return canvas.drawing?.node(at: GraphPoint(x: origin.x + point.x, y: origin.y + point.y))?.id
    }

    private mutating func move(_ heading: GraphDrawing.Heading) {
        guard let current = selectedID else {
            selectedID = graph.nodes.first?.id
            return
        }
        if isOutline {
            let nodes = GraphOutline(graph).lines.filter(\.isNode).map(\.nodeID)
            guard let index = nodes.firstIndex(of: current) else { return }
            let step = heading == .up || heading == .left ? -1 : 1
            selectedID = nodes[max(0, min(index + step, nodes.count - 1))]
        } else if let drawing = canvas.drawing ?? Optional(graph.drawing()) {
            selectedID = drawing.node(heading, of: current)?.id ?? current
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, focused: Bool) {
        guard surface.width > 4, surface.height > 1 else { return }
        if let search {
            search.render(
                on: surface.part(Rect(x: 0, y: surface.height - 1, width: surface.width, height: 1)), focused: focused)
        }
        // The row of the search is kept free, so that what it finds is never below it.
        let surface =
            search == nil
            ? surface : surface.part(Rect(x: 0, y: 0, width: surface.width, height: surface.height - 1))
        let focused = focused && search == nil
        surface.region(regionID)
        measure.record(top: 0, height: surface.height, width: surface.width)
        if graph.nodes.isEmpty {
            surface.write(
                "No states to draw.", x: 0, y: surface.height / 2, width: surface.width, align: .centre, Style(.dim))
        } else if isOutline {
            renderOutline(on: surface, focused: focused)
        } else {
            renderDrawing(on: surface, focused: focused)
        }
    }

    private func renderDrawing(on surface: Surface, focused: Bool) {
        let content = Content(graph: graph, isCompact: mode == .compact, isHorizontal: isHorizontal)
        let (width, height, isASCII) = (surface.width, surface.height, surface.isASCII)
        let drawing = canvas.drawing(of: content, width: width, height: height, isASCII: isASCII) {
            Self.drawing(of: content, width: width, height: height, isASCII: isASCII)
        }
        var origin = canvas.origin
        if let selectedID {
            origin = drawing.scroll(toShow: selectedID, from: origin, width: surface.width, height: surface.height)
        }
        // A drawing smaller than the pane sits in its middle, not in its corner.
        if drawing.width <= surface.width { origin.x = -(surface.width - drawing.width) / 2 }
        if drawing.height <= surface.height { origin.y = 0 }
        canvas.origin = origin
        let selection = selectedID.flatMap { drawing.node($0) }.map { drawing.selectionRect($0) }
        let statuses = statusRoles()
        let takenCells = takenCells(of: drawing)
        drawing.draw(on: surface, from: origin, selection: selection) { role, point, isSelected in
            var style = style(of: role, isTaken: takenCells.contains(point))
            if needsOwner(role), let node = drawing.node(at: point) {
                style = nodeStyle(style, role: role, status: statuses[node.id] ?? nil)
            }
            if isSelected {
                style.background = focused ? .selection : .selectionIdle
                if role == .text || role == .frameTitle {
                    style.attributes.insert(.bold)
                    style.foreground = .text
                }
            }
            return style
        }
        if focused, let selection {
            surface.placeCursor(x: selection.x + 1 - origin.x, y: selection.y + selection.height / 2 - origin.y)
        }
        drawing.drawArrows(on: surface, from: origin)
        for (id, caption) in captions {
            var caption = [Span(" ")] + caption + [Span(" ")]
            if id == selectedID {
                for index in caption.spans.indices {
                    caption.spans[index].style.background = focused ? .selection : .selectionIdle
                }
            }
            draw(caption, onBoxOf: id, in: drawing, on: surface, from: origin)
        }
    }

    /// At the right end of the border, where nothing but border is.
    private func draw(
        _ caption: StyledLine, onBoxOf id: String, in drawing: GraphDrawing, on surface: Surface,
        from origin: GraphPoint
    ) {
        guard let rect = drawing.node(id)?.rect, rect.height >= 3 else { return }
        let width = caption.columns
        let first = rect.maxX - width
        guard first > rect.x else { return }
        for x in first..<rect.maxX {
            guard let character = drawing[x, rect.y].character, "─═-=".contains(character) else { return }
        }
        surface.write(caption, x: first - origin.x, y: rect.y - origin.y)
    }

    private func needsOwner(_ role: GraphDrawing.Role) -> Bool {
        switch role {
        case .border, .text, .frame, .frameTitle: taken != nil
        default: false
        }
    }

    private func statusRoles() -> [String: GraphStatus?] {
        var result: [String: GraphStatus?] = [:]
        func add(_ graph: Graph) {
            for node in graph.nodes {
                result[node.id] = node.status
                for branch in node.frame?.branches ?? [] { add(branch) }
            }
        }
        add(graph)
        return result
    }

    /// In an execution a box takes the colour of its status, and what was not visited steps back.
    private func nodeStyle(_ style: Style, role: GraphDrawing.Role, status: GraphStatus?) -> Style {
        var style = style
        guard let status else {
            style.foreground = role == .text || role == .frameTitle ? .dim : .faint
            return style
        }
        if role == .border || role == .frame { style.foreground = status.role }
        return style
    }

    /// The id of an edge by its ends.
    static func edge(_ from: String, _ to: String, isDashed: Bool = false) -> String {
        "\(from)\(isDashed ? "⇢" : "→")\(to)"
    }

    private func takenCells(of drawing: GraphDrawing) -> Set<GraphPoint> {
        guard let taken, !taken.isEmpty else { return [] }
        var cells: Set<GraphPoint> = []
        for edge in drawing.edges
        where taken.contains(Self.edge(edge.from, edge.to, isDashed: edge.style == .dashed)) {
            cells.formUnion(edge.path)
            cells.insert(edge.port)
            if let label = edge.labelRect {
                for y in label.y...label.maxY { for x in label.x...label.maxX { cells.insert(GraphPoint(x: x, y: y)) } }
            }
        }
        return cells
    }

    private func style(of role: GraphDrawing.Role, isTaken: Bool) -> Style {
        switch role {
        case .empty: Style(.text)
        case .border: Style(.border)
        case .text: Style(.text)
        case .frame: Style(.border)
        case .frameTitle: Style(.title)
        case .edge, .arrow: isTaken ? Style(.accent, .bold) : Style(taken == nil ? .dim : .faint)
        case .dashedEdge: isTaken ? Style(.warning, .bold) : Style(.faint)
        case .label: Style(taken == nil ? .info : isTaken ? .text : .faint)
        case .badge: Style(.warning)
        case .status(let status): Style(status.role, .bold)
        }
    }

    private func renderOutline(on surface: Surface, focused: Bool) {
        let lines = GraphOutline(graph, glyphs: surface.isASCII ? .ascii : .utf8).lines
        let selected = lines.firstIndex { $0.isNode && $0.nodeID == selectedID } ?? 0
        var top = canvas.origin.y
        if selected < top { top = selected }
        if selected >= top + surface.height { top = selected - surface.height + 1 }
        top = max(0, min(top, lines.count - surface.height))
        canvas.origin = GraphPoint(x: 0, y: top)
        for y in 0..<surface.height where top + y < lines.count {
            let line = lines[top + y]
            let isSelected = top + y == selected
            let background: Role = isSelected ? (focused ? .selection : .selectionIdle) : .background
            if isSelected {
                surface.part(Rect(x: 0, y: y, width: surface.width - 1, height: 1)).fill(Style(.text, on: background))
            }
            let role: Role =
                isSelected ? .text : line.isNode ? (taken == nil ? .text : line.status?.role ?? .dim) : .faint
            // The room kept for marks is for boxes; behind an arrow it would only be a hole.
            let text = line.isNode ? line.text : line.text.replacing("▶   ", with: "▶ ").replacing(">   ", with: "> ")
            surface.write(text, x: 1, y: y, width: surface.width - 2, Style(role, on: background))
        }
        if focused { surface.placeCursor(x: 0, y: selected - top) }
        surface.scrollBar(
            top: top, visible: surface.height, total: lines.count, x: surface.width - 1, height: surface.height)
    }

    private static func drawing(of content: Content, width: Int, height: Int, isASCII: Bool) -> GraphDrawing {
        var options = GraphLayoutOptions(
            direction: content.isHorizontal ? .horizontal : .vertical, glyphs: isASCII ? .ascii : .utf8,
            density: content.isCompact ? .oneRow : .automatic, maxWidth: width,
            maxHeight: height, maxNodeTextWidth: min(36, max(12, width - 8)), maxLabelWidth: width < 60 ? 16 : 24)
        let drawing = content.graph.drawing(options)
        guard !drawing.fits, !content.isCompact else { return drawing }
        // It must be scrolled anyway: then in boxes one can read …
        options.density = .tight
        let boxes = content.graph.drawing(options)
        // … unless that would make it too wide as well, which is worse than one row a box.
        return boxes.width <= width || drawing.width > width ? boxes : drawing
    }
}
