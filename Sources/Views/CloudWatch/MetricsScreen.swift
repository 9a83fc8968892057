import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Finds metrics by namespace, name and dimensions, and charts up to six.
struct MetricsScreen: Screen {
    enum Message: Sendable {
        case listed(Result<[MetricRow], any Error>)
        case read(Result<MetricReading, any Error>)
        case windowChosen(ActionID)
        case statisticChosen(ActionID)
        case mathChosen(ActionID)
        case mathWritten(FormValues, GraphLine?)
        case dashboardNamed(FormValues)
        case alarmWritten(FormValues)
        case alarmSaved(Result<Void, any Error>, FormValues)
        case added(String, Result<Void, any Error>)
    }

    static let mostSeries = 6

    /// Nil shows the namespaces.
    var namespace: String?
    var namespaces = Table<NamespaceRow>(
        id: "namespaces",
        columns: [
            TableColumn("Namespace", min: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Metrics", min: 7, ideal: 9, align: .right, order: TableColumn.by { $0.count }) {
                TableCell($0.count.grouped, .dim)
            },
        ], empty: "No metrics yet. They appear when something is used.")
    var metrics: Table<MetricRow>
    var all: [MetricRow]?
    var failure: String?
    /// In the order they were chosen, which is that of their colours.
    var lines: [GraphLine] = []
    let colours: ChosenColours
    /// Nil takes what suits each metric.
    var statistic: String?
    var window = MetricWindow()
    var reading: MetricReading?
    var readingFailure: String?
    /// Milliseconds since 1970.
    var cursor: Int64?
    /// Math is shown without the metrics it reads.
    var hidesMetrics = false

    init(namespace: String? = nil) {
        self.namespace = namespace
        let colours = ChosenColours()
        self.colours = colours
        metrics = Table<MetricRow>(
            id: "metrics",
            columns: [
                TableColumn("", min: 1, ideal: 1) { row in
                    colours.index(of: row).map { TableCell("●", .series($0)) } ?? ""
                },
                TableColumn("Metric", min: 16, clipsMiddle: true, order: TableColumn.by { $0.name }) {
                    TableCell($0.name)
                },
                TableColumn("Dimensions", min: 12, clipsMiddle: true, order: TableColumn.by { $0.dimensionText }) {
                    TableCell($0.dimensionText, .dim)
                },
            ], empty: "No metrics in this namespace.")
    }

    /// What a widget of a dashboard shows.
    init(widget: MetricWidget, window: MetricWindow) {
        let stats = widget.requests.compactMap(\.metricStat)
        self.init(namespace: stats.first?.metric.namespace)
        self.window = window
        lines = widget.requests.map { request in
            let source: GraphLine.Source =
                request.metricStat.map { .metric(MetricRow($0.metric), statistic: $0.stat) }
                ?? .math(request.expression ?? "")
            return GraphLine(
                id: request.id, source: source, label: request.label, isVisible: widget.shown.contains(request.id))
        }
        colours.set(chosen)
    }

    var chosen: [MetricRow] { lines.compactMap(\.row) }

    /// What is charted: the chosen lines, or a preview of the selected metric.
    var charted: [GraphLine] {
        if !lines.isEmpty { return lines }
        guard namespace != nil, let row = metrics.selected else { return [] }
        return [GraphLine(id: "m1", source: .metric(row, statistic: nil))]
    }

    func freeID(_ letter: Character) -> String {
        var number = 1
        while lines.contains(where: { $0.id == "\(letter)\(number)" }) { number += 1 }
        return "\(letter)\(number)"
    }

    var crumbs: [String] { ["CloudWatch", "Metrics"] + (namespace.map { [$0] } ?? []) }
    var topics: Set<Topic> { ["cloudwatch"] }
    var capturesText: Bool { namespace == nil ? namespaces.capturesText : metrics.capturesText }
    var handlesEscape: Bool { namespace != nil || namespaces.handlesEscape || cursor != nil }
    var copyText: String? {
        namespace == nil ? namespaces.selected?.id : metrics.selected.map { "\($0.namespace) \($0.label)" }
    }

