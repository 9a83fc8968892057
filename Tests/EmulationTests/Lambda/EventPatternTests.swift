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

    /// The text that AWS had, which it quotes in its refusals.
    private static func source(of example: DocumentObject) -> String? {
        guard let message = example.string("message"), !message.contains("<"),
            let start = message.range(of: "[Source: (String)\""), let end = message.range(of: "\"; line: ")
        else { return nil }
        return String(message[start.upperBound..<end.lowerBound])
    }

    @Test func conformance() {
        guard let cases = Self.cases() else {
            print("Skipped the shared event pattern cases: the folder is missing.")
            return
        }
        var wrong: [String] = []
        for example in cases {
            let id = example.string("id") ?? ""
            let text =
                Self.source(of: example)
                ?? example.string("pattern_raw") ?? example["pattern"].map { JSONWriter.string($0) } ?? ""
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
                if let message = example.string("message"), !message.contains("<") {
                    let prefix = example.string("truth") == "aws" ? "Event pattern is not valid. Reason: " : ""
                    if message != prefix + error.message {
                        wrong.append("\(id): says \(error.message), AWS \(message)")
                    }
                }
            }
            if verdict != example.string("expect") {
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

    @Test func recordedRefusals() {
        func refusal(_ pattern: String) -> String? {
            do throws(EventPatternError) {
                _ = try EventPattern(pattern)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(
            refusal("{'bad': 'quotation'}")
                == "Unexpected character (''' (code 39)): was expecting double-quote to start field name\n at [Source: (String)\"{'bad': 'quotation'}\"; line: 1, column: 2]"
        )
        for text in ["bad-filter", "10.0.0.1", "10.0.0.1/", "10.0.0.0/8/8"] {
            #expect(refusal(#"{"a":[{"cidr":"\#(text)"}]}"#) == "Malformed CIDR, one '/' required", "\(text)")
        }
        #expect(refusal(#"{"a":[{"cidr":"10.0.0.0/-1"}]}"#) == "Malformed CIDR, mask bits must not be negative")
        #expect(refusal(#"{"a":[{"cidr":"10.0.0.0/x"}]}"#) == "Malformed CIDR, mask bits must be an integer")
    }

    @Test func oneElementMustSatisfyAllFields() throws {
        let pattern = try EventPattern(#"{"d":{"n":["a"],"t":["x"]}}"#)
        #expect(pattern.matches(["d": [["n": "a", "t": "x"]]]))
        #expect(!pattern.matches(["d": [["n": "a"], ["t": "x"]]]))
    }
}
