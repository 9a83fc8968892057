import AWSModel
import Glibc

/// The functions of metric math on values that are already known.
enum MathFunctions {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// Functions of one value, point by point.
    static let pointwise: [String: @Sendable (Double) -> Double] = [
        "ABS": { abs($0) }, "CEIL": { $0.rounded(.up) }, "FLOOR": { $0.rounded(.down) }, "LOG": { log($0) },
        "LOG10": { log10($0) }, "EXP": { exp($0) },
    ]

    /// Functions that make one number of a line, and one line of an array.
    static let aggregates: [String: @Sendable ([Double]) -> Double] = [
        "AVG": { $0.reduce(0, +) / Double($0.count) }, "SUM": { $0.reduce(0, +) }, "MIN": { $0.min() ?? 0 },
        "MAX": { $0.max() ?? 0 }, "STDDEV": { standardDeviation($0) },
    ]

    /// Of the whole population, as CloudWatch computes it.
    static func standardDeviation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }

    /// Parts of each point's time.
    static let timeParts: [String: @Sendable (CalendarDate, Int64) -> Int64] = [
        "MINUTE": { date, _ in Int64(date.minute) }, "HOUR": { date, _ in Int64(date.hour) },
        // AWS: Monday is 1, Sunday 7.
        "DAY": { date, _ in Int64((date.weekday + 6) % 7 + 1) }, "DATE": { date, _ in Int64(date.day) },
        "MONTH": { date, _ in Int64(date.month) }, "YEAR": { date, _ in Int64(date.year) },
        "EPOCH": { _, seconds in seconds },
    ]

    static func timePart(_ series: MathSeries, _ part: (CalendarDate, Int64) -> Int64) -> MathSeries {
        var result = series
        result.values = series.times.map { Double(part(CalendarDate(Instant(wholeSeconds: $0)), $0)) }
        return result
    }

    /// What changes from one point to the next; the first has nothing before it.
    static func steps(_ series: MathSeries, _ body: (_ change: Double, _ seconds: Double) -> Double) -> MathSeries {
        var result = series.emptied
        for index in series.times.indices.dropFirst() {
            let seconds = Double(series.times[index] - series.times[index - 1])
            result.append(series.times[index], body(series.values[index] - series.values[index - 1], seconds))
        }
        return result
    }

    static func runningSum(_ series: MathSeries) -> MathSeries {
        var sum = 0.0
        var result = series
        result.values = series.values.map { value in
            sum += value
            return sum
        }
        return result
    }

    /// One line of several: at each time, of those that have a point there.
    static func merged(_ all: [MathSeries], period: Int64, _ body: ([Double]) -> Double) -> MathSeries {
        var byTime: [Int64: [Double]] = [:]
        for series in all {
            for (time, value) in zip(series.times, series.values) { byTime[time, default: []].append(value) }
        }
        var result = MathSeries(period: all.first?.period ?? period)
        for (time, values) in byTime.sorted(by: { $0.key < $1.key }) { result.append(time, body(values)) }
        return result
    }

    enum Filler {
        case constant(Double)
        case series(MathSeries)
        case repeating
        case linear
    }

    /// Fills the periods between `start` and `end` that have no point.
    static func fill(_ series: MathSeries, from start: Int64, to end: Int64, _ filler: Filler) -> MathSeries {
        var result = series.emptied
        let known = Dictionary(zip(series.times, series.values), uniquingKeysWith: { $1 })
        var last: Double?
        var next = 0
        for time in stride(from: start, to: end, by: Int(series.period)) {
            while next < series.count, series.times[next] <= time { next += 1 }
            if let value = known[time] {
                result.append(time, value)
                last = value
                continue
            }
            switch filler {
            case .constant(let value): result.append(time, value)
            case .series(let other): if let value = other.value(at: time) { result.append(time, value) }
            case .repeating: if let last { result.append(time, last) }
            case .linear:
                guard let last, next > 0, next < series.count else { continue }
                let span = Double(series.times[next] - series.times[next - 1])
                let share = Double(time - series.times[next - 1]) / span
                result.append(time, last + (series.values[next] - last) * share)
            }
        }
        return result
    }

    /// Orders lines by one figure of each; those without points come last.
    static func sorted(
        _ all: [MathSeries], by figure: ([Double]) -> Double, descending: Bool, limit: Int?
    ) -> [MathSeries] {
        let keyed = all.enumerated().map { (index: $0, key: $1.values.isEmpty ? nil : figure($1.values), series: $1) }
        let ordered = keyed.sorted { left, right in
            switch (left.key, right.key) {
            case (let a?, let b?) where a != b: descending ? a > b : a < b
            case (_?, nil): true
            case (nil, _?): false
            default: left.index < right.index
            }
        }
        return Array(ordered.map(\.series).prefix(limit ?? ordered.count))
    }
}
