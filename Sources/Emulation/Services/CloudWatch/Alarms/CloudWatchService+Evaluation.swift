import AWSModel
import AWSTypes

// Alarms on the engine's clock.

extension CloudWatchService {
    /// Metric alarms judged in one turn; the next ones follow a second later, so that no turn is long.
    private static let sliceSize = 100

    /// Wakes at the next full minute, or ten seconds where an alarm has so short a period; never without alarms.
    func armAlarms() {
        guard alarmTimer == nil, !alarms.isEmpty else { return }
        let step: Int64 = alarms.hasHighResolution ? 10 : 60
        let next = Instant(wholeSeconds: (core.now.wholeSeconds / step + 1) * step)
        alarmTimer = core.schedule(at: next, TimerLabel(kind: "AlarmEvaluation", resourceArn: "", isInternal: true)) {
            [unowned self] in
            alarmTimer = nil
            evaluate(alarms.dueAlarms(isMinute: next.wholeSeconds % 60 == 0)[...], at: next)
            armAlarms()
        }
    }

    private func evaluate(_ due: ArraySlice<Alarm>, at time: Instant) {
        for alarm in due.prefix(Self.sliceSize) { evaluate(alarm, at: time) }
        let rest = due.dropFirst(Self.sliceSize)
        guard !rest.isEmpty else { return }
        core.schedule(
            at: core.now + .seconds(1), TimerLabel(kind: "AlarmEvaluation", resourceArn: "", isInternal: true)
        ) { [unowned self] in evaluate(rest, at: time) }
    }

    /// Judges a metric alarm by the full periods that ended at `time`.
    func evaluate(_ alarm: Alarm, at time: Instant) {
        guard alarms.find(alarm.name, in: alarm.scope) === alarm, case .metric(let put) = alarm.definition,
            let judged = judge(alarm, put, at: time)
        else { return }
        let new: String
        switch judged.reason.evaluation.verdict {
        case .keep: return
        case .alarm: new = "ALARM"
        case .ok: new = "OK"
        case .insufficientData: new = "INSUFFICIENT_DATA"
        }
        guard new != alarm.state.value else { return }
        let reason = judged.reason.text(from: alarm.state.value, to: new)
        change(alarm, to: new, reason: reason, data: judged.data(), cause: lastPut(for: alarm))
    }

    /// The call that put the newest value of those that an alarm watches; what a service measures by itself has none.
    private func lastPut(for alarm: Alarm) -> Cause? {
        let watched = (alarm.plan?.queries ?? []).flatMap { query -> [StoredMetric] in
            guard case .stat(let stat) = query.source else { return [] }
            return metrics.find(stat.series, unit: stat.unit)
        }
        return watched.filter { $0.lastPut != nil }.max { $0.lastRecorded < $1.lastRecorded }?.lastPut
    }

    /// What an alarm's points come to now; nil where it cannot be told, as for alarms on a band.
    func judge(
        _ alarm: Alarm, _ put: CloudWatch.PutMetricAlarmInput, at time: Instant
    ) -> (reason: AlarmReason, data: () -> String)? {
        guard let plan = alarm.plan, let comparison = AlarmComparison(put.comparisonOperator ?? ""),
            let threshold = put.threshold, let query = plan.queries.first(where: \.isReturned)
        else { return nil }
        let period = plan.period(of: query)
        let periods = put.evaluationPeriods ?? 1
        let count = AlarmEvaluation.range(periods: periods)
        let end = time.wholeSeconds - time.wholeSeconds % (period < 60 ? 10 : 60)
        let start = end - Int64(count) * period
        var evaluator = MathEvaluator(
            plan, store: metrics, scope: alarm.scope, from: Instant(wholeSeconds: start),
            to: Instant(wholeSeconds: end), now: time)
        // AWS: an expression that fails has no data points.
        let value = try? evaluator.value(of: query.id)
        let line = value?.lines?.first ?? MathSeries(period: period)
        var isCertain = Array(repeating: true, count: count)
        if put.evaluateLowSampleCountPercentile == "ignore" { markUncertain(&isCertain, query, start, end) }
        var points = [(time: Int64, value: Double)?](repeating: nil, count: count)
        for (time, value) in zip(line.times, line.values) {
            let index = Int((time - start) / period)
            if points.indices.contains(index), isCertain[index] { points[index] = (time, value) }
        }
        let missing = missingData(put)
        let evaluation = AlarmEvaluation(
            points.map { $0.map { comparison.isBreaching($0.value, threshold) } }, periods: periods,
            datapoints: put.datapointsToAlarm ?? periods, missing: missing)
        let judged = evaluation.judged.reversed().compactMap { points[$0] }
        let reason = AlarmReason(
            evaluation: evaluation, points: judged, comparison: comparison, threshold: threshold, periods: periods,
            datapoints: put.datapointsToAlarm, missing: missing)
        let written = {
            let evaluated = self.evaluated(points, evaluation, query, periods: periods, period: period, from: start)
            return self.reasonData(
                put, judged, evaluated, period: period, threshold: threshold, start: judged.last?.time, at: time)
        }
        return (reason, written)
    }

