import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The SNS topics whose messages come to this queue.
struct QueueTopicsTab: QueueTab {
    struct Row: Identifiable, Hashable, Sendable {
        var subscriptionARN: String
        var topicARN: String
        var isRaw = false
        var filterPolicy: String?
        var id: String { subscriptionARN }
        var topic: String { ResourceName.last(of: topicARN) }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case form(FormStep)
        case acted(BulkResult<Row>)
    }

    var queue: QueueReading?
    var isStale = false
    var failure: String?
    var table = Table<Row>(
        id: "topics",
        columns: [
            TableColumn("Topic", min: 16, order: TableColumn.by { $0.topic }) { TableCell($0.topic) },
            TableColumn("Raw", min: 4, ideal: 5) { TableCell($0.isRaw ? "yes" : "no", .dim) },
            TableColumn("Filter policy", min: 14) { TableCell($0.filterPolicy ?? "–", .dim) },
            TableColumn("Subscription", min: 10, clipsMiddle: true) {
                TableCell(ResourceName.last(of: $0.subscriptionARN), .faint)
            },
        ], empty: "No topic's messages come here. Press n to subscribe to one.")

    var topics: Set<Topic> { ["sns"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.subscriptionARN }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No subscription is selected")
        return [
            KeyBinding(["enter"], "topic", "open", help: "Open the topic", availability: one),
            .why(one),
            KeyBinding(
                ["n"], "subscribe", "add", help: "Subscribe this queue to a topic", menu: true, needs: [.changes]),
            Self.removal.binding(in: table),
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return [load()].compactMap { $0 }
        case .action("open"): return table.selected.map { [.open("sns.topic", $0.topicARN)] } ?? []
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.subscriptionARN))] } ?? []
        case .action("add"): return [add()]
        case .action("remove"): return Self.removal.effects(on: table.targets) { .acted($0) }
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .form(let step):
            return step.effects { .form($0) } + (step.isDone ? [load()].compactMap { $0 } : [])
        case .acted(let result):
            table.unmark(result.succeeded.map(\.id))
            return [load()].compactMap { $0 }
        }
        return []
    }

    private static let removal = BulkAction<Row>.remove(
        "subscription", title: "unsubscribe", name: { $0.topic },
        consequence: { "Messages of \($0.topic) come here no more" },
        each: { _ = try await $1.aws.call(SNS.unsubscribe, .init(subscriptionArn: $0.subscriptionARN)) })

    private func add() -> Effect<Message> {
        let arn = queue?.arn
        return FormTask.ask(Self.addForm, { .form($0) }) { values, context in
            _ = try await context.aws.call(
                SNS.subscribe,
                .init(
                    topicArn: values["topic"], protocol: "sqs", endpoint: arn,
                    attributes: values.isOn("raw") ? ["RawMessageDelivery": "true"] : nil))
            return .init("Subscribed to \(ResourceName.last(of: values["topic"]))")
        }
    }

    /// AWS: nothing lists the subscriptions of one endpoint, so all are looked through.
    private func load() -> Effect<Message>? {
        guard let arn = queue?.arn else { return nil }
        return .work("topics") { context in
            var rows: [Row] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(SNS.listSubscriptions, .init(nextToken: token))
                rows += (page.subscriptions ?? []).filter { $0.endpoint == arn }.map {
                    Row(subscriptionARN: $0.subscriptionArn ?? "", topicARN: $0.topicArn ?? "")
                }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            for index in rows.indices {
                let input = SNS.GetSubscriptionAttributesInput(subscriptionArn: rows[index].subscriptionARN)
                let attributes = try? await context.aws.call(SNS.getSubscriptionAttributes, input).attributes
                rows[index].isRaw = attributes?["RawMessageDelivery"] == "true"
                rows[index].filterPolicy = attributes?["FilterPolicy"]
            }
            return rows.sorted { $0.topic < $1.topic }
        } then: {
            .loaded($0)
        }
    }

    private static let addForm = Form(
        "Subscribe to a topic", submit: "Subscribe",
        [
            FormField(
                "topic", "Topic", hint: "The topic's ARN; the queue's access policy must let SNS send", required: true,
                validate: { text, _ in
                    ARN(text)?.service == "sns" ? nil : "A topic's ARN: arn:aws:sns:REGION:ACCOUNT:NAME"
                }),
            FormField(
                "raw", "Raw delivery", .toggle, value: "false", hint: "The message alone, without SNS's JSON around it"),
        ])

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("SNS subscriptions", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
