import TerminalUI

/// What a screen asks of the shell. Values; nothing happens until the shell performs them.
public struct Effect<Message: Sendable>: Sendable {
    /// Reports from running work: each message is delivered to the screen as it comes.
    public typealias Progress = @Sendable (Message) -> Void

    enum Kind: Sendable {
        case work(
            id: String, isStream: Bool,
            operation: @Sendable (ConsoleContext, @escaping Progress) async -> Message?)
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
    }
    let kind: Kind

    /// Work that ends in a message. Starting work cancels what the same screen started under the same `id`;
    /// leaving the screen for good cancels all of it. A cancelled work's message is dropped.
    public static func work(
        _ id: String, _ operation: @escaping @Sendable (ConsoleContext) async -> Message
    ) -> Effect {
        Effect(kind: .work(id: id, isStream: false) { context, _ in await operation(context) })
    }

    /// Work that can throw; its outcome becomes a message.
    public static func work<Value: Sendable>(
        _ id: String, _ operation: @escaping @Sendable (ConsoleContext) async throws -> Value,
        then message: @escaping @Sendable (Result<Value, any Error>) -> Message
    ) -> Effect {
        Effect(
            kind: .work(id: id, isStream: false) { context, _ in
                do {
                    return message(.success(try await operation(context)))
                } catch {
                    return message(.failure(error))
                }
            })
    }

    /// Work that reports on its way and has an end: pages of a long list. Whoever waits for a screen waits for it.
    public static func work(
        _ id: String, reporting operation: @escaping @Sendable (ConsoleContext, @escaping Progress) async -> Message
    ) -> Effect {
        Effect(kind: .work(id: id, isStream: false, operation: operation))
    }

    /// Work that reports on its way: live tails, redrives. `nil` at its end delivers nothing more.
    public static func stream(
        _ id: String, _ operation: @escaping @Sendable (ConsoleContext, @escaping Progress) async -> Message?
    ) -> Effect {
        Effect(kind: .work(id: id, isStream: true, operation: operation))
    }

    public static func cancel(_ id: String) -> Effect { Effect(kind: .cancel(id: id)) }
    public static func push(_ screen: any Screen) -> Effect { Effect(kind: .push(screen)) }
    /// Puts another screen in the place of this one.
    public static func replace(_ screen: any Screen) -> Effect { Effect(kind: .replace(screen)) }
    /// Pushes a screen by its id in the catalogue, so that screens need not know each other.
    public static func open(_ id: String, _ arguments: String...) -> Effect {
        Effect(kind: .open(ScreenAddress(id: id, arguments: arguments)))
    }
    public static func open(_ address: ScreenAddress) -> Effect { Effect(kind: .open(address)) }
    public static var pop: Effect { Effect(kind: .pop) }
    public static func toast(_ text: String, _ mark: StatusMark = .succeeded) -> Effect {
        Effect(kind: .toast(Toast(text, mark)))
    }
    /// Asks before doing; `message` is delivered only on yes.
    public static func confirm(_ dialog: Dialog, then message: Message) -> Effect {
        Effect(kind: .dialog(dialog, confirmed: { message }))
    }
    public static func menu(_ menu: Menu, then chosen: @escaping @Sendable (ActionID) -> Message) -> Effect {
        Effect(kind: .menu(menu, chosen: chosen))
    }
    /// Shows a form in the middle; `submitted` is delivered once every field is valid.
    public static func form(_ form: Form, then submitted: @escaping @Sendable (FormValues) -> Message) -> Effect {
        Effect(kind: .form(form, submitted: submitted))
    }
    /// Asks if the job wants it, runs it, and tells of each thing that failed; `finished` is delivered at the end.
    static func bulk(_ job: BulkJob, then finished: @escaping @Sendable (BulkProgress) -> Message) -> Effect {
        Effect(kind: .bulk(job, finished: finished))
    }
    /// Copies to the clipboard (OSC 52) and says so, naming `what`.
    public static func copy(_ text: String, what: String = "text") -> Effect {
        Effect(kind: .copy(text, what: what))
    }
    /// Opens a text in `$VISUAL` or `$EDITOR`, which has the terminal until it ends.
    /// - Parameter name: of the file, so that the editor knows the kind of text.
    public static func edit(
        _ text: String, name: String,
        then edited: @escaping @Sendable (Result<String, ExternalEditorFailure>) -> Message
    ) -> Effect {
        Effect(kind: .edit(text, name: name, edited: edited))
    }
    public static var quit: Effect { Effect(kind: .quit) }
}

/// A screen by name: what `skua show`, the palette and links between screens use.
public struct ScreenAddress: Hashable, Sendable {
    public var id: String
    public var arguments: [String]

    public init(id: String, arguments: [String] = []) {
        self.id = id
        self.arguments = arguments
    }
}
