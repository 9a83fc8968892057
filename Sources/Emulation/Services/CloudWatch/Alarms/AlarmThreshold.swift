import AWSModel

/// How an alarm compares its points.
enum AlarmComparison: String, CaseIterable {
    case greaterOrEqual = "GreaterThanOrEqualToThreshold"
    case greater = "GreaterThanThreshold"
    case less = "LessThanThreshold"
    case lessOrEqual = "LessThanOrEqualToThreshold"
    case outside = "LessThanLowerOrGreaterThanUpperThreshold"
    case below = "LessThanLowerThreshold"
    case above = "GreaterThanUpperThreshold"

    /// Whether it is to a band of anomaly detection, not to a number.
    var needsBand: Bool {
        switch self {
        case .greaterOrEqual, .greater, .less, .lessOrEqual: false
        case .outside, .below, .above: true
        }
    }

    fileprivate func isBreaching(_ value: Double, upper: Double, lower: Double) -> Bool {
        switch self {
        case .greaterOrEqual: value >= upper
        case .greater, .above: value > upper
        case .less, .below: value < lower
        case .lessOrEqual: value <= lower
        case .outside: value < lower || value > upper
        }
    }
}

/// What the points of an alarm are compared with: a number, or a band that moves with the time.
struct AlarmThreshold {
    enum Bounds {
        case number(Double)
        case band(upper: MathSeries, lower: MathSeries)
    }

    let comparison: AlarmComparison
    let bounds: Bounds

    private func limits(at time: Int64) -> (upper: Double, lower: Double)? {
        switch bounds {
        case .number(let number): return (number, number)
        case .band(let upper, let lower):
            guard let high = upper.value(at: time), let low = lower.value(at: time) else { return nil }
            return (high, low)
        }
    }

    /// Nil where no band is known at that time.
    func isBreaching(_ value: Double, at time: Int64) -> Bool? {
        limits(at: time).map { comparison.isBreaching(value, upper: $0.upper, lower: $0.lower) }
    }

    func uppers(at times: [Int64]) -> [Double] { times.compactMap { limits(at: $0)?.upper } }

    func lowers(at times: [Int64]) -> [Double] { times.compactMap { limits(at: $0)?.lower } }

    /// `greater than the threshold (5.0)`; for bands the bounds of each point.
    func text(at times: [Int64]) -> String {
        func list(_ values: [Double]) -> String {
            "[\(values.map(AlarmReason.number).joined(separator: ", "))]"
        }
        let number: String =
            if case .number(let threshold) = bounds { "the threshold (\(AlarmReason.number(threshold)))" } else { "" }
        return switch comparison {
        case .greaterOrEqual: "greater than or equal to \(number)"
        case .greater: "greater than \(number)"
        case .less: "less than \(number)"
        case .lessOrEqual: "less than or equal to \(number)"
        case .above: "greater than the upper thresholds \(list(uppers(at: times)))"
        case .below: "less than the lower thresholds \(list(lowers(at: times)))"
        case .outside:
            "less than the lower thresholds \(list(lowers(at: times))) or greater than the upper thresholds \(list(uppers(at: times)))"
        }
    }
}
