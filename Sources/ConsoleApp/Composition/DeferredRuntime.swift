import Dispatch
import Emulation
import NIOCore
import Runtimes
import Synchronization

/// The process runtime, made in the background: looking for interpreters and a sandbox takes a few hundred milliseconds
/// that nobody should wait for who only wants to send a message.
final class DeferredRuntime: FunctionRuntime {
    private let queue = DispatchQueue(label: "skua.runtime")
    private let made = Mutex<Result<ProcessFunctionRuntime, HostTrouble>?>(nil)

    /// Why no function can run on this host.
    struct HostTrouble: Error {
        var reason: String
    }

    private let make: @Sendable () -> Result<ProcessFunctionRuntime, HostTrouble>
    /// Long enough for a first request to be answered before interpreters are asked for their versions.
    private static let startDelay = DispatchTimeInterval.milliseconds(300)

    init(settings: ProcessRuntimeSettings, group: any EventLoopGroup) {
        make = {
            do {
                return .success(try ProcessFunctionRuntime(settings: settings, group: group))
            } catch {
                return .failure(HostTrouble(reason: "Functions cannot run here: \(error)"))
            }
        }
        queue.asyncAfter(deadline: .now() + Self.startDelay) { [weak self] in _ = self?.makeOnce() }
    }

    /// Only on `queue`.
    private func makeOnce() -> Result<ProcessFunctionRuntime, HostTrouble> {
        if let made = made.withLock({ $0 }) { return made }
        let result = make()
        made.withLock { $0 = result }
        return result
    }

    /// What is made by now; else makes it and waits for it.
    private var ready: Result<ProcessFunctionRuntime, HostTrouble> {
        if let made = made.withLock({ $0 }) { return made }
        return queue.sync { makeOnce() }
    }

    /// Runs `body` at once where the runtime is made, and as soon as it is elsewhere; never blocks.
    private func whenReady(_ body: @escaping @Sendable (Result<ProcessFunctionRuntime, HostTrouble>) -> Void) {
        if let made = made.withLock({ $0 }) { return body(made) }
        queue.async { [self] in body(makeOnce()) }
    }

    func invoke(_ order: InvocationOrder, report: @escaping @Sendable (RuntimeEvent) -> Void) {
        whenReady { result in
            switch result {
            case .success(let runtime): runtime.invoke(order, report: report)
            case .failure(let trouble): report(.invocationEnded(Self.report(of: trouble, for: order)))
            }
        }
    }

    private static func report(of trouble: HostTrouble, for order: InvocationOrder) -> InvocationReport {
        let payload =
            #"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: \#(order.requestID) Error: \#(trouble.reason)"}"#
        return InvocationReport(
            requestID: order.requestID, environmentID: order.newEnvironment.id, payload: Array(payload.utf8),
            functionError: "Unhandled", status: .crash, durationMicroseconds: 0, initDurationMicroseconds: nil,
            billedMicroseconds: 0, maxMemoryUsedMB: 0, logTail: [], coldStart: true)
    }

    func warm(
        _ environment: FunctionEnvironment, as identities: [EnvironmentIdentity],
        report: @escaping @Sendable (RuntimeEvent) -> Void
    ) {
        whenReady { try? $0.get().warm(environment, as: identities, report: report) }
    }

    func retire(functionArn: String, version: String?) {
        whenReady { try? $0.get().retire(functionArn: functionArn, version: version) }
    }

    func runtimeAvailability(_ runtime: String) -> RuntimeAvailability {
        switch ready {
        case .success(let made): made.runtimeAvailability(runtime)
        case .failure(let trouble): .missing(reason: trouble.reason)
        }
    }

    func shutdown() async {
        guard case .success(let runtime) = made.withLock({ $0 }) else { return }
        await runtime.shutdown()
    }
}
