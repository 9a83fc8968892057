import AWSModel
import AWSTypes

/// What the points of one line of an alarm come to.
struct AlarmJudgement {
    let line: MathSeries
    let reason: AlarmReason
    /// Of the whole evaluation range, oldest first.
    fileprivate let points: [(time: Int64, value: Double)?]
    /// Samples by the time of their period, where a metric is judged by itself.
    fileprivate let samples: [Int64: Double]
    fileprivate let start: Int64
    fileprivate let queried: Instant

    var verdict: AlarmEvaluation.Verdict { reason.evaluation.verdict }

    /// AWS: an alarm on many lines is as bad as the worst of them.
    fileprivate var rank: Int {
        switch verdict {
        case .alarm: 0
        case .keep: 1
        case .ok: 2
        case .insufficientData: 3
        }
    }
}

extension CloudWatchService {
    /// What an alarm's points come to now: for several lines, the worst of them. Nil where its queries cannot be read.
    func judge(_ alarm: Alarm, _ put: CloudWatch.PutMetricAlarmInput, at time: Instant) -> AlarmJudgement? {
        judgements(of: alarm, put, at: time).min { $0.rank < $1.rank }
    }

    /// One for each line that the alarm watches; one without points where there is none.
    func judgements(
        of alarm: Alarm, _ put: CloudWatch.PutMetricAlarmInput, at time: Instant
    ) -> [AlarmJudgement] {
        guard let plan = alarm.plan, let comparison = AlarmComparison(rawValue: put.comparisonOperator ?? ""),
            let query = put.watched(in: plan)
        else { return [] }
        let period = plan.period(of: query)
        let count = AlarmEvaluation.range(periods: put.evaluationPeriods ?? 1)
        let end = time.wholeSeconds - time.wholeSeconds % (period < 60 ? 10 : 60)
        let start = end - Int64(count) * period
        var evaluator = MathEvaluator(
            plan, store: metrics, scope: alarm.scope, from: Instant(wholeSeconds: start),
            to: Instant(wholeSeconds: end), now: time)
        // AWS: an expression that fails has no data points.
        let value = try? evaluator.value(of: query.id)
        let bounds: AlarmThreshold.Bounds
        if let id = put.thresholdMetricId {
            let band = (try? evaluator.value(of: id))?.lines ?? []
            let none = MathSeries(period: period)
            bounds = band.count == 2 ? .band(upper: band[0], lower: band[1]) : .band(upper: none, lower: none)
        } else {
            bounds = .number(put.threshold ?? 0)
        }
        let samples = sampleCounts(query, start, end)
        let found = value?.lines ?? []
        return (found.isEmpty ? [MathSeries(period: period)] : found).map { line in
            judge(
                line, put, AlarmThreshold(comparison: comparison, bounds: bounds), count: count, period: period,
                start: start, uncertain: Self.uncertain(put, query, samples), samples: samples, at: time)
        }
    }

    private func judge(
        _ line: MathSeries, _ put: CloudWatch.PutMetricAlarmInput, _ threshold: AlarmThreshold, count: Int,
        period: Int64, start: Int64, uncertain: Set<Int64>, samples: [Int64: Double], at time: Instant
    ) -> AlarmJudgement {
        let periods = put.evaluationPeriods ?? 1
        var points = [(time: Int64, value: Double)?](repeating: nil, count: count)
        var hasUncertain = false
        for (time, value) in zip(line.times, line.values) {
            let index = Int((time - start) / period)
            guard points.indices.contains(index), threshold.isBreaching(value, at: time) != nil else { continue }
            if uncertain.contains(time) {
                hasUncertain = true
            } else {
                points[index] = (time, value)
            }
        }
        // AWS: while too few samples say anything, the state is kept.
        let missing = hasUncertain ? .ignore : missingData(put)
        let evaluation = AlarmEvaluation(
            points.map { point in point.flatMap { threshold.isBreaching($0.value, at: $0.time) } }, periods: periods,
            datapoints: put.datapointsToAlarm ?? periods, missing: missing)
        let reason = AlarmReason(
            evaluation: evaluation, points: evaluation.judged.reversed().compactMap { points[$0] },
            threshold: threshold, periods: periods, datapoints: put.datapointsToAlarm, missing: missing)
        return AlarmJudgement(
            line: line, reason: reason, points: points, samples: samples, start: start, queried: time)
    }

