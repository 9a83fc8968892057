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

    init(settings: ProcessRuntimeSettings, group: any EventLoopGroup) {
        queue.async { [self] in
            let result: Result<ProcessFunctionRuntime, HostTrouble>
            do {
                result = .success(try ProcessFunctionRuntime(settings: settings, group: group))
            } catch {
                result = .failure(HostTrouble(reason: "Functions cannot run here: \(error)"))
            }
            made.withLock { $0 = result }
        }
    }

    /// What is made by now; waits for it.
    private var ready: Result<ProcessFunctionRuntime, HostTrouble> {
        if let made = made.withLock({ $0 }) { return made }
        queue.sync {}
        return made.withLock { $0 } ?? .failure(HostTrouble(reason: "Functions cannot run here."))
    }

    /// Runs `body` at once where the runtime is made, and as soon as it is elsewhere; never blocks.
    private func whenReady(_ body: @escaping @Sendable (Result<ProcessFunctionRuntime, HostTrouble>) -> Void) {
        if let made = made.withLock({ $0 }) { return body(made) }
        queue.async { [self] in body(ready) }
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
        let payload = #"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: \#(order.requestID) Error: \#(trouble.reason)"}"#
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
        let result = await withCheckedContinuation { continuation in
            whenReady { continuation.resume(returning: $0) }
        }
        if case .success(let runtime) = result { await runtime.shutdown() }
    }
}
