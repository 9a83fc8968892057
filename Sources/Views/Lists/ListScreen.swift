import TerminalUI

/// A screen that is a list of resources. It declares what the list is of, and what can be done to its rows.
protocol ListScreen: Screen where Message == ResourceList<Row>.Message {
    associatedtype Row: Identifiable & Sendable where Row.ID: Sendable

    var list: ResourceList<Row> { get set }
    /// What the list is of.
    static var noun: Noun { get }
    /// Keys besides those of the actions and of the list.
    var ownBindings: [KeyBinding] { get }
    /// What can be done to the row selected, or to all that are marked.
    var actions: [BulkAction<Row>] { get }

    /// Does what one of its own bindings names; nil if it is none of them.
    mutating func perform(_ action: ActionID) -> [Effect<Message>]?
}

extension ListScreen {
    var actions: [BulkAction<Row>] { [] }
    var capturesText: Bool { list.table.capturesText }
    var handlesEscape: Bool { list.table.handlesEscape }

    var selected: Row? { list.table.selected }
    /// Whether there is a row to do something with.
    var one: Availability { .when(selected != nil, otherwise: "No \(Self.noun.singular) is selected") }

    /// `n`: make another one.
    static func new(_ help: String? = nil) -> KeyBinding {
        KeyBinding(
            ["n"], "new", "create", help: help ?? "Create \(Self.noun.article) \(Self.noun.singular)", menu: true,
            needs: [.changes])
    }

    var bindings: [KeyBinding] {
        ownBindings + actions.map { $0.binding(in: list.table) } + [.refresh] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        if case .action(let action) = event {
            if let effects = perform(action) { return effects }
            if let bulk = actions.first(where: { $0.action == action }) {
                return bulk.effects(on: list.table.targets) { .acted($0) }
            }
        }
        return list.update(event)
    }

    func render(on surface: Surface, in frame: FrameContext) { list.render(on: surface, in: frame) }

    /// Asks with a form; the list is read anew once it was taken.
    func asking(
        _ form: Form, send: @escaping @Sendable (FormValues, ConsoleContext) async throws -> FormTask.Done
    ) -> [Effect<Message>] {
        [FormTask.ask(form, { .form($0) }, send: send)]
    }
}
