import Synchronization
import TerminalUI

/// A tab of the queue's screen: a screen of its own below the row of tabs, which is told of the queue when it was read.
///
/// `.changed` reaches it whenever the queue has been read anew.
protocol QueueTab: Screen {
    /// Nil until it has been read.
    var queue: QueueReading? { get set }
    /// Set when the tab has changed the queue: it is then read again.
    var isStale: Bool { get set }
}

extension QueueTab {
    var crumbs: [String] { [] }
}

extension Screen {
    /// For a screen that is a part of another one.
    ///
    /// Handles an event; its effects come back with their messages erased.
    mutating func step(_ event: ScreenEvent<any Sendable>) -> [Effect<any Sendable>] {
        let typed: ScreenEvent<Message>
        switch event {
        case .appeared: typed = .appeared
        case .reappeared: typed = .reappeared
        case .tick: typed = .tick
        case .changed(let topics): typed = .changed(topics)
        case .action(let action): typed = .action(action)
        case .input(let input): typed = .input(input)
        case .message(let message):
            guard let own = message as? Message else { return [] }
            typed = .message(own)
        }
        return update(typed).map { effect in effect.carried { $0 as any Sendable } }
    }
}

extension Effect {
    /// The same effect for a screen of which this one's owner is a part.
    func carried<Outer: Sendable>(by wrap: @escaping @Sendable (Message) -> Outer) -> Effect<Outer> {
        switch kind {
        case .work(let id, let isStream, let operation):
            Effect<Outer>(
                kind: .work(id: id, isStream: isStream) { context, report in
                    await operation(context) { report(wrap($0)) }.map(wrap)
                })
        case .cancel(let id): .cancel(id)
        case .push(let screen): .push(screen)
        case .replace(let screen): .replace(screen)
        case .open(let address): .open(address)
        case .pop: .pop
        case .toast(let toast): Effect<Outer>(kind: .toast(toast))
        case .dialog(let dialog, let confirmed): Effect<Outer>(kind: .dialog(dialog) { wrap(confirmed()) })
        case .menu(let menu, let chosen): .menu(menu) { wrap(chosen($0)) }
        case .form(let form, let submitted): .form(form) { wrap(submitted($0)) }
        case .copy(let text, let what): .copy(text, what: what)
        case .edit(let text, let name, let edited): .edit(text, name: name) { wrap(edited($0)) }
        case .quit: .quit
        }
    }
}

/// The time of the frame being drawn, for table cells that count down.
///
/// A measurement, not state: as with `Viewport`, drawing leaves it where the cells of the same frame read it.
final class FrameClock: Sendable {
    private let value = Atomic<Int64>(0)

    /// Milliseconds since 1970.
    var now: Int64 {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}
