import AWSModel
import Foundation
import JSONata
import Testing

/// The reference implementation's own suite, as far as version 2.0.6 passes it.
@Suite struct ReferenceSuiteTests {
    static let file = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/conformance/jsonata-cases.jsonl")

    @Test func everyCasePasses() throws {
        guard let text = try? String(contentsOf: Self.file, encoding: .utf8) else {
            print("Skipped: the reference suite is not there")
            return
        }
        var passed = 0
        for line in text.split(separator: "\n") {
            // Two cases are about lone surrogates.
            let item = try JSONReader.parse(String(line), loneSurrogates: .carried)
            let tags = item["tags"]?.list ?? []
            guard item["engines"]?["v2.0.6"]?.string == "pass", !tags.contains("uses_eval"),
                let id = item["id"]?.string
            else { continue }
            if let failure = Self.failure(of: item) {
                Issue.record("\(id): \(failure)")
            } else {
                passed += 1
            }
        }
        #expect(passed > 1000)
    }

    /// What is wrong with our answer to a case, if anything.
    private static func failure(of item: DocumentValue) -> String? {
        var environment = JSONataEnvironment(
            now: Instant(microseconds: 1_700_000_000_000_000), random: FixedGenerator())
        if let depth = item["depth"]?.integer { environment.limits.depth = max(302, Int(depth)) }
        let bindings = Dictionary(uniqueKeysWithValues: (item["bindings"]?.object ?? [:]).map { ($0, $1) })
        do throws(JSONataError) {
            let expression = try JSONataExpression(parsing: item["expr"]?.string ?? "")
            let result = try expression.evaluate(item["data"], bindings: bindings, in: &environment)
            let isExpected =
                switch item["expect"]?.string {
                case "result":
                    result == item["result"]
                        || item["unordered"] != nil && result?.list.map(Set.init) == item["result"]?.list.map(Set.init)
                case "undefined": result == nil
                default: false
                }
            return isExpected ? nil : "got \(result.map { JSONWriter.string($0) } ?? "undefined")"
        } catch {
            guard item["code"]?.string == error.code else { return "got \(error)" }
            let message = item["error"]?["message"]?.string
            return message == nil || message == error.message ? nil : "got message \(error.message)"
        }
    }
}

/// The same numbers every time.
struct FixedGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64 = 7) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
