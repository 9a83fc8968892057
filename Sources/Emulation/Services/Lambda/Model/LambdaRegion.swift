import AWSModel
import AWSTypes

/// What one account has in one region.
final class LambdaRegion {
    let scope: Scope
    var functions: [String: LambdaFunction] = [:]
    var layers: [String: LambdaLayer] = [:]
    var mappings: [String: EventSourceMapping] = [:]
    /// By ARN.
    var codeSigningConfigs: [String: CodeSigningRecord] = [:]
    /// Invocations under way.
    var running = 0
    /// Those of functions without reserved concurrency.
    var unreservedRunning = 0
    var metrics: AccountMetrics?

    init(scope: Scope) { self.scope = scope }

    /// AWS: the account's quota.
    static let concurrencyLimit = 1000
    /// AWS: what must stay for functions without a reservation.
    static let minimumUnreserved = 100

    /// Of all functions together.
    private(set) var reservedConcurrency = 0
    /// Of those without a reservation of their own.
    private(set) var provisionedConcurrency = 0
    var unreservedConcurrency: Int { Self.concurrencyLimit - reservedConcurrency }
    /// AWS: what is provisioned is kept from others, whether it is used or not.
    var onDemandConcurrency: Int { unreservedConcurrency - provisionedConcurrency }

    /// After a reservation changed, or a function came or went.
    func recount() {
        reservedConcurrency = functions.values.reduce(0) { $0 + ($1.reservedConcurrency ?? 0) }
        provisionedConcurrency = functions.values.reduce(0) {
            $0 + ($1.reservedConcurrency == nil ? $1.provisionedConcurrency : 0)
        }
    }
}

/// A layer and its versions.
final class LambdaLayer {
    let name: String
    let arn: String
    /// Deleted ones too.
    var versions: [Int: LayerVersion] = [:]
    var visibleVersions: [LayerVersion] { versions.values.filter { !$0.isDeleted } }
    var lastVersion = 0

    init(name: String, arn: String) {
        self.name = name
        self.arn = arn
    }
}

struct LayerVersion {
    var version: Int
    var description: String
    var created: String
    var compatibleRuntimes: [String]?
    var compatibleArchitectures: [String]?
    var licenseInfo: String?
    var codeSha256: String
    var codeSize: Int
    var unpackedSize: Int
    var package: CodePackage
    /// AWS: functions that use a deleted version keep it; nobody else finds it.
    var isDeleted = false
    /// Statements that let others use it.
    var policy: ResourcePolicy?
}
