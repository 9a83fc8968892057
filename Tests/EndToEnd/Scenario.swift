import Foundation

/// One Python file that drives the program from outside.
struct Scenario: Sendable, CustomStringConvertible {
    struct Ending {
        var status: Int32
        var output: String
        var isLate: Bool
    }

    /// What a scenario exits with where it cannot run, as Automake's tests do.
    static let skipped: Int32 = 77
    /// Longer than the slowest takes on a busy machine.
    private static let limit: TimeInterval = 600

    let path: String

    var description: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

    /// All there are, `harness.py` aside, which is what they share.
    static let all: [Scenario] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("scenarios")
            .path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".py") && $0 != "harness.py" }.sorted().map {
            Scenario(path: folder + "/" + $0)
        }
    }()

    /// `SKUA_BINARY`, or the one that was built with these tests.
    static var program: String? {
        let named = ProcessInfo.processInfo.environment["SKUA_BINARY"]
        let beside = Bundle.main.executableURL.map {
            $0.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("skua").path
        }
        return [named, beside].compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs it to its end, or to its limit.
    func run(program: String) throws -> Ending {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B", path]
        var environment = ProcessInfo.processInfo.environment
        environment["SKUA_BINARY"] = program
        environment["PYTHONUNBUFFERED"] = "1"
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let watch = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.limit, execute: watch)
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let isLate = process.terminationReason == .uncaughtSignal
        watch.cancel()
        return Ending(
            status: process.terminationStatus, output: String(decoding: data, as: UTF8.self), isLate: isLate)
    }
}
