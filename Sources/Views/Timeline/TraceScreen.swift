import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One trace: what led to what, with times since its origin.
struct TraceScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[TimelineRow], any Error>)
        case noEngine
    }

    let traceID: String
    /// Selected at first.
    private let entryID: Int?
    var tree = TraceTree([])
    var graph = TraceGraph([])
    /// How the trace is shown; all three have one selection.
    var tabs = Tabs(["Tree", "Waterfall", "Graph"], id: "trace.view")
    private let graphPane = TraceGraphPane()
    var table = Table<TraceTree.Line>(
        id: "trace", columns: Self.columns,
        empty: "Nothing is remembered of this trace. The timeline keeps the last 20,000 entries.")
    var failure: String?
    var hasEngine = true

    private static let mostEntries = 1000

    init(traceID: String, entryID: Int? = nil) {
        self.traceID = traceID
        self.entryID = entryID
    }

    var crumbs: [String] { ["Skua", "Timeline", traceID] }
    var title: String { "Trace" }
    var topics: Set<Topic> { ["sqs", "sns", "lambda", "states", "events", "pipes", "scheduler", "s3"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.entry.sentence }

    // MARK: Keys

    var bindings: [KeyBinding] {
        let selected = table.selected
        let index = table.selectedIndex
        let isPlain = table.filter.isEmpty && table.sortColumn == nil
        let isGraph = tabs.selected == 2
        let ways = [
            KeyBinding(
                ["left", "h"], "cause", "cause", help: "Back to what led to it",
                availability: .when(
                    isPlain && selected?.cause != nil,
                    otherwise: isPlain ? "Nothing led to it that is remembered" : "Clear the filter first")),
            KeyBinding(
                ["right", "l"], "effect", "effect", help: "Forward to what it led to",
                availability: .when(
                    isPlain && tree.firstEffect(of: index) != nil,
                    otherwise: isPlain ? "It led to nothing" : "Clear the filter first")),
        ]
        return tabs.bindings + [
            .open(
                .when(
                    selected?.entry.name.address != nil,
                    otherwise: selected == nil ? "No entry is selected" : "This has no screen of its own")),
            KeyBinding(
                ["p"], "payload", "payload", help: "What went in, and what came out",
                availability: .when(selected != nil, otherwise: "No entry is selected"), menu: true),
            KeyBinding(
                ["n"], "next failure", "failure", help: "To the next failure",
                availability: .when(tree.failures > 0, otherwise: "Nothing failed in this trace")),
            .why(.when(!(selected?.entry.resource ?? "").isEmpty, otherwise: "This entry names no resource")), .refresh,
        ] + (isGraph ? TraceGraphPane.bindings : ways)
            + Table<TraceTree.Line>.bindings.filter {
                !["table.sort", "table.reverse", "table.mark"].contains($0.action.name)
            }
    }

    // MARK: Update

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .tick, .action("refresh"): return [load()]
        case .message(.loaded(.success(let entries))):
            failure = nil
            let isFirst = table.isLoading
            tree = TraceTree(entries)
            table.rows = tree.lines
            graph = TraceGraph(tree.lines)
            if isFirst, let entryID { table.select(id: entryID) }
        case .message(.loaded(.failure(let error))):
            failure = error.sentence
            table.rows = table.rows ?? []
        case .message(.noEngine):
            hasEngine = false
            table.rows = []
        case .action("open"): return table.selected?.entry.name.address.map { [.open($0)] } ?? []
        case .action("why"): return table.selected.map { [.open("why", $0.entry.resource)] } ?? []
        case .action("cause"): if let cause = table.selected?.cause { table.select(index: cause) }
        case .action("effect"):
            if let effect = tree.firstEffect(of: table.selectedIndex) { table.select(index: effect) }
        case .action("failure"): selectNextFailure()
        case .action("payload"): return table.selected.map { [.push(TimelinePayloadScreen(entryID: $0.id))] } ?? []
        case .action(let action):
            if tabs.perform(action) { break }
            if let line = table.selected, let place = graphPane.node(action, of: TraceGraph.place(of: line.entry)) {
                select(place: place)
            } else {
                _ = table.perform(action)
            }
        case .input(let input):
            if !tabs.handle(input) { _ = table.handle(input) }
        }
        return []
    }

    private func load() -> Effect<Message> {
        let request = Skua.ListTimelineRequest(maxResults: Self.mostEntries, traceId: traceID)
        return .work("load") { context in
            guard context.capabilities.hasEngine else { return .noEngine }
            do {
                return .loaded(
                    .success(
                        (try await context.aws.call(Skua.listTimeline, request).events ?? []).map(TimelineRow.init)))
            } catch {
                return .loaded(.failure(error))
            }
        }
    }

    /// The first entry about a resource, unless the selected one already is.
    private mutating func select(place: String) {
        guard let node = graph.nodes.first(where: { $0.id == place }),
            table.selected.map({ TraceGraph.place(of: $0.entry) }) != place
        else { return }
        table.select(id: tree.lines[node.firstLine].id)
    }

    private mutating func selectNextFailure() {
        let count = table.count
        for step in 1...max(1, count) {
            let index = (table.selectedIndex + step) % max(1, count)
            if table.row(at: index)?.entry.error != nil { return table.select(index: index) }
        }
    }

    // MARK: Drawing

    static let columns: [TableColumn<TraceTree.Line>] = [
        TableColumn("After", min: 8, ideal: 9, align: .right) { TableCell(ElapsedTime.offset($0.offset), .dim) },
        TableColumn("What", min: 26, ideal: 46) { line in
            TableCell(StyledLine(line.guides, .faint) + line.entry.what)
        },
        TableColumn("Resource", min: 14, ideal: 24, clipsMiddle: true) { line in
            let entry = line.entry
            return entry.resource.isEmpty
                ? TableCell("–", .faint) : TableCell(entry.name.shortName, entry.name.address == nil ? .text : .link)
        },
        TableColumn("Outcome", min: 12) { TableCell($0.entry.outcome) },
    ]

    func render(on surface: Surface, in frame: FrameContext) {
        let isFocused = frame.isInteractive
        guard hasEngine else {
            let inside = surface.panel("Trace", focused: true)
            inside.write(
                "Only Skua's own engine keeps a timeline.", x: 1, y: inside.height / 2, width: inside.width - 2,
                align: .centre, Style(.dim))
            return
        }
        let inside = surface.panel("Trace \(traceID)", focused: isFocused, note: note)
        let parts = inside.rows([.fixed(1), .fill(), .fixed(surface.height >= 30 ? 7 : 5)])
        tabs.render(on: parts[0])
        switch tabs.selected {
        case 1 where !table.isLoading && table.count > 0:
            renderWaterfall(on: parts[1], focused: isFocused, now: Instant(epochMilliseconds: frame.now))
        case 2 where !graph.nodes.isEmpty:
            graphPane.render(
                graph, selected: table.selected.map { TraceGraph.place(of: $0.entry) }, on: parts[1],
                focused: isFocused)
        default: table.render(on: parts[1], focused: isFocused)
        }
        if let line = table.selected {
            renderDetail(of: line, on: parts[2], now: Instant(epochMilliseconds: frame.now))
        }
    }

    private var note: StyledLine? {
        if let failure { return [Span("✗ ", .failure), Span(failure.clipped(to: 40), .failure)] }
        guard !tree.lines.isEmpty else { return nil }
        var line = StyledLine("\(tree.lines.count) entries over \(ElapsedTime.text(milliseconds: tree.span))", .dim)
        if tree.failures > 0 {
            line.append("  ", .dim)
            line.append("✗ \(tree.failures) failed", .failure)
        }
        return line
    }

    private func renderDetail(of line: TraceTree.Line, on surface: Surface, now: Instant) {
        surface.horizontalLine(y: 0, Style(.faint))
        let entry = line.entry
        var when: StyledLine = [Span(ElapsedTime.date(entry.time) + " UTC", .dim)]
        if let since = line.sinceCause, let cause = line.cause, tree.lines.indices.contains(cause) {
            when.append("  \(ElapsedTime.text(milliseconds: since)) after \(tree.lines[cause].entry.action)", .dim)
        } else {
            when.append("  origin", .dim)
        }
        let spent = tree.index(of: line.id).map { TraceWaterfall(tree.lines, now: now).words($0) } ?? ""
        if !spent.isEmpty { when.append("  \(spent)", .text) }
        surface.write(when, x: 1, y: 1)
        if !entry.resource.isEmpty {
            surface.write(entry.resource.clippedInMiddle(to: surface.width - 2), x: 1, y: 2, Style(.link))
        }
        let text = [entry.error.map { "✗ \($0)" }, entry.detail.isEmpty ? nil : entry.detail].compactMap(\.self).joined(
            separator: "  ")
        for (row, piece) in TextWrapping.wrap(text, to: max(10, surface.width - 2)).prefix(surface.height - 3)
            .enumerated()
        {
            surface.write(piece, x: 1, y: 3 + row, Style(entry.error == nil ? .text : .failure))
        }
    }
}
