import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All queues.
struct QueueListScreen: ListScreen {
    private static let table = Table<QueueReading>(
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

    private static func count(_ queue: QueueReading, _ number: Int, _ role: Role) -> TableCell {
        queue.isRead ? TableCell(number.grouped, number > 0 ? role : .dim) : TableCell("…", .dim)
    }

    var list = ResourceList(
        "Queues", Self.table, details: QueueReading.details, order: { $0.name < $1.name }, read: QueueReading.page)
    static let noun: Noun = "queue"

    var crumbs: [String] { ["SQS", "Queues"] }
    var topics: Set<Topic> { ["sqs"] }
    var copyText: String? { selected.map { $0.arn.isEmpty ? $0.url : $0.arn } }

    var ownBindings: [KeyBinding] {
        [
            .open(one), Self.new(),
            KeyBinding(
                ["m"], "send", "send", help: "Send it a message", availability: one, menu: true, needs: [.changes]),
            .why(one),
            KeyBinding(
                ["x"], "redrive", "redrive", help: "Dead letters: policy, sources and redrive", availability: one,
                prominence: .help, menu: true),
        ]
    }

    var actions: [BulkAction<QueueReading>] {
        [
            BulkAction(
                action: "purge", keys: ["p"], title: "purge",
                help: "Purge: delete all messages of what is marked or selected", verb: { _ in .purge },
                noun: Self.noun, question: .typed,
                note: { Self.loss($0, "All messages are deleted, those in flight too.") }, name: { $0.name },
                consequence: { $0.holdings },
                perform: BulkAction.oneByOne {
                    _ = try await $2.aws.call(SQS.purgeQueue, .init(queueUrl: $0.url))
                }),
            .delete(
                Self.noun, note: { Self.loss($0, "The queues and their messages cannot be brought back.") },
                name: { $0.name }, consequence: { $0.holdings },
                each: { _ = try await $1.aws.call(SQS.deleteQueue, .init(queueUrl: $0.url)) }),
        ]
    }

    private static func loss(_ queues: [QueueReading], _ note: String) -> String {
        "\(Quantity.count(queues.reduce(0) { $0 + $1.total }, "message")) in all. \(note)"
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("sqs.queue", $0.name)] } ?? []
        case "send": selected.map { [.open("sqs.queue", $0.name, "Send")] } ?? []
        case "redrive": selected.map { [.open("sqs.queue", $0.name, "Dead letters")] } ?? []
        case "why": selected.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case "create":
            asking(QueueForms.create()) { values, context in
                let request = QueueForms.createRequest(values)
                _ = try await context.aws.call(SQS.createQueue, request)
                return .init(
                    "Created \(request.queueName)",
                    opens: ScreenAddress(id: "sqs.queue", arguments: [request.queueName]))
            }
        default: nil
        }
    }
}
