import Emulation
import Testing

@testable import Runtimes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What holds for any runtime. The functions are in Python because it starts soonest.
@Suite(.enabled(if: detectedHost.python != nil, "no python3 on this host"), .serialized)
struct EnvironmentTests {
    static let counter = [
        "app.py":
            "import os, time\ncount = 0\ndef handler(event, context):\n    global count\n    count += 1\n    if event: time.sleep(event)\n    return [count, os.environ['AWS_LAMBDA_LOG_STREAM_NAME'][-32:]]\n"
    ]

    @Test func eachEnvironmentHasOneInvocationAtATime() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "parallel", runtime: "python3.13", handler: "app.handler", files: Self.counter)
            let outcomes = await withTaskGroup(of: Outcome.self) { group in
                for _ in 0..<3 { group.addTask { await bench.invoke(function, "0.3") } }
                return await group.reduce(into: [Outcome]()) { $0.append($1) }
            }
            #expect(Set(outcomes.map(\.report.environmentID)).count == 3)
            #expect(outcomes.allSatisfy { $0.payload.hasPrefix("[1, ") })
            #expect(await bench.invoke(function, "0").report.coldStart == false)
        }
    }

    @Test func aNewRevisionOrVersionMeansNewEnvironments() async throws {
        try await withBench { bench in
            var function = try bench.function(
                "revised", runtime: "python3.13", handler: "app.handler", files: Self.counter)
            let first = await bench.invoke(function, "0")
            function.revision = "2"
            #expect(await bench.invoke(function, "0").report.coldStart)
            function.version = "3"
            let versioned = await bench.invoke(function, "0")
            #expect(versioned.report.coldStart)
            #expect(versioned.lines.contains("START RequestId: \(versioned.id) Version: 3"))
            bench.runtime.retire(functionArn: function.functionArn, version: "$LATEST")
            #expect(await bench.environmentEnd(first.report.environmentID) == .retired)
            #expect(await bench.invoke(function, "0").report.coldStart == false)
            bench.runtime.retire(functionArn: function.functionArn, version: nil)
            #expect(await bench.environmentEnd(versioned.report.environmentID) == .retired)
            #expect(await bench.invoke(function, "0").report.coldStart)
        }
    }

    @Test func warmedEnvironmentsAreTakenFirst() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "warm", runtime: "python3.13", handler: "app.handler", files: Self.counter
            ) {
                $0.initializationType = .provisionedConcurrency
            }
            let id = "abcdef0123456789abcdef0123456789"
            bench.runtime.warm(function, as: [EnvironmentIdentity(id: id, day: "2026/11/23")]) { bench.record($0) }
            await bench.event { if case .environmentReady(id, _) = $0 { true } else { false } }
            let outcome = await bench.invoke(function, "0")
            #expect(outcome.report.environmentID == id)
            #expect(outcome.payload.contains(id))
            #expect(!outcome.report.coldStart)
        }
    }

    @Test func idleEnvironmentsEnd() async throws {
        try await withBench({ $0.idleTime = .milliseconds(50) }) { bench in
            let function = try bench.function(
                "idle", runtime: "python3.13", handler: "app.handler", files: Self.counter)
            let outcome = await bench.invoke(function, "0")
            #expect(await bench.environmentEnd(outcome.report.environmentID) == .idle)
        }
    }

    @Test func shutdownEndsBusyFunctions() async throws {
        let bench = try FunctionBench()
        let function = try bench.function("busy", runtime: "python3.13", handler: "app.handler", files: Self.counter)
        async let outcome = bench.invoke(function, "60")
        await bench.event {
            if case .log(_, _, let line) = $0 { line.starts(with: Array("START ".utf8)) } else { false }
        }
        await bench.end()
        #expect(await outcome.report.status == .crash)
        #expect(await bench.environmentEnd(outcome.report.environmentID) == .shutdown)
    }

    @Test func noChildOutlivesItsEnvironment() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "parent", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "import subprocess\ndef handler(event, context):\n    subprocess.Popen(['sleep', '3333.25'], start_new_session=bool(event))\n    return 1\n"
                ])
            try #require(Self.running("3333.25").isEmpty)
            let outcome = await bench.invoke(function, bench.runtime.hasOwnProcessIDs ? "true" : "false")
            #expect(!Self.running("3333.25").isEmpty)
            bench.runtime.retire(functionArn: function.functionArn, version: nil)
            #expect(await bench.environmentEnd(outcome.report.environmentID) == .retired)
            // The kernel ends the namespace's processes before its first one is reaped, and kills a group at once.
            var rounds = 0
            while !Self.running("3333.25").isEmpty, rounds < 100_000 { rounds += 1; sched_yield() }
            #expect(Self.running("3333.25").isEmpty)
        }
    }

    private static func running(_ argument: String) -> [String] {
        HostFiles.entries(of: "/proc").filter { name in
            guard name.allSatisfy(\.isNumber), let line = HostFiles.read("/proc/\(name)/cmdline", limit: 4096) else {
                return false
            }
            return line.split(separator: 0).contains(Array(argument.utf8)[...])
        }
    }

    @Test(arguments: [true, false]) func theSandboxKeepsTheHostApart(bubblewrap: Bool) async throws {
        try await withBench({ $0.bubblewrapAllowed = bubblewrap }) { bench in
            guard bench.runtime.isSandboxed else {
                print("skipped 1 check: no sandbox on this host")
                return
            }
            let function = try bench.function(
                "apart", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py": """
                    import os, shutil
                    def attempt(path):
                        try:
                            with open(path, 'w') as f: f.write('x')
                            return True
                        except OSError: return False
                    def handler(event, context):
                        big = False
                        try:
                            with open('/tmp/big', 'wb') as f: f.write(b'x' * 30_000_000)
                            big = True
                        except OSError: pass
                        os.remove('/tmp/big')
                        return {'cwd': os.getcwd(), 'tmp': attempt('/tmp/f'), 'writable': [p for p in ['/var/task/f', '/usr/f', '/opt/f', '/var/f', '/f', '/var/runtime/f'] if attempt(p)],
                                'big': big, 'opt': sorted(os.listdir('/opt')), 'pids': len([p for p in os.listdir('/proc') if p.isdigit()]) < 10,
                                'tmp_is_own': not os.path.exists(event['directory']), 'env': sorted(os.environ)}
                    """
                ], layers: [["python/one.py": "x = 1"], ["bin/tool": "x"]]
            ) { $0.ephemeralStorageMB = 16 }
            let ownProcesses = bench.runtime.isolation.contains("bubblewrap")
            let outcome = await bench.invoke(function, "{\"directory\": \"\(bench.directory)\"}")
            #expect(
                outcome.payload.hasPrefix(
                    #"{"cwd": "/var/task", "tmp": true, "writable": [], "big": false, "opt": ["bin", "python"], "pids": \#(ownProcesses), "tmp_is_own": true, "#
                ), "\(outcome.payload)")
            #expect(!outcome.payload.contains("\"HOME\""))
        }
    }

    @Test func runtimesThisHostCannotRun() async throws {
        try await withBench { bench in
            #expect(bench.runtime.runtimeAvailability("python3.13") == .available)
            guard case .missing(let reason) = bench.runtime.runtimeAvailability("java21") else {
                Issue.record("java21 cannot run")
                return
            }
            #expect(
                reason
                    == "Java functions (java21) cannot run here: only Python, Node.js and custom runtimes (provided.*) can."
            )
            let function = try bench.function("java", runtime: "java21", handler: "x", files: [:])
            let outcome = await bench.invoke(function)
            #expect(outcome.payload.contains("Runtime.InvalidEntrypoint"))
            #expect(outcome.payload.contains("Java functions"))
        }
    }
}
