/// JSON to read: coloured, folded, searched, of any size. What is not JSON is shown as the text it is, with the reason.
public struct JSONViewer: Sendable {
    public let id: String
    private var outline: JSONOutline?
    private var plain: TextViewer
    public private(set) var text: String
    /// Why the text is not JSON.
    public private(set) var error: TextSyntaxError?
    private var folded: Set<Int> = []
    /// Lines that no folded container hides.
    private var visible: [Int] = []
    /// Position among the visible lines.
    private var cursor = 0
    private var search = TextSearch()
    public var emptyText = "Nothing here."
    private let viewport = Viewport()

    public init(_ text: String = "", id: String = "json") {
        self.id = id
        self.text = ""
        plain = TextViewer(id: id)
        set(text)
    }

    /// Shows another text; folds and position start anew unless it is the same.
    public mutating func set(_ new: String) {
        guard new != text || visible.isEmpty else { return }
        text = new
        folded = []
        cursor = 0
        search.clear()
        outline = nil
        error = nil
        visible = []
        guard !new.isEmpty else {
            plain = TextViewer(id: id)
            return
        }
        do {
            let parsed = try JSONOutline(new)
            outline = parsed
            visible = Array(parsed.lines.indices)
        } catch {
            self.error = error
            plain = TextViewer(new, id: id)
        }
    }

    public var capturesText: Bool { outline == nil ? plain.capturesText : search.capturesText }
    public var handlesEscape: Bool { outline == nil ? plain.handlesEscape : search.isActive }
    private var line: Int? { visible.indices.contains(cursor) ? visible[cursor] : nil }

    /// JSONPath of the line under the cursor.
    public var selectedPath: String? { line.flatMap { outline?.path($0) } }
    /// JSON of the value under the cursor.
    public var selectedValue: String? { line.flatMap { outline?.value($0) } }

    public static let bindings: [KeyBinding] = [
        KeyBinding(["j", "down"], "Down", "json.down", prominence: .help),
        KeyBinding(["k", "up"], "Up", "json.up", prominence: .help),
        KeyBinding(["pgdn", "ctrl+f", "ctrl+d"], "Page down", "json.pageDown", prominence: .help),
        KeyBinding(["pgup", "ctrl+b", "ctrl+u"], "Page up", "json.pageUp", prominence: .help),
        KeyBinding(["g", "home"], "Start", "json.start", prominence: .help),
        KeyBinding(["G", "end"], "End", "json.end", prominence: .help),
        KeyBinding(["right", "l"], "Unfold", "json.unfold", prominence: .help),
        KeyBinding(["left", "h"], "Fold", "json.fold", help: "Fold, or go to the enclosing value", prominence: .help),
        KeyBinding(["space", "z"], "Fold", "json.toggle", help: "Fold or unfold"),
        KeyBinding(["-"], "Fold all", "json.foldAll", help: "Fold all below the top level", prominence: .help),
        KeyBinding(["+", "="], "Unfold all", "json.unfoldAll", prominence: .help),
        KeyBinding(["/"], "Search", "json.search", help: "Search; n and N go to the next and the previous hit"),
    ]

    public mutating func perform(_ action: ActionID) -> Bool {
        guard Self.bindings.contains(where: { $0.action == action }) else { return false }
        guard let outline else { return plain.perform(ActionID("text." + action.name.dropFirst(5))) }
        switch action.name {
        case "json.down": move(1)
        case "json.up": move(-1)
        case "json.pageDown": move(viewport.page)
        case "json.pageUp": move(-viewport.page)
        case "json.start": cursor = 0
        case "json.end": cursor = max(0, visible.count - 1)
        case "json.unfold": line.map { setFold($0, false) }
        case "json.fold": foldOrLeave(outline)
        case "json.toggle":
            if let line { setFold(line, !folded.contains(line)) }
        case "json.foldAll":
            let all = outline.lines.indices.filter { isContainer($0) && outline.lines[$0].depth > 0 }
            folded = Set(all)
            refold(keeping: line)
        case "json.unfoldAll":
            folded = []
            refold(keeping: line)
        case "json.search": search.begin()
        default: return false
        }
        return true
    }

    public mutating func handle(_ input: WidgetInput) -> Bool {
        guard outline != nil else { return plain.handle(input) }
        if let change = search.handle(input) {
            switch change {
            case .none: break
            case .pattern: find()
            case .hit: showHit()
            }
            return true
        }
        switch input {
        case .key(let key):
            guard let binding = Self.bindings.binding(for: key) else { return false }
            return perform(binding.action)
        case .mouse(let hit) where hit.region == id:
            switch hit.event.kind {
            case .wheelUp: move(-3)
            case .wheelDown: move(3)
            case .press:
                if let row = rowsOnScreen(height: viewport.height, width: viewport.width)[safe: hit.position.y] {
                    cursor = row.position
                }
            case .doublePress: return perform("json.toggle")
            default: return false
            }
            return true
        default: return false
        }
    }

    private mutating func move(_ step: Int) { cursor = max(0, min(cursor + step, visible.count - 1)) }

    private func isContainer(_ line: Int) -> Bool {
        if let outline, case .open(_, let close, _) = outline.lines[line].content { return close != line }
        return false
    }

    private mutating func setFold(_ line: Int, _ fold: Bool) {
        guard isContainer(line) else { return }
        if fold { folded.insert(line) } else { folded.remove(line) }
        refold(keeping: line)
    }

