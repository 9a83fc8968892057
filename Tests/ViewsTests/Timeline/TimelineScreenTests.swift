import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct TraceTreeTests {
    @Test func hangsEffectsOnTheirCauses() {
        let tree = TraceTree(WorldFixture.events.filter { $0.traceId == "a1" }.reversed().map(TimelineRow.init))
        #expect(tree.lines.map(\.id) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(
            tree.lines.map(\.guides) == [
                "", "└ ", "  └ ", "    └ ", "      └ ", "        ├ ", "        ├ ", "        └ ",
            ])
        #expect(tree.lines[7].offset == 118)
        #expect(tree.lines[7].sinceCause == 47)
        #expect(tree.failures == 2)
        #expect(tree.firstEffect(of: 4) == 5)
    }

    @Test func takesOrphansAsOrigins() {
        let rows = [
            TimelineRow(WorldFixture.event(5, 0, "call", "sqs", "A", "", cause: 2)),
            TimelineRow(WorldFixture.event(6, 1, "call", "sqs", "B", "", cause: 6)),
        ]
        #expect(TraceTree(rows).lines.map(\.cause) == [nil, nil])
    }

    @Test func bearsAThousandCausesInARow() {
        let rows = (1...1000).map {
            TimelineRow(WorldFixture.event($0, Int64($0), "call", "sqs", "A", "", cause: $0 > 1 ? $0 - 1 : nil))
        }
        #expect(TraceTree(rows).lines.last?.cause == 998)
    }
}

@Suite struct TimelineScreenTests {
    private func frame(_ screen: any Screen, size: Size, encoding: Encoding = .utf8) async -> String {
        PlainTextPainter.paint(
            await ScreenPrinter.frame(
                of: screen, context: WorldFixture.transport().context(), size: size, encoding: encoding, isWhole: true))
    }

