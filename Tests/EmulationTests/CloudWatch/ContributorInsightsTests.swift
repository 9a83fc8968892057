import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Rules of Contributor Insights and their reports.
@Suite struct ContributorInsightsTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine() }

    private func log(_ lines: String..., in group: String) throws {
        if engine.error(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: group)) == nil {
            try engine.call(
                Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: group, logStreamName: "s"))
        }
        let now = Int(engine.core.now.epochMilliseconds)
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: group, logStreamName: "s",
                logEvents: lines.map { Logs.InputLogEvent(timestamp: now, message: $0) }))
    }

    private func put(_ definition: String) throws {
        try engine.call(
            CloudWatch.putInsightRule, CloudWatch.PutInsightRuleInput(ruleName: "r", ruleDefinition: definition))
        engine.advance(by: .seconds(1))
    }

    private func report(_ metrics: String...) throws -> CloudWatch.GetInsightRuleReportOutput {
        engine.advance(by: .seconds(60))
        let now = engine.core.now
        return try engine.call(
            CloudWatch.getInsightRuleReport,
            CloudWatch.GetInsightRuleReportInput(
                ruleName: "r", startTime: now - .seconds(300), endTime: now, period: 60, metrics: metrics))
    }

    @Test func `JSON lines are counted by their keys`() throws {
        try put(
            #"{"Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "LogGroupNames": ["shop*"], "LogFormat": "JSON", "Contribution": {"Keys": ["$.user"], "Filters": [{"Match": "$.status", "GreaterThan": 499}]}, "AggregateOn": "Count"}"#
        )
        try log(
            #"{"user": "ada", "status": 500}"#, #"{"user": "ada", "status": 503}"#, #"{"user": "bob", "status": 500}"#,
            #"{"user": "eve", "status": 200}"#, "no JSON", in: "shop-web")
        try log(#"{"user": "ada", "status": 500}"#, in: "other")
        let found = try report("UniqueContributors", "MaxContributorValue")
        #expect(found.keyLabels == ["$.user"])
        #expect(found.aggregationStatistic == "SampleCount")
        #expect(found.aggregateValue == 3)
        #expect(found.approximateUniqueCount == 2)
        #expect(found.contributors?.map(\.keys) == [["ada"], ["bob"]])
        #expect(found.contributors?.map(\.approximateAggregateValue) == [2, 1])
        #expect(found.metricDatapoints?.compactMap(\.uniqueContributors).max() == 2)
        #expect(found.metricDatapoints?.compactMap(\.maxContributorValue).max() == 2)
        #expect(found.metricDatapoints?.allSatisfy { $0.sum == nil } == true)
    }

    @Test func `values of lines in the common log format are added up`() throws {
        try put(
            #"{"LogGroupNames": ["shop"], "LogFormat": "CLF", "Fields": {"1": "ip", "3": "bytes"}, "Contribution": {"Keys": ["ip"], "ValueOf": "bytes", "Filters": [{"Match": "ip", "NotIn": ["10.0.0.9"]}]}, "AggregateOn": "Sum"}"#
        )
        try log("10.0.0.1 [a b] 30", "10.0.0.1 x 12", "10.0.0.2 x 100", "10.0.0.9 x 999", in: "shop")
        let found = try report("Sum", "Average", "Maximum")
        #expect(found.aggregationStatistic == "Sum")
        #expect(found.contributors?.map(\.keys) == [["10.0.0.2"], ["10.0.0.1"]])
        #expect(found.contributors?.map(\.approximateAggregateValue) == [100, 42])
        #expect(found.metricDatapoints?.compactMap(\.maximum).max() == 100)
    }

    @Test func `what a rule did not see is not in its report`() throws {
        try log(#"{"user": "ada"}"#, in: "shop")
        engine.advance(by: .seconds(1))
        try put(#"{"LogGroupNames": ["shop"], "LogFormat": "JSON", "Contribution": {"Keys": ["$.user"]}}"#)
        let found = try report("UniqueContributors")
        #expect(found.contributors?.isEmpty == true)
        #expect(found.metricDatapoints?.allSatisfy { $0.uniqueContributors == 0 } == true)
        let now = engine.core.now
        #expect(
            engine.error(
                CloudWatch.getInsightRuleReport,
                CloudWatch.GetInsightRuleReportInput(
                    ruleName: "none", startTime: now - .seconds(60), endTime: now, period: 60)
            )?.code == "ResourceNotFoundException")
    }
}
