import Synchronization
import TerminalUI

/// What the run loop waits for.
enum Signal: Sendable {
    case input(InputEvent)
    case status(ConsoleStatus)
    case changed(Set<Topic>)
    /// The end of work; `message` is `nil` if it has nothing to say.
    case finished(entry: Int, work: String, token: Int, message: (any Sendable)?)
    /// A report of work under way.
    case reported(entry: Int, work: String, token: Int, message: any Sendable)
    /// How far a job over several things is.
    case advanced(bulk: Int, BulkProgress)
    case tick(entry: Int)
    case toastExpired(Int)
    case stop
}

/// Signals from everywhere, taken in batches: whatever piles up while a frame is drawn is handled before the next one.
final class Mailbox: Sendable {
    private struct State {
        var waiting: [Signal] = []
        var taker: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func post(_ signal: Signal) {
        let taker = state.withLock { state in
            state.waiting.append(signal)
            defer { state.taker = nil }
            return state.taker
        }
        taker?.resume()
    }

    /// Everything that has arrived; waits for the first. One taker at a time.
    func take() async -> [Signal] {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if state.waiting.isEmpty {
                    state.taker = continuation
                    return false
                }
                return true
            }
            if isReady { continuation.resume() }
        }
        return takeNow()
    }

    /// Everything that has arrived, without waiting.
    func takeNow() -> [Signal] {
        state.withLock { state in
            defer { state.waiting.removeAll() }
            return state.waiting
        }
    }
}
