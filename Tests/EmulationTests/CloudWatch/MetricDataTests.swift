import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct MetricDataTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [CloudWatchService.init]) }

    private func put(_ data: [CloudWatch.MetricDatum], namespace: String = "Shop") throws {
        try engine.call(CloudWatch.putMetricData, CloudWatch.PutMetricDataInput(namespace: namespace, metricData: data))
    }

    private func refusal(_ datum: CloudWatch.MetricDatum, namespace: String = "Shop") -> ServiceError? {
        engine.error(
            CloudWatch.putMetricData, CloudWatch.PutMetricDataInput(namespace: namespace, metricData: [datum]))
    }

    private func read(
        _ stat: String, period: Int = 60, name: String = "Orders", last minutes: Int = 60,
        dimensions: [CloudWatch.Dimension]? = nil, ascending: Bool = true
    ) throws -> (times: [Instant], values: [Double]) {
        let now = engine.core.now
        let output = try engine.call(
            CloudWatch.getMetricData,
            CloudWatch.GetMetricDataInput(
                metricDataQueries: [
                    CloudWatch.MetricDataQuery(
                        id: "m1",
                        metricStat: CloudWatch.MetricStat(
                            metric: CloudWatch.Metric(namespace: "Shop", metricName: name, dimensions: dimensions),
                            period: period, stat: stat))
                ], startTime: now - .seconds(minutes * 60), endTime: now + .seconds(60),
                scanBy: ascending ? "TimestampAscending" : nil))
        let result = try #require(output.metricDataResults?.first)
        return (result.timestamps ?? [], result.values ?? [])
    }

    @Test func addsUpEveryFormOfValue() throws {
        try put([
            CloudWatch.MetricDatum(metricName: "Orders", value: 4),
            CloudWatch.MetricDatum(metricName: "Orders", values: [1, 2], counts: [3, 2]),
            CloudWatch.MetricDatum(
                metricName: "Orders",
                statisticValues: CloudWatch.StatisticSet(sampleCount: 4, sum: 40, minimum: 5, maximum: 20)),
        ])
        #expect(try read("SampleCount").values == [10])
        #expect(try read("Sum").values == [51])
        #expect(try read("Average").values == [5.1])
        #expect(try read("Minimum").values == [1])
        #expect(try read("Maximum").values == [20])
        // A statistic set hides its values: no percentiles.
        #expect(try read("p90").values.isEmpty)
    }

    @Test func percentilesOfKnownValues() throws {
        try put([CloudWatch.MetricDatum(metricName: "Orders", values: (1...100).map(Double.init))])
        #expect(try read("p50").values == [50])
        #expect(try read("p99").values == [99])
        #expect(try read("p100").values == [100])
    }

    @Test func dimensionsAreMatchedExactlyInAnyOrder() throws {
        let two = [CloudWatch.Dimension(name: "b", value: "2"), CloudWatch.Dimension(name: "a", value: "1")]
        try put([CloudWatch.MetricDatum(metricName: "Orders", dimensions: two, value: 7)])
        #expect(try read("Sum", dimensions: two.reversed()).values == [7])
        #expect(try read("Sum", dimensions: [two[0]]).values.isEmpty)
        #expect(try read("Sum").values.isEmpty)
    }

    @Test func newestComesFirstUnlessAskedOtherwise() throws {
        let now = engine.core.now
        try put(
            (0..<3).map {
                CloudWatch.MetricDatum(metricName: "Orders", timestamp: now - .seconds($0 * 60), value: Double($0))
            })
        #expect(try read("Sum", ascending: false).values == [0, 1, 2])
        #expect(try read("Sum").values == [2, 1, 0])
        #expect(try read("Sum").times == [now - .seconds(120), now - .seconds(60), now])
    }

    @Test func highResolutionKeepsSecondsForThreeHours() throws {
        let now = engine.core.now
        try put(
            (0..<4).map {
                CloudWatch.MetricDatum(
                    metricName: "Orders", timestamp: now - .seconds($0 * 10), value: 1, storageResolution: 1)
            })
        #expect(try read("Sum", period: 10).values == [1, 1, 1, 1])
        #expect(try read("Sum", period: 60).values == [3, 1])
        engine.advance(by: .seconds(5 * 3600))
        #expect(try read("Sum", period: 60, last: 600).values == [3, 1])
        #expect(engine.core.service(CloudWatchService.self)?.metrics.all.first?.nextExpiry != nil)
    }

    @Test func pagesDatapoints() throws {
        let now = engine.core.now
        try put(
            (0..<5).map {
                CloudWatch.MetricDatum(metricName: "Orders", timestamp: now - .seconds($0 * 60), value: Double($0))
            })
        func page(_ token: String?) throws -> CloudWatch.GetMetricDataOutput {
            let query = { (id: String) in
                CloudWatch.MetricDataQuery(
                    id: id,
                    metricStat: CloudWatch.MetricStat(
                        metric: CloudWatch.Metric(namespace: "Shop", metricName: "Orders"), period: 60, stat: "Sum"))
            }
            return try engine.call(
                CloudWatch.getMetricData,
                CloudWatch.GetMetricDataInput(
                    metricDataQueries: [query("a"), query("b")], startTime: now - .seconds(3600),
                    endTime: now + .seconds(60),
                    nextToken: token, maxDatapoints: 4))
        }
        let first = try page(nil)
        #expect(first.metricDataResults?.map(\.statusCode) == ["PartialData"])
        let second = try page(first.nextToken)
        #expect(second.metricDataResults?.map(\.id) == ["a", "b"])
        #expect(second.metricDataResults?.map(\.values) == [[4], [0, 1, 2]])
        let third = try page(second.nextToken)
        #expect(third.metricDataResults?.map(\.values) == [[3, 4]])
        #expect(third.nextToken == nil)
        #expect(throws: ServiceError.self) { try page("bm9uc2Vuc2U=") }
    }

    @Test func refusesWhatCloudWatchRefuses() {
        let exclusive = refusal(CloudWatch.MetricDatum(metricName: "m", value: 1, values: [1]))
        #expect(exclusive?.code == "InvalidParameterCombinationException")
        #expect(
            exclusive?.message
                == "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both."
        )
        #expect(
            refusal(CloudWatch.MetricDatum(metricName: "m", values: [1, 2], counts: [1]))?.message
                == "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.")
        #expect(
            refusal(CloudWatch.MetricDatum(metricName: "m", value: .nan))?.message
                == "The value NaN for parameter MetricData.member.1.Value is invalid.")
        #expect(
            refusal(CloudWatch.MetricDatum(metricName: "m", value: 0x1p361))?.code == "InvalidParameterValueException")
        #expect(refusal(CloudWatch.MetricDatum(metricName: "m"))?.code == "MissingRequiredParameterException")
        #expect(
            refusal(CloudWatch.MetricDatum(metricName: "m", value: 1, storageResolution: 5))?.code
                == "InvalidParameterValueException")
        #expect(
            refusal(CloudWatch.MetricDatum(metricName: "m", value: 1), namespace: "AWS/SQS")?.message
                == "The value AWS/ for parameter Namespace is invalid.")
        let now = engine.core.now
        for time in [now - .seconds(15 * 86_400), now + .seconds(3 * 3600)] {
            #expect(
                refusal(CloudWatch.MetricDatum(metricName: "m", timestamp: time, value: 1))?.code
                    == "InvalidParameterValueException")
        }
        #expect(
            refusal(CloudWatch.MetricDatum(metricName: "m", timestamp: now - .seconds(13 * 86_400), value: 1)) == nil)
    }

    @Test func aBadDatumKeepsTheGoodOnesOut() throws {
        #expect(throws: ServiceError.self) {
            try put([
                CloudWatch.MetricDatum(metricName: "Orders", value: 1),
                CloudWatch.MetricDatum(metricName: "Orders", value: .infinity),
            ])
        }
        #expect(try read("Sum").values.isEmpty)
    }

    @Test func refusesBadQueries() {
        func message(_ queries: [CloudWatch.MetricDataQuery], length: Int = 60) -> String? {
            let now = engine.core.now
            let error = engine.error(
                CloudWatch.getMetricData,
                CloudWatch.GetMetricDataInput(
                    metricDataQueries: queries, startTime: now - .seconds(length), endTime: now))
            #expect(error?.code == "ValidationError")
            return error?.message
        }
        let stat = CloudWatch.MetricStat(
            metric: CloudWatch.Metric(namespace: "Shop", metricName: "Orders"), period: 60, stat: "Sum")
        let good = CloudWatch.MetricDataQuery(id: "a", metricStat: stat)
        #expect(message([good], length: 0) == "The parameter StartTime must not equal parameter EndTime.")
        #expect(message([good], length: -60) == "The parameter StartTime must be less than the parameter EndTime.")
        #expect(message([good, good]) == "The values for parameter id in MetricDataQueries are not unique.")
        #expect(
            message([CloudWatch.MetricDataQuery(id: "a", metricStat: stat, period: 60)])
                == "The parameters MetricDataQueries.member.1.Period and MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified both."
        )
        #expect(message([CloudWatch.MetricDataQuery(id: "A", metricStat: stat)])?.contains("expected pattern") == true)
        #expect(
            message([CloudWatch.MetricDataQuery(id: "e", expression: "a / 2")])
                == "Error in expression 'e': Unresolved identifier a")
        var odd = stat
        odd.period = 45
        #expect(message([CloudWatch.MetricDataQuery(id: "a", metricStat: odd)])?.contains("Period") == true)
        odd = stat
        odd.stat = "p101"
        #expect(message([CloudWatch.MetricDataQuery(id: "a", metricStat: odd)])?.contains("p101") == true)
    }

    @Test func labelsAreFilledIn() throws {
        try put([CloudWatch.MetricDatum(metricName: "Orders", values: [2, 4])])
        let now = engine.core.now
        let output = try engine.call(
            CloudWatch.getMetricData,
            CloudWatch.GetMetricDataInput(
                metricDataQueries: [
                    CloudWatch.MetricDataQuery(
                        id: "a",
                        metricStat: CloudWatch.MetricStat(
                            metric: CloudWatch.Metric(namespace: "Shop", metricName: "Orders"), period: 60, stat: "Sum"),
                        label: "${PROP('MetricName')} max ${MAX} ${unknown}")
                ], startTime: now - .seconds(60), endTime: now + .seconds(60)))
        #expect(output.metricDataResults?.first?.label == "Orders max 6 ${unknown}")
    }
}
