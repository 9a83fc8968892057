import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct DashboardScreenTests {
    private static let body = ##"""
        {"widgets": [
          {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2,
           "properties": {"markdown": "# The shop\nOrders come in, are *charged* and confirmed. See the [runbook](https://example.com)."}},
          {"type": "metric", "x": 0, "y": 2, "width": 12, "height": 6, "properties": {"title": "Calls", "stat": "Sum",
            "period": 60, "metrics": [["AWS/Lambda", "Invocations", "FunctionName", "charge", {"id": "m1"}],
              [".", "Errors", ".", ".", {"id": "m2", "visible": false}],
              ["...", "confirm", {"stat": "p99"}],
              [{"expression": "100 * m2 / m1", "label": "error rate", "id": "e1"}]],
            "annotations": {"horizontal": [{"value": 40, "label": "too many"}]}}},
          {"type": "metric", "x": 12, "y": 2, "width": 12, "height": 3, "properties": {"title": "Waiting",
            "view": "singleValue", "metrics": [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "orders"],
              ["...", "thumbnails"]]}},
          {"type": "alarm", "x": 12, "y": 5, "width": 12, "height": 3, "properties": {"title": "Alarms",
            "alarms": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:charge-errors"]}},
          {"type": "log", "x": 0, "y": 8, "width": 24, "height": 6, "properties": {"title": "Errors", "view": "table",
            "query": "SOURCE '/aws/lambda/charge' | fields @timestamp, @message | filter @message like /ERROR/"}},
          {"type": "custom", "x": 0, "y": 14, "width": 12, "height": 3, "properties": {}}
        ]}
        """##

    private func services(_ body: String = DashboardScreenTests.body) -> CannedServices {
        let services = MetricsScreenTests().services()
        services.answer(CloudWatch.getDashboard) { _ in
            CloudWatch.GetDashboardOutput(dashboardBody: body, dashboardName: "shop")
        }
        services.answer(CloudWatch.listDashboards) { _ in
            CloudWatch.ListDashboardsOutput(dashboardEntries: [
                CloudWatch.DashboardEntry(
                    dashboardName: "shop", dashboardArn: "arn:aws:cloudwatch::123456789012:dashboard/shop",
                    lastModified: .ago(3600), size: 1404)
            ])
        }
        services.answer(CloudWatch.describeAlarms) { _ in
            CloudWatch.DescribeAlarmsOutput(metricAlarms: [
                CloudWatch.MetricAlarm(
                    alarmName: "charge-errors", stateValue: "ALARM", metricName: "Errors", namespace: "AWS/Lambda",
                    statistic: "Sum", threshold: 3, comparisonOperator: "GreaterThanThreshold")
            ])
        }
        services.answer(Logs.startQuery) { _ in Logs.StartQueryResponse(queryId: "q") }
        services.answer(Logs.getQueryResults) { _ in
            Logs.GetQueryResultsResponse(
                results: [
                    [
                        Logs.ResultField(field: "@timestamp", value: "2026-11-23 14:01:11.000"),
                        Logs.ResultField(field: "@message", value: "[ERROR] card declined for order A-17"),
                    ]
                ], status: "Complete")
        }
        services.answer(CloudWatch.putDashboard) { _ in CloudWatch.PutDashboardOutput() }
        return services
    }

    private func frame(_ screen: some Screen, _ size: Size, _ encoding: Encoding = .utf8) async -> String {
        PlainTextPainter.paint(
            await ScreenPrinter.frame(
                of: screen, context: services().context(), status: CannedServices.status, size: size,
                encoding: encoding, isWhole: true))
    }

    @Test(arguments: [
        (Size.standard, "80x24"), (Size.large, "120x40"), (Size(width: 160, height: 50), "160x50"),
    ]) func `panels reflow`(_ size: Size, _ name: String) async {
        #expect(Snapshot.difference(await frame(DashboardScreen(name: "shop"), size), "dashboard-\(name)") == nil)
    }

    @Test func `in ASCII`() async {
        let text = await frame(DashboardScreen(name: "shop"), .large, .ascii)
        #expect(Snapshot.difference(text, "dashboard-ascii") == nil)
    }

    @Test func `the list and the body`() async {
        #expect(Snapshot.difference(await frame(DashboardListScreen(), .standard), "dashboards-80x24") == nil)
        #expect(
            Snapshot.difference(await frame(DashboardEditorScreen(name: "shop"), .standard), "dashboard-body-80x24")
                == nil)
    }

    @Test func `the shorthand of a body is resolved`() throws {
        let widgets = DashboardBody(Self.body).widgets
        guard case .metric(let widget) = widgets[1].content else {
            Issue.record("no metric")
            return
        }
        let queries = widget.queries(period: 300)
        #expect(queries.map { $0.metricStat?.metric.metricName } == ["Invocations", "Errors", "Errors", nil])
        #expect(queries[1].metricStat?.metric.dimensions?.first?.value == "charge")
        #expect(queries[2].metricStat?.metric.dimensions?.first?.value == "confirm")
        #expect(queries.map { $0.metricStat?.stat } == ["Sum", "Sum", "p99", nil])
        #expect(queries.map { $0.metricStat?.period ?? $0.period } == [60, 60, 60, 60])
        #expect(!widget.shown.contains("m2"))
        #expect(widget.levels == [ChartLevel(40, name: "too many")])
        guard case .log(let log) = widgets[4].content else {
            Issue.record("no log")
            return
        }
        #expect(log.groups == ["/aws/lambda/charge"])
        #expect(log.query == "fields @timestamp, @message | filter @message like /ERROR/")
    }

    @Test(arguments: [60, 80, 100, 120, 160, 240]) func `panels neither overlap nor leave the screen`(_ width: Int) {
        let widgets = DashboardBody(Self.body).widgets
        let layout = DashboardLayout(widgets, width: width, rowsPerUnit: 1.5)
        for (index, place) in layout.places.enumerated() {
            #expect(place.x >= 0 && place.maxX <= width)
            for other in layout.places[..<index] { #expect(place.intersection(other).isEmpty) }
        }
    }

    @Test func `a panel is zoomed and opened`() async {
        let services = services()
        let terminal = TestTerminal(size: .large)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(CloudWatchScreens.registrations),
            root: DashboardScreen(name: "shop"), context: services.context(), status: CannedServices.status)
        await console.begin()
        await console.press(.tab, .enter)
        #expect(!terminal.text.contains("Waiting"))
        await console.press("o")
        let asked = services.inputs(CloudWatch.getMetricData).last?.metricDataQueries ?? []
        #expect(asked.map(\.id) == ["m1", "m2", "skua2", "e1"])
        #expect(asked.map(\.returnData) == [true, false, true, true])
        #expect(terminal.text.contains("4 of 6 charted"))
    }

    @Test func `math is written, and the chart put on a dashboard`() async {
        let services = services()
        let terminal = TestTerminal(size: .large)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(CloudWatchScreens.registrations),
            root: MetricsScreen(namespace: "AWS/Lambda"), context: services.context(), status: CannedServices.status)
        await console.begin()
        await console.press(.space, "x")
        #expect(terminal.text.contains("m1 Duration charge"))
        for character in "m1 / 2" { await console.press(Key(.character(character))) }
        await console.press(.control("s"))
        #expect(services.inputs(CloudWatch.getMetricData).last?.metricDataQueries.last?.expression == "m1 / 2")
        await console.press("b")
        for character in "shop" { await console.press(Key(.character(character))) }
        await console.press(.control("s"))
        let body = services.inputs(CloudWatch.putDashboard).last?.dashboardBody ?? ""
        let added = DashboardBody(body).widgets.last
        guard case .metric(let widget) = added?.content else {
            Issue.record("no widget was added")
            return
        }
        #expect(added?.y == 17)
        #expect(widget.requests.map(\.expression) == [nil, "m1 / 2"])
    }
}
