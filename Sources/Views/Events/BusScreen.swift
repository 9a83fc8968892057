import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// An event bus as EventBridge tells it.
struct BusReading: Sendable {
    var bus: Events.DescribeEventBusResponse
    var tags: [String: String] = [:]
    var hasEngine = true

    var name: String { bus.name ?? "" }
    var arn: String { bus.arn ?? "" }
    var isDefault: Bool { name == "default" }

    static func read(_ name: String, _ context: ConsoleContext) async throws -> BusReading {
        let bus = try await context.aws.call(Events.describeEventBus, .init(name: name))
        let tags = try? await context.aws.call(Events.listTagsForResource, .init(resourceARN: bus.arn ?? "")).tags
        return BusReading(
            bus: bus,
            tags: Dictionary((tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }),
            hasEngine: context.capabilities.hasEngine)
    }
}

/// One event bus: its rules, who may send to it, its settings.
struct BusScreen: Screen {
    enum Message: Sendable {
        case tabs(ResourceTabs<BusReading>.Message)
        case deleted(BulkResult<BusReading>)
    }

    let name: String
    var tabs: ResourceTabs<BusReading>

    init(name: String, tab: String? = nil) {
        let name = ResourceName.last(of: name)
        self.name = name
        tabs = ResourceTabs(
            [
                ("Rules", BusRulesTab(bus: name)), ("Policy", ResourcePolicyTab(.bus)),
                ("Details", ResourceDetailsTab("bus") { $0.details }),
            ],
            tab: tab
        ) { try await BusReading.read(name, $0) }
    }

    var crumbs: [String] { ["EventBridge", name, tabs.title] }
    var title: String { name }
    var topics: Set<Topic> { tabs.topics.union(["events"]) }
    var capturesText: Bool { tabs.capturesText }
    var handlesEscape: Bool { tabs.handlesEscape }
    var copyText: String? { tabs.copyText ?? tabs.reading?.arn }

    var bindings: [KeyBinding] {
        let deletable: Availability =
            name == "default" ? .disabled("AWS keeps the default bus") : tabs.isRead
        // The rules have a *Why?* of their own.
        let ownWhy: [KeyBinding] = tabs.title == "Rules" ? [] : [.why(tabs.isRead)]
        return tabs.ownBindings + ownWhy + [
            KeyBinding(
                ["A"], "archives", "bus.archives", help: "Archives and replays", prominence: .help, menu: true),
            .refresh,
            KeyBinding(
                ["D"], "delete bus", "bus.delete", help: "Delete the bus", availability: deletable, prominence: .help,
                menu: true, destructive: true),
        ] + tabs.tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .message(.tabs(let message)): return pass(.message(message))
        case .action("why") where tabs.title != "Rules":
            return tabs.reading.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case .action("bus.archives"): return [.open("events.archives")]
        case .action("bus.delete"):
            return tabs.reading.map { Self.deletion.effects(on: [$0]) { .deleted($0) } } ?? []
        case .message(.deleted(let result)): return result.succeeded.isEmpty ? [] : [.pop]
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

    private static let deletion = BulkAction<BusReading>.delete(
        BusListScreen.noun, name: { $0.name }, consequence: { _ in "Its rules go with it" },
        each: { _ = try await $1.aws.call(Events.deleteEventBus, .init(name: $0.name)) })

    private mutating func pass(_ event: ScreenEvent<ResourceTabs<BusReading>.Message>) -> [Effect<Message>] {
        tabs.update(event).map { effect in effect.carried { .tabs($0) } }
    }

    func render(on surface: Surface, in frame: FrameContext) { tabs.render(on: surface, in: frame) }
}

/// The rules of the bus: the list of all rules, of this one bus.
struct BusRulesTab: ResourceTab {
    var reading: BusReading?
    var isStale = false
    var list: RuleListScreen

    init(bus: String) { list = RuleListScreen(bus: bus) }

    var topics: Set<Topic> { list.topics }
    var capturesText: Bool { list.capturesText }
    var handlesEscape: Bool { list.handlesEscape }
    var copyText: String? { list.copyText }
    var bindings: [KeyBinding] { list.bindings.filter { $0.action != "refresh" } }

    mutating func update(_ event: ScreenEvent<RuleListScreen.Message>) -> [Effect<RuleListScreen.Message>] {
        list.update(event)
    }

    func render(on surface: Surface, in frame: FrameContext) { list.render(on: surface, in: frame) }
}

extension ResourcePolicy where Reading == BusReading {
    /// Who may send to a bus.
    static let bus = ResourcePolicy(
        name: { $0.name }, text: { $0.bus.policy ?? "" }, arn: { $0.arn },
        sample: (#"{ "AWS": "111122223333" }"#, "events:PutEvents"), longest: 10_240,
        none: "No policy: only this account sends to it.",
        loss: { "Other accounts send no more events to \($0.name)" },
        put: { bus, text, context in
            if let text {
                _ = try await context.aws.call(Events.putPermission, .init(eventBusName: bus.name, policy: text))
            } else {
                _ = try await context.aws.call(
                    Events.removePermission, .init(removeAllPermissions: true, eventBusName: bus.name))
            }
        })
}

extension BusReading {
    /// The settings of a bus.
    var details: [KeyValue] {
        func date(_ time: Instant?) -> String { time.map(ElapsedTime.date) ?? "–" }
        var items: [KeyValue] = [
            .heading("Event bus"),
            KeyValue("Name", text: name),
            KeyValue("ARN", text: arn),
            KeyValue("Description", text: bus.description ?? ""),
            KeyValue("Created", text: date(bus.creationTime)),
            KeyValue("Last changed", text: date(bus.lastModifiedTime)),
            KeyValue("Dead letters", text: bus.deadLetterConfig?.arn ?? ""),
            .heading("Encryption"),
            KeyValue("Key", text: bus.kmsKeyIdentifier ?? "owned by AWS"),
            .heading("Tags"),
        ]
        items += tags.sorted { $0.key < $1.key }.map { KeyValue($0.key, text: $0.value) }
        if tags.isEmpty { items.append(KeyValue("None", StyledLine("TagResource adds some", .dim))) }
        return items
    }
}
