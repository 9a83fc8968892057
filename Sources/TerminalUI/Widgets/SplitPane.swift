/// Two panes side by side or one above the other. `Tab` moves the focus, `<` and `>` move the divide.
public struct SplitPane: Hashable, Sendable {
    public enum Axis: Hashable, Sendable {
        /// Side by side.
        case horizontal
        /// One above the other.
        case vertical
    }

    public var axis: Axis
    /// Share of the first pane, in percent, from 15 to 85.
    public private(set) var ratio: Int
    /// 0 for the first pane, 1 for the second.
    public var focus = 0
    /// Side by side panes narrower than this stand one above the other instead.
    public var narrowest: Int

    public init(_ axis: Axis = .horizontal, ratio: Int = 50, narrowest: Int = 34) {
        self.axis = axis
        self.ratio = ratio
        self.narrowest = narrowest
    }

    public static let bindings: [KeyBinding] = [
        KeyBinding(["tab"], "Next pane", "split.next", prominence: .help),
        KeyBinding(["shift+tab"], "Previous pane", "split.previous", prominence: .help),
        KeyBinding(["<"], "Narrower", "split.narrow", help: "Make the first pane smaller", prominence: .help),
        KeyBinding([">"], "Wider", "split.widen", help: "Make the first pane larger", prominence: .help),
    ]

    public mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "split.next", "split.previous": focus = 1 - focus
        case "split.narrow": ratio = max(15, ratio - 5)
        case "split.widen": ratio = min(85, ratio + 5)
        default: return false
        }
        return true
    }

    public mutating func handle(_ input: WidgetInput) -> Bool {
        guard case .key(let key) = input, let binding = Self.bindings.binding(for: key) else { return false }
        return perform(binding.action)
    }

    /// The two panes of a surface.
    public func parts(of surface: Surface) -> (first: Surface, second: Surface) {
        let first = max(narrowest, surface.width * ratio / 100)
        if axis == .horizontal, surface.width - first >= narrowest {
            let parts = surface.columns([.fixed(first), .fill()])
            return (parts[0], parts[1])
        }
        let parts = surface.rows([.fixed(max(3, surface.height * ratio / 100)), .fill()])
        return (parts[0], parts[1])
    }
}
