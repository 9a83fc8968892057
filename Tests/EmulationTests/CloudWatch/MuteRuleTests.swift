import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Rules that mute alarms' actions, insight rules, metric streams, and how lines are named. The clock starts on Thursday,
/// 1 January 2026.
@Suite struct MuteRuleTests {
    private let world: StoredWorld
    private var engine: TestEngine { world.engine }

    init() throws {
        world = try StoredWorld()
        let engine = world.engine
        try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "pages"))
        try engine.call(
            CloudWatch.putMetricAlarm,
            CloudWatch.PutMetricAlarmInput(
                alarmName: "errors", alarmActions: ["arn:aws:sns:us-east-1:123456789012:pages"], metricName: "Errors",
                namespace: "Shop", statistic: "Sum", period: 60, evaluationPeriods: 1, threshold: 5,
                comparisonOperator: "GreaterThanThreshold", treatMissingData: "ignore"))
    }

    private func put(_ expression: String, _ duration: String) throws {
        try engine.call(
            CloudWatch.putAlarmMuteRule,
            CloudWatch.PutAlarmMuteRuleInput(
                name: "night",
                rule: CloudWatch.Rule(schedule: CloudWatch.Schedule(expression: expression, duration: duration)),
                muteTargets: CloudWatch.MuteTargets(alarmNames: ["errors"])))
    }

    private func status() throws -> String? {
        try engine.call(
            CloudWatch.getAlarmMuteRule, CloudWatch.GetAlarmMuteRuleInput(alarmMuteRuleName: "night")
        ).status
    }

    private func set(_ state: String) throws {
        try engine.call(
            CloudWatch.setAlarmState,
            CloudWatch.SetAlarmStateInput(alarmName: "errors", stateValue: state, stateReason: "drill"))
    }

    private func actions() throws -> Int {
        try engine.call(
            CloudWatch.describeAlarmHistory,
            CloudWatch.DescribeAlarmHistoryInput(alarmName: "errors", historyItemType: "Action")
        ).alarmHistoryItems?.count ?? 0
    }

    @Test func `actions wait for the end of the window and run if the state is still there`() throws {
        try put("cron(0 * * * *)", "PT10M")
        #expect(try status() == "ACTIVE")
        try set("ALARM")
        #expect(try actions() == 0)
        engine.advance(by: .seconds(599))
        #expect(try actions() == 0)
        engine.advance(by: .seconds(2))
        #expect(try actions() == 1)
        #expect(try status() == "SCHEDULED")
        try set("OK")
        try set("ALARM")
        #expect(try actions() == 2)
    }

    @Test func `what is over before the window ends is not acted upon`() throws {
        try put("at(2026-01-01T00:00)", "PT1H")
        try set("ALARM")
        try set("OK")
        engine.advance(by: .seconds(3700))
        #expect(try actions() == 0)
        #expect(try status() == "EXPIRED")
    }

    @Test func `a restart keeps what is muted`() throws {
        try put("cron(0 0 * * THU)", "PT2H")
        try set("ALARM")
        try world.restart()
        engine.advance(by: .seconds(7201))
        let history = try engine.call(
            CloudWatch.describeAlarmHistory,
            CloudWatch.DescribeAlarmHistoryInput(alarmName: "errors", historyItemType: "Action"))
        #expect(history.alarmHistoryItems?.count == 1)
    }

    @Test func `wrong rules are refused`() {
        func error(_ expression: String, _ duration: String) -> String? {
            engine.error(
                CloudWatch.putAlarmMuteRule,
                CloudWatch.PutAlarmMuteRuleInput(
                    name: "r",
                    rule: CloudWatch.Rule(schedule: CloudWatch.Schedule(expression: expression, duration: duration)))
            )?.code
        }
        #expect(error("cron(0 2 * * *)", "PT30S") == "ValidationError")
        #expect(error("cron(0 2 * *)", "PT1H") == "ValidationError")
        #expect(error("rate(1 hour)", "PT1H") == "ValidationError")
        #expect(error("cron(0 2 * * SUN)", "P2DT12H") == nil)
    }

    @Test func `rules and streams are kept`() throws {
        try engine.call(
            CloudWatch.putInsightRule,
            CloudWatch.PutInsightRuleInput(
                ruleName: "top", ruleDefinition: #"{"Schema": {"Name": "CloudWatchLogRule", "Version": 1}}"#))
        let failures = try engine.call(
            CloudWatch.disableInsightRules, CloudWatch.DisableInsightRulesInput(ruleNames: ["top", "none"])
        ).failures
        #expect(failures?.map(\.failureResource) == ["none"])
        try engine.call(
            CloudWatch.putMetricStream,
            CloudWatch.PutMetricStreamInput(
                name: "s", firehoseArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/f",
                roleArn: "arn:aws:iam::123456789012:role/r", outputFormat: "json"))
        try engine.call(CloudWatch.stopMetricStreams, CloudWatch.StopMetricStreamsInput(names: ["s"]))
        try world.restart()
        let rule = try engine.call(CloudWatch.describeInsightRules, CloudWatch.DescribeInsightRulesInput())
        #expect(rule.insightRules?.first?.state == "DISABLED")
        #expect(rule.insightRules?.first?.schema == "CloudWatchLogRule/1")
        let stream = try engine.call(CloudWatch.getMetricStream, CloudWatch.GetMetricStreamInput(name: "s"))
        #expect(stream.state == "stopped")
        #expect(stream.arn == "arn:aws:cloudwatch:us-east-1:123456789012:metric-stream/s")
    }

    @Test func `lines without a label are named by what differs, and units are not mixed`() throws {
        for (unit, value) in [("Seconds", 5.0), ("Milliseconds", 7)] {
            try engine.call(
                CloudWatch.putMetricData,
                CloudWatch.PutMetricDataInput(
                    namespace: "Shop",
                    metricData: [CloudWatch.MetricDatum(metricName: "Wait", value: value, unit: unit)]))
        }
        func query(_ id: String, _ stat: String, _ period: Int) -> CloudWatch.MetricDataQuery {
            CloudWatch.MetricDataQuery(
                id: id,
                metricStat: CloudWatch.MetricStat(
                    metric: CloudWatch.Metric(namespace: "Shop", metricName: "Wait"), period: period, stat: stat))
        }
        func results(_ queries: [CloudWatch.MetricDataQuery]) throws -> [CloudWatch.MetricDataResult] {
            try engine.call(
                CloudWatch.getMetricData,
                CloudWatch.GetMetricDataInput(
                    metricDataQueries: queries, startTime: engine.core.now - .seconds(60),
                    endTime: engine.core.now + .seconds(60))
            ).metricDataResults ?? []
        }
        #expect(try results([query("a", "Sum", 60)]).map(\.label) == ["Wait"])
        #expect(
            try results([query("a", "Sum", 60), query("b", "Minimum", 300)]).map(\.label)
                == ["Wait Sum 60", "Wait Minimum 300"])
        let one = try #require(try results([query("a", "Sum", 60)]).first)
        #expect(one.values == [7])
        #expect(one.messages?.first?.value == "Multiple units returned: '[Milliseconds, Seconds]'")
    }
}
