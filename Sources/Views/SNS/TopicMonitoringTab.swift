import AWSTypes
import TerminalUI

/// The metrics of a topic, each in a chart.
struct TopicMonitoringTab: TopicTab {
    var topic: TopicReading? {
        didSet { panels.dimensions = topic.map { [CloudWatch.Dimension(name: "TopicName", value: $0.name)] } }
    }
    var isStale = false
    var panels = MetricPanels(
        namespace: "AWS/SNS", subjects: "topics",
        [
            MetricPanel(title: "Published", metric: "NumberOfMessagesPublished"),
            MetricPanel(title: "Delivered", metric: "NumberOfNotificationsDelivered"),
            MetricPanel(title: "Failed", metric: "NumberOfNotificationsFailed"),
            MetricPanel(title: "Filtered out", metric: "NumberOfNotificationsFilteredOut"),
            MetricPanel(title: "To dead letters", metric: "NumberOfNotificationsRedrivenToDlq"),
            MetricPanel(title: "Size", metric: "PublishSize", statistic: "Average", unit: " B"),
        ])

    var topics: Set<Topic> { panels.topics }
    var handlesEscape: Bool { panels.handlesEscape }
    var bindings: [KeyBinding] { panels.bindings }

    mutating func update(_ event: ScreenEvent<MetricPanels.Message>) -> [Effect<MetricPanels.Message>] {
        panels.update(event)
    }

    func render(on surface: Surface, in frame: FrameContext) { panels.render(on: surface) }
}
