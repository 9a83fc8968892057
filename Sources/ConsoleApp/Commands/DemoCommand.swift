import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The console on a fresh demo world: a live order pipeline.",
        discussion: "Each start begins anew; --keep goes on with the one from last time.")

    @OptionGroup var options: WorldOptions
    @OptionGroup var appearance: AppearanceOptions

    @Flag(name: .long, help: "Go on with the demo world as it was left.")
    var keep = false

    @Option(name: .long, help: "The screen to open, as in 'skua show'.")
    var open = "home"

    func run() async throws {
        try await ending {
            let world = WorldDirectory(argument: options.world, name: "demo")
            try TerminalCheck.require()
            if !keep {
                try world.create()
                // A demo that is open elsewhere is attached to, never wiped.
                if let lock = try world.lock() {
                    try world.wipe()
                    lock.release()
                }
            }
            try await ConsoleCommand.runConsole(on: world, options, appearance, open: open, isDemo: true)
        }
    }
}
