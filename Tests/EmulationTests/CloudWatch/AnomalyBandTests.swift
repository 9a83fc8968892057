import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Bands of expected values, in GetMetricData and behind alarms.
@Suite struct AnomalyBandTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [CloudWatchService.init]) }

    private func put(_ value: Double, minutesAgo minutes: Int) throws {
        let datum = CloudWatch.MetricDatum(
            metricName: "Load", timestamp: engine.core.now - .seconds(minutes * 60), value: value)
        try engine.call(
            CloudWatch.putMetricData, CloudWatch.PutMetricDataInput(namespace: "Shop", metricData: [datum]))
    }

    private let queries = [
        CloudWatch.MetricDataQuery(
            id: "m1",
            metricStat: CloudWatch.MetricStat(
                metric: CloudWatch.Metric(namespace: "Shop", metricName: "Load"), period: 60, stat: "Average")),
        CloudWatch.MetricDataQuery(id: "ad1", expression: "ANOMALY_DETECTION_BAND(m1, 2)"),
    ]

    private func alarm(_ comparison: String) -> CloudWatch.PutMetricAlarmInput {
        CloudWatch.PutMetricAlarmInput(
            alarmName: "odd", evaluationPeriods: 1, datapointsToAlarm: 1, comparisonOperator: comparison,
            metrics: queries, thresholdMetricId: "ad1")
    }

    private func bounds(at minutesAgo: Int) throws -> [[Double]?] {
        let now = engine.core.now
        let results =
            try engine.call(
                CloudWatch.getMetricData,
                CloudWatch.GetMetricDataInput(
                    metricDataQueries: queries, startTime: now - .seconds(minutesAgo * 60),
                    endTime: now - .seconds(minutesAgo * 60 - 60))
            ).metricDataResults ?? []
        return results.filter { $0.id == "ad1" }.map(\.values)
    }

    @Test func `the band is two deviations about the mean of what came before`() throws {
        for (minutes, value) in [(10, 8.0), (9, 12), (8, 8), (7, 12)] { try put(value, minutesAgo: minutes) }
        // Mean 10, deviation 2.
        #expect(try bounds(at: 2) == [[14], [6]])
        // Two points are too few to know anything.
        #expect(try bounds(at: 8) == [[], []])
    }

    @Test func `the same time of other days counts first`() throws {
        for minutes in 3...60 { try put(100, minutesAgo: minutes) }
        for day in 1...3 { try put(10, minutesAgo: day * 1440 + 2) }
        #expect(try bounds(at: 2) == [[10], [10]])
    }

    @Test func `an alarm leaves the band and comes back`() throws {
        for minutes in 1...20 { try put(minutes % 2 == 0 ? 8 : 12, minutesAgo: minutes) }
        try engine.call(CloudWatch.putMetricAlarm, alarm("LessThanLowerOrGreaterThanUpperThreshold"))
        try put(30, minutesAgo: 0)
        engine.advance(by: .seconds(60))
        func described() throws -> CloudWatch.MetricAlarm? {
            try engine.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput()).metricAlarms?.first
        }
        let fired = try described()
        #expect(fired?.stateValue == "ALARM")
        #expect(
            fired?.stateReason
                == "Thresholds Crossed: 1 out of the last 1 datapoints [30.0 (01/01/26 00:00:00)] was less than the lower thresholds [6.0] or greater than the upper thresholds [14.0] (minimum 1 datapoint for OK -> ALARM transition)."
        )
        let data = try JSONReader.parse(fired?.stateReasonData ?? "")
        #expect(data["recentUpperThresholds"] == [14])
        #expect(data["recentLowerThresholds"] == [6])
        #expect(data["threshold"] == nil)
        try put(11, minutesAgo: 0)
        engine.advance(by: .seconds(60))
        #expect(try described()?.stateValue == "OK")
    }

    @Test func `what is refused`() {
        var input = alarm("GreaterThanThreshold")
        #expect(engine.error(CloudWatch.putMetricAlarm, input)?.code == "ValidationError")
        input = alarm("GreaterThanUpperThreshold")
        input.thresholdMetricId = "other"
        #expect(
            engine.error(CloudWatch.putMetricAlarm, input)?.message
                == "Metrics list must contain exactly one metric matching the ThresholdMetricId parameter")
    }

    @Test func `a detector tells how far it is`() throws {
        let detector = CloudWatch.SingleMetricAnomalyDetector(namespace: "Shop", metricName: "Load", stat: "Average")
        try engine.call(
            CloudWatch.putAnomalyDetector, CloudWatch.PutAnomalyDetectorInput(singleMetricAnomalyDetector: detector))
        func state() throws -> String? {
            try engine.call(CloudWatch.describeAnomalyDetectors, CloudWatch.DescribeAnomalyDetectorsInput())
                .anomalyDetectors?.first?.stateValue
        }
        #expect(try state() == "PENDING_TRAINING")
        try put(1, minutesAgo: 3)
        #expect(try state() == "TRAINED_INSUFFICIENT_DATA")
        for minutes in 1...2 { try put(1, minutesAgo: minutes) }
        #expect(try state() == "TRAINED")
    }
}
