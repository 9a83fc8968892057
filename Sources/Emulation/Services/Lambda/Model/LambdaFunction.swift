import AWSModel
import AWSTypes

/// A function with everything that hangs on it.
final class LambdaFunction {
    let scope: Scope
    let name: String
    var latest: FunctionVersion
    /// Published versions by number.
    var published: [Int: FunctionVersion] = [:]
    /// The highest number ever given; numbers are not reused.
    var lastVersion = 0
    var aliases: [String: FunctionAlias] = [:]
    /// By version or alias; the function's own under "".
    var policies: [String: ResourcePolicy] = [:]
    var tags: [String: String] = [:]
    var reservedConcurrency: Int? {
        // What was refused under another limit says nothing of this one.
        didSet { throttling = Throttling() }
    }
    /// Environments kept ready, by alias or version.
    var provisioned: [String: ProvisionedConcurrency] = [:]
    /// What code must be signed with; nil where it need not be.
    var codeSigningConfigArn: String?
    /// By qualifier, `$LATEST` for the function itself.
    var eventInvokeConfigs: [String: EventInvokeConfig] = [:]
    /// By alias; the function's own under "".
    var urls: [String: FunctionURL] = [:]
    var recursiveLoop = "Terminate"
    /// How runtime updates are taken, by qualifier; `Auto` where nothing is set.
    var runtimeUpdates: [String: RuntimeUpdate] = [:]

    // Live state, gone with the process.
    /// Invocations under way, of all versions.
    var running = 0
    let asynchronous = AsynchronousQueue()
    var metrics: FunctionMetrics?
    var environments: [String: ExecutionEnvironment] = [:]
    var throttling = Throttling()
    var failures = FailureStreak()
    /// What passed from each source since the engine started, for the map's wires.
    var deliveries: [String: Int] = [:]
    var undelivered: [String: Int] = [:]

    init(scope: Scope, name: String, latest: FunctionVersion) {
        self.scope = scope
        self.name = name
        self.latest = latest
    }

    var arn: String { scope.arn("lambda", "function:\(name)") }

    /// Of all its aliases and versions together.
    var provisionedConcurrency: Int { provisioned.values.reduce(0) { $0 + $1.requested } }

    /// The version behind `$LATEST`, nil or a number.
    subscript(version qualifier: String) -> FunctionVersion? {
        get {
            if qualifier == FunctionReference.latest { return latest }
            return FunctionReference.versionNumber(qualifier).flatMap { published[$0] }
        }
        set {
            if qualifier == FunctionReference.latest {
                if let newValue { latest = newValue }
            } else if let number = FunctionReference.versionNumber(qualifier) {
                published[number] = newValue
            }
        }
    }

    /// All versions, `$LATEST` first.
    var versions: [FunctionVersion] { [latest] + published.sorted { $0.key < $1.key }.map(\.value) }
}

/// How often invocations were refused since the engine started, and when last.
struct Throttling {
    private(set) var count = 0
    private(set) var first: Instant?
    private(set) var last: Instant?

    mutating func note(at now: Instant) {
        // A new spell begins where the one before is long over.
        if let last, last + .seconds(300) < now {
            count = 0
            first = nil
        }
        count += 1
        first = first ?? now
        last = now
    }
}

/// The newest invocations, as long as all of them failed.
struct FailureStreak {
    private(set) var count = 0
    private(set) var since: Instant?
    private(set) var sentence = ""

    mutating func note(_ report: InvocationReport, at now: Instant) {
        guard report.functionError != nil else {
            if count > 0 { self = FailureStreak() }
            return
        }
        count += 1
        since = since ?? now
        sentence = LambdaService.errorSentence(report)
    }
}

/// `$LATEST` or a published version.
struct FunctionVersion {
    /// As GetFunctionConfiguration answers it.
    var configuration: Lambda.FunctionConfiguration
    var package: CodePackage
    /// What invocations run; behind `configuration` while an update is in progress, nil before the first deployment.
    var deployed: Deployment?
    /// Counts deployments, so that a late one does not overwrite a newer.
    var deploymentCount = 0
    /// How $LATEST was described when this version was published from it.
    var sourceDescription: String?

    var version: String { configuration.version ?? FunctionReference.latest }
}

