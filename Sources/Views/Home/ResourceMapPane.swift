import GraphLayout
import TerminalUI

/// The map in a pane: drawn once for each state and size, scrolled to the selected box, walked with the arrow keys.
struct ResourceMapPane: Sendable {
    static let region = "home.map"

    private(set) var map = ResourceMap()
    private(set) var selectedARN: String?
    /// Whether somebody has moved about. Until then the first box is selected, also while a world is growing.
    private var isChosen = false
    private let canvas = GraphCanvas<ResourceMap>()

    static let bindings: [KeyBinding] = [
        KeyBinding(["h", "left"], "left", "map.left", prominence: .help),
        KeyBinding(["j", "down"], "down", "map.down", prominence: .help),
        KeyBinding(["k", "up"], "up", "map.up", prominence: .help),
        KeyBinding(["l", "right"], "right", "map.right", prominence: .help),
        KeyBinding(["g", "home"], "first", "map.first", prominence: .help),
    ]

    var selected: ResourceMap.Resource? { selectedARN.flatMap { map.resource($0) } }

    /// Shows another state of the world; what somebody selected stays so while it is there.
    mutating func show(_ new: ResourceMap) {
        map = new
        if selected == nil || !isChosen { selectedARN = new.reading.first?.arn }
    }

    mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "map.left": move(.left)
        case "map.right": move(.right)
        case "map.up": move(.up)
        case "map.down": move(.down)
        case "map.first": selectedARN = map.reading.first?.arn
        default: return false
        }
        return true
    }

    private mutating func move(_ heading: GraphDrawing.Heading) {
        guard let selectedARN else { return }
        isChosen = true
        let drawing = canvas.drawing ?? map.graph(.full).drawing(GraphLayoutOptions(direction: .horizontal))
        self.selectedARN = drawing.node(heading, of: selectedARN)?.id ?? selectedARN
    }

    mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(let key):
            guard let binding = Self.bindings.binding(for: key) else { return false }
            return perform(binding.action)
        case .mouse(let hit) where hit.region == Self.region:
            switch hit.event.kind {
            case .wheelUp: move(.up)
            case .wheelDown: move(.down)
            case .press, .doublePress:
                let point = GraphPoint(x: canvas.origin.x + hit.position.x, y: canvas.origin.y + hit.position.y)
                guard let node = canvas.drawing?.node(at: point) else { return true }
                selectedARN = node.id
                isChosen = true
                return hit.event.kind == .press
            default: return false
            }
            return true
        default: return false
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, focused: Bool) {
        guard surface.width > 8, surface.height > 1 else { return }
        surface.region(Self.region)
        let (width, height, isASCII) = (surface.width, surface.height, surface.isASCII)
        let drawing = canvas.drawing(of: map, width: width, height: height, isASCII: isASCII) {
            Self.drawing(of: map, width: width, height: height, isASCII: isASCII)
        }
        var origin = canvas.origin
        if let selectedARN {
            origin = drawing.scroll(toShow: selectedARN, from: origin, width: surface.width, height: surface.height)
        }
        if drawing.width <= surface.width { origin.x = -(surface.width - drawing.width) / 2 }
        if drawing.height <= surface.height { origin.y = -(surface.height - drawing.height) / 2 }
        canvas.origin = origin
        drawCells(
            on: surface, drawing, origin, selection: selectedARN.flatMap { drawing.node($0) }?.rect, focused: focused)
        for edge in drawing.edges { drawFailures(on: surface, edge, origin) }
        for node in drawing.nodes { drawHealth(on: surface, drawing, node, origin, focused: focused) }
        if focused, let rect = selectedARN.flatMap({ drawing.node($0) })?.rect {
            surface.placeCursor(x: rect.x + 1 - origin.x, y: rect.y + min(1, rect.height - 1) - origin.y)
        }
        drawing.drawArrows(on: surface, from: origin)
    }

    private func drawCells(
        on surface: Surface, _ drawing: GraphDrawing, _ origin: GraphPoint, selection: GraphRect?, focused: Bool
    ) {
        let names = nameCells(of: drawing)
        drawing.draw(on: surface, from: origin, selection: selection) { role, point, isSelected in
            var style = Self.style(of: role, isName: names.contains(point.y * drawing.width + point.x))
            if isSelected {
                style.background = focused ? .selection : .selectionIdle
                if role == .text { style.foreground = .text }
                if role == .border { style.foreground = focused ? .accent : .border }
            }
            return style
        }
    }

    /// The first row of a box with text: taller boxes have it further down.
    private static func nameRow(of node: GraphDrawing.Node, in drawing: GraphDrawing) -> Int? {
        (node.rect.y...node.rect.maxY).first { y in
            (node.rect.x...node.rect.maxX).contains { drawing[$0, y].role == .text && drawing[$0, y].character != " " }
        }
    }

    /// The cells of the first line of each box, where the name is.
    private func nameCells(of drawing: GraphDrawing) -> Set<Int> {
        var cells: Set<Int> = []
        for node in drawing.nodes {
            guard let y = Self.nameRow(of: node, in: drawing) else { continue }
            for x in node.rect.x...node.rect.maxX { cells.insert(y * drawing.width + x) }
        }
        return cells
    }

    private static func style(of role: GraphDrawing.Role, isName: Bool) -> Style {
        switch role {
        case .text: isName ? Style(.text, .bold) : Style(.dim)
        case .border, .frame: Style(.border)
        case .frameTitle: Style(.title)
        case .edge, .arrow: Style(.dim)
        case .dashedEdge: Style(.faint)
        case .label: Style(.info)
        case .badge: Style(.warning)
        case .empty, .status: Style(.text)
        }
    }

    /// What failed on a wire stands out from what passed.
    private func drawFailures(on surface: Surface, _ edge: GraphDrawing.Edge, _ origin: GraphPoint) {
        guard let label = edge.label, let rect = edge.labelRect, let mark = label.firstIndex(of: "✗") else { return }
        let start = String(label[..<mark]).columns
        // Written anew: the layout does not know the mark's ASCII twin.
        surface.write(
            String(label[mark...]), x: rect.x + start - origin.x, y: rect.y - origin.y, Style(.failure))
    }

    /// The health mark takes its colour; what is wrong colours its box, too.
    private func drawHealth(
        on surface: Surface, _ drawing: GraphDrawing, _ node: GraphDrawing.Node, _ origin: GraphPoint, focused: Bool
    ) {
        guard let health = map.resource(node.id)?.health else { return }
        let rect = node.rect
        let row = Self.nameRow(of: node, in: drawing) ?? rect.y
        if let column = (rect.x...rect.maxX).first(where: {
            drawing[$0, row].role == .text && drawing[$0, row].character != " "
        }) {
            let mark = Rect(x: column - origin.x, y: row - origin.y, width: 1, height: 1)
            // Written anew: the layout does not know the marks' ASCII twins.
            let isSelected = node.id == selectedARN
            let background: Role = isSelected ? (focused ? .selection : .selectionIdle) : .background
            if mark.x >= 0, mark.y >= 0, mark.x < surface.width, mark.y < surface.height {
                surface.write(health.mark.glyph, x: mark.x, y: mark.y, Style(health.mark.role, on: background))
            }
        }
        guard health == .warning || health == .failing else { return }
        for y in rect.y...rect.maxY {
            for x in rect.x...rect.maxX where drawing[x, y].role == .border {
                surface.restyle(Rect(x: x - origin.x, y: y - origin.y, width: 1, height: 1)) {
                    $0.foreground = health.mark.role
                }
            }
        }
    }

    /// The most telling drawing that fits; where none does, one to scroll in boxes that can be read.
    private static func drawing(of map: ResourceMap, width: Int, height: Int, isASCII: Bool) -> GraphDrawing {
        func drawing(_ detail: ResourceMapDetail, _ density: GraphLayoutOptions.Density) -> GraphDrawing {
            map.graph(detail).drawing(
                GraphLayoutOptions(
                    direction: .horizontal, glyphs: isASCII ? .ascii : .utf8, density: density, maxWidth: width,
                    maxHeight: height, maxNodeTextWidth: 28, maxLabelWidth: 9))
        }
        func fits(_ drawing: GraphDrawing) -> Bool { drawing.width <= width && drawing.height <= height }
        let attempts: [(ResourceMapDetail, GraphLayoutOptions.Density)] = [
            (.full, .roomy), (.full, .tight), (.plain, .tight), (.names, .tight), (.names, .oneRow),
        ]
        var scrolled: GraphDrawing?
        for (detail, density) in attempts {
            let candidate = drawing(detail, density)
            if fits(candidate) { return candidate }
            // In a low pane one sees more of the world by name than by figures.
            let isReadable = height < 16 ? density == .oneRow : detail == .full && density == .tight
            if isReadable { scrolled = candidate }
        }
        return scrolled ?? drawing(.full, .tight)
    }
}
