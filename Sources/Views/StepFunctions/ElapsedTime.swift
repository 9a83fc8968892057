import AWSModel

/// Times and durations as these screens write them. Milliseconds since 1970, UTC.
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
