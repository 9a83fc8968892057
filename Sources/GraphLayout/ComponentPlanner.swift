/// Lays out one connected graph whose nodes have known sizes.
struct ComponentPlanner {
    struct Node {
        var node: GraphNode
        var content: NodeContent
        var crossSize: Int
        var flowSize: Int
        /// Cells at both ends of a side where no line may join (corners, brackets).
        var crossMargin: Int
        var flowMargin: Int
        var inner: (plan: GraphPlan, start: GraphPlan.Point)?

        /// Cells across before and after the middle one.
        var reachBefore: Int { (crossSize - 1) / 2 }
        var reachAfter: Int { crossSize / 2 }
    }

    struct Edge {
        var edge: GraphEdge
        var from: Int
        var to: Int
    }

    private let spacing: Spacing
    private let nodes: [Node]
    private let edges: [Edge]
    private let labels: [CellText?]
    private var graph: LayeredGraph
    private let sides: SidePlan

    init(spacing: Spacing, options: GraphLayoutOptions, nodes: [Node], edges: [Edge]) {
        self.spacing = spacing
        var sized = nodes
        let labels = edges.map { edge -> CellText? in
            guard let label = edge.edge.label, !label.isEmpty else { return nil }
            return CellText(label, glyphs: options.glyphs, limit: options.maxLabelWidth)
        }
        var graph = LayeredGraph(
            nodeCount: nodes.count,
            links: edges.indices.map {
                LayeredGraph.Link(
                    from: edges[$0].from, to: edges[$0].to, hasLabel: labels[$0] != nil,
                    isDashed: edges[$0].edge.style == .dashed, priority: edges[$0].edge.priority)
            })
        for index in nodes.indices {
            let vertex = graph.vertices[index]
            let lines = max(
                vertex.upperPorts.count { $0.kind == .border }, vertex.lowerPorts.count { $0.kind == .border })
            var size = spacing.isVertical ? 2 * lines + 1 : lines + 2 * nodes[index].crossMargin
            if spacing.isVertical { size += 1 - size % 2 }
            sized[index].crossSize = max(nodes[index].crossSize, lines > 1 ? size : 1)
        }
        let sides = SidePlan(
            graph: graph, flowSizes: nodes.map(\.flowSize), margins: nodes.map(\.flowMargin),
            usesBothSides: spacing.isVertical, laneStep: spacing.laneStep)
        for index in nodes.indices { sized[index].flowSize = sides.flowSizes[index] }
        var ordering = LayerOrdering(graph: graph, sides: sides)
        graph.setLayers(ordering.run())
        graph.placePorts(
            reach: sized.map { ($0.reachBefore, $0.reachAfter) }, margins: sized.map(\.crossMargin), sides: sides,
            steps: spacing.portSteps)
        self.nodes = sized
        self.edges = edges
        self.labels = labels
        self.sides = sides
        self.graph = graph
    }

    /// Cells beside a box that its lanes and the labels of its loops take.
    private func roomAfter(_ node: Int) -> Int {
        let loopLabels = loopLabels(node)
        guard !loopLabels.isEmpty else { return sides.roomAfter[node] }
        if spacing.isVertical { return sides.roomAfter[node] + 1 + (loopLabels.map { $0.text.width }.max() ?? 0) }
        return sides.roomAfter[node] + loopLabels.count
    }

    private func loopLabels(_ node: Int) -> [(edge: Int, text: CellText)] {
        graph.slots[node].compactMap { slot in
            guard case .loop(let edge) = slot.use, let text = labels[edge] else { return nil }
            return (edge, text)
        }
    }

    private func layerSize(_ layer: Int) -> Int {
        graph.layers[layer].map { vertex in
            switch graph.vertices[vertex].kind {
            case .box(let node):
                let labelSize = spacing.isVertical ? 0 : loopLabels(node).map { $0.text.width }.max() ?? 0
                return max(nodes[node].flowSize, labelSize)
            case .label(let edge): return spacing.isVertical ? 1 : (labels[edge]?.width ?? 0) + 2
            case .bend: return 0
            }
        }.max() ?? 0
    }

