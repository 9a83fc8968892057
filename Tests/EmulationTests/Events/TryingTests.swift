import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct TryingTests {
    private func explain(
        _ pattern: String, _ event: String, kind: String? = nil
    ) throws -> Skua.ExplainEventPatternResponse {
        try TestEngine().call(Skua.explainEventPattern, .init(pattern: pattern, event: event, kind: kind))
    }

    @Test func `each clause of a pattern is told by itself, with what the event has there`() throws {
        let answer = try explain(
            #"{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}],"customer":{"tier":["gold"]},"note":[{"exists":false}]}}"#,
            #"{"source":"shop","detail":{"total":50,"customer":{"tier":"gold"}}}"#)
        #expect(!answer.matches)
        #expect(
            answer.clauses.map(\.path) == ["source", "detail.total", "detail.customer.tier", "detail.note"])
        #expect(answer.clauses.map(\.holds) == [true, false, true, true])
        #expect(answer.clauses.map(\.found) == [#""shop""#, "50", #""gold""#, nil])
        #expect(answer.clauses[1].condition == #"[{"numeric":[">",100]}]"#)
        #expect(answer.reason == "detail.total is 50")
    }

    @Test func `alternatives are told apart, and one that holds is enough`() throws {
        let answer = try explain(#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":7,"b":2}"#)
        #expect(answer.matches)
        #expect(answer.clauses.map(\.alternative) == ["1 of 2", "2 of 2"])
        #expect(answer.clauses.map(\.holds) == [false, true])
    }

    @Test func `values are found through arrays, and the whole can fail where each clause holds`() throws {
        let answer = try explain(
            #"{"detail":{"items":{"id":["x"],"n":[2]}}}"#, #"{"detail":{"items":[{"id":"x","n":1},{"id":"y","n":2}]}}"#)
        #expect(answer.clauses.map(\.holds) == [true, true])
        #expect(answer.clauses.map(\.found) == [#"["x","y"]"#, "[1,2]"])
        #expect(!answer.matches)
        #expect(answer.reason == "no element of an array satisfies all clauses at once")
    }

    @Test func `a filter policy may name a value without a list, an event pattern may not`() throws {
        #expect(try explain(#"{"kind":"order"}"#, #"{"kind":"order"}"#, kind: "attributes").matches)
        #expect(throws: ServiceError.self) { try explain(#"{"kind":"order"}"#, #"{"kind":"order"}"#) }
    }

    @Test func `a mapping's filter sees a body as JSON or as text, as its pattern asks`() throws {
        let record = #"{"messageId":"1","body":"{\"n\":5}"}"#
        #expect(try explain(#"{"body":{"n":[5]}}"#, record, kind: "record").matches)
        let text = try explain(#"{"body":["hello"]}"#, record, kind: "record")
        #expect(!text.matches)
        #expect(text.reason == "the body is not of the kind the pattern asks for")
    }

    @Test func `what is wrong with a pattern is said in AWS's words`() throws {
        do {
            _ = try explain(#"{"a":[{"numerics":[">",1]}]}"#, "{}")
            Issue.record("The pattern was taken")
        } catch let error as ServiceError {
            #expect(error.message.hasPrefix("Unrecognized match type numerics\n at [Source"))
        }
    }

    private func times(
        _ expression: String, zone: String? = nil, kind: String? = nil, start: String? = nil, end: String? = nil,
        count: Int = 3
    ) throws -> [String] {
        let engine = try TestEngine()
        return try engine.call(
            Skua.previewSchedule,
            .init(
                expression: expression, timezone: zone, startDate: start.flatMap { Instant(iso8601: $0) },
                endDate: end.flatMap { Instant(iso8601: $0) }, kind: kind, maxResults: count)
        ).times.map { $0.iso8601(milliseconds: false) }
    }

    @Test func `the next firings of schedules and rules are told without making one`() throws {
        #expect(
            try times("cron(0 9 ? * MON-FRI *)", zone: "Europe/Berlin") == [
                "2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z", "2026-01-05T08:00:00Z",
            ])
        #expect(
            try times("rate(1 hour)", start: "2026-02-01T00:30:00Z", end: "2026-02-01T01:45:00Z") == [
                "2026-02-01T00:30:00Z", "2026-02-01T01:30:00Z",
            ])
        #expect(try times("at(2026-03-01T10:00:00)") == ["2026-03-01T10:00:00Z"])
        #expect(
            try times("rate(5 minutes)", kind: "rule", count: 2) == ["2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z"])
        #expect(throws: ServiceError.self) { try times("rate(1 minutes)", kind: "rule") }
        #expect(throws: ServiceError.self) { try times("cron(nonsense)") }
    }

    @Test func `what a target would get is what its template makes of an event`() throws {
        let engine = try TestEngine()
        let event = #"{"id":"1","source":"shop","detail-type":"order","detail":{"n":7}}"#
        let text = try engine.call(
            Skua.previewTargetInput,
            .init(
                event: event, inputTemplate: #"{"n":<n>,"by":"<aws.events.rule-name>"}"#,
                inputPathsMap: ["n": "$.detail.n"], ruleName: "large")
        ).text
        #expect(text == #"{"n":7,"by":"large"}"#)
        #expect(
            try engine.call(Skua.previewTargetInput, .init(event: event, inputPath: "$.detail")).text == #"{"n":7}"#)
        #expect(throws: ServiceError.self) {
            try engine.call(Skua.previewTargetInput, .init(event: event, inputTemplate: "<gone>"))
        }
    }

    @Test func `a console that is read-only may try things`() {
        let names = [Skua.explainEventPattern.name, Skua.previewSchedule.name, Skua.previewTargetInput.name]
        #expect(names.allSatisfy { OperationModel.isObservation($0) })
    }
}
