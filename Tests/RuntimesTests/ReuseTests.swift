import Emulation
import Testing

@testable import Runtimes

/// An environment is started once and then reused; how fast that is stands in `make bench`.
@Suite(.serialized)
struct ReuseTests {
    @Test(arguments: [
        ("python3.13", "app.handler", "app.py", "def handler(event, context):\n    return event\n", true),
        ("python3.13", "app.handler", "app.py", "def handler(event, context):\n    return event\n", false),
        ("nodejs22.x", "index.handler", "index.js", "exports.handler = async (event) => event;", true),
        ("nodejs22.x", "index.handler", "index.js", "exports.handler = async (event) => event;", false),
        ("nodejs22.x", "index.handler", "index.mjs", "export const handler = async (event) => event;", true),
    ])
    func onlyTheFirstCallIsCold(runtime: String, handler: String, file: String, code: String, sandboxed: Bool)
        async throws
    {
        try await withBench(sandboxed: sandboxed) { bench in
            guard bench.runtime.runtimeAvailability(runtime) == .available else {
                print("skipped 1 check: no interpreter for \(runtime) on this host")
                return
            }
            for _ in 0..<2 {
                let function = try bench.function("reuse", runtime: runtime, handler: handler, files: [file: code])
                var environments: Set<String> = []
                for call in 0..<40 {
                    let outcome = await bench.invoke(function, #"{"call":\#(call)}"#)
                    #expect(outcome.report.coldStart == (call == 0))
                    #expect((outcome.report.initDurationMicroseconds != nil) == (call == 0))
                    #expect(outcome.payload.filter { $0 != " " } == #"{"call":\#(call)}"#)
                    environments.insert(outcome.report.environmentID)
                }
                #expect(environments.count == 1)
            }
        }
    }
}
