import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All queues.
struct QueueListScreen: Screen {
    enum Message: Sendable {
        case listed(Result<[QueueReading], any Error>)
        /// More of a long list has been read.
        case filled([QueueReading])
        case createRequested(FormValues)
        case created(Result<String, any Error>, FormValues)
        case deleteConfirmed([QueueReading])
        case purgeConfirmed([QueueReading])
        case acted(String, Result<Void, any Error>)
    }

    /// How many queues are read at once; a longer list fills while it is already shown.
    private static let batch = 200

    var table = Table<QueueReading>(
        id: "queues",
        columns: [
            TableColumn("Name", min: 20, order: TableColumn.by { $0.name }) {
                TableCell($0.name, $0.problem == nil ? .text : .failure)
            },
            TableColumn("Type", min: 8, ideal: 8, order: TableColumn.by { $0.isFIFO ? 1 : 0 }) {
                TableCell($0.isFIFO ? "FIFO" : "Standard", .dim)
            },
            TableColumn("Visible", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.visible }) {
                Self.count($0, $0.visible, .text)
            },
            TableColumn("In flight", min: 9, ideal: 9, align: .right, order: TableColumn.by { $0.inFlight }) {
                Self.count($0, $0.inFlight, .running)
            },
            TableColumn("Delayed", min: 7, ideal: 8, align: .right, order: TableColumn.by { $0.delayed }) {
                Self.count($0, $0.delayed, .text)
            },
            TableColumn(
                "Dead letters", min: 12, clipsMiddle: true, order: TableColumn.by { $0.redrivePolicy?.targetARN ?? "" }
            ) {
                guard let policy = $0.redrivePolicy else { return TableCell($0.isRead ? "–" : "", .faint) }
                return TableCell(ResourceName.last(of: policy.targetARN), .dim)
            },
            TableColumn("Age", min: 6, ideal: 7, align: .right, order: TableColumn.by { $0.ageMilliseconds }) {
                TableCell($0.isRead ? ElapsedTime.age(milliseconds: $0.ageMilliseconds) : "", .dim)
            },
        ], empty: "No queues. Press n to create one.")
    var failure: String?

    private static func count(_ queue: QueueReading, _ number: Int, _ role: Role) -> TableCell {
        queue.isRead ? TableCell(number.grouped, number > 0 ? role : .dim) : TableCell("…", .dim)
    }

    var crumbs: [String] { ["SQS", "Queues"] }
    var topics: Set<Topic> { ["sqs"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected.map { $0.arn.isEmpty ? $0.url : $0.arn } }

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No queue is selected")
        let why = selected?.hasEngine == false ? Availability.disabled("Only Skua's own engine offers this") : one
        return [
            KeyBinding.open(one),
            KeyBinding(["n"], "new", "create", help: "Create a queue", menu: true),
            KeyBinding(["m"], "send", "send", help: "Send it a message", availability: one, menu: true),
            .why(why),
            KeyBinding(
                ["p"], "purge", "purge", help: "Purge: delete all messages of what is marked or selected",
                availability: one, menu: true, destructive: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the queues marked, or the selected one", availability: one,
                menu: true, destructive: true),
            KeyBinding(
                ["x"], "redrive", "redrive", help: "Dead letters: policy, sources and redrive", availability: one,
                prominence: .help, menu: true),
            .refresh,
        ] + Table<QueueReading>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("sqs.queue", $0.name)] } ?? []
        case .action("send"): return table.selected.map { [.open("sqs.queue", $0.name, "Send")] } ?? []
        case .action("redrive"): return table.selected.map { [.open("sqs.queue", $0.name, "Dead letters")] } ?? []
        case .action("create"): return [.form(QueueForms.create()) { .createRequested($0) }]
        case .action("purge"):
            let targets = table.targets
            return targets.isEmpty
                ? []
                : [
                    .confirm(
                        Self.question("Purge", targets, note: "All messages are deleted, those in flight too."),
                        then: .purgeConfirmed(targets))
                ]
        case .action("delete"):
            let targets = table.targets
            return targets.isEmpty
                ? []
                : [
                    .confirm(
                        Self.question("Delete", targets, note: "The queues and their messages cannot be brought back."),
                        then: .deleteConfirmed(targets))
                ]
        case .action("why"):
            guard let queue = table.selected else { return [] }
            return [.push(WhyScreen(arn: queue.arn))]
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

    private static func question(_ verb: String, _ queues: [QueueReading], note: String) -> Dialog {
        let what = queues.count == 1 ? "queue \(queues[0].name)" : "\(queues.count) queues"
        let total = queues.reduce(0) { $0 + $1.total }
        return Dialog(
            "\(verb) \(what)?", message: "\(Quantity.count(total, "message")) in all. \(note)",
            consequences: queues.map(\.holdings),
            confirm: verb, destructive: true, typeToConfirm: queues.count == 1 ? queues[0].name : verb.lowercased())
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .listed(.success(let queues)):
            failure = nil
            // What is known of queues beyond the first batch stays until it is read again.
            let known = Dictionary((table.rows ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            table.rows = queues.map { $0.isRead || $0.problem != nil ? $0 : known[$0.id] ?? $0 }
            return Self.fillNext(queues).map { [$0] } ?? []
        case .listed(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .filled(let queues):
            let new = Dictionary(queues.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            table.rows = table.rows?.map { new[$0.id] ?? $0 }
            return Self.fillNext((table.rows ?? []).filter { !$0.isRead && $0.problem == nil }).map { [$0] } ?? []
        case .createRequested(let values):
            return [
                .work("create") { context in
                    let request = QueueForms.createRequest(values)
                    _ = try await context.aws.call(SQS.createQueue, request)
                    return request.queueName
                } then: {
                    .created($0, values)
                }
            ]
        case .created(.success(let name), _): return [.toast("Created \(name)"), .open("sqs.queue", name)]
        case .created(.failure(let error), let values):
            return [
                .form(QueueForms.create().filled(with: values, failure: error.sentence)) {
                    .createRequested($0)
                }
            ]
        case .deleteConfirmed(let queues):
            return [
                .work("delete") { context in
                    for queue in queues { _ = try await context.aws.call(SQS.deleteQueue, .init(queueUrl: queue.url)) }
                } then: {
                    .acted("Deleted \(queues.count == 1 ? queues[0].name : "\(queues.count) queues")", $0)
                }
            ]
        case .purgeConfirmed(let queues):
            return [
                .work("purge") { context in
                    for queue in queues { _ = try await context.aws.call(SQS.purgeQueue, .init(queueUrl: queue.url)) }
                } then: {
                    .acted("Purged \(queues.count == 1 ? queues[0].name : "\(queues.count) queues")", $0)
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
            on: surface.panel("Queues", focused: true, note: table.countNote), focused: frame.isInteractive)
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            let queues = try await QueueReading.list(context)
            return await QueueReading.fill(Array(queues.prefix(batch)), context) + queues.dropFirst(batch)
        } then: {
            .listed($0)
        }
    }

    private static func fillNext(_ queues: [QueueReading]) -> Effect<Message>? {
        let next = Array(queues.filter { !$0.isRead && $0.problem == nil }.prefix(batch))
        return next.isEmpty ? nil : .work("load") { context in .filled(await QueueReading.fill(next, context)) }
    }
}