    mutating func plan() -> GraphPlan {
        let columns = placeColumns()
        let (channels, trunkOfPiece) = routeChannels(columns)

        var layerStarts: [Int] = []
        var trackStarts: [Int] = []
        var layerSizes: [Int] = []
        var flow = 0
        for layer in graph.layers.indices {
            layerStarts.append(flow)
            layerSizes.append(layerSize(layer))
            flow += layerSizes[layer]
            guard layer + 1 < graph.layers.count else { break }
            flow += graph.layerHoldsBoxes[layer] ? spacing.channelStart : 0
            trackStarts.append(flow)
            flow += channels[layer].trackCount + (graph.layerHoldsBoxes[layer + 1] ? spacing.channelEnd : 0)
        }

        var plan = GraphPlan()
        plan.flowSize = flow
        for index in nodes.indices {
            let node = nodes[index]
            plan.boxes.append(
                GraphPlan.Box(
                    node: node.node, content: node.content,
                    start: GraphPlan.Point(
                        cross: columns[index] - node.reachBefore, flow: layerStarts[graph.vertices[index].layer]),
                    crossSize: node.crossSize, flowSize: node.flowSize, parent: nil, isFrame: node.inner != nil))
        }
        for index in edges.indices {
            plan.lines.append(line(index, plan.boxes, columns, trackStarts, layerStarts, channels, trunkOfPiece))
        }
        shiftToOrigin(&plan)
        // Children come after every box of this level, so that the innermost box at a cell is the last one.
        let outer = plan.boxes
        for (index, node) in nodes.enumerated() {
            guard let inner = node.inner else { continue }
            let start = outer[index].start
            plan.insert(
                inner.plan,
                at: GraphPlan.Point(
                    cross: start.cross + inner.start.cross
                        + (spacing.isVertical ? (node.crossSize - innerCross(index)) / 2 : 0),
                    flow: start.flow + inner.start.flow),
                parent: index)
        }
        return plan
    }

    /// The size of a frame as its contents asked for, before lines made it larger.
    private func innerCross(_ index: Int) -> Int {
        guard let inner = nodes[index].inner else { return nodes[index].crossSize }
        return min(nodes[index].crossSize, inner.plan.crossSize + 2 * inner.start.cross)
    }

    private mutating func placeColumns() -> [Int] {
        var before: [Int] = []
        var after: [Int] = []
        for vertex in graph.vertices {
            switch vertex.kind {
            case .box(let node):
                before.append(nodes[node].reachBefore + sides.roomBefore[node])
                after.append(nodes[node].reachAfter + roomAfter(node))
            case .bend:
                before.append(0)
                after.append(0)
            case .label(let edge):
                let room = spacing.isVertical ? 1 + (labels[edge]?.width ?? 0) : 1
                let isBefore = isLabelBeforeLine(edge)
                before.append(isBefore ? room : 0)
                after.append(isBefore ? 0 : room)
            }
        }
        let placement = CrossPlacement(graph: graph, before: before, after: after) { left, right in
            let boxes = (graph.vertices[left].holdsBox ? 1 : 0) + (graph.vertices[right].holdsBox ? 1 : 0)
            return [spacing.betweenLines, spacing.besideBox, spacing.betweenBoxes][boxes]
        }
        let hasLoops = nodes.indices.map { !loopLabels($0).isEmpty }
        graph.stretchLanes(columns: placement.columns, before: before, after: after) { hasLoops[$0] }
        return placement.columns
    }