/// A deployment package in the blob store; names are relative, so that a world can be moved.
struct CodePackage: Sendable, Hashable {
    /// In `Code.Location`; unguessable.
    var token: String
    /// The folder that holds `code.zip` and, unpacked, `code`.
    var folder: String

    var archiveName: String { "\(folder)/code.zip" }
    var codeName: String { "\(folder)/code" }

    init(token: String, folder: String) {
        self.token = token
        self.folder = folder
    }

    init(_ document: DocumentObject) {
        token = document.string("Token") ?? ""
        folder = document.string("Folder") ?? ""
    }

    var document: DocumentObject { ["Token": .string(token), "Folder": .string(folder)] }
}

/// A version ready to run.
struct Deployment {
    var configuration: Lambda.FunctionConfiguration
    var codeDirectory: String
    var layerDirectories: [String]
    /// Changes with every deployment, so that old environments are not reused.
    var revision: String
    /// Of the execution role; nil until the first invocation.
    var credentials: FunctionCredentials?
    var credentialsExpire: Instant = .epoch
}

struct FunctionAlias: Hashable {
    var name: String
    var functionVersion: String
    var description: String
    /// At most one further version and the share of requests it gets.
    var weights: [String: Double]
    var revisionID: String

    init(name: String, functionVersion: String, description: String, weights: [String: Double], revisionID: String) {
        self.name = name
        self.functionVersion = functionVersion
        self.description = description
        self.weights = weights
        self.revisionID = revisionID
    }

    init(_ document: DocumentObject) {
        let stored = Lambda.AliasConfiguration(document)
        self.init(
            name: stored.name ?? "", functionVersion: stored.functionVersion ?? FunctionReference.latest,
            description: stored.description ?? "", weights: stored.routingConfig?.additionalVersionWeights ?? [:],
            revisionID: stored.revisionId ?? "")
    }

    func configuration(functionArn: String) -> Lambda.AliasConfiguration {
        Lambda.AliasConfiguration(
            aliasArn: "\(functionArn):\(name)", name: name, functionVersion: functionVersion, description: description,
            routingConfig: weights.isEmpty ? nil : Lambda.AliasRoutingConfiguration(additionalVersionWeights: weights),
            revisionId: revisionID)
    }
}

/// Who may invoke: statements in the order in which they were added.
struct ResourcePolicy: Hashable {
    var statements: [DocumentObject]
    var revisionID: String

    var document: DocumentObject {
        ["Version": "2012-10-17", "Id": "default", "Statement": .list(statements.map { .object($0) })]
    }
}

/// How asynchronous invocations of a qualifier are treated.
struct EventInvokeConfig: Hashable {
    var maximumRetryAttempts: Int?
    var maximumEventAgeSeconds: Int?
    var onSuccess: String?
    var onFailure: String?
    var lastModified: Instant

    static let defaultRetryAttempts = 2
    static let defaultEventAgeSeconds = 21_600

    func configuration(functionArn: String, qualifier: String) -> Lambda.FunctionEventInvokeConfig {
        Lambda.FunctionEventInvokeConfig(
            lastModified: lastModified, functionArn: "\(functionArn):\(qualifier)",
            maximumRetryAttempts: maximumRetryAttempts, maximumEventAgeInSeconds: maximumEventAgeSeconds,
            destinationConfig: Lambda.DestinationConfig(
                onSuccess: Lambda.OnSuccess(destination: onSuccess), onFailure: Lambda.OnFailure(destination: onFailure)
            ))
    }
}

struct FunctionURL: Hashable {
    /// The first label of its host.
    var id: String
    var authType: String
    var cors: Lambda.Cors?
    /// Nil where none was asked for, which means BUFFERED.
    var invokeMode: String?
    var created: String
    var lastModified: String
}

struct RuntimeUpdate: Hashable {
    var updateOn: String
    var runtimeVersionArn: String?
}

/// A process that runs a version, as the console shows it.
public struct ExecutionEnvironment: Sendable, Hashable {
    /// 32 hexadecimal digits, as in its log stream.
    public var id: String
    public var version: String
    public var logStream: String
    public var startedAt: Instant
    public var lastUsedAt: Instant
    public var invocations: Int
    public var isBusy: Bool
}
