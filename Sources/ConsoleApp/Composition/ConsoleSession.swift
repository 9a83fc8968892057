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
            driver: driver, catalog: ConsoleScreens.catalog, root: root, context: context, theme: appearance.resolvedTheme,
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
        await ChangeNews.follow(client) { topics in
            application.changed(topics)
            if topics.contains("skua/clock") {
                Task { application.show(await status()) }
            }
        }
    }

    func status() async -> ConsoleStatus {
        var status = ConsoleStatus(
            account: accountID, region: region, endpoint: endpointName, clock: .none,
            now: SystemClock.now().epochMilliseconds)
        guard capabilities.hasEngine, let clock = try? await client.call(Skua.getClock, Skua.GetClockRequest()) else {
            return status
        }
        if let now = clock.now { status.now = now.epochMilliseconds }
        switch clock.mode {
        case "PAUSED": status.clock = .paused
        default:
            let rate = clock.rate ?? 1
            status.clock = rate == 1 ? .live : .scaled(rate)
        }
        return status
    }
}
