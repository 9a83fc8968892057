import AWSClient
import AWSModel
import AWSTypes
import Synchronization
import TerminalUI
import Testing

@testable import Views

@Suite struct JumpTargetTests {
    private let now = WorldFixture.start  // 2026-11-23 14:30

    @Test(arguments: [
        ("90s", 90.0), ("15m", 900), ("1h 30m", 5400), ("24h", 86_400), ("2d", 172_800), ("1.5h", 5400), ("45", 45),
        ("+10m", 600), ("1w", 604_800),
    ])
    func readsDurations(text: String, seconds: Double) throws {
        #expect((try JumpTarget(text, now: now).instant - now).inSeconds == seconds)
    }

    @Test(arguments: [
        ("14:31", "2026-11-23T14:31:00Z"), ("14:30", "2026-11-24T14:30:00Z"), ("09:00:05", "2026-11-24T09:00:05Z"),
        ("2026-12-01", "2026-12-01T00:00:00Z"), ("2026-12-01 08:15", "2026-12-01T08:15:00Z"),
        ("2026-11-23T15:00:00Z", "2026-11-23T15:00:00Z"),
    ])
    func readsTimes(text: String, wanted: String) throws {
        #expect(try JumpTarget(text, now: now).instant == Instant(iso8601: wanted))
    }

    @Test(arguments: ["", "soon", "0s", "-5m", "5m3", "25:00", "2020-01-01", "2026-13-01", "m", "1x"])
    func refusesTheRest(text: String) {
        #expect(throws: JumpTarget.Failure.self) { try JumpTarget(text, now: now) }
    }
}

@Suite struct TimeScreenTests {
    /// An engine clock that obeys, without running.
    private final class Clock: Sendable {
        struct State {
            var now = WorldFixture.start
            var mode = "RUNNING"
            var rate = 1.0
            var offset = 0.0
            var effectsOut = 0
            var jumpTarget: Instant?
        }
        let state = Mutex(State())

        var document: DocumentObject {
            state.withLock { state in
                Skua.GetClockResponse(
                    now: state.now, mode: state.mode, rate: state.mode == "PAUSED" ? 0 : state.rate,
                    offsetSeconds: state.offset,
                    jumpTarget: state.jumpTarget, effectsOut: state.effectsOut,
                    nextEventAt: WorldFixture.start + .seconds(12)
                ).document
            }
        }
    }

    private func transport(_ clock: Clock) -> CannedServices {
        WorldFixture.transport([
            "GetClock": { _ in clock.document },
            "SetClock": { input in
                let request = Skua.SetClockRequest(input)
                clock.state.withLock {
                    $0.mode = request.mode ?? $0.mode
                    $0.rate = request.rate ?? $0.rate
                }
                return clock.document
            },
            "JumpClock": { input in
                clock.state.withLock { state in
                    let target = Skua.JumpClockRequest(input).to ?? state.now
                    state.offset += (target - state.now).inSeconds
                    state.now = target
                }
                return clock.document
            },
            "StepClock": { _ in
                clock.state.withLock { $0.now = WorldFixture.start + .seconds(12) }
                return clock.document
            },
            "ListUpcomingEvents": { _ in
                func event(_ seconds: Int, _ kind: String, _ resource: String) -> Skua.UpcomingEvent {
                    Skua.UpcomingEvent(at: WorldFixture.start + .seconds(seconds), kind: kind, resourceArn: resource)
                }
                return Skua.ListUpcomingEventsResponse(
                    events: [
                        event(12, "VisibilityTimeout", WorldFixture.queue("orders")),
                        event(90, "AsynchronousRetry", WorldFixture.function("charge-card")),
                        event(43_000, "VisibilityTimeout", WorldFixture.queue("shipments.fifo")),
                        event(86_160, "Wait", WorldFixture.execution),
                        event(345_000, "RetentionPeriod", WorldFixture.queue("orders-dead")),
                    ], total: 5
                ).document
            },
        ])
    }

    private func frame(_ clock: Clock, size: Size, encoding: Encoding = .utf8, hasEngine: Bool = true) async -> String {
        var context = transport(clock).context()
        context.capabilities.hasEngine = hasEngine
        return PlainTextPainter.paint(
            await ScreenPrinter.frame(of: TimeScreen(), context: context, size: size, encoding: encoding, isWhole: true)
        )
    }

