import GraphLayout
import TerminalUI

/// A state looked for by its name: the selection goes to it while it is typed, and back where it was with Esc.
struct StateSearch: Sendable {
    private var field = TextField()
    private let names: [String]
    private let origin: String?
    private var hits: [String] = []
    private var current = 0
    private(set) var isOver = false
    /// What is selected now.
    private(set) var selectedID: String?

    init(in graph: Graph, from origin: String?) {
        self.origin = origin
        selectedID = origin
        names = Self.names(graph)
    }

    /// Every box and frame, those inside frames included, in the order drawn.
    private static func names(_ graph: Graph) -> [String] {
        graph.nodes.filter { ![StateMachineDrawing.startID, StateMachineDrawing.endID].contains($0.id) }.flatMap {
            [$0.id] + ($0.frame?.branches ?? []).flatMap(names)
        }
    }

    mutating func handle(_ input: WidgetInput) {
        switch input {
        case .key(.enter): isOver = true
        case .key(.escape): (isOver, selectedID) = (true, origin)
        case .key(.down), .key(.control("n")): step(1)
        case .key(.up), .key(.control("p")): step(-1)
        case .mouse: isOver = true
        default:
            guard field.handle(input) else { return }
            find()
        }
    }

    private mutating func step(_ step: Int) {
        guard !hits.isEmpty else { return }
        current = (current + step + hits.count) % hits.count
        selectedID = hits[current]
    }

    /// Names that begin with what is typed come before those that have it anywhere.
    private mutating func find() {
        let wanted = field.text.lowercased()
        hits = wanted.isEmpty ? [] : names.filter { $0.lowercased().hasPrefix(wanted) }
        if !wanted.isEmpty {
            hits += names.filter { !$0.lowercased().hasPrefix(wanted) && $0.lowercased().contains(wanted) }
        }
        current = 0
        selectedID = hits.first ?? origin
    }

    func render(on row: Surface, focused: Bool) {
        row.fill(Style(.text))
        row.write("/", x: 1, y: 0, Style(.accent, .bold))
        let note =
            field.text.isEmpty
            ? "a state's name" : hits.isEmpty ? "not found" : "\(current + 1) of \(hits.count)  ↑ ↓"
        let width = max(4, row.width - note.columns - 5)
        field.render(on: row.part(Rect(x: 2, y: 0, width: width, height: 1)), focused: focused)
        row.write(
            note, x: width + 3, y: 0, width: row.width - width - 4, align: .right,
            Style(hits.isEmpty && !field.text.isEmpty ? .warning : .dim))
    }
}
