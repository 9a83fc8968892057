import AWSModel

/// Schedule expressions as far as their shape tells: what is said while one types. The service has the last word.
enum ScheduleText {
    static func problem(_ text: String, allowsAt: Bool) -> String? {
        let forms = allowsAt ? "at(…), rate(…) or cron(…)" : "rate(…) or cron(…)"
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return "It has the form \(forms)" }
        let inner = text[text.index(after: open)...].dropLast()
        switch text[..<open] {
        case "at" where allowsAt:
            return inner.utf8.count == 19 && Instant(iso8601: "\(inner)Z") != nil
                ? nil : "at(2026-12-24T18:00:00): no zone, no fraction"
        case "rate": return rateProblem(inner)
        case "cron": return cronProblem(inner)
        default: return "It has the form \(forms)"
        }
    }

    private static func rateProblem(_ inner: Substring) -> String? {
        let parts = inner.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number > 0 else {
            return "rate(5 minutes): a number and a unit"
        }
        guard ["minute", "minutes", "hour", "hours", "day", "days"].contains(parts[1]) else {
            return "The unit is minutes, hours or days"
        }
        return nil
    }

    private static func cronProblem(_ inner: Substring) -> String? {
        let fields = inner.split(separator: " ")
        guard fields.count == 6 else {
            return "cron has six fields: minute hour day month weekday year; this has \(fields.count)"
        }
        guard (fields[2] == "?") != (fields[4] == "?") else { return "One of day and weekday, and only one, must be ?" }
        return nil
    }

    /// An instant as people type it: `2026-12-24T18:00:00Z`, or with a space and without the zone, which is UTC.
    static func instant(_ text: String) -> Instant? {
        let joined = text.split(separator: " ").joined(separator: "T")
        return Instant(iso8601: joined) ?? Instant(iso8601: "\(joined)Z")
    }

    static func instantProblem(_ text: String) -> String? {
        instant(text) == nil ? "A time such as 2026-12-24 18:00:00 (UTC)" : nil
    }

    /// `2026-12-24 18:00:00`
    static func text(_ time: Instant?) -> String { time.map(ElapsedTime.date) ?? "" }
}