    @Test func drawsTheList() async {
        #expect(Snapshot.difference(await frame(TimelineScreen(), size: .standard), "timeline-80x24") == nil)
        #expect(Snapshot.difference(await frame(TimelineScreen(), size: .large), "timeline-120x40") == nil)
        #expect(
            Snapshot.difference(
                await frame(TimelineScreen(), size: .standard, encoding: .ascii), "timeline-80x24-ascii") == nil)
    }

    @Test func drawsATrace() async {
        let screen = TraceScreen(traceID: "a1", entryID: 8)
        #expect(Snapshot.difference(await frame(screen, size: .standard), "trace-80x24") == nil)
        #expect(Snapshot.difference(await frame(screen, size: .large), "trace-120x40") == nil)
        #expect(Snapshot.difference(await frame(screen, size: .standard, encoding: .ascii), "trace-80x24-ascii") == nil)
    }

    private func console(_ transport: CannedServices) async -> (ConsoleApplication, TestTerminal) {
        let terminal = TestTerminal(size: .large)
        func stub(_ id: String) -> ScreenRegistration {
            ScreenRegistration(id, id, arguments: ["A", "B?"]) { StubScreen(id: id, arguments: $0) }
        }
        let catalog = ScreenCatalog(
            TimelineScreens.registrations + [
                stub("sqs.queue"), stub("states.execution"), stub("states.machine"), stub("lambda.function"),
                stub("why"),
            ])
        let console = ConsoleApplication(
            driver: terminal, catalog: catalog, root: TimelineScreen(), context: transport.context()
        ) { _ in
            throw CancellationError()
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func followsATrace() async {
        let (console, terminal) = await console(WorldFixture.transport())
        await console.press("j", "j", "j", .enter)
        #expect(terminal.text.contains("Trace a1"))
        #expect(terminal.text.contains("47 ms after ExecutionStarted"))
        await console.press(.left, .left, .enter)
        #expect(terminal.text.contains("states.machine \(WorldFixture.machine)"))
        await console.press(.escape, .escape)
        #expect(terminal.text.contains("Timeline"))
    }

    @Test func walksForwardAndBack() async {
        var screen = TraceScreen(traceID: "a1", entryID: 8)
        _ = screen.update(
            .message(.loaded(.success(WorldFixture.events.filter { $0.traceId == "a1" }.map(TimelineRow.init)))))
        #expect(screen.table.selected?.id == 8)
        _ = screen.update(.action("cause"))
        #expect(screen.table.selected?.id == 5)
        _ = screen.update(.action("effect"))
        #expect(screen.table.selected?.id == 6)
        _ = screen.update(.action("failure"))
        #expect(screen.table.selected?.id == 7)
        _ = screen.update(.action("failure"))
        #expect(screen.table.selected?.id == 8)
        #expect(screen.bindings.binding(for: .right)?.availability.reason == "It led to nothing")
    }

    @Test func narrowsByKindFailureAndResource() async {
        let transport = WorldFixture.transport()
        let (console, terminal) = await console(transport)
        await console.press("e")
        #expect(terminal.text.contains("only failures"))
        #expect(!terminal.text.contains("StartExecution"))
        await console.press("f", "j", "j", "j", .enter)
        #expect(terminal.text.contains("failures · invocations"))
        await console.press("i")
        let last = transport.inputs(of: "ListTimeline").last.map(Skua.ListTimelineRequest.init)
        #expect(last?.onlyErrors == true)
        #expect(last?.kinds == ["invocation"])
        #expect(last?.resourceArn == WorldFixture.function("charge-card:live"))
        await console.press(.escape)
        #expect(terminal.text.contains("StartExecution"))
    }

    @Test func keepsUpWithNews() {
        var screen = TimelineScreen()
        func rows(_ range: ClosedRange<Int>) -> [TimelineRow] {
            range.reversed().map { TimelineRow(WorldFixture.event($0, Int64($0), "call", "sqs", "A\($0)", "")) }
        }
        _ = screen.update(.message(.loaded(.success(rows(1...10)))))
        _ = screen.update(.message(.news(.success(rows(1...12).reversed()))))
        #expect(screen.table.selected?.id == 12)
        #expect(screen.table.count == 12)
        // Whoever reads further down is left there, and what is amended changes in place.
        _ = screen.update(.action("table.down"))
        let amended = TimelineRow(WorldFixture.event(9, 9, "call", "sqs", "A9", "", error: "Boom"))
        _ = screen.update(.message(.news(.success([amended] + rows(13...13)))))
        #expect(screen.table.selected?.id == 11)
        #expect(screen.table.allRows?.first?.id == 13)
        #expect(screen.table.allRows?.first { $0.id == 9 }?.error == "Boom")
    }

    @Test func fetchesOlderOnesAtTheEnd() {
        var screen = TimelineScreen()
        let rows = (301...500).reversed().map { TimelineRow(WorldFixture.event($0, Int64($0), "call", "sqs", "A", "")) }
        _ = screen.update(.message(.loaded(.success(rows))))
        #expect(screen.update(.action("table.down")).isEmpty)
        #expect(screen.update(.action("table.last")).count == 1)
        #expect(screen.update(.action("table.last")).isEmpty)
        _ = screen.update(
            .message(
                .older(
                    .success(
                        (101...300).reversed().map { TimelineRow(WorldFixture.event($0, 0, "call", "sqs", "A", "")) })))
        )
        #expect(screen.table.count == 400)
        #expect(screen.hasOlder)
    }
}

@Suite struct FollowTests {
    /// Sent, waited for, run for 40 ms, failed; and a second one that is still under way.
    private static let entries: [Skua.TimelineEvent] = {
        var events = [
            WorldFixture.event(1, 0, "call", "sqs", "SendMessage", WorldFixture.queue("orders")),
            WorldFixture.event(2, 200, "delivery", "lambda", "aws:sqs", WorldFixture.function("worker"), cause: 1),
            WorldFixture.event(3, 200, "invocation", "lambda", "aws:sqs", WorldFixture.function("worker"), cause: 2),
            WorldFixture.event(4, 220, "call", "sns", "Publish", WorldFixture.arn("sns", "news"), cause: 3),
            WorldFixture.event(5, 230, "invocation", "lambda", "Event", WorldFixture.function("tell:live"), cause: 4),
        ]
        events[0].endedAt = WorldFixture.start
        events[2].endedAt = WorldFixture.start + .milliseconds(240)
        events[2].error = "CardDeclined"
        events[3].endedAt = WorldFixture.start + .milliseconds(225)
        events[4].detail = "running"
        return events
    }()

    private static let lines = TraceTree(entries.map(TimelineRow.init)).lines

    @Test func tellsWaitFromWork() {
        let waterfall = TraceWaterfall(Self.lines, now: WorldFixture.start + .milliseconds(400))
        #expect(waterfall.span == 400)
        #expect(waterfall.bars.map(\.waitedFrom) == [0, 0, 200, 220, 225])
        #expect(waterfall.bars.map(\.from) == [0, 200, 200, 220, 230])
        #expect(waterfall.bars.map(\.to) == [0, 200, 240, 225, 400])
        #expect(waterfall.words(1) == "waited 200 ms")
        #expect(waterfall.words(2) == "took 40 ms")
        #expect(waterfall.words(4) == "waited 5 ms, running for 170 ms")
        #expect(waterfall.line(1, width: 40).text == String(repeating: "·", count: 20) + "█")
        #expect(waterfall.line(2, width: 40).text == String(repeating: " ", count: 20) + "▒▒▒▒")
        #expect(waterfall.line(4, width: 40).text.hasSuffix("█"))
        #expect(waterfall.line(4, width: 40).columns == 40)
        #expect(waterfall.line(99, width: 40).columns == 0)
        for width in [1, 2, 10, 60] {
            for index in Self.lines.indices { #expect(waterfall.line(index, width: width).columns <= width) }
        }
    }

    @Test func drawsResourcesOnceWithWhatPassed() {
        let graph = TraceGraph(Self.lines)
        #expect(graph.nodes.map(\.name) == ["orders", "worker", "news", "tell:live"])
        #expect(graph.nodes.map(\.failures) == [0, 1, 0, 0])
        #expect(graph.order.count == 3)
        #expect(graph.nodes.map(\.entries) == [1, 2, 1, 1])
    }

    private static func transport() -> CannedServices {
        WorldFixture.transport([
            "ListTimeline": { _ in Skua.ListTimelineResponse(events: entries.reversed(), lastId: 5).document },
            "GetTimelineEntry": { input in
                let id = Skua.GetTimelineEntryRequest(input).id
                return Skua.GetTimelineEntryResponse(
                    event: entries.first { $0.id == id }, input: #"{"MessageBody":"{\"total\":42}"}"#,
                    output: id == 1 ? #"{"MessageId":"m-1"}"# : nil
                ).document
            },
        ])
    }

    private func console(size: Size = .large) async -> (ConsoleApplication, TestTerminal) {
        let terminal = TestTerminal(size: size)
        let console = ConsoleApplication(
            driver: terminal, catalog: ConsoleScreens.catalog, root: TraceScreen(traceID: "a1"),
            context: Self.transport().context(),
            status: ConsoleStatus(now: (WorldFixture.start + .milliseconds(400)).epochMilliseconds)
        ) { _ in
            throw CancellationError()
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func drawsBarsAndGraph() async {
        for (name, size) in [("80x24", Size.standard), ("120x40", .large)] {
            let (console, terminal) = await console(size: size)
            await console.press("2", "j", "j")
            #expect(Snapshot.difference(terminal.text, "trace-waterfall-\(name)") == nil)
            await console.press("3")
            #expect(Snapshot.difference(terminal.text, "trace-graph-\(name)") == nil)
        }
    }

    @Test func theThreeViewsHaveOneSelection() async {
        let (console, terminal) = await console()
        await console.press("3", "l")
        #expect(terminal.text.contains("200 ms after SendMessage"))
        await console.press("1", "n")
        #expect(terminal.text.contains("CardDeclined"))
        await console.press("3", "l", "1")
        #expect(terminal.text.contains("20 ms after aws:sqs"))
    }

    @Test func showsWhatWentInAndCameOut() async {
        for (name, size) in [("80x24", Size.standard), ("120x40", .large)] {
            let (console, terminal) = await console(size: size)
            await console.press("p")
            #expect(Snapshot.difference(terminal.text, "trace-payload-\(name)") == nil)
            await console.press(.escape, "j", "p")
            #expect(terminal.text.contains("Nothing, or no longer kept."))
        }
    }
}
