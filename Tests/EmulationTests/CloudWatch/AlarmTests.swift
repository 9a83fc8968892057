import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

/// Alarms on the engine's clock.
@Suite struct AlarmTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine() }

    private func put(_ value: Double) throws {
        try engine.call(
            CloudWatch.putMetricData,
            CloudWatch.PutMetricDataInput(
                namespace: "Shop", metricData: [CloudWatch.MetricDatum(metricName: "Errors", value: value)]))
    }

    private func alarm(
        _ name: String = "errors", periods: Int = 1, datapoints: Int? = nil, missing: String? = nil,
        actions: [String]? = nil
    ) -> CloudWatch.PutMetricAlarmInput {
        CloudWatch.PutMetricAlarmInput(
            alarmName: name, alarmActions: actions, metricName: "Errors", namespace: "Shop", statistic: "Sum",
            period: 60, evaluationPeriods: periods, datapointsToAlarm: datapoints, threshold: 5,
            comparisonOperator: "GreaterThanThreshold", treatMissingData: missing)
    }

    private func described(_ name: String = "errors") throws -> CloudWatch.MetricAlarm {
        let output = try engine.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput(alarmNames: [name]))
        return try #require(output.metricAlarms?.first)
    }

    private func history(_ type: String? = nil, of name: String = "errors") throws -> [CloudWatch.AlarmHistoryItem] {
        try engine.call(
            CloudWatch.describeAlarmHistory,
            CloudWatch.DescribeAlarmHistoryInput(alarmName: name, historyItemType: type)
        ).alarmHistoryItems ?? []
    }

    /// AWS's two tables of missing data, oldest first: X breaches, 0 does not, - is missing.
    @Test(arguments: [
        "3 0-X-X ok ok ok ok", "3 0---- ok ok ok ok", "3 ----- insufficientData keep alarm ok",
        "3 0XX-X alarm alarm alarm alarm", "3 --X-- alarm keep alarm ok", "2 0-X-X alarm alarm alarm alarm",
        "2 00X0X alarm alarm alarm alarm", "2 0-X-- ok ok alarm ok", "2 ----0 ok ok alarm ok",
        "2 ---X- alarm keep alarm ok", "3 ----X keep keep alarm ok",
    ]) func `missing data`(_ row: String) {
        let parts = row.split(separator: " ")
        let points: [Bool?] = parts[1].map { $0 == "X" ? true : $0 == "0" ? false : nil }
        for (missing, expected) in zip(
            [AlarmEvaluation.MissingData.missing, .ignore, .breaching, .notBreaching], parts[2...])
        {
            let verdict = AlarmEvaluation(
                points, periods: 3, datapoints: Int(parts[0]) ?? 0, missing: missing
            ).verdict
            #expect("\(verdict)" == expected, "\(row): \(missing)")
        }
    }

    @Test func `an alarm follows its metric`() throws {
        try engine.call(CloudWatch.putMetricAlarm, alarm())
        #expect(try described().stateReason == "Unchecked: Initial alarm creation")
        engine.advance(by: .seconds(10))
        try put(6)
        engine.advance(by: .seconds(50))
        let fired = try described()
        #expect(fired.stateValue == "ALARM")
        #expect(
            fired.stateReason
                == "Threshold Crossed: 1 datapoint [6.0 (01/01/26 00:00:00)] was greater than the threshold (5.0).")
        let data = try #require(JSONReader.parse(fired.stateReasonData ?? "").object)
        #expect(data["recentDatapoints"] == [6])
        #expect(data["startDate"] == "2026-01-01T00:00:00.000+0000")
        try put(1)
        engine.advance(by: .seconds(60))
        #expect(try described().stateValue == "OK")
        engine.advance(by: .seconds(600))
        #expect(try described().stateValue == "INSUFFICIENT_DATA")
        #expect(try described().stateReason == "Insufficient Data: 1 datapoint was unknown.")
        #expect(
            try history("StateUpdate").map(\.historySummary) == [
                "Alarm updated from OK to INSUFFICIENT_DATA", "Alarm updated from ALARM to OK",
                "Alarm updated from INSUFFICIENT_DATA to ALARM",
            ])
    }

    @Test func `set states run actions and the truth comes back`() throws {
        let topic = "arn:aws:sns:us-east-1:000000000000:pages"
        try engine.call(CloudWatch.putMetricAlarm, alarm(missing: "notBreaching", actions: [topic]))
        try engine.call(
            CloudWatch.setAlarmState,
            CloudWatch.SetAlarmStateInput(alarmName: "errors", stateValue: "ALARM", stateReason: "drill"))
        #expect(try described().stateReason == "drill")
        // There is no such topic: the action failed, and the history says so.
        #expect(try history("Action").map(\.historySummary) == ["Failed to execute action \(topic)"])
        engine.advance(by: .seconds(60))
        #expect(try described().stateValue == "OK")
        #expect(
            try described().stateReason
                == "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching]."
        )
        #expect(try history("Action").count == 1)
    }

    @Test func `composite alarms follow their children`() throws {
        try engine.call(CloudWatch.putMetricAlarm, alarm("a"))
        try engine.call(CloudWatch.putMetricAlarm, alarm("b"))
        try engine.call(
            CloudWatch.putCompositeAlarm,
            CloudWatch.PutCompositeAlarmInput(alarmName: "both", alarmRule: "ALARM(a) AND NOT OK(\"b\")"))
        func state() throws -> String? {
            try engine.call(
                CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput(alarmTypes: ["CompositeAlarm"])
            ).compositeAlarms?.first?.stateValue
        }
        #expect(try state() == "INSUFFICIENT_DATA")
        for (name, value, expected) in [("a", "ALARM", "ALARM"), ("b", "OK", "OK"), ("b", "ALARM", "ALARM")] {
            try engine.call(
                CloudWatch.setAlarmState,
                CloudWatch.SetAlarmStateInput(alarmName: name, stateValue: value, stateReason: "test"))
            #expect(try state() == expected)
        }
        #expect(
            engine.error(
                CloudWatch.putCompositeAlarm,
                CloudWatch.PutCompositeAlarmInput(alarmName: "x", alarmRule: "ALARM(nobody)"))?.code
                == "ValidationError")
    }

    @Test func `a composite alarm is judged soon after it is put, and never unknown again`() throws {
        try engine.call(CloudWatch.putMetricAlarm, alarm("a"))
        try engine.call(
            CloudWatch.putCompositeAlarm, CloudWatch.PutCompositeAlarmInput(alarmName: "all", alarmRule: "ALARM(a)"))
        func described() throws -> CloudWatch.CompositeAlarm? {
            try engine.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput(alarmTypes: ["CompositeAlarm"]))
                .compositeAlarms?.first
        }
        #expect(try described()?.stateValue == "INSUFFICIENT_DATA")
        engine.advance(by: .seconds(10))
        #expect(try described()?.stateValue == "OK")
        #expect(
            try described()?.stateReason
                == "arn:aws:cloudwatch:us-east-1:123456789012:alarm:all was created and its alarm rule evaluates to OK")
    }

    @Test func `composite alarms in a circle stay as they are`() throws {
        try engine.call(
            CloudWatch.putCompositeAlarm, CloudWatch.PutCompositeAlarmInput(alarmName: "a", alarmRule: "FALSE"))
        try engine.call(
            CloudWatch.putCompositeAlarm, CloudWatch.PutCompositeAlarmInput(alarmName: "b", alarmRule: "ALARM(a)"))
        engine.advance(by: .seconds(10))
        try engine.call(
            CloudWatch.putCompositeAlarm, CloudWatch.PutCompositeAlarmInput(alarmName: "a", alarmRule: "NOT ALARM(b)"))
        engine.advance(by: .seconds(10))
        let states = try engine.call(
            CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput(alarmTypes: ["CompositeAlarm"])
        ).compositeAlarms?.map(\.stateValue)
        #expect(states == ["OK", "OK"])
        #expect(
            engine.error(CloudWatch.deleteAlarms, CloudWatch.DeleteAlarmsInput(alarmNames: ["a"]))?.code
                == "ValidationError")
    }

    @Test func `a percentile of few samples keeps the state where it is to be ignored`() throws {
        var input = alarm()
        input.statistic = nil
        input.extendedStatistic = "p90"
        input.evaluateLowSampleCountPercentile = "ignore"
        try engine.call(CloudWatch.putMetricAlarm, input)
        try put(100)
        engine.advance(by: .seconds(60))
        #expect(try described().stateValue == "INSUFFICIENT_DATA")
        #expect(try described().stateReason == "Unchecked: Initial alarm creation")
        for _ in 0..<100 { try put(100) }
        engine.advance(by: .seconds(60))
        #expect(try described().stateValue == "ALARM")
        try put(1)
        engine.advance(by: .seconds(60))
        // One sample says nothing: the hundred before it still count.
        #expect(try described().stateValue == "ALARM")
    }

    @Test func `a restart loses nothing`() throws {
        let path = NSTemporaryDirectory() + "skua-alarms-\(UInt64.random(in: 0 ... .max)).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let wall: Instant
        do {
            let first = try TestEngine(journal: Journal(path: path))
            try first.call(CloudWatch.putMetricAlarm, alarm(missing: "breaching"))
            try first.call(
                CloudWatch.putDashboard,
                CloudWatch.PutDashboardInput(dashboardName: "shop", dashboardBody: "{\"widgets\":[]}"))
            first.advance(by: .seconds(60))
            wall = first.wall
        }
        let second = try TestEngine(journal: Journal(path: path), wall: wall)
        let output = try second.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput())
        #expect(output.metricAlarms?.first?.stateValue == "ALARM")
        #expect(
            try second.call(CloudWatch.describeAlarmHistory, CloudWatch.DescribeAlarmHistoryInput())
                .alarmHistoryItems?.count == 2)
        #expect(
            try second.call(CloudWatch.listDashboards, CloudWatch.ListDashboardsInput()).dashboardEntries?.first?.size
                == 14)
        try second.call(
            CloudWatch.putMetricData,
            CloudWatch.PutMetricDataInput(
                namespace: "Shop", metricData: [CloudWatch.MetricDatum(metricName: "Errors", value: 1)]))
        second.advance(by: .seconds(60))
        #expect(
            try second.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput()).metricAlarms?.first?.stateValue
                == "OK")
    }

    @Test func `detectors are kept and say that they are not trained`() throws {
        let detector = CloudWatch.SingleMetricAnomalyDetector(namespace: "Shop", metricName: "Errors", stat: "Sum")
        try engine.call(
            CloudWatch.putAnomalyDetector, CloudWatch.PutAnomalyDetectorInput(singleMetricAnomalyDetector: detector))
        let found = try engine.call(
            CloudWatch.describeAnomalyDetectors, CloudWatch.DescribeAnomalyDetectorsInput(namespace: "Shop")
        ).anomalyDetectors
        #expect(found?.map(\.stateValue) == ["PENDING_TRAINING"])
        let gone = CloudWatch.DeleteAnomalyDetectorInput(namespace: "Shop", metricName: "Errors", stat: "Sum")
        try engine.call(CloudWatch.deleteAnomalyDetector, gone)
        #expect(engine.error(CloudWatch.deleteAnomalyDetector, gone)?.code == "ResourceNotFoundException")
    }

    @Test func `what CloudWatch refuses`() throws {
        var bad = alarm()
        bad.period = 45
        #expect(engine.error(CloudWatch.putMetricAlarm, bad)?.message.contains("Period must be 10") == true)
        bad = alarm(periods: 2000)
        #expect(engine.error(CloudWatch.putMetricAlarm, bad)?.message.contains("more than a day") == true)
        bad = alarm()
        bad.comparisonOperator = "Above"
        #expect(
            engine.error(CloudWatch.putMetricAlarm, bad)?.message.contains(
                "at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set:") == true)
        bad = alarm()
        bad.statistic = "p90"
        #expect(engine.error(CloudWatch.putMetricAlarm, bad)?.message.contains("at 'statistic'") == true)
        bad = alarm(missing: "perhaps")
        #expect(
            engine.error(CloudWatch.putMetricAlarm, bad)?.message
                == "The value perhaps is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing]."
        )
        #expect(
            engine.error(
                CloudWatch.setAlarmState,
                CloudWatch.SetAlarmStateInput(alarmName: "x", stateValue: "OK", stateReason: ""))?.code
                == "ResourceNotFound")
        try engine.call(CloudWatch.putMetricAlarm, alarm())
        try engine.call(CloudWatch.deleteAlarms, CloudWatch.DeleteAlarmsInput(alarmNames: ["errors", "x"]))
        #expect(
            try engine.call(CloudWatch.describeAlarms, CloudWatch.DescribeAlarmsInput()).metricAlarms?.isEmpty == true)
        #expect(
            engine.error(
                CloudWatch.putDashboard, CloudWatch.PutDashboardInput(dashboardName: "a b", dashboardBody: "{}"))?.code
                == "InvalidParameterValueException")
        #expect(
            engine.error(
                CloudWatch.putDashboard, CloudWatch.PutDashboardInput(dashboardName: "a", dashboardBody: "x"))?.code
                == "DashboardInvalidInputError")
    }
}
