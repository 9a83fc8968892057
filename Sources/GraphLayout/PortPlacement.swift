extension LayeredGraph {
    /// Spreads the lines of every box over its border, in the order of the boxes they lead to; the line of highest
    /// priority takes the middle when there is one.
    ///
    /// - Parameters:
    ///   - reach: by node, the cells from the middle of the box to its two borders.
    ///   - margins: by node, the cells of the border at each end where nothing may join.
    ///   - steps: distances between lines to try, the best first.
    mutating func placePorts(reach: [(before: Int, after: Int)], margins: [Int], sides: SidePlan, steps: [Int]) {
        var position = Array(repeating: 0, count: vertices.count)
        for layer in layers {
            for (index, vertex) in layer.enumerated() { position[vertex] = index }
        }
        var upperKeys = vertices.map { Array(repeating: 0, count: $0.upperPorts.count) }
        var lowerKeys = vertices.map { Array(repeating: 0, count: $0.lowerPorts.count) }
        var upperCounts = upperKeys
        for piece in pieces {
            let lower = vertices[piece.lower]
            let upper = vertices[piece.upper]
            upperKeys[piece.lower][piece.lowerPort] +=
                1000 * (4 * position[piece.upper] + sides.bias(of: upper, port: piece.upperPort, isUpper: false))
            upperCounts[piece.lower][piece.lowerPort] += 1
            lowerKeys[piece.upper][piece.upperPort] =
                4 * position[piece.lower] + sides.bias(of: lower, port: piece.lowerPort, isUpper: true)
        }
        for vertex in vertices.indices {
            guard case .box(let node) = vertices[vertex].kind else { continue }
            for port in upperKeys[vertex].indices where upperCounts[vertex][port] > 0 {
                upperKeys[vertex][port] /= upperCounts[vertex][port]
            }
            let low = margins[node] - reach[node].before
            let high = reach[node].after - margins[node]
            Self.spread(&vertices[vertex].upperPorts, keys: upperKeys[vertex], low: low, high: high, steps: steps)
            Self.spread(&vertices[vertex].lowerPorts, keys: lowerKeys[vertex], low: low, high: high, steps: steps)
            for list in [\Vertex.upperPorts, \Vertex.lowerPorts] {
                for port in vertices[vertex][keyPath: list].indices {
                    guard case .lane(let slot) = vertices[vertex][keyPath: list][port].kind else { continue }
                    let place = sides.slots[node][slot]
                    vertices[vertex][keyPath: list][port].offset =
                        place.isAfter ? reach[node].after + place.lane : -(reach[node].before + place.lane)
                }
            }
        }
    }

    private static func spread(_ ports: inout [Port], keys: [Int], low: Int, high: Int, steps: [Int]) {
        let order = ports.indices.filter { ports[$0].kind == .border }.sorted { (keys[$0], $0) < (keys[$1], $1) }
        guard order.count > 1 else { return }
        let highest = order.map { ports[$0].priority }.max() ?? 0
        let leaders = order.indices.filter { ports[order[$0]].priority == highest }
        let last = order.count - 1
        if leaders.count == 1, let leader = leaders.first,
            let step = steps.first(where: { -$0 * leader >= low && $0 * (last - leader) <= high })
        {
            for (index, port) in order.enumerated() { ports[port].offset = (index - leader) * step }
            return
        }
        if let step = steps.first(where: { ($0 * last) % 2 == 0 && -$0 * last / 2 >= low && $0 * last / 2 <= high }) {
            for (index, port) in order.enumerated() { ports[port].offset = index * step - last * step / 2 }
            return
        }
        for (index, port) in order.enumerated() { ports[port].offset = low + index * (high - low) / last }
    }
}