    /// AWS: where points are missing the newest periods are listed, with a time alone for each that has none.
    private func evaluated(
        _ points: [(time: Int64, value: Double)?], _ evaluation: AlarmEvaluation, _ query: MetricQueryPlan.Query,
        periods: Int, period: Int64, from start: Int64
    ) -> [DocumentValue] {
        let listed = evaluation.filled == 0 ? evaluation.judged : Array(points.indices.suffix(periods))
        let samples = sampleCounts(query, start, start + Int64(points.count) * period)
        return listed.reversed().map { index in
            let time = points[index]?.time ?? start + Int64(index) * period
            var part: DocumentObject = ["timestamp": .string(Instant(wholeSeconds: time).alarmText)]
            if let point = points[index] {
                if let count = samples[time] { part["sampleCount"] = .number(count) }
                part["value"] = .number(point.value)
            }
            return .object(part)
        }
    }

    /// Samples by the time of their period, where a metric is judged by itself.
    private func sampleCounts(_ query: MetricQueryPlan.Query, _ start: Int64, _ end: Int64) -> [Int64: Double] {
        guard case .stat(let stat) = query.source else { return [:] }
        let range = MetricRange(
            from: Instant(wholeSeconds: start), to: Instant(wholeSeconds: end), period: stat.period, now: core.now)
        let counts = metrics.values(
            .sampleCount, of: stat.series, unit: stat.unit, in: range, period: stat.period)
        return Dictionary(counts.map { ($0.time, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// AWS: alarms on DynamoDB's metrics always ignore what is missing.
    private func missingData(_ put: CloudWatch.PutMetricAlarmInput) -> AlarmEvaluation.MissingData {
        if put.namespace == "AWS/DynamoDB" { return .ignore }
        return put.treatMissingData.flatMap(AlarmEvaluation.MissingData.init) ?? .missing
    }

    /// AWS: a percentile p says something from 10 / (1 - p) samples on, and from 10 / p where p is below one half.
    private func markUncertain(
        _ isCertain: inout [Bool], _ query: MetricQueryPlan.Query, _ start: Int64, _ end: Int64
    ) {
        guard case .stat(let stat) = query.source, case .percentile(let percent) = stat.statistic else { return }
        let share = percent >= 50 ? 1 - percent / 100 : percent / 100
        let needed = share > 0 ? 10 / share : 1
        let range = MetricRange(
            from: Instant(wholeSeconds: start), to: Instant(wholeSeconds: end), period: stat.period, now: core.now)
        for (time, samples) in metrics.values(
            .sampleCount, of: stat.series, unit: stat.unit, in: range, period: stat.period)
        where samples < needed {
            let index = Int((time - start) / stat.period)
            if isCertain.indices.contains(index) { isCertain[index] = false }
        }
    }

    private func reasonData(
        _ put: CloudWatch.PutMetricAlarmInput, _ points: [(time: Int64, value: Double)], _ evaluated: [DocumentValue],
        period: Int64, threshold: Double, start: Int64?, at time: Instant
    ) -> String {
        var data: DocumentObject = ["version": "1.0", "queryDate": .string(time.alarmText)]
        if let start { data["startDate"] = .string(Instant(wholeSeconds: start).alarmText) }
        if let statistic = put.statistic ?? put.extendedStatistic { data["statistic"] = .string(statistic) }
        if let unit = put.unit { data["unit"] = .string(unit) }
        data["period"] = .integer(period)
        data["recentDatapoints"] = .list(points.reversed().map { .number($0.value) })
        data["threshold"] = .number(threshold)
        if !evaluated.isEmpty { data["evaluatedDatapoints"] = .list(evaluated) }
        return JSONWriter.string(.object(data))
    }

    // MARK: States

    /// Puts an alarm into a state: history, actions where the value changed, and whoever depends on it.
    func change(_ alarm: Alarm, to value: String, reason: String, data: String?, cause: Cause?) {
        let old = alarm.state
        let isTransition = old.value != value
        alarm.state = Alarm.State(
            value: value, reason: reason, reasonData: data, updated: core.now,
            transitioned: isTransition ? core.now : old.transitioned)
        let cause = core.record(
            .alarm, service: "cloudwatch", action: value, resource: alarm.arn, cause: cause, detail: reason)
        record(alarm, "StateUpdate", "Alarm updated from \(old.value) to \(value)", stateChange(old, alarm.state))
        if isTransition {
            act(on: alarm, old, cause)
            core.emit(
                ServiceEvent(
                    source: "aws.cloudwatch", detailType: "CloudWatch Alarm State Change", resources: [alarm.arn],
                    detail: eventDetail(alarm, old), scope: alarm.scope), cause: cause)
            reconsiderComposites(in: alarm.scope, because: alarm, cause)
        }
        alarms.save(alarm, in: core.journal)
        core.changes.mark(Self.alarmTopic)
        core.changes.mark(alarm.arn)
    }

    private func stateChange(_ old: Alarm.State, _ new: Alarm.State) -> DocumentObject {
        func part(_ state: Alarm.State) -> DocumentValue {
            var part: DocumentObject = ["stateValue": .string(state.value), "stateReason": .string(state.reason)]
            if let data = state.reasonData.flatMap({ try? JSONReader.parse($0) }) { part["stateReasonData"] = data }
            return .object(part)
        }
        return ["version": "1.0", "oldState": part(old), "newState": part(new)]
    }

    func record(_ alarm: Alarm, _ type: String, _ summary: String, _ data: DocumentObject) {
        alarms.record(
            AlarmHistory(
                id: 0, scope: alarm.scope, alarmName: alarm.name, alarmType: alarm.type, time: core.now, type: type,
                summary: summary, data: JSONWriter.string(.object(data))), in: core.journal)
    }
}
