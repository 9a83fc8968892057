/// The state of the engine clock as the top line shows it.
public enum ClockState: Hashable, Sendable {
    /// `▶ ×1`
    case live
    /// `▶ ×60`
    case scaled(Double)
    /// `⏸`
    case paused
    /// `▶▶`: on the way to a later time, as fast as events allow.
    case jumping
    /// A remote endpoint has no clock of ours.
    case none
}

/// What the top line shows, and the time all screens agree on. The composition root sends a new one when it changes.
public struct ConsoleStatus: Hashable, Sendable {
    public var account: String
    public var region: String
    /// The endpoint's name, if it is not the embedded engine.
    public var endpoint: String?
    /// Whether it looks like a place where mistakes are dear: drawn in red, and marked.
    public var isProduction = false
    public var isReadOnly = false
    public var clock: ClockState
    /// Engine time in milliseconds since 1970.
    public var now: Int64
    /// The wall time, in milliseconds since 1970, at which `now` was true. The application then lets `now` go on from
    /// there at the clock's rate, whenever it draws. `nil`: it stands still.
    public var measuredAt: Int64?
    /// Running estimate, ready to print: `$0.0042`. `nil` hides it.
    public var cost: String?

    public init(
        account: String = "000000000000", region: String = "us-east-1", endpoint: String? = nil,
        clock: ClockState = .live, now: Int64 = 0, measuredAt: Int64? = nil, cost: String? = nil
    ) {
        self.account = account
        self.region = region
        self.endpoint = endpoint
        self.clock = clock
        self.now = now
        self.measuredAt = measuredAt
        self.cost = cost
    }

    /// AWS itself, and whatever has `prod` as a word in its endpoint's, profile's or account's name.
    public static func looksLikeProduction(_ names: String?...) -> Bool {
        names.compactMap { $0?.lowercased() }.contains { name in
            if name == "aws" || name.contains("amazonaws.com") { return true }
            let words = name.split { !$0.isLetter }
            return words.contains { ["prod", "production", "prd", "live"].contains($0) }
        }
    }

    /// Engine milliseconds a wall millisecond.
    var rate: Double {
        switch clock {
        case .live, .none: 1
        case .scaled(let rate): rate
        case .paused, .jumping: 0
        }
    }

    /// The status as it is at a later wall time: `now` has gone on.
    public func advanced(to wall: Int64) -> ConsoleStatus {
        guard let measuredAt else { return self }
        var later = self
        later.now += Int64((Double(max(0, wall - measuredAt)) * rate).rounded(.down))
        later.measuredAt = wall
        return later
    }
}
