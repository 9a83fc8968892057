import ArgumentParser
import TerminalUI
import Views

struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "The console on your world (what plain 'skua' does).")

    @OptionGroup var options: WorldOptions
    @OptionGroup var appearance: AppearanceOptions

    @Option(name: .long, help: "The screen to open, as in 'skua show'.")
    var open = "home"

    func run() async throws {
        try await ending {
            let world = WorldDirectory(argument: options.world)
            try await Self.runConsole(on: world, options, appearance, open: open, isDemo: false)
        }
    }

    /// Opens the world here, or attaches to whoever has it.
    static func runConsole(
        on world: WorldDirectory, _ options: WorldOptions, _ appearance: AppearanceOptions, open: String, isDemo: Bool
    ) async throws {
        try TerminalCheck.require()
        try world.create()
        guard let lock = try world.lock() else {
            guard let endpoint = world.endpoint else {
                throw Failure("Another program has \(world.path) and has not said where it answers.", .cannotOpen)
            }
            let connection = RemoteConnection(
                endpoint: endpoint, region: options.region, accessKeyID: options.account, isReadOnly: options.readOnly)
            try await connection.runConsole(appearance, open: open)
            return
        }
        var engineOptions = options.engineOptions()
        engineOptions.isDemo = isDemo
        let isNew = !world.exists
        let engine = try await LocalEngine.open(world, lock: lock, options: engineOptions)
        let client = engine.client(accountID: options.account, region: options.region, isReadOnly: options.readOnly)
        // The world grows while one looks at it.
        let building =
            isDemo && isNew ? Task { try await DemoWorld(engine: engine, options: engineOptions).build() } : nil
        let session = ConsoleSession(
            client: client, accountID: options.account, region: options.region,
            endpointName: engine.hasMoved ? engine.endpoint : nil,
            capabilities: ConnectionCapabilities(hasEngine: true, isReadOnly: options.readOnly),
            appearance: appearance, openAt: ScreenAddress(command: open))
        do {
            try await session.run()
        } catch {
            building?.cancel()
            await engine.close()
            throw error
        }
        building?.cancel()
        let hasMoved = engine.hasMoved
        await engine.close()
        if hasMoved {
            StandardError.write(
                "skua: port \(options.port ?? 4566) was taken; this one answered at \(engine.endpoint).")
        }
    }
}

extension ScreenAddress {
    /// `sqs.queue orders`, as typed after `skua show`.
    init(command: String) {
        let parts = command.split(separator: " ").map(String.init)
        self.init(id: parts.first ?? "home", arguments: Array(parts.dropFirst()))
    }
}
