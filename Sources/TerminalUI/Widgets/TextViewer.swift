/// Text of any size to read: wraps or scrolls sideways, searches, and can follow its end as a live tail does.
public struct TextViewer: Sendable {
    public let id: String
    private var lines: [StyledLine]
    /// First visible line, and which of its wrapped rows.
    private var top = 0
    private var topRow = 0
    private var left = 0
    public var wraps = true
    /// Long lines break between words: for prose. Else they break where the room ends, as output of programs does.
    public var breaksAtWords = false
    /// Stays at the end while lines are appended; scrolling up ends it and `G` resumes it.
    public var follows = false
    public private(set) var search = TextSearch()
    public var emptyText = ""
    private let viewport = Viewport()

    public init(_ text: String = "", id: String = "text") {
        self.id = id
        lines = Self.split(text)
    }

    public init(lines: [StyledLine], id: String = "text") {
        self.id = id
        self.lines = lines
    }

    private static func split(_ text: String) -> [StyledLine] {
        if text.isEmpty { return [] }
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }
            .map { StyledLine(expandTabs(String($0))) }
    }

    private static func expandTabs(_ line: String) -> String {
        guard line.utf8.contains(0x09) else { return line }
        var result = ""
        var column = 0
        for character in line {
            let count = character == "\t" ? 8 - column % 8 : 1
            result += character == "\t" ? String(repeating: " ", count: count) : String(character)
            column += count
        }
        return result
    }

    public var text: String {
        get { lines.map(\.text).joined(separator: "\n") }
        set { setLines(Self.split(newValue)) }
    }

    public var lineCount: Int { lines.count }
    public var capturesText: Bool { search.capturesText }
    public var handlesEscape: Bool { search.isActive }

    public mutating func setLines(_ new: [StyledLine]) {
        lines = new
        top = min(top, max(0, lines.count - 1))
        find()
        if follows { goToEnd() }
    }

    /// Adds to the end, forgetting the oldest lines beyond `limit`.
    public mutating func append(_ new: [StyledLine], limit: Int = 100_000) {
        lines += new
        if lines.count > limit {
            let dropped = lines.count - limit
            lines.removeFirst(dropped)
            top = max(0, top - dropped)
        }
        if search.isActive { find() }
        if follows { goToEnd() }
    }

    public static let bindings: [KeyBinding] = [
        KeyBinding(["j", "down"], "Down", "text.down", prominence: .help),
        KeyBinding(["k", "up"], "Up", "text.up", prominence: .help),
        KeyBinding(["pgdn", "ctrl+f", "ctrl+d"], "Page down", "text.pageDown", prominence: .help),
        KeyBinding(["pgup", "ctrl+b", "ctrl+u"], "Page up", "text.pageUp", prominence: .help),
        KeyBinding(["g", "home"], "Start", "text.start", prominence: .help),
        KeyBinding(
            ["G", "end"], "End", "text.end", help: "Go to the end, and stay there as lines arrive", prominence: .help),
        KeyBinding(["W"], "Wrap", "text.wrap", help: "Wrap long lines, or scroll sideways with ← →", prominence: .help),
        KeyBinding(["/"], "Search", "text.search", help: "Search; n and N go to the next and the previous hit"),
    ]

    public mutating func perform(_ action: ActionID) -> Bool {
        switch action.name {
        case "text.down": scroll(1)
        case "text.up": scroll(-1)
        case "text.pageDown": scroll(viewport.page)
        case "text.pageUp": scroll(-viewport.page)
        case "text.start":
            (top, topRow, follows) = (0, 0, false)
        case "text.end":
            goToEnd()
            follows = true
        case "text.wrap":
            wraps.toggle()
            (topRow, left) = (0, 0)
        case "text.search": search.begin()
        default: return false
        }
        return true
    }

    public mutating func handle(_ input: WidgetInput) -> Bool {
        if let change = search.handle(input) {
            switch change {
            case .none: break
            case .pattern: find()
            case .hit: showHit()
            }
            return true
        }
        switch input {
        case .mouse(let hit) where hit.region == id && hit.event.kind == .wheelUp: scroll(-3)
        case .mouse(let hit) where hit.region == id && hit.event.kind == .wheelDown: scroll(3)
        case .key(.right) where !wraps, .key("l") where !wraps: left += 8
        case .key(.left) where !wraps, .key("h") where !wraps: left = max(0, left - 8)
        case .key(let key):
            guard let binding = Self.bindings.binding(for: key) else { return false }
            return perform(binding.action)
        default: return false
        }
        return true
    }

    private mutating func find() {
        let matches = search.matcher()
        search.found(lines.indices.filter { matches(lines[$0].text) }, from: top)
        showHit()
    }

    private mutating func showHit() {
        guard let line = search.currentLine else { return }
        follows = false
        if line < top || line >= top + viewport.height {
            (top, topRow) = (max(0, line - viewport.height / 3), 0)
        }
    }

    private func rowCount(_ line: Int) -> Int {
        guard wraps else { return 1 }
        if breaksAtWords { return pieces(of: lines[line], width: viewport.width).count }
        let columns = lines[line].columns
        return max(1, (columns + viewport.width - 1) / viewport.width)
    }

    private mutating func scroll(_ rows: Int) {
        if follows { goToEnd() }
        if rows < 0 { follows = false }
        var left = abs(rows)
        while left > 0 {
            if rows > 0 {
                if isAtEnd { break }
                if topRow + 1 < rowCount(top) {
                    topRow += 1
                } else {
                    (top, topRow) = (top + 1, 0)
                }
            } else if topRow > 0 {
                topRow -= 1
            } else if top > 0 {
                top -= 1
                topRow = rowCount(top) - 1
            } else {
                break
            }
            left -= 1
        }
    }

    private var isAtEnd: Bool {
        guard !lines.isEmpty else { return true }
        var rows = -topRow
        var line = top
        while line < lines.count {
            rows += rowCount(line)
            if rows > viewport.height { return false }
            line += 1
        }
        return true
    }

    private mutating func goToEnd() { (top, topRow) = endPosition() }

    /// The first line and row of the last screenful, by the size last drawn.
    private func endPosition() -> (line: Int, row: Int) {
        var rows = 0
        var line = lines.count
        while line > 0, rows < viewport.height {
            line -= 1
            rows += rowCount(line)
        }
        return (max(0, line), max(0, rows - viewport.height))
    }
}

