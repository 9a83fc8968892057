import AWSClient
import AWSModel
import Emulation
import Gateway
import Synchronization

/// A world that is all but the same each time it is made: time stands but for jumps and a fixed share for each piece of work, and one
/// thing happens after the other. For pictures; a world to work with is livelier.
final class StillClock: Sendable {
    private let time: Mutex<Instant>

    init(at time: Instant) { self.time = Mutex(time) }

    var now: Instant { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }

    /// What an invocation is said to have taken: drawn from its request id, so that a function is not equally quick each time.
    static func microseconds(of requestID: String) -> Int64 {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in requestID.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return 4_000 + Int64(sum % 38_000)
    }

    static let initMicroseconds: Int64 = 92_400
    static let megabytes = 41
}

/// The event loop of a host, whose wall clock stands still.
final class StillHost: EngineHost {
    private let host: EventLoopHost
    private let clock: StillClock

    init(_ host: EventLoopHost, _ clock: StillClock) {
        self.host = host
        self.clock = clock
    }

    var executor: any SerialExecutor { host.executor }
    func wallTime() -> Instant { clock.now }
    func execute(_ body: @escaping @Sendable () -> Void) { host.execute(body) }
    // Waiting changes nothing here: only jumps and work let time pass.
    func wake(after delay: Duration, _ body: @escaping @Sendable () -> Void) {}
    func cancelWake() {}
}

/// Performs one effect at a time, in the order in which they left the engine.
///
/// Every report goes through the host's queue, and time moves on in that queue too: what was reported before has been dealt with at the time
/// before, however busy the machine is.
final class OneAtATime: EffectPerformer {
    private typealias Report = @Sendable (EffectEvent) -> Void

    private struct State {
        var isBusy = false
        var waiting: [(effect: Effect, report: Report)] = []
        /// What an invocation tells once it has ended: its last lines belong to the time after it.
        var held: [EffectEvent] = []
    }

    private let inner: any EffectPerformer
    private let host: any EngineHost
    private let clock: StillClock
    private let state = Mutex(State())

    init(_ inner: any EffectPerformer, _ host: any EngineHost, _ clock: StillClock) {
        self.inner = inner
        self.host = host
        self.clock = clock
    }

    func perform(_ effect: Effect, report: @escaping @Sendable (EffectEvent) -> Void) {
        switch effect {
        case .retire, .removeFiles, .warm: return inner.perform(effect, report: report)
        case .invoke, .work, .http: break
        }
        let isFree = state.withLock { state in
            if state.isBusy {
                state.waiting.append((effect, report))
                return false
            }
            state.isBusy = true
            return true
        }
        if isFree { start(effect, report) }
    }

    private func start(_ effect: Effect, _ report: @escaping Report) {
        inner.perform(effect) { [self] event in
            switch event {
            case .runtime(.invocationEnded(let end)):
                conclude(
                    event, after: .microseconds(end.durationMicroseconds + (end.initDurationMicroseconds ?? 0)), report)
            case .finished, .http: conclude(event, after: .zero, report)
            case .runtime: if !holdsBack(event) { report(event) }
            }
        }
    }

    /// From an invocation's END line on, nothing is told before time has moved on.
    private func holdsBack(_ event: EffectEvent) -> Bool {
        state.withLock { state in
            guard !state.held.isEmpty || event.isEndLine else { return false }
            state.held.append(event)
            return true
        }
    }

    private func conclude(_ event: EffectEvent, after duration: Duration, _ report: @escaping Report) {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        host.execute { [self] in
            clock.advance(by: duration)
            for earlier in held { report(earlier) }
            report(event)
            host.execute { self.next() }
        }
    }

    private func next() {
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.isBusy = false
                return nil as (effect: Effect, report: Report)?
            }
            return state.waiting.removeFirst()
        }
        if let next { start(next.effect, next.report) }
    }
}

extension EffectEvent {
    fileprivate var isEndLine: Bool {
        guard case .runtime(.log(_, _, let message)) = self else { return false }
        return message.starts(with: "END RequestId: ".utf8)
    }
}

/// Calls of a client who waits after each until all that it led to has happened.
struct PatientTransport: Transport {
    let inner: any Transport
    let engine: Engine

    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        let result: Result<DocumentObject, AWSError>
        do throws(AWSError) {
            result = .success(try await inner.send(service: service, operation: operation, input: input))
        } catch {
            result = .failure(error)
        }
        if !operation.isObservation {
            while await engine.turn({ $0.effectsOut > 0 || $0.clock.jumpTarget != nil }) {
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        return try result.get()
    }
}