    var bindings: [KeyBinding] {
        let hasChart = Availability.when(!charted.isEmpty, otherwise: "Nothing is charted")
        let hasMath = lines.contains { $0.expression != nil }
        let math = Availability.when(
            hasMath || lines.count < Self.mostSeries, otherwise: "Six lines are enough: take one away first")
        var own: [KeyBinding] = []
        if namespace == nil {
            own.append(.open(.when(namespaces.selected != nil, otherwise: "No namespace is selected")))
        } else {
            let isChosen = metrics.selected.map { chosen.contains($0) } ?? false
            let room = Availability.when(
                isChosen || lines.count < Self.mostSeries, otherwise: "Six lines are enough: take one away first")
            own.append(
                KeyBinding(
                    ["space", "enter"], isChosen ? "unchart" : "chart", "choose",
                    help: "Chart the selected metric, or take it away",
                    availability: metrics.selected == nil ? .disabled("No metric is selected") : room))
        }
        own += [
            KeyBinding(
                ["m"], "statistic", "statistic", help: "Average, sum, percentiles, …", availability: hasChart,
                menu: true),
            KeyBinding(
                ["x"], "math", "math", help: "Math over the lines, a search, or a change of one", availability: math,
                menu: true),
            KeyBinding(["p"], "period", "period", help: "The time a point stands for", menu: true),
            KeyBinding(["+", "="], "longer", "longer", help: "Look further back"),
            KeyBinding(["-"], "shorter", "shorter", help: "Look closer"),
            KeyBinding(["left", "h"], "cursor", "left", help: "Move the cursor back in time", availability: hasChart),
            KeyBinding(
                ["right", "l"], "cursor forward", "right", help: "Move the cursor forward in time",
                availability: hasChart, prominence: .help),
            KeyBinding(
                ["v"], hidesMetrics ? "show metrics" : "math only", "visible",
                help: "Show the metrics beside the math, or the math alone",
                availability: .when(hasMath, otherwise: "There is no math"), prominence: .help, menu: true),
            KeyBinding(
                ["b"], "to dashboard", "dashboard", help: "Put the chart on a dashboard", availability: hasChart,
                prominence: .help, menu: true, needs: [.changes]),
            KeyBinding(
                ["A"], "alarm", "alarm", help: "Create an alarm on the selected metric",
                availability: .when(
                    namespace != nil && metrics.selected != nil, otherwise: "No metric is selected"),
                prominence: .help, menu: true, needs: [.changes]),
            KeyBinding(["R"], "range", "range", help: "Choose the range", prominence: .help, menu: true),
            KeyBinding(
                ["u"], "clear", "clear", help: "Take all lines away",
                availability: .when(!lines.isEmpty, otherwise: "Nothing is charted"), prominence: .help, menu: true),
            .refresh,
        ]
        return own + (namespace == nil ? Table<NamespaceRow>.bindings : Table<MetricRow>.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .action("refresh"): return [Self.list()]
        case .changed: return [Self.list()] + read()
        case .action(let action): return perform(action)
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        let before = charted
        switch action.name {
        case "open":
            guard let row = namespaces.selected else { return [] }
            show(row.id)
        case "choose":
            guard let row = metrics.selected else { return [] }
            if let index = lines.firstIndex(where: { $0.row == row }) {
                lines.remove(at: index)
            } else if lines.count < Self.mostSeries {
                lines.append(
                    GraphLine(id: freeID("m"), source: .metric(row, statistic: nil), isVisible: !hidesMetrics))
            }
            colours.set(chosen)
        case "clear":
            lines = []
            colours.set([])
        case "visible":
            hidesMetrics.toggle()
            for index in lines.indices where lines[index].row != nil { lines[index].isVisible = !hidesMetrics }
        case "math": return startMath()
        case "alarm": return alarmForm.map { [.form($0) { .alarmWritten($0) }] } ?? []
        case "dashboard": return [.form(Self.dashboardForm) { .dashboardNamed($0) }]
        case "statistic":
            let automatic = MenuItem("automatic", "What suits each metric", detail: statistic == nil ? "now" : "")
            let items = MetricStatistic.all.map { MenuItem(ActionID($0), $0, detail: $0 == statistic ? "now" : "") }
            return [.menu(Menu("Statistic", [automatic] + items)) { .statisticChosen($0) }]
        case "period": return [.menu(window.menuOfPeriods()) { .windowChosen($0) }]
        case "range": return [.menu(window.menuOfRanges()) { .windowChosen($0) }]
        case "longer":
            window.widen(1)
            return read()
        case "shorter":
            window.widen(-1)
            return read()
        case "left": moveCursor(-1)
        case "right": moveCursor(1)
        default: if namespace == nil { _ = namespaces.perform(action) } else { _ = metrics.perform(action) }
        }
        return before == charted ? [] : read()
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        let before = charted
        if namespace == nil {
            if case .key(.escape) = input, !namespaces.handlesEscape {
                cursor = nil
            } else {
                _ = namespaces.handle(input)
            }
        } else if case .key(.escape) = input, !metrics.handlesEscape {
            if cursor != nil { cursor = nil } else { show(nil) }
        } else {
            _ = metrics.handle(input)
        }
        return before == charted ? [] : read()
    }

    private mutating func show(_ new: String?) {
        let old = namespace
        namespace = new
        metrics.setFilter("")
        metrics.rows = all?.filter { $0.namespace == new }
        metrics.select(index: 0)
        if let old, new == nil { namespaces.select(id: old) }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .listed(.success(let rows)):
            failure = nil
            let before = charted
            all = rows
            let counts = Dictionary(rows.map { ($0.namespace, 1) }, uniquingKeysWith: +)
            namespaces.rows = counts.map { NamespaceRow(id: $0.key, count: $0.value) }.sorted { $0.id < $1.id }
            metrics.rows = rows.filter { $0.namespace == namespace }
            return before == charted && reading != nil ? [] : read()
        case .listed(.failure(let error)):
            failure = error.sentence
            return all == nil ? [] : [.toast(error.sentence, .failed)]
        case .read(.success(let new)):
            readingFailure = nil
            reading = new
            if let at = cursor, !new.range.contains(at) { cursor = nil }
        case .read(.failure(let error)): readingFailure = error.sentence
        case .windowChosen(let action): return window.choose(action) ? read() : []
        case .statisticChosen(let action):
            statistic = action == "automatic" ? nil : action.name
            return read()
        case .mathChosen(let action): return chooseMath(action)
        case .mathWritten(let values, let line):
            write(values, line)
            return read()
        case .alarmWritten(let values): return [saveAlarm(values)]
        case .alarmSaved(.success, let values): return [.toast("Saved alarm \(values["name"])")] + read()
        case .alarmSaved(.failure(let error), let values):
            guard let form = alarmForm else { return [] }
            return [.form(form.filled(with: values, failure: error.sentence)) { .alarmWritten($0) }]
        case .dashboardNamed(let values): return [addToDashboard(values)]
        case .added(let name, .success): return [.toast("Added to dashboard \(name)")]
        case .added(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        }
        return []
    }

    private mutating func moveCursor(_ step: Int64) {
        if let reading { cursor = reading.moved(cursor, by: step, period: window.period) }
    }

    mutating func read() -> [Effect<Message>] {
        let (lines, statistic, window) = (charted, statistic, window)
        guard !lines.isEmpty else {
            reading = nil
            return [.cancel("read")]
        }
        return [
            .work("read") { context in
                try await MetricReading.read(lines, statistic: statistic, window, context)
            } then: {
                .read($0)
            }
        ]
    }

    private static func list() -> Effect<Message> {
        .work("list") { context in
            var rows: [MetricRow] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(CloudWatch.listMetrics, .init(nextToken: token))
                rows += (page.metrics ?? []).map { MetricRow($0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return rows.sorted { ($0.namespace, $0.dimensionText, $0.name) < ($1.namespace, $1.dimensionText, $1.name) }
        } then: {
            .listed($0)
        }
    }
}
