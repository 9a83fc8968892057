import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The metric and subscription filters of a log group, and a tester that holds a pattern against its latest events.
struct LogFiltersTab: Screen {
    enum Message: Sendable {
        case listed(Result<[LogFilterReading], any Error>)
        case sampled(Result<[String], any Error>)
        case judged(String, Result<[Int: [String: String]], any Error>)
        case kindChosen(ActionID)
        case written(FormValues, isMetric: Bool)
        case saved(Result<Void, any Error>, FormValues, isMetric: Bool)
        case deleteConfirmed([LogFilterReading])
        case deleted(Int, Result<Void, any Error>)
        case located(String, Result<String?, any Error>)
    }

    /// AWS: so many lines are tested at a time.
    private static let samples = 50

    let group: String
    var table = Table<LogFilterReading>(
        id: "filters",
        columns: [
            TableColumn("Filter", min: 14, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Kind", min: 12, ideal: 12, order: TableColumn.by { $0.isMetric ? 0 : 1 }) {
                TableCell($0.isMetric ? "metric" : "subscription", .dim)
            },
            TableColumn("Pattern", min: 14, order: TableColumn.by { $0.pattern }) {
                TableCell($0.pattern.isEmpty ? "every event" : $0.pattern, $0.pattern.isEmpty ? .dim : .text)
            },
            TableColumn("Goes to", min: 16, clipsMiddle: true, order: TableColumn.by { $0.target }) {
                TableCell($0.target, .dim)
            },
        ], empty: "No filters. n makes one: a metric from events, or a subscription that sends them on.")
    var failure: String?
    var isTyping = false
    var pattern = TextField("", placeholder: "every event")
    /// Newest first.
    var lines: [String]?
    /// Index of each line that matches, with what the pattern took from it.
    var matches: [Int: [String: String]] = [:]
    var judgement: String?
    private var chosen: String?

    init(group: String) { self.group = group }

    var crumbs: [String] { [] }
    var capturesText: Bool { isTyping || table.capturesText }
    var handlesEscape: Bool { isTyping || table.handlesEscape }
    var copyText: String? { table.selected?.pattern }

    var bindings: [KeyBinding] {
        if isTyping {
            return [KeyBinding(["enter"], "done", "done", help: "Back to the filters")]
        }
        let one = Availability.when(table.selected != nil, otherwise: "No filter is selected")
        return [
            KeyBinding(["t"], "try pattern", "try", help: "Type a pattern and see which events match", menu: true),
            KeyBinding(
                ["n"], "new", "create", help: "Create a filter with the pattern tried", menu: true, needs: [.changes]),
            KeyBinding(
                ["e", "enter"], "edit", "edit", help: "Edit the filter", availability: one, menu: true,
                needs: [.changes]),
            .why(one),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
        ] + Table<LogFilterReading>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .action("refresh"): return [list(), sample()]
        case .changed: return isTyping ? [] : [list()]
        case .action("try"): isTyping = true
        case .action("done"): isTyping = false
        case .action("create"):
            let items = [
                MenuItem("metric", "Metric filter", detail: "a metric from events"),
                MenuItem("subscription", "Subscription filter", detail: "sends events on"),
            ]
            return [.menu(Menu("Create", items)) { .kindChosen($0) }]
        case .action("edit"):
            guard let filter = table.selected else { return [] }
            let isMetric = filter.isMetric
            return [
                .form(LogFilterReading.form(filter, pattern: "", isMetric: isMetric)) {
                    .written($0, isMetric: isMetric)
                }
            ]
        case .action("why"): return table.selected.map { [locate($0.name)] } ?? []
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "filter \(first.name)" : "\(targets.count) filters"
            return [
                .confirm(
                    .delete(what, consequences: targets.map { "\($0.name): \($0.target)" }),
                    then: .deleteConfirmed(targets))
            ]
        case .action(let action):
            _ = table.perform(action)
            return follow()
        case .input(let input):
            guard isTyping else {
                _ = table.handle(input)
                return follow()
            }
            // Enter is a key of text while one types: it comes as input.
            if case .key(let key) = input, key == .escape || key == .enter {
                isTyping = false
            } else if pattern.handle(input) {
                return judge()
            }
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .listed(.success(let found)):
            failure = nil
            table.rows = found
            return follow()
        case .listed(.failure(let error)): failure = error.sentence
        case .sampled(.success(let new)):
            lines = new
            return judge()
        case .sampled(.failure(let error)):
            lines = []
            judgement = error.sentence
        case .judged(let tried, .success(let new)) where tried == pattern.text:
            judgement = nil
            matches = new
        case .judged(let tried, .failure(let error)) where tried == pattern.text:
            judgement = (error as? AWSError)?.message ?? error.sentence
            matches = [:]
        case .judged: break
        case .kindChosen(let action):
            let isMetric = action == "metric"
            return [
                .form(LogFilterReading.form(nil, pattern: pattern.text, isMetric: isMetric)) {
                    .written($0, isMetric: isMetric)
                }
            ]
        case .written(let values, let isMetric):
            let group = group
            return [
                .work("save") { context in
                    try await LogFilterReading.save(values, isMetric: isMetric, group: group, context)
                } then: {
                    .saved($0, values, isMetric: isMetric)
                }
            ]
        case .saved(.success, let values, _): return [.toast("Saved \(values["name"])"), list()]
        case .saved(.failure(let error), let values, let isMetric):
            let form = LogFilterReading.form(nil, pattern: "", isMetric: isMetric)
            return [
                .form(form.filled(with: values, failure: error.sentence)) { .written($0, isMetric: isMetric) }
            ]
        case .deleteConfirmed(let targets): return [delete(targets)]
        case .deleted(let count, .success):
            table.clearMarks()
            return [.toast("Deleted \(Quantity.count(count, "filter"))"), list()]
        case .deleted(_, .failure(let error)): return [.toast(error.sentence, .failed), list()]
        case .located(let filter, .success(let arn)):
            return arn.map { [.push(WhyScreen(arn: $0, item: filter))] } ?? []
        case .located(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        }
        return []
    }

