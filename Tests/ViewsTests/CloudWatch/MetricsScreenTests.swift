import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct MetricsScreenTests {
    func services() -> CannedServices {
        let services = ShopQueues.services()
        services.answer(CloudWatch.listMetrics) { _ in
            var metrics: [CloudWatch.Metric] = []
            for queue in ["orders", "thumbnails"] {
                for name in ["ApproximateNumberOfMessagesVisible", "NumberOfMessagesReceived", "NumberOfMessagesSent"] {
                    metrics.append(
                        CloudWatch.Metric(
                            namespace: "AWS/SQS", metricName: name,
                            dimensions: [CloudWatch.Dimension(name: "QueueName", value: queue)]))
                }
            }
            for name in ["Duration", "Errors", "Invocations"] {
                metrics.append(
                    CloudWatch.Metric(
                        namespace: "AWS/Lambda", metricName: name,
                        dimensions: [CloudWatch.Dimension(name: "FunctionName", value: "charge")]))
            }
            return CloudWatch.ListMetricsOutput(metrics: metrics)
        }
        return services
    }

    private func console(_ services: CannedServices, size: Size = .large) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: size)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(CloudWatchScreens.registrations), root: MetricsScreen(),
            context: services.context(), status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `the metrics of a namespace`(
        _ size: Size, _ name: String
    ) async {
        let buffer = await ScreenPrinter.frame(
            of: MetricsScreen(namespace: "AWS/SQS"), context: services().context(), status: CannedServices.status,
            size: size, isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "cloudwatch-metrics-\(name)") == nil)
    }

    @Test func `the metrics in ASCII`() async {
        let buffer = await ScreenPrinter.frame(
            of: MetricsScreen(namespace: "AWS/SQS"), context: services().context(), status: CannedServices.status,
            size: .standard, encoding: .ascii, isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "cloudwatch-metrics-ascii") == nil)
    }

    @Test func `marked metrics of several namespaces share one chart`() async {
        let services = services()
        let (terminal, console) = await console(services)
        #expect(terminal.text.contains("AWS/Lambda"))
        await console.press(.enter, "j", .space, .escape, "j", .enter, .space)
        let queries = services.inputs(CloudWatch.getMetricData).last?.metricDataQueries ?? []
        #expect(queries.map { $0.metricStat?.metric.namespace } == ["AWS/Lambda", "AWS/SQS"])
        // Counts of events are summed.
        #expect(queries.map { $0.metricStat?.stat } == ["Sum", "Average"])
        #expect(terminal.text.contains("2 of 6 charted"))
    }

    @Test func `statistic, range and period are asked for`() async {
        let services = services()
        let (_, console) = await console(services)
        await console.press(.enter, "m", "j", "j", .enter, "+")
        let asked = services.inputs(CloudWatch.getMetricData).last
        #expect(asked?.metricDataQueries.first?.metricStat?.stat == "Sum")
        #expect(asked.map { $0.endTime.epochMilliseconds - $0.startTime.epochMilliseconds } == 10_800_000)
    }

    @Test func `periods without data are gaps, or zeros for sums`() {
        let points = [ChartSeries.Point(time: 60_000, value: 1), ChartSeries.Point(time: 240_000, value: 2)]
        let gaps = MetricReading.spaced(points, period: 60_000, from: 0, to: 300_000, fillsZero: false)
        #expect(gaps.map(\.value) == [1, nil, 2])
        let zeros = MetricReading.spaced(points, period: 60_000, from: 0, to: 360_000, fillsZero: true)
        #expect(zeros.map(\.value) == [0, 1, 0, 0, 2, 0])
        #expect(zeros.map(\.time) == [0, 60_000, 120_000, 180_000, 240_000, 300_000])
    }

    @Test func `a cursor reads the values at a moment`() async {
        let (terminal, console) = await console(services())
        await console.press(.enter, .left)
        #expect(terminal.text.contains("At the cursor"))
        await console.press(.escape)
        #expect(terminal.text.contains("Latest"))
    }
}
