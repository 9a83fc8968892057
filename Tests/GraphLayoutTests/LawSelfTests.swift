import Testing

@testable import GraphLayout

/// The judge must be able to say no: lawful drawings with one thing spoilt.
@Suite struct LawSelfTests {
    private static let lawful = Graph(
        nodes: ["a", "b", "c"].map { GraphNode(id: $0, lines: ["Step \($0)"]) },
        edges: [
            GraphEdge(from: "a", to: "b", label: "yes"), GraphEdge(from: "a", to: "c", label: "no"),
            GraphEdge(from: "c", to: "a", style: .dashed),
            GraphEdge(from: "b", to: "b"),
        ]
    ).drawing(GraphLayoutOptions(density: .tight))

    private func spoilt(
        cells: [GraphDrawing.Cell]? = nil, nodes: [GraphDrawing.Node]? = nil, edges: [GraphDrawing.Edge]? = nil
    ) -> String? {
        let old = Self.lawful
        let drawing = GraphDrawing(
            width: old.width, height: old.height, cells: cells ?? old.cells, nodes: nodes ?? old.nodes,
            edges: edges ?? old.edges, unresolvedEdges: [], density: old.density, fits: old.fits)
        return DrawingLaw(drawing: drawing, glyphs: .utf8).breach()
    }

    @Test func everyLineCellMatters() {
        #expect(spoilt() == nil)
        for index in Self.lawful.cells.indices {
            let role = Self.lawful.cells[index].role
            guard role == .edge || role == .dashedEdge || role == .arrow || role == .label || role == .empty else {
                continue
            }
            var cells = Self.lawful.cells
            cells[index] = role == .empty ? GraphDrawing.Cell(character: "┼", role: .edge) : GraphDrawing.Cell()
            #expect(spoilt(cells: cells) != nil)
        }
    }

    @Test func everyStepOfAPathMatters() {
        for edge in Self.lawful.edges.indices {
            for step in Self.lawful.edges[edge].path.indices {
                var edges = Self.lawful.edges
                edges[edge].path.remove(at: step)
                #expect(spoilt(edges: edges) != nil)
            }
        }
    }

    @Test func movedBoxesAndLabelsAreFound() {
        for index in Self.lawful.nodes.indices {
            var nodes = Self.lawful.nodes
            nodes[index].rect.x += 2
            nodes[index].rect.width += 1
            #expect(spoilt(nodes: nodes) != nil)
        }
        var edges = Self.lawful.edges
        edges[0].labelRect?.x -= 1
        #expect(spoilt(edges: edges) != nil)
    }
}
