/// One thing that can be chosen in a menu.
public struct MenuItem: Hashable, Sendable {
    public var action: ActionID
    public var title: String
    public var detail: String
    public var key: Key?
    public var availability: Availability
    public var isDestructive: Bool

    public init(
        _ action: ActionID, _ title: String, detail: String = "", key: Key? = nil,
        availability: Availability = .enabled, destructive: Bool = false
    ) {
        self.action = action
        self.title = title
        self.detail = detail
        self.key = key
        self.availability = availability
        isDestructive = destructive
    }

    public init(_ binding: KeyBinding) {
        self.init(
            binding.action, binding.help.isEmpty ? binding.title : binding.help, key: binding.keys.first,
            availability: binding.availability, destructive: binding.isDestructive)
    }
}

/// A list of actions. A disabled one is shown with its reason and cannot be chosen.
public struct Menu: Hashable, Sendable {
    public var title: String
    public private(set) var items: [MenuItem]
    public private(set) var selected: Int
    private let viewport = Viewport()

    public enum Outcome: Hashable, Sendable {
        case open, cancelled
        case chosen(ActionID)
    }

    public init(_ title: String, _ items: [MenuItem]) {
        self.title = title
        self.items = items.filter { !$0.isDestructive } + items.filter(\.isDestructive)
        selected = self.items.firstIndex { $0.availability.isEnabled } ?? 0
    }

    public mutating func handle(_ input: WidgetInput) -> Outcome {
        switch input {
        case .paste: return .open
        case .mouse(let hit):
            switch hit.event.kind {
            case .wheelUp: move(-1)
            case .wheelDown: move(1)
            case .press:
                guard hit.region == "menu" else { return hit.region == nil ? .cancelled : .open }
                let index = viewport.top + hit.position.y
                guard items.indices.contains(index) else { return .open }
                selected = index
                return choose()
            default: break
            }
            return .open
        case .key(let key):
            switch key {
            case .escape, "q": return .cancelled
            case .up, "k", .backTab: move(-1)
            case .down, "j", .tab: move(1)
            case .home, "g": selected = 0
            case .end, "G": selected = max(0, items.count - 1)
            case .enter, .space: return choose()
            default:
                if let index = items.firstIndex(where: { $0.key == key }) {
                    selected = index
                    return choose()
                }
            }
            return .open
        }
    }

    private mutating func move(_ step: Int) {
        guard !items.isEmpty else { return }
        selected = (selected + step + items.count) % items.count
    }

    private func choose() -> Outcome {
        guard items.indices.contains(selected), items[selected].availability.isEnabled else { return .open }
        return .chosen(items[selected].action)
    }

    public func render(on surface: Surface) {
        let widest = items.map { $0.title.columns + ($0.availability.reason ?? $0.detail).columns }.max() ?? 0
        let width = min(surface.width - 4, max(36, widest + 14, title.columns + 8))
        let height = max(0, min(items.count, surface.height - 4))
        let inside = surface.popup(title, size: Size(width: width, height: height + 2))
        let list = inside.part(Rect(x: 0, y: 0, width: inside.width, height: height))
        list.region("menu")
        let top = viewport.follow(selected, visible: height, total: items.count)
        for row in 0..<height where top + row < items.count {
            draw(items[top + row], isSelected: top + row == selected, on: list, y: row)
        }
        list.scrollBar(top: top, visible: height, total: items.count, x: list.width - 1, height: height)
        if height > 0 { list.placeCursor(x: 1, y: selected - top) }
    }

    private func draw(_ item: MenuItem, isSelected: Bool, on list: Surface, y: Int) {
        let background: Role = isSelected ? .selection : .popup
        let row = list.part(Rect(x: 0, y: y, width: list.width, height: 1))
        row.fill(Style(.text, on: background))
        let enabled = item.availability.isEnabled
        row.write(isSelected ? "›" : " ", x: 0, y: 0, Style(.accent, on: background))
        row.write(item.key?.description ?? "", x: 2, y: 0, width: 5, Style(enabled ? .key : .disabled, on: background))
        let role: Role = enabled ? (item.isDestructive ? .failure : .text) : .disabled
        let note = item.availability.reason ?? item.detail
        // Why something cannot be done is worth more than the end of what it would do.
        let room = row.width - 8 - (enabled ? 0 : note.columns + 3)
        let end = row.write(item.title.clipped(to: max(8, room)), x: 8, y: 0, Style(role, on: background))
        if !note.isEmpty {
            row.write(
                note, x: end + 2, y: 0, width: max(0, row.width - end - 3), align: .right,
                Style(enabled ? .dim : .disabled, on: background))
        }
    }
}
