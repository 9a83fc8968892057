import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One alarm: its metric with the alarm's line, the reason of its state, its actions and its history.
struct AlarmScreen: Screen {
    struct Entry: Identifiable, Hashable, Sendable {
        var id: Int
        var time: Instant?
        var type: String
        var summary: String
        var data: String
    }

    struct Reading: Sendable {
        var alarm: AlarmReading
        var history: [Entry]
        var metric: MetricReading?
        /// Those that a composite alarm follows.
        var children: [AlarmReading] = []
        /// The lines that breach, of an alarm on a query with groups.
        var contributors: [Contributor] = []
    }

    /// A line of an alarm on many lines that is in ALARM.
    struct Contributor: Hashable, Sendable {
        var name: String
        var reason: String
    }

    enum Message: Sendable {
        case read(Result<Reading, any Error>)
        case stateChosen(ActionID)
        case acted(String, Result<Void, any Error>)
    }

    let name: String
    var reading: Reading?
    var failure: String?
    var window = MetricWindow()
    var cursor: Int64?
    var history = Table<Entry>(
        id: "history",
        columns: [
            TableColumn("Time", min: 19, ideal: 19) { TableCell($0.time.map { ElapsedTime.date($0) } ?? "–", .dim) },
            TableColumn("What", min: 11, ideal: 20) { TableCell($0.type) },
            TableColumn("Summary", min: 20) { TableCell($0.summary) },
        ], empty: "Nothing has happened yet.")

    init(name: String) { self.name = ResourceName.last(of: name) }

    var crumbs: [String] { ["CloudWatch", "Alarms", name] }
    var topics: Set<Topic> { ["cloudwatch"] }
    var capturesText: Bool { history.capturesText }
    var handlesEscape: Bool { history.handlesEscape || cursor != nil }
    var copyText: String? { reading?.alarm.arn }

