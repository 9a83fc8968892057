/// A position in a drawing; the origin is the upper left cell.
public struct GraphPoint: Sendable, Hashable {
    public var x: Int
    public var y: Int

    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells.
public struct GraphRect: Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The last column and the last row inside.
    public var maxX: Int { x + width - 1 }
    public var maxY: Int { y + height - 1 }

    public func contains(_ point: GraphPoint) -> Bool {
        point.x >= x && point.x <= maxX && point.y >= y && point.y <= maxY
    }
}

/// A graph drawn in cells, with all that is needed to select, scroll and highlight.
public struct GraphDrawing: Sendable, Equatable {
    /// What a cell shows; a theme turns it into a style.
    public enum Role: Sendable, Equatable {
        case empty
        /// The outline of a box.
        case border
        /// The text in a box.
        case text
        /// The outline and the title of a container.
        case frame, frameTitle
        /// A line, and the head of an arrow.
        case edge, dashedEdge, arrow
        /// The text beside an edge.
        case label
        case badge
        case status(GraphStatus)
    }

    public struct Cell: Sendable, Equatable {
        /// Nil is the second column of a wide character, which has nothing of its own to draw.
        public var character: Character?
        public var role: Role

        public init(character: Character? = " ", role: Role = .empty) {
            self.character = character
            self.role = role
        }
    }

    public struct Node: Sendable, Equatable {
        public var id: String
        public var rect: GraphRect
        /// The index in ``GraphDrawing/nodes`` of the container it lies in.
        public var parent: Int?
        /// True for an open container: its rectangle holds other nodes.
        public var isFrame: Bool
    }

    public struct Edge: Sendable, Equatable {
        public var id: String
        public var from: String
        public var to: String
        /// Indices in ``GraphDrawing/nodes``.
        public var source: Int
        public var target: Int
        public var style: GraphEdge.Style
        /// The whole label, also when the drawing shows less of it.
        public var label: String?
        /// Where the label is drawn.
        public var labelRect: GraphRect?
        /// The cells of the line in order, from beside the source's border to the arrow head beside the target's border.
        public var path: [GraphPoint]
        /// The cell of the source's border that the line leaves at.
        public var port: GraphPoint
    }

    public let width: Int
    public let height: Int
    /// Row by row, `width × height` of them.
    public let cells: [Cell]
    public let nodes: [Node]
    public let edges: [Edge]
    /// Ids of edges that name a node which does not exist in their graph.
    public let unresolvedEdges: [String]
    /// The density that was used.
    public let density: GraphLayoutOptions.Density
    /// Whether the drawing fits the window of the options.
    public let fits: Bool

    public subscript(x: Int, y: Int) -> Cell {
        guard x >= 0, x < width, y >= 0, y < height else { return Cell() }
        return cells[y * width + x]
    }

    /// The innermost node at a cell.
    public func node(at point: GraphPoint) -> Node? {
        nodes.last { $0.rect.contains(point) }
    }

    public func node(_ id: String) -> Node? {
        nodes.first { $0.id == id }
    }

    /// The drawing as plain text, one string a row, without trailing blanks.
    public var textLines: [String] {
        (0..<height).map { y in
            var line = ""
            var pendingBlanks = 0
            for x in 0..<width {
                guard let character = cells[y * width + x].character else { continue }
                if character == " " {
                    pendingBlanks += 1
                } else {
                    line += String(repeating: " ", count: pendingBlanks)
                    pendingBlanks = 0
                    line.append(character)
                }
            }
            return line
        }
    }
}
