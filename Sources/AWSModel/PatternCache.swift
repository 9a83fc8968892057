import Synchronization

/// Compiled patterns of the models. Patterns that Swift's engine cannot read let everything pass: refusing what AWS
/// accepts is worse than the reverse.
final class PatternCache: Sendable {
    static let shared = PatternCache()

    private let compiled = Mutex<[String: Regex<AnyRegexOutput>?]>([:])

    /// Whether the whole text matches, as Java's `matches()` asks.
    func matches(_ text: String, _ pattern: String) -> Bool {
        compiled.withLock { compiled in
            if compiled[pattern] == nil { compiled[pattern] = .some(try? Regex(pattern)) }
            guard case .some(.some(let regex)) = compiled[pattern] else { return true }
            do {
                return try regex.wholeMatch(in: text) != nil
            } catch {
                return true
            }
        }
    }
}
