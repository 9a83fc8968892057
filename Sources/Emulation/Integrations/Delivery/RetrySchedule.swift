import AWSModel

/// AWS: up to 185 attempts in 24 hours, exponential backoff with jitter.
struct RetrySchedule: Sendable, Hashable {
    static let standard = RetrySchedule(maximumAttempts: 185, maximumAge: .seconds(86_400))

    var maximumAttempts: Int
    var maximumAge: Duration

    /// When to try again after `attempts` failed; nil once the event is given up, with the condition's name.
    func next(
        after attempts: Int, accepted: Instant, now: Instant, random: inout IdentifierSource
    ) -> Result<Instant, Exhausted> {
        // The first attempt is no retry.
        guard attempts <= maximumAttempts else { return .failure(.attempts) }
        let ceiling = min(Double(1 << min(attempts, 9)), 470)
        let wait = ceiling / 2 + random.fraction() * ceiling / 2
        let due = now + .microseconds(Int64(wait * 1_000_000))
        guard due - accepted < maximumAge else { return .failure(.age) }
        return .success(due)
    }

    enum Exhausted: String, Error {
        case attempts = "MaximumRetryAttempts"
        case age = "MaximumEventAgeInSeconds"
    }
}
