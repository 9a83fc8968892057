import Synchronization
import TerminalUI
import Testing

@testable import Views

/// Shows the time it is drawn at.
private struct ClockScreen: Screen {
    var crumbs: [String] { ["Clock"] }
    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] { [] }
    func render(on surface: Surface, in frame: FrameContext) { surface.write("now \(frame.now)") }
}

@Suite struct ConsoleClockTests {
    @Test func goesOnAtItsRate() {
        let live = ConsoleStatus(clock: .live, now: 5000, measuredAt: 1000)
        #expect(live.advanced(to: 1500).now == 5500)
        #expect(live.advanced(to: 1500).advanced(to: 2000).now == 6000)
        #expect(ConsoleStatus(clock: .scaled(60), now: 5000, measuredAt: 1000).advanced(to: 2000).now == 65_000)
        #expect(ConsoleStatus(clock: .paused, now: 5000, measuredAt: 1000).advanced(to: 2000).now == 5000)
        #expect(ConsoleStatus(clock: .live, now: 5000).advanced(to: 2000).now == 5000)
        // A wall clock that was set back does not turn time around.
        #expect(live.advanced(to: 500).now == 5000)
    }

    @Test func isReadAtEachFrameAndCausesNone() async {
        let wall = Mutex<Int64>(1000)
        let terminal = TestTerminal(size: .standard)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog([]), root: ClockScreen(),
            status: ConsoleStatus(clock: .live, now: 5000, measuredAt: 1000), wallTime: { wall.withLock { $0 } })
        await console.begin()
        #expect(terminal.text.contains("now 5000"))
        let draws = terminal.draws
        wall.withLock { $0 = 3000 }
        await console.settle()
        #expect(terminal.draws == draws)
        await console.press("x")
        #expect(terminal.text.contains("now 7000"))
    }

    @Test func showsThePausedTime() {
        let status = ConsoleStatus(clock: .paused, now: 52_205_000, measuredAt: 0)
        #expect(ShellFrame.statusLine(status).text.contains("⏸ 14:30:05"))
        #expect(ShellFrame.statusLine(ConsoleStatus(clock: .jumping)).text.contains("jumping"))
    }

    @Test func opensTimeFromAnywhere() async {
        let terminal = TestTerminal(size: .standard)
        let catalog = ScreenCatalog([ScreenRegistration("time", "Time") { _ in ClockScreen() }])
        let console = ConsoleApplication(driver: terminal, catalog: catalog, root: ClockScreen())
        await console.begin()
        await console.press("T")
        #expect(terminal.text.contains("Esc back"))
    }
}
