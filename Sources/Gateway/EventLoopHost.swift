import AWSModel
import Emulation
import NIOCore
import NIOPosix

/// The engine's thread: an event loop, the same one the endpoint's connections live on.
///
/// A request is therefore read, performed, committed and answered on one thread without a hop, and all requests that
/// were ready in one iteration of the loop share one commit.
public final class EventLoopHost: EngineHost {
    public let eventLoop: any EventLoop
    public let executor: any SerialExecutor
    private let wakeUp: NIOLoopBoundBox<Scheduled<Void>?>
    private let wallAtStart: Instant
    private let monotonicAtStart: NIODeadline

    public init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        wakeUp = .makeBoxSendingValue(nil, eventLoop: eventLoop)
        wallAtStart = SystemClock.now()
        monotonicAtStart = .now()
    }

    /// The wall clock read once, then carried on by the monotonic one: setting the host's clock back stops nothing.
    public func wallTime() -> Instant {
        wallAtStart + .nanoseconds((NIODeadline.now() - monotonicAtStart).nanoseconds)
    }

    public func execute(_ body: @escaping @Sendable () -> Void) { eventLoop.execute(body) }

    public func wake(after delay: Duration, _ body: @escaping @Sendable () -> Void) {
        wakeUp.value?.cancel()
        let microseconds = max(delay.wholeMicroseconds, 0)
        // A timer years ahead overflows the loop's nanoseconds; waking once a day for it costs nothing.
        wakeUp.value = eventLoop.scheduleTask(in: .microseconds(min(microseconds, 86_400_000_000)), body)
    }

    public func cancelWake() {
        wakeUp.value?.cancel()
        wakeUp.value = nil
    }
}
