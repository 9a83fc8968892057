import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One dashboard: its widgets as panels, live.
struct DashboardScreen: Screen {
    enum Message: Sendable {
        case read(Result<DashboardReading, any Error>)
        case windowChosen(ActionID)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
    }

    let name: String
    var reading: DashboardReading?
    var failure: String?
    var window = MetricWindow()
    /// Index of the panel with the focus.
    var selected = 0
    /// Only that panel is shown, as large as the screen.
    var isZoomed = false
    var cursor: Int64?
    let viewport = Viewport()

    init(name: String) { self.name = ResourceName.last(of: name) }

    var crumbs: [String] { ["CloudWatch", "Dashboards", name] }
    var topics: Set<Topic> { ["cloudwatch"] }
    /// Where nothing announces new values, once a minute.
    var tickInterval: Duration? { reading?.isAnnounced ?? true ? nil : .seconds(60) }
    var handlesEscape: Bool { isZoomed || cursor != nil }
    var copyText: String? { reading?.text }

    var widgets: [DashboardWidget] { reading?.body.widgets ?? [] }
    private var widget: DashboardWidget? { widgets.indices.contains(selected) ? widgets[selected] : nil }

    private var source: Availability {
        switch widget?.content {
        case .metric, .log, .alarms: .enabled
        case .text: .disabled("A text has nothing behind it")
        case .unsupported(let reason): .disabled(reason)
        case nil: .disabled("There is no panel")
        }
    }

    var bindings: [KeyBinding] {
        let one = Availability.when(widget != nil, otherwise: "There is no panel")
        let several = Availability.when(widgets.count > 1, otherwise: "There is no other panel")
        return [
            KeyBinding(
                ["enter", "z"], isZoomed ? "back" : "zoom", "zoom", help: "Show this panel alone, or all",
                availability: one),
            KeyBinding(["o"], "open", "open", help: "Open what the panel shows", availability: source, menu: true),
            KeyBinding(["tab", "l", "right"], "next", "next", help: "Go to the next panel", availability: several),
            KeyBinding(["shift+tab", "h", "left"], "previous", "previous", availability: several, prominence: .help),
            KeyBinding(
                ["down", "j"], "below", "below", help: "Go to the panel below", availability: several, prominence: .help
            ),
            KeyBinding(
                ["up", "k"], "above", "above", help: "Go to the panel above", availability: several, prominence: .help),
            KeyBinding(["+", "="], "longer", "longer", help: "Look further back"),
            KeyBinding(["-"], "shorter", "shorter", help: "Look closer"),
            KeyBinding(["R"], "range", "range", help: "Choose the range", prominence: .help, menu: true),
            KeyBinding(["p"], "period", "period", help: "The time a point stands for", prominence: .help, menu: true),
            KeyBinding([","], "cursor back", "cursorBack", help: "Move the cursor back in time", prominence: .help),
            KeyBinding(["."], "cursor", "cursorForward", help: "Read the values at a moment: , and . move it"),
            KeyBinding(["e"], "edit", "edit", help: "Edit the body", menu: true, needs: [.changes]),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the dashboard", prominence: .help, menu: true,
                destructive: true),
            .refresh,
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .tick, .action("refresh"): return [load()]
        case .action(let action): return perform(action)
        case .input(.key(.escape)):
            if cursor != nil { cursor = nil } else { isZoomed = false }
        case .input(.mouse(let hit)): return take(hit)
        case .message(.read(.success(let new))):
            failure = nil
            reading = new
            selected = max(0, min(selected, new.body.widgets.count - 1))
        case .message(.read(.failure(let error))):
            failure = error.sentence
            return reading == nil ? [] : [.toast(error.sentence, .failed)]
        case .message(.windowChosen(let action)): return window.choose(action) ? [load()] : []
        case .message(.deleteConfirmed):
            let name = name
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(CloudWatch.deleteDashboards, .init(dashboardNames: [name]))
                } then: {
                    .deleted($0)
                }
            ]
        case .message(.deleted(.success)): return [.toast("Deleted \(name)"), .pop]
        case .message(.deleted(.failure(let error))): return [.toast(error.sentence, .failed)]
        default: break
        }
        return []
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action.name {
        case "zoom": isZoomed.toggle()
        case "open": return open()
        case "next": step(1)
        case "previous": step(-1)
        case "below": move(1)
        case "above": move(-1)
        case "longer":
            window.widen(1)
            return [load()]
        case "shorter":
            window.widen(-1)
            return [load()]
        case "range": return [.menu(window.menuOfRanges()) { .windowChosen($0) }]
        case "period": return [.menu(window.menuOfPeriods()) { .windowChosen($0) }]
        case "cursorBack": moveCursor(-1)
        case "cursorForward": moveCursor(1)
        case "edit": return [.push(DashboardEditorScreen(name: name))]
        case "delete":
            return [
                .confirm(
                    .delete(
                        "dashboard \(name)", consequences: [Quantity.count(widgets.count, "widget") + " go with it"]),
                    then: .deleteConfirmed)
            ]
        default: break
        }
        return []
    }

    private mutating func step(_ count: Int) {
        guard !widgets.isEmpty else { return }
        selected = (selected + count + widgets.count) % widgets.count
    }

    /// To the nearest panel that begins lower, or higher.
    private mutating func move(_ direction: Int) {
        guard let widget else { return }
        let others = widgets.indices.filter { (widgets[$0].y - widget.y) * direction > 0 }
        func distance(_ index: Int) -> (Int, Int) {
            (abs(widgets[index].y - widget.y), abs(widgets[index].x - widget.x))
        }
        if let nearest = others.min(by: { distance($0) < distance($1) }) { selected = nearest }
    }

    private mutating func moveCursor(_ by: Int64) {
        for case .metric(let metric, _) in (reading?.panels ?? [:]).values {
            cursor = metric.moved(cursor, by: by, period: window.period)
            return
        }
    }

    private mutating func take(_ hit: MouseHit) -> [Effect<Message>] {
        switch hit.event.kind {
        case .press:
            guard let region = hit.region, region.hasPrefix("panel."), let index = Int(region.dropFirst(6)) else {
                return []
            }
            if selected == index { isZoomed.toggle() }
            selected = index
        case .wheelDown: move(1)
        case .wheelUp: move(-1)
        default: break
        }
        return []
    }

    private func open() -> [Effect<Message>] {
        switch widget?.content {
        case .metric(let widget): return [.push(MetricsScreen(widget: widget, window: window))]
        case .log(let widget): return [.push(InsightsScreen(groups: widget.groups, query: widget.query))]
        case .alarms(let arns):
            return arns.count == 1
                ? [.open("cloudwatch.alarm", ResourceName.last(of: arns[0]))] : [.open("cloudwatch.alarms")]
        default: return []
        }
    }

    private func load() -> Effect<Message> {
        let (name, window) = (name, window)
        return .work("read") { context in
            try await DashboardReading.read(name, window, context)
        } then: {
            .read($0)
        }
    }
}
