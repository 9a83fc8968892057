/// The civil (proleptic Gregorian, UTC) reading of an ``Instant``, and AWS's text forms of it.
///
/// Day arithmetic follows Howard Hinnant's "chrono-compatible low-level date algorithms".
public struct CalendarDate: Sendable, Hashable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    public var microsecond: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0)
    {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    public init(_ instant: Instant) {
        var days = instant.microseconds / 86_400_000_000
        var rest = instant.microseconds % 86_400_000_000
        if rest < 0 {
            rest += 86_400_000_000
            days -= 1
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        hour = Int(rest / 3_600_000_000)
        minute = Int(rest / 60_000_000 % 60)
        second = Int(rest / 1_000_000 % 60)
        microsecond = Int(rest % 1_000_000)
    }

    /// Days since 1970-01-01.
    public var daysSinceEpoch: Int64 {
        let y = Int64(month <= 2 ? year - 1 : year)
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    public var instant: Instant {
        let seconds = daysSinceEpoch * 86_400 + Int64(hour) * 3600 + Int64(minute) * 60 + Int64(second)
        return Instant(microseconds: seconds * 1_000_000 + Int64(microsecond))
    }

    /// 0 is Sunday.
    public var weekday: Int { Int(((daysSinceEpoch + 4) % 7 + 7) % 7) }
}

extension Instant {
    /// `2024-01-31T10:00:00Z`, with `.sss` when `milliseconds` is true.
    public func iso8601(milliseconds: Bool = true) -> String {
        let date = CalendarDate(self)
        let head =
            "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))T\(padded(date.hour)):\(padded(date.minute)):\(padded(date.second))"
        return milliseconds ? "\(head).\(padded(date.microsecond / 1000, 3))Z" : "\(head)Z"
    }

    /// Reads RFC 3339 text: `2024-01-31T10:00:00[.fraction](Z|±hh:mm)`. Nil where the text is anything else.
    public init?(iso8601 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t"),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let microsecond: Int
        if scanner.skip(".") {
            guard let fraction = scanner.fraction() else { return nil }
            microsecond = fraction
        } else {
            microsecond = 0
        }
        guard let offset = scanner.offsetSeconds(), scanner.isAtEnd else { return nil }
        let date = CalendarDate(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, microsecond: microsecond)
        self = Instant(microseconds: date.instant.microseconds - Int64(offset) * 1_000_000)
    }

    /// `Wed, 21 Oct 2015 07:28:00 GMT`, as HTTP headers carry it.
    public var httpDate: String {
        let date = CalendarDate(self)
        return "\(dayNames[date.weekday]), \(padded(date.day)) \(monthNames[date.month - 1]) \(padded(date.year, 4)) "
            + "\(padded(date.hour)):\(padded(date.minute)):\(padded(date.second)) GMT"
    }

    /// Reads an HTTP date (`Wed, 21 Oct 2015 07:28:00[.sss] GMT`).
    public init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = monthNames.firstIndex(of: String(parts[2])),
            let time = Instant(iso8601: "1970-01-01T\(parts[4])Z")
        else { return nil }
        let date = CalendarDate(year: year, month: month + 1, day: day)
        self = Instant(microseconds: date.instant.microseconds + time.microseconds)
    }
}

private let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}

private struct DigitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    mutating func number(_ width: Int) -> Int? {
        guard position + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + width] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        position += width
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    /// Digits after the point, as microseconds; further digits are dropped.
    mutating func fraction() -> Int? {
        var value = 0
        var digits = 0
        while position < bytes.count, (48...57).contains(bytes[position]) {
            if digits < 6 { value = value * 10 + Int(bytes[position] - 48) }
            digits += 1
            position += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }

    mutating func offsetSeconds() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") {
            sign = 1
        } else if skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
