import AWSModel

/// The contract between the engine, which decides *that* a function runs, and a runtime, which runs it.
///
/// The engine owns queues, concurrency, retries, log groups and time. A runtime owns processes: it takes an order, finds
/// or starts an execution environment, and tells what happened as a stream of `RuntimeEvent`s. Everything that needs a
/// name (request identifiers, log streams) arrives in the order, so that a session can be replayed.

/// The credentials a function's code signs with: those of its execution role.
public struct FunctionCredentials: Sendable, Hashable {
    public var accessKeyID: String
    public var secretAccessKey: String
    public var sessionToken: String

    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// AWS: `AWS_LAMBDA_INITIALIZATION_TYPE`, as the function's code reads it.
public enum FunctionInitializationType: String, Sendable, Hashable {
    case onDemand = "on-demand"
    case provisionedConcurrency = "provisioned-concurrency"
    case snapStart = "snap-start"
}

/// What an execution environment of one version of one function is made of.
public struct FunctionEnvironment: Sendable, Hashable {
    public var functionName: String
    /// The function's ARN without version or alias.
    public var functionArn: String
    /// `$LATEST` or a published number.
    public var version: String
    /// The runtime's identifier, such as `python3.13`, `nodejs22.x` or `provided.al2023`.
    public var runtime: String
    public var handler: String
    /// The folder that holds the unpacked code; seen by the process as `/var/task`.
    public var codeDirectory: String
    /// Folders of unpacked layers in the order of the function's list; a later one overwrites an earlier one.
    public var layerDirectories: [String]
    /// The function's own variables; reserved names are not overridden by them. `AWS_LAMBDA_LOG_FORMAT` (`JSON`) and
    /// `AWS_LAMBDA_LOG_LEVEL` belong here when the function's LoggingConfig asks for them.
    public var variables: [String: String]
    public var memorySizeMB: Int
    public var timeoutSeconds: Int
    /// Size of `/tmp`.
    public var ephemeralStorageMB: Int
    public var region: String
    public var accountID: String
    public var logGroup: String
    public var credentials: FunctionCredentials
    /// Environments are reused only while this stays the same: change it with every change of code or configuration.
    public var revision: String
    public var initializationType: FunctionInitializationType
    /// Where SDKs inside the function find the services, such as `http://127.0.0.1:4566`; nil sends them nowhere special.
    public var endpointURL: String?

    public init(
        functionName: String, functionArn: String, version: String = "$LATEST", runtime: String, handler: String,
        codeDirectory: String, layerDirectories: [String] = [], variables: [String: String] = [:],
        memorySizeMB: Int = 128, timeoutSeconds: Int = 3, ephemeralStorageMB: Int = 512, region: String,
        accountID: String, logGroup: String, credentials: FunctionCredentials, revision: String,
        initializationType: FunctionInitializationType = .onDemand, endpointURL: String? = nil
    ) {
        self.functionName = functionName
        self.functionArn = functionArn
        self.version = version
        self.runtime = runtime
        self.handler = handler
        self.codeDirectory = codeDirectory
        self.layerDirectories = layerDirectories
        self.variables = variables
        self.memorySizeMB = memorySizeMB
        self.timeoutSeconds = timeoutSeconds
        self.ephemeralStorageMB = ephemeralStorageMB
        self.region = region
        self.accountID = accountID
        self.logGroup = logGroup
        self.credentials = credentials
        self.revision = revision
        self.initializationType = initializationType
        self.endpointURL = endpointURL
    }
}

/// The name a new execution environment gets, should one be needed: 32 hexadecimal digits, and the day it starts.
public struct EnvironmentIdentity: Sendable, Hashable {
    /// 32 lower-case hexadecimal digits; also the environment's identifier in every event.
    public var id: String
    /// The engine's date in the log stream's form, `2026/11/23`.
    public var day: String

    public init(id: String, day: String) {
        self.id = id
        self.day = day
    }

    /// From bytes of the engine's identifier source; sixteen make AWS's length.
    public init(bytes: [UInt8], day: String) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        self.init(id: String(decoding: text, as: UTF8.self), day: day)
    }

    /// AWS: `YYYY/MM/DD/[version]<32 hex>`, one stream per environment.
    public func logStream(version: String) -> String {
        "\(day)/[\(version)]\(id)"
    }
}

/// One invocation, ready to run.
public struct InvocationOrder: Sendable {
    /// The caller's AWS request identifier; the same on every attempt of an asynchronous event.
    public var requestID: String
    public var environment: FunctionEnvironment
    /// Used only if no warm environment is free.
    public var newEnvironment: EnvironmentIdentity
    /// As the caller named it: with its alias or version, if any.
    public var invokedFunctionArn: String
    public var payload: [UInt8]
    /// AWS: `_X_AMZN_TRACE_ID`, such as `Root=1-…;Parent=…;Sampled=0`.
    public var traceID: String
    /// The decoded `X-Amz-Client-Context`, JSON text.
    public var clientContext: String?
    /// JSON text with `cognitoIdentityId` and `cognitoIdentityPoolId`.
    public var cognitoIdentity: String?
    /// How far the engine's clock is ahead of the host's, in milliseconds. Added to the times that stand in log lines, so
    /// that they fit the engine's timeline. The deadline stays in the host's time, which is what a function can read.
    public var clockOffsetMilliseconds: Int64

