import AWSModel

/// Works out the queries of one GetMetricData call or one alarm, each at most once.
struct MathEvaluator {
    let plan: MetricQueryPlan
    let store: MetricStore
    let scope: Scope
    let start: Instant
    let end: Instant
    let now: Instant
    private var known: [String: MathValue] = [:]
    private var underWay: Set<String> = []

    init(_ plan: MetricQueryPlan, store: MetricStore, scope: Scope, from start: Instant, to end: Instant, now: Instant)
    {
        self.plan = plan
        self.store = store
        self.scope = scope
        self.start = start
        self.end = end
        self.now = now
    }

    func range(_ period: Int64) -> MetricRange { MetricRange(from: start, to: end, period: period, now: now) }

    func series(_ stat: MetricQueryPlan.Stat) -> MathSeries {
        // AWS: units are not mixed; without one named, the first by name is taken.
        var unit = stat.unit
        if unit == nil {
            let units = store.units(of: stat.series)
            if units.count > 1 { unit = units.first }
        }
        let points = store.values(
            stat.statistic, of: stat.series, unit: unit, in: range(stat.period), period: stat.period)
        return MathSeries(
            times: points.map(\.time), values: points.map(\.value), label: stat.series.name, period: stat.period,
            source: stat.series, statistic: stat.name)
    }

    mutating func value(of id: String) throws(MathError) -> MathValue {
        if let value = known[id] { return value }
        guard let query = plan.query(id) else { throw MathError("Unresolved identifier \(id)") }
        guard underWay.insert(id).inserted else { throw MathError("Circular reference of \(id)") }
        defer { underWay.remove(id) }
        let value: MathValue
        switch query.source {
        case .stat(let stat): value = .series(series(stat))
        case .expression(let expression): value = try evaluate(expression, period: plan.period(of: query))
        case .selection(let selection): value = self.value(of: selection, period: plan.period(of: query))
        }
        known[id] = value
        return value
    }

    /// AWS: one line without groups, else an array of them.
    private func value(of selection: MetricSelection, period: Int64) -> MathValue {
        let lines = selection.lines(in: store, scope: scope, range: range(period), period: period)
        guard selection.groups.isEmpty, let line = lines.first else { return .array(lines) }
        return .series(line)
    }

    // MARK: Expressions

    private mutating func evaluate(_ expression: MathExpression, period: Int64) throws(MathError) -> MathValue {
        switch expression {
        case .number(let number): return .scalar(number)
        case .text: throw MathError("A string is only allowed as an argument of SEARCH and METRICS")
        case .name(let name): return try value(of: name)
        case .negative(let inner):
            return try MathExpression.Operator.minus.apply(.scalar(0), evaluate(inner, period: period))
        case .binary(let kind, let left, let right):
            return try kind.apply(evaluate(left, period: period), evaluate(right, period: period))
        case .array(let elements):
            var all: [MathSeries] = []
            for element in elements {
                guard let lines = try evaluate(element, period: period).lines else {
                    throw MathError("An array holds time series only")
                }
                all += lines
            }
            return .array(all)
        case .call(let name, let arguments): return try call(name, arguments, period: period)
        }
    }

    private mutating func call(
        _ name: String, _ arguments: [MathExpression], period: Int64
    ) throws(MathError) -> MathValue {
        switch name {
        case "METRICS": return .array(try metrics(arguments))
        case "SEARCH": return .array(try search(arguments, period: period))
        case "IF": return try choice(arguments, period: period)
        case "FILL": return try fill(arguments, period: period)
        case "SORT": return .array(try sort(arguments, period: period))
        case "SLICE": return .array(try slice(arguments, period: period))
        case "TIME_SERIES":
            guard arguments.count == 1, case .scalar(let number) = try evaluate(arguments[0], period: period) else {
                throw wrong(name)
            }
            let range = range(period)
            let times = Array(stride(from: range.start, to: range.end, by: Int(period)))
            return .series(
                MathSeries(times: times, values: times.map { _ in number }, label: "TIME_SERIES", period: period))
        case "ANOMALY_DETECTION_BAND": return .array(try band(arguments, period: period))
        case "INSIGHT_RULE_METRIC", "SERVICE_QUOTA", "DB_PERF_INSIGHTS", "LAMBDA":
            throw MathError("Skua does not implement \(name)")
        case "MIN", "MAX", "AVG", "SUM", "STDDEV":
            // Several arguments are as good as an array of them.
            if arguments.count > 1 { return try aggregate(name, evaluate(.array(arguments), period: period), period) }
        default: break
        }
        guard arguments.count == 1 else { throw wrong(name) }
        return try single(name, evaluate(arguments[0], period: period), period: period)
    }

