import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A stretch of a log.
struct LogReading: Sendable {
    /// Which events: a group's, or those of one stream, that match a pattern.
    struct Scope: Hashable, Sendable {
        var group: String
        var stream: String?
        var pattern = ""
    }

    var events: [Logs.FilteredLogEvent]
    /// There are more, later than these.
    var hasMore: Bool
    /// Milliseconds since 1970, when it was read.
    var now: Int64
    /// Changes are announced; else one has to ask again.
    var isAnnounced: Bool

    /// Events from a moment on, oldest first.
    /// - Parameters:
    ///   - from: milliseconds since 1970.
    ///   - limit: at most so many: the first ones, or with `keepsLast` the last.
    /// - Throws: `AWSError`
    static func read(
        _ scope: Scope, from: Int64, to: Int64? = nil, limit: Int, keepsLast: Bool = false, _ context: ConsoleContext
    ) async throws -> LogReading {
        var events: [Logs.FilteredLogEvent] = []
        var token: String?
        repeat {
            let output = try await context.aws.call(
                Logs.filterLogEvents,
                .init(
                    logGroupName: scope.group, logStreamNames: scope.stream.map { [$0] }, startTime: Int(max(0, from)),
                    endTime: to.map { Int($0) },
                    filterPattern: scope.pattern.isEmpty ? nil : scope.pattern, nextToken: token,
                    limit: keepsLast ? 10_000 : min(10_000, limit - events.count)))
            events += output.events ?? []
            if keepsLast, events.count > limit { events.removeFirst(events.count - limit) }
            token = output.nextToken
        } while token != nil && (keepsLast || events.count < limit) && !Task.isCancelled
        return LogReading(
            events: events, hasMore: token != nil, now: await context.now().epochMilliseconds,
            isAnnounced: context.capabilities.hasEngine)
    }

    /// The form that asks for a pattern.
    static func patternForm(_ pattern: String) -> Form {
        Form(
            "Filter pattern", submit: "Filter",
            [
                FormField(
                    "pattern", "Pattern", value: pattern,
                    hint: "error · ?ERROR ?WARN · \"two words\" -debug · { $.level = \"error\" } · %[45]\\d\\d%")
            ])
    }

    /// `14:02`, `14:02:11`, `2026-11-23 14:02`, `-15m`, `-2h`, `-1d`; nil if it is none of these. Milliseconds since 1970.
    static func time(_ text: String, now: Int64) -> Int64? {
        let text = QueueForms.trimmed(text)
        if text.hasPrefix("-"), let unit = text.last, let number = Int64(text.dropFirst().dropLast()), number >= 0,
            number < 100_000
        {
            let sizes: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
            return sizes[unit].map { now - number * $0 }
        }
        let parts = text.split(separator: " ", maxSplits: 1)
        var date = CalendarDate(Instant(epochMilliseconds: now))
        let clock: Substring
        if parts.count == 2 || text.contains("-") {
            let day = parts[0].split(separator: "-").compactMap { Int($0) }
            guard day.count == 3, (1...12).contains(day[1]), (1...31).contains(day[2]) else { return nil }
            date = CalendarDate(year: day[0], month: day[1], day: day[2])
            clock = parts.count == 2 ? parts[1] : "00:00"
        } else {
            clock = parts.first ?? ""
        }
        let pieces = clock.split(separator: ":")
        let numbers = pieces.compactMap { Int($0) }
        guard numbers.count == pieces.count, (2...3).contains(numbers.count), (0...23).contains(numbers[0]),
            numbers.dropFirst().allSatisfy({ (0...59).contains($0) })
        else {
            return nil
        }
        return CalendarDate(
            year: date.year, month: date.month, day: date.day, hour: numbers[0], minute: numbers[1],
            second: numbers.count > 2 ? numbers[2] : 0
        )
        .instant.epochMilliseconds
    }
}
