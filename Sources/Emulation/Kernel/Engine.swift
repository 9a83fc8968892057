import AWSModel

/// The thread the engine lives on, and the wall clock: an event loop in the program, a stand-in in tests.
public protocol EngineHost: Sendable {
    /// Runs what is enqueued one at a time, in order.
    var executor: any SerialExecutor { get }
    /// Wall time; never goes back.
    func wallTime() -> Instant
    /// Runs `body` on the engine's thread after whatever is ready now.
    func execute(_ body: @escaping @Sendable () -> Void)
    /// Like ``execute(_:)``, after `delay`; a later call replaces the one before.
    func wake(after delay: Duration, _ body: @escaping @Sendable () -> Void)
    func cancelWake()
}

/// Does real things: runs functions, unpacks archives.
public protocol EffectPerformer: Sendable {
    /// Returns at once. `report` may be called from any thread.
    func perform(_ effect: Effect, report: @escaping @Sendable (EffectEvent) -> Void)
}

/// The shell around ``EngineCore``: gives it a thread, wall time, and hands its effects out.
///
/// Its executor is the gateway's own event loop, so that a request is decoded, performed and answered without a hop.
/// All turns of one loop iteration share one commit: that is the group commit, and why replies wait for it
/// (as Redis flushes its log before it answers).
public actor Engine {
    private nonisolated let host: any EngineHost
    private let performer: any EffectPerformer
    private let core: EngineCore
    private var endIsDue = false
    private var isClosed = false

    public nonisolated var unownedExecutor: UnownedSerialExecutor { host.executor.asUnownedSerialExecutor() }

    public init(core: sending EngineCore, host: any EngineHost, performer: any EffectPerformer) {
        self.core = core
        self.host = host
        self.performer = performer
    }

    /// Fires what fell due while the world was closed, and starts what was under way.
    public func start() { turn { _ in } }

    /// One turn. From the engine's own thread use `assumeIsolated`, from elsewhere `await` or ``submit(_:)``.
    public func turn<Value>(_ body: (EngineCore) throws -> Value) rethrows -> Value {
        if !endIsDue { core.beginTurn(wall: host.wallTime()) }
        let value = try body(core)
        core.settle()
        scheduleEnd()
        return value
    }

    /// Sends a command in from any thread.
    public nonisolated func submit(_ command: @escaping @Sendable (EngineCore) -> Void) {
        host.execute {
            self.assumeIsolated { $0.turn(command) }
        }
    }

    /// Commits what is pending and closes the store. Nothing runs afterwards.
    public func close() {
        guard !isClosed else { return }
        core.commit()
        isClosed = true
        host.cancelWake()
        core.journal.close()
    }

    private func scheduleEnd() {
        guard !endIsDue else { return }
        endIsDue = true
        host.execute {
            self.assumeIsolated { $0.endTurn() }
        }
    }

    private func endTurn() {
        endIsDue = false
        guard !isClosed else { return }
        core.commit()
        for outgoing in core.takeEffects() {
            let id = outgoing.id
            performer.perform(outgoing.effect) { event in
                self.submit { $0.effectReported(id, event) }
            }
        }
        armWake()
    }

    private func armWake() {
        var delay = core.wallDelayUntilNextTimer()
        if core.journal.isFailing { delay = min(delay ?? .seconds(1), .seconds(1)) }
        guard let delay else {
            host.cancelWake()
            return
        }
        host.wake(after: delay) {
            self.assumeIsolated { $0.turn { _ in } }
        }
    }
}
