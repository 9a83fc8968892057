import TerminalUI
import Views

/// Where `skua show` and `skua screenshot` take their screens from: an endpoint, the program that has the world, or the
/// world itself, opened for the moment.
struct ScreenSource: Sendable {
    var options: WorldOptions
    var endpoint: String?
    var worldName = "world"

    func withSession<Value: Sendable>(_ body: (ConsoleSession) async throws -> Value) async throws -> Value {
        let world = WorldDirectory(argument: options.world, name: worldName)
        let place = try endpoint ?? Self.runningEndpoint(of: world)
        if let place {
            let connection = RemoteConnection(
                endpoint: place, region: options.region, accessKeyID: options.account, isReadOnly: true)
            return try await body(connection.session(AppearanceOptions(), open: "home"))
        }
        try world.create()
        guard let lock = try world.lock() else {
            throw Failure("Another program has \(world.path) and does not answer.", .cannotOpen)
        }
        var engineOptions = options.engineOptions()
        engineOptions.port = options.port ?? 0
        let engine = try await LocalEngine.open(world, lock: lock, options: engineOptions)
        let session = ConsoleSession(
            client: engine.client(accountID: options.account, region: options.region, isReadOnly: true),
            accountID: options.account, region: options.region, endpointName: nil,
            capabilities: ConnectionCapabilities(hasEngine: true, isReadOnly: true), appearance: AppearanceOptions(),
            openAt: ScreenAddress(id: "home"))
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(session))
        } catch {
            result = .failure(error)
        }
        await engine.close()
        return try result.get()
    }

    private static func runningEndpoint(of world: WorldDirectory) throws -> String? {
        guard world.exists, let endpoint = world.endpoint else { return nil }
        guard let lock = try world.lock() else { return endpoint }
        // Nobody has it: whoever announced the endpoint died without taking it back.
        lock.release()
        return nil
    }
}

extension ConsoleSession {
    /// One screen, loaded and drawn once.
    func frame(of address: ScreenAddress, size: Size, encoding: Encoding, isWhole: Bool) async throws -> CellBuffer {
        let screen: any Screen
        do {
            screen = try ConsoleScreens.catalog.screen(at: address)
        } catch {
            throw Failure(error.description, .usage)
        }
        // A print is always only looked at; that is nothing to say.
        var status = await status()
        status.isReadOnly = false
        return await ScreenPrinter.frame(
            of: screen, context: context, status: status, size: size, encoding: encoding, isWhole: isWhole)
    }
}
