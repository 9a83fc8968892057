import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct ProblemScreenTests {
    private static let problems = [
        Skua.Problem(
            resourceArn: "arn:aws:iam::000000000000:role/stock-report", rule: "AccessDenied",
            text:
                "lambda:InvokeFunction on price-order was denied to role stock-report: no identity-based policy allows lambda:InvokeFunction.",
            since: WorldFixture.start, relatedArn: WorldFixture.function("price-order")),
        Skua.Problem(
            resourceArn: WorldFixture.queue("orders-dead"), item: "0f3e", rule: "DeadLetters",
            text:
                "A message of orders was given up after 3 receives: receive-order failed with JSONDecodeError: Expecting value.",
            since: WorldFixture.start + .seconds(60), relatedArn: WorldFixture.function("receive-order")),
        Skua.Problem(
            resourceArn: WorldFixture.queue("shipments.fifo"), item: "north", rule: "MessageGroupLock",
            text: "Group north is blocked: 2 messages wait behind one that was received 4 min 1 s ago and not deleted.",
            since: WorldFixture.start, movesAt: WorldFixture.start + .seconds(43_200)),
        Skua.Problem(
            resourceArn: WorldFixture.execution, rule: "ExecutionFailed",
            text: "order-70002 failed with CardDeclined: the bank declined 449.00 EUR for barbara@example.com.",
            since: WorldFixture.start + .seconds(12), relatedArn: WorldFixture.machine),
    ]

    private static func transport(_ found: [Skua.Problem] = problems) -> CannedServices {
        WorldFixture.transport([
            "ListProblems": { _ in Skua.ListProblemsResponse(problems: found, total: found.count).document },
            "Explain": { _ in
                Skua.ExplainResponse(reasons: [
                    Skua.Reason(rule: "MaxReceiveCount", text: "It was received 3 of 3 times.")
                ]).document
            },
        ])
    }

    private func frame(
        _ screen: any Screen, _ transport: CannedServices = transport(), size: Size, _ encoding: Encoding = .utf8
    )
        async -> String
    {
        PlainTextPainter.paint(
            await ScreenPrinter.frame(
                of: screen, context: transport.context(), size: size, encoding: encoding, isWhole: true))
    }

    @Test func listsWhatIsWrong() async {
        for (name, size, encoding) in [
            ("problems-80x24", Size.standard, Encoding.utf8), ("problems-120x40", .large, .utf8),
            ("problems-80x24-ascii", .standard, .ascii),
        ] {
            #expect(Snapshot.difference(await frame(ProblemScreen(), size: size, encoding), name) == nil)
        }
    }

    @Test func homeShowsThemInPlaceOfOldFailures() async {
        for (name, size) in [
            ("home-problems-80x24", Size.standard), ("home-problems-120x40", .large),
            ("home-problems-60x20", .smallest),
        ] {
            #expect(Snapshot.difference(await frame(HomeScreen(), size: size), name) == nil)
        }
    }

    @Test func saysThatAllIsWell() async {
        #expect(await frame(ProblemScreen(), Self.transport([]), size: .standard).contains("Nothing is stuck"))
        #expect(await frame(HomeScreen(), Self.transport([]), size: .large).contains("Recent failures"))
    }

    @Test func saysThatOnlyTheEngineLooks() async {
        let buffer = await ScreenPrinter.frame(
            of: ProblemScreen(), context: Self.transport().context(hasEngine: false), size: .standard, encoding: .utf8,
            isWhole: true)
        #expect(PlainTextPainter.paint(buffer).contains("Only Skua's own engine looks"))
    }

    // MARK: Keys

    private func console(_ root: any Screen = HomeScreen()) async -> (ConsoleApplication, TestTerminal) {
        let terminal = TestTerminal(size: .large)
        let console = ConsoleApplication(
            driver: terminal, catalog: ConsoleScreens.catalog, root: root, context: Self.transport().context()
        ) { _ in
            throw CancellationError()
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func oneKeyTellsWhyFromHome() async {
        let (console, terminal) = await console()
        await console.press("2")
        #expect(terminal.text.contains("Why? orders-dead, 0f3e"))
        #expect(terminal.text.contains("JSONDecodeError"))
        #expect(terminal.text.contains("It was received 3 of 3 times."))
        await console.press(.escape, "4")
        #expect(terminal.text.contains("CardDeclined"))
        await console.press(.escape, "9")
        #expect(terminal.text.contains("What is wrong"), "there is no ninth")
    }

    @Test func theListIsOneKeyFromEverywhere() async {
        let (console, terminal) = await console(TimeScreen())
        await console.press("!")
        #expect(terminal.text.contains("Skua › What is wrong"))
        await console.press("!", "j", "j", .enter)
        #expect(terminal.text.contains("Why? shipments.fifo, north"))
        await console.press(.escape, .escape)
        #expect(!terminal.text.contains("› What is wrong"), "! twice opens it once")
    }

    @Test func marksTheMap() {
        let rows = Self.problems.enumerated().map { ProblemRow($0.element, number: $0.offset + 1) }
        let map = ResourceMap(WorldFixture.topology()).marking(rows)
        #expect(map.resource(WorldFixture.machine)?.health == .warning)
        #expect(map.resource(WorldFixture.queue("orders-dead"))?.health == .warning)
        #expect(map.resource(WorldFixture.queue("notifications"))?.health == .good)
    }

    @Test func looksAgainWhileNothingHappens() {
        #expect(ProblemScreen().tickInterval == .seconds(5))
        var home = HomeScreen()
        #expect(home.tickInterval == nil)
        var reading = HomeReading(hasEngine: true)
        reading.problems = []
        _ = home.update(.message(.loaded(.success(reading))))
        #expect(home.tickInterval == .seconds(15))
    }
}
