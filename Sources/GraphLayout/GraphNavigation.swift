extension GraphDrawing {
    /// A way to move a selection.
    public enum Heading: Sendable, CaseIterable {
        case up, down, left, right
    }

    /// The node that a step from another leads to: the nearest one that lies wholly that way, where being off the
    /// straight line counts double (rows are about twice as high as columns are wide, which is allowed for). A frame is
    /// met at its title, so that a step down from it enters it. Nil at the edge of the drawing.
    public func node(_ heading: Heading, of id: String) -> Node? {
        guard let from = node(id) else { return nil }
        let start = selectionRect(from)
        var best: (distance: Int, node: Node)?
        for candidate in nodes where candidate.id != id {
            let rect = selectionRect(candidate)
            let ahead: Int
            let aside: Int
            switch heading {
            case .up:
                ahead = 2 * (start.y - rect.maxY)
                aside = Self.gap(start.x, start.maxX, rect.x, rect.maxX)
            case .down:
                ahead = 2 * (rect.y - start.maxY)
                aside = Self.gap(start.x, start.maxX, rect.x, rect.maxX)
            case .left:
                ahead = start.x - rect.maxX
                aside = 2 * Self.gap(start.y, start.maxY, rect.y, rect.maxY)
            case .right:
                ahead = rect.x - start.maxX
                aside = 2 * Self.gap(start.y, start.maxY, rect.y, rect.maxY)
            }
            guard ahead > 0 else { continue }
            let offCentre =
                heading == .up || heading == .down
                ? abs(start.x + start.maxX - rect.x - rect.maxX) / 8
                : abs(start.y + start.maxY - rect.y - rect.maxY) / 4
            // Sideways steps stay within reach of the row; a node far off it is rather reached by going up or down.
            let distance = (heading == .left || heading == .right ? ahead + 4 * aside : ahead + 2 * aside) + offCentre
            if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
        }
        return best?.node
    }

    /// The rectangle a selection shows: of a frame, the row of its title.
    public func selectionRect(_ node: Node) -> GraphRect {
        node.isFrame ? GraphRect(x: node.rect.x, y: node.rect.y, width: node.rect.width, height: 1) : node.rect
    }

    /// The upper left cell of a window of the given size that shows a node and as much as possible of what is around it,
    /// moving as little as possible from where the window was.
    public func scroll(toShow id: String, from origin: GraphPoint, width: Int, height: Int) -> GraphPoint {
        guard let node = node(id) else { return origin }
        let rect = selectionRect(node)
        return GraphPoint(
            x: Self.scroll(origin.x, size: width, low: rect.x, high: rect.maxX, limit: self.width),
            y: Self.scroll(origin.y, size: height, low: rect.y, high: rect.maxY, limit: self.height))
    }

    private static func scroll(_ origin: Int, size: Int, low: Int, high: Int, limit: Int) -> Int {
        let margin = 2
        var result = origin
        if high + margin >= result + size { result = high + margin - size + 1 }
        if low - margin < result { result = low - margin }
        return max(0, min(result, limit - size))
    }

    /// Cells between two spans; 0 when they touch.
    private static func gap(_ low: Int, _ high: Int, _ otherLow: Int, _ otherHigh: Int) -> Int {
        max(0, otherLow - high, low - otherHigh)
    }
}
