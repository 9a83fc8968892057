import AWSTypes
import TerminalUI

/// The metrics of a queue, each in a chart.
struct QueueMonitoringTab: QueueTab {
    var queue: QueueReading? {
        didSet { panels.dimensions = queue.map { [CloudWatch.Dimension(name: "QueueName", value: $0.name)] } }
    }
    var isStale = false
    var panels = MetricPanels(
        namespace: "AWS/SQS", subjects: "queues",
        [
            MetricPanel(title: "Sent", metric: "NumberOfMessagesSent"),
            MetricPanel(title: "Received", metric: "NumberOfMessagesReceived"),
            MetricPanel(title: "Deleted", metric: "NumberOfMessagesDeleted"),
            MetricPanel(title: "Visible", metric: "ApproximateNumberOfMessagesVisible", statistic: "Maximum"),
            MetricPanel(title: "In flight", metric: "ApproximateNumberOfMessagesNotVisible", statistic: "Maximum"),
            MetricPanel(
                title: "Age of oldest", metric: "ApproximateAgeOfOldestMessage", statistic: "Maximum", unit: " s"),
        ])

    var topics: Set<Topic> { panels.topics }
    var handlesEscape: Bool { panels.handlesEscape }
    var bindings: [KeyBinding] { panels.bindings }

    mutating func update(_ event: ScreenEvent<MetricPanels.Message>) -> [Effect<MetricPanels.Message>] {
        panels.update(event)
    }

    func render(on surface: Surface, in frame: FrameContext) { panels.render(on: surface) }
}
