/// Orders the vertices of each layer so that few lines cross: barycenter sweeps with transposition, keeping the best.
struct LayerOrdering {
    private struct Neighbour {
        var vertex: Int
        /// Where the line joins the neighbour: left lane, border, right lane.
        var bias: Int
    }

    private let graph: LayeredGraph
    private let sides: SidePlan
    private var above: [[Neighbour]]
    private var below: [[Neighbour]]
    private var position: [Int]

    init(graph: LayeredGraph, sides: SidePlan) {
        self.graph = graph
        self.sides = sides
        let count = graph.vertices.count
        above = Array(repeating: [], count: count)
        below = Array(repeating: [], count: count)
        position = Array(repeating: 0, count: count)
        for piece in graph.pieces {
            let upperBias = sides.bias(of: graph.vertices[piece.upper], port: piece.upperPort, isUpper: false)
            let lowerBias = sides.bias(of: graph.vertices[piece.lower], port: piece.lowerPort, isUpper: true)
            below[piece.upper].append(Neighbour(vertex: piece.lower, bias: lowerBias))
            above[piece.lower].append(Neighbour(vertex: piece.upper, bias: upperBias))
        }
    }

    mutating func run() -> [[Int]] {
        var layers = initialOrder()
        place(layers)
        var best = layers
        var bestCrossings = crossings(layers)
        var idleSweeps = 0
        for sweep in 0..<16 where bestCrossings > 0 && idleSweeps < 4 {
            let downwards = sweep % 2 == 0
            let range = downwards ? Array(layers.indices.dropFirst()) : Array(layers.indices.dropLast().reversed())
            for layer in range {
                sort(&layers[layer], by: downwards ? above : below)
            }
            transpose(&layers)
            let now = crossings(layers)
            if now < bestCrossings {
                best = layers
                bestCrossings = now
                idleSweeps = 0
            } else {
                idleSweeps += 1
            }
        }
        return best
    }

    /// Depth first from the top, so that each branch starts out next to its siblings.
    private func initialOrder() -> [[Int]] {
        var layers: [[Int]] = Array(repeating: [], count: graph.layerHoldsBoxes.count)
        var isSeen = Array(repeating: false, count: graph.vertices.count)
        let roots = graph.vertices.indices.filter { above[$0].isEmpty } + Array(graph.vertices.indices)
        for root in roots where !isSeen[root] {
            var open = [root]
            while let vertex = open.popLast() {
                if isSeen[vertex] { continue }
                isSeen[vertex] = true
                layers[graph.vertices[vertex].layer].append(vertex)
                for neighbour in below[vertex].reversed() where !isSeen[neighbour.vertex] {
                    open.append(neighbour.vertex)
                }
            }
        }
        return layers
    }

    private mutating func place(_ layers: [[Int]]) {
        for layer in layers {
            for (index, vertex) in layer.enumerated() { position[vertex] = index }
        }
    }

    private mutating func sort(_ layer: inout [Int], by neighbours: [[Neighbour]]) {
        // Vertices without neighbours on that side keep their place; the others are sorted among themselves.
        let movable = layer.filter { !neighbours[$0].isEmpty }
        var keyed = movable.enumerated().map { index, vertex -> (key: Double, index: Int, vertex: Int) in
            let sum = neighbours[vertex].reduce(0) { $0 + 4 * position[$1.vertex] + $1.bias }
            return (Double(sum) / Double(neighbours[vertex].count), index, vertex)
        }
        keyed.sort { ($0.key, $0.index) < ($1.key, $1.index) }
        var next = 0
        for index in layer.indices where !neighbours[layer[index]].isEmpty {
            layer[index] = keyed[next].vertex
            next += 1
        }
        for (index, vertex) in layer.enumerated() { position[vertex] = index }
    }

    private mutating func transpose(_ layers: inout [[Int]]) {
        for _ in 0..<4 {
            var hasImproved = false
            for layer in layers.indices where layers[layer].count > 1 {
                for index in 0..<(layers[layer].count - 1) {
                    let left = layers[layer][index]
                    let right = layers[layer][index + 1]
                    let kept = pairCrossings(above[left], above[right]) + pairCrossings(below[left], below[right])
                    if kept == 0 { continue }
                    let swapped = pairCrossings(above[right], above[left]) + pairCrossings(below[right], below[left])
                    if swapped < kept {
                        layers[layer].swapAt(index, index + 1)
                        position[left] = index + 1
                        position[right] = index
                        hasImproved = true
                    }
                }
            }
            if !hasImproved { break }
        }
    }

    private func pairCrossings(_ left: [Neighbour], _ right: [Neighbour]) -> Int {
        var count = 0
        for first in left {
            let key = 4 * position[first.vertex] + first.bias
            for second in right where 4 * position[second.vertex] + second.bias < key { count += 1 }
        }
        return count
    }

    private mutating func crossings(_ layers: [[Int]]) -> Int {
        place(layers)
        var total = 0
        for layer in layers.dropLast() {
            // Inversions among the lower ends, taken in the order of the upper ends, counted with a Fenwick tree.
            var ends: [(upper: Int, lower: Int)] = []
            var highest = 0
            for vertex in layer {
                for neighbour in below[vertex] {
                    let lower = 4 * position[neighbour.vertex] + neighbour.bias + 1
                    highest = max(highest, lower)
                    ends.append((position[vertex], lower))
                }
            }
            ends.sort { $0 < $1 }
            var tree = Array(repeating: 0, count: highest + 2)
            for (seen, end) in ends.enumerated() {
                var notGreater = 0
                var index = end.lower + 1
                while index > 0 {
                    notGreater += tree[index]
                    index -= index & -index
                }
                total += seen - notGreater
                index = end.lower + 1
                while index < tree.count {
                    tree[index] += 1
                    index += index & -index
                }
            }
        }
        return total
    }
}
