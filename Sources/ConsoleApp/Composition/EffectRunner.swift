import Dispatch
import Emulation
import Foundation

/// Performs the engine's effects: functions by the runtime, requests by an HTTP client, heavy work on a queue of its own.
struct EffectRunner: EffectPerformer {
    let runtime: any FunctionRuntime
    private let http = OutgoingHTTP()
    private let workQueue = DispatchQueue(label: "skua.work")

    init(runtime: any FunctionRuntime) { self.runtime = runtime }

    func perform(_ effect: Effect, report: @escaping @Sendable (EffectEvent) -> Void) {
        switch effect {
        case .invoke(let order): runtime.invoke(order) { report(.runtime($0)) }
        case .warm(let environment, let identities):
            runtime.warm(environment, as: identities) { report(.runtime($0)) }
        case .retire(let functionArn, let version): runtime.retire(functionArn: functionArn, version: version)
        case .work(let work): workQueue.async { report(.finished(work())) }
        case .http(let request): http.perform(request) { report(.http($0)) }
        case .removeFiles(let paths):
            workQueue.async {
                for path in paths { try? FileManager.default.removeItem(atPath: path) }
            }
        }
    }
}
