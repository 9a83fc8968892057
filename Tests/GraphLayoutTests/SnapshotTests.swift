import Foundation
import GraphLayout
import Testing

/// A handful of drawings as they should look. `SKUA_UPDATE_SNAPSHOTS=1` rewrites them; then look at the difference.
@Suite struct SnapshotTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots.swift")

    private static func chain(_ names: [String]) -> [GraphEdge] {
        zip(names, names.dropFirst()).map { GraphEdge(from: $0, to: $1, priority: 4) }
    }

    static let polling = Graph(
        nodes: [
            GraphNode(id: "start", lines: ["Start"], shape: .marker),
            GraphNode(id: "submit", lines: ["Submit job"], status: .succeeded),
            GraphNode(id: "wait", lines: ["Wait 30 s"]),
            GraphNode(id: "get", lines: ["Get status"], badges: [GraphBadge("↻2/3", ascii: "r2/3")], status: .running),
            GraphNode(id: "done", lines: ["Done?"], shape: .decision), GraphNode(id: "fail", lines: ["Job failed"]),
            GraphNode(id: "final", lines: ["Final status"]), GraphNode(id: "end", lines: ["End"], shape: .marker),
        ],
        edges: chain(["start", "submit", "wait", "get", "done"]) + [
            GraphEdge(from: "done", to: "fail", label: "$.status == \"FAILED\""),
            GraphEdge(from: "done", to: "final", label: "$.status == \"SUCCEEDED\""),
            GraphEdge(from: "done", to: "wait", label: "default"),
            GraphEdge(from: "submit", to: "fail", style: .dashed, priority: 1),
            GraphEdge(from: "get", to: "fail", style: .dashed, priority: 1),
            GraphEdge(from: "fail", to: "end", priority: 1),
            GraphEdge(from: "final", to: "end", priority: 3),
        ])

    static let frames = Graph(
        nodes: [
            GraphNode(id: "in", lines: ["Read order"]),
            GraphNode(
                id: "both", lines: ["Parallel: check"],
                frame: GraphFrame(branches: [
                    Graph(
                        nodes: [
                            GraphNode(id: "stock", lines: ["Check stock"]),
                            GraphNode(id: "reserve", lines: ["Reserve"]),
                        ], edges: chain(["stock", "reserve"])),
                    Graph(nodes: [
                        GraphNode(
                            id: "map", lines: ["Map: each item"],
                            frame: GraphFrame(branches: [
                                Graph(
                                    nodes: [GraphNode(id: "price", lines: ["Price item"])],
                                    edges: [GraphEdge(from: "price", to: "price", label: "again")])
                            ]))
                    ]),
                    Graph(nodes: [
                        GraphNode(id: "folded", lines: ["Map: audit"], frame: GraphFrame(branches: [], isFolded: true))
                    ]),
                ])),
            GraphNode(id: "out", lines: ["Ship"]), GraphNode(id: "oops", lines: ["Undo"]),
        ],
        edges: chain(["in", "both", "out"]) + [GraphEdge(from: "both", to: "oops", style: .dashed, priority: 1)])

    static let overview = Graph(
        nodes: [
            GraphNode(id: "sqs", lines: ["SQS", "orders"], shape: .rounded),
            GraphNode(id: "s3", lines: ["S3", "uploads"], shape: .rounded),
            GraphNode(id: "api", lines: ["API Gateway", "POST /orders"], shape: .rounded),
            GraphNode(id: "fn", lines: ["handle-order", "layers: 2"], shape: .double),
            GraphNode(id: "ok", lines: ["EventBridge", "default"], shape: .rounded),
            GraphNode(id: "ko", lines: ["SQS", "orders-dlq"], shape: .rounded),
        ],
        edges: ["sqs", "s3", "api"].map { GraphEdge(from: $0, to: "fn") } + [
            GraphEdge(from: "fn", to: "ok", label: "on success"),
            GraphEdge(from: "fn", to: "ko", label: "on failure", style: .dashed),
        ])

    static func drawings() -> [(name: String, text: String)] {
        func text(_ graph: Graph, _ options: GraphLayoutOptions) -> String {
            graph.drawing(options).textLines.joined(separator: "\n")
        }
        return [
            ("polling", text(polling, GraphLayoutOptions(density: .tight))),
            ("polling, roomy", text(polling, GraphLayoutOptions(density: .roomy))),
            ("polling, one row, ASCII", text(polling, GraphLayoutOptions(glyphs: .ascii, density: .oneRow))),
            ("polling, horizontal", text(polling, GraphLayoutOptions(direction: .horizontal, density: .tight))),
            ("frames", text(frames, GraphLayoutOptions(density: .tight))),
            ("frames, horizontal", text(frames, GraphLayoutOptions(direction: .horizontal, density: .tight))),
            ("overview", text(overview, GraphLayoutOptions(direction: .horizontal, density: .roomy))),
            ("outline of frames", GraphOutline(frames).lines.map(\.text).joined(separator: "\n")),
        ]
    }

    @Test func drawingsLookAsTheyDid() throws {
        let drawings = Self.drawings()
        if ProcessInfo.processInfo.environment["SKUA_UPDATE_SNAPSHOTS"] == "1" {
            var source =
                "/// Written by SnapshotTests when SKUA_UPDATE_SNAPSHOTS=1.\nlet snapshots: [String: String] = [\n"
            for drawing in drawings {
                source += "  \"\(drawing.name)\": #\"\"\"\n"
                source += drawing.text.split(separator: "\n", omittingEmptySubsequences: false).map {
                    $0.isEmpty ? "" : "    \($0)"
                }.joined(separator: "\n")
                source += "\n    \"\"\"#,\n"
            }
            try (source + "]\n").write(to: Self.file, atomically: true, encoding: .utf8)
            return
        }
        for drawing in drawings {
            let expected = snapshots[drawing.name]
            #expect(expected == drawing.text, "\(drawing.name) is now\n\(drawing.text)")
        }
        #expect(snapshots.count == drawings.count)
    }
}
