import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct InsightsScreenTests {
    /// Requests of a shop over the last hour; one in six failed.
    private func services() -> CannedServices {
        let services = ShopQueues.services()
        services.answer(Logs.describeLogGroups) { _ in
            Logs.DescribeLogGroupsResponse(logGroups: [
                Logs.LogGroup(logGroupName: "/aws/lambda/charge"), Logs.LogGroup(logGroupName: "/aws/lambda/confirm"),
                Logs.LogGroup(logGroupName: "shop/web"),
            ])
        }
        services.answer(Logs.getLogGroupFields) { _ in
            Logs.GetLogGroupFieldsResponse(logGroupFields: [
                Logs.LogGroupField(name: "@message", percent: 100),
                Logs.LogGroupField(name: "@timestamp", percent: 100),
                Logs.LogGroupField(name: "level", percent: 83), Logs.LogGroupField(name: "order.total", percent: 41),
            ])
        }
        services.answer(Logs.startQuery) { input in
            guard !input.queryString.contains("oops") else {
                let offset = input.queryString.prefix { $0 != "!" }.count
                throw AWSError(
                    "MalformedQueryException", "unexpected symbol found ! at line 2 and position 3", httpStatus: 400,
                    fields: [
                        "queryCompileError": [
                            "location": ["startCharOffset": .integer(Int64(offset))],
                            "message": "unexpected symbol found !",
                        ]
                    ])
            }
            return Logs.StartQueryResponse(queryId: input.queryString.contains("stats") ? "stats" : "rows")
        }
        services.answer(Logs.getQueryResults) { input in
            input.queryId == "stats" ? Self.statistics : Self.records
        }
        services.answer(Logs.getLogRecord) { _ in
            Logs.GetLogRecordResponse(logRecord: [
                "@timestamp": "\(CannedServices.now)",
                "@message": #"{"level":"error","order":{"id":"A-17","total":12}}"#,
                "@log": "123456789012:/aws/lambda/charge", "@logStream": "2026/11/23/[$LATEST]8c1d", "level": "error",
                "order.id": "A-17", "order.total": "12",
            ])
        }
        services.answer(Logs.describeQueryDefinitions) { _ in
            Logs.DescribeQueryDefinitionsResponse(queryDefinitions: [
                Logs.QueryDefinition(
                    queryDefinitionId: "1", name: "errors by minute", queryString: "stats count(*) by bin(5m)",
                    logGroupNames: ["shop/web"])
            ])
        }
        services.answer(Logs.putQueryDefinition) { _ in Logs.PutQueryDefinitionResponse(queryDefinitionId: "2") }
        return services
    }

    private static func time(_ secondsAgo: Int) -> String {
        ElapsedTime.date(Instant(epochMilliseconds: CannedServices.now - Int64(secondsAgo) * 1000)) + ".000"
    }

    private static var records: Logs.GetQueryResultsResponse {
        let rows = (0..<40).map { index in
            [
                Logs.ResultField(field: "@timestamp", value: time(index * index * 2 + 5)),
                Logs.ResultField(
                    field: "@message",
                    value: index % 6 == 0
                        ? #"{"level":"error","order":{"id":"A-\#(index)","total":12},"reason":"card declined"}"#
                        : #"{"level":"info","order":{"id":"A-\#(index)","total":12}}"#),
                Logs.ResultField(field: "@ptr", value: "p\(index)"),
            ]
        }
        return Logs.GetQueryResultsResponse(
            results: rows,
            statistics: Logs.QueryStatistics(recordsMatched: 40, recordsScanned: 1240, bytesScanned: 96_000),
            status: "Complete")
    }

    private static var statistics: Logs.GetQueryResultsResponse {
        var rows: [[Logs.ResultField]] = []
        for bin in 0..<12 {
            for (index, level) in ["info", "error"].enumerated() where index == 0 || bin % 3 != 1 {
                rows.append([
                    Logs.ResultField(field: "bin(5m)", value: time(bin * 300 + 131)),
                    Logs.ResultField(field: "level", value: level),
                    Logs.ResultField(field: "count(*)", value: "\((bin * 7) % 11 + 4 * (1 - index))"),
                ])
            }
        }
        return Logs.GetQueryResultsResponse(
            results: rows,
            statistics: Logs.QueryStatistics(recordsMatched: 40, recordsScanned: 1240, bytesScanned: 96_000),
            status: "Complete")
    }

    private func console(_ services: CannedServices, group: String? = nil) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: .large)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(LogsScreens.registrations),
            root: InsightsScreen(groups: group.map { [$0] } ?? []), context: services.context(),
            status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private func frame(_ screen: some Screen, _ size: Size, _ encoding: Encoding = .utf8) async -> String {
        PlainTextPainter.paint(
            await ScreenPrinter.frame(
                of: screen, context: services().context(), status: CannedServices.status, size: size,
                encoding: encoding, isWhole: true))
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `rows with their histogram`(
        _ size: Size, _ name: String
    ) async {
        let screen = InsightsScreen(groups: ["/aws/lambda/charge"])
        #expect(Snapshot.difference(await frame(screen, size), "logs-insights-\(name)") == nil)
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `a statistic over bins`(
        _ size: Size, _ name: String
    ) async {
        let screen = InsightsScreen(
            groups: ["/aws/lambda/charge", "shop/web"], query: "stats count(*) by bin(5m), level")
        #expect(Snapshot.difference(await frame(screen, size), "logs-insights-stats-\(name)") == nil)
    }

    @Test func `in ASCII`() async {
        let screen = InsightsScreen(groups: ["/aws/lambda/charge"])
        #expect(Snapshot.difference(await frame(screen, .standard, .ascii), "logs-insights-ascii") == nil)
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")]) func `one record`(
        _ size: Size, _ name: String
    ) async {
        let screen = LogRecordScreen(InsightsRow(id: 0, values: ["@ptr": "p0", "@message": "{}"]))
        #expect(Snapshot.difference(await frame(screen, size), "logs-record-\(name)") == nil)
    }

    @Test func `groups are chosen, and the query runs over them`() async {
        let services = services()
        let (terminal, console) = await console(services)
        #expect(terminal.text.contains("Choose log groups"))
        await console.press(.space, .space, .enter)
        #expect(services.inputs(Logs.startQuery).last?.logGroupNames == ["/aws/lambda/charge", "/aws/lambda/confirm"])
        #expect(terminal.text.contains("2 log groups"))
    }

    @Test func `an error names line and column, and the cursor goes there`() async {
        let (terminal, console) = await console(services(), group: "shop/web")
        await console.press("e")
        await console.press(.control("a"))
        for character in "oops" { await console.press(Key(.character(character))) }
        await console.press(.enter)
        for character in "| !x " { await console.press(Key(.character(character))) }
        await console.press(.control("s"))
        #expect(terminal.text.contains("line 2, column 3: unexpected symbol found !"))
    }

    @Test func `saved queries are opened, and the text is saved under a name`() async {
        let services = services()
        let (_, console) = await console(services, group: "/aws/lambda/charge")
        await console.press("o", .enter)
        #expect(services.inputs(Logs.startQuery).last?.queryString == "stats count(*) by bin(5m)")
        #expect(services.inputs(Logs.startQuery).last?.logGroupNames == ["shop/web"])
        await console.press("s", .control("s"))
        let put = services.inputs(Logs.putQueryDefinition).last
        #expect(put?.name == "errors by minute")
        #expect(put?.queryDefinitionId == "1")
    }

    @Test func `a range is asked for in seconds`() async {
        let services = services()
        let (_, console) = await console(services, group: "/aws/lambda/charge")
        await console.press("p", .up, .up, .enter)
        let asked = services.inputs(Logs.startQuery).last
        #expect(asked.map { $0.endTime - $0.startTime } == 31_536_000)
    }
}
