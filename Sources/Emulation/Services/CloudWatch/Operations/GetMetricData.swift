import AWSModel
import AWSTypes

extension CloudWatchService {
    /// AWS: at most this many datapoints a page, and by default.
    private static let datapointLimit = 100_800

    private struct Line {
        var id: String
        var label: String
        var series: MathSeries
        var message: CloudWatch.MessageData?
    }

    func getMetricData(
        _ input: CloudWatch.GetMetricDataInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.GetMetricDataOutput {
        let plan = try Self.plan(of: input, scope: call.scope)
        let limit = input.maxDatapoints ?? Self.datapointLimit
        guard limit > 0, limit <= Self.datapointLimit else {
            throw .metricValidation(
                "The value \(limit) for parameter MaxDatapoints must be between 1 and \(Self.datapointLimit).")
        }
        let lines = try lines(of: plan, input, call)
        let position = try Self.position(input.nextToken, lines: lines.count)
        let isAscending = input.scanBy == "TimestampAscending"
        var remaining = limit
        var results: [CloudWatch.MetricDataResult] = []
        var nextToken: String?
        for (index, line) in lines.enumerated().dropFirst(position.line) {
            if remaining == 0 {
                nextToken = Self.token(line: index, offset: 0)
                break
            }
            var points = Array(zip(line.series.times, line.series.values))
            if !isAscending { points.reverse() }
            let offset = index == position.line ? position.offset : 0
            let page = points.dropFirst(offset).prefix(remaining)
            remaining -= page.count
            let isComplete = offset + page.count >= points.count
            results.append(
                CloudWatch.MetricDataResult(
                    id: line.id, label: line.label, timestamps: page.map { Instant(wholeSeconds: $0.0) },
                    values: page.map(\.1), statusCode: isComplete ? "Complete" : "PartialData",
                    messages: line.message.map { [$0] }))
            if !isComplete {
                nextToken = Self.token(line: index, offset: offset + page.count)
                break
            }
        }
        return CloudWatch.GetMetricDataOutput(metricDataResults: results, nextToken: nextToken, messages: [])
    }

    private static func plan(
        of input: CloudWatch.GetMetricDataInput, scope: Scope
    ) throws(ServiceError) -> MetricQueryPlan {
        if input.startTime == input.endTime {
            throw .metricValidation("The parameter StartTime must not equal parameter EndTime.")
        }
        guard input.startTime < input.endTime else {
            throw .metricValidation("The parameter StartTime must be less than the parameter EndTime.")
        }
        guard !input.metricDataQueries.isEmpty else {
            throw .metricValidation("The parameter MetricDataQueries is required.")
        }
        guard input.metricDataQueries.count <= 500 else {
            throw .metricValidation("The collection MetricDataQueries must not have a size greater than 500.")
        }
        let plan = try MetricQueryPlan(input.metricDataQueries, parameter: "MetricDataQueries", scope: scope)
        guard plan.queries.contains(where: \.isReturned) else {
            throw .metricValidation("At least one query in MetricDataQueries must have ReturnData set to true.")
        }
        return plan
    }

    /// What is returned, in the order of the queries. AWS: an array is one result a line, all with the id of the query.
    private func lines(
        of plan: MetricQueryPlan, _ input: CloudWatch.GetMetricDataInput, _ call: Call
    ) throws(ServiceError) -> [Line] {
        var evaluator = MathEvaluator(
            plan, store: metrics, scope: call.scope, from: input.startTime, to: input.endTime, now: call.time)
        let labels = Self.labels(of: plan)
        var lines: [Line] = []
        for query in plan.queries where query.isReturned {
            let value: MathValue
            do {
                value = try evaluator.value(of: query.id)
            } catch {
                throw .metricValidation("Error in expression '\(query.id)': \(error.message)")
            }
            switch value {
            case .scalar:
                // AWS: a number alone is no answer; TIME_SERIES makes a line of it.
                throw .metricValidation(
                    "Error in expression '\(query.id)': Should return a time series or an array of time series")
            case .series(var series):
                series.label = labels[query.id] ?? query.id
                let label = query.label.map { MetricLabel(line: series).resolved($0) } ?? series.label
                lines.append(Line(id: query.id, label: label, series: series, message: message(about: query)))
            case .array(let all):
                for series in all {
                    lines.append(Line(id: query.id, label: Self.label(query.label, of: series), series: series))
                }
            }
        }
        return lines
    }

    /// AWS: metrics without a label are named so that each can be told from the others: by the name alone, and by
    /// statistic and period where those differ.
    private static func labels(of plan: MetricQueryPlan) -> [String: String] {
        let stats = plan.queries.compactMap { query -> (id: String, stat: MetricQueryPlan.Stat)? in
            guard case .stat(let stat) = query.source, query.isReturned else { return nil }
            return (query.id, stat)
        }
        let namesStatistic = Set(stats.map(\.stat.name)).count > 1
        let namesPeriod = Set(stats.map(\.stat.period)).count > 1
        var labels: [String: String] = [:]
        for (id, stat) in stats {
            var parts = [stat.series.name]
            if namesStatistic { parts.append(stat.name) }
            if namesPeriod { parts.append(String(stat.period)) }
            labels[id] = parts.joined(separator: " ")
        }
        return labels
    }

    /// AWS: where a metric came in several units and none is asked for, one is answered and the others are told.
    private func message(about query: MetricQueryPlan.Query) -> CloudWatch.MessageData? {
        guard case .stat(let stat) = query.source, stat.unit == nil else { return nil }
        let units = metrics.units(of: stat.series)
        guard units.count > 1 else { return nil }
        return CloudWatch.MessageData(
            code: "MultipleUnits", value: "Multiple units returned: '[\(units.joined(separator: ", "))]'")
    }

    /// AWS: a plain label of many lines stands before what tells each from the others.
    private static func label(_ label: String?, of series: MathSeries) -> String {
        guard let label, !label.isEmpty else { return series.label }
        return label.contains("${") ? MetricLabel(line: series).resolved(label) : "\(label) \(series.label)"
    }

    // MARK: Pages

    private static let tokenPrefix = "metric-data"

    private static func token(line: Int, offset: Int) -> String {
        Base64.encode("\(tokenPrefix):\(line):\(offset)".utf8)
    }

    private static func position(_ token: String?, lines: Int) throws(ServiceError) -> (line: Int, offset: Int) {
        guard let token else { return (0, 0) }
        let parts = Base64.decode(token).map { String(decoding: $0, as: UTF8.self).split(separator: ":") } ?? []
        guard parts.count == 3, parts[0] == tokenPrefix, let line = Int(parts[1]), let offset = Int(parts[2]),
            (0..<lines).contains(line), offset >= 0
        else { throw ServiceError("InvalidNextToken", "The next token specified is invalid.") }
        return (line, offset)
    }
}
