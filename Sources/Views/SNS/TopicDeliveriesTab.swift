import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What became of each message at each subscriber: delivered, retried, filtered, dead-lettered, lost.
struct TopicDeliveriesTab: TopicTab {
    enum Message: Sendable {
        case loaded(Result<[DeliveryRow], any Error>)
        case kindChosen(ActionID)
    }

    var topic: TopicReading?
    var isStale = false
    var status: DeliveryRow.Status?
    var failure: String?
    private let clock = FrameClock()
    var table: Table<DeliveryRow>

    init() {
        let clock = clock
        table = Table(
            id: "deliveries",
            columns: [
                TableColumn("Time", min: 8, ideal: 8) { TableCell(ElapsedTime.clock($0.time), .dim) },
                TableColumn("Status", min: 13, ideal: 13, order: TableColumn.by { $0.status.word }) {
                    .status($0.status.mark, $0.status.word)
                },
                TableColumn("To", min: 12, ideal: 18, clipsMiddle: true, order: TableColumn.by { $0.target }) {
                    TableCell($0.target)
                },
                TableColumn("Try", min: 3, ideal: 3, align: .right, order: TableColumn.by { $0.attempt }) {
                    TableCell($0.attempt == 0 ? "–" : $0.attempt.grouped, $0.attempt > 1 ? .warning : .dim)
                },
                TableColumn("Next", min: 5, ideal: 6, align: .right) { row in
                    guard let next = row.nextAttemptAt else { return TableCell("–", .faint) }
                    let wait = next.epochMilliseconds - clock.now
                    return TableCell(wait > 0 ? ElapsedTime.countdown(milliseconds: wait) : "now", .warning)
                },
                TableColumn("Why", min: 20) { TableCell($0.reason, .dim) },
                TableColumn("Message", min: 12, ideal: 36, clipsMiddle: true) { TableCell($0.messageID, .faint) },
            ], empty: "Nothing was delivered yet. Publish a message (tab 2) and look here.")
    }

    var topics: Set<Topic> { ["sns"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape || status != nil }
    var copyText: String? { table.selected?.messageID }
    /// Countdowns go on while something waits.
    var tickInterval: Duration? {
        table.rows?.contains { ($0.nextAttemptAt?.epochMilliseconds ?? 0) > clock.now } == true ? .seconds(1) : nil
    }

    var bindings: [KeyBinding] {
        guard topic?.hasEngine != false else { return [] }
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No delivery is selected")
        let link = selected.flatMap { ResourceName($0.endpoint).address ?? $0.deadLetterAddress }
        return [
            .open(
                selected == nil
                    ? one : .when(link != nil, otherwise: "\(selected?.endpoint ?? "It") has no screen")),
            .why(one),
            KeyBinding(
                ["f"], status == nil ? "only…" : "all", "status", help: "Show one status only, or all again", menu: true
            ),
        ] + Table<DeliveryRow>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return load()
        case .action("open"):
            guard let row = table.selected else { return [] }
            return (ResourceName(row.endpoint).address ?? row.deadLetterAddress).map { [.open($0)] } ?? []
        case .action("why"):
            return table.selected.map { [.push(WhyScreen(arn: $0.subscriptionARN, item: $0.messageID))] } ?? []
        case .action("status"):
            guard status == nil else { return show(nil) }
            let items = DeliveryRow.Status.allCases.map { MenuItem(ActionID($0.rawValue), $0.word) }
            return [.menu(Menu("Show only", items)) { .kindChosen($0) }]
        case .action(let action): _ = table.perform(action)
        case .input(.key(.escape)) where !table.handlesEscape: return show(nil)
        case .input(let input): _ = table.handle(input)
        case .message(.kindChosen(let id)): return show(DeliveryRow.Status(rawValue: id.name))
        case .message(.loaded(.success(let rows))):
            failure = nil
            let isAtTop = table.selectedIndex == 0
            table.rows = rows
            if isAtTop { table.select(index: 0) }
        case .message(.loaded(.failure(let error))): failure = error.sentence
        case .tick: break
        }
        return []
    }

    private mutating func show(_ new: DeliveryRow.Status?) -> [Effect<Message>] {
        status = new
        table.rows = nil
        return load()
    }

    private func load() -> [Effect<Message>] {
        guard let topic, topic.hasEngine else { return [] }
        let input = Skua.ListDeliveriesRequest(topicArn: topic.arn, status: status?.rawValue, maxResults: 300)
        return [
            .work("deliveries") { context in
                try await context.aws.call(Skua.listDeliveries, input).deliveries.map(DeliveryRow.init)
            } then: {
                .loaded($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        clock.now = frame.now
        guard topic?.hasEngine != false else {
            let inside = surface.panel("Deliveries", focused: true)
            for (row, line) in TextWrapping.wrap(
                "Only Skua's own engine keeps a log of deliveries. Elsewhere delivery status logs go to CloudWatch Logs, where the topic's attributes name a role for them.",
                to: max(20, inside.width - 8)
            ).enumerated() {
                inside.write(
                    line, x: 0, y: inside.height / 2 - 1 + row, width: inside.width, align: .centre, Style(.dim))
            }
            return
        }
        let lines = surface.height >= 12 ? table.selected?.sentences(now: frame.now) ?? [] : []
        let rows = surface.rows([.fill(), .fixed(lines.isEmpty ? 0 : lines.count + 2)])
        // The engine keeps the newest in memory only: what was delivered before it was started anew is not told.
        let note = StyledLine("since the start · ", .faint) + table.countNote
        let title = status.map { "Deliveries: \($0.word.lowercased())" } ?? "Deliveries"
        table.showing(failure).render(
            on: rows[0].panel(title, focused: true, note: note), focused: frame.isInteractive)
        guard !lines.isEmpty else { return }
        let inside = rows[1].panel("What happened")
        for (row, line) in lines.enumerated() {
            inside.write(
                line.columns > inside.width - 2
                    ? StyledLine(line.text.clipped(to: inside.width - 2), line.spans.last?.style ?? .plain) : line,
                x: 1,
                y: row)
        }
    }
}

extension DeliveryRow {
    fileprivate var deadLetterAddress: ScreenAddress? { deadLetterTarget.flatMap { ResourceName($0).address } }
}