    private mutating func foldOrLeave(_ outline: JSONOutline) {
        guard let line else { return }
        if isContainer(line), !folded.contains(line) {
            setFold(line, true)
        } else if outline.lines[line].parent >= 0 {
            cursor = position(of: outline.lines[line].parent)
        }
    }

    private mutating func refold(keeping line: Int?) {
        guard let outline else { return }
        visible.removeAll(keepingCapacity: true)
        var index = 0
        while index < outline.lines.count {
            visible.append(index)
            if folded.contains(index), case .open(_, let close, _) = outline.lines[index].content { index = close }
            index += 1
        }
        cursor = line.map { position(of: $0) } ?? 0
    }

    /// The position of a line, or of the folded one that hides it.
    private func position(of line: Int) -> Int {
        var low = 0
        var high = visible.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if visible[middle] <= line { low = middle } else { high = middle - 1 }
        }
        return max(0, low)
    }

    private mutating func find() {
        guard let outline else { return }
        let matches = search.matcher()
        search.found(
            outline.lines.indices.filter { matches(outline.styled($0, isFolded: false).text) }, from: line ?? 0)
        showHit()
    }

    /// Unfolds whatever hides the hit.
    private mutating func showHit() {
        guard let outline, let hit = search.currentLine else { return }
        var parent = outline.lines[hit].parent
        var changed = false
        while parent >= 0 {
            if folded.remove(parent) != nil { changed = true }
            parent = outline.lines[parent].parent
        }
        if changed { refold(keeping: hit) } else { cursor = position(of: hit) }
    }

    // MARK: Drawing

    private struct ScreenRow {
        let position: Int
        let piece: LinePiece
        let isFirst: Bool
    }

    private static let gutter = 2

    private func pieces(_ position: Int, width: Int) -> [LinePiece] {
        guard let outline else { return [] }
        let line = visible[position]
        let indent = min(outline.lines[line].depth * 2, width / 2)
        return LinePiece.chop(
            outline.styled(line, isFolded: folded.contains(line)), to: max(8, width - indent - Self.gutter - 1))
    }

    /// The rows to draw: from the first visible line on, moved down until the cursor's line is whole.
    private func rowsOnScreen(height: Int, width: Int) -> [ScreenRow] {
        guard !visible.isEmpty else { return [] }
        var top = min(viewport.top, cursor)
        // From the cursor upwards as far as fits: the top cannot be above that.
        var rows = pieces(cursor, width: width).count
        var highest = cursor
        while highest > 0 {
            let more = pieces(highest - 1, width: width).count
            if rows + more > height { break }
            rows += more
            highest -= 1
        }
        top = max(top, highest)
        var result: [ScreenRow] = []
        var position = top
        while result.count < height, position < visible.count {
            for (index, piece) in pieces(position, width: width).enumerated() where result.count < height {
                result.append(ScreenRow(position: position, piece: piece, isFirst: index == 0))
            }
            position += 1
        }
        viewport.record(top: top, height: height, width: width)
        return result
    }

    public func render(on surface: Surface, focused: Bool = true) {
        guard surface.width > 12, surface.height > 0 else { return }
        if text.isEmpty {
            surface.write(emptyText, x: 0, y: surface.height / 2, width: surface.width, align: .centre, Style(.dim))
            return
        }
        guard let outline else { return renderPlain(on: surface, focused: focused) }
        let showsSearch = search.isActive && surface.height > 2
        let area = surface.part(Rect(x: 0, y: 0, width: surface.width, height: surface.height - (showsSearch ? 1 : 0)))
        area.region(id)
        for (y, row) in rowsOnScreen(height: area.height, width: area.width).enumerated() {
            let line = visible[row.position]
            let isCursor = row.position == cursor
            let indent = min(outline.lines[line].depth * 2, area.width / 2) + Self.gutter
            if isCursor {
                area.part(Rect(x: 0, y: y, width: area.width - 1, height: 1)).fill(
                    Style(.text, on: focused ? .selectionIdle : .background))
            }
            let background: Role = isCursor && focused ? .selectionIdle : .background
            if row.isFirst, isContainer(line) {
                area.write(
                    folded.contains(line) ? "▸" : "▾", x: indent - 2, y: y,
                    Style(isCursor ? .accent : .faint, on: background))
            }
            area.write(row.piece.line, x: indent, y: y, on: background)
            if search.isActive {
                let whole = outline.styled(line, isFolded: folded.contains(line)).text
                for mark in search.ranges(in: whole) {
                    guard let range = mark.intersectionColumns(row.piece, of: whole) else { continue }
                    area.restyle(Rect(x: indent + range.lowerBound, y: y, width: range.count, height: 1)) {
                        $0.background = search.currentLine == line ? .matchCurrent : .match
                    }
                }
            }
            if isCursor, row.isFirst, focused, !search.capturesText { area.placeCursor(x: indent, y: y) }
        }
        area.scrollBar(
            top: viewport.top, visible: area.height, total: visible.count, x: area.width - 1, height: area.height)
        if showsSearch {
            search.render(on: surface.part(Rect(x: 0, y: surface.height - 1, width: surface.width, height: 1)))
        }
    }

    private func renderPlain(on surface: Surface, focused: Bool) {
        let parts = surface.rows([.fill(), .fixed(1)])
        plain.render(on: parts[0], focused: focused)
        if let error {
            parts[1].write(
                "Not JSON: line \(error.line), column \(error.column): \(error.message)", x: 0, y: 0,
                width: surface.width, Style(.dim))
        }
    }
}

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
