/// A directed graph to be drawn in terminal cells: nodes in reading order (the first is where reading starts) and the
/// edges between them. A node that holds a ``GraphFrame`` contains further graphs of its own.
public struct Graph: Sendable, Equatable {
    public var nodes: [GraphNode]
    /// Edges between nodes of this very graph. An edge that names an unknown node is not drawn; it is listed in
    /// ``GraphDrawing/unresolvedEdges``.
    public var edges: [GraphEdge]

    public init(nodes: [GraphNode] = [], edges: [GraphEdge] = []) {
        self.nodes = nodes
        self.edges = edges
    }
}

/// One box of a drawing.
public struct GraphNode: Sendable, Equatable, Identifiable {
    /// Unique in the whole graph, frames included: selection and hit-testing go by it.
    public var id: String
    /// The text in the box, one line each. For a frame the first line is its title.
    public var lines: [String]
    public var shape: Shape
    /// Short marks after the text, such as a retry count.
    public var badges: [GraphBadge]
    public var status: GraphStatus?
    /// Set when the node is a container.
    public var frame: GraphFrame?

    /// How the outline of a box is drawn. In one-row drawings each shape has its own pair of brackets.
    public enum Shape: Sendable, Equatable, CaseIterable {
        /// `┌──┐`, one row `[ ]`.
        case box
        /// `╭──╮`, one row `( )`.
        case rounded
        /// `╔══╗`, one row `{ }`.
        case double
        /// `╭──╮` with pointed sides, one row `< >`: a decision.
        case decision
        /// Always one row, `( )`: start and end marks.
        case marker
    }

    public init(
        id: String, lines: [String], shape: Shape = .box, badges: [GraphBadge] = [], status: GraphStatus? = nil,
        frame: GraphFrame? = nil
    ) {
        self.id = id
        self.lines = lines
        self.shape = shape
        self.badges = badges
        self.status = status
        self.frame = frame
    }
}

/// The contents of a container node.
public struct GraphFrame: Sendable, Equatable {
    /// Graphs laid out side by side, in this order: the branches of a fork, or the one body of a loop.
    public var branches: [Graph]
    /// A folded frame is drawn as a box that only tells it can be opened.
    public var isFolded: Bool

    public init(branches: [Graph], isFolded: Bool = false) {
        self.branches = branches
        self.isFolded = isFolded
    }
}

/// A short mark on a node, with a twin for terminals without UTF-8.
public struct GraphBadge: Sendable, Equatable {
    public var text: String
    public var asciiText: String

    public init(_ text: String, ascii: String) {
        self.text = text
        self.asciiText = ascii
    }
}

/// What happened at a node. Every status has a mark of its own, so that nothing is told by colour alone.
public enum GraphStatus: Sendable, Equatable, CaseIterable {
    case succeeded, failed, running, caught, aborted, timedOut

    /// The mark in UTF-8 terminals.
    public var symbol: Character {
        switch self {
        case .succeeded: "✓"
        case .failed: "✗"
        case .running: "▶"
        case .caught: "!"
        case .aborted: "■"
        case .timedOut: "⏱"
        }
    }

    /// The mark where only ASCII can be shown.
    public var asciiSymbol: Character {
        switch self {
        case .succeeded: "*"
        case .failed: "X"
        case .running: ">"
        case .caught: "!"
        case .aborted: "#"
        case .timedOut: "T"
        }
    }
}

/// A directed connection between two nodes of the same graph.
public struct GraphEdge: Sendable, Equatable {
    /// Any name the caller finds the edge again by.
    public var id: String
    public var from: String
    public var to: String
    /// Text drawn beside the line, clipped to the width reserved for labels.
    public var label: String?
    public var style: Style
    /// Edges of higher priority are kept straighter; the main line of a flow should have the highest. At least 1.
    public var priority: Int

    public enum Style: Sendable, Equatable, CaseIterable {
        case solid, dashed
    }

    public init(
        id: String = "", from: String, to: String, label: String? = nil, style: Style = .solid, priority: Int = 2
    ) {
        self.id = id.isEmpty ? "\(from)→\(to)" : id
        self.from = from
        self.to = to
        self.label = label
        self.style = style
        self.priority = max(1, priority)
    }
}