    /// Functions of one argument.
    private func single(_ name: String, _ value: MathValue, period: Int64) throws(MathError) -> MathValue {
        if let body = MathFunctions.pointwise[name] {
            if case .scalar(let number) = value { return .scalar(body(number)) }
            return try mapped(name, value) { $0.map(body) }
        }
        if MathFunctions.aggregates[name] != nil { return try aggregate(name, value, period) }
        if let part = MathFunctions.timeParts[name] {
            return try mapped(name, value) { MathFunctions.timePart($0, part) }
        }
        switch name {
        case "RATE": return try mapped(name, value) { MathFunctions.steps($0) { $0 / $1 } }
        case "DIFF": return try mapped(name, value) { MathFunctions.steps($0) { change, _ in change } }
        case "DIFF_TIME": return try mapped(name, value) { MathFunctions.steps($0) { $1 } }
        case "RUNNING_SUM": return try mapped(name, value, MathFunctions.runningSum)
        case "PERIOD":
            guard case .series(let series) = value else { throw wrong(name) }
            return .scalar(Double(series.period))
        case "DATAPOINT_COUNT", "FIRST", "LAST", "METRIC_COUNT", "REMOVE_EMPTY": return try counted(name, value, period)
        default: throw MathError("Unknown function \(name)")
        }
    }

    private func counted(_ name: String, _ value: MathValue, _ period: Int64) throws(MathError) -> MathValue {
        switch (name, value) {
        case ("DATAPOINT_COUNT", .series(let series)): .scalar(Double(series.count))
        case ("DATAPOINT_COUNT", .array(let all)):
            .series(MathFunctions.merged(all, period: period) { Double($0.count) })
        case ("METRIC_COUNT", .array(let all)): .scalar(Double(all.count))
        case ("METRIC_COUNT", .series): .scalar(1)
        case ("REMOVE_EMPTY", .array(let all)): .array(all.filter { $0.count > 0 })
        case ("FIRST", .array(let all)): .series(all.first ?? MathSeries(period: period))
        case ("LAST", .array(let all)): .series(all.last ?? MathSeries(period: period))
        case ("FIRST", .series(let series)): .series(series)
        case ("LAST", .series(let series)): .series(series)
        default: throw wrong(name)
        }
    }

    private func aggregate(_ name: String, _ value: MathValue, _ period: Int64) throws(MathError) -> MathValue {
        guard let body = MathFunctions.aggregates[name] else { throw wrong(name) }
        switch value {
        case .scalar(let number): return .scalar(number)
        case .series(let series): return .scalar(series.values.isEmpty ? 0 : body(series.values))
        case .array(let all): return .series(MathFunctions.merged(all, period: period, body))
        }
    }

    private func mapped(
        _ name: String, _ value: MathValue, _ body: (MathSeries) -> MathSeries
    ) throws(MathError) -> MathValue {
        guard let result = value.map(body) else { throw wrong(name) }
        return result
    }

    private func wrong(_ name: String) -> MathError { MathError("Invalid arguments of function \(name)") }

    // MARK: Functions whose arguments are more than values

    /// Every metric of the request, or those whose id holds a text. AWS: expressions are not among them.
    private mutating func metrics(_ arguments: [MathExpression]) throws(MathError) -> [MathSeries] {
        var part = ""
        if let first = arguments.first {
            guard case .text(let text) = first, arguments.count == 1 else { throw wrong("METRICS") }
            part = text
        }
        var all: [MathSeries] = []
        for query in plan.queries {
            guard case .stat = query.source, part.isEmpty || query.id.contains(part) else { continue }
            guard case .series(var series) = try value(of: query.id) else { continue }
            series.label = query.label ?? query.id
            all.append(series)
        }
        return all
    }

    private func search(_ arguments: [MathExpression], period: Int64) throws(MathError) -> [MathSeries] {
        guard arguments.count >= 2, case .text(let pattern) = arguments[0], case .text(let name) = arguments[1] else {
            throw wrong("SEARCH")
        }
        var period = period
        if arguments.count == 3, case .number(let seconds) = arguments[2] { period = Int64(seconds) }
        guard let statistic = MetricStatistic(name) else { throw MathError("Invalid statistic \(name)") }
        guard MetricRange.isPeriod(Int(period)) else { throw MathError("Invalid period \(period)") }
        let search = try MetricSearch(pattern)
        let found = search.find(in: store, scope: scope, now: now)
        let labels = MetricSearch.labels(of: found)
        return zip(found, labels).map { metric, label in
            var line = series(
                MetricQueryPlan.Stat(series: metric, statistic: statistic, name: name, period: period, unit: nil))
            line.label = label
            return line
        }
    }

