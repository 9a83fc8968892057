import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One topic: its tabs.
struct TopicScreen: Screen {
    enum Message: Sendable {
        case read(Result<TopicReading, any Error>)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
        /// Of a tab's own work.
        case tab(Int, any Sendable)
    }

    static let titles = [
        "Subscriptions", "Publish", "Deliveries", "Filter tester", "Monitoring", "Policy", "Details",
    ]

    /// A name or an ARN.
    let address: String
    var tabs = Tabs(Self.titles)
    var panes: [any TopicTab] = [
        TopicSubscriptionsTab(), TopicPublishTab(), TopicDeliveriesTab(), TopicFilterTab(), TopicMonitoringTab(),
        TopicPolicyTab(), TopicDetailsTab(),
    ]
    var topic: TopicReading?
    var failure: String?

    /// - Parameters:
    ///   - name: the topic's name or ARN.
    ///   - tab: a tab's title or number.
    init(name: String, tab: String? = nil) {
        address = name
        guard let tab else { return }
        let wanted = tab.lowercased()
        if let index = Self.titles.firstIndex(where: {
            $0.lowercased().hasPrefix(wanted) || $0.lowercased().split(separator: " ").contains(wanted[...])
        }) {
            tabs.select(index)
        } else if let number = Int(tab) {
            tabs.select(number - 1)
        }
    }

    private var name: String { ResourceName.last(of: address) }
    private var pane: any TopicTab { panes[tabs.selected] }

    var crumbs: [String] { ["SNS", name, tabs.selectedTitle] }
    var title: String { name }
    var topics: Set<Topic> { pane.topics.union([Topic("sns/\(name)")]) }
    var capturesText: Bool { pane.capturesText }
    var handlesEscape: Bool { pane.handlesEscape }
    var tickInterval: Duration? { pane.tickInterval }
    var copyText: String? { pane.copyText ?? topic?.arn }

    var bindings: [KeyBinding] {
        pane.bindings + [
            .refresh,
            KeyBinding(
                ["D"], "delete topic", "topic.delete", help: "Delete the topic", availability: readable,
                prominence: .help, menu: true, destructive: true),
        ] + tabs.bindings
    }

    private var readable: Availability { .when(topic != nil, otherwise: "The topic has not been read") }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .message(.read(.success(let reading))):
            let isFirst = topic == nil
            failure = nil
            topic = reading
            for index in panes.indices { panes[index].topic = reading }
            return forward(isFirst ? .appeared : .changed([]))
        case .message(.read(.failure(let error))):
            failure = error.sentence
            return topic == nil ? [] : [.toast(error.sentence, .failed)]
        case .message(.tab(let index, let message)): return forward(.message(message), to: index)
        case .message(.deleteConfirmed):
            guard let arn = topic?.arn else { return [] }
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
        case .action(let action):
            if tabs.perform(action) { return topic == nil ? [] : forward(.appeared) }
            return forward(.action(action))
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return topic == nil ? [] : forward(.appeared) }
            return forward(.input(input))
        case .tick: return forward(.tick)
        }
    }

    private mutating func forward(_ event: ScreenEvent<any Sendable>, to index: Int? = nil) -> [Effect<Message>] {
        let index = index ?? tabs.selected
        var pane = panes[index]
        let effects = pane.step(event).map { effect in effect.carried { Message.tab(index, $0) } }
        let isStale = pane.isStale
        pane.isStale = false
        panes[index] = pane
        return isStale ? effects + [load()] : effects
    }

    private func load() -> Effect<Message> {
        let address = address
        return .work("read") { context in
            try await TopicReading.read(address, context)
        } then: {
            .read($0)
        }
    }

    private func confirmDelete() -> [Effect<Message>] {
        guard let topic else { return [] }
        return [
            .confirm(
                .delete("topic \(name)", consequences: [topic.holdings], typeToConfirm: name), then: .deleteConfirmed)
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        if topic == nil {
            let inside = parts[1].panel(tabs.selectedTitle)
            for (row, line) in TextWrapping.wrap(failure ?? "Loading…", to: max(10, inside.width - 8)).enumerated() {
                inside.write(
                    line, x: 0, y: inside.height / 2 + row, width: inside.width, align: .centre,
                    Style(failure == nil ? .dim : .failure))
            }
            return
        }
        pane.render(on: parts[1], in: frame)
    }
}
