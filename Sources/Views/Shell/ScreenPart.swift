import TerminalUI

extension Screen {
    /// For a screen that is a part of another one.
    ///
    /// Handles an event; its effects come back with their messages erased.
    mutating func step(_ event: ErasedEvent) -> [Effect<any Sendable>] {
        guard let typed = ScreenEvent<Message>(event) else { return [] }
        return update(typed).map { effect in effect.carried { $0 as any Sendable } }
    }
}

extension Effect {
    /// The same effect, its work under a name of the part's own: two parts of one screen may both load.
    func named(_ part: String) -> Effect {
        switch kind {
        case .work(let id, let isStream, let operation):
            Effect(kind: .work(id: "\(part).\(id)", isStream: isStream, operation: operation))
        case .cancel(let id): .cancel("\(part).\(id)")
        default: self
        }
    }

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
        case .bulk(let job, let finished): .bulk(job) { wrap(finished($0)) }
        case .copy(let text, let what): .copy(text, what: what)
        case .edit(let text, let name, let edited): .edit(text, name: name) { wrap(edited($0)) }
        case .quit: .quit
        }
    }
}
