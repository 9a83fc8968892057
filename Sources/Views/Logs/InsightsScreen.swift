import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Logs Insights: a query over log groups, its answer as a chart and as rows.
struct InsightsScreen: Screen {
    enum Message: Sendable {
        case started(Result<(id: String, now: Int64), any Error>, query: String)
        case polled(Result<InsightsResult, any Error>)
        case groupsListed(Result<[String], any Error>)
        case fieldsRead(Result<[Field], any Error>)
        case rangeChosen(ActionID)
        case rangeSet(FormValues)
        case remembered(Result<[Remembered], any Error>, Purpose)
        case recalled(ActionID)
        case forgotten(ActionID)
        case saveNamed(FormValues)
        case saved(String, Result<Void, any Error>)
    }

    enum Pane: Hashable, Sendable { case query, results, groups }

    /// A field that events of the groups have.
    struct Field: Hashable, Sendable {
        var name: String
        var percent: Int
    }

    struct GroupRow: Identifiable, Hashable, Sendable { var id: String }

    /// A query that was run or saved.
    struct Remembered: Hashable, Sendable {
        var id = ""
        var title: String
        var query: String
        var groups: [String]
    }

    enum Purpose: Sendable { case run, open, delete }

    static let first = "fields @timestamp, @message\n| sort @timestamp desc\n| limit 100"

    var editor: TextEditor
    var pane = Pane.query
    var groups: [String]
    var range = InsightsRange()
    var result: InsightsResult?
    var chart: InsightsChart?
    var showsChart = true
    var table = Table<InsightsRow>(
        id: "rows", columns: [TableColumn("Result") { _ in TableCell("") }], rows: [],
        empty: "Ctrl+S runs the query.")
    var picker = Table<GroupRow>(
        id: "groups", columns: [TableColumn("Log group", min: 20) { TableCell($0.id) }],
        empty: "No log groups. A function makes its own when it first runs.")
    var fields: [Field] = []
    /// Id of the query under way.
    var runningID: String?
    var isStarting = false
    var problem: InsightsProblem?
    /// Queries run from here, the newest last, and how far back `^P` has gone.
    var history: [String] = []
    var historyIndex: Int?
    /// What the open menu offers, and the saved query that the text came from.
    var offered: [Remembered] = []
    var saved: Remembered?
    var now: Int64 = 0
    private let runsAtOnce: Bool

    init(groups: [String] = [], query: String? = nil) {
        self.groups = groups
        editor = TextEditor(query ?? Self.first)
        runsAtOnce = !groups.isEmpty
        pane = groups.isEmpty ? .groups : .results
    }

    var crumbs: [String] { ["CloudWatch", "Insights"] + (groups.count == 1 ? groups : []) }
    var title: String { "Insights" }
    /// New groups, while one chooses among them.
    var topics: Set<Topic> { pane == .groups ? ["logs"] : [] }
    var capturesText: Bool {
        switch pane {
        case .query: true
        case .results: table.capturesText
        case .groups: picker.capturesText
        }
    }
    var handlesEscape: Bool {
        switch pane {
        case .query: true
        case .results: table.handlesEscape || runningID != nil
        case .groups: picker.handlesEscape || !groups.isEmpty
        }
    }
    var copyText: String? {
        guard pane == .results, let row = table.selected else { return pane == .query ? editor.text : nil }
        return row["@message"] ?? result?.columns.map { row[$0] ?? "" }.joined(separator: "\t")
    }

    var isRunning: Bool { isStarting || runningID != nil }

