/// Something the palette can do or open.
public struct PaletteItem: Hashable, Sendable {
    public enum Choice: Hashable, Sendable {
        /// An action of the screen below, or of the shell.
        case action(ActionID)
        /// A screen of the catalogue.
        case screen(String, arguments: [String])
    }

    public var choice: Choice
    public var title: String
    /// The group it is listed under while nothing is typed.
    public var group: String
    public var detail: String
    public var key: Key?
    public var availability: Availability

    public init(
        _ choice: Choice, _ title: String, group: String, detail: String = "", key: Key? = nil,
        availability: Availability = .enabled
    ) {
        self.choice = choice
        self.title = title
        self.group = group
        self.detail = detail
        self.key = key
        self.availability = availability
    }
}

/// A list of everything, narrowed by a few typed letters and browsable as it is.
public struct Palette: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case open, cancelled
        case chosen(PaletteItem)
        /// Enter on text that names nothing here, for the shell to try as an address.
        case typed(String)
    }

    private struct Entry: Hashable {
        let item: PaletteItem
        let positions: [Int]
    }

    public private(set) var items: [PaletteItem]
    private var field = TextField(placeholder: "Go to a screen or do something")
    private var entries: [Entry] = []
    public private(set) var selectedIndex = 0
    private let viewport = Viewport()

    public init(_ items: [PaletteItem]) {
        self.items = items
        narrow()
    }

    public var query: String { field.text }
    public var selected: PaletteItem? { entries[safe: selectedIndex]?.item }
    public var matches: [PaletteItem] { entries.map(\.item) }

    private mutating func narrow() {
        let pattern = field.text
        if pattern.isEmpty {
            entries = items.map { Entry(item: $0, positions: []) }
        } else {
            let ranked = items.enumerated().compactMap { index, item -> (score: Int, index: Int, entry: Entry)? in
                if let match = FuzzyMatch.match(pattern, in: item.title) {
                    return (match.score, index, Entry(item: item, positions: match.positions))
                }
                // Elsewhere only whole words count: scattered letters are found in any sentence.
                let whole = "\(item.group) \(item.title) \(item.detail)".lowercased()
                let words = pattern.lowercased().split(separator: " ")
                guard words.allSatisfy({ whole.contains($0) }) else { return nil }
                return (0, index, Entry(item: item, positions: []))
            }
            entries = ranked.sorted { ($0.score, $1.index) > ($1.score, $0.index) }.map(\.entry)
        }
        selectedIndex = 0
    }

    public mutating func handle(_ input: WidgetInput) -> Outcome {
        switch input {
        case .key(.escape), .key(.control("c")): return .cancelled
        case .key(.enter):
            guard let item = selected else { return field.text.isEmpty ? .open : .typed(field.text) }
            if case .screen(let id, _) = item.choice, field.text.hasPrefix(id + " ") { return .typed(field.text) }
            return item.availability.isEnabled ? .chosen(item) : .open
        case .key(.down), .key(.tab), .key(.control("n")), .key(.control("j")): move(1)
        case .key(.up), .key(.backTab), .key(.control("p")): move(-1)
        case .key(.pageDown): move(viewport.page)
        case .key(.pageUp): move(-viewport.page)
        case .mouse(let hit):
            switch hit.event.kind {
            case .wheelDown: move(3)
            case .wheelUp: move(-3)
            case .press:
                guard hit.region == "palette" else { return .cancelled }
                let index = viewport.top + hit.position.y
                if let entry = entries[safe: index], entry.item.availability.isEnabled { return .chosen(entry.item) }
            default: break
            }
        default:
            let before = field.text
            _ = field.handle(input)
            if field.text != before { narrow() }
        }
        return .open
    }

    private mutating func move(_ step: Int) {
        selectedIndex = max(0, min(selectedIndex + step, entries.count - 1))
    }

    public func render(on surface: Surface) {
        let size = Size(width: min(surface.width - 4, 76), height: min(surface.height - 2, 26))
        let inside = surface.popup(
            "Palette", size: size, note: StyledLine("\(entries.count.grouped) of \(items.count.grouped)", .dim))
        guard inside.height > 3 else { return }
        inside.write("›", x: 1, y: 0, Style(.accent, on: .popup, .bold))
        field.render(
            on: inside.part(Rect(x: 3, y: 0, width: inside.width - 4, height: 1)), focused: true,
            style: Style(.text, on: .popup))
        inside.horizontalLine(y: 1, Style(.border, on: .popup))
        let list = inside.part(Rect(x: 0, y: 2, width: inside.width, height: inside.height - 2))
        list.region("palette")
        viewport.record(top: viewport.top, height: list.height, width: list.width)
        let top = viewport.follow(selectedIndex, visible: list.height, total: entries.count)
        for y in 0..<max(0, min(list.height, entries.count - top)) { draw(top + y, on: list, y: y) }
        if entries.isEmpty {
            list.write("Nothing matches. Enter tries it as a screen's name.", x: 3, y: 1, Style(.dim, on: .popup))
        }
        list.scrollBar(top: top, visible: list.height, total: entries.count, x: list.width - 1, height: list.height)
    }

    private func draw(_ index: Int, on list: Surface, y: Int) {
        let entry = entries[index]
        let isSelected = index == selectedIndex
        let background: Role = isSelected ? .selection : .popup
        let row = list.part(Rect(x: 0, y: y, width: list.width - 1, height: 1))
        row.fill(Style(.text, on: background))
        if isSelected { row.write("›", x: 1, y: 0, Style(.accent, on: background)) }
        let isNewGroup = !field.text.isEmpty || index == 0 || entries[index - 1].item.group != entry.item.group
        if isNewGroup { row.write(entry.item.group, x: 3, y: 0, width: 15, Style(.dim, on: background)) }
        let enabled = entry.item.availability.isEnabled
        let title = entry.item.title
        let key = entry.item.key?.description ?? ""
        let keyWidth = key.isEmpty ? 0 : key.columns + 2
        let room = max(0, row.width - 20 - keyWidth)
        let end = row.write(title.clipped(to: room), x: 19, y: 0, Style(enabled ? .text : .disabled, on: background))
        for position in entry.positions {
            let x = 19 + String(title.prefix(position)).columns
            guard x < end else { break }
            row.restyle(Rect(x: x, y: 0, width: 1, height: 1)) { style in
                style.foreground = .accent
                style.attributes.insert(.bold)
            }
        }
        let detail = entry.item.availability.reason ?? entry.item.detail
        row.write(
            detail, x: end + 2, y: 0, width: max(0, row.width - end - 3 - keyWidth), align: .right,
            Style(enabled ? .dim : .disabled, on: background))
        if !key.isEmpty { row.write(key, x: row.width - key.columns - 1, y: 0, Style(.key, on: background)) }
    }
}
