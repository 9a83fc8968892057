import TerminalUI

extension Effect {
    /// Deletes one after the other; the first that fails ends it.
    static func delete(
        _ ids: [String], by call: @escaping @Sendable (String, ConsoleContext) async throws -> Void,
        then message: @escaping @Sendable (Int, Result<Void, any Error>) -> Message
    ) -> Effect {
        .work("delete") { context in
            for id in ids { try await call(id, context) }
        } then: {
            message(ids.count, $0)
        }
    }

    /// What is said of it: `Deleted the alias`, `Deleted 3 aliases`.
    static func deleted(_ count: Int, _ one: String, _ many: String, _ result: Result<Void, any Error>) -> Effect {
        switch result {
        case .success: .toast(count == 1 ? "Deleted the \(one)" : "Deleted \(count.grouped) \(many)")
        case .failure(let error): .toast(error.sentence, .failed)
        }
    }
}
