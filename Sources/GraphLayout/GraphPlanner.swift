/// Lays out a graph with all its frames, innermost first: an open frame is planned on its own and then placed as one
/// box of its parent.
struct GraphPlanner {
    let options: GraphLayoutOptions
    let spacing: Spacing

    init(options: GraphLayoutOptions, density: GraphLayoutOptions.Density) {
        self.options = options
        spacing = Spacing(direction: options.direction, density: density)
    }

    func plan(_ graph: Graph, mayWrap: Bool = true) -> GraphPlan {
        var indexByID: [String: Int] = [:]
        for (index, node) in graph.nodes.enumerated() where indexByID[node.id] == nil { indexByID[node.id] = index }
        var unresolved: [String] = []
        var links: [(edge: GraphEdge, from: Int, to: Int)] = []
        for edge in graph.edges {
            if let from = indexByID[edge.from], let to = indexByID[edge.to] {
                links.append((edge, from, to))
            } else {
                unresolved.append(edge.id)
            }
        }
        let parts = connectedParts(nodeCount: graph.nodes.count, links: links.map { ($0.from, $0.to) })
        let plans = parts.map { part in
            var local: [Int: Int] = [:]
            for (index, node) in part.enumerated() { local[node] = index }
            let nodes = part.map { sizedNode(graph.nodes[$0]) }
            let edges = links.compactMap { link -> ComponentPlanner.Edge? in
                guard let from = local[link.from], let to = local[link.to] else { return nil }
                return ComponentPlanner.Edge(edge: link.edge, from: from, to: to)
            }
            var component = ComponentPlanner(spacing: spacing, options: options, nodes: nodes, edges: edges)
            return component.plan()
        }
        var result = pack(plans, limit: mayWrap ? (spacing.isVertical ? options.maxWidth : options.maxHeight) : nil)
        result.unresolvedEdges += unresolved
        return result
    }

    /// Unconnected parts stand side by side, in rows when they would be wider than the window.
    private func pack(_ plans: [GraphPlan], limit: Int?) -> GraphPlan {
        var result = GraphPlan()
        var cross = 0
        var flow = 0
        var rowSize = 0
        for plan in plans {
            if cross > 0, let limit, cross + plan.crossSize > limit {
                cross = 0
                flow += rowSize + 1
                rowSize = 0
            }
            result.insert(plan, at: GraphPlan.Point(cross: cross, flow: flow), parent: nil)
            cross += plan.crossSize + spacing.betweenParts
            rowSize = max(rowSize, plan.flowSize)
        }
        return result
    }

    private func sizedNode(_ node: GraphNode) -> ComponentPlanner.Node {
        guard let frame = node.frame, !frame.isFolded else { return sizedBox(node) }
        let inner = pack(frame.branches.map { plan($0, mayWrap: false) }, limit: nil)
        // Inside the border: one blank column at the left and the right, none above and below. The title needs two cells
        // of border and a blank at each side.
        let padding = 2
        let width = (spacing.isVertical ? inner.crossSize : inner.flowSize) + 2 + 2 * padding
        let content = NodeContent(node, options: options, titleWidth: max(options.maxNodeTextWidth, width - 12))
        let titleWidth = content.width + 6
        var innerStart: GraphPlan.Point
        var cross: Int
        var flow: Int
        if spacing.isVertical {
            cross = max(inner.crossSize + 2 + 2 * padding, titleWidth)
            cross += 1 - cross % 2
            flow = inner.flowSize + 2
            innerStart = GraphPlan.Point(cross: (cross - inner.crossSize) / 2, flow: 1)
        } else {
            cross = inner.crossSize + 2
            cross += 1 - cross % 2
            flow = max(inner.flowSize + 2 + 2 * padding, titleWidth)
            innerStart = GraphPlan.Point(cross: 1, flow: 1 + padding)
        }
        if inner.boxes.isEmpty {
            if spacing.isVertical { flow = max(flow, 3) } else { cross = max(cross, 3) }
            innerStart = GraphPlan.Point(cross: 1, flow: 1)
        }
        return ComponentPlanner.Node(
            node: node, content: content, crossSize: cross, flowSize: flow, crossMargin: 1, flowMargin: 1,
            inner: (inner, innerStart))
    }

    private func sizedBox(_ node: GraphNode) -> ComponentPlanner.Node {
        let content = NodeContent(node, options: options)
        let isFlat = spacing.isOneRow || node.shape == .marker
        var width = content.width + 4
        width += 1 - width % 2
        let height = content.lines.count + (isFlat ? 0 : 2)
        return ComponentPlanner.Node(
            node: node, content: content, crossSize: spacing.isVertical ? width : height,
            flowSize: spacing.isVertical ? height : width, crossMargin: isFlat && !spacing.isVertical ? 0 : 1,
            flowMargin: isFlat && spacing.isVertical ? 0 : 1, inner: nil)
    }

    /// Node indices grouped by connection, both in input order.
    private func connectedParts(nodeCount: Int, links: [(Int, Int)]) -> [[Int]] {
        var leader = Array(0..<nodeCount)
        func find(_ node: Int) -> Int {
            var node = node
            while leader[node] != node {
                leader[node] = leader[leader[node]]
                node = leader[node]
            }
            return node
        }
        for (from, to) in links {
            let a = find(from)
            let b = find(to)
            leader[max(a, b)] = min(a, b)
        }
        var parts: [[Int]] = []
        var partOfLeader: [Int: Int] = [:]
        for node in 0..<nodeCount {
            let root = find(node)
            if let part = partOfLeader[root] {
                parts[part].append(node)
            } else {
                partOfLeader[root] = parts.count
                parts.append([node])
            }
        }
        return parts
    }
}
