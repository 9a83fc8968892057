import Testing

@testable import GraphLayout

@Suite struct LargeGraphTests {
    /// 200 boxes with 300 edges, a third of them errors that go to few handlers.
    static func large() -> Graph {
        var generator = SeededGenerator(seed: 7)
        var graph = Graph(nodes: (0..<200).map { GraphNode(id: "n\($0)", lines: ["Process step \($0)"]) })
        for index in 1..<200 {
            let from = max(0, index - 1 - generator.upTo(4))
            graph.edges.append(
                GraphEdge(from: "n\(from)", to: "n\(index)", label: generator.oneIn(5) ? "$.value == \(index)" : nil))
        }
        for _ in 0..<100 {
            let from = generator.upTo(190)
            let to = generator.oneIn(5) ? max(0, from - 3) : min(199, from + 1 + generator.upTo(12))
            graph.edges.append(GraphEdge(from: "n\(from)", to: "n\(to)", style: .dashed))
        }
        return graph
    }

    @Test func aLargeGraphIsDrawnLawfully() {
        let graph = Self.large()
        let drawing = graph.drawing(GraphLayoutOptions(density: .tight))
        #expect(DrawingLaw(drawing: drawing, glyphs: .utf8).breach() == nil)
    }
}
