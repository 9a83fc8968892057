import AWSModel

/// The sentences with which CloudWatch explains a metric alarm's state.
struct AlarmReason {
    let evaluation: AlarmEvaluation
    /// The points judged, newest first as AWS lists them.
    let points: [(time: Int64, value: Double)]
    let threshold: AlarmThreshold
    let periods: Int
    /// M, where the alarm names one.
    let datapoints: Int?
    let missing: AlarmEvaluation.MissingData

    func text(from old: String, to new: String) -> String {
        if new == "INSUFFICIENT_DATA" {
            return
                "Insufficient Data: \(evaluation.filled) datapoint\(evaluation.filled == 1 ? " was" : "s were") unknown."
        }
        let treatment = missing == .breaching ? "Breaching" : "NonBreaching"
        let treated =
            evaluation.filled == 1
            ? "1 missing datapoint was treated as [\(treatment)]"
            : "\(evaluation.filled) missing datapoints were treated as [\(treatment)]"
        let isTreated = evaluation.filled > 0 && (missing == .breaching || missing == .notBreaching)
        // AWS: a band has many thresholds.
        let crossed = threshold.comparison.needsBand ? "Thresholds Crossed" : "Threshold Crossed"
        guard !points.isEmpty else {
            let unit = periods == 1 ? "period" : "periods"
            return "\(crossed): no datapoints were received for \(periods) \(unit) and \(treated)."
        }
        let isAlarm = new == "ALARM"
        let shown = points.filter { threshold.isBreaching($0.value, at: $0.time) == isAlarm }
        let list = shown.map { "\(Self.number($0.value)) (\(Self.date($0.time)))" }.joined(separator: ", ")
        let verb = (shown.count == 1 ? "was" : "were") + (isAlarm ? "" : " not")
        let crossing = "\(verb) \(threshold.text(at: shown.map(\.time)))"
        guard let datapoints else {
            let unit = shown.count == 1 ? "datapoint" : "datapoints"
            let tail = isTreated ? " and \(treated)" : ""
            return "\(crossed): \(shown.count) \(unit) [\(list)] \(crossing)\(tail)."
        }
        let minimum = isAlarm ? datapoints : max(1, periods - datapoints + 1)
        let unit = minimum == 1 ? "datapoint" : "datapoints"
        let way = isAlarm ? "OK -> ALARM" : "ALARM -> OK"
        return
            "\(crossed): \(shown.count) out of the last \(periods) datapoints [\(list)] \(crossing) (minimum \(minimum) \(unit) for \(way) transition)."
    }

    /// As Java prints a double: `21.0`.
    static func number(_ value: Double) -> String { value == 0 ? "0.0" : "\(value)" }

    /// `05/11/20 17:10:00`.
    private static func date(_ seconds: Int64) -> String {
        let date = CalendarDate(Instant(wholeSeconds: seconds))
        return
            "\(two(date.day))/\(two(date.month))/\(two(date.year % 100)) \(two(date.hour)):\(two(date.minute)):\(two(date.second))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Instant {
    /// `2026-01-01T00:00:00.000+0000`, as alarms write times.
    var alarmText: String { String(iso8601().dropLast()) + "+0000" }
}
