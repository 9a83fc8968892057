import Emulation
import NIOCore
import Synchronization

/// All environments, and those of them that are free.
///
/// `invoke` comes from the engine's thread and environments live on event loops, so this is the one place with a lock.
final class EnvironmentPool: Sendable {
    private struct Kind: Hashable {
        var functionArn: String
        var version: String
        var revision: String

        init(_ description: FunctionEnvironment) {
            functionArn = description.functionArn
            version = description.version
            revision = description.revision
        }
    }

    private struct State {
        var all: [ObjectIdentifier: ExecutionEnvironment] = [:]
        /// The one used last comes first again: the others may grow old.
        var free: [Kind: [ExecutionEnvironment]] = [:]
        var closed = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let group: any EventLoopGroup
    private let host: RuntimeHost

    init(group: any EventLoopGroup, host: RuntimeHost) {
        self.group = group
        self.host = host
    }

    func run(_ pending: PendingOrder) {
        let kind = Kind(pending.order.environment)
        if let warm = state.withLock({ $0.free[kind]?.popLast() }) {
            warm.run(pending)
        } else {
            startAnother(for: pending)
        }
    }

    /// For an order that no warm environment can take.
    func startAnother(for pending: PendingOrder) {
        let environment = make(pending.order.newEnvironment, pending.order.environment, pending.report)
        guard let environment else {
            let message = PlatformErrors.exitMessage(pending.order.requestID, reason: nil)
            pending.report(
                .invocationEnded(
                    InvocationReport(
                        requestID: pending.order.requestID, environmentID: pending.order.newEnvironment.id,
                        payload: PlatformErrors.payload(type: "Runtime.ExitError", message: message),
                        functionError: "Unhandled",
                        status: .crash, durationMicroseconds: 0, initDurationMicroseconds: nil, billedMicroseconds: 0,
                        maxMemoryUsedMB: 0, logTail: [], coldStart: true)))
            return
        }
        environment.start(pending)
    }

    func warm(_ description: FunctionEnvironment, _ identity: EnvironmentIdentity, _ report: @escaping RuntimeReport) {
        make(identity, description, report)?.start(nil)
    }

    /// nil after `close`.
    private func make(
        _ identity: EnvironmentIdentity, _ description: FunctionEnvironment, _ report: @escaping RuntimeReport
    ) -> ExecutionEnvironment? {
        let environment = ExecutionEnvironment(
            identity: identity, description: description, host: host, loop: group.next(), pool: self, report: report)
        return state.withLock { state in
            guard !state.closed else { return nil }
            state.all[ObjectIdentifier(environment)] = environment
            return environment
        }
    }

    /// The environment can take an order.
    func free(_ environment: ExecutionEnvironment) {
        let kind = Kind(environment.description)
        state.withLock { $0.free[kind, default: []].append(environment) }
    }

    func remove(_ environment: ExecutionEnvironment) {
        let kind = Kind(environment.description)
        let waiting = state.withLock { state in
            state.all[ObjectIdentifier(environment)] = nil
            Self.withdraw(environment, kind, &state)
            guard state.all.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for continuation in waiting { continuation.resume() }
    }

    private static func withdraw(_ environment: ExecutionEnvironment, _ kind: Kind, _ state: inout State) {
        state.free[kind]?.removeAll { $0 === environment }
        if state.free[kind]?.isEmpty == true { state.free[kind] = nil }
    }

    func retire(functionArn: String, version: String?) {
        let chosen = state.withLock { state in
            let matching = state.all.values.filter {
                $0.description.functionArn == functionArn && (version == nil || $0.description.version == version)
            }
            // From here on no order reaches them.
            for environment in matching { Self.withdraw(environment, Kind(environment.description), &state) }
            return matching
        }
        for environment in chosen { environment.retire(.retired) }
    }

    /// Ends what has not been used for too long, and what an older revision left behind is among it in time.
    func reap(idleTime: TimeAmount) {
        let now = NIODeadline.now()
        // What was provisioned is kept however long nobody needs it.
        let candidates = state.withLock { state in
            state.free.values.flatMap { $0 }.filter { $0.description.initializationType != .provisionedConcurrency }
        }
        for environment in candidates {
            environment.loop.execute {
                guard environment.invocation == nil, now - environment.freeSince >= idleTime else { return }
                // It may have been taken meanwhile; then it is no longer among the free, and stays.
                let mine = self.state.withLock { state in
                    let kind = Kind(environment.description)
                    guard state.free[kind]?.contains(where: { $0 === environment }) == true else { return false }
                    Self.withdraw(environment, kind, &state)
                    return true
                }
                if mine { environment.retire(.idle) }
            }
        }
    }

    func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let (running, empty) = state.withLock { state in
                state.closed = true
                state.free = [:]
                if !state.all.isEmpty { state.whenEmpty.append(continuation) }
                return (Array(state.all.values), state.all.isEmpty)
            }
            for environment in running { environment.retire(.shutdown, atOnce: true) }
            if empty { continuation.resume() }
        }
    }
}
