import AWSClient
import AWSModel
import AWSTypes
import CursesDriver
import Foundation
import Gateway
import TerminalUI
import Views

/// A console in this terminal, over any client.
struct ConsoleSession: Sendable {
    var client: AWSClient
    var accountID: String
    var region: String
    /// Shown in the top line for anything but the embedded engine.
    var endpointName: String?
    var profile: String?
    var capabilities: ConnectionCapabilities
    var appearance: AppearanceOptions
    var openAt: ScreenAddress

    func run() async throws {
        let driver: CursesDriver
        do {
            driver = try CursesDriver(options: appearance.cursesOptions)
        } catch {
            throw Failure(
                "\(error) Print screens with 'skua show SCREEN', or run the engine alone with 'skua serve'.",
                .noTerminal)
        }
        let root: any Screen
        do {
            root = try ConsoleScreens.catalog.screen(at: openAt)
        } catch {
            driver.close()
            throw Failure(error.description, .usage)
        }
        let application = ConsoleApplication(
            driver: driver, catalog: ConsoleScreens.catalog, root: root, context: context,
            theme: appearance.resolvedTheme,
            status: await status(), mouse: appearance.isMouseEnabled)
        let feed = Task { await follow(application) }
        _ = await application.run()
        feed.cancel()
    }

    var context: ConsoleContext {
        var context = ConsoleContext()
        context.aws = client
        context.capabilities = capabilities
        return context
    }

    /// Tells the application what changes, and keeps its clock right.
    private func follow(_ application: ConsoleApplication) async {
        guard capabilities.hasEngine else { return }
        let (clockChanges, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        async let clock: Void = keepClock(application, on: clockChanges)
        await ChangeNews.follow(client) { topics in
            application.changed(topics)
            if topics.contains("skua/clock") { continuation.yield() }
        }
        continuation.finish()
        await clock
    }

    /// Shows the clock whenever it changes; while it runs ahead of the wall, once a second, since real work slows it down.
    private func keepClock(_ application: ConsoleApplication, on changes: AsyncStream<Void>) async {
        for await _ in changes {
            var status = await status()
            application.show(status)
            while status.clock.isAhead, !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                status = await self.status()
                application.show(status)
            }
        }
    }

    func status() async -> ConsoleStatus {
        var status = ConsoleStatus(
            account: accountID, region: region, endpoint: endpointName, clock: .none,
            now: SystemClock.now().epochMilliseconds)
        status.measuredAt = status.now
        status.isReadOnly = capabilities.isReadOnly
        status.isProduction = ConsoleStatus.looksLikeProduction(endpointName, profile)
        guard capabilities.hasEngine, let clock = try? await client.call(Skua.getClock, Skua.GetClockRequest()) else {
            return status
        }
        if let now = clock.now { status.now = now.epochMilliseconds }
        status.measuredAt = SystemClock.now().epochMilliseconds
        switch clock.mode {
        case "PAUSED": status.clock = .paused
        case "JUMPING": status.clock = .jumping
        default:
            let rate = clock.rate ?? 1
            status.clock = rate == 1 ? .live : .scaled(rate)
        }
        return status
    }
}

extension ClockState {
    fileprivate var isAhead: Bool {
        switch self {
        case .scaled, .jumping: true
        case .live, .paused, .none: false
        }
    }
}
