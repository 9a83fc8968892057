/// What an alarm makes of its newest data points, after AWS's table of missing data.
struct AlarmEvaluation: Equatable {
    enum Verdict: Equatable {
        case alarm, ok, insufficientData
        /// The state stays what it is.
        case keep
    }

    enum MissingData: String, CaseIterable {
        case breaching, notBreaching, ignore, missing
    }

    var verdict: Verdict
    /// Points that were judged, as indices into what was given.
    var judged: [Int]
    /// How many missing points were filled up.
    var filled: Int
    var breaching: Int

    /// - Parameters:
    ///   - points: of the whole evaluation range, oldest first: true breaches, nil is missing.
    ///   - periods: N, how many points count.
    ///   - datapoints: M, how many of them must breach.
    init(_ points: [Bool?], periods: Int, datapoints: Int, missing: MissingData) {
        let real = points.indices.filter { points[$0] != nil }
        // AWS: with enough real points the newest are judged, and the treatment of missing ones is not needed.
        let judged = Array(real.suffix(periods))
        let breaching = judged.count { points[$0] == true }
        self.judged = judged
        self.breaching = breaching
        filled = max(0, periods - judged.count)
        if filled == 0 {
            verdict = breaching >= datapoints ? .alarm : .ok
            return
        }
        switch missing {
        case .breaching: verdict = breaching + filled >= datapoints ? .alarm : .ok
        case .notBreaching: verdict = breaching >= datapoints ? .alarm : .ok
        case .ignore:
            verdict = breaching >= datapoints ? .alarm : breaching < judged.count ? .ok : .keep
        case .missing:
            if judged.isEmpty {
                verdict = .insufficientData
            } else if breaching >= datapoints {
                verdict = .alarm
            } else if breaching < judged.count {
                verdict = .ok
            } else {
                // AWS: no premature alarm: the oldest breaching point must be as old as the number that is needed.
                let age = points.count - judged[0]
                verdict = age >= datapoints ? .alarm : .keep
            }
        }
    }

    /// AWS fetches more points than the alarm has periods: five for three.
    static func range(periods: Int) -> Int { periods + 2 }
}
