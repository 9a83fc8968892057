import CSandbox
import Emulation
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

typealias RuntimeReport = @Sendable (RuntimeEvent) -> Void

/// An order on its way, and who hears of it.
struct PendingOrder: Sendable {
    var order: InvocationOrder
    var report: RuntimeReport
}

/// One execution environment: a process, its port of the Runtime API, and the one invocation it may have.
///
/// `@unchecked Sendable`: all state is touched only on `loop`; the methods marked *any thread* hop there first.
final class ExecutionEnvironment: @unchecked Sendable {
    /// What is happening to the process.
    enum Phase {
        /// Started, and has not asked for its first order. AWS tries twice: before the invocation, then inside it.
        case initializing(attempt: Int)
        /// Initialized: waiting for an order, or running one.
        case ready
        case ended
    }

    /// Why the process is being killed.
    enum Sentence {
        case initTimeout, timeout, outOfMemory
        case end(EnvironmentEndReason)
    }

    /// The invocation that the environment holds.
    struct Invocation {
        var pending: PendingOrder
        /// When the process got the order, or when it was started again inside the invocation; nil while it has not.
        var startedAt: NIODeadline?
        var delivered = false
        var coldStart: Bool
        var tail = LogTail()
        var peakBytes = 0
    }

    let identity: EnvironmentIdentity
    let description: FunctionEnvironment
    let loop: any EventLoop
    let host: RuntimeHost
    let logStream: String
    let pool: EnvironmentPool

    var phase = Phase.initializing(attempt: 1)
    var report: RuntimeReport
    var invocation: Invocation?
    var parked: RuntimeAPIExchange?
    var server: (any Channel)?
    var process: SpawnedProcess?
    var memory: MemoryWatch?
    var sentence: Sentence?
    var processStartedAt = NIODeadline.now()
    var initMicroseconds: Int64?
    var initFailure: (type: String, payload: [UInt8])?
    var logs = LogAssembly()
    var readBuffer = [UInt8](repeating: 0, count: 16_384)
    var timer: Scheduled<Void>?
    var memoryTimer: RepeatedTask?
    /// To be ended as soon as it has nothing to do.
    var retirement: EnvironmentEndReason?
    /// Set when it becomes free; for reaping.
    var freeSince = NIODeadline.now()
    var temporaryDirectory: String?

    init(
        identity: EnvironmentIdentity, description: FunctionEnvironment, host: RuntimeHost, loop: any EventLoop,
        pool: EnvironmentPool, report: @escaping RuntimeReport
    ) {
        self.identity = identity
        self.description = description
        self.host = host
        self.loop = loop
        self.pool = pool
        self.report = report
        logStream = identity.logStream(version: description.version)
    }

    // MARK: Any thread

    /// Starts the process; with an order, runs it when the process is ready.
    func start(_ pending: PendingOrder?) {
        loop.execute { self.begin(pending) }
    }

    /// Runs an order in a warm environment.
    func run(_ pending: PendingOrder) {
        loop.execute { self.take(pending) }
    }

    /// Ends it now if it is free, else after its invocation; `at once` kills an invocation too.
    func retire(_ reason: EnvironmentEndReason, atOnce: Bool = false) {
        loop.execute {
            if case .ended = self.phase { return }
            self.retirement = reason
            if self.invocation == nil || atOnce { self.condemn(.end(reason)) }
        }
    }

    // MARK: On the loop

    private func begin(_ pending: PendingOrder?) {
        report(
            .environmentStarted(
                environmentID: identity.id, functionArn: description.functionArn, version: description.version,
                logStream: logStream))
        invocation = pending.map { Invocation(pending: $0, coldStart: true) }
        log(
            platformLines.initStart(
                description.initializationType.rawValue, runtimeVersion: host.runtimeVersion(description.runtime),
                region: description.region))
        RuntimeAPIHandler.listen(for: self, on: loop).whenComplete { result in
            switch result {
            case .success(let channel):
                self.server = channel
                self.startProcess(port: channel.localAddress?.port ?? 0)
            case .failure(let error):
                self.failToStart(type: "Runtime.InvalidEntrypoint", reason: "no port for the Runtime API: \(error)")
            }
        }
    }

    private func take(_ pending: PendingOrder) {
        guard case .ready = phase, sentence == nil else {
            // It ended while the order was on its way here.
            pool.startAnother(for: pending)
            return
        }
        report = pending.report
        invocation = Invocation(pending: pending, coldStart: false)
        if let parked {
            self.parked = nil
            deliver(to: parked)
        }
    }

    func startProcess(port: Int) {
        guard case .initializing(let attempt) = phase else { return }
        processStartedAt = .now()
        if attempt > 1 {
            invocation?.startedAt = processStartedAt
            scheduleTimeout()
        } else {
            timer = loop.scheduleTask(in: host.settings.initTimeout) { self.initTimedOut() }
        }
        let order: ProcessOrder
        do {
            order = try host.processOrder(for: self, port: port)
        } catch {
            failToStart(type: error.type, reason: error.reason)
            return
        }
        host.spawner.start(order)
    }

