import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One queue: its tabs.
struct QueueScreen: Screen {
    enum Message: Sendable {
        case read(Result<QueueReading, any Error>)
        case purgeConfirmed, deleteConfirmed
        case purged(Result<Void, any Error>)
        case deleted(Result<Void, any Error>)
        /// Of a tab's own work.
        case tab(Int, any Sendable)
    }

    static let titles = [
        "Messages", "Send", "Receive", "Dead letters", "Monitoring", "Triggers", "SNS", "Policy", "Details",
    ]

    let name: String
    var tabs = Tabs(Self.titles)
    var panes: [any QueueTab] = [
        QueueMessagesTab(), QueueSendTab(), QueueReceiveTab(), QueueDeadLettersTab(), QueueMonitoringTab(),
        QueueTriggersTab(), QueueTopicsTab(), QueuePolicyTab(), QueueDetailsTab(),
    ]
    var queue: QueueReading?
    var failure: String?

    /// - Parameters:
    ///   - name: the queue's name, URL or ARN.
    ///   - tab: a tab's title or number.
    init(name: String, tab: String? = nil) {
        self.name = ResourceName.last(of: name)
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

    private var pane: any QueueTab { panes[tabs.selected] }

    var crumbs: [String] { ["SQS", name, tabs.selectedTitle] }
    var title: String { name }
    var topics: Set<Topic> { pane.topics.union([Topic("sqs/\(name)")]) }
    var capturesText: Bool { pane.capturesText }
    var handlesEscape: Bool { pane.handlesEscape }
    var tickInterval: Duration? { pane.tickInterval }
    var copyText: String? { pane.copyText ?? queue?.arn }

    var bindings: [KeyBinding] {
        pane.bindings + [
            .refresh,
            KeyBinding(
                ["P"], "purge", "queue.purge", help: "Purge: delete all its messages", availability: readable,
                prominence: .help, menu: true, destructive: true),
            KeyBinding(
                ["D"], "delete queue", "queue.delete", help: "Delete the queue", availability: readable,
                prominence: .help, menu: true, destructive: true),
        ] + tabs.bindings
    }

    private var readable: Availability { .when(queue != nil, otherwise: "The queue has not been read") }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .message(.read(.success(let reading))):
            let isFirst = queue == nil
            failure = nil
            queue = reading
            for index in panes.indices { panes[index].queue = reading }
            return forward(isFirst ? .appeared : .changed([]))
        case .message(.read(.failure(let error))):
            failure = error.sentence
            return queue == nil ? [] : [.toast(error.sentence, .failed)]
        case .message(.tab(let index, let message)): return forward(.message(message), to: index)
        case .message(.purgeConfirmed):
            guard let url = queue?.url else { return [] }
            return [
                .work("purge") { context in
                    _ = try await context.aws.call(SQS.purgeQueue, .init(queueUrl: url))
                } then: {
                    .purged($0)
                }
            ]
        case .message(.deleteConfirmed):
            guard let url = queue?.url else { return [] }
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(SQS.deleteQueue, .init(queueUrl: url))
                } then: {
                    .deleted($0)
                }
            ]
        case .message(.purged(.success)): return [.toast("Purged \(name)"), load()]
        case .message(.deleted(.success)): return [.toast("Deleted \(name)"), .pop]
        case .message(.purged(.failure(let error))), .message(.deleted(.failure(let error))):
            return [.toast(error.sentence, .failed)]
        case .action("queue.purge"): return confirmPurge()
        case .action("queue.delete"): return confirmDelete()
        case .action(let action):
            if tabs.perform(action) { return queue == nil ? [] : forward(.appeared) }
            return forward(.action(action))
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return queue == nil ? [] : forward(.appeared) }
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
        let name = name
        return .work("read") { context in
            try await QueueReading.read(name, context)
        } then: {
            .read($0)
        }
    }

    private func confirmPurge() -> [Effect<Message>] {
        guard let queue else { return [] }
        let dialog = Dialog(
            "Purge queue \(name)?",
            message: "\(Quantity.count(queue.total, "message")) will be deleted, those in flight too.",
            consequences: [queue.holdings], confirm: "Purge", destructive: true, typeToConfirm: name)
        return [.confirm(dialog, then: .purgeConfirmed)]
    }

    private func confirmDelete() -> [Effect<Message>] {
        guard let queue else { return [] }
        return [
            .confirm(
                .delete("queue \(name)", consequences: [queue.holdings], typeToConfirm: name), then: .deleteConfirmed)
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        if queue == nil {
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
