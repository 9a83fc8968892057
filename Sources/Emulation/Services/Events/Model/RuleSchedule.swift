import AWSModel

/// A rule's schedule: `rate(5 minutes)` or `cron(…)` in UTC.
enum RuleSchedule: Sendable, Hashable {
    case rate(Duration)
    case cron(CronExpression)

    /// Nil where the text is no schedule expression.
    init?(_ text: String) {
        if text.hasPrefix("rate("), text.hasSuffix(")") {
            guard let duration = Self.rate(text.dropFirst(5).dropLast()) else { return nil }
            self = .rate(duration)
        } else if text.hasPrefix("cron("), text.hasSuffix(")") {
            guard let expression = CronExpression(fields: text.dropFirst(5).dropLast()) else { return nil }
            self = .cron(expression)
        } else {
            return nil
        }
    }

    /// AWS: the singular for 1, the plural for all else.
    static func rate(_ text: some StringProtocol, allowsAnyNumber: Bool = false) -> Duration? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number > 0, parts[0].utf8.first != UInt8(ascii: "+")
        else { return nil }
        let units = ["minute": 60, "hour": 3600, "day": 86_400]
        let word = String(parts[1])
        let isPlural = word.hasSuffix("s")
        guard let seconds = units[isPlural ? String(word.dropLast()) : word] else { return nil }
        guard allowsAnyNumber || (number == 1) != isPlural else { return nil }
        return .seconds(number * seconds)
    }

    func next(after time: Instant) -> Instant? {
        switch self {
        case .rate(let interval): time + interval
        case .cron(let expression): expression.next(after: CalendarDate(time))?.instant
        }
    }
}
