extension Table {
    /// The keys a table understands by itself, for help. Put them after the screen's own bindings.
    public static var bindings: [KeyBinding] {
        [
            KeyBinding(["j", "down"], "Down", "table.down", prominence: .help),
            KeyBinding(["k", "up"], "Up", "table.up", prominence: .help),
            KeyBinding(["pgdn", "ctrl+f", "ctrl+d"], "Page down", "table.pageDown", prominence: .help),
            KeyBinding(["pgup", "ctrl+b", "ctrl+u"], "Page up", "table.pageUp", prominence: .help),
            KeyBinding(["g", "home"], "First row", "table.first", prominence: .help),
            KeyBinding(["G", "end"], "Last row", "table.last", prominence: .help),
            KeyBinding(["/"], "Filter", "table.filter", help: "Filter the list: text, !text not, ~regular expression"),
            KeyBinding(
                ["space"], "Mark", "table.mark", help: "Mark the row; actions then work on all marked",
                prominence: .help),
            KeyBinding(
                ["*"], "Mark all", "table.markAll", help: "Mark all rows that are shown; again: none of them",
                prominence: .help),
            KeyBinding(
                ["V"], "Invert marks", "table.invertMarks", help: "Mark what is not marked, and the other way around",
                prominence: .help),
            KeyBinding(["s"], "Sort", "table.sort", help: "Sort by the next column", prominence: .help),
            KeyBinding(["S"], "Reverse", "table.reverse", help: "Turn the order around", prominence: .help),
        ]
    }

    /// Does what one of `Table.bindings` names; returns whether it was one of them.
    public mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "table.down": select(index: selectedIndex + 1)
        case "table.up": select(index: selectedIndex - 1)
        case "table.pageDown": select(index: selectedIndex + viewport.page)
        case "table.pageUp": select(index: selectedIndex - viewport.page)
        case "table.first": select(index: 0)
        case "table.last": select(index: count - 1)
        case "table.filter": filterField = TextField(filter.pattern)
        case "table.mark": toggleMark()
        case "table.markAll": markAllShown()
        case "table.invertMarks": invertMarks()
        case "table.sort": sortByNext()
        case "table.reverse": if let sortColumn { sort(by: sortColumn) }
        default: return false
        }
        return true
    }

    /// Returns whether the input meant something to the table. Enter and Esc are the screen's, except in the filter line,
    /// and Esc clears a filter first.
    public mutating func handle(_ input: WidgetInput) -> Bool {
        if filterField != nil, handleFilter(input) { return true }
        switch input {
        case .paste: return false
        case .mouse(let hit): return handleMouse(hit)
        case .key(.escape):
            if !filter.pattern.isEmpty {
                setFilter("")
            } else if !marked.isEmpty {
                clearMarks()
            } else {
                return false
            }
            return true
        case .key(let key):
            guard let binding = Self.bindings.binding(for: key) else { return false }
            return perform(binding.action)
        }
    }

    private mutating func handleFilter(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(.enter), .key(.down), .key(.up):
            filterField = nil
            return true
        case .key(.escape):
            filterField = nil
            setFilter("")
            return true
        case .mouse: return false
        default:
            let used = filterField?.handle(input) ?? false
            if used, let text = filterField?.text { setFilter(text) }
            return used
        }
    }

    private mutating func handleMouse(_ hit: MouseHit) -> Bool {
        guard hit.region == id else { return false }
        switch hit.event.kind {
        case .wheelUp: select(index: selectedIndex - 3)
        case .wheelDown: select(index: selectedIndex + 3)
        case .press, .doublePress:
            if hit.position.y == 0 { return sort(atColumn: hit.position.x) }
            let index = viewport.top + hit.position.y - 1
            guard index < count else { return true }
            selectedIndex = index
            // A double press opens: the screen sees it as Enter.
            return hit.event.kind == .press
        default: return false
        }
        return true
    }

    private mutating func sort(atColumn x: Int) -> Bool {
        for slot in layout(width: viewport.width) where x >= slot.x && x < slot.x + slot.width {
            sort(by: slot.column)
        }
        return true
    }
}
