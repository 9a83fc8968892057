import AWSModel

/// Times and durations as the screens write them. Milliseconds since 1970, UTC.
enum ElapsedTime {
    /// `12 ms`, `1.3 s`, `4 min 05 s`, `2 h 10 min`, `3 d 4 h`.
    static func text(milliseconds: Int64) -> String {
        let value = max(0, milliseconds)
        if value < 1000 { return "\(value) ms" }
        if value < 60_000 {
            let tenths = value / 100
            return tenths % 10 == 0 && value >= 10_000 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        let seconds = value / 1000
        if seconds < 3600 { return "\(seconds / 60) min \(two(seconds % 60)) s" }
        if seconds < 86_400 { return "\(seconds / 3600) h \(two(seconds / 60 % 60)) min" }
        return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    }

    static func text(seconds: Double) -> String {
        seconds == seconds.rounded() && seconds < 60
            ? "\(Int(seconds)) s" : text(milliseconds: Int64(min(seconds, 1e12) * 1000))
    }

    /// Short, for a table: `8 s`, `4 min`, `3 h`, `12 d`.
    static func age(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        if seconds < 100 { return "\(seconds) s" }
        if seconds < 100 * 60 { return "\(seconds / 60) min" }
        return seconds < 48 * 3600 ? "\(seconds / 3600) h" : "\(seconds / 86_400) d"
    }

    /// A setting in seconds, exactly: `30 s`, `5 min`, `1 min 30 s`, `4 d`.
    static func span(seconds: Int) -> String {
        var rest = seconds
        var parts: [String] = []
        for (unit, size) in [("d", 86_400), ("h", 3600), ("min", 60)] where rest >= size {
            parts.append("\(rest / size) \(unit)")
            rest %= size
        }
        if rest > 0 || parts.isEmpty { parts.append("\(rest) s") }
        return parts.joined(separator: " ")
    }

    /// A countdown: seconds up to ten minutes, then coarser. Rounded up, so that it never says 0 before it is.
    static func countdown(milliseconds: Int64) -> String {
        let seconds = max(0, (milliseconds + 999) / 1000)
        if seconds < 600 { return "\(seconds) s" }
        return seconds < 86_400 ? span(seconds: Int(seconds / 60 * 60)) : age(milliseconds: milliseconds)
    }

    /// `+1.250`, `+2:03.500`: since the execution started.
    static func offset(_ milliseconds: Int64) -> String {
        let value = max(0, milliseconds)
        let fraction = "\(value / 1000 % 60).\(three(value % 1000))"
        if value < 60_000 { return "+\(fraction)" }
        let padded = value / 1000 % 60 < 10 ? "0" + fraction : fraction
        if value < 3_600_000 { return "+\(value / 60_000):\(padded)" }
        return "+\(value / 3_600_000):\(two(value / 60_000 % 60)):\(padded)"
    }

    /// `14:02:11`
    static func clock(_ instant: Instant) -> String {
        let date = CalendarDate(instant)
        return "\(two(Int64(date.hour))):\(two(Int64(date.minute))):\(two(Int64(date.second)))"
    }

    /// `14:02:11.250`
    static func preciseClock(_ instant: Instant) -> String {
        "\(clock(instant)).\(three(Int64(CalendarDate(instant).microsecond / 1000)))"
    }

    /// `2026-11-23 14:02:11`
    static func date(_ instant: Instant) -> String {
        let date = CalendarDate(instant)
        return "\(date.year)-\(two(Int64(date.month)))-\(two(Int64(date.day))) \(clock(instant))"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func three(_ number: Int64) -> String {
        number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)"
    }
}
