import AWSModel

/// The band of values that a metric is expected in: `ANOMALY_DETECTION_BAND(m1, 2)`.
///
/// AWS trains a model for each metric and does not say how. Here the expected value of a period is the mean of what the
/// metric had at the same time of the days before, and the band as many standard deviations wide on either side as the
/// function says. Where fewer than three days are known, all periods of the two weeks before serve; with fewer than
/// three of those there is no band.
struct AnomalyBand {
    private static let day: Int64 = 86_400
    /// AWS: up to two weeks of data train the model.
    static let training: Int64 = 14 * day
    static let fewestPoints = 3
    /// AWS: as many standard deviations where the function names none.
    static let width = 2.0

    /// What the metric recorded, the training included.
    let known: MathSeries
    let deviations: Double

    /// The upper and the lower bound at each of the times.
    func bounds(at times: [Int64]) -> (upper: MathSeries, lower: MathSeries) {
        var upper = known.emptied
        var lower = known.emptied
        upper.label = "upper"
        lower.label = "lower"
        let byTime = Dictionary(zip(known.times, known.values), uniquingKeysWith: { $1 })
        var window = Window(known)
        for time in times {
            let sample = (1...14).compactMap { byTime[time - Int64($0) * Self.day] }
            var expected: (mean: Double, deviation: Double)
            if sample.count >= Self.fewestPoints {
                expected = (sample.reduce(0, +) / Double(sample.count), MathFunctions.standardDeviation(sample))
            } else {
                window.move(to: time)
                guard window.count >= Self.fewestPoints else { continue }
                expected = window.expected
            }
            expected.deviation *= deviations
            upper.append(time, expected.mean + expected.deviation)
            lower.append(time, expected.mean - expected.deviation)
        }
        return (upper, lower)
    }

    /// The points of the two weeks before a time, which only grows: their sums, so that each is looked at twice in all.
    private struct Window {
        private let series: MathSeries
        private var first = 0
        private var end = 0
        private var sum = 0.0
        private var squares = 0.0

        init(_ series: MathSeries) { self.series = series }

        mutating func move(to time: Int64) {
            while end < series.count, series.times[end] < time {
                count(series.values[end], 1)
                end += 1
            }
            while first < end, series.times[first] < time - AnomalyBand.training {
                count(series.values[first], -1)
                first += 1
            }
        }

        private mutating func count(_ value: Double, _ sign: Double) {
            sum += sign * value
            squares += sign * value * value
        }

        var count: Int { end - first }

        var expected: (mean: Double, deviation: Double) {
            let mean = sum / Double(count)
            return (mean, max(0, squares / Double(count) - mean * mean).squareRoot())
        }
    }
}
