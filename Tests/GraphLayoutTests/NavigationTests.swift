import Testing

@testable import GraphLayout

@Suite struct NavigationTests {
    static let diamond = Graph(
        nodes: ["a", "b", "c", "d"].map { GraphNode(id: $0, lines: ["Step \($0)"]) },
        edges: [
            GraphEdge(from: "a", to: "b"), GraphEdge(from: "a", to: "c"), GraphEdge(from: "b", to: "d"),
            GraphEdge(from: "c", to: "d"),
        ])

    @Test func arrowKeysWalkTheDiamond() {
        let drawing = Self.diamond.drawing()
        #expect(drawing.node(.down, of: "a")?.id == "b")
        #expect(drawing.node(.right, of: "b")?.id == "c")
        #expect(drawing.node(.left, of: "c")?.id == "b")
        #expect(drawing.node(.down, of: "c")?.id == "d")
        #expect(drawing.node(.up, of: "d")?.id == "b")
        #expect(drawing.node(.up, of: "a") == nil)
        #expect(drawing.node(.left, of: "b") == nil || drawing.node(.left, of: "b")?.id != "c")
        #expect(drawing.node(.down, of: "nobody") == nil)
    }

    @Test func aStepDownEntersAFrameAndLeavesIt() {
        let graph = Graph(
            nodes: [
                GraphNode(id: "before", lines: ["Before"]),
                GraphNode(
                    id: "map", lines: ["For each"],
                    frame: GraphFrame(branches: [Graph(nodes: [GraphNode(id: "item", lines: ["Item"])])])),
                GraphNode(id: "after", lines: ["After"]),
            ], edges: [GraphEdge(from: "before", to: "map"), GraphEdge(from: "map", to: "after")])
        let drawing = graph.drawing()
        #expect(drawing.node(.down, of: "before")?.id == "map")
        #expect(drawing.node(.down, of: "map")?.id == "item")
        #expect(drawing.node(.down, of: "item")?.id == "after")
        #expect(drawing.node(.up, of: "after")?.id == "item")
        #expect(drawing.node(.up, of: "item")?.id == "map")
        let item = drawing.node("item")
        #expect(item?.parent.map { drawing.nodes[$0].id } == "map")
        #expect(drawing.node(at: GraphPoint(x: (item?.rect.x ?? 0) + 1, y: (item?.rect.y ?? 0) + 1))?.id == "item")
    }

    @Test func scrollingShowsTheNodeAndStaysInTheDrawing() {
        let drawing = LargeGraphTests.large().drawing(GraphLayoutOptions(density: .tight))
        for node in drawing.nodes {
            let origin = drawing.scroll(toShow: node.id, from: GraphPoint(x: 0, y: 0), width: 60, height: 20)
            #expect(origin.x >= 0 && origin.y >= 0 && origin.y + 20 <= drawing.height)
            #expect(node.rect.x >= origin.x && node.rect.maxX < origin.x + 60)
            #expect(node.rect.y >= origin.y && node.rect.maxY < origin.y + 20)
        }
    }

    @Test func everyNodeHasOneLineInTheOutline() {
        func ids(_ graph: Graph) -> [String] {
            graph.nodes.flatMap { node in
                [node.id] + (node.frame.map { $0.isFolded ? [] : $0.branches.flatMap(ids) } ?? [])
            }
        }
        for seed in UInt64(0)..<200 {
            var source = RandomGraph(seed: seed)
            let graph = source.make()
            let outline = GraphOutline(graph)
            #expect(outline.lines.filter(\.isNode).map(\.nodeID).sorted() == ids(graph).sorted())
            #expect(graph.drawing().nodes.map(\.id).sorted() == ids(graph).sorted())
            for line in outline.lines { #expect(outline.index(of: line.nodeID) != nil) }
        }
    }

    @Test func theFirstDensityThatFitsIsChosen() {
        let natural = Self.diamond.drawing(GraphLayoutOptions(density: .roomy))
        let tight = Self.diamond.drawing(GraphLayoutOptions(density: .tight))
        let flat = Self.diamond.drawing(GraphLayoutOptions(density: .oneRow))
        #expect(natural.height > tight.height && tight.height > flat.height)
        for (limit, density, fits) in [
            (natural.height, GraphLayoutOptions.Density.roomy, true), (tight.height, .tight, true),
            (flat.height, .oneRow, true), (1, .oneRow, false),
        ] {
            let drawing = Self.diamond.drawing(GraphLayoutOptions(maxWidth: 80, maxHeight: limit))
            #expect(drawing.density == density)
            #expect(drawing.fits == fits)
        }
    }

    @Test func anEdgeToNowhereIsReported() {
        let graph = Graph(nodes: [GraphNode(id: "a", lines: ["A"])], edges: [GraphEdge(id: "lost", from: "a", to: "b")])
        #expect(graph.drawing().unresolvedEdges == ["lost"])
    }
}
