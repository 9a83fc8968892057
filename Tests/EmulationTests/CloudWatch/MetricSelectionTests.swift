import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Queries of Metrics Insights, in GetMetricData and behind alarms.
@Suite struct MetricSelectionTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine(services: [CloudWatchService.init])
        try put("Orders", 10, ["Shop": "a"])
        try put("Orders", 20, ["Shop": "a"])
        try put("Orders", 4, ["Shop": "b"])
        try put("Orders", 100, ["Shop": "b", "Till": "1"])
        try put("Orders", 7, [:])
        try put("Errors", 1, ["Shop": "a"])
    }

    private func put(_ name: String, _ value: Double, _ dimensions: [String: String]) throws {
        let datum = CloudWatch.MetricDatum(
            metricName: name,
            dimensions: dimensions.sorted { $0.key < $1.key }.map { CloudWatch.Dimension(name: $0, value: $1) },
            timestamp: engine.core.now - .seconds(60), value: value)
        try engine.call(
            CloudWatch.putMetricData, CloudWatch.PutMetricDataInput(namespace: "Big/Shop", metricData: [datum]))
    }

    private func input(_ query: String, label: String? = nil) -> CloudWatch.GetMetricDataInput {
        let now = engine.core.now
        return CloudWatch.GetMetricDataInput(
            metricDataQueries: [CloudWatch.MetricDataQuery(id: "q", expression: query, label: label, period: 60)],
            startTime: now - .seconds(300), endTime: now)
    }

    private func lines(_ query: String, label: String? = nil) throws -> [String] {
        let results = try engine.call(CloudWatch.getMetricData, input(query, label: label)).metricDataResults ?? []
        return results.map { "\($0.label ?? "") \($0.values ?? [])" }
    }

    static let cases: [(String, [String])] = [
        (#"SELECT SUM(Orders) FROM "Big/Shop""#, ["q [141.0]"]),
        (#"select count(Orders) from "Big/Shop""#, ["q [5.0]"]),
        (#"SELECT MAX(Orders) FROM SCHEMA("Big/Shop")"#, ["q [7.0]"]),
        (#"SELECT AVG(Orders) FROM SCHEMA("Big/Shop", Shop)"#, ["q [11.333333333333334]"]),
        (#"SELECT MIN(Orders) FROM SCHEMA("Big/Shop", Till, Shop)"#, ["q [100.0]"]),
        (#"SELECT SUM(Orders) FROM "Big/Shop" WHERE Shop = 'a'"#, ["q [30.0]"]),
        // Metrics without the label do not differ: they are passed over.
        (#"SELECT SUM(Orders) FROM "Big/Shop" WHERE Shop != 'a'"#, ["q [104.0]"]),
        (#"SELECT SUM(Orders) FROM "Big/Shop" WHERE Shop = 'b' AND Till = '1'"#, ["q [100.0]"]),
        (#"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY Shop"#, ["a [30.0]", "b [104.0]"]),
        (#"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY Shop ORDER BY MAX() DESC"#, ["b [104.0]", "a [30.0]"]),
        (#"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY Shop ORDER BY SUM() LIMIT 1"#, ["a [30.0]"]),
        (#"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY "Shop", Till"#, ["b 1 [100.0]"]),
        (#"SELECT SUM(Nothing) FROM "Big/Shop""#, ["q []"]),
        (#"SELECT SUM(Nothing) FROM "Big/Shop" GROUP BY Shop"#, []),
    ]

    @Test(arguments: cases) func query(_ query: String, _ expected: [String]) throws {
        #expect(try lines(query) == expected)
    }

    @Test func `lines are told apart by labels`() throws {
        let query = #"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY Shop"#
        #expect(try lines(query, label: "Orders") == ["Orders a [30.0]", "Orders b [104.0]"])
        #expect(try lines(query, label: "${PROP('Dim.Shop')}!") == ["a! [30.0]", "b! [104.0]"])
    }

    @Test func `math goes on with the lines`() throws {
        var input = input(#"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY Shop"#)
        input.metricDataQueries[0].returnData = false
        input.metricDataQueries.append(CloudWatch.MetricDataQuery(id: "all", expression: "SUM(q)"))
        let results = try engine.call(CloudWatch.getMetricData, input).metricDataResults
        #expect(results?.map(\.values) == [[134]])
    }

    @Test(arguments: [
        "SELECT", "SELECT MEDIAN(Orders) FROM Shop", "SELECT SUM(Orders)", "SELECT SUM(Orders) FROM Big/Shop",
        "SELECT SUM(Orders) FROM Shop WHERE Shop = a", "SELECT SUM(Orders) FROM Shop LIMIT 501",
        "SELECT SUM(Orders) FROM Shop GROUP Shop", "SELECT SUM(Orders) FROM Shop ORDER BY SUM",
    ]) func `what it refuses`(_ query: String) {
        let error = engine.error(CloudWatch.getMetricData, input(query))
        #expect(error?.code == "ValidationError")
        #expect(error?.message.hasPrefix("Error in expression 'q': ") == true)
    }

    @Test func `an alarm on many lines names those that breach`() throws {
        try engine.call(
            CloudWatch.putMetricAlarm,
            CloudWatch.PutMetricAlarmInput(
                alarmName: "shops", evaluationPeriods: 1, threshold: 50, comparisonOperator: "GreaterThanThreshold",
                metrics: [
                    CloudWatch.MetricDataQuery(
                        id: "q", expression: #"SELECT SUM(Orders) FROM "Big/Shop" GROUP BY Shop"#, period: 60)
                ]))
        engine.advance(by: .seconds(60))
        let alarm = try engine.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput()).metricAlarms?.first
        #expect(alarm?.stateValue == "ALARM")
        let found = try engine.call(
            CloudWatch.describeAlarmContributors, CloudWatch.DescribeAlarmContributorsInput(alarmName: "shops")
        ).alarmContributors
        #expect(found.map(\.contributorAttributes) == [["Shop": "b"]])
        #expect(found.first?.stateReason.contains("[104.0 (") == true)
    }
}
