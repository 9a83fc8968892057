import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Metric filters and subscription filters.
@Suite struct LogFilterTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine()
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "shop"))
        try engine.call(
            Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "shop", logStreamName: "web"))
    }

    private func log(_ messages: String...) throws {
        let now = Int(engine.core.now.epochMilliseconds)
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "shop", logStreamName: "web",
                logEvents: messages.map { Logs.InputLogEvent(timestamp: now, message: $0) }))
    }

    private func filter(
        _ pattern: String, value: String, default standIn: Double? = nil, dimensions: [String: String]? = nil
    ) -> Logs.PutMetricFilterRequest {
        Logs.PutMetricFilterRequest(
            logGroupName: "shop", filterName: "f", filterPattern: pattern,
            metricTransformations: [
                Logs.MetricTransformation(
                    metricName: "M", metricNamespace: "Shop", metricValue: value, defaultValue: standIn,
                    dimensions: dimensions)
            ])
    }

    private func sum(_ dimensions: [CloudWatch.Dimension]? = nil) throws -> (sum: Double?, count: Double?) {
        let now = engine.core.now
        let points = try engine.call(
            CloudWatch.getMetricStatistics,
            CloudWatch.GetMetricStatisticsInput(
                namespace: "Shop", metricName: "M", dimensions: dimensions, startTime: now - .seconds(60),
                endTime: now + .seconds(60), period: 3600, statistics: ["Sum", "SampleCount"])
        ).datapoints
        return (points?.first?.sum, points?.first?.sampleCount)
    }

    @Test func `a metric filter takes values out of JSON`() throws {
        try engine.call(
            Logs.putMetricFilter,
            filter("{ $.ms > 10 }", value: "$.ms", dimensions: ["Page": "$.page"]))
        try log(#"{"ms": 12, "page": "a"}"#, #"{"ms": 30, "page": "a"}"#, #"{"ms": 5, "page": "a"}"#, "no JSON")
        let found = try sum([CloudWatch.Dimension(name: "Page", value: "a")])
        #expect(found.sum == 42)
        #expect(found.count == 2)
    }

    @Test func `the default value stands in for what does not match`() throws {
        try engine.call(Logs.putMetricFilter, filter("[ip, bytes]", value: "$bytes", default: 0))
        try log("10.0.0.1 100", "10.0.0.2 50", "one two three")
        let found = try sum()
        #expect(found.sum == 150)
        #expect(found.count == 3)
    }

    @Test func `a pattern is tried on sample lines`() throws {
        func matches(_ pattern: String, _ line: String) throws -> [String: String]? {
            try engine.call(
                Logs.testMetricFilter,
                Logs.TestMetricFilterRequest(filterPattern: pattern, logEventMessages: ["nothing", line])
            ).matches?.first { $0.eventNumber == 2 }?.extractedValues
        }
        #expect(
            try matches("[ip, user, size > 10]", "10.0.0.1 ada 12") == [
                "$ip": "10.0.0.1", "$user": "ada", "$size": "12",
            ])
        #expect(try matches("{ $.a = \"x\" }", #"{"a": "x", "b": 1}"#) == ["$.a": "x"])
        #expect(try matches("ERROR", "an ERROR") == [:])
        #expect(try matches("ERROR", "fine") == nil)
    }

    @Test func `filters are listed, counted and deleted`() throws {
        try engine.call(Logs.putMetricFilter, filter("", value: "1"))
        #expect(
            try engine.call(Logs.describeLogGroups, Logs.DescribeLogGroupsRequest()).logGroups?.first?.metricFilterCount
                == 1)
        let listed = try engine.call(Logs.describeMetricFilters, Logs.DescribeMetricFiltersRequest()).metricFilters
        #expect(listed?.map(\.filterName) == ["f"])
        try engine.call(
            Logs.deleteMetricFilter, Logs.DeleteMetricFilterRequest(logGroupName: "shop", filterName: "f"))
        #expect(
            engine.error(
                Logs.deleteMetricFilter, Logs.DeleteMetricFilterRequest(logGroupName: "shop", filterName: "f"))?.code
                == "ResourceNotFoundException")
    }

    @Test func `a destination that takes nothing is refused`() throws {
        for arn in [
            "arn:aws:lambda:us-east-1:123456789012:function:nobody", "arn:aws:kinesis:us-east-1:123456789012:stream/s",
        ] {
            let error = engine.error(
                Logs.putSubscriptionFilter,
                Logs.PutSubscriptionFilterRequest(
                    logGroupName: "shop", filterName: "s", filterPattern: "", destinationArn: arn))
            #expect(error?.code == "InvalidParameterException")
        }
        #expect(
            try engine.call(
                Logs.describeSubscriptionFilters, Logs.DescribeSubscriptionFiltersRequest(logGroupName: "shop")
            ).subscriptionFilters?.isEmpty == true)
    }

    @Test func `stored gzip is gzip`() {
        #expect(StoredGzip.encode([]).suffix(8) == [0, 0, 0, 0, 0, 0, 0, 0])
        let packed = StoredGzip.encode(Array("123456789".utf8))
        // The check value of CRC-32, and the length.
        #expect(Array(packed.suffix(8)) == [0x26, 0x39, 0xF4, 0xCB, 9, 0, 0, 0])
    }

    @Test func `why a filter made nothing`() throws {
        try engine.call(Logs.putMetricFilter, filter("{ $.ms > 10 }", value: "$.size"))
        let arn = "arn:aws:logs:us-east-1:123456789012:log-group:shop"
        let service = try #require(engine.core.service(LogsService.self))
        #expect(
            service.explain(arn, item: nil).map(\.text) == [
                "Filter f makes Shop M: no event has come since the engine started; its pattern is { $.ms > 10 }."
            ])
        try log(#"{"ms": 12}"#, #"{"ms": 1}"#)
        #expect(
            service.explain(arn, item: nil).map(\.text) == [
                "Filter f makes Shop M: 1 of 2 events since the engine started passed; its pattern is { $.ms > 10 }. 1 that passed had no number, or lacked a dimension: they made no metric."
            ])
    }

    @Test func `a destination that stands for a stream is refused by name`() throws {
        try engine.call(
            Logs.putDestination,
            Logs.PutDestinationRequest(
                destinationName: "far", targetArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                roleArn: "arn:aws:iam::123456789012:role/r"))
        func error(_ destination: String) -> String? {
            engine.error(
                Logs.putSubscriptionFilter,
                Logs.PutSubscriptionFilterRequest(
                    logGroupName: "shop", filterName: "s", filterPattern: "",
                    destinationArn: "arn:aws:logs:us-east-1:123456789012:destination:\(destination)"))?.message
        }
        #expect(error("far")?.hasPrefix("Could not deliver test message to specified Kinesis stream.") == true)
        #expect(error("nowhere")?.hasPrefix("The specified destination does not exist") == true)
    }
}
