/// A layout in the two directions that matter to it: along the flow, and across. The painter turns them into columns
/// and rows.
struct GraphPlan {
    struct Point: Equatable {
        var cross: Int
        var flow: Int
    }

    struct Box {
        var node: GraphNode
        var content: NodeContent
        var start: Point
        var crossSize: Int
        var flowSize: Int
        var parent: Int?
        /// Whether boxes are drawn inside.
        var isFrame: Bool
    }

    struct Line {
        var edge: GraphEdge
        var source: Int
        var target: Int
        /// Where the line starts beside the source's border, turns, and ends beside the target's border.
        var corners: [Point]
        /// The cell of the source's border it starts at.
        var port: Point
        var label: (text: CellText, start: Point)?
    }

    var crossSize = 0
    var flowSize = 0
    var boxes: [Box] = []
    var lines: [Line] = []
    var unresolvedEdges: [String] = []

    /// Adds another plan at a place of this one. Its outermost boxes become children of `parent`.
    mutating func insert(_ other: GraphPlan, at origin: Point, parent: Int?) {
        let base = boxes.count
        func moved(_ point: Point) -> Point { Point(cross: point.cross + origin.cross, flow: point.flow + origin.flow) }
        for var box in other.boxes {
            box.start = moved(box.start)
            box.parent = box.parent.map { $0 + base } ?? parent
            boxes.append(box)
        }
        for var line in other.lines {
            line.source += base
            line.target += base
            line.corners = line.corners.map(moved)
            line.port = moved(line.port)
            if let label = line.label { line.label = (label.text, moved(label.start)) }
            lines.append(line)
        }
        unresolvedEdges += other.unresolvedEdges
        crossSize = max(crossSize, origin.cross + other.crossSize)
        flowSize = max(flowSize, origin.flow + other.flowSize)
    }
}

/// What is written in a box, measured.
struct NodeContent {
    struct Part {
        enum Kind: Equatable { case text, badge, status(GraphStatus) }
        var kind: Kind
        var text: CellText
    }

    /// Line by line, the parts set off by one blank. Status comes before the first line, badges after the last.
    var lines: [[Part]]

    var width: Int { lines.map(Self.width(of:)).max() ?? 0 }

    static func width(of parts: [Part]) -> Int {
        parts.reduce(0) { $0 + $1.text.width } + max(0, parts.count - 1)
    }

    /// With a title width only the first line is taken, clipped to that width.
    init(_ node: GraphNode, options: GraphLayoutOptions, titleWidth: Int? = nil) {
        let texts = titleWidth == nil ? node.lines : Array(node.lines.prefix(1))
        let limit = titleWidth ?? options.maxNodeTextWidth
        lines = texts.map { [Part(kind: .text, text: CellText($0, glyphs: options.glyphs, limit: limit))] }
        if lines.isEmpty { lines = [[]] }
        if let status = node.status {
            let symbol = options.glyphs == .utf8 ? status.symbol : status.asciiSymbol
            lines[0].insert(Part(kind: .status(status), text: CellText(String(symbol), glyphs: options.glyphs)), at: 0)
        }
        var badges = node.badges
        if let frame = node.frame, frame.isFolded { badges.append(GraphBadge("▸", ascii: "+")) }
        for badge in badges {
            let text = options.glyphs == .utf8 ? badge.text : badge.asciiText
            lines[lines.count - 1].append(Part(kind: .badge, text: CellText(text, glyphs: options.glyphs)))
        }
    }
}

/// The distances of one density in one direction.
struct Spacing {
    var isVertical: Bool
    var isOneRow: Bool
    /// Empty cells between two boxes, a box and a line, two lines, in the same layer.
    var betweenBoxes: Int
    var besideBox: Int
    var betweenLines: Int
    var laneStep: Int
    /// Cells kept free of tracks after a layer of boxes, and before one (the last is the arrow head's).
    var channelStart: Int
    var channelEnd: Int
    var portSteps: [Int]
    /// Between unconnected parts.
    var betweenParts: Int

    init(direction: GraphLayoutOptions.Direction, density: GraphLayoutOptions.Density) {
        isVertical = direction == .vertical
        isOneRow = density == .oneRow
        let isRoomy = density == .roomy
        betweenBoxes = isVertical ? (isRoomy ? 4 : 2) : (isRoomy ? 1 : isOneRow ? 1 : 0)
        besideBox = isVertical ? 2 : 1
        betweenLines = 1
        laneStep = isVertical ? 2 : 1
        channelStart = isVertical ? (isRoomy ? 1 : 0) : (isRoomy ? 2 : 1)
        channelEnd = isVertical ? 1 : 2
        portSteps = isVertical ? [6, 4, 3, 2] : [2, 1]
        betweenParts = isVertical ? (isRoomy ? 4 : 3) : 1
    }
}
