import AWSModel
import StatesLanguage
import Testing

/// Executions recorded on AWS, run by the interpreter and compared on four levels.
@Suite struct RecordedExecutionTests {
    struct Score {
        var cases = 0
        var unsupported = 0
        var passed: [String: Int] = [:]
    }

    static let levels = ["status", "result", "types", "events", "all"]

    @Test func recordedExecutions() throws {
        let cases = RecordedCase.read("asl").filter { $0.kind == "execution" }
        guard !cases.isEmpty else {
            print("recorded executions: all skipped, ../shared/conformance/asl is missing")
            return
        }
        var families: [String: Score] = [:]
        var total = Score()
        var failures: [String] = []
        for recorded in cases {
            let outcome = try Self.run(recorded)
            total.cases += 1
            families[recorded.family, default: Score()].cases += 1
            guard let outcome else {
                total.unsupported += 1
                families[recorded.family, default: Score()].unsupported += 1
                continue
            }
            for level in Self.levels where outcome[level]?.isEmpty ?? outcome.values.allSatisfy(\.isEmpty) {
                total.passed[level, default: 0] += 1
                families[recorded.family, default: Score()].passed[level, default: 0] += 1
            }
            for (level, differences) in outcome.sorted(by: { $0.key < $1.key }) where !differences.isEmpty {
                failures.append("\(recorded.id) \(level): \(differences.prefix(3).joined(separator: "; "))")
            }
        }
        for (family, score) in families.sorted(by: { $0.key < $1.key }) {
            print("recorded \(family): \(Self.line(score))")
        }
        for failure in failures { print("recorded difference: \(failure)") }
        print("recorded executions: \(Self.line(total))")
        #expect(total.passed["all", default: 0] >= 580)
        #expect(total.unsupported == 0)
    }

    static func line(_ score: Score) -> String {
        let counts = levels.map { "\($0) \(score.passed[$0, default: 0])" }.joined(separator: ", ")
        return "\(score.cases) cases, \(score.unsupported) unsupported; \(counts)"
    }

    /// Differences by level; nil where the definition uses what is not built.
    static func run(_ recorded: RecordedCase) throws -> [String: [String]]? {
        let parsed = StateMachineDefinition.parse(
            recorded.definitionText, type: StateMachineType(rawValue: recorded.type) ?? .standard)
        guard let definition = parsed.definition else {
            if parsed.diagnostics.allSatisfy({ $0.code == .notImplemented }) { return nil }
            return ["status": [parsed.errorMessage]]
        }
        var simulated = try SimulatedExecution(definition, input: recorded.inputText ?? "{}")
        try simulated.run()
        return compare(recorded, simulated)
    }

    static func compare(_ recorded: RecordedCase, _ simulated: SimulatedExecution) -> [String: [String]] {
        let expect = recorded.expect
        let outcome = simulated.execution.outcome
        let matcher = recorded.matcher
        var levels: [String: [String]] = [:]
        let status = expect.string("status") ?? ""
        levels["status"] =
            status == outcome.status.rawValue
            ? [] : ["wanted \(status), found \(outcome.status.rawValue) \(outcome.cause ?? "")"]
        var result: [String] = []
        if let output = expect["output"] {
            result += matcher.differences(output, outcome.output?.value ?? .null, at: "output")
        }
        for (name, value) in [("error", outcome.error), ("cause", outcome.cause)]
        where expect.contains(name) || value != nil {
            result += matcher.differences(expect[name] ?? .null, value.map { .string($0) } ?? .null, at: name)
        }
        levels["result"] = result
        guard let events = expect.list("events") else { return levels }
        let ignored = recorded.ignoredEventTypes
        let wanted = events.filter { !ignored.contains($0["type"]?.string ?? "") }
        let found = simulated.history.map { event -> DocumentValue in
            var document = event.document()
            document["timestamp"] = nil
            return .object(document)
        }.filter { !ignored.contains($0["type"]?.string ?? "") }
        let wantedTypes = (expect.strings("event_types") ?? []).filter { !ignored.contains($0) }
        let foundTypes = found.compactMap { $0["type"]?.string }
        if recorded.comparesInOrder {
            levels["types"] = wantedTypes == foundTypes ? [] : ["wanted \(wantedTypes), found \(foundTypes)"]
            levels["events"] = matcher.differences(.list(wanted), .list(found), at: "events")
        } else {
            levels["types"] =
                wantedTypes.sorted() == foundTypes.sorted()
                ? [] : ["wanted \(wantedTypes.sorted()), found \(foundTypes.sorted())"]
            var left = found.map(Self.withoutIDs)
            var differences: [String] = []
            for event in wanted.map(Self.withoutIDs) {
                if let index = left.firstIndex(where: { matcher.differences(event, $0).isEmpty }) {
                    left.remove(at: index)
                } else {
                    differences.append("no match for \(JSONWriter.string(event).prefix(300))")
                }
            }
            levels["events"] = differences + left.map { "not wanted: \(JSONWriter.string($0).prefix(300))" }
        }
        return levels
    }

    private static func withoutIDs(_ event: DocumentValue) -> DocumentValue {
        guard case .object(var object) = event else { return event }
        for key in ["id", "previousEventId", "timestamp"] { object[key] = nil }
        return .object(object)
    }
}
