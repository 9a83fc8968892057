/// A statistic as clients name it: `Average`, `p99.9`, `tm90`, `TM(10%:90%)`, `PR(:300)`, `IQM`.
enum MetricStatistic: Hashable {
    enum Bound: Hashable {
        /// A share of the samples, 0 to 100.
        case percent(Double)
        case value(Double)
    }

    /// The samples that count: more than the lower bound, up to the upper one.
    struct Range: Hashable {
        var lower: Bound?
        var upper: Bound?
    }

    case sampleCount, sum, average, minimum, maximum
    case percentile(Double)
    case trimmedMean(Range), winsorizedMean(Range), trimmedCount(Range), trimmedSum(Range)
    case percentileRank(Range)

    /// Nil where there is no such statistic.
    init?(_ name: String) {
        switch name {
        case "SampleCount": self = .sampleCount
        case "Sum": self = .sum
        case "Average": self = .average
        case "Minimum": self = .minimum
        case "Maximum": self = .maximum
        case "IQM": self = .trimmedMean(Range(lower: .percent(25), upper: .percent(75)))
        default:
            guard let statistic = Self.percentile(name) ?? Self.shorthand(name) ?? Self.ranged(name) else { return nil }
            self = statistic
        }
    }

    private static func percentile(_ name: String) -> MetricStatistic? {
        guard name.first == "p", let percent = percentage(name.dropFirst()) else { return nil }
        return .percentile(percent)
    }

    /// `tm90` is `TM(:90%)`.
    private static func shorthand(_ name: String) -> MetricStatistic? {
        guard let percent = percentage(name.dropFirst(2)) else { return nil }
        return over(String(name.prefix(2)), Range(lower: nil, upper: .percent(percent)))
    }

    private static func ranged(_ name: String) -> MetricStatistic? {
        guard name.hasSuffix(")"), name.dropFirst(2).first == "(" else { return nil }
        let kind = String(name.prefix(2))
        let bounds = name.dropFirst(3).dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard kind == kind.uppercased(), bounds.count == 2, !(bounds[0].isEmpty && bounds[1].isEmpty) else {
            return nil
        }
        guard let lower = bound(bounds[0]), let upper = bound(bounds[1]) else { return nil }
        let range = Range(lower: lower.bound, upper: upper.bound)
        switch (range.lower, range.upper) {
        case (.percent, .value), (.value, .percent): return nil
        default: break
        }
        if kind == "PR" {
            if case .percent = range.lower ?? range.upper { return nil }
            return .percentileRank(range)
        }
        return over(kind.lowercased(), range)
    }

    private static func over(_ kind: String, _ range: Range) -> MetricStatistic? {
        switch kind {
        case "tm": .trimmedMean(range)
        case "wm": .winsorizedMean(range)
        case "tc": .trimmedCount(range)
        case "ts": .trimmedSum(range)
        default: nil
        }
    }

    private static func bound(_ text: Substring) -> (bound: Bound?, Void)? {
        if text.isEmpty { return (nil, ()) }
        if text.hasSuffix("%") { return percentage(text.dropLast()).map { (.percent($0), ()) } }
        return Double(text).map { (.value($0), ()) }
    }

    /// AWS: 0 to 100 with up to ten decimals.
    private static func percentage(_ text: Substring) -> Double? {
        guard let first = text.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }),
            let value = Double(text), value <= 100
        else { return nil }
        return value
    }

    /// True for the five that `Statistics` takes; the others are extended statistics.
    var isBasic: Bool {
        switch self {
        case .sampleCount, .sum, .average, .minimum, .maximum: true
        default: false
        }
    }

    /// Nil where the bucket cannot tell: statistic sets and negative values have no percentiles.
    func value(of bucket: MetricBucket) -> Double? {
        guard bucket.sampleCount > 0 else { return nil }
        switch self {
        case .sampleCount: return bucket.sampleCount
        case .sum: return bucket.sum
        case .average: return bucket.sum / bucket.sampleCount
        case .minimum: return bucket.minimum
        case .maximum: return bucket.maximum
        default: break
        }
        guard let samples = bucket.distribution else { return nil }
        switch self {
        case .percentile(let percent): return Self.value(at: percent, in: samples, of: bucket)
        case .trimmedMean(let range):
            let (weight, sum) = Self.trimmed(samples, range, bucket)
            return weight > 0 ? sum / weight : nil
        case .trimmedCount(let range): return Self.trimmed(samples, range, bucket).weight
        case .trimmedSum(let range): return Self.trimmed(samples, range, bucket).sum
        case .percentileRank(let range): return Self.trimmed(samples, range, bucket).weight / bucket.sampleCount * 100
        case .winsorizedMean(let range): return Self.winsorized(samples, range, bucket)
        default: return nil
        }
    }

    private typealias Samples = [(value: Double, count: Double)]

    /// The smallest value that `percent` of the samples do not exceed; never outside what was recorded.
    private static func value(at percent: Double, in samples: Samples, of bucket: MetricBucket) -> Double {
        if percent >= 100 { return bucket.maximum }
        let rank = percent / 100 * bucket.sampleCount
        var seen = 0.0
        for (value, count) in samples {
            seen += count
            if seen + 1e-9 >= rank { return min(max(value, bucket.minimum), bucket.maximum) }
        }
        return bucket.maximum
    }

    /// Samples inside the range; one on a percentage bound counts in part.
    private static func trimmed(_ samples: Samples, _ range: Range, _ bucket: MetricBucket) -> (
        weight: Double, sum: Double
    ) {
        var result = (weight: 0.0, sum: 0.0)
        var lowRank = 0.0
        var highRank = bucket.sampleCount
        var above = -Double.infinity
        var upTo = Double.infinity
        switch range.lower {
        case .percent(let percent): lowRank = percent / 100 * bucket.sampleCount
        case .value(let value): above = value
        case nil: break
        }
        switch range.upper {
        case .percent(let percent): highRank = percent / 100 * bucket.sampleCount
        case .value(let value): upTo = value
        case nil: break
        }
        var seen = 0.0
        for (value, count) in samples {
            let inside = max(0, min(seen + count, highRank) - max(seen, lowRank))
            seen += count
            guard inside > 0, value > above, value <= upTo else { continue }
            result.weight += inside
            result.sum += value * inside
        }
        return result
    }

    /// The mean with samples outside the range moved to its bounds.
    private static func winsorized(_ samples: Samples, _ range: Range, _ bucket: MetricBucket) -> Double? {
        func limit(_ bound: Bound?, or none: Double) -> Double {
            switch bound {
            case .percent(let percent): value(at: percent, in: samples, of: bucket)
            case .value(let value): value
            case nil: none
            }
        }
        let low = limit(range.lower, or: -.infinity)
        let high = limit(range.upper, or: .infinity)
        guard low <= high else { return nil }
        let sum = samples.reduce(0) { $0 + min(max($1.value, low), high) * $1.count }
        return sum / bucket.sampleCount
    }
}
