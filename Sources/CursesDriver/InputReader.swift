import Glibc
import Synchronization
import TerminalUI

/// Reads the terminal on a thread of its own. It sleeps in `poll` with no timeout, except for the few milliseconds after
/// an ESC, which may be a key or the start of one.
final class InputReader: Sendable {
    let events: AsyncStream<InputEvent>
    private let continuation: AsyncStream<InputEvent>.Continuation
    private let readEnd: Int32
    /// Signal handlers write here, and `stop`.
    let writeEnd: Int32
    private let stopped = Atomic<Bool>(false)
    /// While somebody else has the terminal, its keys are theirs.
    private let isHeld = Atomic<Bool>(false)

    /// How long after an ESC a sequence may still go on, in milliseconds.
    private static let escapeDelay: Int32 = 25
    private static let stopByte: UInt8 = 255
    /// Only wakes the thread.
    private static let wakeByte: UInt8 = 254

    init() {
        (events, continuation) = AsyncStream.makeStream(of: InputEvent.self)
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            // Functions' processes must not inherit it, and a handler must never block on it.
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    func start(keys: [[UInt8]: Key]) {
        let body = Body(reader: self, keys: keys)
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_create(
            &thread, &attributes,
            { raw in
                guard let raw else { return nil }
                let body = Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
                body.reader.run(keys: body.keys)
                return nil
            }, Unmanaged.passRetained(body).toOpaque())
        pthread_attr_destroy(&attributes)
    }

    func stop() {
        guard !stopped.exchange(true, ordering: .relaxed) else { return }
        var byte = Self.stopByte
        _ = write(writeEnd, &byte, 1)
        continuation.finish()
    }

    func hold() { setHeld(true) }
    func release() { setHeld(false) }

    private func setHeld(_ held: Bool) {
        isHeld.store(held, ordering: .relaxed)
        var byte = Self.wakeByte
        _ = write(writeEnd, &byte, 1)
    }

    /// What the thread starts with.
    private final class Body {
        let reader: InputReader
        let keys: [[UInt8]: Key]
        init(reader: InputReader, keys: [[UInt8]: Key]) {
            self.reader = reader
            self.keys = keys
        }
    }

    private func run(keys: [[UInt8]: Key]) {
        var parser = InputParser(known: keys)
        var clicks = DoublePress()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var polled = [
                // A negative one is not polled.
                pollfd(fd: isHeld.load(ordering: .relaxed) ? -1 : 0, events: Int16(POLLIN), revents: 0),
                pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&polled, 2, parser.isPending ? Self.escapeDelay : -1)
            if ready < 0 {
                if errno == EINTR { continue }
                return end(.inputClosed)
            }
            if ready == 0 {
                for event in parser.flush() { continuation.yield(event) }
                continue
            }
            if polled[1].revents != 0, !takeSignals() { return }
            if polled[0].revents != 0 {
                let count = read(0, &buffer, buffer.count)
                if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
                if count <= 0 { return end(.hangUp) }
                for event in parser.feed(buffer[..<count]) {
                    continuation.yield(clicks.refined(event, at: Self.milliseconds()))
                }
            }
        }
    }

    private func end(_ reason: InputEvent.EndReason) {
        continuation.yield(.ended(reason))
        continuation.finish()
    }

    /// False when reading should end.
    private func takeSignals() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(readEnd, &bytes, bytes.count)
        guard count > 0 else { return true }
        let isHeld = isHeld.load(ordering: .relaxed)
        for byte in bytes[..<count] where byte != Self.wakeByte {
            // ^C and ^Z of whoever has the terminal are not meant for us.
            if isHeld, [SIGINT, SIGTSTP, SIGCONT].contains(Int32(byte)) { continue }
            switch Int32(byte) {
            case SIGWINCH: continuation.yield(.resized(Self.terminalSize()))
            case SIGTERM: continuation.yield(.ended(.terminated))
            case SIGINT: continuation.yield(.ended(.interrupted))
            case SIGHUP: continuation.yield(.ended(.hangUp))
            case SIGTSTP: continuation.yield(.stopRequested)
            case SIGCONT: continuation.yield(.resumed)
            default: return false
            }
        }
        return true
    }

    static func terminalSize() -> Size {
        var window = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 {
            return Size(width: Int(window.ws_col), height: Int(window.ws_row))
        }
        return .standard
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// Tells a second press on the same cell, soon after the first.
private struct DoublePress {
    private var last: (point: Point, time: Int64)?
    private static let longest: Int64 = 400

    mutating func refined(_ event: InputEvent, at time: Int64) -> InputEvent {
        guard case .mouse(var mouse) = event, mouse.kind == .press, mouse.button == .left else { return event }
        if let last, last.point == mouse.position, time - last.time <= Self.longest {
            self.last = nil
            mouse.kind = .doublePress
            return .mouse(mouse)
        }
        last = (mouse.position, time)
        return event
    }
}
