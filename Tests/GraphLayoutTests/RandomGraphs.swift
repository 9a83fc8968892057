import GraphLayout

/// A small seeded generator (SplitMix64), so that a failing graph can be made again from its seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func upTo(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
    mutating func oneIn(_ count: Int) -> Bool { upTo(count) == 0 }
}

/// Graphs of every kind: chains, fans, meshes, loops, multiple edges, frames in frames, empty texts, wide characters.
struct RandomGraph {
    private var generator: SeededGenerator
    private var nextNode = 0
    /// Nodes of the outermost level, at most; now and then it is three times as many.
    private let largest: Int

    init(seed: UInt64, largest: Int = 14) {
        generator = SeededGenerator(seed: seed)
        self.largest = largest
    }

    mutating func make() -> Graph { graph(depth: 0) }

    mutating func options() -> GraphLayoutOptions {
        GraphLayoutOptions(
            direction: generator.oneIn(2) ? .vertical : .horizontal, glyphs: generator.oneIn(3) ? .ascii : .utf8,
            density: GraphLayoutOptions.Density.allCases[generator.upTo(4)], maxWidth: generator.oneIn(2) ? 80 : nil,
            maxHeight: generator.oneIn(2) ? 24 : nil, maxNodeTextWidth: 4 + generator.upTo(30),
            maxLabelWidth: 1 + generator.upTo(30))
    }

    private mutating func graph(depth: Int) -> Graph {
        let count = depth == 0 ? 1 + generator.upTo(generator.oneIn(12) ? 3 * largest + 3 : largest) : generator.upTo(6)
        var graph = Graph()
        for _ in 0..<count { graph.nodes.append(node(depth: depth)) }
        guard count > 0 else { return graph }
        let isDense = generator.oneIn(5)
        // A spine makes most graphs connected; then edges on, back and to itself.
        for index in 1..<max(2, count) where index < count && !generator.oneIn(9) {
            let from = generator.oneIn(3) ? generator.upTo(index) : index - 1
            graph.edges.append(edge(graph, from, index))
        }
        for _ in 0..<generator.upTo(isDense ? 3 * count : count) {
            graph.edges.append(edge(graph, generator.upTo(count), generator.upTo(count)))
        }
        if generator.oneIn(4) {  // many to one, as errors go to one handler
            let target = generator.upTo(count)
            for from in 0..<count where from != target && generator.oneIn(2) {
                graph.edges.append(
                    GraphEdge(id: "h\(from)", from: graph.nodes[from].id, to: graph.nodes[target].id, style: .dashed))
            }
        }
        return graph
    }

    private mutating func edge(_ graph: Graph, _ from: Int, _ to: Int) -> GraphEdge {
        GraphEdge(
            id: "e\(generator.upTo(1_000_000))", from: graph.nodes[from].id, to: graph.nodes[to].id,
            label: generator.oneIn(4) ? text(40) : nil, style: generator.oneIn(3) ? .dashed : .solid,
            priority: 1 + generator.upTo(4))
    }

    private mutating func text(_ limit: Int) -> String {
        let letters = Array("abcdefgh $.=<>&|0123 数据é\u{1B}")
        return String((0..<(1 + generator.upTo(limit))).map { _ in letters[generator.upTo(letters.count)] })
    }

    private mutating func node(depth: Int) -> GraphNode {
        nextNode += 1
        var node = GraphNode(
            id: "n\(nextNode)", lines: (0..<(generator.oneIn(5) ? generator.upTo(4) : 1)).map { _ in text(18) },
            shape: GraphNode.Shape.allCases[generator.upTo(GraphNode.Shape.allCases.count)])
        if generator.oneIn(5) { node.badges = [GraphBadge("↻2/3", ascii: "r2/3")] }
        if generator.oneIn(4) { node.status = GraphStatus.allCases[generator.upTo(GraphStatus.allCases.count)] }
        if depth < 3, generator.oneIn(8) {
            node.frame = GraphFrame(branches: [], isFolded: generator.oneIn(5))
            for _ in 0..<generator.upTo(4) { node.frame?.branches.append(graph(depth: depth + 1)) }
        }
        return node
    }
}
