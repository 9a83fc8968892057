import Emulation
import Testing

@testable import Runtimes

/// Figures, and bounds that no healthy host misses.
@Suite(.serialized)
struct LatencyTests {
    @Test(arguments: [
        ("python3.13", "app.handler", "app.py", "def handler(event, context):\n    return event\n", true),
        ("python3.13", "app.handler", "app.py", "def handler(event, context):\n    return event\n", false),
        ("nodejs22.x", "index.handler", "index.js", "exports.handler = async (event) => event;", true),
        ("nodejs22.x", "index.handler", "index.js", "exports.handler = async (event) => event;", false),
        ("nodejs22.x", "index.handler", "index.mjs", "export const handler = async (event) => event;", true),
    ])
    func coldAndWarm(runtime: String, handler: String, file: String, code: String, sandboxed: Bool) async throws {
        try await withBench(sandboxed: sandboxed) { bench in
            guard bench.runtime.runtimeAvailability(runtime) == .available else {
                print("skipped 1 check: no interpreter for \(runtime) on this host")
                return
            }
            let clock = ContinuousClock()
            var cold: [Duration] = []
            for _ in 0..<5 {
                let function = try bench.function("latency", runtime: runtime, handler: handler, files: [file: code])
                cold.append(await clock.measure { await bench.invoke(function) })
            }
            let function = try bench.function("latency", runtime: runtime, handler: handler, files: [file: code])
            await bench.invoke(function)
            var warm: [Duration] = []
            for _ in 0..<300 {
                warm.append(await clock.measure { await bench.invoke(function, #"{"a":1}"#) })
            }
            warm.sort()
            cold.sort()
            print(
                "\(runtime) \(file) sandboxed \(bench.runtime.isSandboxed): cold p50 \(cold[2]), warm p50 \(warm[150]), p99 \(warm[297])"
            )
            #expect(warm[150] < .milliseconds(100))
            #expect(cold[2] < .seconds(10))
        }
    }
}