    @Test func drawsTheClock() async {
        let clock = Clock()
        #expect(Snapshot.difference(await frame(clock, size: .standard), "time-80x24") == nil)
        clock.state.withLock { ($0.mode, $0.offset, $0.effectsOut) = ("PAUSED", 93_784, 2) }
        #expect(Snapshot.difference(await frame(clock, size: .large), "time-paused-120x40") == nil)
        #expect(
            Snapshot.difference(await frame(clock, size: .standard, encoding: .ascii), "time-paused-80x24-ascii") == nil
        )
        clock.state.withLock { ($0.mode, $0.rate) = ("RUNNING", 600) }
        #expect(Snapshot.difference(await frame(clock, size: .smallest), "time-60x20") == nil)
        #expect(await frame(clock, size: .standard, hasEngine: false).contains("This endpoint's time is its own."))
    }

    @Test func drawsAJump() {
        var screen = TimeScreen()
        func reading(_ seconds: Int) -> TimeScreen.Reading {
            TimeScreen.Reading(
                clock: ClockReading(
                    Skua.GetClockResponse(
                        now: WorldFixture.start + .seconds(seconds), mode: "JUMPING", rate: 1,
                        offsetSeconds: Double(seconds),
                        jumpTarget: WorldFixture.start + .seconds(3600), effectsOut: 1
                    ).document), events: [], total: 0)
        }
        _ = screen.update(.message(.loaded(.success(reading(0)))))
        _ = screen.update(.message(.loaded(.success(reading(1800)))))
        let text = Snapshot.text { screen.render(on: $0, in: FrameContext()) }
        #expect(text.contains("jumping to 15:30:00"))
        #expect(text.contains("50%"))
        #expect(text.contains("1 function at work"))
        #expect(screen.tickInterval == .milliseconds(100))
        #expect(screen.bindings.binding(for: " ")?.title == "stop the jump")
    }

    private func console(_ clock: Clock, _ transport: CannedServices) async -> (ConsoleApplication, TestTerminal) {
        let terminal = TestTerminal(size: .standard)
        let catalog = ScreenCatalog([
            ScreenRegistration("sqs.queue", "Queue", arguments: ["QUEUE"]) {
                StubScreen(id: "sqs.queue", arguments: $0)
            }
        ])
        let console = ConsoleApplication(
            driver: terminal, catalog: catalog, root: TimeScreen(), context: transport.context()
        ) { _ in
            throw CancellationError()
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func pausesAndChangesRate() async {
        let clock = Clock()
        let transport = transport(clock)
        let (console, terminal) = await console(clock, transport)
        await console.press(" ")
        #expect(terminal.text.contains("paused"))
        await console.press("+", "+", "4", "-", " ")
        let sent = transport.inputs(of: "SetClock").map(Skua.SetClockRequest.init)
        #expect(sent.map(\.mode) == ["PAUSED", "RUNNING", "RUNNING", "RUNNING", "RUNNING", "PAUSED"])
        #expect(sent.map(\.rate) == [nil, 1, 10, 600, 60, nil])
    }

    @Test func jumpsWhereOneSays() async {
        let clock = Clock()
        let transport = transport(clock)
        let (console, terminal) = await console(clock, transport)
        await console.press("J")
        await console.type("yesterday")
        await console.press(.control("s"))
        #expect(terminal.text.contains("Not a duration"))
        for _ in 0..<9 { await console.press(.backspace) }
        await console.type("24h")
        await console.press(.control("s"))
        #expect(
            transport.inputs(of: "JumpClock").map { Skua.JumpClockRequest($0).to } == [
                WorldFixture.start + .seconds(86_400)
            ])
        #expect(terminal.text.contains("2026-11-24"))
        // Messages on the way would really be handled: the demo's traffic rests, unless one says otherwise.
        #expect(transport.inputs(of: "SetTraffic").map { Skua.SetTrafficRequest($0).isEnabled } == [false])
    }

    @Test func stopsAJump() async {
        let clock = Clock()
        clock.state.withLock { ($0.mode, $0.jumpTarget) = ("JUMPING", WorldFixture.start + .seconds(60)) }
        let transport = transport(clock)
        let (console, _) = await console(clock, transport)
        await console.press(" ")
        #expect(transport.inputs(of: "JumpClock").map { Skua.JumpClockRequest($0).bySeconds } == [0])
        #expect(transport.inputs(of: "SetClock").isEmpty)
    }

    @Test func goesToOneEvent() async {
        let clock = Clock()
        let transport = transport(clock)
        let (console, terminal) = await console(clock, transport)
        await console.press("j", "g")
        #expect(
            transport.inputs(of: "JumpClock").map { Skua.JumpClockRequest($0).to } == [
                WorldFixture.start + .seconds(90)
            ])
        await console.press("s")
        #expect(transport.inputs(of: "StepClock").count == 1)
        await console.press("k", .enter)
        #expect(terminal.text.contains("sqs.queue orders"))
    }

    @Test func standsStillWhilePaused() async {
        var screen = TimeScreen()
        let clock = Clock()
        clock.state.withLock { $0.mode = "PAUSED" }
        _ = screen.update(.message(.loaded(.success(.init(clock: ClockReading(clock.document), events: [], total: 0)))))
        #expect(screen.tickInterval == nil)
    }
}
