import AWSModel
import StatesLanguage
import Testing

/// Executions with tasks, recorded on AWS: tasks are answered with what the recording says they came to.
@Suite struct RecordedTaskTests {
    @Test func recordedTasks() throws {
        let cases = RecordedCase.read("asl-services").filter {
            $0.kind == "execution" && $0.document.string("provenance") != "suspect"
        }
        guard !cases.isEmpty else {
            print("recorded tasks: all skipped, ../shared/conformance/asl-services is missing")
            return
        }
        var total = RecordedExecutionTests.Score()
        for recorded in cases {
            total.cases += 1
            guard let outcome = try Self.run(recorded) else {
                total.unsupported += 1
                continue
            }
            for level in RecordedExecutionTests.levels
            where outcome[level]?.isEmpty ?? outcome.values.allSatisfy(\.isEmpty) {
                total.passed[level, default: 0] += 1
            }
            for (level, differences) in outcome.sorted(by: { $0.key < $1.key }) where !differences.isEmpty {
                print(
                    "recorded task difference: \(recorded.id) \(level): \(differences.prefix(3).joined(separator: "; "))"
                )
            }
        }
        print("recorded tasks: \(RecordedExecutionTests.line(total))")
        #expect(total.passed["all", default: 0] >= 70)
    }

    private static func run(_ recorded: RecordedCase) throws -> [String: [String]]? {
        let parsed = StateMachineDefinition.parse(recorded.definitionText)
        guard let definition = parsed.definition else {
            if parsed.diagnostics.allSatisfy({ $0.code == .notImplemented }) { return nil }
            return ["status": [parsed.errorMessage]]
        }
        var simulated = try SimulatedExecution(definition, input: recorded.inputText ?? "{}")
        var endings = Self.endings(recorded)
        try simulated.run { order in
            guard let next = endings.first else { return nil }
            switch next.kind {
            case .timedOut: return nil
            case .submitted:
                endings.removeFirst()
                return .taskSubmitted(order.id, next.output)
            case .succeeded:
                endings.removeFirst()
                return .taskSucceeded(order.id, next.output)
            case .failed:
                endings.removeFirst()
                return .taskFailed(order.id, error: next.error, cause: next.cause)
            }
        }
        return RecordedExecutionTests.compare(recorded, simulated)
    }

    private struct Ending {
        enum Kind { case submitted, succeeded, failed, timedOut }
        var kind: Kind
        var output: Payload = .emptyObject
        var error: String?
        var cause: String?
    }

    private static func endings(_ recorded: RecordedCase) -> [Ending] {
        (recorded.expect.list("events") ?? []).compactMap { event in
            guard let type = event["type"]?.string,
                type.hasPrefix("LambdaFunction") || (type.hasPrefix("Task") && !type.hasPrefix("TaskState"))
            else { return nil }
            let details = event[type.prefix(1).lowercased() + type.dropFirst() + "EventDetails"]
            if type.hasSuffix("Succeeded") || type.hasSuffix("Submitted") {
                let output = details?["output"] ?? .null
                return Ending(
                    kind: type.hasSuffix("Submitted") ? .submitted : .succeeded,
                    output: output.string.flatMap { try? Payload(parsing: $0) } ?? Payload(output))
            }
            if type.hasSuffix("Failed") {
                return Ending(
                    kind: .failed, error: details?["error"]?.string,
                    cause: details?["cause"].map { $0.string ?? JSONWriter.string($0) })
            }
            return type.hasSuffix("TimedOut") ? Ending(kind: .timedOut) : nil
        }
    }

    @Test func recordedVariableReferences() throws {
        let cases = RecordedCase.read("asl").filter { $0.kind == "variable_references" }
        guard !cases.isEmpty else {
            print("variable references: all skipped, ../shared/conformance/asl is missing")
            return
        }
        var right = 0
        var unsupported = 0
        for recorded in cases {
            let parsed = StateMachineDefinition.parse(recorded.definitionText)
            guard let definition = parsed.definition else {
                unsupported += 1
                continue
            }
            var wanted: [String: [String]] = [:]
            for (name, list) in recorded.expect.object("variableReferences") ?? [:] {
                wanted[name] = (list.list ?? []).compactMap(\.string).sorted()
            }
            let found = definition.variableReferences.mapValues { $0.sorted() }
            if wanted == found {
                right += 1
            } else {
                print("variable references \(recorded.id): wanted \(wanted), found \(found)")
            }
        }
        print("variable references: \(cases.count), \(right) right, \(unsupported) use what is not built")
        #expect(right + unsupported == cases.count)
    }
}
