/// Turns a plan into cells. Lines are collected as a mask of directions per cell first, so that joining and crossing
/// lines always get the glyph that tells the truth.
struct GraphPainter {
    private let options: GraphLayoutOptions
    private let isVertical: Bool
    private let plan: GraphPlan
    private let width: Int
    private let height: Int
    private var cells: [GraphDrawing.Cell]

    init(plan: GraphPlan, options: GraphLayoutOptions) {
        self.plan = plan
        self.options = options
        isVertical = options.direction == .vertical
        width = isVertical ? plan.crossSize : plan.flowSize
        height = isVertical ? plan.flowSize : plan.crossSize
        cells = Array(repeating: GraphDrawing.Cell(), count: width * height)
    }

    private func point(_ point: GraphPlan.Point) -> GraphPoint {
        isVertical ? GraphPoint(x: point.cross, y: point.flow) : GraphPoint(x: point.flow, y: point.cross)
    }

    mutating func paint(density: GraphLayoutOptions.Density) -> GraphDrawing {
        var nodes: [GraphDrawing.Node] = []
        for box in plan.boxes {
            let start = point(box.start)
            let rect = GraphRect(
                x: start.x, y: start.y, width: isVertical ? box.crossSize : box.flowSize,
                height: isVertical ? box.flowSize : box.crossSize)
            nodes.append(GraphDrawing.Node(id: box.node.id, rect: rect, parent: box.parent, isFrame: box.isFrame))
            paintBox(box, rect, isFlat: !box.isFrame && (density == .oneRow || box.node.shape == .marker))
        }
        let edges = plan.lines.map { line -> GraphDrawing.Edge in
            var labelRect: GraphRect?
            if let label = line.label {
                let start = point(label.start)
                labelRect = GraphRect(x: start.x, y: start.y, width: label.text.width, height: 1)
            }
            return GraphDrawing.Edge(
                id: line.edge.id, from: line.edge.from, to: line.edge.to, source: line.source, target: line.target,
                style: line.edge.style, label: line.edge.label, labelRect: labelRect, path: path(line.corners),
                port: point(line.port))
        }
        paintLines(edges)
        for line in plan.lines {
            if let label = line.label { write(label.text, at: point(label.start), role: .label) }
        }
        let fits = width <= options.maxWidth ?? .max && height <= options.maxHeight ?? .max
        return GraphDrawing(
            width: width, height: height, cells: cells, nodes: nodes, edges: edges,
            unresolvedEdges: plan.unresolvedEdges, density: density, fits: fits)
    }

    /// Every cell from corner to corner.
    private func path(_ corners: [GraphPlan.Point]) -> [GraphPoint] {
        guard let first = corners.first else { return [] }
        var result = [point(first)]
        var current = result[0]
        for corner in corners.dropFirst() {
            let target = point(corner)
            while current != target {
                if current.x != target.x {
                    current.x += (target.x - current.x).signum()
                } else {
                    current.y += (target.y - current.y).signum()
                }
                result.append(current)
            }
        }
        return result
    }

    // MARK: Boxes

    private mutating func set(_ x: Int, _ y: Int, _ character: Character, _ role: GraphDrawing.Role) {
        guard x >= 0, x < width, y >= 0, y < height else { return }
        cells[y * width + x] = GraphDrawing.Cell(character: character, role: role)
    }

    private mutating func write(_ text: CellText, at start: GraphPoint, role: GraphDrawing.Role) {
        var x = start.x
        for character in text.characters {
            set(x, start.y, character, role)
            if CellText.width(of: character) == 2, x + 1 < width {
                cells[start.y * width + x + 1] = GraphDrawing.Cell(character: nil, role: role)
            }
            x += CellText.width(of: character)
        }
    }

