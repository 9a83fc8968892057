import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One pipe: drawn from source to target, its metrics, its settings.
struct PipeScreen: Screen {
    enum Message: Sendable {
        case tabs(ResourceTabs<PipeReading>.Message)
        case toggled(String, Result<Void, any Error>)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
    }

    let name: String
    var tabs: ResourceTabs<PipeReading>

    init(name: String, tab: String? = nil) {
        let name = ResourceName.last(of: name)
        self.name = name
        tabs = ResourceTabs(
            [
                ("Overview", PipeOverviewTab()), ("Monitoring", Self.monitoring),
                ("Details", ResourceDetailsTab("pipe") { $0.details }),
            ], tab: tab
        ) { try await PipeReading.read(name, $0) }
    }

    private static var monitoring: ResourceMetricsTab<PipeReading> {
        ResourceMetricsTab(
            MetricPanels(
                namespace: "AWS/EventBridge/Pipes", subjects: "pipes",
                [
                    MetricPanel(title: "Invocations", metric: "Invocations"),
                    MetricPanel(title: "Events", metric: "EventCount"),
                    MetricPanel(title: "Failed", metric: "ExecutionFailed"),
                ])
        ) { [CloudWatch.Dimension(name: "PipeName", value: $0.name)] }
    }

    var crumbs: [String] { ["Pipes", name, tabs.title] }
    var title: String { name }
    var topics: Set<Topic> { tabs.topics.union(["pipes"]) }
    var capturesText: Bool { tabs.capturesText }
    var handlesEscape: Bool { tabs.handlesEscape }
    var tickInterval: Duration? { tabs.tickInterval }
    var copyText: String? { tabs.copyText ?? tabs.reading?.arn }

    var bindings: [KeyBinding] {
        let pipe = tabs.reading
        return tabs.ownBindings + [
            KeyBinding(
                ["o"], pipe?.isRunning == true ? "stop" : "start", "pipe.toggle", help: "Start or stop the pipe",
                availability: pipe?.isSettled ?? tabs.isRead, menu: true, needs: [.changes]),
            .why(tabs.isRead), .refresh,
            KeyBinding(
                ["D"], "delete pipe", "pipe.delete", help: "Delete the pipe", availability: tabs.isRead,
                prominence: .help, menu: true, destructive: true),
        ] + tabs.tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .message(.tabs(let message)): return pass(.message(message))
        case .action("why"): return tabs.reading.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case .action("pipe.toggle"):
            return tabs.reading.map { pipe in
                [
                    .work("toggle") {
                        try await Self.set(pipe.name, isRunning: !pipe.isRunning, $0)
                    } then: {
                        .toggled(pipe.isRunning ? "Stopping" : "Starting", $0)
                    }
                ]
            } ?? []
        case .action("pipe.delete"):
            return [
                .confirm(
                    .delete("pipe \(name)", consequences: ["Messages stay in the source queue"]), then: .deleteConfirmed
                )
            ]
        case .message(.deleteConfirmed):
            let name = name
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(Pipes.deletePipe, .init(name: name))
                } then: {
                    .deleted($0)
                }
            ]
        case .message(.deleted(.success)): return [.toast("Deleting \(name)"), .pop]
        case .message(.toggled(let word, .success)):
            return [.toast("\(word) \(name)", .running), tabs.load().carried { .tabs($0) }]
        case .message(.deleted(.failure(let error))), .message(.toggled(_, .failure(let error))):
            return [.toast(error.sentence, .failed)]
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

    private mutating func pass(_ event: ScreenEvent<ResourceTabs<PipeReading>.Message>) -> [Effect<Message>] {
        tabs.update(event).map { effect in effect.carried { .tabs($0) } }
    }

    /// AWS: it only begins to; the pipe's state tells when it is done.
    static func set(_ name: String, isRunning: Bool, _ context: ConsoleContext) async throws {
        if isRunning {
            _ = try await context.aws.call(Pipes.startPipe, .init(name: name))
        } else {
            _ = try await context.aws.call(Pipes.stopPipe, .init(name: name))
        }
    }

    func render(on surface: Surface, in frame: FrameContext) { tabs.render(on: surface, in: frame) }
}

extension PipeReading {
    /// Everything about a pipe as a list.
    var details: [KeyValue] {
        var items: [KeyValue] = [
            .heading("Pipe"),
            KeyValue("Name", text: name),
            KeyValue("State", mark.line(state.lowercased())),
            KeyValue("Wanted", text: (pipe.desiredState ?? "").lowercased()),
            KeyValue("ARN", text: arn),
            KeyValue("Description", text: pipe.description ?? ""),
            KeyValue("Role", text: pipe.roleArn ?? ""),
            KeyValue("Created", text: ScheduleText.text(pipe.creationTime)),
            KeyValue("Last changed", text: ScheduleText.text(pipe.lastModifiedTime)),
            .heading("Way"),
            KeyValue("Source", text: pipe.source ?? ""),
            KeyValue("Filters", text: filters.isEmpty ? "none" : filters.joined(separator: " or ")),
            KeyValue("Enrichment", text: enrichment ?? ""),
            KeyValue("Target", text: pipe.target ?? ""),
            .heading("Tags"),
        ]
        let tags = (pipe.tags ?? [:]).sorted { $0.key < $1.key }
        items += tags.map { KeyValue($0.key, text: $0.value) }
        if tags.isEmpty { items.append(KeyValue("None", StyledLine("TagResource adds some", .dim))) }
        return items
    }
}
