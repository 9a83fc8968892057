/// The search line of a viewer: what is looked for, the line being typed, and which hit is current.
public struct TextSearch: Sendable, Hashable {
    public private(set) var pattern = ""
    /// The line while it is typed.
    var field: TextField?
    /// Lines with a hit, ascending.
    public internal(set) var hits: [Int] = []
    var current = 0

    public init() {}

    public var isActive: Bool { field != nil || !pattern.isEmpty }
    public var capturesText: Bool { field != nil }

    enum Change {
        case none
        /// The pattern is new: find the hits.
        case pattern
        /// Another hit is current.
        case hit
    }

    mutating func begin() { field = TextField(pattern) }

    mutating func clear() {
        field = nil
        pattern = ""
        hits = []
    }

    /// Input for the line being typed, and `n`, `N`, Esc after it. `nil` if it was not for the search.
    mutating func handle(_ input: WidgetInput) -> Change? {
        if field != nil {
            switch input {
            case .key(.enter):
                field = nil
                return Change.none
            case .key(.escape):
                clear()
                return .pattern
            case .mouse: return nil
            default:
                guard field?.handle(input) ?? false else { return Change.none }
                pattern = field?.text ?? ""
                return .pattern
            }
        }
        switch input {
        case .key("/"):
            begin()
            return Change.none
        case .key("n") where !hits.isEmpty:
            current = (current + 1) % hits.count
            return .hit
        case .key("N") where !hits.isEmpty:
            current = (current + hits.count - 1) % hits.count
            return .hit
        case .key(.escape) where !pattern.isEmpty:
            clear()
            return .pattern
        default: return nil
        }
    }

    /// Sets the hits and makes the first one at or after `line` current.
    mutating func found(_ lines: [Int], from line: Int) {
        hits = lines
        current = lines.firstIndex { $0 >= line } ?? 0
    }

    var currentLine: Int? { hits.indices.contains(current) ? hits[current] : nil }

    /// Character ranges of the pattern in a line.
    func ranges(in text: String) -> [Range<Int>] {
        guard !pattern.isEmpty else { return [] }
        let smart = !pattern.contains(where: \.isUppercase)
        let letters = Array(smart ? text.lowercased() : text)
        let wanted = Array(smart ? pattern.lowercased() : pattern)
        guard letters.count >= wanted.count else { return [] }
        var result: [Range<Int>] = []
        var index = 0
        while index + wanted.count <= letters.count {
            if letters[index] == wanted[0], letters[index..<index + wanted.count].elementsEqual(wanted) {
                result.append(index..<index + wanted.count)
                index += wanted.count
            } else {
                index += 1
            }
        }
        return result
    }

    /// The line of the lines that contain the pattern.
    func matcher() -> (String) -> Bool {
        let pattern = pattern
        guard !pattern.isEmpty else { return { _ in false } }
        let search = ByteSearch(pattern, ignoresCase: !pattern.contains(where: \.isUppercase))
        return { search.first(in: Array($0.utf8), from: 0) != nil }
    }

    func render(on surface: Surface) {
        surface.write("/", x: 0, y: 0, Style(.accent, .bold))
        let note =
            pattern.isEmpty ? "" : hits.isEmpty ? "not found" : "\((current + 1).grouped) of \(hits.count.grouped)  n N"
        let width = note.columns + 2
        let part = surface.part(Rect(x: 1, y: 0, width: max(1, surface.width - 1 - width), height: 1))
        if let field {
            field.render(on: part, focused: true)
        } else {
            part.write(pattern, Style(.accent))
        }
        surface.write(
            note, x: surface.width - width, y: 0, width: width - 1, align: .right,
            Style(hits.isEmpty && !pattern.isEmpty ? .warning : .dim))
    }
}