    /// The upper and the lower bound of what a metric is expected to be, up to now.
    private mutating func band(_ arguments: [MathExpression], period: Int64) throws(MathError) -> [MathSeries] {
        guard let metric = arguments.first, arguments.count <= 2 else { throw wrong("ANOMALY_DETECTION_BAND") }
        var deviations = AnomalyBand.width
        if arguments.count == 2 {
            guard case .scalar(let number) = try evaluate(arguments[1], period: period), number > 0 else {
                throw wrong("ANOMALY_DETECTION_BAND")
            }
            deviations = number
        }
        let range = range(period)
        var trainer = MathEvaluator(
            plan, store: store, scope: scope, from: Instant(wholeSeconds: range.start - AnomalyBand.training), to: end,
            now: now)
        guard case .series(let known) = try trainer.evaluate(metric, period: period) else {
            throw wrong("ANOMALY_DETECTION_BAND")
        }
        let last = min(range.end, max(now.wholeSeconds, range.start) + 1)
        let times = Array(stride(from: range.start, to: last, by: Int(known.period)))
        let (upper, lower) = AnomalyBand(known: known, deviations: deviations).bounds(at: times)
        return [upper, lower]
    }

    private mutating func choice(_ arguments: [MathExpression], period: Int64) throws(MathError) -> MathValue {
        guard arguments.count == 2 || arguments.count == 3 else { throw wrong("IF") }
        let condition = try evaluate(arguments[0], period: period)
        let yes = try evaluate(arguments[1], period: period)
        let no = arguments.count == 3 ? try evaluate(arguments[2], period: period) : nil
        func part(_ value: MathValue?, _ time: Int64) -> Double? {
            switch value {
            case .scalar(let number): number
            case .series(let series): series.value(at: time)
            default: nil
            }
        }
        if case .array = yes { throw wrong("IF") }
        if case .array = no { throw wrong("IF") }
        switch condition {
        case .array: throw wrong("IF")
        case .scalar(let number):
            if number != 0 { return yes }
            return no ?? .series(MathSeries(period: period))
        case .series(let series):
            var result = series.emptied
            for (time, value) in zip(series.times, series.values) {
                if let chosen = part(value != 0 ? yes : no, time) { result.append(time, chosen) }
            }
            return .series(result)
        }
    }

    private mutating func fill(_ arguments: [MathExpression], period: Int64) throws(MathError) -> MathValue {
        guard arguments.count == 2 else { throw wrong("FILL") }
        let value = try evaluate(arguments[0], period: period)
        let filler: MathFunctions.Filler
        switch arguments[1] {
        case .name("REPEAT"): filler = .repeating
        case .name("LINEAR"): filler = .linear
        default:
            switch try evaluate(arguments[1], period: period) {
            case .scalar(let number): filler = .constant(number)
            case .series(let series): filler = .series(series)
            case .array: throw wrong("FILL")
            }
        }
        let now = now.wholeSeconds
        return try mapped("FILL", value) { series in
            let range = range(series.period)
            // The period under way is filled; what has not begun is not.
            return MathFunctions.fill(series, from: range.start, to: min(range.end, max(now, range.start) + 1), filler)
        }
    }

    private mutating func sort(_ arguments: [MathExpression], period: Int64) throws(MathError) -> [MathSeries] {
        guard arguments.count == 3 || arguments.count == 4, let all = try evaluate(arguments[0], period: period).lines,
            case .name(let figure) = arguments[1], let body = MathFunctions.aggregates[figure],
            case .name(let order) = arguments[2], order == "ASC" || order == "DESC"
        else { throw wrong("SORT") }
        var limit: Int?
        if arguments.count == 4 {
            guard case .number(let number) = arguments[3], number >= 1 else { throw wrong("SORT") }
            limit = Int(number)
        }
        return MathFunctions.sorted(all, by: body, descending: order == "DESC", limit: limit)
    }

    private mutating func slice(_ arguments: [MathExpression], period: Int64) throws(MathError) -> [MathSeries] {
        guard arguments.count == 2 || arguments.count == 3, let all = try evaluate(arguments[0], period: period).lines,
            case .scalar(let first) = try evaluate(arguments[1], period: period)
        else { throw wrong("SLICE") }
        var last = all.count
        if arguments.count == 3 {
            guard case .scalar(let end) = try evaluate(arguments[2], period: period) else { throw wrong("SLICE") }
            last = Int(end)
        }
        let start = max(0, min(Int(first), all.count))
        return Array(all[start..<max(start, min(last, all.count))])
    }
}