    func started(_ result: Result<SpawnedProcess, SpawnFailure>) {
        switch result {
        case .success(let process):
            self.process = process
            memory = MemoryWatch(root: process.pid, generations: host.isolation.generations)
            if sentence != nil { process.kill() }
            // Importing can eat all memory as well as a handler can.
            watchMemory()
        case .failure(let failure):
            failToStart(type: "Runtime.InvalidEntrypoint", reason: failure.message)
        }
    }

    /// No process came to be; there is nothing to wait for.
    private func failToStart(type: String, reason: String) {
        let requestID = invocation?.pending.order.requestID ?? ""
        initFailure = (type, PlatformErrors.payload(type: type, message: "RequestId: \(requestID) Error: \(reason)"))
        phase = .initializing(attempt: 2)
        processEnded(ProcessEnd(exitCode: 127, signal: nil, peakKilobytes: 0))
    }

    private func initTimedOut() {
        guard case .initializing(attempt: 1) = phase else { return }
        condemn(.initTimeout)
    }

    /// Kills the process; what follows is decided when it is gone.
    func condemn(_ sentence: Sentence) {
        guard self.sentence == nil else { return }
        if case .ended = phase { return }
        self.sentence = sentence
        process?.kill()
    }

    /// Gives the order to the process.
    func deliver(to exchange: RuntimeAPIExchange) {
        guard var current = invocation else { return }
        let order = current.pending.order
        current.delivered = true
        if current.startedAt == nil { current.startedAt = .now() }
        invocation = current
        if timer == nil { scheduleTimeout() }
        watchMemory()
        log(platformLines.start(order.requestID, version: description.version))
        let elapsed = (NIODeadline.now() - (current.startedAt ?? .now())).nanoseconds / 1_000_000
        let deadline = wallMilliseconds() + Int64(description.timeoutSeconds) * 1000 - elapsed
        var headers: [(String, String)] = [
            ("Lambda-Runtime-Aws-Request-Id", order.requestID),
            ("Lambda-Runtime-Deadline-Ms", String(deadline)),
            ("Lambda-Runtime-Invoked-Function-Arn", order.invokedFunctionArn),
            ("Lambda-Runtime-Trace-Id", order.traceID),
        ]
        if let context = order.clientContext { headers.append(("Lambda-Runtime-Client-Context", context)) }
        if let identity = order.cognitoIdentity { headers.append(("Lambda-Runtime-Cognito-Identity", identity)) }
        if order.clockOffsetMilliseconds != 0 {
            headers.append(("Skua-Clock-Offset-Ms", String(order.clockOffsetMilliseconds)))
        }
        exchange.reply(.ok, headers: headers, body: order.payload)
    }

    private func scheduleTimeout() {
        timer?.cancel()
        timer = loop.scheduleTask(in: .seconds(Int64(description.timeoutSeconds))) { self.condemn(.timeout) }
    }

    func watchMemory() {
        guard memoryTimer == nil else { return }
        let interval = host.settings.memorySampling
        let limit = description.memorySizeMB * 1_048_576
        memoryTimer = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            guard let resident = self.memory?.residentBytes() else { return }
            self.notePeak(resident)
            if resident > limit { self.condemn(.outOfMemory) }
        }
    }

    func notePeak(_ bytes: Int) {
        guard let known = invocation?.peakBytes, known < bytes else { return }
        invocation?.peakBytes = bytes
    }

    /// AWS: 1,024 processes and threads. Only inside a user namespace are they counted apart from the host's.
    func limitProcesses() {
        guard host.isolation != .none, let pid = memory?.functionProcess() else { return }
        _ = csandbox_limit_processes(pid, 1024)
    }

    // MARK: Log

    func outputReady() {
        guard let process else { return }
        drain()
        process.awaitOutput()
    }

    /// Reads what was written so far. What a process wrote before it answered is in the pipe by then, so its log lines
    /// come before the END line. A megabyte is more than a pipe holds: a function that never stops writing must not
    /// keep the loop from seeing its timeout.
    func drain() {
        guard let process else { return }
        for _ in 0..<64 {
            let count = read(process.output, &readBuffer, readBuffer.count)
            if count <= 0 { return }
            logs.append(readBuffer.prefix(count)) { log($0) }
        }
    }

    /// AWS: the format comes from the function's LoggingConfig, which its process sees as this variable.
    var platformLines: PlatformLines {
        PlatformLines(
            json: description.variables["AWS_LAMBDA_LOG_FORMAT"]?.uppercased() == "JSON",
            milliseconds: wallMilliseconds() + (invocation?.pending.order.clockOffsetMilliseconds ?? 0))
    }

    func log(_ text: String) {
        log(Array(text.utf8))
    }

    func log(_ message: [UInt8]) {
        invocation?.tail.append(message)
        report(.log(environmentID: identity.id, logStream: logStream, message: message))
    }

    func wallMilliseconds() -> Int64 {
        if let given = host.settings.wallMilliseconds { return given() }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
