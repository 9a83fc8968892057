/// Round numbers and times for the axes of a chart.
public enum AxisTicks {
    /// At most about `count` round values that cover `low` to `high`, from steps of 1, 2 or 5 times a power of ten.
    public static func values(from low: Double, to high: Double, count: Int) -> [Double] {
        guard high > low, count > 0 else { return [low] }
        let rough = (high - low) / Double(count)
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
        var value = (low / step).rounded(.down) * step
        var ticks: [Double] = []
        while value < high + step * 0.999 {
            ticks.append(abs(value) < step / 1e6 ? 0 : value)
            value += step
        }
        return ticks
    }

    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800, 1_209_600, 2_592_000,
    ].map { $0 * 1_000 }

    /// Milliseconds at round times, at most about `count` of them.
    public static func times(from low: Int64, to high: Int64, count: Int) -> [Int64] {
        guard high > low, count > 0 else { return [low] }
        let rough = (high - low) / Int64(count)
        let step = steps.first { $0 >= rough } ?? max(1, rough)
        var time = (low + step - 1) / step * step
        var ticks: [Int64] = []
        while time <= high {
            ticks.append(time)
            time += step
        }
        return ticks
    }

    /// `12:04`, `12:04:30` for short ranges, `11-23` for long ones; UTC.
    public static func label(_ time: Int64, span: Int64) -> String {
        let seconds = time / 1000
        let day = seconds % 86_400
        let clock = "\(pad(day / 3600)):\(pad(day / 60 % 60))"
        if span > 3 * 86_400_000 {
            let date = civil(seconds / 86_400)
            return "\(pad(Int64(date.month)))-\(pad(Int64(date.day)))"
        }
        return span < 10 * 60_000 ? "\(clock):\(pad(day % 60))" : clock
    }

    private static func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Days since 1970 to a date of the Gregorian calendar (Howard Hinnant's algorithm).
    static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), Int(month), Int(dayOfYear - (153 * part + 2) / 5 + 1))
    }

    /// A number as short as an axis wants it: `1.5k`, `20M`, `0.25`.
    public static func short(_ value: Double) -> String {
        let size = abs(value)
        for (limit, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where size >= limit {
            return decimal(value / limit, places: size / limit >= 100 ? 0 : 1) + suffix
        }
        return decimal(
            value, places: size >= 100 || value == value.rounded() ? 0 : size >= 1 ? 1 : size >= 0.01 ? 2 : 4)
    }

    /// Fixed decimals without trailing zeros.
    static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let rounded = (abs(value) * scale).rounded()
        guard rounded < 9e15 else { return String(value) }
        let whole = Int64(rounded) / Int64(scale)
        var fraction = String(Int64(rounded) % Int64(scale))
        fraction = String(repeating: "0", count: max(0, places - fraction.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = value < 0 && rounded > 0 ? "-" : ""
        return places == 0 || fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
    }
}
