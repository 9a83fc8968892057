import ArgumentParser
import Emulation
import Foundation

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "The engine and its endpoint, without a console.",
        discussion: "Prints one line when it answers, and runs until SIGTERM or Ctrl-C.")

    @OptionGroup var options: WorldOptions

    @Flag(name: .long, help: "Fill an empty world with the demo.")
    var demo = false

    @Flag(name: .long, help: "One line a request on standard error.")
    var accessLog = false

    @Flag(
        name: .long,
        help:
            "Serve test suites: POST /moto-api/reset wipes the world, roles take placeholders for trust policies, functions any recent runtime."
    )
    var testHooks = false

    @Option(
        name: .long,
        help:
            "Mocked answers of tasks, in the form of Step Functions Local; start with '#TestCase' after the machine's ARN."
    )
    var mocks: String?

    func run() async throws {
        try await ending {
            let world = WorldDirectory(argument: options.world)
            try world.create()
            guard let lock = try world.lock() else {
                let place = world.endpoint.map { " at \($0)" } ?? ""
                throw Failure("Another skua has \(world.path)\(place). Use that one, or another --world.", .cannotOpen)
            }
            let isNew = !world.exists
            var engineOptions = options.engineOptions()
            engineOptions.isDemo = demo
            engineOptions.hasTestHooks = testHooks
            engineOptions.mocks = try mocks.map(readMocks)
            if accessLog { engineOptions.accessLog = { StandardError.write($0) } }
            let end = TerminationSignal()
            let engine = try await LocalEngine.open(world, lock: lock, options: engineOptions)
            announce(engine)
            if demo, isNew {
                try await DemoWorld(engine: engine, options: engineOptions).build()
                StandardOutput.write("the demo world is ready")
            }
            await end.wait()
            await engine.close()
        }
    }

    private func readMocks(_ path: String) throws -> MockConfiguration {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure("\(path) cannot be read.", .cannotOpen)
        }
        do throws(MockConfiguration.Fault) {
            return try MockConfiguration(parsing: text)
        } catch {
            throw Failure("\(path): \(error.message)", .usage)
        }
    }

    private func announce(_ engine: LocalEngine) {
        if engine.hasMoved { StandardError.write("skua: port \(options.port ?? 4566) is taken; using another one.") }
        StandardOutput.write("skua \(Version.current) answers at \(engine.endpoint) (world \(engine.world.path))")
        if let path = engine.certificatePath { StandardOutput.write("certificate authority: \(path)") }
    }
}
