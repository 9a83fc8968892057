/// A label and its value, or the heading of what follows.
public struct KeyValue: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case value(StyledLine)
        case heading
    }

    public var label: String
    public var content: Content

    public init(_ label: String, _ value: StyledLine) {
        self.label = label
        content = .value(value)
    }

    public init(_ label: String, text: String, _ role: Role = .text) {
        self.init(label, StyledLine(text, role))
    }

    public static func heading(_ title: String) -> KeyValue {
        var item = KeyValue(title, "")
        item.content = .heading
        return item
    }

    public var value: String {
        if case .value(let line) = content { return line.text }
        return ""
    }
}

/// Details of one thing: labels in a column, values next to them, wrapped and never cut. One value is selected, for `y`.
public struct KeyValueList: Sendable {
    public let id: String
    public var items: [KeyValue] {
        didSet { selectedIndex = nearestValue(to: min(selectedIndex, max(0, items.count - 1)), step: 1) }
    }
    public private(set) var selectedIndex = 0
    public var emptyText: String
    private let viewport = Viewport()

    public init(id: String = "details", _ items: [KeyValue] = [], empty: String = "Loading…") {
        self.id = id
        self.items = items
        emptyText = empty
        selectedIndex = nearestValue(to: 0, step: 1)
    }

    public var selected: KeyValue? {
        guard items.indices.contains(selectedIndex), items[selectedIndex].content != .heading else { return nil }
        return items[selectedIndex]
    }

    public static let bindings: [KeyBinding] = [
        KeyBinding(["j", "down"], "Down", "details.down", prominence: .help),
        KeyBinding(["k", "up"], "Up", "details.up", prominence: .help),
        KeyBinding(["pgdn", "ctrl+f", "ctrl+d"], "Page down", "details.pageDown", prominence: .help),
        KeyBinding(["pgup", "ctrl+b", "ctrl+u"], "Page up", "details.pageUp", prominence: .help),
        KeyBinding(["g", "home"], "First", "details.first", prominence: .help),
        KeyBinding(["G", "end"], "Last", "details.last", prominence: .help),
    ]

    public mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "details.down": move(1)
        case "details.up": move(-1)
        case "details.pageDown": move(viewport.page)
        case "details.pageUp": move(-viewport.page)
        case "details.first": selectedIndex = nearestValue(to: 0, step: 1)
        case "details.last": selectedIndex = nearestValue(to: items.count - 1, step: -1)
        default: return false
        }
        return true
    }

    public mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(let key):
            guard let binding = Self.bindings.binding(for: key) else { return false }
            return perform(binding.action)
        case .mouse(let hit) where hit.region == id:
            switch hit.event.kind {
            case .wheelUp: move(-3)
            case .wheelDown: move(3)
            case .press:
                let row = viewport.top + hit.position.y
                var y = 0
                for (index, rows) in layout(width: viewport.width).enumerated() {
                    if row >= y, row < y + rows.count, items[index].content != .heading { selectedIndex = index }
                    y += rows.count
                }
            default: return false
            }
            return true
        default: return false
        }
    }

    private mutating func move(_ step: Int) {
        guard !items.isEmpty else { return }
        let target = max(0, min(selectedIndex + step, items.count - 1))
        selectedIndex = nearestValue(to: target, step: step > 0 ? 1 : -1)
    }

    /// The first item that is no heading, from `index` on in one direction, else in the other.
    private func nearestValue(to index: Int, step: Int) -> Int {
        for direction in [step, -step] {
            var at = index
            while items.indices.contains(at) {
                if items[at].content != .heading { return at }
                at += direction
            }
        }
        return 0
    }

    private var labelWidth: Int {
        min(26, items.reduce(8) { $1.content == .heading ? $0 : max($0, $1.label.columns) })
    }

    /// Rows of each item at a width; a heading has a blank row before it, except the first.
    private func layout(width: Int) -> [[LinePiece]] {
        let room = max(10, width - labelWidth - 5)
        return items.enumerated().map { index, item in
            let blank = LinePiece(line: "", start: 0, columns: 0)
            switch item.content {
            case .heading: return index == 0 ? [blank] : [blank, blank]
            case .value(let line): return LinePiece.chop(line.isEmpty ? StyledLine("–", .faint) : line, to: room)
            }
        }
    }

    public func render(on surface: Surface, focused: Bool = true) {
        surface.region(id)
        guard surface.width > 10, surface.height > 0 else { return }
        if items.isEmpty {
            surface.write(emptyText, x: 0, y: surface.height / 2, width: surface.width, align: .centre, Style(.dim))
            return
        }
        let rows = layout(width: surface.width)
        var offsets: [Int] = []
        var total = 0
        for pieces in rows {
            offsets.append(total)
            total += pieces.count
        }
        viewport.record(top: viewport.top, height: surface.height, width: surface.width)
        let isFirst = selectedIndex == nearestValue(to: 0, step: 1)
        _ = viewport.follow(
            offsets[selectedIndex] + rows[selectedIndex].count - 1, visible: surface.height, total: total)
        let top = viewport.follow(isFirst ? 0 : offsets[selectedIndex], visible: surface.height, total: total)
        let labels = labelWidth
        for (index, item) in items.enumerated() {
            let y = offsets[index] - top
            guard y + rows[index].count > 0, y < surface.height else { continue }
            if item.content == .heading {
                let last = y + rows[index].count - 1
                let end = surface.write(item.label, x: 1, y: last, Style(.title, .bold))
                surface.horizontalLine(y: last, from: end + 1, to: surface.width - 2)
                continue
            }
            let isSelected = focused && index == selectedIndex
            if isSelected {
                surface.write("›", x: 0, y: y, Style(.accent))
                surface.placeCursor(x: 0, y: y)
            }
            surface.write(item.label, x: 2, y: y, width: labels, Style(isSelected ? .text : .dim))
            for (row, piece) in rows[index].enumerated() { surface.write(piece.line, x: labels + 4, y: y + row) }
        }
        surface.scrollBar(top: top, visible: surface.height, total: total, x: surface.width - 1, height: surface.height)
    }
}
