import TerminalUI

/// A form and what becomes of it: it is sent, and shown again with what the service said, until it is taken or left.
struct FormTask: Sendable {
    /// What the service made of it.
    struct Done: Sendable {
        let toast: String
        /// Where the thing that was made can be seen.
        var opens: ScreenAddress?

        init(_ toast: String, opens: ScreenAddress? = nil) {
            self.toast = toast
            self.opens = opens
        }
    }

    let prepare: @Sendable (ConsoleContext) async -> Form
    let send: @Sendable (FormValues, ConsoleContext) async throws -> Done

    /// - Parameter preparing: reads what the form offers first: the roles there are.
    init(
        preparing prepare: @escaping @Sendable (ConsoleContext) async -> Form,
        send: @escaping @Sendable (FormValues, ConsoleContext) async throws -> Done
    ) {
        self.prepare = prepare
        self.send = send
    }

    /// Asks with this form at once.
    static func ask<Message: Sendable>(
        _ form: Form, _ wrap: @escaping @Sendable (FormStep) -> Message,
        send: @escaping @Sendable (FormValues, ConsoleContext) async throws -> Done
    ) -> Effect<Message> {
        FormTask(preparing: { _ in form }, send: send).ask(form, wrap)
    }

    /// Prepares the form, then asks.
    func begin<Message: Sendable>(_ wrap: @escaping @Sendable (FormStep) -> Message) -> Effect<Message> {
        .work("form") { context in wrap(.prepared(self, await prepare(context))) }
    }

    fileprivate func ask<Message: Sendable>(
        _ form: Form, _ wrap: @escaping @Sendable (FormStep) -> Message
    ) -> Effect<Message> {
        .form(form) { wrap(.submitted(self, form, $0)) }
    }
}

/// How far a form has come: a message of the screen that asked with it, which only passes it on.
enum FormStep: Sendable {
    case prepared(FormTask, Form)
    case submitted(FormTask, Form, FormValues)
    case answered(FormTask, Form, FormValues, Result<FormTask.Done, any Error>)

    /// Whether something was made, so that the screen has something to read anew.
    var isDone: Bool {
        if case .answered(_, _, _, .success) = self { return true }
        return false
    }

    /// What follows.
    func effects<Message: Sendable>(_ wrap: @escaping @Sendable (FormStep) -> Message) -> [Effect<Message>] {
        switch self {
        case .prepared(let task, let form): return [task.ask(form, wrap)]
        case .submitted(let task, let form, let values):
            return [
                .work("send") { context in
                    try await task.send(values, context)
                } then: {
                    wrap(.answered(task, form, values, $0))
                }
            ]
        case .answered(_, _, _, .success(let done)):
            return [.toast(done.toast)] + (done.opens.map { [.open($0)] } ?? [])
        case .answered(let task, let form, let values, .failure(let error)):
            return [task.ask(form.filled(with: values, failure: error.sentence), wrap)]
        }
    }
}
