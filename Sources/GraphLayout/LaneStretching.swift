extension LayeredGraph {
    func isLane(_ port: Port) -> Bool {
        if case .lane = port.kind { true } else { false }
    }

    /// Leads the outermost lane beside a box further out, to where its line goes on, when nothing stands between: one
    /// long step at the side of the box is easier to follow than a short one and a bend.
    ///
    /// - Parameters:
    ///   - columns: by vertex, its reference line.
    ///   - before: by vertex, the cells it takes before its line.
    ///   - after: the cells it takes after it.
    ///   - isFixed: nodes whose lanes must stay, because labels follow them.
    mutating func stretchLanes(columns: [Int], before: [Int], after: [Int], isFixed: (Int) -> Bool) {
        var goals: [[Int: [Int]]] = Array(repeating: [:], count: vertices.count)  // by vertex and slot
        for piece in pieces {
            let upperPort = vertices[piece.upper].lowerPorts[piece.upperPort]
            let lowerPort = vertices[piece.lower].upperPorts[piece.lowerPort]
            if case .lane(let slot) = upperPort.kind {
                goals[piece.upper][slot, default: []].append(columns[piece.lower] + lowerPort.offset)
            }
            if case .lane(let slot) = lowerPort.kind {
                goals[piece.lower][slot, default: []].append(columns[piece.upper] + upperPort.offset)
            }
        }
        var before = before
        var after = after
        for layer in layers {
            for (place, vertex) in layer.enumerated() {
                guard case .box(let node) = vertices[vertex].kind, !isFixed(node) else { continue }
                for list in [\Vertex.upperPorts, \Vertex.lowerPorts] {
                    for port in vertices[vertex][keyPath: list].indices {
                        let offset = vertices[vertex][keyPath: list][port].offset
                        guard case .lane(let slot) = vertices[vertex][keyPath: list][port].kind,
                            offset == after[vertex] || offset == -before[vertex],
                            let goal = goals[vertex][slot].flatMap({ offset > 0 ? $0.min() : $0.max() })
                        else { continue }
                        let wanted = goal - columns[vertex]
                        if offset > 0 {
                            let limit =
                                place + 1 < layer.count
                                ? columns[layer[place + 1]] - before[layer[place + 1]] - 2 : goal
                            guard wanted > offset, goal <= limit else { continue }
                            after[vertex] = wanted
                        } else {
                            let limit = place > 0 ? columns[layer[place - 1]] + after[layer[place - 1]] + 2 : goal
                            guard wanted < offset, goal >= limit else { continue }
                            before[vertex] = -wanted
                        }
                        vertices[vertex][keyPath: list][port].offset = wanted
                    }
                }
            }
        }
    }
}
