import TerminalUI

extension BulkAction {
    /// Deletes rows one by one.
    /// - Parameters:
    ///   - question: `.typed` where what is lost cannot be made again.
    ///   - consequence: a line of the question; the name if there is nothing more to say.
    static func delete(
        _ noun: Noun, help: String? = nil, question: Question = .typed,
        note: @escaping @Sendable ([Row]) -> String = { _ in "This cannot be undone." },
        name: @escaping @Sendable (Row) -> String, consequence: (@Sendable (Row) -> String)? = nil,
        availability: @escaping @Sendable (Row) -> Availability = { _ in .enabled },
        each: @escaping @Sendable (Row, ConsoleContext) async throws -> Void
    ) -> BulkAction {
        BulkAction(
            action: "delete", keys: ["d"], title: "delete",
            help: help ?? "Delete the \(noun.plural) marked, or the selected one", verb: { _ in .delete }, noun: noun,
            question: question, note: note, name: name, consequence: consequence ?? name,
            availability: { row, _ in availability(row) },
            perform: Self.oneByOne { row, _, context in try await each(row, context) })
    }

    /// Takes away what can be put back: a trigger, a target, a subscription.
    static func remove(
        _ noun: Noun, title: String = "remove", help: String = "Remove what is marked or selected",
        name: @escaping @Sendable (Row) -> String, consequence: @escaping @Sendable (Row) -> String,
        availability: @escaping @Sendable (Row) -> Availability = { _ in .enabled },
        each: @escaping @Sendable (Row, ConsoleContext) async throws -> Void
    ) -> BulkAction {
        BulkAction(
            action: "remove", keys: ["d"], title: title, help: help, verb: { _ in .remove }, noun: noun,
            question: .destructive, note: { _ in "" }, name: name, consequence: consequence,
            availability: { row, _ in availability(row) },
            perform: Self.oneByOne { row, _, context in try await each(row, context) })
    }

    /// Turns rows on or off: the opposite of what the first one is.
    static func onOff(
        _ noun: Noun, title: String = "on/off", help: String, on: BulkVerb = .enable, off: BulkVerb = .disable,
        name: @escaping @Sendable (Row) -> String, isOn: @escaping @Sendable (Row) -> Bool,
        availability: @escaping @Sendable (Row) -> Availability = { _ in .enabled },
        each: @escaping @Sendable (Row, _ turnsOn: Bool, ConsoleContext) async throws -> Void
    ) -> BulkAction {
        BulkAction(
            action: "toggle", keys: ["o"], title: title, help: help,
            verb: { rows in rows.first.map(isOn) == true ? off : on }, noun: noun, name: name, consequence: name,
            availability: { row, verb in
                isOn(row) == (verb == on) ? .disabled("It is already so") : availability(row)
            },
            perform: Self.oneByOne { row, verb, context in try await each(row, verb == on, context) })
    }

    /// The same failure of all: of a call that was for them together.
    static func all(_ rows: [Row], _ error: any Error) -> [Int: String] {
        Dictionary(uniqueKeysWithValues: rows.indices.map { ($0, error.sentence) })
    }

    /// A call for each row; the first failure does not keep the others from theirs.
    static func oneByOne(
        _ each: @escaping @Sendable (Row, BulkVerb, ConsoleContext) async throws -> Void
    ) -> @Sendable ([Row], BulkVerb, ConsoleContext) async -> [Int: String] {
        { rows, verb, context in
            var failures: [Int: String] = [:]
            for (index, row) in rows.enumerated() {
                do {
                    try await each(row, verb, context)
                } catch {
                    failures[index] = error.sentence
                }
            }
            return failures
        }
    }
}