    /// Horizontal lines have their label above. Vertical ones have it at the right, unless the line is one of those that
    /// leave its box to the left, so that a fork spreads out evenly.
    private func isLabelBeforeLine(_ edge: Int) -> Bool {
        guard spacing.isVertical else { return true }
        guard !graph.routes[edge].isBackward else { return false }
        let ports = graph.vertices[edges[edge].from].lowerPorts
        let offset = ports[graph.routes[edge].sourcePort].offset
        let offsets = ports.filter { $0.kind == .border }.map(\.offset)
        return offset < 0 || (offset == 0 && offsets.count > 1 && offsets.allSatisfy { $0 >= 0 })
    }

    private func routeChannels(_ columns: [Int]) -> (channels: [ChannelRouter], netOfPiece: [Int]) {
        struct Key: Hashable {
            var vertex: Int
            var port: Int
            var isBackward: Bool
        }
        var nets: [[ChannelRouter.Net]] = Array(repeating: [], count: graph.layers.count)
        var netOfPiece = Array(repeating: 0, count: graph.pieces.count)
        var known: [Key: Int] = [:]
        for (index, piece) in graph.pieces.enumerated() {
            let layer = graph.vertices[piece.upper].layer
            let key =
                piece.isBackward
                ? Key(vertex: piece.upper, port: piece.upperPort, isBackward: true)
                : Key(vertex: piece.lower, port: piece.lowerPort, isBackward: false)
            let upper = upperColumn(piece, columns)
            let lower = lowerColumn(piece, columns)
            if let net = known[key] {
                netOfPiece[index] = net
                if !nets[layer][net].upper.contains(upper) { nets[layer][net].upper.append(upper) }
                if !nets[layer][net].lower.contains(lower) { nets[layer][net].lower.append(lower) }
            } else {
                known[key] = nets[layer].count
                netOfPiece[index] = nets[layer].count
                nets[layer].append(ChannelRouter.Net(upper: [upper], lower: [lower]))
            }
        }
        return (nets.map(ChannelRouter.init), netOfPiece)
    }

    private func upperColumn(_ piece: LayeredGraph.Piece, _ columns: [Int]) -> Int {
        columns[piece.upper] + graph.vertices[piece.upper].lowerPorts[piece.upperPort].offset
    }

    private func lowerColumn(_ piece: LayeredGraph.Piece, _ columns: [Int]) -> Int {
        columns[piece.lower] + graph.vertices[piece.lower].upperPorts[piece.lowerPort].offset
    }

