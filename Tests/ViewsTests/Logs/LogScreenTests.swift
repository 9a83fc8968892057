import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct LogScreenTests {
    private static let group = "/aws/lambda/charge"
    private static let stream = "2026/11/23/[$LATEST]8c1d4e5f6a7b8c9d"

    private static func event(_ number: Int, _ secondsAgo: Double, _ message: String) -> Logs.FilteredLogEvent {
        Logs.FilteredLogEvent(
            logStreamName: stream, timestamp: Int(CannedServices.now - Int64(secondsAgo * 1000)), message: message,
            eventId: "e\(number)")
    }

    private static let events = [
        event(1, 30, "INIT_START Runtime Version: python:3.13.v1\n"),
        event(2, 29.8, "START RequestId: 8f0c-11 Version: $LATEST\n"),
        event(3, 29.7, "[INFO]\t2026-11-23T14:01:41Z\t8f0c-11\tcharging order A-1001\n"),
        event(4, 29.5, "[WARNING]\t2026-11-23T14:01:41Z\t8f0c-11\tcard is about to expire\n"),
        event(
            5, 29.1,
            "[ERROR] ValueError: amount must be positive\nTraceback (most recent call last):\n  File \"/var/task/app.py\", line 12, in handler\n"
        ),
        event(6, 29, "END RequestId: 8f0c-11\n"),
        event(
            7, 29,
            "REPORT RequestId: 8f0c-11\tDuration: 803.21 ms\tBilled Duration: 804 ms\tMemory Size: 128 MB\tMax Memory Used: 38 MB\n"
        ),
    ]

    func services() -> CannedServices {
        let services = ShopQueues.services()
        services.answer(Logs.describeLogGroups) { _ in
            Logs.DescribeLogGroupsResponse(logGroups: [
                Logs.LogGroup(
                    logGroupName: Self.group, creationTime: Int(CannedServices.now) - 86_400_000, retentionInDays: 14,
                    storedBytes: 48_213),
                Logs.LogGroup(
                    logGroupName: "/aws/vendedlogs/states/fulfil", creationTime: Int(CannedServices.now) - 3_600_000,
                    storedBytes: 1_204_000),
            ])
        }
        services.answer(Logs.describeMetricFilters) { _ in
            Logs.DescribeMetricFiltersResponse(metricFilters: [
                Logs.MetricFilter(
                    filterName: "errors", filterPattern: "?ERROR ?Traceback",
                    metricTransformations: [
                        Logs.MetricTransformation(
                            metricName: "Errors", metricNamespace: "Shop", metricValue: "1", unit: "Count")
                    ])
            ])
        }
        services.answer(Logs.describeSubscriptionFilters) { _ in
            Logs.DescribeSubscriptionFiltersResponse(subscriptionFilters: [
                Logs.SubscriptionFilter(
                    filterName: "to-archive", filterPattern: "",
                    destinationArn: "arn:aws:lambda:us-east-1:123456789012:function:archive")
            ])
        }
        services.answer(Logs.testMetricFilter) { input in
            Logs.TestMetricFilterResponse(
                matches: input.logEventMessages.enumerated().filter { $1.contains("ERROR") }.map {
                    Logs.MetricFilterMatchRecord(
                        eventNumber: $0 + 1, eventMessage: $1, extractedValues: ["$level": "ERROR"])
                })
        }
        services.answer(Logs.putMetricFilter) { _ in Unit() }
        services.answer(Logs.describeLogStreams) { _ in
            Logs.DescribeLogStreamsResponse(logStreams: [
                Logs.LogStream(
                    logStreamName: Self.stream, firstEventTimestamp: Int(CannedServices.now) - 30_000,
                    lastEventTimestamp: Int(CannedServices.now) - 29_000, storedBytes: 812)
            ])
        }
        services.answer(Logs.filterLogEvents) { input in
            let start = input.startTime ?? 0
            let pattern = input.filterPattern ?? ""
            return Logs.FilterLogEventsResponse(
                events: Self.events.filter {
                    ($0.timestamp ?? 0) >= start && (pattern.isEmpty || ($0.message ?? "").contains(pattern))
                })
        }
        return services
    }

    private func console(_ services: CannedServices, _ root: any Screen) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: .large)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(LogsScreens.registrations), root: root,
            context: services.context(), status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private static let screens: [(screen: any Screen, name: String)] = [
        (LogGroupListScreen(), "groups"), (LogGroupScreen(group: group), "group"),
        (LogGroupScreen(group: group, tab: "search"), "search"), (LogTailScreen(group: group), "tail"),
        (LogGroupScreen(group: group, tab: "filters"), "filters"),
    ]

    @Test(arguments: screens.indices) func `each screen`(_ index: Int) async {
        let (screen, name) = Self.screens[index]
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: screen, context: services().context(), status: CannedServices.status, size: size, isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "logs-\(name)-\(suffix)") == nil)
        }
        let buffer = await ScreenPrinter.frame(
            of: screen, context: services().context(), status: CannedServices.status, size: .standard, encoding: .ascii,
            isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "logs-\(name)-ascii") == nil)
    }

    @Test func `a tail shows each event once, late ones too, and nothing while paused`() async {
        let services = services()
        var screen = LogTailScreen(group: Self.group)
        _ = screen.update(.appeared)
        func reading(_ events: [Logs.FilteredLogEvent]) -> LogReading {
            LogReading(events: events, hasMore: false, now: CannedServices.now, isAnnounced: true)
        }
        _ = screen.update(.message(.started(.success(reading(Array(Self.events[0..<3]))))))
        #expect(screen.shown == 3)
        _ = screen.update(.message(.more(.success(reading(Self.events)))))
        #expect(screen.shown == 7)
        // One that another stream wrote earlier, and that arrives only now.
        _ = screen.update(.message(.more(.success(reading(Self.events + [Self.event(8, 31, "late")])))))
        #expect(screen.shown == 8)
        #expect(screen.update(.changed([])).count == 1)
        _ = screen.update(.action("pause"))
        #expect(screen.update(.changed([])).isEmpty)
        #expect(screen.hasWaiting)
        #expect(screen.update(.action("pause")).count == 1)
        _ = services
    }

    @Test func `levels are told by mark, and Lambda's own lines step back`() {
        #expect(LogLine.level(of: "[ERROR] ValueError: x") == .error)
        #expect(LogLine.level(of: #"{"level":"WARN","message":"slow"}"#) == .warning)
        #expect(LogLine.level(of: "2026-11-23T14:02:11Z 8f0c Task timed out after 3.00 seconds") == .error)
        #expect(LogLine.level(of: "REPORT RequestId: 1 Duration: 1 ms") == .platform)
        #expect(LogLine.level(of: "no errors to speak of, all is terrorless") == .plain)
        #expect(LogLine.level(of: "[INFO] recovered from an error") == .plain)
        let lines = LogLine.lines(of: Self.events[4], showsStream: false)
        #expect(lines.count == 3)
        #expect(lines[0].text.contains("✗ [ERROR]"))
    }

    @Test func `a pattern is sent to the service, and a search lists what matches`() async {
        let services = services()
        let (terminal, console) = await console(services, LogGroupScreen(group: Self.group))
        await console.press("f")
        await console.type("Traceback")
        await console.press(.control("s"))
        #expect(services.inputs(Logs.filterLogEvents).last?.filterPattern == "Traceback")
        #expect(terminal.text.contains("1 event"))
        #expect(terminal.text.contains("amount must be positive"))
    }

    @Test func `a pattern is tried on the latest events and made a filter`() async {
        let services = services()
        let (terminal, console) = await console(services, LogGroupScreen(group: Self.group, tab: "filters"))
        #expect(services.inputs(Logs.testMetricFilter).last?.filterPattern == "?ERROR ?Traceback")
        #expect(terminal.text.contains("1 of the latest"))
        await console.press("t", .control("u"))
        await console.type("Boom")
        #expect(services.inputs(Logs.testMetricFilter).last?.filterPattern == "Boom")
        await console.press(.enter, "n", .enter)
        await console.type("booms")
        await console.press(.tab, .tab)
        await console.type("Shop")
        await console.press(.tab)
        await console.type("Booms")
        await console.press(.control("s"))
        let put = services.inputs(Logs.putMetricFilter).last
        #expect(put?.filterPattern == "Boom")
        #expect(put?.metricTransformations.first?.metricName == "Booms")
    }

    @Test func `levels narrow the tail`() async {
        let (terminal, console) = await console(services(), LogTailScreen(group: Self.group))
        let all = terminal.text
        await console.press("v", "v")
        #expect(terminal.text.contains("errors only"))
        #expect(terminal.text.contains("1 event"))
        await console.press("v")
        #expect(terminal.text == all)
    }

    @Test func `a moment can be named in several ways`() {
        let now = CannedServices.now
        #expect(LogReading.time("-15m", now: now) == now - 900_000)
        #expect(LogReading.time("14:02:11", now: now) == now)
        #expect(LogReading.time("2026-11-23 14:02", now: now) == now - 11_000)
        #expect(LogReading.time("25:00", now: now) == nil)
        #expect(LogReading.time("yesterday", now: now) == nil)
    }

    @Test func `retention is set for all marked groups`() async {
        let services = services()
        services.answer(Logs.putRetentionPolicy) { _ in Unit() }
        let (_, console) = await console(services, LogGroupListScreen())
        await console.press(.space, .space, "e", .right, .control("s"))
        #expect(services.inputs(Logs.putRetentionPolicy).map(\.retentionInDays) == [30, 30])
    }

    @Test func `deleting a log group asks`() async {
        let services = services()
        services.answer(Logs.deleteLogGroup) { _ in Unit() }
        let (terminal, console) = await console(services, LogGroupListScreen())
        await console.press("d")
        #expect(terminal.text.contains("Delete log group /aws/lambda/charge?"))
        await console.press("y")
        #expect(services.inputs(Logs.deleteLogGroup).map(\.logGroupName) == [Self.group])
    }
}
