import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One topic: its tabs.
struct TopicScreen: Screen {
    enum Message: Sendable {
        case tabs(ResourceTabs<TopicReading>.Message)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
    }

    /// A name or an ARN.
    let address: String
    var tabs: ResourceTabs<TopicReading>

    /// - Parameters:
    ///   - name: the topic's name or ARN.
    ///   - tab: a tab's title or number.
    init(name: String, tab: String? = nil) {
        address = name
        tabs = ResourceTabs(
            [
                ("Subscriptions", TopicSubscriptionsTab()), ("Publish", TopicPublishTab()),
                ("Deliveries", TopicDeliveriesTab()), ("Filter tester", TopicFilterTab()),
                ("Monitoring", Self.monitoring), ("Policy", ResourcePolicyTab(.topic)), ("Details", TopicDetailsTab()),
            ], tab: tab
        ) { try await TopicReading.read(name, $0) }
    }

    private static var monitoring: ResourceMetricsTab<TopicReading> {
        ResourceMetricsTab(
            MetricPanels(
                namespace: "AWS/SNS", subjects: "topics",
                [
                    MetricPanel(title: "Published", metric: "NumberOfMessagesPublished"),
                    MetricPanel(title: "Delivered", metric: "NumberOfNotificationsDelivered"),
                    MetricPanel(title: "Failed", metric: "NumberOfNotificationsFailed"),
                    MetricPanel(title: "Filtered out", metric: "NumberOfNotificationsFilteredOut"),
                    MetricPanel(title: "To dead letters", metric: "NumberOfNotificationsRedrivenToDlq"),
                    MetricPanel(title: "Size", metric: "PublishSize", statistic: "Average", unit: " B"),
                ])
        ) { [CloudWatch.Dimension(name: "TopicName", value: $0.name)] }
    }

    private var name: String { ResourceName.last(of: address) }

    var crumbs: [String] { ["SNS", name, tabs.title] }
    var title: String { name }
    var topics: Set<Topic> { tabs.topics.union([Topic("sns/\(name)")]) }
    var capturesText: Bool { tabs.capturesText }
    var handlesEscape: Bool { tabs.handlesEscape }
    var tickInterval: Duration? { tabs.tickInterval }
    var copyText: String? { tabs.copyText ?? tabs.reading?.arn }

    var bindings: [KeyBinding] {
        tabs.ownBindings + [
            .refresh,
            KeyBinding(
                ["D"], "delete topic", "topic.delete", help: "Delete the topic", availability: readable,
                prominence: .help, menu: true, destructive: true),
        ] + tabs.tabs.bindings
    }

    private var readable: Availability { .when(tabs.reading != nil, otherwise: "The topic has not been read") }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .message(.tabs(let message)): return pass(.message(message))
        case .message(.deleteConfirmed):
            guard let arn = tabs.reading?.arn else { return [] }
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(SNS.deleteTopic, .init(topicArn: arn))
                } then: {
                    .deleted($0)
                }
            ]
        case .message(.deleted(.success)): return [.toast("Deleted \(name)"), .pop]
        case .message(.deleted(.failure(let error))): return [.toast(error.sentence, .failed)]
        case .action("topic.delete"): return confirmDelete()
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

    private mutating func pass(_ event: ScreenEvent<ResourceTabs<TopicReading>.Message>) -> [Effect<Message>] {
        tabs.update(event).map { $0.carried { .tabs($0) } }
    }

    private func confirmDelete() -> [Effect<Message>] {
        guard let topic = tabs.reading else { return [] }
        return [
            .confirm(
                .delete("topic \(name)", consequences: [topic.holdings], typeToConfirm: name), then: .deleteConfirmed)
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) { tabs.render(on: surface, in: frame) }
}