    private func line(
        _ index: Int, _ boxes: [GraphPlan.Box], _ columns: [Int], _ trackStarts: [Int], _ layerStarts: [Int],
        _ channels: [ChannelRouter], _ netOfPiece: [Int]
    ) -> GraphPlan.Line {
        let edge = edges[index]
        let route = graph.routes[index]
        var corners: [GraphPlan.Point] = []
        var port = boxes[edge.from].start
        var label: (text: CellText, start: GraphPlan.Point)?

        if let slot = route.sourceSlot {
            let lane =
                route.isLoop ? nil : columns[edge.from] + graph.vertices[edge.from].upperPorts[route.sourcePort].offset
            let place = sidePoints(edge.from, slot, boxes, lane: lane)
            port = place.border
            corners = [place.beside, place.lane]
            if route.isLoop {
                corners.append(GraphPlan.Point(cross: place.lane.cross, flow: place.lane.flow + 1))
                corners.append(GraphPlan.Point(cross: place.beside.cross, flow: place.beside.flow + 1))
                if let text = labels[index] { label = (text, loopLabelStart(index, edge.from, place.lane, boxes)) }
                return GraphPlan.Line(
                    edge: edge.edge, source: edge.from, target: edge.to, corners: corners, port: port, label: label)
            }
        } else if let first = route.pieces.first {
            let column = upperColumn(graph.pieces[first], columns)
            let end = boxes[edge.from].start.flow + boxes[edge.from].flowSize
            port = GraphPlan.Point(cross: column, flow: end - 1)
            corners = [GraphPlan.Point(cross: column, flow: end)]
        }
        for pieceIndex in route.pieces {
            let piece = graph.pieces[pieceIndex]
            let layer = graph.vertices[piece.upper].layer
            guard let course = channels[layer].courses[netOfPiece[pieceIndex]] else { continue }
            let upper = upperColumn(piece, columns)
            let lower = lowerColumn(piece, columns)
            let track = trackStarts[layer] + course.track
            var turns = [GraphPlan.Point(cross: upper, flow: track)]
            if let via = course.via {
                turns.append(GraphPlan.Point(cross: via.column, flow: track))
                turns.append(GraphPlan.Point(cross: via.column, flow: trackStarts[layer] + via.track))
                turns.append(GraphPlan.Point(cross: lower, flow: trackStarts[layer] + via.track))
            } else {
                turns.append(GraphPlan.Point(cross: lower, flow: track))
            }
            corners += route.isBackward ? turns.reversed() : turns
        }
        if let slot = route.targetSlot {
            let lane = columns[edge.to] + graph.vertices[edge.to].lowerPorts[route.targetPort].offset
            let place = sidePoints(edge.to, slot, boxes, lane: lane)
            corners += [place.lane, place.beside]
        } else if let last = route.pieces.last {
            corners.append(
                GraphPlan.Point(cross: lowerColumn(graph.pieces[last], columns), flow: boxes[edge.to].start.flow - 1))
        }
        if let vertex = route.labelVertex, let text = labels[index] {
            let start = layerStarts[graph.vertices[vertex].layer]
            label = (
                text,
                spacing.isVertical
                    ? GraphPlan.Point(
                        cross: isLabelBeforeLine(index) ? columns[vertex] - 1 - text.width : columns[vertex] + 2,
                        flow: start)
                    : GraphPlan.Point(cross: columns[vertex] - 1, flow: start + 1)
            )
        }
        return GraphPlan.Line(
            edge: edge.edge, source: edge.from, target: edge.to, corners: corners, port: port, label: label)
    }

    private func sidePoints(
        _ node: Int, _ slot: Int, _ boxes: [GraphPlan.Box], lane: Int?
    ) -> (border: GraphPlan.Point, beside: GraphPlan.Point, lane: GraphPlan.Point) {
        let place = sides.slots[node][slot]
        let box = boxes[node]
        let border = place.isAfter ? box.start.cross + box.crossSize - 1 : box.start.cross
        let step = place.isAfter ? 1 : -1
        let flow = box.start.flow + place.along
        return (
            GraphPlan.Point(cross: border, flow: flow), GraphPlan.Point(cross: border + step, flow: flow),
            GraphPlan.Point(cross: lane ?? border + step * place.lane, flow: flow)
        )
    }

    private func loopLabelStart(
        _ edge: Int, _ node: Int, _ lane: GraphPlan.Point, _ boxes: [GraphPlan.Box]
    ) -> GraphPlan.Point {
        let end = boxes[node].start.cross + boxes[node].crossSize - 1 + sides.roomAfter[node]
        if spacing.isVertical { return GraphPlan.Point(cross: end + 2, flow: lane.flow) }
        let place = loopLabels(node).firstIndex { $0.edge == edge } ?? 0
        return GraphPlan.Point(cross: end + 1 + place, flow: boxes[node].start.flow)
    }

    /// Moves everything so that the first used column is 0, and sets the size across.
    private func shiftToOrigin(_ plan: inout GraphPlan) {
        var low = Int.max
        var high = 0
        for box in plan.boxes {
            low = min(low, box.start.cross)
            high = max(high, box.start.cross + box.crossSize)
        }
        for line in plan.lines {
            for corner in line.corners {
                low = min(low, corner.cross)
                high = max(high, corner.cross + 1)
            }
            if let label = line.label {
                low = min(low, label.start.cross)
                high = max(high, label.start.cross + (spacing.isVertical ? label.text.width : 1))
            }
        }
        guard low != .max else { return }
        var shifted = GraphPlan()
        plan.crossSize = high
        shifted.insert(plan, at: GraphPlan.Point(cross: -low, flow: 0), parent: nil)
        plan = shifted
    }
}
