import GraphLayout

/// Judges a drawing by what is in it, knowing nothing of how it was made. Returns the first breach of the law, or nil:
/// boxes and labels lie apart, no line runs through either nor through the border of a frame, every line can be
/// followed from its source to an arrow head at its target, and every glyph tells the truth about the lines in it.
struct DrawingLaw {
    let drawing: GraphDrawing
    let glyphs: GraphLayoutOptions.GlyphSet

    func breach() -> String? {
        boxesBreach() ?? labelsBreach() ?? pathsBreach() ?? sharingBreach() ?? glyphsBreach()
    }

    private func ancestors(_ node: Int) -> [Int] {
        var result: [Int] = []
        var next = drawing.nodes[node].parent
        while let parent = next {
            result.append(parent)
            next = drawing.nodes[parent].parent
        }
        return result
    }

    private func overlap(_ a: GraphRect, _ b: GraphRect) -> Bool {
        a.x <= b.maxX && b.x <= a.maxX && a.y <= b.maxY && b.y <= a.maxY
    }

    private func isInside(_ inner: GraphRect, _ outer: GraphRect) -> Bool {
        inner.x > outer.x && inner.maxX < outer.maxX && inner.y > outer.y && inner.maxY < outer.maxY
    }

    private func boxesBreach() -> String? {
        let nodes = drawing.nodes
        let canvas = GraphRect(x: -1, y: -1, width: drawing.width + 2, height: drawing.height + 2)
        let kin = nodes.indices.map { Set(ancestors($0)) }
        for i in nodes.indices {
            if !isInside(nodes[i].rect, canvas) { return "\(nodes[i].id) leaves the drawing" }
            for j in nodes.indices where j != i {
                if kin[i].contains(j) {
                    if !isInside(nodes[i].rect, nodes[j].rect) {
                        return "\(nodes[i].id) leaves its frame \(nodes[j].id)"
                    }
                } else if !kin[j].contains(i), overlap(nodes[i].rect, nodes[j].rect) {
                    return "\(nodes[i].id) overlaps \(nodes[j].id)"
                }
            }
        }
        return nil
    }

    private func labelsBreach() -> String? {
        let labelled = drawing.edges.filter { $0.labelRect != nil }
        let lines = lineCells()
        if let outside = labelled.first(where: { edge in
            edge.labelRect.map { $0.x < 0 || $0.y < 0 || $0.maxX >= drawing.width || $0.maxY >= drawing.height }
                ?? false
        }) {
            return "the label of \(outside.id) leaves the drawing"
        }
        for (index, edge) in labelled.enumerated() {
            guard let rect = edge.labelRect else { continue }
            let around = Set(ancestors(edge.source))
            for (node, box) in drawing.nodes.enumerated() {
                if around.contains(node) ? !isInside(rect, box.rect) : overlap(rect, box.rect) {
                    return "the label of \(edge.id) touches \(box.id)"
                }
            }
            for other in labelled[(index + 1)...] {
                if let otherRect = other.labelRect, overlap(rect, otherRect) {
                    return "labels of \(edge.id) and \(other.id) overlap"
                }
            }
            for x in rect.x...rect.maxX {
                let line = lines[rect.y * drawing.width + x]
                if line >= 0 { return "\(drawing.edges[line].id) runs through the label of \(edge.id)" }
            }
            for x in rect.x...rect.maxX where drawing[x, rect.y].role != .label {
                return "the label of \(edge.id) is not there"
            }
        }
        for edge in drawing.edges where edge.label?.isEmpty == false && edge.labelRect == nil {
            return "\(edge.id) lost its label"
        }
        return nil
    }

    /// For each cell an edge that runs through it, or -1. Paths that leave the drawing are found elsewhere.
    private func lineCells() -> [Int] {
        var cells = [Int](repeating: -1, count: drawing.width * drawing.height)
        for (index, edge) in drawing.edges.enumerated() {
            for point in edge.path
            where point.x >= 0 && point.y >= 0 && point.x < drawing.width && point.y < drawing.height {
                cells[point.y * drawing.width + point.x] = index
            }
        }
        return cells
    }

    private func areNeighbours(_ a: GraphPoint, _ b: GraphPoint) -> Bool { abs(a.x - b.x) + abs(a.y - b.y) == 1 }

    private func isOnBorder(_ point: GraphPoint, _ rect: GraphRect) -> Bool {
        rect.contains(point) && (point.x == rect.x || point.x == rect.maxX || point.y == rect.y || point.y == rect.maxY)
    }

    /// For each cell the innermost node it lies in and the node whose border it is on, or -1. Boxes lie apart or one within
    /// the other, as has been found before.
    private func ownership() -> (inside: [Int], border: [Int]) {
        let (width, height) = (drawing.width, drawing.height)
        var inside = [Int](repeating: -1, count: width * height)
        var border = inside
        let depths = drawing.nodes.indices.map { ancestors($0).count }
        for node in drawing.nodes.indices.sorted(by: { depths[$0] < depths[$1] }) {
            let rect = drawing.nodes[node].rect
            for y in rect.y...rect.maxY {
                let isEdge = y == rect.y || y == rect.maxY
                for x in rect.x...rect.maxX {
                    inside[y * width + x] = node
                    if isEdge || x == rect.x || x == rect.maxX { border[y * width + x] = node }
                }
            }
        }
        return (inside, border)
    }

