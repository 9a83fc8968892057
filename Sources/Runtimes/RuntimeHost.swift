import Emulation
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a `ProcessFunctionRuntime` behaves.
public struct ProcessRuntimeSettings: Sendable {
    /// Where bootstraps, merged layers and, without a sandbox, temporary folders are kept.
    public var cacheDirectory: String
    /// How long an unused environment is kept.
    public var idleTime: TimeAmount = .minutes(10)
    /// AWS: INIT has 10 seconds; over that it is done again inside the invocation.
    public var initTimeout: TimeAmount = .seconds(10)
    /// How often the memory of a busy environment is looked at.
    public var memorySampling: TimeAmount = .milliseconds(20)
    /// Whether to use a sandbox if the host allows one.
    public var sandboxed = true
    /// Folders functions must not see, such as the engine's store. Only a sandbox can hide them.
    public var hiddenDirectories: [String] = []
    /// The time of day that functions' logs have; the machine's where it is nil.
    public var wallMilliseconds: (@Sendable () -> Int64)?
    /// What an invocation is said to have taken, by its request id; measured where it is nil.
    public var figures: (@Sendable (String) -> InvocationFigures)?

    /// For trying the sandbox of our own on a host that has bubblewrap.
    var bubblewrapAllowed = true

    public init(cacheDirectory: String) {
        self.cacheDirectory = cacheDirectory
    }
}

/// What an invocation took, where that is not measured.
public struct InvocationFigures: Sendable {
    public var durationMicroseconds: Int64
    public var initMicroseconds: Int64
    public var megabytes: Int

    public init(durationMicroseconds: Int64, initMicroseconds: Int64, megabytes: Int) {
        self.durationMicroseconds = durationMicroseconds
        self.initMicroseconds = initMicroseconds
        self.megabytes = megabytes
    }
}

/// The runtime's own process can't come to be.
struct StartFailure: Error {
    var type: String
    var reason: String
}

/// What all environments share: the host as it was found, and how processes are started on it.
struct RuntimeHost: Sendable {
    let settings: ProcessRuntimeSettings
    let interpreters: HostInterpreters
    let isolation: Isolation
    let spawner: ProcessSpawner
    let bootstrapDirectory: String
    let timeZoneIsUTC = ":UTC"

    init(settings: ProcessRuntimeSettings) throws {
        self.settings = settings
        let cache = settings.cacheDirectory
        bootstrapDirectory = "\(cache)/runtime"
        try BootstrapInstallation.install(in: bootstrapDirectory)
        try HostFiles.makeDirectory("\(cache)/layers")
        spawner = try ProcessSpawner.shared.get()
        interpreters = HostInterpreters.detect()
        isolation =
            settings.sandboxed
            ? Isolation.detect(
                interpreters, cacheDirectory: bootstrapDirectory, bubblewrapAllowed: settings.bubblewrapAllowed) : .none
    }

    /// As INIT_START names it: `python:3.13.v7`, `nodejs:22.v20`. The function's own runtime, as AWS has it; the last
    /// number is of the interpreter that really runs.
    func runtimeVersion(_ runtime: String) -> String {
        switch interpreters.availability(of: runtime) {
        case .supported(.python):
            let patch =
                interpreters.python?.version.split(separator: ".").dropFirst(2).first?.prefix { $0.isNumber } ?? "1"
            return "python:\(runtime.dropFirst("python".count)).v\(patch)"
        case .supported(.node):
            let minor = interpreters.node?.version.split(separator: ".").dropFirst().first ?? "1"
            return "nodejs:\(runtime.dropFirst("nodejs".count).prefix { $0.isNumber }).v\(minor)"
        case .supported(.custom), .missing:
            return runtime.split(separator: ".", maxSplits: 1).joined(separator: ":")
        }
    }

    func processOrder(for environment: ExecutionEnvironment, port: Int) throws(StartFailure) -> ProcessOrder {
        let description = environment.description
        let family: RuntimeFamily
        switch interpreters.availability(of: description.runtime) {
        case .supported(let found): family = found
        case .missing(let reason): throw StartFailure(type: "Runtime.InvalidEntrypoint", reason: reason)
        }
        guard HostFiles.isDirectory(description.codeDirectory) else {
            throw StartFailure(type: "Runtime.InvalidEntrypoint", reason: "the function's code is missing")
        }
        let layers: String?
        do {
            layers = try LayerMerge(cacheDirectory: "\(settings.cacheDirectory)/layers").directory(
                for: description.layerDirectories)
        } catch {
            throw StartFailure(type: "Runtime.InvalidEntrypoint", reason: "layers can't be merged: \(error)")
        }
        var temporary = ""
        if isolation == .none {
            temporary = "\(settings.cacheDirectory)/tmp/\(environment.identity.id)"
            do {
                try HostFiles.makeDirectory(temporary)
            } catch {
                throw StartFailure(type: "Runtime.InvalidEntrypoint", reason: "no temporary folder: \(error)")
            }
            environment.temporaryDirectory = temporary
        }
        let folders = isolation.folders(
            code: description.codeDirectory, layers: layers, bootstrap: bootstrapDirectory, temporary: temporary)
        let program = try program(family, description, folders, layers: layers)
        let variables = variables(for: environment, family, folders, port: port)
        let command = isolation.command(
            program, environment: variables,
            folders: SandboxFolders(
                code: description.codeDirectory, layers: layers, bootstrap: bootstrapDirectory,
                temporaryMegabytes: description.ephemeralStorageMB, prefixes: interpreters.prefixes,
                hidden: settings.hiddenDirectories))
        return ProcessOrder(
            command: command,
            started: { result in environment.loop.execute { environment.started(result) } },
            outputReady: { environment.loop.execute { environment.outputReady() } },
            ended: { end in environment.loop.execute { environment.processEnded(end) } })
    }