    private mutating func paintBox(_ box: GraphPlan.Box, _ rect: GraphRect, isFlat: Bool) {
        let glyphs = BoxGlyphs(shape: box.node.shape, isFrame: box.isFrame, glyphs: options.glyphs)
        let role: GraphDrawing.Role = box.isFrame ? .frame : .border
        if isFlat {
            for y in rect.y...rect.maxY {
                set(rect.x, y, glyphs.brackets.0, role)
                set(rect.maxX, y, glyphs.brackets.1, role)
            }
        } else {
            for x in rect.x...rect.maxX {
                set(x, rect.y, glyphs.horizontal, role)
                set(x, rect.maxY, glyphs.horizontal, role)
            }
            for y in rect.y...rect.maxY {
                set(rect.x, y, glyphs.vertical, role)
                set(rect.maxX, y, glyphs.vertical, role)
            }
            for (corner, at) in zip(
                glyphs.corners, [(rect.x, rect.y), (rect.maxX, rect.y), (rect.x, rect.maxY), (rect.maxX, rect.maxY)])
            {
                set(at.0, at.1, corner, role)
            }
        }
        if box.isFrame {
            writeLine(box.content.lines[0], at: GraphPoint(x: rect.x + 3, y: rect.y), isTitle: true)
            set(rect.x + 2, rect.y, " ", role)
            set(rect.x + 3 + box.content.width, rect.y, " ", role)
            return
        }
        let first = rect.y + (rect.height - box.content.lines.count) / 2
        for (index, parts) in box.content.lines.enumerated() {
            let x = rect.x + (rect.width - NodeContent.width(of: parts)) / 2
            writeLine(parts, at: GraphPoint(x: x, y: first + index), isTitle: false)
        }
    }

    private mutating func writeLine(_ parts: [NodeContent.Part], at start: GraphPoint, isTitle: Bool) {
        var x = start.x
        for part in parts {
            let role: GraphDrawing.Role =
                switch part.kind {
                case .text: isTitle ? .frameTitle : .text
                case .badge: .badge
                case .status(let status): .status(status)
                }
            write(part.text, at: GraphPoint(x: x, y: start.y), role: role)
            x += part.text.width
            if isTitle, x < width { set(x, start.y, " ", role) }
            x += 1
        }
    }

    // MARK: Lines

    private mutating func paintLines(_ edges: [GraphDrawing.Edge]) {
        var solid = Array(repeating: LineGlyphs.Arms(), count: cells.count)
        var dashed = solid
        var heads: [(GraphPoint, LineGlyphs.Arms)] = []
        for (index, edge) in edges.enumerated() {
            func add(_ point: GraphPoint, _ arm: LineGlyphs.Arms) {
                let cell = point.y * width + point.x
                if edge.style == .dashed { dashed[cell].formUnion(arm) } else { solid[cell].formUnion(arm) }
            }
            var previous = edge.port
            for (step, point) in edge.path.enumerated() {
                let arm = LineGlyphs.Arms(from: previous, to: point)
                if step > 0 { add(previous, arm) }
                add(point, arm.opposite)
                previous = point
            }
            guard let last = edge.path.last else { continue }
            heads.append((last, headDirection(index, edge, last)))
        }
        for cell in cells.indices where !(solid[cell].isEmpty && dashed[cell].isEmpty) {
            let isDashed = solid[cell].isEmpty
            let glyph = LineGlyphs.glyph(solid[cell].union(dashed[cell]), isDashed: isDashed, glyphs: options.glyphs)
            cells[cell] = GraphDrawing.Cell(character: glyph, role: isDashed ? .dashedEdge : .edge)
        }
        for (point, direction) in heads {
            set(point.x, point.y, LineGlyphs.head(direction, glyphs: options.glyphs), .arrow)
        }
        paintPorts(edges)
    }

    /// Towards the border of the target that the line ends at.
    private func headDirection(_ index: Int, _ edge: GraphDrawing.Edge, _ last: GraphPoint) -> LineGlyphs.Arms {
        let box = plan.boxes[edge.target]
        let start = point(box.start)
        if last.y < start.y { return .south }
        if last.x < start.x { return .east }
        let boxHeight = isVertical ? box.flowSize : box.crossSize
        return last.y >= start.y + boxHeight ? .north : .west
    }

    /// Marks on the borders where lines leave; one-row boxes have no border to mark.
    private mutating func paintPorts(_ edges: [GraphDrawing.Edge]) {
        for edge in edges {
            guard let first = edge.path.first else { continue }
            let cell = edge.port.y * width + edge.port.x
            let box = plan.boxes[edge.source]
            let glyphs = BoxGlyphs(shape: box.node.shape, isFrame: box.isFrame, glyphs: options.glyphs)
            guard let character = cells[cell].character, character == glyphs.horizontal || character == glyphs.vertical
            else {
                continue
            }
            set(edge.port.x, edge.port.y, glyphs.port(LineGlyphs.Arms(from: edge.port, to: first)), cells[cell].role)
        }
    }
}
