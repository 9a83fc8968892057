/// What to ask again and again, and which answers end the waiting.
public struct WaiterModel: Sendable, Hashable {
    public var name: String
    public var operation: String
    /// Seconds between attempts.
    public var delay: Int
    public var maximumAttempts: Int
    public var acceptors: [Acceptor]

    public struct Acceptor: Sendable, Hashable {
        public enum Outcome: String, Sendable { case success, failure, retry }
        public enum Matcher: String, Sendable { case path, pathAll, pathAny, status, error }

        public var matcher: Matcher
        /// JMESPath, for the path matchers.
        public var argument: String
        public var expected: DocumentValue
        public var outcome: Outcome
    }

    init(name: String, traits: DocumentObject) {
        self.name = name
        operation = traits.string("operation") ?? ""
        delay = traits.integer("delay") ?? 5
        maximumAttempts = traits.integer("maxAttempts") ?? 25
        acceptors = (traits.list("acceptors") ?? []).compactMap { value in
            guard let matcher = value["matcher"]?.string.flatMap(Acceptor.Matcher.init),
                let outcome = value["state"]?.string.flatMap(Acceptor.Outcome.init)
            else { return nil }
            return Acceptor(
                matcher: matcher, argument: value["argument"]?.string ?? "", expected: value["expected"] ?? .null,
                outcome: outcome)
        }
    }
}
