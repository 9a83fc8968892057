import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One queue: its tabs.
struct QueueScreen: Screen {
    enum Message: Sendable {
        case tabs(ResourceTabs<QueueReading>.Message)
        case purgeConfirmed, deleteConfirmed
        case purged(Result<Void, any Error>)
        case deleted(Result<Void, any Error>)
    }

    let name: String
    var tabs: ResourceTabs<QueueReading>

    /// - Parameters:
    ///   - name: the queue's name, URL or ARN.
    ///   - tab: a tab's title or number.
    init(name: String, tab: String? = nil) {
        let name = ResourceName.last(of: name)
        self.name = name
        tabs = ResourceTabs(
            [
                ("Messages", QueueMessagesTab()), ("Send", QueueSendTab()), ("Receive", QueueReceiveTab()),
                ("Dead letters", QueueDeadLettersTab()), ("Monitoring", Self.monitoring),
                ("Triggers", QueueTriggersTab()), ("SNS", QueueTopicsTab()), ("Policy", ResourcePolicyTab(.queue)),
                ("Details", QueueDetailsTab()),
            ], tab: tab
        ) { try await QueueReading.read(name, $0) }
    }

    private static var monitoring: ResourceMetricsTab<QueueReading> {
        ResourceMetricsTab(
            MetricPanels(
                namespace: "AWS/SQS", subjects: "queues",
                [
                    MetricPanel(title: "Sent", metric: "NumberOfMessagesSent"),
                    MetricPanel(title: "Received", metric: "NumberOfMessagesReceived"),
                    MetricPanel(title: "Deleted", metric: "NumberOfMessagesDeleted"),
                    MetricPanel(title: "Visible", metric: "ApproximateNumberOfMessagesVisible", statistic: "Maximum"),
                    MetricPanel(
                        title: "In flight", metric: "ApproximateNumberOfMessagesNotVisible", statistic: "Maximum"),
                    MetricPanel(
                        title: "Age of oldest", metric: "ApproximateAgeOfOldestMessage", statistic: "Maximum",
                        unit: " s"),
                ])
        ) { [CloudWatch.Dimension(name: "QueueName", value: $0.name)] }
    }

    var crumbs: [String] { ["SQS", name, tabs.title] }
    var title: String { name }
    var topics: Set<Topic> { tabs.topics.union([Topic("sqs/\(name)")]) }
    var capturesText: Bool { tabs.capturesText }
    var handlesEscape: Bool { tabs.handlesEscape }
    var tickInterval: Duration? { tabs.tickInterval }
    var copyText: String? { tabs.copyText ?? tabs.reading?.arn }

    var bindings: [KeyBinding] {
        tabs.ownBindings + [
            .refresh,
            KeyBinding(
                ["P"], "purge", "queue.purge", help: "Purge: delete all its messages", availability: readable,
                prominence: .help, menu: true, destructive: true),
            KeyBinding(
                ["D"], "delete queue", "queue.delete", help: "Delete the queue", availability: readable,
                prominence: .help, menu: true, destructive: true),
        ] + tabs.tabs.bindings
    }

    private var readable: Availability { .when(tabs.reading != nil, otherwise: "The queue has not been read") }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .message(.tabs(let message)): return pass(.message(message))
        case .message(.purgeConfirmed):
            guard let url = tabs.reading?.url else { return [] }
            return [
                .work("purge") { context in
                    _ = try await context.aws.call(SQS.purgeQueue, .init(queueUrl: url))
                } then: {
                    .purged($0)
                }
            ]
        case .message(.deleteConfirmed):
            guard let url = tabs.reading?.url else { return [] }
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(SQS.deleteQueue, .init(queueUrl: url))
                } then: {
                    .deleted($0)
                }
            ]
        case .message(.purged(.success)): return [.toast("Purged \(name)"), tabs.load().carried { .tabs($0) }]
        case .message(.deleted(.success)): return [.toast("Deleted \(name)"), .pop]
        case .message(.purged(.failure(let error))), .message(.deleted(.failure(let error))):
            return [.toast(error.sentence, .failed)]
        case .action("queue.purge"): return confirmPurge()
        case .action("queue.delete"): return confirmDelete()
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

    private mutating func pass(_ event: ScreenEvent<ResourceTabs<QueueReading>.Message>) -> [Effect<Message>] {
        tabs.update(event).map { $0.carried { .tabs($0) } }
    }

    private func confirmPurge() -> [Effect<Message>] {
        guard let queue = tabs.reading else { return [] }
        let dialog = Dialog(
            "Purge queue \(name)?",
            message: "\(Quantity.count(queue.total, "message")) will be deleted, those in flight too.",
            consequences: [queue.holdings], confirm: "Purge", destructive: true, typeToConfirm: name)
        return [.confirm(dialog, then: .purgeConfirmed)]
    }

    private func confirmDelete() -> [Effect<Message>] {
        guard let queue = tabs.reading else { return [] }
        return [
            .confirm(
                .delete("queue \(name)", consequences: [queue.holdings], typeToConfirm: name), then: .deleteConfirmed)
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) { tabs.render(on: surface, in: frame) }
}
