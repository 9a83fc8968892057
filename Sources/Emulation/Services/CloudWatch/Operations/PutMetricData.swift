import AWSModel
import AWSTypes

extension CloudWatchService {
    /// What values can be measured in.
    static let units = [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits",
        "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second", "Kilobytes/Second",
        "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second",
        "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
    ]

    func putMetricData(_ input: CloudWatch.PutMetricDataInput, _ call: Call) throws(ServiceError) -> Unit {
        guard !input.namespace.isEmpty else {
            throw .missingRequiredParameter("The parameter Namespace is required.")
        }
        if input.namespace.hasPrefix("AWS/"), call.caller.servicePrincipal == nil {
            throw .metricParameterValue("The value AWS/ for parameter Namespace is invalid.")
        }
        var data = (input.metricData ?? []).enumerated().map { (name: "MetricData.member.\($0 + 1)", datum: $1) }
        // AWS: an entity only says whose metric it is; the metric itself is the same.
        for (index, entity) in (input.entityMetricData ?? []).enumerated() {
            data += (entity.metricData ?? []).enumerated().map {
                (name: "EntityMetricData.member.\(index + 1).MetricData.member.\($0 + 1)", datum: $1)
            }
        }
        guard !data.isEmpty else { throw .missingRequiredParameter("The parameter MetricData is required.") }
        guard data.count <= 1000 else {
            throw .metricParameterValue("The collection MetricData must not have a size greater than 1000.")
        }
        // All or nothing: every datum is judged before the first is kept.
        var points: [(datum: CloudWatch.MetricDatum, time: Int64, bucket: MetricBucket)] = []
        for (name, datum) in data {
            guard !datum.metricName.isEmpty else {
                throw .missingRequiredParameter("The parameter \(name).MetricName is required.")
            }
            if let unit = datum.unit, !Self.units.contains(unit) {
                throw .metricParameterValue(
                    "The parameter \(name).Unit must be a value in the set [ \(Self.units.joined(separator: ", ")) ].")
            }
            let time = try Self.time(of: datum, named: name, now: call.time)
            points.append((datum, time, try Self.bucket(of: datum, named: name)))
        }
        let now = call.time.wholeSeconds
        var touched: [StoredMetric] = []
        for (datum, time, bucket) in points {
            let series = MetricSeries(
                scope: call.scope, namespace: input.namespace, name: datum.metricName, dimensions: datum.dimensions,
                unit: datum.unit ?? "None")
            guard let metric = metrics[metrics.index(of: series)] else { continue }
            metric.record(bucket, at: time, isHighResolution: datum.storageResolution == 1, now: now)
            metric.lastPut = call.cause
            if !touched.contains(where: { $0 === metric }) { touched.append(metric) }
        }
        for metric in touched { metrics.write(metric, to: core.journal) }
        core.changes.mark(Self.topic)
        armExpiry()
        core.attribute(
            call, to: input.namespace, detail: data.count == 1 ? data[0].datum.metricName : "\(data.count) metrics")
        return Unit()
    }

    private static func time(of datum: CloudWatch.MetricDatum, named name: String, now: Instant) throws(ServiceError)
        -> Int64
    {
        guard let time = datum.timestamp else { return now.wholeSeconds }
        if time < now - .seconds(14 * 86_400) {
            throw .metricParameterValue(
                "The parameter \(name).Timestamp must specify a time within the past two weeks.")
        }
        if time > now + .seconds(2 * 3600) {
            throw .metricParameterValue(
                "The parameter \(name).Timestamp must specify a time no more than two hours in the future.")
        }
        return time.wholeSeconds
    }

    /// What a datum adds, whichever of its three forms it has.
    private static func bucket(of datum: CloudWatch.MetricDatum, named name: String) throws(ServiceError)
        -> MetricBucket
    {
        if let resolution = datum.storageResolution, resolution != 1, resolution != 60 {
            throw .metricParameterValue(
                "The value \(resolution) for parameter \(name).StorageResolution is invalid: it must be 1 or 60.")
        }
        if datum.value != nil, datum.values != nil {
            throw .invalidParameterCombination(ServiceError.mutuallyExclusive("\(name).Value", "\(name).Values"))
        }
        if datum.value != nil, datum.statisticValues != nil {
            throw .invalidParameterCombination(
                ServiceError.mutuallyExclusive("\(name).Value", "\(name).StatisticValues"))
        }
        if datum.values != nil, datum.statisticValues != nil {
            throw .invalidParameterCombination(
                ServiceError.mutuallyExclusive("\(name).Values", "\(name).StatisticValues"))
        }
        var bucket = MetricBucket(start: 0)
        if let value = datum.value {
            bucket.add(try accepted(value, "\(name).Value"), count: 1)
        } else if let values = datum.values {
            try add(values, counts: datum.counts, named: name, to: &bucket)
        } else if let set = datum.statisticValues {
            try add(set, named: "\(name).StatisticValues", to: &bucket)
        } else {
            throw .missingRequiredParameter(
                "At least one of the parameters \(name).Value, \(name).Values or \(name).StatisticValues must be specified."
            )
        }
        return bucket
    }

    private static func add(
        _ values: [Double], counts: [Double]?, named name: String, to bucket: inout MetricBucket
    ) throws(ServiceError) {
        guard !values.isEmpty else { throw .missingRequiredParameter("The parameter \(name).Values is required.") }
        guard values.count <= 150 else {
            throw .metricParameterValue("The collection \(name).Values must not have a size greater than 150.")
        }
        if let counts, counts.count != values.count {
            throw .metricParameterValue("The parameters \(name).Values and \(name).Counts must be of the same size.")
        }
        for (index, value) in values.enumerated() {
            let count = try accepted(counts?[index] ?? 1, "\(name).Counts")
            guard count > 0 else {
                throw .metricParameterValue("The value \(count) for parameter \(name).Counts is invalid.")
            }
            bucket.add(try accepted(value, "\(name).Values"), count: count)
        }
    }

    private static func add(
        _ set: CloudWatch.StatisticSet, named name: String, to bucket: inout MetricBucket
    ) throws(ServiceError) {
        let sampleCount = try accepted(set.sampleCount, "\(name).SampleCount")
        let sum = try accepted(set.sum, "\(name).Sum")
        let minimum = try accepted(set.minimum, "\(name).Minimum")
        let maximum = try accepted(set.maximum, "\(name).Maximum")
        guard sampleCount > 0 else {
            throw .metricParameterValue("The parameter \(name).SampleCount must be greater than 0.")
        }
        guard maximum >= minimum else {
            throw .metricParameterValue("The parameter \(name).Maximum must be greater than \(name).Minimum.")
        }
        bucket.add(sampleCount: sampleCount, sum: sum, minimum: minimum, maximum: maximum)
    }

    /// AWS: values lie within ±2^360; NaN and infinities are refused.
    private static func accepted(_ value: Double, _ name: String) throws(ServiceError) -> Double {
        guard value.isFinite, value.magnitude <= 0x1p360 else {
            let text =
                value.isNaN ? "NaN" : value == .infinity ? "Infinity" : value == -.infinity ? "-Infinity" : "\(value)"
            throw .metricParameterValue("The value \(text) for parameter \(name) is invalid.")
        }
        return value
    }
}
