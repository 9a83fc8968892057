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

@Suite struct TopLineTests {
    private func line(_ status: ConsoleStatus, width: Int = 80, crumbs: [String] = ["SQS", "orders", "Why?"]) -> String
    {
        Snapshot.text(Size(width: width, height: 1)) { ShellFrame.drawTop(on: $0, crumbs: crumbs, status: status) }
    }

    @Test func whereOneIsNeverGivesWay() {
        var status = ConsoleStatus(
            account: "123456789012", endpoint: "https://sqs.eu-central-1.amazonaws.com", clock: .none, cost: "$0.01")
        for crumbs in [["Home"], ["Step Functions", "order-fulfilment-of-a-long-name", "order-70002", "Input/Output"]] {
            for width in [60, 80, 120] {
                let text = line(status, width: width, crumbs: crumbs)
                #expect(text.contains("123456789012 us-east-1"), "\(width)")
                #expect(text.contains(".com"), "\(width): \(text)")
                #expect(text.contains(crumbs.last ?? ""), "\(width): \(text)")
            }
        }
        #expect(!line(status).contains("read-only"))
        status.isReadOnly = true
        #expect(line(status, width: 120).contains("read-only"))
    }

    @Test func productionIsMarkedAndRed() {
        for name in ["AWS", "https://sqs.us-east-1.amazonaws.com", "https://prod.example.com", "my-live-account"] {
            #expect(ConsoleStatus.looksLikeProduction(nil, name), "\(name)")
        }
        for name in ["http://127.0.0.1:4566", "https://products.example.com", "delivery", "alive"] {
            #expect(!ConsoleStatus.looksLikeProduction(name, nil), "\(name)")
        }
        var status = ConsoleStatus(endpoint: "https://prod.example.com")
        #expect(!ShellFrame.statusLine(status).text.contains("▲"))
        status.isProduction = true
        let line = ShellFrame.statusLine(status)
        #expect(line.text.hasPrefix("▲ https://prod.example.com"))
        #expect(line.spans.first?.style.foreground == .failure)
    }
}
