import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct MetricStatisticsTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [CloudWatchService.init]) }

    private func input(_ period: Int, hours: Int, statistics: [String]? = ["Sum"], extended: [String]? = nil)
        -> CloudWatch.GetMetricStatisticsInput
    {
        let now = engine.core.now
        return CloudWatch.GetMetricStatisticsInput(
            namespace: "Shop", metricName: "Orders", startTime: now - .seconds(hours * 3600),
            endTime: now + .seconds(60),
            period: period, statistics: statistics, extendedStatistics: extended)
    }

    @Test func givesEachUnitItsOwnDatapoints() throws {
        try engine.call(
            CloudWatch.putMetricData,
            CloudWatch.PutMetricDataInput(
                namespace: "Shop",
                metricData: [
                    CloudWatch.MetricDatum(metricName: "Orders", values: [1, 2, 3, 4], unit: "Count"),
                    CloudWatch.MetricDatum(metricName: "Orders", value: 9, unit: "Seconds"),
                ]))
        let output = try engine.call(
            CloudWatch.getMetricStatistics,
            input(60, hours: 1, statistics: ["Sum", "Average"], extended: ["p50", "tm75"]))
        let points = (output.datapoints ?? []).sorted { ($0.unit ?? "") < ($1.unit ?? "") }
        #expect(points.map(\.unit) == ["Count", "Seconds"])
        #expect(points.map(\.sum) == [10, 9])
        #expect(points.first?.average == 2.5)
        #expect(points.first?.extendedStatistics == ["p50": 2, "tm75": 2])
        #expect(output.label == "Orders")
    }

    @Test func limitsDatapoints() {
        let error = engine.error(CloudWatch.getMetricStatistics, input(60, hours: 48))
        #expect(error?.code == "InvalidParameterCombinationException")
        #expect(
            error?.message
                == "You have requested up to 2881 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
        #expect(
            engine.error(CloudWatch.getMetricStatistics, input(45, hours: 1))?.code == "InvalidParameterValueException")
        #expect(
            engine.error(CloudWatch.getMetricStatistics, input(60, hours: -1))?.code == "InvalidParameterValueException"
        )
        #expect(
            engine.error(CloudWatch.getMetricStatistics, input(60, hours: 1, statistics: nil))?.code
                == "InvalidParameterCombinationException")
    }

    @Test func readsEveryStatisticOfTheGuide() throws {
        var bucket = MetricBucket(start: 0)
        for value in 1...10 { bucket.add(Double(value), count: 1) }
        func value(_ name: String) throws -> Double? { try #require(MetricStatistic(name)).value(of: bucket) }
        #expect(try value("p90") == 9)
        #expect(try value("p10.5") == 2)
        #expect(try value("tm90") == 5)
        #expect(try value("TM(10%:90%)") == 5.5)
        #expect(try value("TM(2:4)") == 3.5)
        #expect(try value("tc90") == 9)
        #expect(try value("ts90") == 45)
        #expect(try value("PR(:3)") == 30)
        #expect(try value("PR(3:5)") == 20)
        #expect(try value("WM(:80%)") == 5.2)
        #expect(try value("IQM") == 5.5)
        for name in ["p", "p-1", "p100.1", "tm", "TM(:)", "TM(10%:20)", "PR(:10%)", "sum", "XX(1:2)", "TM(1:2"] {
            #expect(MetricStatistic(name) == nil, "\(name)")
        }
    }

    @Test func histogramStaysSmallAndClose() throws {
        var bucket = MetricBucket(start: 0)
        for value in 1...20_000 { bucket.add(Double(value), count: 1) }
        let samples = try #require(bucket.distribution)
        #expect(samples.count < 1100)
        let median = try #require(MetricStatistic.percentile(50).value(of: bucket))
        #expect(abs(median - 10_000) < 100)
        let histogram = try #require(bucket.histogram)
        #expect(ValueHistogram(encoded: histogram.encoded) == histogram)
        #expect(ValueHistogram(encoded: [1, 2, 3]) == nil)
    }

    @Test func negativeValuesHaveNoPercentiles() {
        var bucket = MetricBucket(start: 0)
        bucket.add(5, count: 1)
        bucket.add(-5, count: 1)
        #expect(MetricStatistic.percentile(50).value(of: bucket) == nil)
        #expect(MetricStatistic.minimum.value(of: bucket) == -5)
    }
}
