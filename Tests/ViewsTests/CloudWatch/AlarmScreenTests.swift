import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct AlarmScreenTests {
    private func services() -> CannedServices {
        let services = ShopQueues.services()
        let time = Instant(epochMilliseconds: 1_767_225_600_000)
        services.answer(CloudWatch.describeAlarms) { input in
            let all = [
                CloudWatch.MetricAlarm(
                    alarmName: "orders-old",
                    alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-old",
                    alarmDescription: "Orders wait too long", actionsEnabled: true,
                    alarmActions: ["arn:aws:sns:us-east-1:123456789012:pages"], stateValue: "ALARM",
                    stateReason:
                        "Threshold Crossed: 1 datapoint [61.0 (01/01/26 00:00:00)] was greater than the threshold (60.0).",
                    stateUpdatedTimestamp: time, metricName: "ApproximateAgeOfOldestMessage", namespace: "AWS/SQS",
                    statistic: "Maximum", dimensions: [CloudWatch.Dimension(name: "QueueName", value: "orders")],
                    period: 60, evaluationPeriods: 3, datapointsToAlarm: 2, threshold: 60,
                    comparisonOperator: "GreaterThanThreshold"),
                CloudWatch.MetricAlarm(
                    alarmName: "charge-errors",
                    alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:charge-errors",
                    actionsEnabled: false, stateValue: "OK", stateReason: "fine", stateUpdatedTimestamp: time,
                    metricName: "Errors", namespace: "AWS/Lambda", statistic: "Sum", period: 300, evaluationPeriods: 1,
                    threshold: 0, comparisonOperator: "GreaterThanThreshold"),
            ]
            let composite = CloudWatch.CompositeAlarm(
                actionsEnabled: true, alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:shop",
                alarmName: "shop",
                alarmRule: "ALARM(\"orders-old\") AND NOT (OK(\"charge-errors\") OR ALARM(\"deployment-in-progress\"))",
                stateReason:
                    "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-old transitioned to ALARM at Thursday 01 January, 2026 00:00:00 UTC",
                stateUpdatedTimestamp: time, stateValue: "ALARM")
            if input.alarmNames == ["shops"] {
                let query = CloudWatch.MetricDataQuery(
                    id: "q", expression: "SELECT SUM(Orders) FROM Shop GROUP BY Shop", period: 60)
                let alarm = CloudWatch.MetricAlarm(
                    alarmName: "shops", alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:shops",
                    actionsEnabled: true, stateValue: "ALARM", stateReason: "2 of 3 shops sell too much.",
                    stateUpdatedTimestamp: time, evaluationPeriods: 1, threshold: 50,
                    comparisonOperator: "GreaterThanThreshold", metrics: [query])
                return CloudWatch.DescribeAlarmsOutput(compositeAlarms: [], metricAlarms: [alarm])
            }
            if input.alarmNames == ["shop"] {
                return CloudWatch.DescribeAlarmsOutput(compositeAlarms: [composite], metricAlarms: [])
            }
            return CloudWatch.DescribeAlarmsOutput(
                compositeAlarms: [],
                metricAlarms: all.filter { alarm in input.alarmNames?.contains(alarm.alarmName ?? "") ?? true })
        }
        services.answer(CloudWatch.describeAlarmContributors) { _ in
            CloudWatch.DescribeAlarmContributorsOutput(
                alarmContributors: ["berlin", "hamburg"].map { shop in
                    CloudWatch.AlarmContributor(
                        contributorId: shop, contributorAttributes: ["Shop": shop],
                        stateReason: "Threshold Crossed: 1 datapoint [104.0 (01/01/26 00:00:00)] was greater than …")
                })
        }
        services.answer(CloudWatch.describeAlarmHistory) { _ in
            CloudWatch.DescribeAlarmHistoryOutput(alarmHistoryItems: [
                CloudWatch.AlarmHistoryItem(
                    alarmName: "orders-old", timestamp: time, historyItemType: "StateUpdate",
                    historySummary: "Alarm updated from OK to ALARM")
            ])
        }
        return services
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `the list of alarms`(
        _ size: Size, _ name: String
    ) async {
        let buffer = await ScreenPrinter.frame(
            of: AlarmListScreen(), context: services().context(), status: CannedServices.status, size: size,
            isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "cloudwatch-alarms-\(name)") == nil)
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `one alarm`(
        _ size: Size, _ name: String
    ) async {
        let buffer = await ScreenPrinter.frame(
            of: AlarmScreen(name: "orders-old"), context: services().context(), status: CannedServices.status,
            size: size, isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "cloudwatch-alarm-\(name)") == nil)
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `a composite alarm and whom it follows`(
        _ size: Size, _ name: String
    ) async {
        let buffer = await ScreenPrinter.frame(
            of: AlarmScreen(name: "shop"), context: services().context(), status: CannedServices.status, size: size,
            isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "cloudwatch-alarm-composite-\(name)") == nil)
    }

    @Test func `an alarm on a query and the lines that breach`() async {
        let buffer = await ScreenPrinter.frame(
            of: AlarmScreen(name: "shops"), context: services().context(), status: CannedServices.status,
            size: .standard, isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "cloudwatch-alarm-query-80x24") == nil)
    }
}
