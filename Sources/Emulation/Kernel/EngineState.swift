import AWSModel

/// What the engine itself keeps across restarts: its seed, how often it was opened, and its clock.
enum EngineState {
    static let migrations = [
        Migration(
            "engine-1",
            "CREATE TABLE engine_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID")
    ]

    struct Opened {
        var seed: UInt64
        var session: UInt64
        var clock: VirtualClock
    }

    static func open(_ journal: Journal, seed: UInt64, wall: Instant) throws(StorageError) -> Opened {
        var values: [String: Int64] = [:]
        try journal.rows.forEach("SELECT name, value FROM engine_state") { row in
            values[row.text(0)] = row.integer(1)
        }
        let storedSeed = values["seed"].map(UInt64.init(bitPattern:)) ?? seed
        let session = UInt64(bitPattern: values["session"] ?? 0)
        record("seed", Int64(bitPattern: storedSeed), in: journal)
        record("session", Int64(bitPattern: session &+ 1), in: journal)
        return Opened(seed: storedSeed, session: session, clock: clock(from: values, wall: wall))
    }

    /// A running clock went on while the program was away, as AWS's would; a paused one stood still.
    private static func clock(from values: [String: Int64], wall: Instant) -> VirtualClock {
        guard let now = values["now"], let then = values["wall"] else { return VirtualClock(now: wall, wall: wall) }
        let stored = Instant(microseconds: now)
        if values["paused"] == 1 { return VirtualClock(now: stored, wall: wall, mode: .paused) }
        let rate = values["rateMillionths"].map { Double($0) / 1_000_000 } ?? 1
        let away = max(wall - Instant(microseconds: then), .zero)
        return VirtualClock(now: stored + away, wall: wall, mode: .running(rate: rate))
    }

    /// Writes down where the clock stands.
    static func record(_ clock: VirtualClock, in journal: Journal) {
        record("now", clock.now.microseconds, in: journal)
        record("wall", (clock.now - clock.offset).microseconds, in: journal)
        switch clock.mode {
        case .paused: record("paused", 1, in: journal)
        case .running(let rate):
            record("paused", 0, in: journal)
            record("rateMillionths", Int64(rate * 1_000_000), in: journal)
        }
    }

    /// Whether what was written down before leads to where the clock stands: true for a clock that merely runs live.
    static func follows(_ clock: VirtualClock, from recorded: VirtualClock?) -> Bool {
        guard let recorded, recorded.mode == clock.mode else { return false }
        switch clock.mode {
        case .paused: return recorded.now == clock.now
        case .running(let rate): return rate == 1 && recorded.offset == clock.offset
        }
    }

    private static func record(_ name: String, _ value: Int64, in journal: Journal) {
        journal.record("INSERT OR REPLACE INTO engine_state VALUES (?, ?)", [.text(name), .integer(value)])
    }
}
