import AWSModel

/// What an engine is started with.
public struct EngineConfiguration: Sendable, Hashable {
    /// The account of callers whose access key is no account id. Default 123456789012.
    public var accountID: String
    public var region: String
    /// Feeds every identifier and every chance; a world keeps the one it was created with.
    public var seed: UInt64
    public var timelineLimit: Int
    /// Scheme, host and port that programs inside the engine (function handlers) use to call back.
    public var endpoint: String
    /// The program's version, as `DescribeWorld` tells it.
    public var version: String
    /// Where the world lives; empty for one in memory.
    public var worldDirectory: String
    public var isDemo: Bool
    /// Whether calls that change something are refused.
    public var isReadOnly: Bool
    /// What happens to calls that policies do not allow, whatever the world was last set to; nil leaves it at that.
    public var enforcement: Enforcement?
    /// Whether test suites may wipe the world over HTTP.
    public var hasTestHooks: Bool
    /// Answers that stand in for the tasks of workflows, by test case.
    public var mocks: MockConfiguration?

    public init(
        accountID: String = "123456789012", region: String = "us-east-1", seed: UInt64 = 1, timelineLimit: Int = 20_000,
        endpoint: String = "http://127.0.0.1:4566", version: String = "", worldDirectory: String = "",
        isDemo: Bool = false, isReadOnly: Bool = false,
        enforcement: Enforcement? = nil, hasTestHooks: Bool = false, mocks: MockConfiguration? = nil
    ) {
        self.accountID = accountID
        self.region = region
        self.seed = seed
        self.timelineLimit = timelineLimit
        self.endpoint = endpoint
        self.version = version
        self.worldDirectory = worldDirectory
        self.isDemo = isDemo
        self.isReadOnly = isReadOnly
        self.enforcement = enforcement
        self.hasTestHooks = hasTestHooks
        self.mocks = mocks
    }

    public var scope: Scope { Scope(accountID: accountID, region: region) }
}