    private func pathsBreach() -> String? {
        let (inside, border) = ownership()
        for edge in drawing.edges {
            guard let first = edge.path.first, let last = edge.path.last else { return "\(edge.id) has no path" }
            guard drawing.nodes[edge.source].id == edge.from, drawing.nodes[edge.target].id == edge.to else {
                return "\(edge.id) joins others"
            }
            if !isOnBorder(edge.port, drawing.nodes[edge.source].rect) || !areNeighbours(edge.port, first) {
                return "\(edge.id) does not start at its source"
            }
            let target = drawing.nodes[edge.target].rect
            let toward = headDirection(last).map { GraphPoint(x: last.x + $0.0, y: last.y + $0.1) }
            guard let toward, isOnBorder(toward, target) else { return "\(edge.id) has no arrow head at its target" }
            for (a, b) in zip(edge.path, edge.path.dropFirst()) where !areNeighbours(a, b) {
                return "\(edge.id) has a hole at \(a)"
            }
            if Set(edge.path).count != edge.path.count { return "\(edge.id) visits a cell twice" }
            let around = Set(ancestors(edge.source))
            for point in edge.path {
                if point.x < 0 || point.y < 0 || point.x >= drawing.width || point.y >= drawing.height {
                    return "\(edge.id) leaves the drawing"
                }
                let cell = point.y * drawing.width + point.x
                if border[cell] >= 0 { return "\(edge.id) runs through \(drawing.nodes[border[cell]].id) at \(point)" }
                if inside[cell] >= 0, !around.contains(inside[cell]) {
                    return "\(edge.id) runs through \(drawing.nodes[inside[cell]].id) at \(point)"
                }
            }
        }
        return nil
    }

    /// Lines may share cells only where they cross at a right angle, or once they have met on the way to the same end.
    private func sharingBreach() -> String? {
        var users: [GraphPoint: [(edge: Int, step: Int)]] = [:]
        for (index, edge) in drawing.edges.enumerated() {
            for (step, point) in edge.path.enumerated() { users[point, default: []].append((index, step)) }
        }
        for (point, list) in users where list.count > 1 {
            for i in list.indices {
                for j in list.indices where j > i {
                    let a = drawing.edges[list[i].edge]
                    let b = drawing.edges[list[j].edge]
                    if a.target == b.target && a.style == b.style && a.path[list[i].step...] == b.path[list[j].step...]
                    {
                        continue
                    }
                    let first = axis(a, list[i].step)
                    let second = axis(b, list[j].step)
                    if first == nil || second == nil || first == second {
                        return "\(a.id) and \(b.id) run together at \(point)"
                    }
                }
            }
        }
        return nil
    }

    /// True when the line goes straight across, false straight down, nil when it turns or ends.
    private func axis(_ edge: GraphDrawing.Edge, _ step: Int) -> Bool? {
        guard step + 1 < edge.path.count else { return nil }
        let before = step == 0 ? edge.port : edge.path[step - 1]
        let after = edge.path[step + 1]
        if before.y == after.y { return true }
        return before.x == after.x ? false : nil
    }

    private func headDirection(_ point: GraphPoint) -> (Int, Int)? {
        guard drawing[point.x, point.y].role == .arrow else { return nil }
        switch drawing[point.x, point.y].character {
        case "▼", "v": return (0, 1)
        case "▲", "^": return (0, -1)
        case "▶", ">": return (1, 0)
        case "◀", "<": return (-1, 0)
        default: return nil
        }
    }

    /// Which ways each glyph points: north 1, east 2, south 4, west 8. In ASCII a plus may point anywhere.
    private static let arms: [Character: Int] = [
        "│": 5, "─": 10, "└": 3, "┌": 6, "┘": 9, "┐": 12, "├": 7, "┤": 13, "┬": 14, "┴": 11, "┼": 15, "┆": 5, "┄": 10,
        "|": 5, "-": 10, ":": 5, ".": 10,
    ]

    private func glyphsBreach() -> String? {
        let width = drawing.width
        // Paths lie within the drawing, as has been found before.
        var wanted = [Int](repeating: 0, count: width * drawing.height)
        var isPort = [Bool](repeating: false, count: wanted.count)
        var isSolid = isPort
        var isHead = isPort
        for edge in drawing.edges {
            var last = edge.port
            for point in edge.path {
                let arm = point.y < last.y ? 1 : point.x > last.x ? 2 : point.y > last.y ? 4 : 8
                wanted[last.y * width + last.x] |= arm
                wanted[point.y * width + point.x] |= arm == 1 ? 4 : arm == 2 ? 8 : arm == 4 ? 1 : 2
                if edge.style == .solid { isSolid[point.y * width + point.x] = true }
                last = point
            }
            isPort[edge.port.y * width + edge.port.x] = true
            isHead[last.y * width + last.x] = true
        }
        for index in wanted.indices {
            let point = GraphPoint(x: index % width, y: index / width)
            let cell = drawing[point.x, point.y]
            if glyphs == .ascii, let character = cell.character, !character.isASCII {
                return "\(character) is not ASCII"
            }
            let isLine = cell.role == .edge || cell.role == .dashedEdge
            let arms = isPort[index] ? 0 : wanted[index]
            if isLine != (arms != 0 && !isHead[index]) { return "a stray or missing line at \(point)" }
            if (cell.role == .arrow) != isHead[index] { return "a stray or missing head at \(point)" }
            guard isLine, let character = cell.character else { continue }
            if glyphs == .ascii && character == "+" {
                if arms == 5 || arms == 10 { return "+ at \(point) where the line is straight" }
            } else if Self.arms[character] != arms {
                return "\(character) at \(point) does not point where its lines go"
            }
            if (cell.role == .dashedEdge) == isSolid[index] { return "wrong style at \(point)" }
        }
        return nil
    }
}
