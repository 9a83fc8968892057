import AWSTypes
import TerminalUI

/// The metrics of a resource, each in a chart: the *Monitoring* tab of its screen.
struct ResourceMetricsTab<Reading: Sendable>: ResourceTab {
    var reading: Reading? { didSet { panels.dimensions = reading.map(dimensions) } }
    var isStale = false
    var panels: MetricPanels
    private let dimensions: @Sendable (Reading) -> [CloudWatch.Dimension]

    init(_ panels: MetricPanels, dimensions: @escaping @Sendable (Reading) -> [CloudWatch.Dimension]) {
        self.panels = panels
        self.dimensions = dimensions
    }

    var topics: Set<Topic> { panels.topics }
    var handlesEscape: Bool { panels.handlesEscape }
    var bindings: [KeyBinding] { panels.bindings }

    mutating func update(_ event: ScreenEvent<MetricPanels.Message>) -> [Effect<MetricPanels.Message>] {
        panels.update(event)
    }

    func render(on surface: Surface, in frame: FrameContext) { panels.render(on: surface) }
}
