/// A position in cells; the origin is the top left corner.
public struct Point: Hashable, Sendable {
    public var x: Int
    public var y: Int

    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }

    public static let zero = Point(x: 0, y: 0)
}

/// A width and a height in cells.
public struct Size: Hashable, Sendable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The size every screen must look right at.
    public static let standard = Size(width: 80, height: 24)
    /// The size of a comfortable window; the output budgets are stated for it.
    public static let large = Size(width: 120, height: 40)
    /// Below this nothing is laid out: a message asks for a larger window.
    public static let smallest = Size(width: 60, height: 20)
}

/// A rectangle of cells. `maxX` and `maxY` are one past its last cell.
public struct Rect: Hashable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    public init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.width, height: size.height)
    }

    public static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

    public var maxX: Int { x + width }
    public var maxY: Int { y + height }
    public var size: Size { Size(width: width, height: height) }
    public var isEmpty: Bool { width <= 0 || height <= 0 }

    public func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(
            x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    public func inset(horizontally dx: Int = 0, vertically dy: Int = 0) -> Rect {
        Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
    }

    public func offset(x dx: Int, y dy: Int) -> Rect {
        Rect(x: x + dx, y: y + dy, width: width, height: height)
    }

    /// A rectangle of `size` (made smaller if need be) in the middle of this one.
    public func centred(_ size: Size) -> Rect {
        let w = min(size.width, width)
        let h = min(size.height, height)
        return Rect(x: x + (width - w) / 2, y: y + (height - h) / 2, width: w, height: h)
    }
}

/// How much of a row or column of panes one pane asks for.
public enum Extent: Hashable, Sendable {
    /// Exactly this many cells, while there is room.
    case fixed(Int)
    /// A share of the whole, in percent, never less than `atLeast` while there is room.
    case percent(Int, atLeast: Int = 0)
    /// A share of what the others leave, by weight.
    case fill(Int = 1)

    /// Divides `total` cells among `extents`, in order, leaving `gap` cells between neighbours.
    /// The sizes never sum to more than `total`.
    public static func divide(_ total: Int, among extents: [Extent], gap: Int = 0) -> [Int] {
        guard !extents.isEmpty else { return [] }
        var left = max(0, total - gap * (extents.count - 1))
        let whole = left
        var sizes = [Int](repeating: 0, count: extents.count)
        var weights = 0
        for (index, extent) in extents.enumerated() {
            switch extent {
            case .fixed(let cells):
                sizes[index] = min(max(0, cells), left)
                left -= sizes[index]
            case .percent(let share, let least):
                sizes[index] = min(max(least, whole * share / 100), left)
                left -= sizes[index]
            case .fill(let weight):
                weights += max(1, weight)
            }
        }
        for (index, extent) in extents.enumerated() {
            guard case .fill(let weight) = extent else { continue }
            let part = left * max(1, weight) / weights
            sizes[index] = part
            left -= part
            weights -= max(1, weight)
        }
        return sizes
    }
}
