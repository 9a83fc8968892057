import AWSModel
import Emulation
import Gateway
import NIOCore
import NIOPosix
import NIOSSL
import Runtimes

/// The composition root: one world with its engine, its runtime and its endpoint, running in this process.
final class LocalEngine: Sendable {
    struct Options: Sendable {
        var host = "127.0.0.1"
        var port = 4566
        /// Whether another port is taken where `port` is in use.
        var mayMovePort = true
        var accountID = "123456789012"
        var region = "us-east-1"
        var usesTLS = false
        var isReadOnly = false
        var isDemo = false
        var durability = Journal.Durability.normal
        var checksSignatures = false
        var seed: UInt64?
        var enforcement: Enforcement?
        var hasTestHooks = false
        var mocks: MockConfiguration?
        /// Time that stands still but for jumps and work, for pictures.
        var stillClock: StillClock?
        var accessLog: (@Sendable (String) -> Void)?
    }

    let engine: Engine
    let world: WorldDirectory
    let endpoint: String
    let certificatePath: String?
    /// True where the wished-for port was taken.
    let hasMoved: Bool
    private let lock: WorldLock
    private let servers: [HTTPServer]
    private let runtime: DeferredRuntime
    private let groups: [MultiThreadedEventLoopGroup]

    /// Opens the world and starts answering. The caller holds `lock` no longer: it is released by ``close()``.
    static func open(_ world: WorldDirectory, lock: WorldLock, options: Options) async throws -> LocalEngine {
        let engineGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let runtimeGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = engineGroup.next()
        let loopHost = EventLoopHost(eventLoop: eventLoop)
        let host: any EngineHost = options.stillClock.map { StillHost(loopHost, $0) } ?? loopHost

        var runtimeSettings = ProcessRuntimeSettings(cacheDirectory: world.runtimePath)
        runtimeSettings.hiddenDirectories = [world.path]
        if let still = options.stillClock {
            runtimeSettings.wallMilliseconds = { still.now.epochMilliseconds }
            runtimeSettings.figures = {
                InvocationFigures(
                    durationMicroseconds: StillClock.microseconds(of: $0),
                    initMicroseconds: StillClock.initMicroseconds, megabytes: StillClock.megabytes)
            }
        }
        let runtime = DeferredRuntime(settings: runtimeSettings, group: runtimeGroup)

        // The socket comes first, so that the engine knows the address functions call back on.
        let chain = HandlerChain(
            eventLoop: eventLoop, accountID: options.accountID, region: options.region,
            checksSignatures: options.checksSignatures, isReadOnly: options.isReadOnly, accessLog: options.accessLog)
        let authority = options.usesTLS ? try CertificateAuthority(folder: world.path + "/tls") : nil
        let tls = try authority?.serverConfiguration()
        let (server, hasMoved) = try await listen(options, tls: tls, chain: chain, eventLoop: eventLoop)
        let endpoint = "\(options.usesTLS ? "https" : "http")://\(options.host):\(server.port)"
        // Functions call back in plain HTTP, which never leaves this host: no SDK of theirs trusts our authority.
        let plainServer =
            tls == nil ? nil : try await listen(functionOptions, tls: nil, chain: chain, eventLoop: eventLoop).0
        let functionEndpoint = plainServer.map { "http://\(functionOptions.host):\($0.port)" } ?? endpoint

        let configuration = EngineConfiguration(
            accountID: options.accountID, region: options.region,
            seed: options.seed ?? UInt64(bitPattern: SystemClock.now().microseconds), endpoint: functionEndpoint,
            version: Version.current, worldDirectory: world.path, isDemo: options.isDemo,
            isReadOnly: options.isReadOnly,
            enforcement: options.enforcement, hasTestHooks: options.hasTestHooks, mocks: options.mocks)
        let core: EngineCore
        do {
            core = try EngineCore(
                configuration: configuration,
                journal: try Journal(path: world.journalPath, durability: options.durability),
                blobs: try BlobStore(directory: world.blobPath), wall: host.wallTime(), services: ServiceCatalog.all)
        } catch {
            await server.stop()
            await plainServer?.stop()
            throw Failure(error.description, .cannotOpen)
        }
        let prepare: (EngineCore) -> Void = { core in
            core.service(LambdaService.self)?.runtimeAvailability = { runtime.runtimeAvailability($0) }
        }
        prepare(core)
        core.onReset = prepare
        let runner = EffectRunner(runtime: runtime)
        let performer: any EffectPerformer = options.stillClock.map { OneAtATime(runner, host, $0) } ?? runner
        let engine = Engine(core: core, host: host, performer: performer)
        await engine.start()
        chain.open(to: engine)
        try await server.accept()
        try await plainServer?.accept()
        try world.announce(endpoint: endpoint)
        return LocalEngine(
            engine: engine, world: world, endpoint: endpoint, certificatePath: authority?.authorityPath,
            hasMoved: hasMoved, lock: lock, servers: [server, plainServer].compactMap { $0 },
            runtime: runtime, groups: [runtimeGroup, engineGroup])
    }

    /// Where functions reach an engine that answers everybody else over TLS.
    private static let functionOptions = Options(host: "127.0.0.1", port: 0)

    private static func listen(
        _ options: Options, tls: TLSConfiguration?, chain: HandlerChain, eventLoop: any EventLoop
    ) async throws -> (HTTPServer, hasMoved: Bool) {
        var port = options.port
        while true {
            do {
                let server = try await HTTPServer.bind(
                    host: options.host, port: port, tls: tls, chain: chain, eventLoop: eventLoop)
                return (server, port != options.port)
            } catch HTTPServer.Failure.portInUse(let taken) {
                guard options.mayMovePort, port < options.port + 50 else {
                    throw Failure("Port \(taken) is in use. Choose another with --port.", .unavailable)
                }
                port += 1
            } catch let failure as HTTPServer.Failure {
                throw Failure(failure.description, .unavailable)
            }
        }
    }

    private init(
        engine: Engine, world: WorldDirectory, endpoint: String, certificatePath: String?, hasMoved: Bool,
        lock: WorldLock, servers: [HTTPServer], runtime: DeferredRuntime, groups: [MultiThreadedEventLoopGroup]
    ) {
        self.engine = engine
        self.world = world
        self.endpoint = endpoint
        self.certificatePath = certificatePath
        self.hasMoved = hasMoved
        self.lock = lock
        self.servers = servers
        self.runtime = runtime
        self.groups = groups
    }

    /// Whether functions of this runtime can run on this host.
    func canRun(runtime identifier: String) -> Bool { runtime.runtimeAvailability(identifier) == .available }

    /// Stops listening, ends every function's process, and closes the store.
    func close() async {
        for server in servers { await server.stop() }
        await runtime.shutdown()
        await engine.turn { $0.service(CloudWatchService.self)?.flush() }
        await engine.close()
        world.withdrawEndpoint()
        for group in groups { try? await group.shutdownGracefully() }
        lock.release()
    }
}
