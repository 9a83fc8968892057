/// A row of tabs, chosen by number or with `{` and `}`.
public struct Tabs: Hashable, Sendable {
    public var titles: [String]
    public private(set) var selected: Int
    public let id: String
    /// Without numbers: tabs within a tab, where the numbers choose among the outer ones.
    public let isNumbered: Bool

    public init(_ titles: [String], selected: Int = 0, id: String = "tabs", isNumbered: Bool = true) {
        self.titles = titles
        self.isNumbered = isNumbered
        self.selected = max(0, min(selected, titles.count - 1))
        self.id = id
    }

    public var selectedTitle: String { titles.indices.contains(selected) ? titles[selected] : "" }

    public mutating func select(_ index: Int) {
        if titles.indices.contains(index) { selected = index }
    }

    /// One binding a tab, so that help lists them by name, and two that go around.
    public var bindings: [KeyBinding] {
        titles.prefix(isNumbered ? 9 : 0).enumerated().map { index, title in
            KeyBinding(
                [Key(.character(Character(String(index + 1))))], title, ActionID("\(id).\(index)"), prominence: .help)
        } + [
            KeyBinding(["}"], "Next tab", ActionID("\(id).next"), prominence: .help),
            KeyBinding(["{"], "Previous tab", ActionID("\(id).previous"), prominence: .help),
        ]
    }

    /// Does what one of `bindings` names; returns whether it was one of them.
    public mutating func perform(_ action: ActionID) -> Bool {
        guard action.name.hasPrefix(id + "."), !titles.isEmpty else { return false }
        switch action.name.dropFirst(id.count + 1) {
        case "next": selected = (selected + 1) % titles.count
        case "previous": selected = (selected + titles.count - 1) % titles.count
        case let number:
            guard let index = Int(number) else { return false }
            select(index)
        }
        return true
    }

    /// Returns whether the input changed or confirmed the tab. Hand it the input before the pane below.
    public mutating func handle(_ input: WidgetInput) -> Bool {
        switch input {
        case .key(let key):
            return bindings.binding(for: key).map { perform($0.action) } ?? false
        case .mouse(let hit):
            guard hit.event.kind == .press, let region = hit.region, region.hasPrefix(id + "."),
                let index = Int(region.dropFirst(id.count + 1))
            else { return false }
            select(index)
            return true
        case .paste: return false
        }
    }

    /// Draws on the first row. When they do not all fit, numbers stay and titles far from the selected one go.
    public func render(on surface: Surface) {
        let full = titles.indices.map { widthOf($0, short: false) }
        var isShort = [Bool](repeating: false, count: titles.count)
        var total = full.reduce(0, +) + max(0, titles.count - 1)
        let farFirst = titles.indices.sorted { abs($0 - selected) > abs($1 - selected) }
        for index in farFirst where total > surface.width && index != selected {
            isShort[index] = true
            total -= full[index] - widthOf(index, short: true)
        }
        var x = 0
        for index in titles.indices {
            let width = widthOf(index, short: isShort[index])
            let isSelected = index == selected
            let tab = surface.part(Rect(x: x, y: 0, width: width, height: 1))
            let background: Role = isSelected ? .selection : .background
            tab.fill(Style(.text, on: background))
            var column = 1
            if index < 9, isNumbered {
                column = tab.write("\(index + 1)", x: 1, y: 0, Style(isSelected ? .accent : .key, on: background)) + 1
            }
            if !isShort[index] {
                tab.write(
                    titles[index], x: column, y: 0,
                    Style(isSelected ? .title : .dim, on: background, isSelected ? .bold : []))
            }
            tab.region("\(id).\(index)")
            x += width + 1
        }
    }

    private func widthOf(_ index: Int, short: Bool) -> Int {
        let number = index < 9 && isNumbered ? 2 : 0
        return short ? number + 1 : titles[index].columns + number + 2
    }
}
