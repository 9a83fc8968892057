import AWSModel

/// The six fields of AWS's cron: minutes, hours, day of month, month, day of week, year.
struct CronExpression: Sendable, Hashable {
    private var minutes: Set<Int>
    private var hours: Set<Int>
    private var months: Set<Int>
    private var years: ClosedRange<Int>
    private var yearSet: Set<Int>?
    private var day: DayRule

    private enum DayRule: Sendable, Hashable {
        case everyDay
        case days(Set<Int>)
        /// `L`, `L-3`: so many days before the month's last.
        case last(before: Int)
        /// `15W`: the weekday nearest to that day; 0 is `LW`.
        case weekdayNear(Int)
        /// 1 is Sunday.
        case weekdays(Set<Int>)
        /// `6#3`: the third Friday.
        case nth(weekday: Int, occurrence: Int)
        /// `6L`: the last Friday.
        case lastWeekday(Int)
    }

    private static let monthNames = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    /// Nil where the text is no such expression. `fields` is what stands between the parentheses.
    init?(fields text: some StringProtocol) {
        let fields = text.split(separator: " ").map { $0.uppercased() }
        guard fields.count == 6,
            let minutes = Self.set(fields[0], 0...59), let hours = Self.set(fields[1], 0...23),
            let months = Self.set(fields[3], 1...12, names: Self.monthNames),
            let years = Self.set(fields[5], 1970...2199),
            let day = Self.dayRule(month: fields[2], week: fields[4])
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.months = months
        self.years = 1970...2199
        yearSet = fields[5] == "*" ? nil : years
        self.day = day
    }

    /// AWS: one of the two day fields must be `?`.
    private static func dayRule(month: String, week: String) -> DayRule? {
        guard (month == "?") != (week == "?") else { return nil }
        if week == "?" {
            if month == "*" { return .everyDay }
            if month == "L" { return .last(before: 0) }
            if month == "LW" { return .weekdayNear(0) }
            if month.hasPrefix("L-"), let before = Int(month.dropFirst(2)), (0...30).contains(before) {
                return .last(before: before)
            }
            if month.hasSuffix("W"), let day = Int(month.dropLast()), (1...31).contains(day) {
                return .weekdayNear(day)
            }
            return set(month, 1...31).map(DayRule.days)
        }
        if week == "*" { return .everyDay }
        if week == "L" { return .weekdays([7]) }
        if week.hasSuffix("L"), let day = number(String(week.dropLast()), names: dayNames), (1...7).contains(day) {
            return .lastWeekday(day)
        }
        if let hash = week.firstIndex(of: "#") {
            guard let day = number(String(week[..<hash]), names: dayNames), (1...7).contains(day),
                let occurrence = Int(week[week.index(after: hash)...]), (1...5).contains(occurrence)
            else { return nil }
            return .nth(weekday: day, occurrence: occurrence)
        }
        return set(week, 1...7, names: dayNames).map(DayRule.weekdays)
    }

    private static func number(_ text: String, names: [String]) -> Int? {
        if let index = names.firstIndex(of: text) { return index + 1 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func set(_ text: String, _ range: ClosedRange<Int>, names: [String] = []) -> Set<Int>? {
        var values: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = pieces.first, pieces.count <= 2 else { return nil }
            var step = 1
            if pieces.count == 2 {
                guard let given = Int(pieces[1]), given > 0 else { return nil }
                step = given
            }
            let span: ClosedRange<Int>
            if first == "*" {
                span = range
            } else {
                let ends = first.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
                guard ends.count <= 2, let low = number(ends[0], names: names), range.contains(low) else { return nil }
                if ends.count == 2 {
                    guard let high = number(ends[1], names: names), range.contains(high) else { return nil }
                    if high < low {
                        // AWS: FRI-MON goes round the end of the week.
                        values.formUnion(stride(from: low, through: range.upperBound, by: step))
                        values.formUnion(stride(from: range.lowerBound, through: high, by: step))
                        continue
                    }
                    span = low...high
                } else {
                    span = pieces.count == 2 ? low...range.upperBound : low...low
                }
            }
            values.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        return values
    }

    /// The first local time after `local` that the expression names; nil where there is none within its years.
    func next(after local: CalendarDate) -> CalendarDate? {
        let sortedHours = hours.sorted()
        let sortedMinutes = minutes.sorted()
        var date = CalendarDate(year: local.year, month: local.month, day: local.day)
        var isFirstDay = true
        // AWS's calendar ends in 2199; a day at a time, skipping months that cannot match.
        for _ in 0..<90_000 {
            guard years.contains(date.year) else { return nil }
            if let yearSet, !yearSet.contains(date.year) {
                guard let year = yearSet.filter({ $0 > date.year }).min() else { return nil }
                date = CalendarDate(year: year, month: 1, day: 1)
                isFirstDay = false
                continue
            }
            if !months.contains(date.month) {
                date =
                    date.month == 12
                    ? CalendarDate(year: date.year + 1, month: 1, day: 1)
                    : CalendarDate(year: date.year, month: date.month + 1, day: 1)
                isFirstDay = false
                continue
            }
            if matches(date) {
                for hour in sortedHours where !isFirstDay || hour >= local.hour {
                    for minute in sortedMinutes where !isFirstDay || hour > local.hour || minute > local.minute {
                        var found = date
                        found.hour = hour
                        found.minute = minute
                        return found
                    }
                }
            }
            isFirstDay = false
            date = CalendarDate(date.instant + .seconds(86_400))
        }
        return nil
    }

    private func matches(_ date: CalendarDate) -> Bool {
        let weekday = date.weekday + 1
        let length = Self.length(ofMonth: date.month, year: date.year)
        switch day {
        case .everyDay: return true
        case .days(let days): return days.contains(date.day)
        case .last(let before): return date.day == length - before
        case .weekdays(let days): return days.contains(weekday)
        case .nth(let day, let occurrence): return weekday == day && (date.day - 1) / 7 + 1 == occurrence
        case .lastWeekday(let day): return weekday == day && date.day + 7 > length
        case .weekdayNear(let wanted):
            let target = wanted == 0 ? length : min(wanted, length)
            let aim = CalendarDate(year: date.year, month: date.month, day: target)
            switch aim.weekday {
            case 6: return date.day == (target == 1 ? 3 : target - 1)
            case 0: return date.day == (target == length ? target - 2 : target + 1)
            default: return date.day == target
            }
        }
    }

    static func length(ofMonth month: Int, year: Int) -> Int {
        let next =
            month == 12
            ? CalendarDate(year: year + 1, month: 1, day: 1) : CalendarDate(year: year, month: month + 1, day: 1)
        return Int(next.daysSinceEpoch - CalendarDate(year: year, month: month, day: 1).daysSinceEpoch)
    }
}
