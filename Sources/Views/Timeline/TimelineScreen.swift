import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Every call, delivery, invocation and transition, newest first and live.
struct TimelineScreen: Screen {
    enum Message: Sendable {
        /// A fresh list under a filter.
        case loaded(Result<[TimelineRow], any Error>)
        /// What came since, and what was amended.
        case news(Result<[TimelineRow], any Error>)
        case older(Result<[TimelineRow], any Error>)
        case kindChosen(TimelineKind?)
        case noEngine
    }

    static let pageSize = 200
    /// More would only be scrolled past; older ones come back by scrolling down.
    static let mostRows = 5000
    /// Entries are amended once their outcome is known; so many of the newest are asked for again.
    static let overlap = 100

    var table = Table<TimelineRow>(
        id: "timeline", columns: Self.columns, empty: "Nothing has happened yet. Calls from any client appear here.")
    var filter = TimelineFilter()
    var hasOlder = true
    var failure: String?
    var hasEngine = true

    init(filter: TimelineFilter = TimelineFilter()) { self.filter = filter }

    var crumbs: [String] { ["Skua", "Timeline"] }
    var title: String { "Timeline" }
    var topics: Set<Topic> {
        ["sqs", "sns", "lambda", "states", "logs", "cloudwatch", "events", "pipes", "scheduler", "s3", "iam", "skua"]
    }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape || !filter.isEmpty }
    var copyText: String? { table.selected?.sentence }

    // MARK: Keys

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No entry is selected")
        let resource = selected?.resource ?? ""
        return [
            KeyBinding(
                ["enter", "t"], "trace", "trace", help: "Follow its trace, forward and back", availability: one,
                menu: true),
            KeyBinding(
                ["o"], "open", "open", help: "Open the resource",
                availability: .when(selected?.name.address != nil, otherwise: "This has no screen of its own"),
                menu: true),
            KeyBinding(
                ["e"], filter.onlyErrors ? "all" : "failures", "errors",
                help: filter.onlyErrors ? "Show all again" : "Show failures only"),
            KeyBinding(["f"], "kind", "kind", help: "Show one kind only"),
            KeyBinding(
                ["i"], filter.resource == nil ? "only this" : "any resource", "resource",
                help: "Show what happened to this resource only",
                availability: filter.resource != nil
                    ? .enabled : .when(!resource.isEmpty, otherwise: "This entry names no resource")),
            KeyBinding(
                ["p"], "payload", "payload", help: "What went in, and what came out", availability: one, menu: true),
            .why(.when(!resource.isEmpty, otherwise: "This entry names no resource")), .refresh,
        ] + Table<TimelineRow>.bindings
    }

    // MARK: Update

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return [load()]
        case .reappeared, .changed, .tick: return [table.isLoading ? load() : loadNews()]
        case .message(let message): return receive(message)
        case .action(let action): return perform(action)
        case .input(.key(.escape)) where !table.handlesEscape:
            filter = TimelineFilter()
            return reload()
        case .input(let input):
            _ = table.handle(input)
            return olderIfNeeded()
        }
    }

    private func load() -> Effect<Message> {
        let request = filter.request(limit: Self.pageSize)
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

    private mutating func reload() -> [Effect<Message>] {
        table.rows = nil
        hasOlder = true
        return [.cancel("news"), .cancel("older"), load()]
    }

    private func loadNews() -> Effect<Message> {
        guard hasEngine else { return load() }
        let newest = table.allRows?.first?.id ?? 0
        let request = filter.request(after: max(0, newest - Self.overlap), limit: 1000)
        return .work("news") { context in
            (try await context.aws.call(Skua.listTimeline, request).events ?? []).map(TimelineRow.init)
        } then: {
            .news($0)
        }
    }

    /// Fetches the next page once the selection nears the end.
    private mutating func olderIfNeeded() -> [Effect<Message>] {
        guard hasOlder, let rows = table.allRows, let last = rows.last, table.selectedIndex >= table.count - 20,
            rows.count < Self.mostRows
        else { return [] }
        // Asked for once; set again when the page has come.
        hasOlder = false
        let request = filter.request(before: last.id, limit: Self.pageSize)
        return [
            .work("older") { context in
                (try await context.aws.call(Skua.listTimeline, request).events ?? []).map(TimelineRow.init)
            } then: {
                .older($0)
            }
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            hasOlder = rows.count >= Self.pageSize
            table.rows = rows
            table.select(index: 0)
        case .news(.success(let rows)): merge(rows)
        case .older(.success(let rows)):
            hasOlder = rows.count >= Self.pageSize
            let oldest = table.allRows?.last?.id ?? .max
            table.rows = (table.allRows ?? []) + rows.filter { $0.id < oldest }
        case .loaded(.failure(let error)):
            failure = error.sentence
            table.rows = table.rows ?? []
        case .news(.failure(let error)): failure = error.sentence
        case .older(.failure(let error)):
            hasOlder = true
            return [.toast(error.sentence, .failed)]
        case .kindChosen(let kind):
            filter.kind = kind
            return reload()
        case .noEngine:
            hasEngine = false
            table.rows = []
        }
        return []
    }

    /// Puts new entries on top and amended ones in place. Whoever is at the top stays there.
    private mutating func merge(_ rows: [TimelineRow]) {
        failure = nil
        let old = table.allRows ?? []
        let fresh = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let newest = old.first?.id ?? 0
        var merged = rows.filter { $0.id > newest }.sorted { $0.id > $1.id }
        if merged.isEmpty, old.prefix(Self.overlap).allSatisfy({ fresh[$0.id] == nil || fresh[$0.id] == $0 }) { return }
        merged += old.map { fresh[$0.id] ?? $0 }
        if merged.count > Self.mostRows {
            merged.removeLast(merged.count - Self.mostRows)
            hasOlder = true
        }
        let isAtTop = table.selectedIndex == 0
        table.rows = merged
        if isAtTop { table.select(index: 0) }
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action {
        case "trace": return table.selected?.traceID.map { [.open("timeline", $0, "\(table.selected?.id ?? 0)")] } ?? []
        case "payload": return table.selected.map { [.push(TimelinePayloadScreen(entryID: $0.id))] } ?? []
        case "open": return table.selected?.name.address.map { [.open($0)] } ?? []
        case "why": return table.selected.map { [.open("why", $0.resource)] } ?? []
        case "errors":
            filter.onlyErrors.toggle()
            return reload()
        case "resource":
            filter.resource = filter.resource == nil ? table.selected?.resource : nil
            return reload()
        case "kind":
            let items =
                [MenuItem("all", "All kinds")]
                + TimelineKind.allCases.map { MenuItem(ActionID($0.rawValue), "\($0.glyph) \($0.plural)") }
            return [.menu(Menu("Show", items)) { .kindChosen(TimelineKind(rawValue: $0.name)) }]
        case "refresh": return reload()
        default:
            _ = table.perform(action)
            return olderIfNeeded()
        }
    }

    // MARK: Drawing

    static let columns: [TableColumn<TimelineRow>] = [
        TableColumn("Time", min: 12, ideal: 12) { TableCell(ElapsedTime.preciseClock($0.time), .dim) },
        TableColumn("What", min: 24, ideal: 32) { TableCell($0.what) },
        TableColumn("Resource", min: 14, ideal: 24, clipsMiddle: true) { row in
            row.resource.isEmpty
                ? TableCell("–", .faint) : TableCell(row.name.shortName, row.name.address == nil ? .text : .link)
        },
        TableColumn("Outcome", min: 14) { TableCell($0.outcome) },
        TableColumn("Kind", min: 10, ideal: 10) { TableCell($0.kind?.rawValue ?? "?", .dim) },
    ]

    func render(on surface: Surface, in frame: FrameContext) {
        guard hasEngine else {
            let inside = surface.panel("Timeline", focused: true)
            inside.write(
                "Only Skua's own engine keeps a timeline.", x: 1, y: inside.height / 2, width: inside.width - 2,
                align: .centre, Style(.dim))
            return
        }
        let isFocused = frame.isInteractive
        let inside = surface.panel("Timeline", focused: isFocused, note: note)
        let hasRoom = surface.height >= 26
        let parts = inside.rows(hasRoom ? [.fill(), .fixed(4)] : [.fill()])
        table.render(on: parts[0], focused: isFocused)
        if hasRoom, let row = table.selected { renderDetail(of: row, on: parts[1]) }
    }

    private var note: StyledLine? {
        if let failure { return [Span("✗ ", .failure), Span(failure.clipped(to: 40), .failure)] }
        var line = StyledLine()
        if !filter.isEmpty {
            line.append("only ", .dim)
            line.append(filter.words, .accent)
            line.append("  ", .dim)
        }
        return line + table.countNote
    }

    private func renderDetail(of row: TimelineRow, on surface: Surface) {
        surface.horizontalLine(y: 0, Style(.faint))
        var lines: [StyledLine] = []
        if !row.resource.isEmpty {
            lines.append(StyledLine(row.resource.clippedInMiddle(to: surface.width - 2), .link))
        }
        var text = StyledLine()
        if let error = row.error { text.append("✗ \(error)  ", .failure) }
        text.append(row.detail.isEmpty ? (row.error == nil ? "no further detail" : "") : row.detail, .text)
        lines += TextWrapping.wrap(text.text, to: max(10, surface.width - 2)).map {
            StyledLine($0, row.error == nil ? .dim : .text)
        }
        for (index, line) in lines.prefix(surface.height - 1).enumerated() { surface.write(line, x: 1, y: 1 + index) }
    }
}

/// Timeline.
public enum TimelineScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "timeline", "Timeline", summary: "Every call, delivery, invocation and transition; or one trace",
            arguments: ["TRACE?", "ENTRY?"]
        ) { arguments in
            guard let trace = arguments.first, !trace.isEmpty else { return TimelineScreen() }
            return TraceScreen(traceID: trace, entryID: arguments.count > 1 ? Int(arguments[1]) : nil)
        }
    ]
}
