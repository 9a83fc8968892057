/// A connected graph cut into layers: boxes, the bends of long edges and the labels of edges all become vertices of
/// a layer, joined by pieces that run from one layer to the next. Whatever needs room is a vertex, so that no line
/// can run through anything by construction.
///
/// Edges with the same target and style flow together into one line as soon as they meet, and stay together.
struct LayeredGraph {
    enum Kind: Equatable {
        case box(Int)
        case bend
        case label(edge: Int)
    }

    /// Where a line may join a vertex on its upper or lower side.
    enum PortKind: Equatable {
        /// In the border itself (for a bend or a label: its only line).
        case border
        /// Beside the box, in the lane of the given side slot.
        case lane(slot: Int)
    }

    struct Port {
        var kind: PortKind
        var priority: Int
        /// Cells from the vertex's reference line; set by ``PortPlacement``.
        var offset = 0
    }

    struct Vertex {
        var layer: Int
        var kind: Kind
        var upperPorts: [Port] = []
        var lowerPorts: [Port] = []
    }

    struct Piece {
        var upper: Int
        var upperPort: Int
        var lower: Int
        var lowerPort: Int
        var priority: Int
        /// Runs against the reading direction: lines flow together at its upper end.
        var isBackward: Bool
    }

    /// A line that leaves or enters a box at the side, for edges that lead back.
    struct SideSlot {
        enum Use: Equatable {
            case outgoing, incoming
            case loop(edge: Int)
        }
        var use: Use
    }

    /// How one edge runs. Pieces are listed from its source to its target.
    struct Route {
        var pieces: [Int] = []
        var sourcePort = 0
        var targetPort = 0
        var isBackward = false
        var isLoop = false
        var sourceSlot: Int?
        var targetSlot: Int?
        var labelVertex: Int?
    }

    var vertices: [Vertex] = []
    private(set) var pieces: [Piece] = []
    private(set) var layers: [[Int]] = []
    private(set) var routes: [Route] = []
    /// For each node the slots at its sides.
    private(set) var slots: [[SideSlot]]
    /// Whether a layer holds boxes (else labels).
    private(set) var layerHoldsBoxes: [Bool] = []

    struct Link {
        var from: Int
        var to: Int
        var hasLabel: Bool
        var isDashed: Bool
        var priority: Int
    }

    private struct Line: Hashable {
        var target: Int
        var isDashed: Bool
        var isBackward: Bool
    }

    /// The shared part of edges that flow together.
    private struct Trunk {
        var port: Int
        var slot: Int?
        var bends: [Int: Int] = [:]
        /// By layer, the piece that leads on from the bend there.
        var onward: [Int: Int] = [:]
    }

    init(nodeCount: Int, links: [Link]) {
        slots = Array(repeating: [], count: nodeCount)
        let backward = Self.backwardLinks(nodeCount: nodeCount, links: links)
        let ranks = Self.ranks(nodeCount: nodeCount, links: links, backward: backward)
        let rankCount = (ranks.max() ?? -1) + 1

        // A layer for labels after each rank that an edge with a label leaves downwards, or enters from below to go up.
        var labelled = Array(repeating: false, count: rankCount + 1)
        for (index, link) in links.enumerated() where link.hasLabel && link.from != link.to {
            labelled[backward[index] ? ranks[link.from] - 1 : ranks[link.from]] = true
        }
        var layerOfRank: [Int] = []
        var labelLayer: [Int] = []
        for rank in 0..<rankCount {
            layerOfRank.append(layerHoldsBoxes.count)
            layerHoldsBoxes.append(true)
            labelLayer.append(labelled[rank] ? layerHoldsBoxes.count : -1)
            if labelled[rank] { layerHoldsBoxes.append(false) }
        }
        for node in 0..<nodeCount { vertices.append(Vertex(layer: layerOfRank[ranks[node]], kind: .box(node))) }

        routes = Array(repeating: Route(), count: links.count)
        var trunks: [Line: Trunk] = [:]
        for (index, link) in links.enumerated() {
            if link.from == link.to {
                routes[index].isLoop = true
                routes[index].sourceSlot = addSlot(.loop(edge: index), at: link.from)
                continue
            }
            let labelAt: Int
            if link.hasLabel {
                labelAt = labelLayer[backward[index] ? ranks[link.from] - 1 : ranks[link.from]]
            } else {
                labelAt = -1
            }
            let line = Line(target: link.to, isDashed: link.isDashed, isBackward: backward[index])
            var trunk = trunks[line] ?? makeTrunk(line, priority: link.priority)
            addRoute(index, link, isBackward: backward[index], labelAt: labelAt, trunk: &trunk)
            trunks[line] = trunk
        }
        layers = Array(repeating: [], count: layerHoldsBoxes.count)
    }

    mutating func setLayers(_ order: [[Int]]) { layers = order }

    private mutating func addSlot(_ use: SideSlot.Use, at node: Int) -> Int {
        slots[node].append(SideSlot(use: use))
        return slots[node].count - 1
    }

