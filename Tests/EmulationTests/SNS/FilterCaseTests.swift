import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

struct FilterCaseTests {
    private static let cases: [DocumentValue] = {
        let folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
            .deletingLastPathComponent().appendingPathComponent("shared/conformance")
        let file = folder.appendingPathComponent("sns-filter-cases.jsonl")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { try? JSONReader.parse(String($0)) }
    }()

    @Test func recordedCases() throws {
        if Self.cases.isEmpty { print("sns-filter-cases: skipped, 0 cases found") }
        for one in Self.cases {
            let policy = JSONWriter.string(one["policy"] ?? [:])
            let filter = try SNSFilter(policy, scope: one["scope"]?.string ?? "MessageAttributes")
            var attributes: [String: SNS.MessageAttributeValue] = [:]
            for (name, value) in one["attributes"]?.object ?? [:] {
                let text = value["Value"]?.string ?? JSONWriter.string(value["Value"] ?? .null)
                attributes[name] = SNS.MessageAttributeValue(
                    dataType: value["Type"]?.string ?? "String", stringValue: text)
            }
            let message = SNSMessage(
                id: 1, messageID: "m", topicArn: "t", text: one["body"].map { JSONWriter.string($0) } ?? "x",
                subject: nil, isStructured: false, attributes: attributes, groupID: nil, deduplicationID: nil,
                sequence: nil, publishedAt: TestEngine.start,
                cause: Cause(entry: nil, trace: TraceID(rawValue: 1)))
            #expect((filter.mismatch(message) == nil) == one["expect"]?.bool, "\(one["id"]?.string ?? "")")
        }
    }

    @Test func numbersAreComparedWithFiveDigitsAfterThePoint() throws {
        func matches(_ policy: String, _ number: String, _ type: String = "Number") throws -> Bool {
            let message = SNSMessage(
                id: 1, messageID: "m", topicArn: "t", text: "x", subject: nil, isStructured: false,
                attributes: ["n": SNS.MessageAttributeValue(dataType: type, stringValue: number)], groupID: nil,
                deduplicationID: nil, sequence: nil, publishedAt: TestEngine.start,
                cause: Cause(entry: nil, trace: TraceID(rawValue: 1)))
            return try SNSFilter(policy, scope: "MessageAttributes").mismatch(message) == nil
        }
        #expect(try matches(#"{"n":[100.123456789]}"#, "100.1234561"))
        #expect(try matches(#"{"n":[100.123456789]}"#, "[1, 100.1234561]", "String.Array"))
        #expect(try matches(#"{"n":[0.29]}"#, "0.290000001"))
        #expect(try !matches(#"{"n":[{"anything-but":[100.123456789]}]}"#, "100.1234561"))
        #expect(try !matches(#"{"n":[100.12345]}"#, "100.12346"))
        #expect(try !matches(#"{"n":[{"numeric":[">",1.000001]}]}"#, "1.000009"))
    }

    @Test func refusals() {
        func reason(_ policy: String, _ scope: String = "MessageAttributes") -> String? {
            do throws(ServiceError) {
                _ = try SNSFilter(policy, scope: scope)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(
            reason(#"{"a":[]}"#)
                == "Invalid parameter: FilterPolicy: Empty arrays are not allowed\n at [Source: (String)\"{\"a\":[]}\"; line: 1, column: 8]"
        )
        #expect(
            reason(#"{"key":[{"wrong-operator":true}]}"#)
                == "Invalid parameter: FilterPolicy: Unrecognized match type wrong-operator\n at [Source: (String)\"{\"key\":[{\"wrong-operator\":true}]}\"; line: 1, column: 31]"
        )
        #expect(
            reason("{invalid}")
                == "Invalid parameter: FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"
        )
        #expect(
            reason(#"{"a":{"b":["x"]}}"#)
                == "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy")
        #expect(reason(#"{"a":{"b":["x"]}}"#, "MessageBody") == nil)
        #expect(
            reason(#"{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}"#)
                == "Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys")
    }
}
