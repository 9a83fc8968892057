import AWSModel

/// What an evaluation sees of the world: the time, chance, the dialect and how far it may go.
public struct JSONataEnvironment: Sendable {
    public enum Dialect: Sendable, Hashable {
        /// JSONata 2.0.6 as its reference has it.
        case standard
        /// AWS Step Functions: `$partition`, `$range`, `$hash`, `$uuid`, `$parse` and `$random([seed])`; no `$eval`.
        case stepFunctions
    }

    /// How far an evaluation may go before it ends in an error.
    public struct Limits: Sendable, Hashable {
        /// Expressions evaluated, and steps of regular expressions.
        public var steps: Int
        /// Nesting of expressions under evaluation.
        public var depth: Int
        /// Bytes of machine stack below the caller's.
        public var stackBytes: Int

        public init(steps: Int = 20_000_000, depth: Int = 5_000, stackBytes: Int = 160 * 1024) {
            self.steps = steps
            self.depth = depth
            self.stackBytes = stackBytes
        }
    }

    /// The digest of bytes in lower-case hexadecimal; nil where the algorithm is unknown.
    public typealias Digest = @Sendable (_ algorithm: String, _ bytes: [UInt8]) -> String?

    /// `$now()` and `$millis()`.
    public var now: Instant
    /// `$random()`, `$shuffle()` and `$uuid()`.
    public var random: any RandomNumberGenerator & Sendable
    public var dialect: Dialect
    public var limits: Limits
    /// `$hash()` of the Step Functions dialect.
    public var digest: Digest?

    public init(
        now: Instant, random: any RandomNumberGenerator & Sendable, dialect: Dialect = .standard,
        limits: Limits = Limits(), digest: Digest? = nil
    ) {
        self.now = now
        self.random = random
        self.dialect = dialect
        self.limits = limits
        self.digest = digest
    }
}
