import Emulation
import NIOCore

/// Runs functions as processes of the host, each in an execution environment with its own port of the Lambda Runtime API.
///
/// Functions are sandboxed where the host allows it, and plain processes elsewhere; in either case they end with the engine.
public final class ProcessFunctionRuntime: FunctionRuntime {
    private let host: RuntimeHost
    private let pool: EnvironmentPool
    private let reaper: RepeatedTask

    /// Looks at the host and writes the bootstraps. Takes a few hundred milliseconds, since it asks the interpreters.
    /// The group must outlive the runtime, which ends by ``shutdown()``. Throws `HostFileError` if the cache folder can't be written.
    public init(settings: ProcessRuntimeSettings, group: any EventLoopGroup) throws {
        let host = try RuntimeHost(settings: settings)
        let pool = EnvironmentPool(group: group, host: host)
        self.host = host
        self.pool = pool
        let idleTime = settings.idleTime
        let interval = TimeAmount.nanoseconds(max(idleTime.nanoseconds / 10, 1_000_000))
        reaper = group.next().scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            pool.reap(idleTime: idleTime)
        }
    }

    public func invoke(_ order: InvocationOrder, report: @escaping @Sendable (RuntimeEvent) -> Void) {
        pool.run(PendingOrder(order: order, report: report))
    }

    public func warm(
        _ environment: FunctionEnvironment, as identities: [EnvironmentIdentity],
        report: @escaping @Sendable (RuntimeEvent) -> Void
    ) {
        for identity in identities { pool.warm(environment, identity, report) }
    }

    public func retire(functionArn: String, version: String?) {
        pool.retire(functionArn: functionArn, version: version)
    }

    public func runtimeAvailability(_ runtime: String) -> RuntimeAvailability {
        switch host.interpreters.availability(of: runtime) {
        case .supported: .available
        case .missing(let reason): .missing(reason: reason)
        }
    }

    /// A sentence on how functions are kept apart from the host, for people.
    public var isolation: String {
        switch host.isolation {
        case .bubblewrap:
            "Functions run in a bubblewrap sandbox: the host is read-only, /tmp and process ids are their own."
        case .namespaces: "Functions run in namespaces: the host is read-only and /tmp is their own."
        case .none: "Functions run as plain processes: no sandbox is available on this host."
        }
    }

    /// Whether functions run in a sandbox.
    public var isSandboxed: Bool { host.isolation != .none }

    /// Whether the kernel ends everything a function started when its environment ends: process ids of its own need
    /// bubblewrap. Elsewhere what left the environment's process group lives on.
    var hasOwnProcessIDs: Bool { if case .bubblewrap = host.isolation { true } else { false } }

    public func shutdown() async {
        reaper.cancel()
        await pool.close()
    }
}
