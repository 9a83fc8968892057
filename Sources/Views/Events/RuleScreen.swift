import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One rule: what it listens to, its targets, its metrics. An event can be tried on it, and the clause that refuses it is
/// named.
struct RuleScreen: Screen {
    enum Message: Sendable {
        case tabs(ResourceTabs<RuleReading>.Message)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
        case toggled(Result<Bool, any Error>)
    }

    let name: String
    let bus: String
    var tabs: ResourceTabs<RuleReading>

    init(name: String, bus: String?, tab: String? = nil) {
        let bus = bus ?? "default"
        self.name = name
        self.bus = bus
        tabs = ResourceTabs(
            [
                ("Trigger", RuleTriggerTab()), ("Targets", RuleTargetsTab()),
                ("Monitoring", Self.monitoring), ("Details", ResourceDetailsTab("rule") { $0.details }),
            ], tab: tab
        ) { try await RuleReading.read(name, bus: bus, $0) }
    }

    private static var monitoring: ResourceMetricsTab<RuleReading> {
        ResourceMetricsTab(
            MetricPanels(
                namespace: "AWS/Events", subjects: "rules",
                [
                    MetricPanel(title: "Matched events", metric: "MatchedEvents"),
                    MetricPanel(title: "Triggered", metric: "TriggeredRules"),
                    MetricPanel(title: "Invocations", metric: "Invocations"),
                    MetricPanel(title: "Failed", metric: "FailedInvocations"),
                    MetricPanel(title: "To dead letters", metric: "InvocationsSentToDlq"),
                    MetricPanel(title: "Dead letters lost", metric: "InvocationsFailedToBeSentToDlq"),
                ])
        ) { reading in
            // AWS: rules of other buses carry both.
            (reading.bus == "default" ? [] : [CloudWatch.Dimension(name: "EventBusName", value: reading.bus)])
                + [CloudWatch.Dimension(name: "RuleName", value: reading.name)]
        }
    }

    var crumbs: [String] { ["EventBridge", name, tabs.title] }
    var title: String { name }
    var topics: Set<Topic> { tabs.topics.union(["events"]) }
    var capturesText: Bool { tabs.capturesText }
    var handlesEscape: Bool { tabs.handlesEscape }
    var tickInterval: Duration? { tabs.tickInterval }
    var copyText: String? { tabs.copyText ?? tabs.reading?.rule.arn }

    var bindings: [KeyBinding] {
        let rule = tabs.reading
        let editable = rule.map(\.editable) ?? tabs.isRead
        return tabs.ownBindings + [
            .why(tabs.isRead),
            KeyBinding(
                ["o"], rule?.isEnabled == false ? "enable" : "disable", "rule.toggle",
                help: "Enable or disable the rule", availability: editable, menu: true, needs: [.changes]),
            .refresh,
            KeyBinding(
                ["D"], "delete rule", "rule.delete", help: "Delete the rule with its targets", availability: editable,
                prominence: .help, menu: true, destructive: true),
        ] + tabs.tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .message(.tabs(let message)): return pass(.message(message))
        case .action("why"): return tabs.reading?.rule.arn.map { [.push(WhyScreen(arn: $0))] } ?? []
        case .action("rule.toggle"): return toggle()
        case .action("rule.delete"):
            guard let rule = tabs.reading else { return [] }
            let losses = rule.targets.map { "\($0.goal) hears no more of it" }
            return [.confirm(.delete("rule \(name)", consequences: losses), then: .deleteConfirmed)]
        case .message(.deleteConfirmed): return delete()
        case .message(.deleted(.success)): return [.toast("Deleted \(name)"), .pop]
        case .message(.toggled(.success(let isOn))):
            return [.toast(isOn ? "Enabled \(name)" : "Disabled \(name)"), tabs.load().carried { .tabs($0) }]
        case .message(.deleted(.failure(let error))), .message(.toggled(.failure(let error))):
            return [.toast(error.sentence, .failed)]
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

    private mutating func pass(_ event: ScreenEvent<ResourceTabs<RuleReading>.Message>) -> [Effect<Message>] {
        tabs.update(event).map { effect in effect.carried { .tabs($0) } }
    }

    private func toggle() -> [Effect<Message>] {
        guard let rule = tabs.reading else { return [] }
        return [
            .work("toggle") { context in
                if rule.isEnabled {
                    _ = try await context.aws.call(
                        Events.disableRule, .init(name: rule.name, eventBusName: rule.bus))
                } else {
                    _ = try await context.aws.call(Events.enableRule, .init(name: rule.name, eventBusName: rule.bus))
                }
                return !rule.isEnabled
            } then: {
                .toggled($0)
            }
        ]
    }

    private func delete() -> [Effect<Message>] {
        guard let rule = tabs.reading else { return [] }
        return [
            .work("delete") { context in
                // AWS: a rule with targets is not deleted.
                if !rule.targets.isEmpty {
                    _ = try await context.aws.call(
                        Events.removeTargets,
                        .init(rule: rule.name, eventBusName: rule.bus, ids: rule.targets.map(\.id)))
                }
                _ = try await context.aws.call(Events.deleteRule, .init(name: rule.name, eventBusName: rule.bus))
            } then: {
                .deleted($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) { tabs.render(on: surface, in: frame) }
}
