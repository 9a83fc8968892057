import Synchronization

/// Where a widget was last drawn: the first visible row and how many fit.
///
/// A measurement, not state. `render` has the size and `update` needs it (a page is as long as the pane), so the drawing
/// leaves it here. Copies of a widget share it, and two widgets of equal state are equal whatever their viewports say.
public final class Viewport: Hashable, Sendable {
    private let firstRow = Atomic<Int>(0)
    private let rowCount = Atomic<Int>(20)
    private let columnCount = Atomic<Int>(80)

    public init() {}

    public var top: Int { firstRow.load(ordering: .relaxed) }
    /// Visible rows.
    public var height: Int { rowCount.load(ordering: .relaxed) }
    public var width: Int { columnCount.load(ordering: .relaxed) }
    /// A page keeps one row of the last one.
    public var page: Int { max(1, height - 1) }

    public func record(top: Int, height: Int, width: Int = 80) {
        firstRow.store(top, ordering: .relaxed)
        rowCount.store(max(1, height), ordering: .relaxed)
        columnCount.store(max(1, width), ordering: .relaxed)
    }

    /// The top row that keeps `selected` in view, moving as little as possible; remembers it.
    public func follow(_ selected: Int, visible: Int, total: Int) -> Int {
        var first = top
        if selected < first { first = selected }
        if selected >= first + visible { first = selected - visible + 1 }
        first = max(0, min(first, total - visible))
        record(top: first, height: visible, width: width)
        return first
    }

    public static func == (left: Viewport, right: Viewport) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}
