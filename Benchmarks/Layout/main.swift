import GraphLayout

/// A small seeded generator (SplitMix64): every run lays out the same graph.
struct SeededGenerator {
    var state: UInt64

    mutating func upTo(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(limit))
    }
}

/// 200 boxes with some 300 edges, a third of them errors that jump ahead or back: as tangled as machines get.
func tangled() -> Graph {
    var generator = SeededGenerator(state: 7)
    var graph = Graph(nodes: (0..<200).map { GraphNode(id: "n\($0)", lines: ["Process step \($0)"]) })
    for index in 1..<200 {
        let from = max(0, index - 1 - generator.upTo(4))
        let label = generator.upTo(5) == 0 ? "$.value == \(index)" : nil
        graph.edges.append(GraphEdge(from: "n\(from)", to: "n\(index)", label: label))
    }
    for _ in 0..<100 {
        let from = generator.upTo(190)
        let to = generator.upTo(5) == 0 ? max(0, from - 3) : min(199, from + 1 + generator.upTo(12))
        graph.edges.append(GraphEdge(from: "n\(from)", to: "n\(to)", style: .dashed))
    }
    return graph
}

let graph = tangled()
let clock = ContinuousClock()
for (name, options) in [
    ("vertical", GraphLayoutOptions(density: .tight)),
    ("horizontal", GraphLayoutOptions(direction: .horizontal, density: .tight)),
    ("fitted", GraphLayoutOptions(density: .automatic, maxWidth: 120, maxHeight: 40)),
] {
    var times: [Duration] = []
    for _ in 0..<20 { times.append(clock.measure { _ = graph.drawing(options) }) }
    times.sort()
    let (seconds, attoseconds) = times[times.count / 2].components
    print(name, Double(seconds) * 1000 + Double(attoseconds) / 1e15)
}
