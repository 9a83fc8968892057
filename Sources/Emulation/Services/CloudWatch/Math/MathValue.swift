/// Data points of one line, oldest first.
struct MathSeries {
    /// Epoch seconds.
    var times: [Int64]
    var values: [Double]
    /// What tells it from its neighbours in an array.
    var label: String
    var period: Int64
    /// The metric it was read from, for labels; nil for what was computed of several.
    var source: MetricSeries?
    var statistic: String?

    init(
        times: [Int64] = [], values: [Double] = [], label: String = "", period: Int64, source: MetricSeries? = nil,
        statistic: String? = nil
    ) {
        self.times = times
        self.values = values
        self.label = label
        self.period = period
        self.source = source
        self.statistic = statistic
    }

    var count: Int { times.count }

    func map(_ body: (Double) -> Double) -> MathSeries {
        var result = self
        result.values = values.map(body)
        return result.finite
    }

    /// AWS: a division by zero has no data point.
    var finite: MathSeries {
        guard values.contains(where: { !$0.isFinite }) else { return self }
        var result = self
        result.times = []
        result.values = []
        for (time, value) in zip(times, values) where value.isFinite { result.append(time, value) }
        return result
    }

    mutating func append(_ time: Int64, _ value: Double) {
        times.append(time)
        values.append(value)
    }

    /// AWS: only where both have a data point has the result one.
    func combined(with other: MathSeries, _ body: (Double, Double) -> Double) -> MathSeries {
        var result = emptied
        if other.period > period { result.period = other.period }
        var (left, right) = (0, 0)
        while left < count, right < other.count {
            if times[left] == other.times[right] {
                result.append(times[left], body(values[left], other.values[right]))
                left += 1
                right += 1
            } else if times[left] < other.times[right] {
                left += 1
            } else {
                right += 1
            }
        }
        return result.finite
    }

    /// The same line without its data points.
    var emptied: MathSeries {
        var result = self
        result.times = []
        result.values = []
        return result
    }

    func value(at time: Int64) -> Double? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low < count && times[low] == time ? values[low] : nil
    }
}

/// What a part of an expression comes to.
enum MathValue {
    case scalar(Double)
    case series(MathSeries)
    case array([MathSeries])

    /// As CloudWatch names types in its errors.
    var typeName: String {
        switch self {
        case .scalar: "Scalar"
        case .series: "TimeSeries"
        case .array: "Array[TimeSeries]"
        }
    }

    /// Lines for the answer; nil for a mere number.
    var lines: [MathSeries]? {
        switch self {
        case .scalar: nil
        case .series(let series): [series]
        case .array(let all): all
        }
    }

    func map(_ body: (MathSeries) -> MathSeries) -> MathValue? {
        switch self {
        case .scalar: nil
        case .series(let series): .series(body(series))
        case .array(let all): .array(all.map(body))
        }
    }
}

extension MathExpression.Operator {
    func apply(_ left: Double, _ right: Double) -> Double {
        func truth(_ value: Bool) -> Double { value ? 1 : 0 }
        return switch self {
        case .or: truth(left != 0 || right != 0)
        case .and: truth(left != 0 && right != 0)
        case .equal: truth(left == right)
        case .notEqual: truth(left != right)
        case .less: truth(left < right)
        case .lessOrEqual: truth(left <= right)
        case .greater: truth(left > right)
        case .greaterOrEqual: truth(left >= right)
        case .plus: left + right
        case .minus: left - right
        case .times: left * right
        case .divided: left / right
        case .power: MathFunctions.power(left, right)
        }
    }

    func apply(_ left: MathValue, _ right: MathValue) throws(MathError) -> MathValue {
        switch (left, right) {
        case (.scalar(let a), .scalar(let b)):
            let result = apply(a, b)
            guard result.isFinite else { throw MathError("Division by zero") }
            return .scalar(result)
        case (.series(let a), .scalar(let b)): return .series(a.map { apply($0, b) })
        case (.scalar(let a), .series(let b)): return .series(b.map { apply(a, $0) })
        case (.series(let a), .series(let b)): return .series(a.combined(with: b, apply))
        case (.array(let all), .scalar(let b)): return .array(all.map { $0.map { apply($0, b) } })
        case (.scalar(let a), .array(let all)): return .array(all.map { $0.map { apply(a, $0) } })
        case (.array(let all), .series(let b)): return .array(all.map { $0.combined(with: b, apply) })
        case (.series(let a), .array(let all)):
            return .array(all.map { element in element.combined(with: a) { apply($1, $0) } })
        case (.array, .array):
            throw MathError("Unsupported operand type(s) for \(rawValue): '[\(left.typeName), \(right.typeName)]'")
        }
    }
}