extension TextViewer {
    public func render(on surface: Surface, focused: Bool = true) {
        let showsSearch = search.isActive && surface.height > 2
        let area = surface.part(Rect(x: 0, y: 0, width: surface.width, height: surface.height - (showsSearch ? 1 : 0)))
        guard area.width > 2, area.height > 0 else { return }
        area.region(id)
        let width = area.width - 1
        viewport.record(top: top, height: area.height, width: width)
        if lines.isEmpty {
            area.write(emptyText, x: 0, y: area.height / 2, width: area.width, align: .centre, Style(.dim))
        }
        var y = 0
        var (line, skip) = follows ? endPosition() : (top, topRow)
        let first = line
        while y < area.height, line < lines.count {
            let marks = search.isActive ? search.ranges(in: lines[line].text) : []
            let isCurrent = search.currentLine == line
            for piece in pieces(of: lines[line], width: width).dropFirst(skip) where y < area.height {
                area.write(piece.line, x: wraps ? 0 : -left, y: y)
                for mark in marks {
                    mark.intersectionColumns(piece, of: lines[line].text).map { range in
                        area.restyle(
                            Rect(x: range.lowerBound - (wraps ? 0 : left), y: y, width: range.count, height: 1)
                        ) {
                            $0.background = isCurrent ? .matchCurrent : .match
                        }
                    }
                }
                y += 1
            }
            skip = 0
            line += 1
        }
        area.scrollBar(
            top: first, visible: max(1, line - first), total: lines.count, x: area.width - 1, height: area.height)
        if focused, !search.capturesText { area.placeCursor(x: 0, y: 0) }
        if showsSearch {
            search.render(on: surface.part(Rect(x: 0, y: surface.height - 1, width: surface.width, height: 1)))
        }
    }

    private func pieces(of line: StyledLine, width: Int) -> [LinePiece] {
        wraps
            ? LinePiece.chop(line, to: width, atWords: breaksAtWords)
            : [LinePiece(line: line, start: 0, columns: line.columns)]
    }
}

/// One row of a wrapped line.
struct LinePiece {
    var line: StyledLine
    /// First column of the whole line that is on this row.
    var start: Int
    var columns: Int

    /// Cuts a line into rows of at most `width` columns, keeping styles. Never empty.
    static func chop(_ line: StyledLine, to width: Int, atWords: Bool = false) -> [LinePiece] {
        guard line.columns > width, width > 1 else { return [LinePiece(line: line, start: 0, columns: line.columns)] }
        let glyphs = line.spans.flatMap { span in GlyphRun(span.text).map { (glyph: $0, style: span.style) } }
        var pieces: [LinePiece] = []
        var column = 0
        var first = 0
        while first < glyphs.count {
            var end = first
            var used = 0
            var word: (end: Int, used: Int)?
            while end < glyphs.count, used + glyphs[end].glyph.width <= width {
                used += glyphs[end].glyph.width
                end += 1
                if atWords, glyphs[end - 1].glyph.text == " " { word = (end, used) }
            }
            if end < glyphs.count, let word { (end, used) = word }
            var current = StyledLine()
            for part in glyphs[first..<end] {
                if let last = current.spans.indices.last, current.spans[last].style == part.style {
                    current.spans[last].text += part.glyph.text
                } else {
                    current.append(part.glyph.text, part.style)
                }
            }
            pieces.append(LinePiece(line: current, start: column, columns: used))
            column += used
            first = end
        }
        return pieces
    }
}

extension Range<Int> {
    /// This range of characters of `text` as columns within a row, if any of it is on it.
    func intersectionColumns(_ piece: LinePiece, of text: String) -> Range<Int>? {
        let from = String(text.prefix(lowerBound)).columns - piece.start
        let to = String(text.prefix(upperBound)).columns - piece.start
        let low = Swift.max(0, from)
        let high = Swift.min(piece.columns, to)
        return low < high ? low..<high : nil
    }
}