    /// The group's ARN, by which a filter's reasons are asked for.
    private func locate(_ filter: String) -> Effect<Message> {
        let group = group
        return .work("locate") { context in
            let output = try await context.aws.call(Logs.describeLogGroups, .init(logGroupNamePrefix: group))
            return output.logGroups?.first { $0.logGroupName == group }?.logGroupArn
        } then: {
            .located(filter, $0)
        }
    }

    /// The tester shows the selected filter's pattern, until another is typed.
    private mutating func follow() -> [Effect<Message>] {
        guard let selected = table.selected, selected.id != chosen else { return [] }
        chosen = selected.id
        pattern.text = selected.pattern
        return judge()
    }

    private func judge() -> [Effect<Message>] {
        guard let lines, !lines.isEmpty else { return [] }
        let text = pattern.text
        return [
            .work("judge") { context in
                let output = try await context.aws.call(
                    Logs.testMetricFilter, .init(filterPattern: text, logEventMessages: lines))
                var found: [Int: [String: String]] = [:]
                for match in output.matches ?? [] {
                    if let number = match.eventNumber { found[number - 1] = match.extractedValues ?? [:] }
                }
                return found
            } then: {
                .judged(text, $0)
            }
        ]
    }

    private func delete(_ targets: [LogFilterReading]) -> Effect<Message> {
        let group = group
        return .work("delete") { context in
            for filter in targets {
                if filter.isMetric {
                    _ = try await context.aws.call(
                        Logs.deleteMetricFilter, .init(logGroupName: group, filterName: filter.name))
                } else {
                    _ = try await context.aws.call(
                        Logs.deleteSubscriptionFilter, .init(logGroupName: group, filterName: filter.name))
                }
            }
        } then: {
            .deleted(targets.count, $0)
        }
    }

    private func list() -> Effect<Message> {
        let group = group
        return .work("list") { context in
            try await LogFilterReading.list(group, context)
        } then: {
            .listed($0)
        }
    }

    private func sample() -> Effect<Message> {
        let scope = LogReading.Scope(group: group)
        return .work("sample") { context in
            let now = await context.now().epochMilliseconds
            let reading = try await LogReading.read(
                scope, from: now - 86_400_000, limit: Self.samples, keepsLast: true, context)
            return reading.events.reversed().compactMap(\.message).filter { !$0.isEmpty }
        } then: {
            .sampled($0)
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fill(2), .fill(3)])
        table.showing(failure).render(
            on: parts[0].panel("Filters", focused: !isTyping, note: table.countNote),
            focused: frame.isInteractive && !isTyping)
        let total = lines?.count ?? 0
        let note: StyledLine =
            judgement == nil
            ? StyledLine("\(matches.count) of the latest \(Quantity.count(total, "event")) match", .dim)
            : StyledLine("✗ not a pattern", .failure)
        let inside = parts[1].panel("Pattern", focused: isTyping, note: total == 0 ? nil : note)
        let field = inside.part(Rect(x: 1, y: 0, width: inside.width - 2, height: 1))
        field.fill(Style(.text, on: isTyping ? .selection : .selectionIdle))
        pattern.render(
            on: field, focused: frame.isInteractive && isTyping,
            style: Style(.text, on: isTyping ? .selection : .selectionIdle))
        let area = inside.part(Rect(x: 1, y: 1, width: inside.width - 2, height: inside.height - 1))
        if let judgement {
            for (y, line) in TextWrapping.wrap(judgement, to: max(10, area.width)).enumerated() {
                area.write(line, x: 0, y: y, Style(.failure))
            }
            return
        }
        guard let lines, !lines.isEmpty else {
            area.write(
                lines == nil ? "Loading…" : "No events in the last day to try it on.", x: 0, y: area.height / 2,
                width: area.width, align: .centre, Style(.dim))
            return
        }
        for (y, message) in lines.prefix(area.height).enumerated() {
            let found = matches[y]
            let mark: StatusMark = found == nil ? .disabled : .succeeded
            var line: StyledLine = [Span("\(mark.glyph) ", mark.role)]
            line.append(Self.oneLine(message), found == nil ? .dim : .text)
            var taken = ""
            if let found, !found.isEmpty {
                taken = found.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
                taken = taken.clipped(to: area.width / 2)
            }
            area.part(Rect(x: 0, y: y, width: area.width - taken.columns - 1, height: 1)).write(line)
            area.write(taken, x: area.width - taken.columns, y: y, Style(.accent))
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isNewline || $0 == "\t" }.joined(separator: "  ")
    }
}
