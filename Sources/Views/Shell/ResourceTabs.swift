import TerminalUI

/// A tab of a resource's screen: a screen of its own below the row of tabs, which is told of the resource when it was read.
///
/// `.changed` reaches it whenever the resource has been read anew.
protocol ResourceTab<Reading>: Screen {
    associatedtype Reading: Sendable
    /// Nil until it has been read.
    var reading: Reading? { get set }
    /// Set when the tab has changed the resource: it is then read again.
    var isStale: Bool { get set }
}

extension ResourceTab {
    var crumbs: [String] { [] }
}

/// The tabs of a resource's screen: reads the resource, tells every tab, and passes on what comes to the one on top.
struct ResourceTabs<Reading: Sendable>: Sendable {
    enum Message: Sendable {
        case read(Result<Reading, any Error>)
        /// Of a tab's own work.
        case tab(Int, any Sendable)
    }

    typealias Read = @Sendable (ConsoleContext) async throws -> Reading

    private let read: Read
    private(set) var tabs: Tabs
    private var panes: [any ResourceTab<Reading>]
    private(set) var reading: Reading?
    private(set) var failure: String?

    /// - Parameter tab: a tab's title, the beginning of it, a word of it, or its number.
    init(_ panes: [(title: String, pane: any ResourceTab<Reading>)], tab: String?, read: @escaping Read) {
        self.read = read
        self.panes = panes.map(\.pane)
        tabs = Tabs(panes.map(\.title))
        guard let wanted = tab?.lowercased() else { return }
        if let index = tabs.titles.firstIndex(where: {
            $0.lowercased().hasPrefix(wanted) || $0.lowercased().split(separator: " ").contains(wanted[...])
        }) {
            tabs.select(index)
        } else if let number = Int(wanted) {
            tabs.select(number - 1)
        }
    }

    private var pane: any ResourceTab<Reading> { panes[tabs.selected] }
    var title: String { tabs.selectedTitle }
    var topics: Set<Topic> { pane.topics }
    var capturesText: Bool { pane.capturesText }
    var handlesEscape: Bool { pane.handlesEscape }
    var tickInterval: Duration? { pane.tickInterval }
    var copyText: String? { pane.copyText }
    /// What the tab on top answers to.
    var ownBindings: [KeyBinding] { pane.bindings }
    var isRead: Availability { .when(reading != nil, otherwise: "It has not been read yet") }

    func load() -> Effect<Message> { .work("read", read) { .read($0) } }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .message(.read(.success(let new))):
            let isFirst = reading == nil
            failure = nil
            reading = new
            for index in panes.indices { panes[index].reading = new }
            return forward(isFirst ? .appeared : .changed([]))
        case .message(.read(.failure(let error))):
            failure = error.sentence
            return reading == nil ? [] : [.toast(error.sentence, .failed)]
        case .message(.tab(let index, let message)): return forward(.message(message), to: index)
        case .action(let action):
            if tabs.perform(action) { return reading == nil ? [] : forward(.appeared) }
            return forward(.action(action))
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return reading == nil ? [] : forward(.appeared) }
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

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        guard reading == nil else { return pane.render(on: parts[1], in: frame) }
        let inside = parts[1].panel(tabs.selectedTitle)
        for (row, line) in TextWrapping.wrap(failure ?? "Loading…", to: max(10, inside.width - 8)).enumerated() {
            inside.write(
                line, x: 0, y: inside.height / 2 + row, width: inside.width, align: .centre,
                Style(failure == nil ? .dim : .failure))
        }
    }
}

extension ScreenEvent {
    /// The same event for a part of the screen; nil for a message, which is the screen's own.
    func passedOn<Part: Sendable>() -> ScreenEvent<Part>? {
        switch self {
        case .appeared: .appeared
        case .reappeared: .reappeared
        case .tick: .tick
        case .changed(let topics): .changed(topics)
        case .action(let action): .action(action)
        case .input(let input): .input(input)
        case .message: nil
        }
    }
}