    var bindings: [KeyBinding] {
        let read = Availability.when(reading != nil, otherwise: "The alarm has not been read")
        let charted = Availability.when(reading?.metric != nil, otherwise: "This alarm has no chart of one metric")
        let isEnabled = reading?.alarm.isActionsEnabled ?? true
        return [
            .why(read),
            KeyBinding(
                ["s"], "set state", "state", help: "Set its state, as a drill", availability: read, menu: true,
                needs: [.changes]),
            KeyBinding(
                ["e"], isEnabled ? "actions off" : "actions on", "actions", help: "Let its actions run, or not",
                availability: read, menu: true, needs: [.changes]),
            KeyBinding(["+", "="], "longer", "longer", help: "Look further back", availability: charted),
            KeyBinding(["-"], "shorter", "shorter", help: "Look closer", availability: charted),
            KeyBinding(["left", "h"], "cursor", "left", help: "Move the cursor back", availability: charted),
            KeyBinding(
                ["right", "l"], "cursor forward", "right", help: "Move the cursor forward", availability: charted,
                prominence: .help),
            .refresh,
        ] + Table<Entry>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("why"): return reading.map { [.push(WhyScreen(arn: $0.alarm.arn))] } ?? []
        case .action("state"):
            let items = ["OK", "ALARM", "INSUFFICIENT_DATA"].map { MenuItem(ActionID($0), $0) }
            return [.menu(Menu("Set state", items)) { .stateChosen($0) }]
        case .action("actions"): return setActions()
        case .action("longer"):
            window.widen(1)
            return [load()]
        case .action("shorter"):
            window.widen(-1)
            return [load()]
        case .action("left"): cursor = reading?.metric?.moved(cursor, by: -1, period: window.period)
        case .action("right"): cursor = reading?.metric?.moved(cursor, by: 1, period: window.period)
        case .action(let action): _ = history.perform(action)
        case .input(.key(.escape)) where !history.handlesEscape: cursor = nil
        case .input(let input): _ = history.handle(input)
        case .message(.read(.success(let new))):
            failure = nil
            reading = new
            history.rows = new.history
        case .message(.read(.failure(let error))):
            failure = error.sentence
            return reading == nil ? [] : [.toast(error.sentence, .failed)]
        case .message(.stateChosen(let action)):
            let name = name
            return [
                .work("state") { context in
                    _ = try await context.aws.call(
                        CloudWatch.setAlarmState,
                        .init(alarmName: name, stateValue: action.name, stateReason: "Set from the console"))
                } then: {
                    .acted("Set to \(action.name) until it is judged again", $0)
                }
            ]
        case .message(.acted(let done, .success)): return [.toast(done), load()]
        case .message(.acted(_, .failure(let error))): return [.toast(error.sentence, .failed)]
        case .tick: break
        }
        return []
    }

    private func setActions() -> [Effect<Message>] {
        guard let alarm = reading?.alarm else { return [] }
        return [
            .work("actions") { context in
                if alarm.isActionsEnabled {
                    _ = try await context.aws.call(CloudWatch.disableAlarmActions, .init(alarmNames: [alarm.name]))
                } else {
                    _ = try await context.aws.call(CloudWatch.enableAlarmActions, .init(alarmNames: [alarm.name]))
                }
            } then: {
                .acted(alarm.isActionsEnabled ? "Its actions are off" : "Its actions are on", $0)
            }
        ]
    }

    private func load() -> Effect<Message> {
        let (name, window) = (name, window)
        return .work("read") { context in
            guard let alarm = try await AlarmReading.read([name], context).first else {
                throw AlarmGone(name: name)
            }
            let output = try await context.aws.call(
                CloudWatch.describeAlarmHistory, .init(alarmName: name, maxRecords: 100))
            let history = (output.alarmHistoryItems ?? []).enumerated().map { index, item in
                Entry(
                    id: index, time: item.timestamp, type: item.historyItemType ?? "",
                    summary: item.historySummary ?? "", data: item.historyData ?? "")
            }
            var metric: MetricReading?
            if let query = alarm.query {
                metric = try await MetricReading.read(
                    [query], seconds: window.seconds, period: max(alarm.period, window.period), context)
            } else if !alarm.queries.isEmpty {
                // What the endpoint cannot compute is not drawn: then the alarm stands without a chart.
                metric = try? await MetricReading.read(
                    alarm.queries, seconds: window.seconds, period: alarm.period, context)
            }
            var children: [AlarmReading] = []
            if alarm.source == nil { children = try await AlarmReading.read(childrenOf: name, context) }
            var contributors: [Contributor] = []
            if alarm.isOnQuery {
                // Not every endpoint tells them.
                let found = try? await context.aws.call(CloudWatch.describeAlarmContributors, .init(alarmName: name))
                contributors = (found?.alarmContributors ?? []).map { contributor in
                    let attributes = contributor.contributorAttributes.sorted { $0.key < $1.key }
                    return Contributor(
                        name: attributes.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
                        reason: contributor.stateReason)
                }
            }
            return Reading(
                alarm: alarm, history: history, metric: metric, children: children, contributors: contributors)
        } then: {
            .read($0)
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        guard let reading else {
            let inside = surface.panel(name)
            inside.write(
                failure ?? "Loading…", x: 0, y: inside.height / 2, width: inside.width, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let alarm = reading.alarm
        let lines = facts(alarm, width: surface.width - 4, reasonLines: max(2, surface.height / 8))
        let middle: Extent =
            reading.metric != nil
            ? .fill(3) : .fixed(reading.children.isEmpty ? 0 : min(reading.children.count + 2, surface.height / 3))
        let breaching = reading.contributors.isEmpty ? 0 : min(reading.contributors.count + 2, surface.height / 4)
        let parts = surface.rows([.fixed(lines.count + 2), middle, .fixed(breaching), .fill(2)])
        let state = StyledLine("\(alarm.mark.glyph) \(alarm.stateWord)", alarm.mark.role)
        let inside = parts[0].panel(alarm.name, note: state)
        for (y, line) in lines.enumerated() { inside.write(line, x: 1, y: y) }
        if let metric = reading.metric {
            let note =
                cursor.map { StyledLine(ElapsedTime.date(Instant(epochMilliseconds: $0)), .accent) }
                ?? StyledLine(window.description, .dim)
            LineChart(
                metric.series, range: metric.range, levels: alarm.threshold.map { [ChartLevel($0)] } ?? [],
                cursor: cursor
            )
            .render(on: parts[1].panel("Metric", note: note))
        }
        if reading.metric == nil, !reading.children.isEmpty { render(reading.children, on: parts[1]) }
        if breaching > 0 { render(reading.contributors, on: parts[2]) }
        history.render(
            on: parts[3].panel("History", focused: true, note: history.countNote), focused: frame.isInteractive)
    }

    private func render(_ children: [AlarmReading], on surface: Surface) {
        let inside = surface.panel("Follows", note: StyledLine("\(children.count)", .dim))
        let names = min(inside.width / 2, children.map(\.name.columns).max() ?? 0)
        for (y, child) in children.prefix(inside.height).enumerated() {
            inside.write(child.mark.line(child.stateWord), x: 1, y: y)
            inside.write(child.name, x: 13, y: y, width: names, Style(.text))
            inside.write(child.condition, x: names + 15, y: y, width: inside.width - names - 16, Style(.dim))
        }
    }

    private func render(_ contributors: [Contributor], on surface: Surface) {
        let inside = surface.panel("Breaching", note: StyledLine("\(contributors.count)", .dim))
        let names = min(inside.width / 3, contributors.map(\.name.columns).max() ?? 0)
        for (y, contributor) in contributors.prefix(inside.height).enumerated() {
            inside.write(StatusMark.failed.line(), x: 1, y: y)
            inside.write(contributor.name, x: 3, y: y, width: names, Style(.text))
            inside.write(contributor.reason, x: names + 5, y: y, width: inside.width - names - 6, Style(.dim))
        }
    }

    /// - Parameter reasonLines: how much of a long reason is shown; *Why?* tells it all.
    private func facts(_ alarm: AlarmReading, width: Int, reasonLines: Int) -> [StyledLine] {
        let reason = TextWrapping.wrap(alarm.reason, to: max(20, width))
        var lines = reason.prefix(reasonLines).map { StyledLine($0) }
        if reason.count > reasonLines {
            lines[reasonLines - 1] = StyledLine(reason[reasonLines - 1].clipped(to: max(10, width - 2)) + " …")
        }
        for (index, part) in TextWrapping.wrap(alarm.condition, to: max(20, width - 6)).enumerated() {
            lines.append([Span(index == 0 ? "When  " : "      ", .dim), Span(part, .text)])
        }
        if !alarm.description.isEmpty { lines.append(StyledLine(alarm.description, .dim)) }
        for (state, arns) in alarm.actions where !arns.isEmpty {
            let names = arns.map { ResourceName($0).shortLabel }.joined(separator: ", ")
            lines.append([Span("On \(state)  ", .dim), Span(names, .text)])
        }
        if let suppression = alarm.suppression { lines.append(StyledLine("▲ \(suppression)", .warning)) }
        if !alarm.isActionsEnabled { lines.append(StyledLine("○ Its actions are disabled", .warning)) }
        return lines
    }
}

/// The alarm is not there any more.
private struct AlarmGone: Error, CustomStringConvertible {
    var name: String
    var description: String { "There is no alarm \(name)." }
}
