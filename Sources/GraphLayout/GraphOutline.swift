/// A graph as an indented list, for windows too small for a drawing. It selects by the same node ids.
public struct GraphOutline: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        /// Levels of indentation: two columns each in ``text``.
        public var depth: Int
        /// The node that selecting this line selects. Lines of edges belong to the node they leave.
        public var nodeID: String
        /// Whether this is the line of the node itself, not of one of its edges or branches.
        public var isNode: Bool
        public var status: GraphStatus?
        /// The node that following this line leads to, when it is the line of an edge.
        public var targetID: String?
        /// The whole line, indented.
        public var text: String
    }

    public let lines: [Line]

    /// Nodes in the order of a depth-first walk along their edges, those of higher priority first.
    public init(_ graph: Graph, glyphs: GraphLayoutOptions.GlyphSet = .utf8) {
        var builder = Builder(glyphs: glyphs)
        builder.add(graph, depth: 0)
        lines = builder.lines
    }

    /// The index of a node's own line.
    public func index(of nodeID: String) -> Int? {
        lines.firstIndex { $0.isNode && $0.nodeID == nodeID }
    }

    private struct Builder {
        let glyphs: GraphLayoutOptions.GlyphSet
        var lines: [Line] = []

        init(glyphs: GraphLayoutOptions.GlyphSet) { self.glyphs = glyphs }

        mutating func add(_ graph: Graph, depth: Int) {
            let order = readingOrder(graph)
            for (place, index) in order.enumerated() {
                let node = graph.nodes[index]
                append(node.id, isNode: true, status: node.status, depth: depth, title(node))
                if let frame = node.frame, !frame.isFolded {
                    for (number, branch) in frame.branches.enumerated() {
                        if frame.branches.count > 1 {
                            append(
                                node.id, isNode: false, depth: depth + 1,
                                "branch \(number + 1) of \(frame.branches.count)")
                        }
                        add(branch, depth: depth + (frame.branches.count > 1 ? 2 : 1))
                    }
                }
                let following = place + 1 < order.count ? graph.nodes[order[place + 1]].id : nil
                let leaving = graph.edges.filter { $0.from == node.id }
                for edge in leaving {
                    // A single plain edge to the line below says nothing new.
                    if leaving.count == 1, edge.to == following, edge.label == nil, edge.style == .solid { continue }
                    let arrow =
                        glyphs == .utf8
                        ? (edge.style == .solid ? "─▶ " : "┄▶ ") : (edge.style == .solid ? "-> " : ".> ")
                    let name = graph.nodes.first { $0.id == edge.to }?.lines.first ?? edge.to
                    append(
                        node.id, isNode: false, target: edge.to, depth: depth + 1,
                        arrow + clean(name) + (edge.label.map { "  [\(clean($0))]" } ?? ""))
                }
            }
        }

        private mutating func append(
            _ id: String, isNode: Bool, status: GraphStatus? = nil, target: String? = nil, depth: Int, _ text: String
        ) {
            lines.append(
                Line(
                    depth: depth, nodeID: id, isNode: isNode, status: status, targetID: target,
                    text: String(repeating: "  ", count: depth) + text))
        }

        private func title(_ node: GraphNode) -> String {
            var parts: [String] = []
            if let status = node.status { parts.append(String(glyphs == .utf8 ? status.symbol : status.asciiSymbol)) }
            parts.append(node.lines.map(clean).joined(separator: " "))
            parts += node.badges.map { glyphs == .utf8 ? $0.text : $0.asciiText }
            if let frame = node.frame, frame.isFolded { parts.append(glyphs == .utf8 ? "▸" : "+") }
            return parts.joined(separator: " ")
        }

        private func clean(_ text: String) -> String { String(CellText(text, glyphs: glyphs).characters) }

        private func readingOrder(_ graph: Graph) -> [Int] {
            var indexByID: [String: Int] = [:]
            for (index, node) in graph.nodes.enumerated() where indexByID[node.id] == nil { indexByID[node.id] = index }
            var leaving: [[(priority: Int, to: Int)]] = Array(repeating: [], count: graph.nodes.count)
            var isEntered = Array(repeating: false, count: graph.nodes.count)
            for edge in graph.edges {
                guard let from = indexByID[edge.from], let to = indexByID[edge.to], from != to else { continue }
                leaving[from].append((edge.priority, to))
                isEntered[to] = true
            }
            var order: [Int] = []
            var isSeen = isEntered.map { _ in false }
            for root in graph.nodes.indices.filter({ !isEntered[$0] }) + Array(graph.nodes.indices) {
                var open = [root]
                while let next = open.popLast() {
                    guard !isSeen[next] else { continue }
                    isSeen[next] = true
                    order.append(next)
                    // The last pushed is visited first: lowest priority first, later edges before earlier ones.
                    let sorted = leaving[next].enumerated().sorted {
                        ($0.element.priority, -$0.offset) < ($1.element.priority, -$1.offset)
                    }
                    open += sorted.map(\.element.to)
                }
            }
            return order
        }
    }
}