    /// AWS: alarms on DynamoDB's metrics always ignore what is missing.
    private func missingData(_ put: CloudWatch.PutMetricAlarmInput) -> AlarmEvaluation.MissingData {
        if put.namespace == "AWS/DynamoDB" { return .ignore }
        return put.treatMissingData.flatMap(AlarmEvaluation.MissingData.init) ?? .missing
    }

    private func sampleCounts(_ query: MetricQueryPlan.Query, _ start: Int64, _ end: Int64) -> [Int64: Double] {
        guard case .stat(let stat) = query.source else { return [:] }
        let range = MetricRange(
            from: Instant(wholeSeconds: start), to: Instant(wholeSeconds: end), period: stat.period, now: core.now)
        let counts = metrics.values(
            .sampleCount, of: stat.series, unit: stat.unit, in: range, period: stat.period)
        return Dictionary(counts.map { ($0.time, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// Times of percentiles of too few samples. AWS: a percentile p says something from 10 / (1 - p) samples on, and from
    /// 10 / p where p is below one half.
    private static func uncertain(
        _ put: CloudWatch.PutMetricAlarmInput, _ query: MetricQueryPlan.Query, _ samples: [Int64: Double]
    ) -> Set<Int64> {
        guard put.evaluateLowSampleCountPercentile == "ignore", case .stat(let stat) = query.source,
            case .percentile(let percent) = stat.statistic
        else { return [] }
        let share = percent >= 50 ? 1 - percent / 100 : percent / 100
        let needed = share > 0 ? 10 / share : 1
        // One sample less is less, a rounding error is not.
        return Set(samples.filter { $0.value < needed - 1e-6 }.keys)
    }

    // MARK: StateReasonData

    func reasonData(of judgement: AlarmJudgement, _ put: CloudWatch.PutMetricAlarmInput) -> String {
        let points = judgement.reason.points
        var data: DocumentObject = ["version": "1.0", "queryDate": .string(judgement.queried.alarmText)]
        if let start = points.last?.time {
            data["startDate"] = .string(Instant(wholeSeconds: start).alarmText)
        }
        if let statistic = put.statistic ?? put.extendedStatistic { data["statistic"] = .string(statistic) }
        if let unit = put.unit { data["unit"] = .string(unit) }
        data["period"] = .integer(judgement.line.period)
        let oldestFirst = Array(points.reversed())
        data["recentDatapoints"] = .list(oldestFirst.map { .number($0.value) })
        let threshold = judgement.reason.threshold
        switch threshold.bounds {
        case .number(let number): data["threshold"] = .number(number)
        case .band:
            let times = oldestFirst.map(\.time)
            data["recentLowerThresholds"] = .list(threshold.lowers(at: times).map { .number($0) })
            data["recentUpperThresholds"] = .list(threshold.uppers(at: times).map { .number($0) })
        }
        let evaluated = evaluated(judgement)
        if !evaluated.isEmpty { data["evaluatedDatapoints"] = .list(evaluated) }
        return JSONWriter.string(.object(data))
    }

    /// AWS: where points are missing the newest periods are listed, with a time alone for each that has none.
    private func evaluated(_ judgement: AlarmJudgement) -> [DocumentValue] {
        let (points, evaluation) = (judgement.points, judgement.reason.evaluation)
        let listed =
            evaluation.filled == 0 ? evaluation.judged : Array(points.indices.suffix(judgement.reason.periods))
        return listed.reversed().map { index in
            let time = points[index]?.time ?? judgement.start + Int64(index) * judgement.line.period
            var part: DocumentObject = ["timestamp": .string(Instant(wholeSeconds: time).alarmText)]
            if let point = points[index] {
                if let count = judgement.samples[time] { part["sampleCount"] = .number(count) }
                part["value"] = .number(point.value)
            }
            return .object(part)
        }
    }
}

extension CloudWatch.PutMetricAlarmInput {
    /// The query whose lines are compared: with a band, the one that is returned beside it.
    func watched(in plan: MetricQueryPlan) -> MetricQueryPlan.Query? {
        plan.queries.first { $0.isReturned && $0.id != thresholdMetricId }
    }
}
