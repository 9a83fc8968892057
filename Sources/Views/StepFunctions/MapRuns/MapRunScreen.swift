import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One Map Run: how far it is, its child executions, its tolerances.
struct MapRunScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<MapRunReading, any Error>)
        case filterChosen(ActionID)
        case updateRequested(FormValues)
        case updated(Result<Void, any Error>, FormValues)
    }

    enum Tab: Int, Sendable { case children, details }

    let arn: String
    var tabs = Tabs(["Child executions", "Details"])
    var run: SFN.DescribeMapRunOutput?
    var children = ChildRow.table()
    var details = KeyValueList(id: "maprun.details")
    var isPartial = false
    var statusFilter: String?
    var failure: String?

    init(arn: String) { self.arn = arn }

    static let filters = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]

    private var tab: Tab { Tab(rawValue: tabs.selected) ?? .children }
    private var machine: String { StateMachineNames.machine(ofMapRun: arn) }
    var crumbs: [String] { ["Step Functions", machine, StateMachineNames.mapRunLabel(arn), tabs.selectedTitle] }
    var title: String { StateMachineNames.mapRunLabel(arn) }
    var topics: Set<Topic> { [ChangeNews.topic(of: arn)] }
    var tickInterval: Duration? { run?.status == "RUNNING" ? .seconds(1) : nil }
    var capturesText: Bool { tab == .children && children.capturesText }
    var handlesEscape: Bool { tab == .children && children.handlesEscape }
    var copyText: String? { tab == .children ? children.selected?.id ?? arn : details.selected?.value ?? arn }

    var bindings: [KeyBinding] {
        let one = Availability.when(
            tab == .children && children.selected != nil, otherwise: "No child execution is selected")
        let isRunning = run?.status == "RUNNING"
        var list: [KeyBinding] = []
        if tab == .children {
            list += [
                .open(one), .why(one),
                KeyBinding(
                    ["v"], statusFilter ?? "all statuses", "filter", help: "Show only child executions of one status"),
            ]
        }
        list += [
            KeyBinding(
                ["u"], "update", "update", help: "Change concurrency and tolerated failures of the run",
                availability: .when(
                    isRunning, otherwise: run.map { "The Map Run is \($0.status)" } ?? "The Map Run is being loaded"),
                prominence: isRunning ? .footer : .help, menu: true, needs: [.changes]),
            KeyBinding(
                ["p"], "parent", "parent", help: "Open the execution that started the run",
                availability: .when(run != nil, otherwise: "The Map Run is being loaded"), menu: true),
        ]
        list += tab == .children ? Table<ChildRow>.bindings : KeyValueList.bindings
        return list + [.refresh] + tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action(let action): return perform(action)
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private func load() -> Effect<Message> {
        let (arn, status) = (arn, statusFilter)
        return .work("load") { context in
            try await MapRunReading.read(arn, status: status, context)
        } then: {
            .loaded($0)
        }
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        if tabs.perform(action) { return [] }
        switch action.name {
        case "open": return children.selected.map { [.open("states.execution", $0.id)] } ?? []
        case "why":
            guard let row = children.selected else { return [] }
            return [
                .push(
                    WhyScreen(
                        crumbs: ["Step Functions", machine, row.execution.name, "Why?"], subject: row.execution.name,
                        topics: [ChangeNews.topic(of: row.id)]
                    ) { try await ExecutionLoading.reasons(row.id, $0) })
            ]
        case "filter":
            let items = [MenuItem("all", "All statuses")] + Self.filters.map { MenuItem(ActionID($0), $0) }
            return [.menu(Menu("Child executions to show", items)) { .filterChosen($0) }]
        case "update": return run.map { [.form(MapRunForms.update($0)) { .updateRequested($0) }] } ?? []
        case "parent": return run.map { [.open("states.execution", $0.executionArn)] } ?? []
        default: _ = tab == .children ? children.perform(action) : details.perform(action)
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input {
            if tabs.handle(input) { return [] }
            if tab == .children, !children.handle(input), hit.event.kind == .doublePress {
                return children.selected.map { [.open("states.execution", $0.id)] } ?? []
            }
        }
        if tab == .children { _ = children.handle(input) } else { _ = details.handle(input) }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let reading)):
            failure = nil
            run = reading.run
            isPartial = reading.isPartial
            children.rows = reading.children
            children.emptyText =
                reading.problem ?? statusFilter.map { "No child execution is \($0). Press v to see others." }
                ?? "No child executions yet."
            details.items = Self.items(reading.run)
            return []
        case .loaded(.failure(let error)):
            failure = error.sentence
            return run == nil ? [] : [.toast(error.sentence, .failed)]
        case .filterChosen(let action):
            statusFilter = action.name == "all" ? nil : action.name
            children.rows = nil
            return [load()]
        case .updateRequested(let values):
            let input = MapRunForms.input(arn, values)
            return [
                .work("update") { context in
                    _ = try await context.aws.call(SFN.updateMapRun, input)
                } then: {
                    .updated($0, values)
                }
            ]
        case .updated(.success, _): return [.toast("Updated the Map Run"), load()]
        case .updated(.failure(let error), let values):
            guard let run else { return [.toast(error.sentence, .failed)] }
            return [
                .form(MapRunForms.update(run).filled(with: values, failure: error.sentence)) { .updateRequested($0) }
            ]
        }
    }

    private static func items(_ run: SFN.DescribeMapRunOutput) -> [KeyValue] {
        let children = run.executionCounts
        var items = [
            KeyValue("Status", StatusMark.execution(run.status).line(run.status)),
            KeyValue("Map Run ARN", text: run.mapRunArn),
            KeyValue("Execution", text: run.executionArn),
            KeyValue("Started", text: run.startDate.iso8601()),
        ]
        if let stop = run.stopDate { items.append(KeyValue("Ended", text: stop.iso8601())) }
        if let count = run.redriveCount, count > 0 {
            let date = run.redriveDate.map { ", last at \($0.iso8601())" } ?? ""
            items.append(KeyValue("Redriven", text: "\(count)×\(date)"))
        }
        items += [
            .heading("Limits"),
            KeyValue(
                "Concurrency", text: run.maxConcurrency == 0 ? "0, as many as allowed" : run.maxConcurrency.grouped),
            KeyValue("Tolerated failures", text: tolerance(run)),
            .heading("Child executions"),
            KeyValue("Total", text: children.total.grouped),
            KeyValue("Pending", text: children.pending.grouped),
            KeyValue("Running", text: children.running.grouped),
            KeyValue("Succeeded", text: children.succeeded.grouped),
            KeyValue("Failed", text: children.failed.grouped, children.failed > 0 ? .failure : .text),
            KeyValue("Timed out", text: children.timedOut.grouped),
            KeyValue("Aborted", text: children.aborted.grouped),
            KeyValue("Results written", text: children.resultsWritten.grouped),
        ]
        return items
    }

    /// AWS: the run fails once more items failed than either allows.
    static func tolerance(_ run: SFN.DescribeMapRunOutput) -> String {
        var parts: [String] = []
        if run.toleratedFailureCount > 0 { parts.append(Quantity.count(run.toleratedFailureCount, "item")) }
        if run.toleratedFailurePercentage > 0 {
            parts.append("\(MapRunForms.percentage(run.toleratedFailurePercentage))%")
        }
        return parts.isEmpty ? "none: the first failed item fails the run" : parts.joined(separator: " or ")
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        guard let run else {
            let inside = surface.panel("Map Run")
            for (row, line) in TextWrapping.wrap(failure ?? "Loading…", to: max(10, inside.width - 8)).enumerated() {
                inside.write(
                    line, x: 0, y: inside.height / 2 + row, width: inside.width, align: .centre,
                    Style(failure == nil ? .dim : .failure))
            }
            return
        }
        let parts = surface.rows([.fixed(5), .fixed(1), .fill()])
        renderProgress(of: run, on: parts[0], now: Instant(epochMilliseconds: frame.now))
        tabs.render(on: parts[1])
        switch tab {
        case .children:
            var note = children.countNote
            if isPartial { note.append("+", .dim) }
            if let statusFilter { note = StyledLine("\(statusFilter) · ", .accent) + note }
            children.showing(failure).render(
                on: parts[2].panel("Child executions", focused: true, note: note), focused: frame.isInteractive)
        case .details: details.render(on: parts[2].panel("Details", focused: true), focused: frame.isInteractive)
        }
    }

    private func renderProgress(of run: SFN.DescribeMapRunOutput, on surface: Surface, now: Instant) {
        let end = run.stopDate ?? max(now, run.startDate)
        let took = ElapsedTime.text(milliseconds: (end.microseconds - run.startDate.microseconds) / 1000)
        var note: StyledLine = StatusMark.execution(run.status).line(run.status)
        note.append(" · \(took)", .dim)
        if let count = run.redriveCount, count > 0 { note.append(" · redriven \(count)×", .warning) }
        let inside = surface.panel("Items", note: note)
        let progress = MapRunProgress(run.itemCounts)
        let done = "\(run.itemCounts.ended.grouped) of \(Quantity.count(run.itemCounts.total, "item"))"
        let width = inside.width - 2 - done.columns - 2
        inside.write(progress.bar(width: width), x: 1, y: 0)
        inside.write(done, x: 1 + width + 2, y: 0, Style(.text, .bold))
        inside.write(progress.counts, x: 1, y: 1)
        var limits = StyledLine("concurrency ", .dim)
        limits.append(run.maxConcurrency == 0 ? "unlimited" : run.maxConcurrency.grouped)
        limits.append(" · tolerated failures ", .dim)
        limits.append(Self.tolerance(run))
        for note in progress.notes { limits.append(" · \(note)", .dim) }
        inside.write(limits, x: 1, y: 2)
    }
}