    /// The command line as the process itself sees it.
    private func program(
        _ family: RuntimeFamily, _ description: FunctionEnvironment, _ folders: SeenFolders, layers: String?
    ) throws(StartFailure) -> [String] {
        switch family {
        case .python:
            return [
                interpreters.python?.path ?? "python3", "-u", "\(folders.runtime)/bootstrap.py", folders.task,
                folders.layers,
            ]
        case .node:
            // AWS: V8's heap is bounded by the function's memory.
            return [
                interpreters.node?.path ?? "node", "--max-old-space-size=\(description.memorySizeMB)",
                "\(folders.runtime)/bootstrap.js", folders.task, folders.layers,
            ]
        case .custom:
            if HostFiles.isExecutable("\(description.codeDirectory)/bootstrap") { return ["\(folders.task)/bootstrap"] }
            if let layers, HostFiles.isExecutable("\(layers)/bootstrap") { return ["\(folders.layers)/bootstrap"] }
            throw StartFailure(
                type: "Runtime.InvalidEntrypoint",
                reason: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
        }
    }

    /// AWS: the defined variables of a function's process. Reserved ones win over the function's own.
    private func variables(
        for environment: ExecutionEnvironment, _ family: RuntimeFamily, _ folders: SeenFolders, port: Int
    ) -> [String: String] {
        let description = environment.description
        var path = ["/usr/local/bin", "/usr/bin", "/bin", "\(folders.layers)/bin"]
        for interpreter in [interpreters.python, interpreters.node].compactMap(\.self).reversed() {
            let folder = parent(interpreter.path)
            if !path.contains(folder) { path.insert(folder, at: 0) }
        }
        var result = [
            "PATH": path.joined(separator: ":"),
            "LD_LIBRARY_PATH": "\(folders.task):\(folders.task)/lib:\(folders.layers)/lib",
            "LANG": "en_US.UTF-8",
            "TZ": timeZoneIsUTC,
            "TMPDIR": folders.temporary,
        ]
        if let endpoint = description.endpointURL { result["AWS_ENDPOINT_URL"] = endpoint }
        if family == .node {
            let major = interpreters.node?.version.prefix { $0 != "." } ?? "20"
            result["NODE_PATH"] =
                "\(folders.layers)/nodejs/node\(major)/node_modules:\(folders.layers)/nodejs/node_modules:"
                + "\(folders.runtime)/node_modules:\(folders.runtime):\(folders.task)"
        }
        if family == .python { result["PYTHONPATH"] = folders.runtime }
        result.merge(description.variables) { $1 }
        let reserved = [
            "AWS_REGION": description.region,
            "AWS_DEFAULT_REGION": description.region,
            "AWS_ACCESS_KEY_ID": description.credentials.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": description.credentials.secretAccessKey,
            "AWS_SESSION_TOKEN": description.credentials.sessionToken,
            "AWS_EXECUTION_ENV": "AWS_Lambda_\(description.runtime)",
            "AWS_LAMBDA_FUNCTION_NAME": description.functionName,
            "AWS_LAMBDA_FUNCTION_VERSION": description.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(description.memorySizeMB),
            "AWS_LAMBDA_LOG_GROUP_NAME": description.logGroup,
            "AWS_LAMBDA_LOG_STREAM_NAME": environment.logStream,
            "AWS_LAMBDA_INITIALIZATION_TYPE": description.initializationType.rawValue,
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port)",
            "AWS_ACCOUNT_ID": description.accountID,
            // AWS: where the daemon listens that takes segments; there is none here, and nobody hears what is sent.
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
            "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000",
            "_AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129",
            "_AWS_XRAY_DAEMON_PORT": "2000",
            "LAMBDA_TASK_ROOT": folders.task,
            "LAMBDA_RUNTIME_DIR": folders.runtime,
            "_HANDLER": description.handler,
        ]
        result.merge(reserved) { $1 }
        if description.credentials.sessionToken.isEmpty { result["AWS_SESSION_TOKEN"] = nil }
        return result
    }
}
