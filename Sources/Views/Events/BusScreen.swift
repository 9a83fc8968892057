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
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
    }

    let name: String
    var tabs: ResourceTabs<BusReading>

    init(name: String, tab: String? = nil) {
        let name = ResourceName.last(of: name)
        self.name = name
        tabs = ResourceTabs(
            [("Rules", BusRulesTab(bus: name)), ("Policy", BusPolicyTab()), ("Details", BusDetailsTab())], tab: tab
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
            return [
                .confirm(
                    .delete("bus \(name)", consequences: ["Its rules go with it"], typeToConfirm: name),
                    then: .deleteConfirmed)
            ]
        case .message(.deleteConfirmed):
            let name = name
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(Events.deleteEventBus, .init(name: name))
                } then: {
                    .deleted($0)
                }
            ]
        case .message(.deleted(.success)): return [.toast("Deleted \(name)"), .pop]
        case .message(.deleted(.failure(let error))): return [.toast(error.sentence, .failed)]
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

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

/// Who may send to the bus: its resource policy.
struct BusPolicyTab: ResourceTab {
    enum Message: Sendable {
        case edited(FormValues)
        case removeConfirmed
        case saved(Result<Void, any Error>, FormValues?)
    }

    var reading: BusReading? { didSet { viewer.set(reading?.bus.policy ?? "") } }
    var isStale = false
    var viewer = JSONViewer("", id: "json.policy")

    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.text.isEmpty ? nil : viewer.text }

    var bindings: [KeyBinding] {
        [
            KeyBinding(["e"], "edit", "edit", help: "Edit the policy", menu: true, needs: [.changes]),
            KeyBinding(
                ["d"], "remove", "remove", help: "Remove the policy: only this account may send",
                availability: .when(!viewer.text.isEmpty, otherwise: "There is no policy"), menu: true,
                destructive: true),
        ] + (viewer.text.isEmpty ? [] : JSONViewer.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("edit"): return [.form(form()) { .edited($0) }]
        case .action("remove"):
            return [
                .confirm(
                    .delete("the policy", consequences: ["Other accounts send no more events to this bus"]),
                    then: .removeConfirmed)
            ]
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(.edited(let values)):
            let name = reading?.name
            return [
                .work("save") { context in
                    _ = try await context.aws.call(
                        Events.putPermission, .init(eventBusName: name, policy: values["policy"]))
                } then: {
                    .saved($0, values)
                }
            ]
        case .message(.removeConfirmed):
            let name = reading?.name
            return [
                .work("save") { context in
                    _ = try await context.aws.call(
                        Events.removePermission, .init(removeAllPermissions: true, eventBusName: name))
                } then: {
                    .saved($0, nil)
                }
            ]
        case .message(.saved(.success, let values)):
            isStale = true
            return [.toast(values == nil ? "Removed the policy" : "Saved the policy")]
        case .message(.saved(.failure(let error), let values)):
            guard let values else { return [.toast(error.sentence, .failed)] }
            return [.form(form().filled(with: values, failure: error.sentence)) { .edited($0) }]
        default: break
        }
        return []
    }

    private func form() -> Form {
        let text = (try? JSONReader.parse(viewer.text)).map { JSONWriter.string($0, pretty: true) } ?? template
        return Form(
            "Access policy of \(reading?.name ?? "")", submit: "Save",
            [
                FormField(
                    "policy", "Policy", .multiline(rows: 12, json: true), value: text,
                    hint: "JSON policy document, at most 10,240 bytes", required: true,
                    validate: { text, _ in
                        text.utf8.count > 10_240 ? "At most 10,240 bytes, this has \(text.utf8.count.grouped)" : nil
                    })
            ])
    }

    private var template: String {
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "partner",
              "Effect": "Allow",
              "Principal": { "AWS": "111122223333" },
              "Action": "events:PutEvents",
              "Resource": "\(reading?.arn ?? "*")"
            }
          ]
        }
        """
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let inside = surface.panel("Access policy", focused: true)
        guard viewer.text.isEmpty else {
            return viewer.render(on: inside.inset(horizontally: 1), focused: frame.isInteractive)
        }
        for (row, line) in ["No policy: only this account sends to it.", "", "Press e to write one."].enumerated() {
            inside.write(line, x: 0, y: inside.height / 2 - 1 + row, width: inside.width, align: .centre, Style(.dim))
        }
    }
}

/// The settings of a bus.
struct BusDetailsTab: ResourceTab {
    var reading: BusReading? { didSet { if let reading { list.items = Self.items(reading) } } }
    var isStale = false
    var list = KeyValueList(id: "bus")

    var copyText: String? { list.selected?.value }
    var bindings: [KeyBinding] { KeyValueList.bindings }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        default: break
        }
        return []
    }

    private static func items(_ reading: BusReading) -> [KeyValue] {
        let bus = reading.bus
        func date(_ time: Instant?) -> String { time.map(ElapsedTime.date) ?? "–" }
        var items: [KeyValue] = [
            .heading("Event bus"),
            KeyValue("Name", text: reading.name),
            KeyValue("ARN", text: reading.arn),
            KeyValue("Description", text: bus.description ?? ""),
            KeyValue("Created", text: date(bus.creationTime)),
            KeyValue("Last changed", text: date(bus.lastModifiedTime)),
            KeyValue("Dead letters", text: bus.deadLetterConfig?.arn ?? ""),
            .heading("Encryption"),
            KeyValue("Key", text: bus.kmsKeyIdentifier ?? "owned by AWS"),
            .heading("Tags"),
        ]
        items += reading.tags.sorted { $0.key < $1.key }.map { KeyValue($0.key, text: $0.value) }
        if reading.tags.isEmpty { items.append(KeyValue("None", StyledLine("TagResource adds some", .dim))) }
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        list.render(on: surface.panel("Details", focused: true), focused: frame.isInteractive)
    }
}
