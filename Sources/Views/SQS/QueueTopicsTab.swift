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
        case addRequested(FormValues)
        case added(Result<Void, any Error>, FormValues)
        case removeConfirmed([Row])
        case acted(String, Result<Void, any Error>)
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
        let why = queue?.hasEngine == false ? Availability.disabled("Only Skua's own engine offers this") : one
        return [
            KeyBinding(["enter"], "topic", "open", help: "Open the topic", availability: one),
            .why(why),
            KeyBinding(["n"], "subscribe", "add", help: "Subscribe this queue to a topic", menu: true),
            KeyBinding(
                ["d"], "unsubscribe", "remove", help: "Remove what is marked or selected", availability: one,
                menu: true, destructive: true),
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return [load()].compactMap { $0 }
        case .action("open"): return table.selected.map { [.open("sns.topic", $0.topicARN)] } ?? []
        case .action("why"): return table.selected.map { [.push(WhyScreen(arn: $0.subscriptionARN))] } ?? []
        case .action("add"): return [.form(Self.addForm) { .addRequested($0) }]
        case .action("remove"):
            let targets = table.targets
            let what = targets.count == 1 ? "subscription to \(targets[0].topic)" : "\(targets.count) subscriptions"
            return targets.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(what, consequences: targets.map { "Messages of \($0.topic) come here no more" }),
                        then: .removeConfirmed(targets))
                ]
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
        case .addRequested(let values):
            let arn = queue?.arn
            return [
                .work("add") { context in
                    _ = try await context.aws.call(
                        SNS.subscribe,
                        .init(
                            topicArn: values["topic"], protocol: "sqs", endpoint: arn,
                            attributes: values.isOn("raw") ? ["RawMessageDelivery": "true"] : nil))
                } then: {
                    .added($0, values)
                }
            ]
        case .added(.success, let values):
            return [.toast("Subscribed to \(ResourceName.last(of: values["topic"]))")] + [load()].compactMap { $0 }
        case .added(.failure(let error), let values):
            return [.form(Self.addForm.filled(with: values, failure: error.sentence)) { .addRequested($0) }]
        case .removeConfirmed(let rows):
            return [
                .work("remove") { context in
                    for row in rows {
                        _ = try await context.aws.call(
                            SNS.unsubscribe, .init(subscriptionArn: row.subscriptionARN))
                    }
                } then: {
                    .acted("Removed \(Quantity.count(rows.count, "subscription"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done)] + [load()].compactMap { $0 }
        case .acted(_, .failure(let error)):
            return [.toast(error.sentence, .failed)] + [load()].compactMap { $0 }
        }
        return []
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
