/// A node of an outline.
public struct TreeNode<ID: Hashable & Sendable>: Sendable {
    public var id: ID
    public var line: StyledLine
    public var children: [TreeNode]

    public init(_ id: ID, _ line: StyledLine, children: [TreeNode] = []) {
        self.id = id
        self.line = line
        self.children = children
    }
}

/// An outline with folding. Selection and folds are kept by identity when the nodes are set anew.
public struct Tree<ID: Hashable & Sendable>: Sendable {
    public let regionID: String
    public var nodes: [TreeNode<ID>] {
        didSet { rebuild(keeping: selectedID) }
    }
    public private(set) var folded: Set<ID> = []
    private var rows: [Row] = []
    public private(set) var selectedIndex = 0
    private let viewport = Viewport()

    private struct Row: Sendable {
        let id: ID
        let parent: Int?
        let line: StyledLine
        let hasChildren: Bool
        /// For each level above, whether more siblings follow there; the last is the row's own.
        let continues: [Bool]
    }

    public init(id: String = "tree", nodes: [TreeNode<ID>] = []) {
        regionID = id
        self.nodes = nodes
        rebuild(keeping: nil)
    }

    public var selectedID: ID? { rows[safe: selectedIndex]?.id }

    /// Selects a node, unfolding nothing.
    public mutating func select(_ id: ID) {
        if let index = rows.firstIndex(where: { $0.id == id }) { selectedIndex = index }
    }

    private mutating func rebuild(keeping id: ID?) {
        rows.removeAll(keepingCapacity: true)
        add(nodes, parent: nil, continues: [])
        if let id { select(id) }
        selectedIndex = max(0, min(selectedIndex, rows.count - 1))
    }

    private mutating func add(_ list: [TreeNode<ID>], parent: Int?, continues: [Bool]) {
        for (index, node) in list.enumerated() {
            let path = continues + [index < list.count - 1]
            rows.append(
                Row(id: node.id, parent: parent, line: node.line, hasChildren: !node.children.isEmpty, continues: path))
            if !folded.contains(node.id) { add(node.children, parent: rows.count - 1, continues: path) }
        }
    }

    public static var bindings: [KeyBinding] {
        [
            KeyBinding(["j", "down"], "Down", "tree.down", prominence: .help),
            KeyBinding(["k", "up"], "Up", "tree.up", prominence: .help),
            KeyBinding(["pgdn", "ctrl+f", "ctrl+d"], "Page down", "tree.pageDown", prominence: .help),
            KeyBinding(["pgup", "ctrl+b", "ctrl+u"], "Page up", "tree.pageUp", prominence: .help),
            KeyBinding(["g", "home"], "First", "tree.first", prominence: .help),
            KeyBinding(["G", "end"], "Last", "tree.last", prominence: .help),
            KeyBinding(["right", "l"], "Unfold", "tree.unfold", prominence: .help),
            KeyBinding(["left", "h"], "Fold", "tree.fold", help: "Fold, or go to the node above", prominence: .help),
            KeyBinding(["z"], "Fold", "tree.toggle", help: "Fold or unfold", prominence: .help),
        ]
    }

    public mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "tree.down": move(1)
        case "tree.up": move(-1)
        case "tree.pageDown": move(viewport.page)
        case "tree.pageUp": move(-viewport.page)
        case "tree.first": selectedIndex = 0
        case "tree.last": selectedIndex = max(0, rows.count - 1)
        case "tree.unfold": setFold(false)
        case "tree.fold":
            guard let row = rows[safe: selectedIndex] else { return true }
            if row.hasChildren, !folded.contains(row.id) {
                setFold(true)
            } else if let parent = row.parent {
                selectedIndex = parent
            }
        case "tree.toggle":
            if let id = selectedID { setFold(!folded.contains(id)) }
        default: return false
        }
        return true
    }

    public mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(let key):
            guard let binding = Self.bindings.binding(for: key) else { return false }
            return perform(binding.action)
        case .mouse(let hit) where hit.region == regionID:
            switch hit.event.kind {
            case .wheelUp: move(-3)
            case .wheelDown: move(3)
            case .press:
                let index = viewport.top + hit.position.y
                guard let row = rows[safe: index] else { return true }
                // A press on the fold mark folds.
                let markX = (row.continues.count - 1) * 2
                selectedIndex = index
                if row.hasChildren, hit.position.x >= markX, hit.position.x <= markX + 1 {
                    setFold(!folded.contains(row.id))
                }
            default: return false
            }
            return true
        default: return false
        }
    }

    private mutating func move(_ step: Int) {
        selectedIndex = max(0, min(selectedIndex + step, rows.count - 1))
    }

    private mutating func setFold(_ fold: Bool) {
        guard let row = rows[safe: selectedIndex], row.hasChildren else { return }
        if fold { folded.insert(row.id) } else { folded.remove(row.id) }
        rebuild(keeping: row.id)
    }

    public func render(on surface: Surface, focused: Bool = true) {
        surface.region(regionID)
        viewport.record(top: viewport.top, height: surface.height, width: surface.width)
        let top = viewport.follow(selectedIndex, visible: surface.height, total: rows.count)
        for y in 0..<max(0, min(surface.height, rows.count - top)) {
            let row = rows[top + y]
            let isSelected = top + y == selectedIndex
            let background: Role = isSelected ? (focused ? .selection : .selectionIdle) : .background
            if isSelected {
                surface.part(Rect(x: 0, y: y, width: surface.width - 1, height: 1)).fill(Style(.text, on: background))
            }
            var x = 0
            for (level, more) in row.continues.enumerated() {
                if level == row.continues.count - 1 {
                    let mark =
                        row.hasChildren
                        ? (folded.contains(row.id) ? "▸ " : "▾ ") : level == 0 ? "  " : more ? "├ " : "└ "
                    x = surface.write(
                        mark, x: x, y: y, Style(row.hasChildren && isSelected ? .accent : .faint, on: background))
                } else {
                    x = surface.write(more && level > 0 ? "│ " : "  ", x: x, y: y, Style(.border, on: background))
                }
            }
            surface.part(Rect(x: x, y: y, width: surface.width - x - 1, height: 1)).write(row.line, on: background)
            if isSelected, focused { surface.placeCursor(x: x, y: y) }
        }
        surface.scrollBar(
            top: top, visible: surface.height, total: rows.count, x: surface.width - 1, height: surface.height)
    }
}
