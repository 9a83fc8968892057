import AWSModel
import Foundation
import StatesLanguage
import Testing

/// Definitions that AWS or community validators judged, and AWS's own sample machines.
@Suite struct RecordedDefinitionTests {
    @Test func judgedDefinitions() {
        let lines = RecordedCase.readLines("asl-definitions.jsonl")
        guard !lines.isEmpty else {
            print("judged definitions: all skipped, ../shared/conformance/asl-definitions.jsonl is missing")
            return
        }
        var right = 0
        var unsupported = 0
        var resources = 0
        var wrong: [String] = []
        for line in lines {
            guard let text = line.string("definition_raw") ?? line["definition"].map({ JSONWriter.string($0) }),
                line.object("detail")?.object("api_error")?.string("Code") ?? "InvalidDefinition" == "InvalidDefinition"
            else { continue }
            let isExpress = line.string("id")?.contains("xpress") == true
            let parsed = StateMachineDefinition.parse(text, type: isExpress ? .express : .standard)
            let isUnsupported = parsed.definition == nil && parsed.diagnostics.allSatisfy { $0.code == .notImplemented }
            let isValid = parsed.definition != nil || isUnsupported
            if isValid == (line.string("expect") == "valid") {
                if isUnsupported { unsupported += 1 } else { right += 1 }
            } else if isUnsupported {
                unsupported += 1
            } else if parsed.diagnostics.allSatisfy({
                $0.location?.hasSuffix("/Resource") == true || $0.location?.hasSuffix("/Credentials") == true
            }) {
                // Linters do not look at resources; AWS does, and refuses `foo:bar`.
                resources += 1
            } else {
                wrong.append(
                    "\(line.string("id") ?? ""): \(line.string("expect") ?? "") but \(parsed.diagnostics.map(\.sentence))"
                )
            }
            if let message = line.object("detail")?.object("api_error")?.string("Message"), !isUnsupported,
                parsed.definition == nil
            {
                #expect(parsed.errorMessage == message)
            }
        }
        for line in wrong { print("judged wrongly: \(line)") }
        print(
            "judged definitions: \(lines.count), \(right) right, \(wrong.count) wrong, \(resources) with resources that only AWS refuses, \(unsupported) use what is not built"
        )
        #expect(right >= 80)
        #expect(wrong.count <= 3)
    }

    @Test func creationErrors() {
        let cases = RecordedCase.read("asl").filter { $0.kind == "create_error" }
        guard !cases.isEmpty else {
            print("creation errors: all skipped, ../shared/conformance/asl is missing")
            return
        }
        var right = 0
        for recorded in cases {
            let type: StateMachineType = recorded.document.string("type") == "EXPRESS" ? .express : .standard
            let parsed = StateMachineDefinition.parse(recorded.definitionText, type: type)
            let message = recorded.expect.object("api_error")?["Message"] ?? .null
            if recorded.matcher.differences(message, .string(parsed.errorMessage)).isEmpty {
                right += 1
            } else {
                print("creation error \(recorded.id): wanted \(message.string ?? ""), found \(parsed.errorMessage)")
            }
        }
        print("creation errors: \(cases.count), \(right) right")
        #expect(right >= 9)
    }

    @Test func sampleMachinesAreValid() throws {
        let folder = RecordedCase.folder.appendingPathComponent("machines")
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
            $0.hasSuffix(".json")
        }
        guard !files.isEmpty else {
            print("sample machines: all skipped, ../shared/conformance/machines is missing")
            return
        }
        var valid = 0
        var unsupported = 0
        for file in files.sorted() {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            let parsed = StateMachineDefinition.parse(Self.filled(text))
            if parsed.definition != nil {
                valid += 1
            } else if parsed.diagnostics.allSatisfy({ $0.code == .notImplemented }) {
                unsupported += 1
            } else {
                print("sample machine \(file): \(parsed.diagnostics.prefix(3).map(\.sentence))")
            }
        }
        print("sample machines: \(files.count), \(valid) valid, \(unsupported) use what is not built")
        #expect(valid + unsupported >= 95)
    }

    /// Jackson, which AWS reads with, takes a slash for the start of a comment.
    @Test func commentsAreNamed() throws {
        let parsed = StateMachineDefinition.parse(#"{"StartAt":"S", // here it begins"#)
        let finding = try #require(parsed.diagnostics.first)
        #expect(finding.code == .invalidJSONDescription)
        #expect(finding.message.contains("maybe a (non-standard) comment?"))
    }

    /// Puts a plausible value for each `${placeholder}`.
    static func filled(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            result += rest[..<start.lowerBound]
            let isWhole = result.hasSuffix("\"") && rest[rest.index(after: end)...].hasPrefix("\"")
            result +=
                isWhole && result.suffix(40).contains("\"Resource\"")
                ? "arn:aws:lambda:us-east-1:123456789012:function:placeholder" : "placeholder"
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
