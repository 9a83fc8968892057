import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct MetricStoreTests {
    private func series(_ engine: TestEngine, _ name: String = "NumberOfMessagesSent") -> MetricSeries {
        MetricSeries(
            scope: engine.caller.scope, namespace: "AWS/SQS", name: name,
            dimensions: [MetricSeries.Dimension("QueueName", "orders")])
    }

    private func sum(_ engine: TestEngine, period: Int, days: Int) throws -> [Double] {
        let now = engine.core.now
        let output = try engine.call(
            CloudWatch.getMetricData,
            CloudWatch.GetMetricDataInput(
                metricDataQueries: [
                    CloudWatch.MetricDataQuery(
                        id: "a",
                        metricStat: CloudWatch.MetricStat(
                            metric: CloudWatch.Metric(
                                namespace: "AWS/SQS", metricName: "NumberOfMessagesSent",
                                dimensions: [CloudWatch.Dimension(name: "QueueName", value: "orders")]), period: period,
                            stat: "Sum"))
                ], startTime: now - .seconds(days * 86_400), endTime: now + .seconds(60)))
        return output.metricDataResults?.first?.values ?? []
    }

    @Test func automaticMetricsAreReadAtOnceAndFlushedSoon() throws {
        let journal = try Journal(path: nil)
        let engine = try TestEngine(services: [CloudWatchService.init], journal: journal)
        let handle = engine.core.telemetry.handle(for: series(engine))
        for _ in 0..<10 { engine.core.telemetry.record(2, in: handle) }
        engine.commit()
        #expect(try sum(engine, period: 60, days: 1) == [20])
        var rows = 0
        try journal.rows.forEach("SELECT COUNT(*) FROM cloudwatch_buckets") { rows = $0.int(0) }
        #expect(rows == 0)
        engine.advance(by: .seconds(6))
        try journal.rows.forEach("SELECT COUNT(*) FROM cloudwatch_buckets") { rows = $0.int(0) }
        #expect(rows == 1)
    }

    @Test func survivesARestart() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(services: [CloudWatchService.init], journal: journal)
        let handle = first.core.telemetry.handle(for: series(first))
        for value in 1...5 { first.core.telemetry.record(Double(value), in: handle) }
        try first.call(
            CloudWatch.putMetricData,
            CloudWatch.PutMetricDataInput(
                namespace: "Shop", metricData: [CloudWatch.MetricDatum(metricName: "Orders", value: 3)]))
        first.core.service(CloudWatchService.self)?.flush()
        first.commit()

        let second = try TestEngine(services: [CloudWatchService.init], journal: journal)
        let again = try #require(second.core.telemetry.handle(for: series(second)))
        second.core.telemetry.record(6, in: again)
        #expect(try sum(second, period: 60, days: 1) == [21])
        let listed = try second.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput())
        #expect(listed.metrics?.map(\.metricName) == ["NumberOfMessagesSent", "Orders"])
        let stored = try #require(second.core.service(CloudWatchService.self)?.metrics[again.rawValue])
        let bucket = try #require(stored.buckets(from: 0, to: .max / 2, period: 60).first)
        #expect(MetricStatistic.percentile(50).value(of: bucket) == 3)
    }

    @Test func oldDataIsRolledUpAndDropped() throws {
        let engine = try TestEngine(services: [CloudWatchService.init])
        let handle = engine.core.telemetry.handle(for: series(engine))
        for _ in 0..<10 {
            engine.core.telemetry.record(1, in: handle)
            engine.advance(by: .seconds(60))
        }
        #expect(try sum(engine, period: 60, days: 1).count == 10)
        engine.advance(by: .seconds(17 * 86_400))
        #expect(try sum(engine, period: 60, days: 20).isEmpty)
        #expect(try sum(engine, period: 300, days: 20) == [5, 5])
        engine.advance(by: .seconds(50 * 86_400))
        #expect(try sum(engine, period: 300, days: 80).isEmpty)
        #expect(try sum(engine, period: 3600, days: 80) == [10])
        engine.advance(by: .seconds(400 * 86_400))
        #expect(try sum(engine, period: 3600, days: 500).isEmpty)
        #expect(engine.core.service(CloudWatchService.self)?.metrics.nextExpiry == nil)
    }

    @Test func listsByFilterAndByPage() throws {
        let engine = try TestEngine(services: [CloudWatchService.init])
        for index in 0..<600 {
            engine.core.telemetry.record(
                1,
                in: MetricSeries(
                    scope: engine.caller.scope, namespace: "AWS/Lambda", name: "Errors",
                    dimensions: [MetricSeries.Dimension("FunctionName", "f\(index)")]))
        }
        // A series without a value is none.
        _ = engine.core.telemetry.handle(for: series(engine))
        let first = try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "AWS/Lambda"))
        #expect(first.metrics?.count == 500)
        let second = try engine.call(
            CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "AWS/Lambda", nextToken: first.nextToken))
        #expect(second.metrics?.count == 100)
        #expect(second.nextToken == nil)
        let one = try engine.call(
            CloudWatch.listMetrics,
            CloudWatch.ListMetricsInput(dimensions: [CloudWatch.DimensionFilter(name: "FunctionName", value: "f7")]))
        #expect(one.metrics?.count == 1)
        #expect(
            try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "AWS/SQS")).metrics == [])
        engine.advance(by: .seconds(4 * 3600))
        #expect(
            try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(recentlyActive: "PT3H")).metrics == [])
        engine.advance(by: .seconds(15 * 86_400))
        #expect(try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput()).metrics == [])
    }
}