    private mutating func makeTrunk(_ line: Line, priority: Int) -> Trunk {
        if line.isBackward {
            let slot = addSlot(.incoming, at: line.target)
            vertices[line.target].lowerPorts.append(Port(kind: .lane(slot: slot), priority: 1))
            return Trunk(port: vertices[line.target].lowerPorts.count - 1, slot: slot)
        }
        vertices[line.target].upperPorts.append(Port(kind: .border, priority: priority))
        return Trunk(port: vertices[line.target].upperPorts.count - 1)
    }

    private mutating func addRoute(_ index: Int, _ link: Link, isBackward: Bool, labelAt: Int, trunk: inout Trunk) {
        var route = Route()
        route.isBackward = isBackward
        route.targetPort = trunk.port
        route.targetSlot = trunk.slot
        if isBackward {
            let slot = addSlot(.outgoing, at: link.from)
            route.sourceSlot = slot
            vertices[link.from].upperPorts.append(Port(kind: .lane(slot: slot), priority: 1))
            route.sourcePort = vertices[link.from].upperPorts.count - 1
        } else {
            vertices[link.from].lowerPorts.append(Port(kind: .border, priority: link.priority))
            route.sourcePort = vertices[link.from].lowerPorts.count - 1
        }
        let step = isBackward ? -1 : 1
        let end = vertices[link.to].layer
        var vertex = link.from
        var port = route.sourcePort
        var layer = vertices[link.from].layer + step
        var openBend: Int?  // the layer of a fresh bend, whose onward piece is still to be made

        func join(_ next: Int, _ nextPort: Int, _ graph: inout LayeredGraph) {
            graph.pieces.append(
                isBackward
                    ? Piece(
                        upper: next, upperPort: nextPort, lower: vertex, lowerPort: port, priority: link.priority,
                        isBackward: true)
                    : Piece(
                        upper: vertex, upperPort: port, lower: next, lowerPort: nextPort, priority: link.priority,
                        isBackward: false))
            route.pieces.append(graph.pieces.count - 1)
            if let bend = openBend { trunk.onward[bend] = graph.pieces.count - 1 }
            openBend = nil
            vertex = next
            port = 0
        }

        while layer != end {
            if layer == labelAt {
                let label = addBend(.label(edge: index), layer: layer, priority: link.priority)
                route.labelVertex = label
                join(label, 0, &self)
            } else if let bend = trunk.bends[layer] {
                join(bend, 0, &self)
                while let next = trunk.onward[layer] {
                    route.pieces.append(next)
                    layer += step
                }
                routes[index] = route
                return
            } else {
                let bend = addBend(.bend, layer: layer, priority: link.priority)
                trunk.bends[layer] = bend
                join(bend, 0, &self)
                openBend = layer
            }
            layer += step
        }
        join(link.to, trunk.port, &self)
        routes[index] = route
    }

    private mutating func addBend(_ kind: Kind, layer: Int, priority: Int) -> Int {
        let port = Port(kind: .border, priority: priority)
        vertices.append(Vertex(layer: layer, kind: kind, upperPorts: [port], lowerPorts: [port]))
        return vertices.count - 1
    }

    /// Which links lead back to a node that is still open in a depth-first walk, and so close a cycle.
    private static func backwardLinks(nodeCount: Int, links: [Link]) -> [Bool] {
        var result = Array(repeating: false, count: links.count)
        var leaving: [[Int]] = Array(repeating: [], count: nodeCount)
        var isEntered = Array(repeating: false, count: nodeCount)
        for (index, link) in links.enumerated() where link.from != link.to {
            leaving[link.from].append(index)
            isEntered[link.to] = true
        }
        var state = Array(repeating: 0, count: nodeCount)  // 0 not seen, 1 open, 2 done
        let roots = (0..<nodeCount).filter { !isEntered[$0] } + Array(0..<nodeCount)
        for root in roots where state[root] == 0 {
            var path: [(node: Int, next: Int)] = [(root, 0)]
            state[root] = 1
            while let (node, next) = path.last {
                guard next < leaving[node].count else {
                    state[node] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let link = leaving[node][next]
                let target = links[link].to
                if state[target] == 1 {
                    result[link] = true
                } else if state[target] == 0 {
                    state[target] = 1
                    path.append((target, 0))
                }
            }
        }
        return result
    }

    /// Longest path from the roots; a root that is not the first is then pulled down to its nearest successor.
    private static func ranks(nodeCount: Int, links: [Link], backward: [Bool]) -> [Int] {
        var ranks = Array(repeating: 0, count: nodeCount)
        var waiting = Array(repeating: 0, count: nodeCount)
        var leaving: [[Int]] = Array(repeating: [], count: nodeCount)
        for (index, link) in links.enumerated() where link.from != link.to && !backward[index] {
            waiting[link.to] += 1
            leaving[link.from].append(link.to)
        }
        let roots = (0..<nodeCount).filter { waiting[$0] == 0 }
        var queue = roots
        var position = 0
        while position < queue.count {
            let node = queue[position]
            position += 1
            for target in leaving[node] {
                ranks[target] = max(ranks[target], ranks[node] + 1)
                waiting[target] -= 1
                if waiting[target] == 0 { queue.append(target) }
            }
        }
        for root in roots.dropFirst() {
            if let nearest = leaving[root].map({ ranks[$0] }).min() { ranks[root] = max(0, nearest - 1) }
        }
        return ranks
    }
}
