/// The state of the engine clock as the top line shows it.
public enum ClockState: Hashable, Sendable {
  /// `▶ ×1`
  case live
  /// `▶ ×60`
  case scaled(Double)
  /// `⏸`
  case paused
  /// A remote endpoint has no clock of ours.
  case none
}

/// What the top line shows, and the time all screens agree on. The composition root sends a new one when it changes.
public struct ConsoleStatus: Hashable, Sendable {
  public var account: String
  public var region: String
  /// The endpoint's name, if it is not the embedded engine.
  public var endpoint: String?
  public var clock: ClockState
  /// Engine time in milliseconds since 1970.
  public var now: Int64
  /// Running estimate, ready to print: `$0.0042`. `nil` hides it.
  public var cost: String?

  public init(
    account: String = "000000000000", region: String = "us-east-1", endpoint: String? = nil,
    clock: ClockState = .live, now: Int64 = 0, cost: String? = nil
  ) {
    self.account = account
    self.region = region
    self.endpoint = endpoint
    self.clock = clock
    self.now = now
    self.cost = cost
  }
}
