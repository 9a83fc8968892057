import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One log group: its streams, a search through them, and its filters.
struct LogGroupScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var stream: Logs.LogStream
        var id: String { stream.logStreamName ?? "" }
    }

    enum Message: Sendable {
        case loaded(Result<(rows: [Row], isPartial: Bool), any Error>)
        case patternSet(FormValues)
        case found(Result<LogReading, any Error>)
        case rangeChosen(ActionID)
        case deleteConfirmed([Row])
        case deleted(Int, Result<Void, any Error>)
        case filters(LogFiltersTab.Message)
    }

    /// Streams read; AWS gives 50 a page, and old ones matter little.
    private static let longest = 1000
    private static let found = 5000
    static let ranges: [(title: String, seconds: Int64?)] = [
        ("15 min", 900), ("1 h", 3600), ("12 h", 43_200), ("1 d", 86_400), ("1 w", 604_800), ("everything", nil),
    ]

    let group: String
    var tabs = Tabs(["Streams", "Search", "Filters"])
    var filters: LogFiltersTab
    var table = Table<Row>(
        id: "streams",
        columns: [
            TableColumn("Stream", min: 24, clipsMiddle: true, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Last event", min: 19, ideal: 19, order: TableColumn.by { $0.stream.lastEventTimestamp ?? 0 }) {
                TableCell(Self.date($0.stream.lastEventTimestamp))
            },
            TableColumn("First event", min: 19, ideal: 19, order: TableColumn.by { $0.stream.firstEventTimestamp ?? 0 })
            { TableCell(Self.date($0.stream.firstEventTimestamp), .dim) },
            TableColumn("Stored", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.stream.storedBytes ?? 0 })
            { TableCell(Quantity.bytes($0.stream.storedBytes ?? 0), .dim) },
        ], empty: "No streams. A function opens one for each of its environments.")
    var isPartial = false
    var failure: String?
    var pattern = ""
    var range = 1
    var results = TextViewer("", id: "text.found")
    var resultCount: Int?
    var isSearching = false
    var hasMore = false

    init(group: String, tab: String? = nil) {
        self.group = group
        filters = LogFiltersTab(group: group)
        if let tab = tab?.lowercased(), let index = tabs.titles.firstIndex(where: { $0.lowercased().hasPrefix(tab) }) {
            tabs.select(index)
        }
        results.emptyText = "Press f for a filter pattern, or Enter to list all events of the range."
    }

    private static func date(_ milliseconds: Int?) -> String {
        milliseconds.map { ElapsedTime.date(Instant(epochMilliseconds: Int64($0))) } ?? "–"
    }

    private var isSearch: Bool { tabs.selected == 1 }
    private var isFilters: Bool { tabs.selected == 2 }
    var crumbs: [String] { ["CloudWatch", group, tabs.selectedTitle] }
    var title: String { group }
    var topics: Set<Topic> { [Topic("logs/\(group)")] }
    var capturesText: Bool { isFilters ? filters.capturesText : isSearch ? results.capturesText : table.capturesText }
    var handlesEscape: Bool {
        isFilters ? filters.handlesEscape : isSearch ? results.handlesEscape || isSearching : table.handlesEscape
    }
    var copyText: String? {
        isFilters
            ? filters.copyText : isSearch ? (results.text.isEmpty ? nil : results.text) : table.selected?.id ?? group
    }

    var bindings: [KeyBinding] {
        let tail = KeyBinding(["l"], "tail", "tail", help: "Follow the group live", menu: true)
        let insights = KeyBinding(["i"], "insights", "insights", help: "Query the group", menu: true)
        if isFilters { return filters.bindings + [.refresh] + (filters.isTyping ? [] : tabs.bindings) }
        if isSearch {
            return [
                KeyBinding(["f"], "pattern", "pattern", help: "Set the filter pattern and search", menu: true),
                KeyBinding(["p"], "range", "range", help: "How far back to search", menu: true),
                KeyBinding(["enter"], "search", "search", help: "Search again"), tail, insights,
            ] + TextViewer.bindings + tabs.bindings
        }
        let one = Availability.when(table.selected != nil, otherwise: "No stream is selected")
        return [
            .open(one), tail, insights,
            KeyBinding(["f"], "search", "pattern", help: "Search all streams by a filter pattern", menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            .refresh,
        ] + Table<Row>.bindings + tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        if isFilters {
            switch event {
            case .action(let action) where tabs.perform(action): return isFilters ? [] : [load()]
            case .input(let input):
                if case .mouse = input, tabs.handle(input) { return isFilters ? [] : [load()] }
                return forward(event)
            case .message: break
            default: return forward(event)
            }
        }
        switch event {
        case .appeared, .action("refresh"): return [load()] + (isSearch && resultCount == nil ? search() : [])
        case .reappeared, .changed: return isSearch ? [] : [load()]
        case .action("open"):
            guard let row = table.selected else { return [] }
            // The last hour of it at most: a stream may be long.
            let last = Int64(row.stream.lastEventTimestamp ?? 0)
            let from = max(Int64(row.stream.firstEventTimestamp ?? 0), last - 3_600_000)
            return [.push(LogTailScreen(group: group, stream: row.id, from: from))]
        case .action("tail"): return [.open("logs.tail", group)]
        case .action("insights"): return [.push(InsightsScreen(groups: [group]))]
        case .action("pattern"): return [.form(LogReading.patternForm(pattern).onlyForLooking()) { .patternSet($0) }]
        case .action("range"):
            return [
                .menu(
                    Menu(
                        "Search the last",
                        Self.ranges.indices.map {
                            MenuItem(ActionID(String($0)), Self.ranges[$0].title, detail: $0 == range ? "now" : "")
                        })
                ) { .rangeChosen($0) }
            ]
        case .action("search"): return search()
        case .action("delete"):
            let targets = table.targets
            let what = targets.count == 1 ? "stream \(targets[0].id)" : "\(targets.count) streams"
            return targets.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(what, consequences: targets.map { "\($0.id) and its events" }),
                        then: .deleteConfirmed(targets))
                ]
        case .action(let action):
            if tabs.perform(action) { return isFilters ? forward(.appeared) : [] }
            if isSearch { _ = results.perform(action) } else { _ = table.perform(action) }
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return isFilters ? forward(.appeared) : [] }
            if !isSearch {
                _ = table.handle(input)
            } else if case .key(.escape) = input, isSearching, !results.handlesEscape {
                isSearching = false
                return [.cancel("search"), .toast("Stopped the search", .aborted)]
            } else {
                _ = results.handle(input)
            }
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let loaded)):
            failure = nil
            table.rows = loaded.rows
            isPartial = loaded.isPartial
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .patternSet(let values):
            pattern = QueueForms.trimmed(values["pattern"])
            tabs.select(1)
            return search()
        case .rangeChosen(let action):
            range = Int(action.name) ?? range
            return search()
        case .found(.success(let reading)):
            isSearching = false
            hasMore = reading.hasMore
            resultCount = reading.events.count
            results.emptyText = "No event matches\(pattern.isEmpty ? "" : " \(pattern)") in this range."
            results.setLines(reading.events.flatMap { LogLine.lines(of: $0, showsStream: true) })
        case .found(.failure(let error)):
            isSearching = false
            results.setLines([])
            results.emptyText = error.sentence
        case .deleteConfirmed(let targets):
            let group = group
            return [
                .work("delete") { context in
                    for row in targets {
                        _ = try await context.aws.call(
                            Logs.deleteLogStream, .init(logGroupName: group, logStreamName: row.id))
                    }
                } then: {
                    .deleted(targets.count, $0)
                }
            ]
        case .deleted(let count, .success):
            table.clearMarks()
            return [.toast("Deleted \(Quantity.count(count, "stream"))"), load()]
        case .deleted(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        case .filters(let message): return filters.update(.message(message)).map { $0.carried { .filters($0) } }
        }
        return []
    }

    private mutating func forward(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        let inner: ScreenEvent<LogFiltersTab.Message>
        switch event {
        case .appeared: inner = .appeared
        case .reappeared: inner = .reappeared
        case .changed(let topics): inner = .changed(topics)
        case .action(let action): inner = .action(action)
        case .input(let input): inner = .input(input)
        case .tick, .message: return []
        }
        return filters.update(inner).map { $0.carried { .filters($0) } }
    }

    private mutating func search() -> [Effect<Message>] {
        isSearching = true
        let scope = LogReading.Scope(group: group, pattern: pattern)
        let seconds = Self.ranges[range].seconds
        return [
            .work("search") { context in
                let now = await context.now().epochMilliseconds
                return try await LogReading.read(
                    scope, from: seconds.map { now - $0 * 1000 } ?? 0, limit: Self.found, context)
            } then: {
                .found($0)
            }
        ]
    }

    private func load() -> Effect<Message> {
        let group = group
        return .work("load") { context in
            var rows: [Row] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(
                    Logs.describeLogStreams,
                    .init(logGroupName: group, orderBy: "LastEventTime", descending: true, nextToken: token, limit: 50))
                rows += (page.logStreams ?? []).map { Row(stream: $0) }
                token = page.nextToken
            } while token != nil && rows.count < Self.longest && !Task.isCancelled
            return (rows, token != nil)
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        if isFilters {
            filters.render(on: parts[1], in: frame)
        } else if isSearch {
            var note = StyledLine("last \(Self.ranges[range].title)", .dim)
            if Self.ranges[range].seconds == nil { note = StyledLine("everything", .dim) }
            let count =
                resultCount.map { "\(Quantity.count($0, "event"))\(hasMore ? ", the first of more" : "")" } ?? ""
            let footer = StyledLine(isSearching ? "searching… Esc stops" : count, isSearching ? .running : .dim)
            let inside = parts[1].panel(
                pattern.isEmpty ? "All events" : pattern, focused: true, note: note, footer: footer)
            results.render(on: inside.inset(horizontally: 1), focused: frame.isInteractive)
        } else {
            let note = isPartial ? StyledLine("the latest \(table.totalCount.grouped)", .dim) : table.countNote
            table.showing(failure).render(
                on: parts[1].panel("Streams", focused: true, note: note), focused: frame.isInteractive)
        }
    }
}