    var bindings: [KeyBinding] {
        if pane == .groups { return pickerBindings }
        func keys(_ plain: Key, _ control: Key) -> [Key] { pane == .query ? [control] : [plain, control] }
        let ready = Availability.when(
            !groups.isEmpty && !editor.isEmpty,
            otherwise: groups.isEmpty ? "Choose log groups first" : "The query is empty")
        var own: [KeyBinding] = [
            KeyBinding(
                pane == .query ? ["ctrl+s", "f5"] : ["r", "ctrl+s", "f5"], "run", "run", help: "Run the query",
                availability: ready, menu: true)
        ]
        if pane == .results {
            own =
                [
                    .open(.when(table.selected != nil, otherwise: "There is no row")),
                    KeyBinding(["e", "i"], "edit", "edit", help: "Edit the query"),
                ] + own
        }
        own += [
            KeyBinding(keys("L", "ctrl+g"), "groups", "groups", help: "Choose the log groups", menu: true),
            KeyBinding(keys("p", "ctrl+r"), "range", "range", help: "Choose the stretch of time", menu: true),
            KeyBinding(keys("o", "ctrl+o"), "saved", "saved", help: "Open a saved query", menu: true),
            KeyBinding(
                keys("s", "ctrl+t"), "save", "save", help: "Save the query under a name", availability: ready,
                menu: true, needs: [.changes]),
            KeyBinding(keys("H", "ctrl+b"), "history", "history", help: "Queries that were run", menu: true),
        ]
        if pane == .query {
            own.append(
                KeyBinding(
                    ["ctrl+p"], "previous", "previous", help: "The query run before",
                    availability: .when(!history.isEmpty, otherwise: "Nothing was run from here yet")))
            own.append(
                KeyBinding(
                    ["ctrl+n"], "next", "next", help: "The query run after it",
                    availability: .when(historyIndex != nil, otherwise: "This is the last one"), prominence: .help))
            return own
        }
        own += [
            KeyBinding(
                ["c"], "chart", "chart", help: "Show or hide the chart",
                availability: .when(chart != nil, otherwise: "The answer has nothing to chart"), prominence: .help),
            KeyBinding(
                ["D"], "delete saved", "deleteSaved", help: "Delete a saved query", prominence: .help, menu: true,
                destructive: true),
        ]
        return own + Table<InsightsRow>.bindings
    }

