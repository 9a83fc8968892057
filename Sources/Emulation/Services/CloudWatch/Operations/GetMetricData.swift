import AWSModel
import AWSTypes

extension CloudWatchService {
    /// AWS: at most this many datapoints a page, and by default.
    private static let datapointLimit = 100_800

    fileprivate struct Query {
        var id: String
        var series: MetricSeries
        var statistic: MetricStatistic
        var statisticName: String
        var period: Int64
        var unit: String?
        var label: String?
    }

    func getMetricData(
        _ input: CloudWatch.GetMetricDataInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.GetMetricDataOutput {
        let queries = try Self.queries(of: input, scope: call.scope)
        let limit = input.maxDatapoints ?? Self.datapointLimit
        guard limit > 0, limit <= Self.datapointLimit else {
            throw .metricValidation(
                "The value \(limit) for parameter MaxDatapoints must be between 1 and \(Self.datapointLimit).")
        }
        let position = try Self.position(input.nextToken, queries: queries.count)
        let isAscending = input.scanBy == "TimestampAscending"
        var remaining = limit
        var results: [CloudWatch.MetricDataResult] = []
        var nextToken: String?
        for (index, query) in queries.enumerated().dropFirst(position.query) {
            if remaining == 0 {
                nextToken = Self.token(query: index, offset: 0)
                break
            }
            let range = MetricRange(from: input.startTime, to: input.endTime, period: query.period, now: call.time)
            var values = metrics.values(
                query.statistic, of: query.series, unit: query.unit, in: range, period: query.period)
            if !isAscending { values.reverse() }
            let offset = index == position.query ? position.offset : 0
            let page = values.dropFirst(offset).prefix(remaining)
            remaining -= page.count
            let isComplete = offset + page.count >= values.count
            results.append(
                CloudWatch.MetricDataResult(
                    id: query.id, label: query.resolvedLabel(values: values.map(\.value)),
                    timestamps: page.map { Instant(wholeSeconds: $0.time) }, values: page.map(\.value),
                    statusCode: isComplete ? "Complete" : "PartialData"))
            if !isComplete {
                nextToken = Self.token(query: index, offset: offset + page.count)
                break
            }
        }
        return CloudWatch.GetMetricDataOutput(metricDataResults: results, nextToken: nextToken, messages: [])
    }

    // MARK: Queries

    private static func queries(
        of input: CloudWatch.GetMetricDataInput, scope: Scope
    ) throws(ServiceError) -> [Query] {
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
        var ids: Set<String> = []
        var queries: [Query] = []
        for (index, query) in input.metricDataQueries.enumerated() {
            let name = "MetricDataQueries.member.\(index + 1)"
            guard isIdentifier(query.id) else {
                throw .metricValidation(
                    "The value \(query.id) for parameter \(name).Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
                )
            }
            guard ids.insert(query.id).inserted else {
                throw .metricValidation("The values for parameter id in MetricDataQueries are not unique.")
            }
            let read = try read(query, named: name, scope: scope)
            if query.returnData ?? true { queries.append(read) }
        }
        guard !queries.isEmpty else {
            throw .metricValidation("At least one query in MetricDataQueries must have ReturnData set to true.")
        }
        return queries
    }

    private static func read(
        _ query: CloudWatch.MetricDataQuery, named name: String, scope: Scope
    ) throws(ServiceError) -> Query {
        if query.expression != nil, query.metricStat != nil {
            throw .metricValidation(ServiceError.mutuallyExclusive("\(name).Expression", "\(name).MetricStat"))
        }
        if let expression = query.expression {
            throw .metricValidation(
                "Skua does not evaluate metric math and SEARCH yet: \(name).Expression '\(expression)'. Query the metrics by MetricStat."
            )
        }
        guard let stat = query.metricStat else {
            throw .metricValidation("Either \(name).MetricStat or \(name).Expression must be specified.")
        }
        if query.period != nil {
            throw .metricValidation(ServiceError.mutuallyExclusive("\(name).Period", "\(name).MetricStat"))
        }
        guard let statistic = MetricStatistic(stat.stat) else {
            throw .metricValidation("The value \(stat.stat) for parameter \(name).MetricStat.Stat is not supported.")
        }
        guard MetricRange.isPeriod(stat.period) else {
            throw .metricValidation(
                "The value \(stat.period) for parameter \(name).MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60."
            )
        }
        guard let namespace = stat.metric.namespace, let metricName = stat.metric.metricName else {
            throw .metricValidation("The parameters \(name).MetricStat.Metric.Namespace and MetricName are required.")
        }
        let series = MetricSeries(
            scope: query.accountId.map { Scope(accountID: $0, region: scope.region) } ?? scope, namespace: namespace,
            name: metricName, dimensions: stat.metric.dimensions)
        return Query(
            id: query.id, series: series, statistic: statistic, statisticName: stat.stat, period: Int64(stat.period),
            unit: stat.unit, label: query.label)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    // MARK: Pages

    private static let tokenPrefix = "metric-data"

    private static func token(query: Int, offset: Int) -> String {
        Base64.encode("\(tokenPrefix):\(query):\(offset)".utf8)
    }

    private static func position(_ token: String?, queries: Int) throws(ServiceError) -> (query: Int, offset: Int) {
        guard let token else { return (0, 0) }
        let parts = Base64.decode(token).map { String(decoding: $0, as: UTF8.self).split(separator: ":") } ?? []
        guard parts.count == 3, parts[0] == tokenPrefix, let query = Int(parts[1]), let offset = Int(parts[2]),
            (0..<queries).contains(query), offset >= 0
        else { throw ServiceError("InvalidNextToken", "The next token specified is invalid.") }
        return (query, offset)
    }
}

// MARK: - Labels

extension CloudWatchService.Query {
    /// AWS: the metric's name, or the label with its `${…}` parts filled in.
    fileprivate func resolvedLabel(values: [Double]) -> String {
        guard let label else { return series.name }
        guard label.contains("${") else { return label }
        var result = ""
        var rest = label[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            result += rest[..<start.lowerBound]
            let name = rest[start.upperBound..<end]
            result += part(name, values) ?? String(rest[start.lowerBound...end])
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// Nil for a name there is none of; `--` where there is no data, as the console shows it.
    private func part(_ name: Substring, _ values: [Double]) -> String? {
        func text(_ value: Double?) -> String {
            guard let value else { return "--" }
            let rounded = (value * 1000).rounded() / 1000
            return Int64(exactly: rounded).map(String.init) ?? "\(rounded)"
        }
        switch name {
        case "LABEL": return series.name
        case "AVG": return text(values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
        case "MIN": return text(values.min())
        case "MAX": return text(values.max())
        case "SUM": return text(values.isEmpty ? nil : values.reduce(0, +))
        case "DATAPOINT_COUNT": return String(values.count)
        default: break
        }
        guard name.hasPrefix("PROP('"), name.hasSuffix("')") else { return nil }
        let property = name.dropFirst(6).dropLast(2)
        switch property {
        case "AccountId": return series.scope.accountID
        case "Region": return series.scope.region
        case "Namespace": return series.namespace
        case "MetricName": return series.name
        case "Period": return String(period)
        case "Stat": return statisticName
        default:
            guard property.hasPrefix("Dim.") else { return nil }
            return series.dimensions.first { $0.name == property.dropFirst(4) }?.value
        }
    }
}
