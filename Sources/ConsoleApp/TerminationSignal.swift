@preconcurrency import Dispatch
import Foundation
import Synchronization

/// SIGTERM, SIGINT or SIGHUP: the polite ways of being told to end.
final class TerminationSignal: Sendable {
    private struct State {
        var hasArrived = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "skua.signals")
        sources = [SIGTERM, SIGINT, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.arrive() }
            source.activate()
        }
    }

    private func arrive() {
        let waiting = state.withLock { state in
            state.hasArrived = true
            return state.waiting.take()
        }
        waiting?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasArrived { state.waiting = continuation }
                return state.hasArrived
            }
            if isOver { continuation.resume() }
        }
    }
}