    private var pickerBindings: [KeyBinding] {
        [
            KeyBinding(
                ["enter"], "use", "useGroups", help: "Query the marked groups, or the selected one",
                availability: .when(picker.selected != nil, otherwise: "There is no log group"))
        ] + Table<GroupRow>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared:
            return [Self.listGroups()] + (runsAtOnce ? run() + [readFields()] : [])
        case .action(let action): return perform(action)
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        case .changed: return pane == .groups ? [Self.listGroups()] : []
        default: return []
        }
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action.name {
        case "run": return run()
        case "open": return table.selected.map { [.push(LogRecordScreen($0))] } ?? []
        case "edit": pane = .query
        case "groups":
            pane = .groups
            return [Self.listGroups()]
        case "useGroups":
            groups = picker.targets.map(\.id)
            picker.clearMarks()
            pane = .results
            fields = []
            return groups.isEmpty ? [] : run() + [readFields()]
        case "range": return [.menu(range.menu) { .rangeChosen($0) }]
        case "saved": return [Self.recall(.open)]
        case "deleteSaved": return [Self.recall(.delete)]
        case "history": return [Self.recall(.run)]
        case "save": return [.form(saveForm) { .saveNamed($0) }]
        case "chart": showsChart.toggle()
        case "previous": goThroughHistory(-1)
        case "next": goThroughHistory(1)
        default: if pane == .groups { _ = picker.perform(action) } else { _ = table.perform(action) }
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input, hit.event.kind == .press, pane != .groups {
            pane = hit.region == "query" ? .query : .results
        }
        switch (pane, input) {
        case (.query, .key(.escape)): pane = .results
        case (.query, _):
            if editor.handle(input) { problem = nil }
        case (.results, .key(.escape)) where !table.handlesEscape: return stop()
        case (.results, _): _ = table.handle(input)
        case (.groups, .key(.escape)) where !picker.handlesEscape: pane = .query
        case (.groups, _): _ = picker.handle(input)
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .started(.success(let started), let query):
            isStarting = false
            runningID = started.id
            now = started.now
            if history.last != query { history.append(query) }
            historyIndex = nil
            return [Self.poll(started.id, isFirst: true)]
        case .started(.failure(let error), let query):
            isStarting = false
            problem = InsightsProblem(error, in: query)
            pane = .query
            if let position = problem?.position { editor.move(to: position) }
        case .polled(.success(let new)):
            let columns = result?.columns
            result = new
            if columns == new.columns, !new.isRunning || table.totalCount > 0 {
                table.rows = new.rows
            } else {
                table = new.table()
            }
            chart = InsightsChart(new, bounds: range.bounds(now: now))
            if new.isRunning, let id = runningID { return [Self.poll(id, isFirst: false)] }
            runningID = nil
            if new.status == "Failed" || new.status == "Timeout" {
                return [.toast("The query ended: \(new.status.lowercased())", .failed)]
            }
        case .polled(.failure(let error)):
            runningID = nil
            return [.toast(error.sentence, .failed)]
        case .groupsListed(.success(let names)):
            picker.rows = names.map { GroupRow(id: $0) }
        case .groupsListed(.failure(let error)):
            picker.rows = []
            picker.emptyText = error.sentence
        case .fieldsRead(let read): fields = (try? read.get()) ?? []
        case .rangeChosen("custom"): return [.form(InsightsRange.form(now: now).onlyForLooking()) { .rangeSet($0) }]
        case .rangeChosen(let action):
            range = InsightsRange(seconds: Int(action.name) ?? 3600)
            return groups.isEmpty ? [] : run()
        case .rangeSet(let values):
            guard let from = LogReading.time(values["from"], now: now) else { return [] }
            let to = LogReading.time(values["to"], now: now) ?? now
            range.fixed = from...max(from, to)
            return groups.isEmpty ? [] : run()
        case .remembered(.success(let found), let purpose): return offer(found, purpose)
        case .remembered(.failure(let error), _): return [.toast(error.sentence, .failed)]
        case .recalled(let action): return recall(action)
        case .forgotten(let action): return forget(action)
        case .saveNamed(let values): return save(values["name"])
        case .saved(let done, .success): return [.toast(done)]
        case .saved(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        }
        return []
    }

    // MARK: Running

    mutating func run() -> [Effect<Message>] {
        guard !groups.isEmpty, !editor.isEmpty else { return [] }
        isStarting = true
        problem = nil
        if pane == .groups { pane = .results }
        let (query, groups, range) = (editor.text, groups, range)
        let stopped = stop()
        return stopped + [
            .work("query") { context in
                let now = await context.now().epochMilliseconds
                let bounds = range.bounds(now: now)
                let output = try await context.aws.call(
                    Logs.startQuery,
                    .init(
                        logGroupNames: groups, startTime: Int(bounds.lowerBound / 1000),
                        endTime: Int((bounds.upperBound + 999) / 1000), queryString: query))
                return (output.queryId ?? "", now)
            } then: {
                .started($0, query: query)
            }
        ]
    }

    private mutating func stop() -> [Effect<Message>] {
        guard let id = runningID else { return [] }
        runningID = nil
        return [
            .cancel("query"),
            .work("stop") { context in
                _ = try await context.aws.call(Logs.stopQuery, .init(queryId: id))
            } then: {
                .saved("Stopped the query", $0)
            },
        ]
    }

    private static func poll(_ id: String, isFirst: Bool) -> Effect<Message> {
        .work("query") { context in
            // Soon at first: over the embedded engine most queries are done by then.
            try await Task.sleep(for: .milliseconds(isFirst ? 20 : 400))
            return InsightsResult(try await context.aws.call(Logs.getQueryResults, .init(queryId: id)))
        } then: {
            .polled($0)
        }
    }

    private static func listGroups() -> Effect<Message> {
        .work("groups") { context in
            var names: [String] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Logs.describeLogGroups, .init(nextToken: token, limit: 50))
                names += (page.logGroups ?? []).compactMap(\.logGroupName)
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return names
        } then: {
            .groupsListed($0)
        }
    }

    private func readFields() -> Effect<Message> {
        let group = groups.first ?? ""
        return .work("fields") { context in
            try await context.aws.call(Logs.getLogGroupFields, .init(logGroupName: group)).logGroupFields?
                .map { Field(name: $0.name ?? "", percent: $0.percent ?? 0) } ?? []
        } then: {
            .fieldsRead($0)
        }
    }
}
