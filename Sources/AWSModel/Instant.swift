/// A point on the engine's time line: microseconds since 1970-01-01T00:00:00Z.
///
/// Microseconds, because AWS prints milliseconds and the engine must still order what happens inside one.
public struct Instant: Sendable, Hashable, Comparable, Codable {
    /// Microseconds since the Unix epoch.
    public var microseconds: Int64

    @inlinable
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// From epoch seconds as AWS's JSON protocols carry them (fractions are milliseconds or finer).
    @inlinable
    public init(epochSeconds: Double) {
        let scaled = (epochSeconds * 1_000_000).rounded()
        self.microseconds = Int64(exactly: scaled) ?? (scaled > 0 ? .max : .min)
    }

    @inlinable
    public init(epochMilliseconds: Int64) { self.microseconds = epochMilliseconds &* 1000 }

    public static let epoch = Instant(microseconds: 0)
    /// Later than anything: "never".
    public static let distantFuture = Instant(microseconds: .max)

    @inlinable
    public var epochSeconds: Double { Double(microseconds) / 1_000_000 }

    /// Whole milliseconds since the epoch, rounded down.
    @inlinable
    public var epochMilliseconds: Int64 {
        microseconds >= 0 ? microseconds / 1000 : -((999 - microseconds) / 1000)
    }

    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    @inlinable
    public static func + (left: Instant, right: Duration) -> Instant {
        let (sum, overflow) = left.microseconds.addingReportingOverflow(right.wholeMicroseconds)
        return Instant(microseconds: overflow ? .max : sum)
    }

    @inlinable
    public static func - (left: Instant, right: Duration) -> Instant {
        let (difference, overflow) = left.microseconds.subtractingReportingOverflow(right.wholeMicroseconds)
        return Instant(microseconds: overflow ? .min : difference)
    }

    @inlinable
    public static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds &- right.microseconds)
    }
}

extension Duration {
    /// This duration in whole microseconds, rounded toward zero; saturates at the range of `Int64`.
    @inlinable
    public var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (seconds > 0 ? .max : .min) : scaled &+ attoseconds / 1_000_000_000_000
    }

    /// This duration in seconds.
    @inlinable
    public var inSeconds: Double { Double(wholeMicroseconds) / 1_000_000 }
}
