import AWSModel
import AWSTypes
import Foundation

@testable import Emulation

/// An engine on a virtual clock, without threads, network or processes. Real effects are collected for the test to answer.
final class TestEngine {
    static let start = Instant(epochMilliseconds: 1_767_225_600_000)  // 2026-01-01T00:00:00Z

    let core: EngineCore
    let directory: String
    private(set) var wall: Instant
    /// Effects that left and were not answered yet, oldest first.
    private(set) var effects: [OutgoingEffect] = []
    let caller: Caller
    /// Stands for the servers outside: answers requests at once. Without it they wait in ``effects``.
    var respond: ((OutgoingRequest) -> OutgoingResult)?

    init(
        services: [(EngineCore) -> any Service] = ServiceCatalog.all, seed: UInt64 = 1, journal: Journal? = nil,
        directory: String? = nil, wall: Instant = TestEngine.start
    ) throws {
        self.directory = directory ?? NSTemporaryDirectory() + "skua-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        self.wall = wall
        let configuration = EngineConfiguration(seed: seed)
        core = try EngineCore(
            configuration: configuration, journal: journal ?? Journal(path: nil),
            blobs: BlobStore(directory: self.directory), wall: wall, services: services)
        caller = Caller(scope: configuration.scope, endpoint: configuration.endpoint)
        commit()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Performs an operation and commits. Nil while the answer is still owed.
    @discardableResult
    func send<Input, Output>(
        _ operation: AWSModel.Operation<Input, Output>, _ input: Input, as caller: Caller? = nil
    ) throws -> Output? {
        var answer: CallResult?
        core.perform(
            service: operation.service, operation: operation.name, input: input.document, caller: caller ?? self.caller
        ) { answer = $0 }
        commit()
        return try answer.map { Output(try $0.get()) }
    }

    /// Performs an operation that must be answered at once.
    @discardableResult
    func call<Input, Output>(
        _ operation: AWSModel.Operation<Input, Output>, _ input: Input, as caller: Caller? = nil
    ) throws -> Output {
        guard let output = try send(operation, input, as: caller) else { throw Unanswered(operation: operation.name) }
        return output
    }

    struct Unanswered: Error { var operation: String }

    /// Performs an operation whose answer may come later.
    func begin<Input, Output>(_ operation: AWSModel.Operation<Input, Output>, _ input: Input) -> Pending<Output> {
        let pending = Pending<Output>()
        pending.id = core.perform(
            service: operation.service, operation: operation.name, input: input.document, caller: caller
        ) { pending.result = $0.map(Output.init) }
        commit()
        return pending
    }

    final class Pending<Output: AWSStructure> {
        fileprivate(set) var result: Result<Output, ServiceError>?
        fileprivate(set) var id: PendingReplies.ID = 0
    }

    /// The error an operation answers; nil where it succeeds.
    func error<Input, Output>(_ operation: AWSModel.Operation<Input, Output>, _ input: Input) -> ServiceError? {
        do {
            try send(operation, input)
            return nil
        } catch {
            return error as? ServiceError
        }
    }

    /// Lets wall time pass, and with it what the clock makes of it.
    func advance(by duration: Duration) {
        wall = wall + duration
        core.beginTurn(wall: wall)
        core.settle()
        commit()
    }

    /// Reports something an effect did.
    func report(_ id: EffectID, _ event: EffectEvent) {
        core.effectReported(id, event)
        commit()
    }

    /// Answers the oldest request that waits for a server outside; false where none does.
    @discardableResult
    func answerRequest(_ result: OutgoingResult) -> Bool {
        guard
            let index = effects.firstIndex(where: {
                if case .http = $0.effect { true } else { false }
            })
        else { return false }
        report(effects.remove(at: index).id, .http(result))
        return true
    }

    /// Takes the effects that left, and performs file work at once.
    func takeEffects() -> [OutgoingEffect] {
        defer { effects.removeAll() }
        return effects
    }

    func commit() {
        core.commit()
        var outgoing = core.takeEffects()
        while !outgoing.isEmpty {
            var events: [(EffectID, EffectEvent)] = []
            for effect in outgoing {
                switch effect.effect {
                case .work(let work): events.append((effect.id, .finished(work())))
                case .http(let request):
                    if let respond {
                        events.append((effect.id, .http(respond(request))))
                    } else {
                        effects.append(effect)
                    }
                default: effects.append(effect)
                }
            }
            for (id, event) in events { core.effectReported(id, event) }
            core.commit()
            outgoing = core.takeEffects()
        }
    }
}

/// A world on disk, which can be opened again as after a restart.
final class StoredWorld {
    private let path = NSTemporaryDirectory() + "skua-world-\(UInt64.random(in: 0 ... .max)).sqlite"
    /// One; none while it is being opened again.
    private var opened: [TestEngine] = []

    init() throws { opened = [try TestEngine(journal: Journal(path: path))] }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    var engine: TestEngine { opened[0] }

    func restart() throws {
        let wall = engine.wall
        // The first must have let go of the file.
        opened = []
        opened = [try TestEngine(journal: Journal(path: path), wall: wall)]
    }
}
