import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One log event whole: all its fields, and its message unfolded.
struct LogRecordScreen: Screen {
    enum Message: Sendable {
        case read(Result<[String: String], any Error>)
    }

    private let row: InsightsRow
    private var record: [String: String]
    private var fields = KeyValueList(id: "fields")
    private var message = JSONViewer("", id: "json")
    private var split = SplitPane(.horizontal, ratio: 45, narrowest: 40)
    private var failure: String?

    init(_ row: InsightsRow) {
        self.row = row
        record = row.values
        show()
    }

    var crumbs: [String] { ["CloudWatch", "Insights", "Record"] }
    var capturesText: Bool { split.focus == 1 && message.capturesText }
    var handlesEscape: Bool { split.focus == 1 && message.handlesEscape }
    var copyText: String? { split.focus == 1 ? message.selectedValue ?? record["@message"] : fields.selected?.value }

    /// Where it was written, to look around there.
    private var place: (group: String, stream: String, time: Int64)? {
        guard let log = record["@log"], let stream = record["@logStream"] else { return nil }
        let time = record["@timestamp"].flatMap { Int64($0) ?? InsightsChart.time($0) }
        // AWS: `123456789012:/aws/lambda/charge`.
        return time.map { (log.split(separator: ":").last.map(String.init) ?? log, stream, $0) }
    }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["l"], "around", "around", help: "What the stream says around it",
                availability: .when(place != nil, otherwise: "Its stream is not known"), menu: true),
            KeyBinding(
                ["c"], "copy path", "path", help: "Copy the JSONPath of the selected value",
                availability: .when(message.selectedPath != nil, otherwise: "The message is not JSON")),
        ] + (split.focus == 1 ? JSONViewer.bindings : KeyValueList.bindings) + SplitPane.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared:
            guard let pointer = row.pointer else { return [] }
            return [
                .work("read") { context in
                    try await context.aws.call(Logs.getLogRecord, .init(logRecordPointer: pointer)).logRecord ?? [:]
                } then: {
                    .read($0)
                }
            ]
        case .action("around"):
            // A minute before it, so that what led to it is seen.
            guard let place else { return [] }
            return [.push(LogTailScreen(group: place.group, stream: place.stream, from: place.time - 60_000))]
        case .action("path"): return message.selectedPath.map { [.copy($0, what: "path")] } ?? []
        case .action(let action):
            if split.perform(action) { return [] }
            if split.focus == 1 { _ = message.perform(action) } else { _ = fields.perform(action) }
        case .input(let input): if split.focus == 1 { _ = message.handle(input) } else { _ = fields.handle(input) }
        case .message(.read(.success(let whole))):
            record = row.values.merging(whole) { _, new in new }
            show()
        case .message(.read(.failure(let error))): failure = error.sentence
        default: break
        }
        return []
    }

    /// Fields that CloudWatch adds come first, those of the message by name.
    private mutating func show() {
        message.set(record["@message"] ?? "")
        let names = record.keys.filter { $0 != "@ptr" && $0 != "@message" }.sorted {
            ($0.hasPrefix("@") ? 0 : 1, $0) < ($1.hasPrefix("@") ? 0 : 1, $1)
        }
        fields.items = names.map { name in
            let value = record[name] ?? ""
            let isTime = name == "@timestamp" || name == "@ingestionTime"
            let time = isTime ? Int64(value).map { ElapsedTime.date(Instant(epochMilliseconds: $0)) } : nil
            return KeyValue(name, text: time ?? value)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = split.parts(of: surface)
        let note = failure.map { StyledLine($0, .failure) }
        let left = parts.first.panel("Fields", focused: split.focus == 0, note: note)
        fields.render(on: left, focused: frame.isInteractive && split.focus == 0)
        let right = parts.second.panel("Message", focused: split.focus == 1)
        message.render(on: right.inset(horizontally: 1), focused: frame.isInteractive && split.focus == 1)
    }
}
