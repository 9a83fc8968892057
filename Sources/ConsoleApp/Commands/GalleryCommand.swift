import ArgumentParser
import AWSClient
import AWSModel
import AWSTypes
import Emulation
import Foundation
import TerminalUI
import Views

struct GalleryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery", abstract: "Every main screen on the demo world, as SVG images.",
        discussion:
            "The world is made from a fixed seed, and its time stands still but for what happens in it.")

    @Argument(help: "The folder to write to.")
    var folder: String

    @Option(name: .long, help: "Columns and rows.")
    var size = TerminalSize(width: 120, height: 40)

    @Option(name: .long, help: "Colours: dark, light or mono.")
    var theme: AppearanceOptions.ThemeName = .dark

    @Option(name: .long, help: "Only the picture of this name.")
    var only: String?

    /// Where the pictures' time begins.
    private static let start = Instant(iso8601: "2026-11-23T09:00:00Z") ?? .epoch
    /// What addresses in pictures say, wherever they are made.
    private static let endpoint = "http://127.0.0.1:4566"

    func run() async throws {
        try await ending {
            let place = NSTemporaryDirectory() + "skua-gallery-\(getpid())"
            let world = WorldDirectory(argument: place)
            try world.create()
            defer { try? FileManager.default.removeItem(atPath: place) }
            guard let lock = try world.lock() else { throw Failure("\(place) is in use.", .cannotOpen) }
            var options = LocalEngine.Options()
            options.port = 0
            options.isDemo = true
            options.seed = 42
            options.stillClock = StillClock(at: Self.start)
            let engine = try await LocalEngine.open(world, lock: lock, options: options)
            let result: Result<Void, any Error>
            do {
                result = .success(try await draw(engine, options))
            } catch {
                result = .failure(error)
            }
            await engine.close()
            try result.get()
        }
    }

    private func draw(_ engine: LocalEngine, _ options: LocalEngine.Options) async throws {
        let transport = InProcessTransport(
            engine: engine.engine, scope: Scope(accountID: options.accountID, region: options.region),
            endpoint: Self.endpoint)
        let client = AWSClient(transport: PatientTransport(inner: transport, engine: engine.engine))
        let demo = DemoWorld(client: client, accountID: options.accountID, region: options.region, hasNode: false)
        try await demo.build()
        // A minute of trade.
        _ = try await client.call(Skua.jumpClock, Skua.JumpClockRequest(bySeconds: 62))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let session = ConsoleSession(
            client: client, accountID: options.accountID, region: options.region, endpointName: nil,
            capabilities: ConnectionCapabilities(hasEngine: true), appearance: AppearanceOptions(),
            openAt: ScreenAddress(id: "home"))
        for picture in Gallery.pictures where only == nil || only == picture.name {
            let image = try await session.image(of: picture, size: size.cells, theme: named)
            let path = "\(folder)/\(picture.name).svg"
            do {
                try Data(image.utf8).write(to: URL(fileURLWithPath: path))
            } catch {
                throw Failure("\(path) cannot be written: \(error.localizedDescription)")
            }
            StandardOutput.write(path)
        }
    }

    private var named: Theme { Theme.named(Theme.Name(rawValue: theme.rawValue) ?? .dark) }
}

extension ConsoleSession {
    /// A screen after some keys, whole with its frame.
    fileprivate func image(of picture: Gallery.Picture, size: Size, theme: Theme) async throws -> String {
        let screen: any Screen
        do {
            screen = try ConsoleScreens.catalog.screen(at: picture.screen)
        } catch {
            throw Failure(error.description, .usage)
        }
        var status = await status()
        // Time stands: no clock goes on while a picture is drawn.
        status.measuredAt = nil
        let application = ConsoleApplication(
            driver: TestTerminal(size: size), catalog: ConsoleScreens.catalog, root: screen, context: context,
            status: status
        ) { _ in
            throw CancellationError()
        }
        await application.begin()
        for key in picture.keys { await application.press(key) }
        // Histories and tails come in pages, for as long as somebody looks.
        for _ in 0..<10 {
            try? await Task.sleep(for: .milliseconds(20))
            await application.settle()
        }
        return await application.image(theme: theme, title: "skua")
    }
}
