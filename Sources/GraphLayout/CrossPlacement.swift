/// Finds a column for every vertex so that lines are straight and short: for each layer in turn the weighted sum of
/// the lines' sideways lengths is made least (an isotonic median regression, solved exactly by pooling neighbours
/// that would overlap), downwards, upwards, then looking both ways; the best result is kept.
struct CrossPlacement {
    struct Pull {
        var vertex: Int
        var shift: Int
        var weight: Int
        /// The sign of the deviation that costs no bend, because the lane at one end can be led further out; or 0.
        var slack: Int
    }

    private struct Wish {
        var position: Int
        var weight: Int
    }

    let layers: [[Int]]
    /// For each place in each layer, the distance to the vertex before it.
    let gaps: [[Int]]
    /// By vertex, its layer and its place there.
    let places: [(layer: Int, place: Int)]
    private(set) var above: [[Pull]]
    private(set) var below: [[Pull]]
    var columns: [Int]

    /// - Parameters:
    ///   - before: by vertex, the cells it needs before its reference line.
    ///   - after: the cells it needs after it.
    ///   - clearance: the empty cells needed between two neighbours in a layer.
    init(graph: LayeredGraph, before: [Int], after: [Int], clearance: (Int, Int) -> Int) {
        layers = graph.layers
        columns = Array(repeating: 0, count: graph.vertices.count)
        above = Array(repeating: [], count: columns.count)
        below = above
        var places = Array(repeating: (layer: 0, place: 0), count: columns.count)
        for (index, layer) in layers.enumerated() {
            for (place, vertex) in layer.enumerated() { places[vertex] = (index, place) }
        }
        self.places = places
        gaps = layers.map { layer in
            layer.indices.map { index in
                guard index > 0 else { return 0 }
                let left = layer[index - 1]
                let right = layer[index]
                return after[left] + 1 + clearance(left, right) + before[right]
            }
        }
        for piece in graph.pieces {
            let upper = graph.vertices[piece.upper]
            let lower = graph.vertices[piece.lower]
            let bends = (upper.holdsBox ? 0 : 1) + (lower.holdsBox ? 0 : 1)
            // Lines that lead back may rather bend than those that lead on.
            let weight = piece.priority * [3, 4, 8][bends] * (piece.isBackward ? 2 : 4)
            let shift = upper.lowerPorts[piece.upperPort].offset - lower.upperPorts[piece.lowerPort].offset
            let slack =
                graph.isLane(upper.lowerPorts[piece.upperPort])
                ? upper.lowerPorts[piece.upperPort].offset.signum()
                : graph.isLane(lower.upperPorts[piece.lowerPort])
                    ? -lower.upperPorts[piece.lowerPort].offset.signum() : 0
            above[piece.lower].append(Pull(vertex: piece.upper, shift: shift, weight: weight, slack: -slack))
            below[piece.upper].append(Pull(vertex: piece.lower, shift: -shift, weight: weight, slack: slack))
        }
        for (index, layer) in layers.enumerated() {
            var column = 0
            for place in layer.indices {
                column += gaps[index][place]
                columns[layer[place]] = column
            }
        }
        settle()
        straighten()
    }

    private mutating func settle() {
        var best = columns
        var bestCost = Int.max
        func judge(_ placement: CrossPlacement) {
            let cost = placement.cost()
            if cost < bestCost {
                bestCost = cost
                best = placement.columns
            }
        }
        for _ in 0..<3 {
            for layer in layers.indices.dropFirst() { align(layer, up: true, down: false) }
            judge(self)
            for layer in layers.indices.dropLast().reversed() { align(layer, up: false, down: true) }
            judge(self)
        }
        columns = best
        for _ in 0..<4 {
            for layer in layers.indices { align(layer, up: true, down: true) }
            judge(self)
            for layer in layers.indices.reversed() { align(layer, up: true, down: true) }
            judge(self)
            columns = best
        }
    }

    /// Sideways length and bends, weighted.
    func cost() -> Int {
        var sum = 0
        for (vertex, pulls) in above.enumerated() {
            for pull in pulls {
                let deviation = columns[pull.vertex] + pull.shift - columns[vertex]
                if deviation == 0 { continue }
                sum +=
                    deviation.signum() == pull.slack
                    ? pull.weight * abs(deviation) / 4 : pull.weight * (abs(deviation) + 4)
            }
        }
        return sum
    }

    private mutating func align(_ layer: Int, up: Bool, down: Bool) {
        let vertices = layers[layer]
        var blocks: [(wishes: [Wish], size: Int, position: Int)] = []
        var shift = 0
        var shifts: [Int] = []
        for (place, vertex) in vertices.enumerated() {
            shift += gaps[layer][place]
            shifts.append(shift)
            // Staying where it is weighs least, but decides for vertices with no lines on this side.
            var wishes = [Wish(position: columns[vertex] - shift, weight: 1)]
            if up {
                wishes += above[vertex].map { Wish(position: columns[$0.vertex] + $0.shift - shift, weight: $0.weight) }
            }
            if down {
                wishes += below[vertex].map { Wish(position: columns[$0.vertex] + $0.shift - shift, weight: $0.weight) }
            }
            wishes.sort { $0.position < $1.position }
            blocks.append((wishes, 1, Self.median(wishes)))
            while blocks.count > 1, blocks[blocks.count - 2].position > blocks[blocks.count - 1].position {
                let last = blocks.removeLast()
                let target = blocks.count - 1
                blocks[target].wishes = Self.merged(blocks[target].wishes, last.wishes)
                blocks[target].size += last.size
                blocks[target].position = Self.median(blocks[target].wishes)
            }
        }
        var place = 0
        for block in blocks {
            for _ in 0..<block.size {
                columns[vertices[place]] = block.position + shifts[place]
                place += 1
            }
        }
    }

    private static func merged(_ left: [Wish], _ right: [Wish]) -> [Wish] {
        var result: [Wish] = []
        result.reserveCapacity(left.count + right.count)
        var i = 0
        var j = 0
        while i < left.count || j < right.count {
            if j == right.count || (i < left.count && left[i].position <= right[j].position) {
                result.append(left[i])
                i += 1
            } else {
                result.append(right[j])
                j += 1
            }
        }
        return result
    }

    /// The middle of all positions at which the weighted distance is least; `wishes` are sorted. The lightest wishes,
    /// which only say "stay", do not shift a balance.
    private static func median(_ wishes: [Wish]) -> Int {
        let heavy = wishes.filter { $0.weight > 1 }
        let counted = heavy.isEmpty ? wishes : heavy
        let total = counted.reduce(0) { $0 + $1.weight }
        var sum = 0
        var low: Int?
        for wish in counted {
            sum += wish.weight
            if let low { return (low + wish.position) >> 1 }
            if 2 * sum == total { low = wish.position } else if 2 * sum > total { return wish.position }
        }
        return low ?? 0
    }
}

extension LayeredGraph.Vertex {
    var holdsBox: Bool {
        if case .box = kind { true } else { false }
    }
}
