import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All topics.
struct TopicListScreen: Screen {
    enum Message: Sendable {
        case listed(Result<[TopicReading], any Error>)
        /// More of a long list has been read.
        case filled([TopicReading])
        case createRequested(FormValues)
        case created(Result<String, any Error>, FormValues)
        case deleteConfirmed([TopicReading])
        case acted(String, Result<Void, any Error>)
    }

    /// How many topics are read at once; a longer list fills while it is already shown.
    private static let batch = 200

    var table = Table<TopicReading>(
        id: "topics",
        columns: [
            TableColumn("Name", min: 20, order: TableColumn.by { $0.name }) {
                TableCell($0.name, $0.problem == nil ? .text : .failure)
            },
            TableColumn("Type", min: 8, ideal: 8, order: TableColumn.by { $0.isFIFO ? 1 : 0 }) {
                TableCell($0.isFIFO ? "FIFO" : "Standard", .dim)
            },
            TableColumn("Subscribed", min: 10, ideal: 10, align: .right, order: TableColumn.by { $0.confirmed }) {
                Self.count($0, $0.confirmed, .text)
            },
            TableColumn("Pending", min: 7, ideal: 8, align: .right, order: TableColumn.by { $0.pending }) {
                Self.count($0, $0.pending, .warning)
            },
            TableColumn("Encryption", min: 10, ideal: 14, clipsMiddle: true) {
                TableCell($0.isRead ? $0.encryptionKey ?? "–" : "", .dim)
            },
            TableColumn("Display name", min: 12, order: TableColumn.by { $0.displayName }) {
                TableCell($0.displayName, .dim)
            },
        ], empty: "No topics. Press n to create one.")
    var failure: String?

    private static func count(_ topic: TopicReading, _ number: Int, _ role: Role) -> TableCell {
        topic.isRead ? TableCell(number.grouped, number > 0 ? role : .dim) : TableCell("…", .dim)
    }

    var crumbs: [String] { ["SNS", "Topics"] }
    var topics: Set<Topic> { ["sns"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.arn }

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No topic is selected")
        let why = selected?.hasEngine == false ? Availability.disabled("Only Skua's own engine offers this") : one
        return [
            KeyBinding.open(one),
            KeyBinding(["n"], "new", "create", help: "Create a topic", menu: true),
            KeyBinding(["m"], "publish", "publish", help: "Publish a message to it", availability: one, menu: true),
            .why(why),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the topics marked, or the selected one", availability: one,
                menu: true, destructive: true),
            .refresh,
        ] + Table<TopicReading>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("sns.topic", $0.arn)] } ?? []
        case .action("publish"): return table.selected.map { [.open("sns.topic", $0.arn, "Publish")] } ?? []
        case .action("create"): return [.form(TopicForms.create()) { .createRequested($0) }]
        case .action("delete"):
            let targets = table.targets
            let what = targets.count == 1 ? "topic \(targets[0].name)" : "\(targets.count) topics"
            return targets.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(
                            what, consequences: targets.map(\.holdings),
                            typeToConfirm: targets.count == 1 ? targets[0].name : "delete"),
                        then: .deleteConfirmed(targets))
                ]
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case .action(let action):
            _ = table.perform(action)
            return []
        case .input(let input):
            _ = table.handle(input)
            return []
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .listed(.success(let topics)):
            failure = nil
            // What is known of topics beyond the first batch stays until it is read again.
            let known = Dictionary((table.rows ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            table.rows = topics.map { $0.isRead || $0.problem != nil ? $0 : known[$0.id] ?? $0 }
            return Self.fillNext(topics).map { [$0] } ?? []
        case .listed(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .filled(let topics):
            let new = Dictionary(topics.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            table.rows = table.rows?.map { new[$0.id] ?? $0 }
            return Self.fillNext((table.rows ?? []).filter { !$0.isRead && $0.problem == nil }).map { [$0] } ?? []
        case .createRequested(let values):
            return [
                .work("create") { context in
                    try await context.aws.call(SNS.createTopic, TopicForms.createRequest(values)).topicArn ?? ""
                } then: {
                    .created($0, values)
                }
            ]
        case .created(.success(let arn), _):
            return [.toast("Created \(ResourceName.last(of: arn))"), .open("sns.topic", arn)]
        case .created(.failure(let error), let values):
            return [
                .form(TopicForms.create().filled(with: values, failure: error.sentence)) { .createRequested($0) }
            ]
        case .deleteConfirmed(let topics):
            return [
                .work("delete") { context in
                    for topic in topics { _ = try await context.aws.call(SNS.deleteTopic, .init(topicArn: topic.arn)) }
                } then: {
                    .acted("Deleted \(topics.count == 1 ? topics[0].name : "\(topics.count) topics")", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Topics", focused: true, note: table.countNote), focused: frame.isInteractive)
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            let topics = try await TopicReading.list(context)
            return await TopicReading.fill(Array(topics.prefix(batch)), context) + topics.dropFirst(batch)
        } then: {
            .listed($0)
        }
    }

    private static func fillNext(_ topics: [TopicReading]) -> Effect<Message>? {
        let next = Array(topics.filter { !$0.isRead && $0.problem == nil }.prefix(batch))
        return next.isEmpty ? nil : .work("load") { context in .filled(await TopicReading.fill(next, context)) }
    }
}
