import TerminalUI

/// An event with its message's type forgotten, as the shell passes it around.
typealias ErasedEvent = ScreenEvent<any Sendable>

extension ScreenEvent {
    /// The event as a screen knows it; nil for another screen's message.
    init?(_ erased: ErasedEvent) {
        switch erased {
        case .appeared: self = .appeared
        case .reappeared: self = .reappeared
        case .tick: self = .tick
        case .changed(let topics): self = .changed(topics)
        case .action(let action): self = .action(action)
        case .input(let input): self = .input(input)
        case .message(let message):
            guard let own = message as? Message else { return nil }
            self = .message(own)
        }
    }
}

/// An effect with its message's type forgotten.
enum ErasedEffect {
    typealias Message = any Sendable
    case work(
        id: String, isStream: Bool,
        operation: @Sendable (ConsoleContext, @escaping @Sendable (Message) -> Void) async -> Message?)
    case cancel(id: String)
    case push(any Screen)
    case replace(any Screen)
    case open(ScreenAddress)
    case pop
    case toast(Toast)
    case dialog(Dialog, confirmed: @Sendable () -> Message)
    case menu(Menu, chosen: @Sendable (ActionID) -> Message)
    case form(Form, submitted: @Sendable (FormValues) -> Message)
    case bulk(BulkJob, finished: @Sendable (BulkProgress) -> Message)
    case copy(String, what: String)
    case edit(String, name: String, edited: @Sendable (Result<String, ExternalEditorFailure>) -> Message)
    case quit

    init<M: Sendable>(_ effect: Effect<M>) {
        switch effect.kind {
        case .work(let id, let isStream, let operation):
            self = .work(id: id, isStream: isStream) { context, report in
                await operation(context) { report($0) }
            }
        case .cancel(let id): self = .cancel(id: id)
        case .push(let screen): self = .push(screen)
        case .replace(let screen): self = .replace(screen)
        case .open(let address): self = .open(address)
        case .pop: self = .pop
        case .toast(let toast): self = .toast(toast)
        case .dialog(let dialog, let confirmed): self = .dialog(dialog) { confirmed() }
        case .menu(let menu, let chosen): self = .menu(menu) { chosen($0) }
        case .form(let form, let submitted): self = .form(form) { submitted($0) }
        case .bulk(let job, let finished): self = .bulk(job) { finished($0) }
        case .copy(let text, let what): self = .copy(text, what: what)
        case .edit(let text, let name, let edited): self = .edit(text, name: name) { edited($0) }
        case .quit: self = .quit
        }
    }
}

/// A screen in the history with the work it has under way.
struct ScreenEntry {
    struct Work {
        let token: Int
        let isStream: Bool
        let task: Task<Void, Never>
    }

    let id: Int
    private(set) var screen: any Screen
    var work: [String: Work] = [:]
    /// Changes that arrived while the screen was still fetching; delivered when it has finished.
    var pendingChanges: Set<Topic> = []

    init(id: Int, screen: any Screen) {
        self.id = id
        self.screen = screen
    }

    /// Live tails run for as long as the screen wants; only other work counts as busy.
    var isBusy: Bool { work.values.contains { !$0.isStream } }

    func watches(_ topics: Set<Topic>) -> Set<Topic> {
        let mine = screen.topics
        return mine.isEmpty ? [] : topics.filter { topic in mine.contains { $0.covers(topic) } }
    }

    mutating func update(_ event: ErasedEvent) -> [ErasedEffect] {
        let (updated, effects) = Self.updated(screen, event)
        screen = updated
        return effects
    }

    private static func updated<S: Screen>(_ screen: S, _ event: ErasedEvent) -> (any Screen, [ErasedEffect]) {
        // Messages come from this screen's own effects; any other would be a mix-up of entries.
        guard let typed = ScreenEvent<S.Message>(event) else { return (screen, []) }
        var copy = screen
        let effects = copy.update(typed)
        return (copy, effects.map { ErasedEffect($0) })
    }

    mutating func cancelAll() {
        for item in work.values { item.task.cancel() }
        work.removeAll()
    }
}
