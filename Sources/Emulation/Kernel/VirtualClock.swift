import AWSModel

/// The engine's clock: live, scaled, paused, stepped or jumped.
///
/// The host tells wall time at the start of each turn; the clock says what engine time that is. Two rules keep
/// time honest while real processes run: as long as one is out, the clock runs no faster than the wall
/// (a function that takes 80 ms takes 80 ms of engine time at ×60 too), and a jump waits for it.
public struct VirtualClock: Sendable, Hashable {
    public enum Mode: Sendable, Hashable {
        /// `rate` seconds of engine time a second; 1 is live.
        case running(rate: Double)
        case paused
    }

    public private(set) var mode: Mode
    /// Engine time of the current turn; it never goes back.
    public private(set) var now: Instant
    /// Where a jump is going; nil when none is under way.
    public private(set) var jumpTarget: Instant?
    private var wall: Instant

    public init(now: Instant, wall: Instant, mode: Mode = .running(rate: 1)) {
        self.now = now
        self.wall = wall
        self.mode = mode
    }

    /// How far engine time is ahead of wall time.
    public var offset: Duration { now - wall }

    /// The engine time that the wall time `wall` stands for, effects out or not.
    func target(at wall: Instant, effectsOut: Bool) -> Instant {
        let elapsed = max(wall - self.wall, .zero)
        switch mode {
        case .paused:
            if jumpTarget != nil, effectsOut { return now + elapsed }
            return now
        case .running(let rate):
            let effective = effectsOut || jumpTarget != nil ? min(rate, 1) : rate
            if effective == 1 { return now + elapsed }
            return now + .microseconds(Int64(Double(elapsed.wholeMicroseconds) * effective))
        }
    }

    /// Fixes where the wall stands; engine time follows through ``advance(to:)``.
    mutating func setWall(_ wall: Instant) { self.wall = max(wall, self.wall) }

    mutating func advance(to time: Instant) { now = max(now, time) }

    mutating func setMode(_ mode: Mode) { self.mode = mode }

    mutating func beginJump(to target: Instant) { jumpTarget = max(target, now) }

    mutating func endJump() { jumpTarget = nil }

    /// Wall time from now until engine time reaches `time`; nil if it won't by itself.
    func wallDelay(until time: Instant, effectsOut: Bool) -> Duration? {
        let distance = max(time - now, .zero)
        switch mode {
        case .paused: return jumpTarget != nil && effectsOut ? distance : nil
        case .running(let rate):
            let effective = effectsOut ? min(rate, 1) : rate
            return effective == 1 ? distance : .microseconds(Int64(Double(distance.wholeMicroseconds) / effective) + 1)
        }
    }
}
