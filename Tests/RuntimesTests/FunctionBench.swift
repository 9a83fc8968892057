import Emulation
import NIOCore
import NIOPosix
import Synchronization

@testable import Runtimes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The host as the tests find it.
let detectedHost = HostInterpreters.detect()

/// A runtime with a cache folder of its own, and functions written as text. Everything waits on events.
final class FunctionBench: Sendable {
    let runtime: ProcessFunctionRuntime
    let directory: String
    private let counter = Mutex(0)
    private let recorded = Mutex<Record>(Record())

    private struct Record {
        var events: [RuntimeEvent] = []
        var waiting:
            [(matches: @Sendable (RuntimeEvent) -> Bool, continuation: CheckedContinuation<RuntimeEvent, Never>)] = []
    }

    init(sandboxed: Bool = true, _ adjust: (inout ProcessRuntimeSettings) -> Void = { _ in }) throws {
        var template = Array("/tmp/runtimes-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw HostFileError(operation: "mkdtemp", path: "/tmp", code: errno) }
        directory = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        var settings = ProcessRuntimeSettings(cacheDirectory: "\(directory)/cache")
        settings.sandboxed = sandboxed
        adjust(&settings)
        runtime = try ProcessFunctionRuntime(settings: settings, group: MultiThreadedEventLoopGroup.singleton)
    }

    func end() async {
        await runtime.shutdown()
        HostFiles.removeTree(directory)
    }

    private func next() -> Int {
        counter.withLock {
            $0 += 1
            return $0
        }
    }

    /// A function of these files.
    func function(
        _ name: String, runtime: String, handler: String, files: [String: String], layers: [[String: String]] = [],
        executable: Set<String> = [], _ adjust: (inout FunctionEnvironment) -> Void = { _ in }
    ) throws -> FunctionEnvironment {
        let base = "\(directory)/\(name)-\(next())"
        func unpack(_ files: [String: String], _ folder: String) throws {
            try HostFiles.makeDirectory(folder)
            for (path, text) in files {
                try HostFiles.makeDirectory(parent("\(folder)/\(path)"))
                try HostFiles.write(text, to: "\(folder)/\(path)", mode: executable.contains(path) ? 0o755 : 0o644)
            }
        }
        try unpack(files, "\(base)/code")
        for (index, layer) in layers.enumerated() { try unpack(layer, "\(base)/layer\(index)") }
        var environment = FunctionEnvironment(
            functionName: name, functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:\(name)", runtime: runtime,
            handler: handler, codeDirectory: "\(base)/code",
            layerDirectories: layers.indices.map { "\(base)/layer\($0)" }, memorySizeMB: 256, timeoutSeconds: 10,
            region: "eu-west-1", accountID: "123456789012", logGroup: "/aws/lambda/\(name)",
            credentials: FunctionCredentials(
                accessKeyID: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token"),
            revision: base)
        adjust(&environment)
        return environment
    }

    func order(_ environment: FunctionEnvironment, _ payload: String = "{}") -> InvocationOrder {
        let number = next()
        let digits = String(number, radix: 16)
        let id = String(repeating: "0", count: 32 - digits.count) + digits
        return InvocationOrder(
            requestID: "8f5a3c1e-0000-4000-8000-\(id.suffix(12))", environment: environment,
            newEnvironment: EnvironmentIdentity(id: id, day: "2026/11/23"),
            invokedFunctionArn: "\(environment.functionArn):live", payload: Array(payload.utf8),
            traceID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0")
    }

    /// Runs an order to its end.
    @discardableResult
    func invoke(_ environment: FunctionEnvironment, _ payload: String = "{}") async -> Outcome {
        await run(order(environment, payload))
    }

    func run(_ order: InvocationOrder) async -> Outcome {
        let lines = Mutex<[String]>([])
        let report = await withCheckedContinuation { (continuation: CheckedContinuation<InvocationReport, Never>) in
            let runtime = runtime
            let record: @Sendable (RuntimeEvent) -> Void = { [self] in self.record($0) }
            runtime.invoke(order) { event in
                switch event {
                case .log(_, _, let message): lines.withLock { $0.append(String(decoding: message, as: UTF8.self)) }
                case .invocationEnded(let report): continuation.resume(returning: report)
                default: break
                }
                record(event)
            }
        }
        return Outcome(order: order, report: report, lines: lines.withLock { $0 })
    }

    func record(_ event: RuntimeEvent) {
        let found = recorded.withLock { record in
            record.events.append(event)
            let matching = record.waiting.filter { $0.matches(event) }
            record.waiting.removeAll { $0.matches(event) }
            return matching
        }
        for waiter in found { waiter.continuation.resume(returning: event) }
    }

    /// The first event that fits, past or to come.
    @discardableResult
    func event(_ matches: @escaping @Sendable (RuntimeEvent) -> Bool) async -> RuntimeEvent {
        await withCheckedContinuation { continuation in
            let past = recorded.withLock { record -> RuntimeEvent? in
                if let event = record.events.first(where: matches) { return event }
                record.waiting.append((matches, continuation))
                return nil
            }
            if let past { continuation.resume(returning: past) }
        }
    }

    func environmentEnd(_ id: String) async -> EnvironmentEndReason? {
        let event = await event { if case .environmentEnded(let ended, _) = $0 { ended == id } else { false } }
        if case .environmentEnded(_, let reason) = event { return reason }
        return nil
    }
}

struct Outcome: Sendable {
    var order: InvocationOrder
    var report: InvocationReport
    var lines: [String]

    var payload: String { String(decoding: report.payload, as: UTF8.self) }
    var id: String { order.requestID }

    /// Lines between START and END.
    var own: [String] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("START ") }),
            let end = lines.firstIndex(where: { $0.hasPrefix("END ") })
        else { return [] }
        return Array(lines[(start + 1)..<end])
    }
}

/// Runs a test body with a bench of its own and cleans up after it.
func withBench(
    sandboxed: Bool = true, _ adjust: (inout ProcessRuntimeSettings) -> Void = { _ in },
    _ body: (FunctionBench) async throws -> Void
) async throws {
    let bench = try FunctionBench(sandboxed: sandboxed, adjust)
    do {
        try await body(bench)
    } catch {
        await bench.end()
        throw error
    }
    await bench.end()
}
