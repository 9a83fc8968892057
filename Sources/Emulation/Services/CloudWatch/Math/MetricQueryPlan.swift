import AWSModel
import AWSTypes

/// The checked queries of a GetMetricData call or of an alarm.
struct MetricQueryPlan {
    struct Stat {
        var series: MetricSeries
        var statistic: MetricStatistic
        /// As the client wrote it.
        var name: String
        var period: Int64
        var unit: String?
    }

    enum Source {
        case stat(Stat)
        case expression(MathExpression)
        case selection(MetricSelection)
    }

    struct Query {
        var id: String
        var source: Source
        var label: String?
        var period: Int64?
        var isReturned: Bool
    }

    let queries: [Query]
    private let indices: [String: Int]

    /// - Parameter parameter: how the list is called in errors: `MetricDataQueries`, `Metrics`.
    init(_ list: [CloudWatch.MetricDataQuery], parameter: String, scope: Scope) throws(ServiceError) {
        var indices: [String: Int] = [:]
        var queries: [Query] = []
        for (index, query) in list.enumerated() {
            let name = "\(parameter).member.\(index + 1)"
            guard Self.isIdentifier(query.id) else {
                throw .metricValidation(
                    "The value \(query.id) for parameter \(name).Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
                )
            }
            guard indices.updateValue(index, forKey: query.id) == nil else {
                throw .metricValidation("The values for parameter id in \(parameter) are not unique.")
            }
            queries.append(try Self.read(query, named: name, scope: scope))
        }
        for query in queries {
            guard case .expression(let expression) = query.source else { continue }
            for id in expression.references.sorted() where indices[id] == nil {
                throw .metricValidation("Error in expression '\(query.id)': Unresolved identifier \(id)")
            }
        }
        self.queries = queries
        self.indices = indices
    }

    func query(_ id: String) -> Query? { indices[id].map { queries[$0] } }

    /// AWS: an expression has the coarsest period of what it reads, unless it names one of its own.
    func period(of query: Query) -> Int64 { period(of: query, depth: 0) }

    private func period(of query: Query, depth: Int) -> Int64 {
        switch query.source {
        case .stat(let stat): return stat.period
        case .selection: return query.period ?? 60
        case .expression(let expression):
            if let period = query.period { return period }
            guard depth < queries.count else { return 60 }
            var ids = expression.references
            if expression.calls("METRICS") {
                for other in queries { if case .stat = other.source { ids.insert(other.id) } }
            }
            return ids.compactMap { self.query($0) }.map { period(of: $0, depth: depth + 1) }.max() ?? 60
        }
    }

    private static func read(
        _ query: CloudWatch.MetricDataQuery, named name: String, scope: Scope
    ) throws(ServiceError) -> Query {
        if query.expression != nil, query.metricStat != nil {
            throw .metricValidation(ServiceError.mutuallyExclusive("\(name).Expression", "\(name).MetricStat"))
        }
        if let period = query.period {
            if query.metricStat != nil {
                throw .metricValidation(ServiceError.mutuallyExclusive("\(name).Period", "\(name).MetricStat"))
            }
            guard MetricRange.isPeriod(period) else { throw badPeriod(period, "\(name).Period") }
        }
        let source: Source
        if let text = query.expression {
            do {
                source =
                    MetricSelection.isSelection(text)
                    ? .selection(try MetricSelectionParser.parse(text)) : .expression(try MathParser.parse(text))
            } catch {
                throw .metricValidation("Error in expression '\(query.id)': \(error.message)")
            }
        } else if let stat = query.metricStat {
            let scope = query.accountId.map { Scope(accountID: $0, region: scope.region) } ?? scope
            source = .stat(try read(stat, named: "\(name).MetricStat", scope: scope))
        } else {
            throw .metricValidation("The parameter \(name).MetricStat is required.\n")
        }
        return Query(
            id: query.id, source: source, label: query.label, period: query.period.map(Int64.init),
            isReturned: query.returnData ?? true)
    }

    private static func read(
        _ stat: CloudWatch.MetricStat, named name: String, scope: Scope
    ) throws(ServiceError) -> Stat {
        guard let statistic = MetricStatistic(stat.stat) else {
            throw .metricValidation("The value \(stat.stat) for parameter \(name).Stat is not supported.")
        }
        guard MetricRange.isPeriod(stat.period) else { throw badPeriod(stat.period, "\(name).Period") }
        guard let namespace = stat.metric.namespace, let metricName = stat.metric.metricName else {
            throw .metricValidation("The parameters \(name).Metric.Namespace and MetricName are required.")
        }
        let series = MetricSeries(
            scope: scope, namespace: namespace, name: metricName, dimensions: stat.metric.dimensions)
        return Stat(
            series: series, statistic: statistic, name: stat.stat, period: Int64(stat.period), unit: stat.unit)
    }

    private static func badPeriod(_ period: Int, _ name: String) -> ServiceError {
        .metricValidation(
            "The value \(period) for parameter \(name) must be 1, 5, 10, 20, 30 or a multiple of 60.")
    }

    static func isIdentifier(_ text: String) -> Bool {
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
}
