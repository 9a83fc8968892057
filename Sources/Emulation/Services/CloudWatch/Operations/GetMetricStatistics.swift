import AWSModel
import AWSTypes

extension CloudWatchService {
    /// AWS: at most this many datapoints a call.
    private static let datapointLimit: Int64 = 1440

    func getMetricStatistics(
        _ input: CloudWatch.GetMetricStatisticsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.GetMetricStatisticsOutput {
        let statistics = try Self.statistics(of: input)
        guard input.startTime < input.endTime else {
            throw .metricParameterValue("The parameter StartTime must be less than the parameter EndTime.")
        }
        guard MetricRange.isPeriod(input.period) else {
            throw .metricParameterValue(
                "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not \(input.period).")
        }
        let period = Int64(input.period)
        let range = MetricRange(from: input.startTime, to: input.endTime, period: period, now: call.time)
        let requested = range.count(of: period)
        guard requested <= Self.datapointLimit else {
            throw .invalidParameterCombination(
                """
                You have requested up to \(requested) datapoints, which exceeds the limit of \(Self.datapointLimit). You \
                may reduce the datapoints requested by increasing Period, or decreasing the time range.
                """)
        }
        let series = MetricSeries(
            scope: call.scope, namespace: input.namespace, name: input.metricName, dimensions: input.dimensions)
        var datapoints: [CloudWatch.Datapoint] = []
        // AWS: each unit that was put has datapoints of its own.
        for metric in metrics.find(series, unit: input.unit) {
            for bucket in metric.buckets(from: range.start, to: range.end, period: period) {
                datapoints += Self.datapoint(bucket, statistics, unit: metric.series.unit)
            }
        }
        return CloudWatch.GetMetricStatisticsOutput(label: input.metricName, datapoints: datapoints)
    }

    private static func statistics(
        of input: CloudWatch.GetMetricStatisticsInput
    ) throws(ServiceError) -> [(name: String, statistic: MetricStatistic)] {
        let basic = input.statistics ?? []
        let extended = input.extendedStatistics ?? []
        guard !basic.isEmpty || !extended.isEmpty else {
            throw .invalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
        }
        var found: [(name: String, statistic: MetricStatistic)] = []
        for (parameter, names, isBasic) in [("Statistics", basic, true), ("ExtendedStatistics", extended, false)] {
            for name in names {
                guard let statistic = MetricStatistic(name), statistic.isBasic == isBasic else {
                    throw .metricParameterValue("The value \(name) for parameter \(parameter) is not supported.")
                }
                found.append((name, statistic))
            }
        }
        return found
    }

    /// Empty where the bucket can tell none of the statistics.
    private static func datapoint(
        _ bucket: MetricBucket, _ statistics: [(name: String, statistic: MetricStatistic)], unit: String
    ) -> [CloudWatch.Datapoint] {
        var datapoint = CloudWatch.Datapoint(timestamp: Instant(wholeSeconds: bucket.start), unit: unit)
        var extended: [String: Double] = [:]
        var isEmpty = true
        for (name, statistic) in statistics {
            guard let value = statistic.value(of: bucket) else { continue }
            isEmpty = false
            switch statistic {
            case .sampleCount: datapoint.sampleCount = value
            case .sum: datapoint.sum = value
            case .average: datapoint.average = value
            case .minimum: datapoint.minimum = value
            case .maximum: datapoint.maximum = value
            default: extended[name] = value
            }
        }
        if !extended.isEmpty { datapoint.extendedStatistics = extended }
        return isEmpty ? [] : [datapoint]
    }
}