    public init(
        requestID: String, environment: FunctionEnvironment, newEnvironment: EnvironmentIdentity,
        invokedFunctionArn: String, payload: [UInt8], traceID: String, clientContext: String? = nil,
        cognitoIdentity: String? = nil, clockOffsetMilliseconds: Int64 = 0
    ) {
        self.requestID = requestID
        self.environment = environment
        self.newEnvironment = newEnvironment
        self.invokedFunctionArn = invokedFunctionArn
        self.payload = payload
        self.traceID = traceID
        self.clientContext = clientContext
        self.cognitoIdentity = cognitoIdentity
        self.clockOffsetMilliseconds = clockOffsetMilliseconds
    }
}

/// How an invocation ended.
public enum InvocationStatus: String, Sendable, Hashable {
    case success
    /// The function, or its initialization, reported an error.
    case error
    case timeout
    /// The process exited or was killed.
    case crash
}

/// The result and the figures of one invocation, as in its REPORT line.
public struct InvocationReport: Sendable {
    public var requestID: String
    public var environmentID: String
    public var payload: [UInt8]
    /// nil on success. AWS: always `Unhandled` on modern runtimes.
    public var functionError: String?
    public var status: InvocationStatus
    public var durationMicroseconds: Int64
    /// nil on a warm start.
    public var initDurationMicroseconds: Int64?
    /// Whole milliseconds, in microseconds. AWS: rounded up; includes the init of a managed runtime.
    public var billedMicroseconds: Int64
    public var maxMemoryUsedMB: Int
    /// The last 4 KB of the invocation's log. AWS: `X-Amz-Log-Result`.
    public var logTail: [UInt8]
    public var coldStart: Bool
    /// The answer's content type where the function streamed it.
    public var streamedContentType: String?

    public init(
        requestID: String, environmentID: String, payload: [UInt8], functionError: String?, status: InvocationStatus,
        durationMicroseconds: Int64, initDurationMicroseconds: Int64?, billedMicroseconds: Int64,
        maxMemoryUsedMB: Int, logTail: [UInt8], coldStart: Bool, streamedContentType: String? = nil
    ) {
        self.requestID = requestID
        self.environmentID = environmentID
        self.payload = payload
        self.functionError = functionError
        self.status = status
        self.durationMicroseconds = durationMicroseconds
        self.initDurationMicroseconds = initDurationMicroseconds
        self.billedMicroseconds = billedMicroseconds
        self.maxMemoryUsedMB = maxMemoryUsedMB
        self.logTail = logTail
        self.coldStart = coldStart
        self.streamedContentType = streamedContentType
    }

    /// The error of a function that failed while it streamed: base64 in a trailer.
    public static func decodedError(_ text: String) -> [UInt8]? { Base64.decode(text) }
}

/// Why an execution environment is no more.
public enum EnvironmentEndReason: String, Sendable, Hashable {
    /// Unused for longer than the runtime keeps one.
    case idle
    /// The function or its version was changed or deleted.
    case retired
    case timeout
    case outOfMemory
    /// The process exited on its own.
    case exited
    case initializationFailed
    case shutdown
}

/// What a runtime tells of its environments, in the order in which it happens. Events of one environment never overtake
/// each other; they arrive on a thread of the runtime's own, so hand them over and return.
public enum RuntimeEvent: Sendable {
    case environmentStarted(environmentID: String, functionArn: String, version: String, logStream: String)
    /// It finished its INIT phase and waits for an order, or has one: a warmed environment counts as ready from here on.
    case environmentReady(environmentID: String, initMicroseconds: Int64)
    /// One log event. Text without its line end; INIT_START, START, END and REPORT lines are among them.
    case log(environmentID: String, logStream: String, message: [UInt8])
    /// A part of an answer that a function streams, as it was written. `invocationEnded` has it once more, whole.
    case invocationWrote(requestID: String, contentType: String, bytes: [UInt8])
    case invocationEnded(InvocationReport)
    case environmentEnded(environmentID: String, reason: EnvironmentEndReason)
}

/// Whether functions of a runtime can run on this host.
public enum RuntimeAvailability: Sendable, Hashable {
    case available
    /// `reason` is a sentence for people.
    case missing(reason: String)
}

/// Runs functions. Never decides whether one may run: concurrency limits, queues and retries are the engine's.
public protocol FunctionRuntime: Sendable {
    /// Takes a free warm environment of the same function, version and revision, or starts one, and runs the order in it.
    /// Returns at once. `report` gets exactly one `invocationEnded` for the order, and everything else that happens
    /// to the environment until the next order takes it over.
    func invoke(_ order: InvocationOrder, report: @escaping @Sendable (RuntimeEvent) -> Void)

    /// Starts environments ahead of need, one for each identity. AWS: provisioned concurrency.
    func warm(
        _ environment: FunctionEnvironment, as identities: [EnvironmentIdentity],
        report: @escaping @Sendable (RuntimeEvent) -> Void)

    /// Ends the idle environments of a version, or of all versions for nil; busy ones end after their invocation.
    func retire(functionArn: String, version: String?)

    /// Whether a function with this runtime identifier can run here.
    func runtimeAvailability(_ runtime: String) -> RuntimeAvailability

    /// Ends every process and returns when they are gone. Orders still out end as crashes.
    func shutdown() async
}
