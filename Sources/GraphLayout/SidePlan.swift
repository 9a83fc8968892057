/// Where the side slots of every box lie: on which side, at which cell along the box, and in which lane beside it.
struct SidePlan {
    struct Slot {
        var isAfter = true
        /// Cells from the start of the box along the flow; for a loop, the first of two.
        var along = 0
        /// Cells from the box's border to the lane.
        var lane = 0
    }

    /// By node, then by slot.
    private(set) var slots: [[Slot]]
    /// The size along the flow that each box needs for its slots.
    private(set) var flowSizes: [Int]
    /// Cells beside each box that the lanes take.
    private(set) var roomBefore: [Int]
    private(set) var roomAfter: [Int]

    /// - Parameters:
    ///   - flowSizes: the sizes of the boxes along the flow.
    ///   - margins: by box, the cells at both ends of a side where nothing may join.
    ///   - usesBothSides: whether lines may leave on the side before, too.
    ///   - laneStep: the distance of neighbouring lanes.
    init(
        graph: LayeredGraph, flowSizes: [Int], margins: [Int], usesBothSides: Bool, laneStep: Int
    ) {
        self.flowSizes = flowSizes
        slots = graph.slots.map { $0.map { _ in Slot() } }
        roomBefore = Array(repeating: 0, count: flowSizes.count)
        roomAfter = roomBefore
        for node in flowSizes.indices where !graph.slots[node].isEmpty {
            let uses = graph.slots[node].map(\.use)
            let margin = margins[node]
            let loops = uses.indices.filter { if case .loop = uses[$0] { true } else { false } }
            let single = uses.indices.filter { !loops.contains($0) }
            var free = self.flowSizes[node] - 2 * margin
            // Loops come first on the side after; what is left there, then the other side, is for lines that lead back.
            let onOtherSide: Int
            if usesBothSides {
                let missing = max(0, 2 * loops.count - free)
                free += missing
                let wanted = single.count - (free - 2 * loops.count)
                onOtherSide = max(0, min(free, wanted))
                free += max(0, (wanted - onOtherSide + 1) / 2)
            } else {
                free = max(free, 2 * loops.count + single.count)
                onOtherSide = 0
            }
            self.flowSizes[node] = max(self.flowSizes[node], free + 2 * margin)
            var after = Array(single.dropLast(min(onOtherSide, single.count)))
            var before = Array(single.suffix(min(onOtherSide, single.count)))
            let capacity = self.flowSizes[node] - 2 * margin
            while usesBothSides, after.count + 2 * loops.count > capacity, let moved = after.popLast() {
                before.append(moved)
            }
            if before.count > capacity { self.flowSizes[node] = before.count + 2 * margin }
            arrange(node, after, loops: loops, uses, isAfter: true, margin: margin, laneStep: laneStep)
            arrange(node, before, loops: [], uses, isAfter: false, margin: margin, laneStep: laneStep)
        }
    }

    private mutating func arrange(
        _ node: Int, _ single: [Int], loops: [Int], _ uses: [LayeredGraph.SideSlot.Use], isAfter: Bool, margin: Int,
        laneStep: Int
    ) {
        let count = single.count + 2 * loops.count
        guard count > 0 else { return }
        let capacity = flowSizes[node] - 2 * margin
        // Lines that go up start above those that come from below, so that they do not cross; loops lie between.
        let order = single.filter { uses[$0] == .outgoing } + loops + single.filter { uses[$0] == .incoming }
        var taken = 0
        var free = 0
        for (index, slot) in order.enumerated() {
            let length = loops.contains(slot) ? 2 : 1
            let even = (2 * taken + length) * capacity / (2 * count) - (length - 1)
            let cell = min(max(even, free), capacity - (count - taken))
            slots[node][slot].isAfter = isAfter
            slots[node][slot].along = margin + cell
            slots[node][slot].lane = 2 + index * laneStep
            taken += length
            free = cell + length
        }
        let room = 2 + (order.count - 1) * laneStep
        if isAfter { roomAfter[node] = room } else { roomBefore[node] = room }
    }

    /// −1, 0 or 1: whether a port lies before, in or after the vertex. `isUpper` tells which list the port is in.
    func bias(of vertex: LayeredGraph.Vertex, port: Int, isUpper: Bool) -> Int {
        let list = isUpper ? vertex.upperPorts : vertex.lowerPorts
        guard case .box(let node) = vertex.kind, case .lane(let slot) = list[port].kind else { return 0 }
        return slots[node][slot].isAfter ? 1 : -1
    }
}
