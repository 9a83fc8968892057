import AWSModel
import AWSTypes

/// When a mute rule mutes: at the times of its schedule, each for its duration.
struct MuteWindow {
    private let schedule: ScheduleExpression
    private let duration: Duration
    let isOnce: Bool
    private let start: Instant?
    private let expiry: Instant?

    init(_ input: CloudWatch.PutAlarmMuteRuleInput) throws(ServiceError) {
        let schedule = input.rule.schedule
        guard let duration = Self.duration(schedule.duration), duration >= .seconds(60),
            duration <= .seconds(15 * 86_400)
        else {
            throw .metricValidation(
                "The value \(schedule.duration) for parameter Duration must be an ISO 8601 duration from PT1M to P15D.")
        }
        self.duration = duration
        let text = try Self.withSixFields(schedule.expression)
        do {
            self.schedule = try ScheduleExpression(text, timezone: schedule.timezone)
        } catch {
            throw .metricValidation("The value \(schedule.expression) for parameter Expression is not valid.")
        }
        isOnce = self.schedule.isOnce
        start = input.startDate
        expiry = input.expireDate
    }

    /// AWS: cron here has the five fields of Unix, and `at` no seconds.
    private static func withSixFields(_ text: String) throws(ServiceError) -> String {
        let invalid = ServiceError.metricValidation("The value \(text) for parameter Expression is not valid.")
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { throw invalid }
        let inner = text[text.index(after: open)...].dropLast()
        switch text[..<open] {
        case "at": return inner.utf8.count == 16 ? "at(\(inner):00)" : text
        case "cron":
            let fields = inner.split(separator: " ").map(String.init)
            guard fields.count == 5 else { throw invalid }
            let (day, week) = (fields[2], fields[4])
            if week == "*" { return "cron(\(fields[0]) \(fields[1]) \(day) \(fields[3]) ? *)" }
            guard day == "*" else {
                throw .notImplemented(
                    service: CloudWatch.id, operation: "mute rules with a day of the month and one of the week")
            }
            // Sunday is 0 there and 1 here.
            let days = week.split(separator: ",").map { part in
                part.split(separator: "-").map { Int($0).map { String($0 % 7 + 1) } ?? String($0) }
                    .joined(separator: "-")
            }.joined(separator: ",")
            return "cron(\(fields[0]) \(fields[1]) ? \(fields[3]) \(days) *)"
        default: throw invalid
        }
    }

    /// `P2DT12H`.
    private static func duration(_ text: String) -> Duration? {
        guard text.first == "P" else { return nil }
        var seconds = 0
        var number = ""
        var isTime = false
        for character in text.dropFirst() {
            if character.isNumber {
                number.append(character)
                continue
            }
            if character == "T" {
                guard number.isEmpty else { return nil }
                isTime = true
                continue
            }
            let sizes: [Character: Int] = isTime ? ["H": 3600, "M": 60, "S": 1] : ["W": 604_800, "D": 86_400]
            guard let size = sizes[character], let count = Int(number), count < 100_000 else { return nil }
            seconds += count * size
            number = ""
        }
        return number.isEmpty && seconds > 0 ? .seconds(seconds) : nil
    }

    /// The end of the window that `time` is in; nil outside of one.
    func end(at time: Instant) -> Instant? {
        if let start, time < start { return nil }
        if let expiry, time >= expiry { return nil }
        let earliest = time - duration
        guard let begin = schedule.next(after: earliest, origin: earliest), begin <= time else { return nil }
        let end = begin + duration
        return expiry.map { min($0, end) } ?? end
    }

    func status(at time: Instant) -> String {
        if let expiry, time >= expiry { return "EXPIRED" }
        if end(at: time) != nil { return "ACTIVE" }
        return schedule.next(after: time, origin: time) == nil ? "EXPIRED" : "SCHEDULED"
    }
}
