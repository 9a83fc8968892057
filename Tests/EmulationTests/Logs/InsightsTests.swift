import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Logs Insights.
@Suite struct InsightsTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine()
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "shop"))
        try engine.call(
            Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "shop", logStreamName: "web"))
        let start = Int(engine.core.now.epochMilliseconds) - 600_000
        let lines = [
            #"{"level": "info", "ms": 10, "user": {"name": "ada"}, "tags": ["x", "y"]}"#,
            #"{"level": "error", "ms": 30, "user": {"name": "bob"}}"#,
            #"{"level": "error", "ms": 50, "user": {"name": "ada"}}"#, "GET /orders took 12 ms",
            "REPORT RequestId: 8f1c\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB",
        ]
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "shop", logStreamName: "web",
                logEvents: lines.enumerated().map {
                    Logs.InputLogEvent(timestamp: start + $0 * 60_000, message: $1)
                }))
    }

    private func run(_ query: String) throws -> [[String: String]] {
        let end = Int(engine.core.now.epochMilliseconds / 1000)
        let id = try #require(
            try engine.call(
                Logs.startQuery,
                Logs.StartQueryRequest(
                    logGroupName: "shop", startTime: end - 3600, endTime: end, queryString: query)
            ).queryId)
        let output = try engine.call(Logs.getQueryResults, Logs.GetQueryResultsRequest(queryId: id))
        #expect(output.status == "Complete")
        return (output.results ?? []).map { row in
            Dictionary(row.map { ($0.field ?? "", $0.value ?? "") }, uniquingKeysWith: { $1 })
        }
    }

    private func column(_ query: String, _ name: String) throws -> [String?] { try run(query).map { $0[name] } }

    static let cases: [(String, String, [String?])] = [
        ("fields ms | filter level = 'error' | sort ms desc", "ms", ["50", "30"]),
        ("fields ms | filter ms > 10 and not user.name = 'bob'", "ms", ["50"]),
        ("fields ms | filter user.name like /^a/ | limit 1", "ms", ["50"]),
        ("fields ms * 2 + 1 as twice | filter level in ['info']", "twice", ["21"]),
        (
            "filter @message like 'took' | parse @message 'GET * took * ms' as path, time | display path, time", "time",
            ["12"]
        ),
        ("parse @message /took (?<t>\\d+) ms/ | filter ispresent(t) | display t", "t", ["12"]),
        ("stats count(*) as n by level | sort level | display level, n", "n", ["2", "1", "2"]),
        ("stats sum(ms), avg(ms), max(ms) by level | filter level = 'error'", "avg(ms)", ["40"]),
        ("stats pct(ms, 50) as p, count_distinct(user.name) as users", "users", ["2"]),
        ("stats count(*) by bin(1h)", "count(*)", ["5"]),
        ("filter @type = 'REPORT' | display @duration", "@duration", ["12.34"]),
        ("filter @type = 'REPORT' | display @maxMemoryUsed / 1000 / 1000 as mb", "mb", ["40"]),
        ("fields user.name | filter ispresent(ms) | sort ms asc | dedup user.name", "user.name", ["ada", "bob"]),
        ("filter level = 'info' | unnest tags into tag | display tag", "tag", ["x", "y"]),
        ("filter ms = 10 | fields concat(toupper(level), '-', strlen(level)) as text", "text", ["INFO-4"]),
        ("SOURCE logGroups(namePrefix: ['sh']) | stats count(*) as n", "n", ["5"]),
    ]

    @Test(arguments: cases) func `a query comes to`(_ query: String, _ name: String, _ expected: [String?]) throws {
        if query.hasPrefix("stats count(*) as n by level") {
            // A group without the field stands last.
            #expect(try column(query, name) == ["2", "1", "2"])
        } else {
            #expect(try column(query, name) == expected)
        }
    }

    @Test func `rows are newest first and can be opened`() throws {
        let rows = try run("fields @timestamp, @message")
        #expect(rows.map { $0["@timestamp"] }.first == "2025-12-31 23:54:00.000")
        let pointer = try #require(rows.last?["@ptr"])
        let record = try engine.call(
            Logs.getLogRecord, Logs.GetLogRecordRequest(logRecordPointer: pointer)
        ).logRecord
        #expect(record?["user.name"] == "ada")
        #expect(record?["@logStream"] == "web")
    }

    @Test func `a bad query says where`() {
        let error = engine.error(
            Logs.startQuery,
            Logs.StartQueryRequest(
                logGroupName: "shop", startTime: 0, endTime: 1, queryString: "fields @message | nosuch"))
        #expect(error?.code == "MalformedQueryException")
        #expect(
            error?.fields["queryCompileError"]?["location"]?["startCharOffset"] == 18)
    }

    @Test func `definitions and policies are kept`() throws {
        let id = try engine.call(
            Logs.putQueryDefinition, Logs.PutQueryDefinitionRequest(name: "errors", queryString: "fields @message")
        ).queryDefinitionId
        #expect(
            try engine.call(Logs.describeQueryDefinitions, Logs.DescribeQueryDefinitionsRequest())
                .queryDefinitions?.map(\.queryDefinitionId) == [id])
        try engine.call(
            Logs.putResourcePolicy, Logs.PutResourcePolicyRequest(policyName: "p", policyDocument: "{}"))
        #expect(
            try engine.call(Logs.describeResourcePolicies, Logs.DescribeResourcePoliciesRequest())
                .resourcePolicies?.map(\.policyName) == ["p"])
        #expect(
            engine.error(
                Logs.deleteResourcePolicy, Logs.DeleteResourcePolicyRequest(policyName: "q"))?.message
                == "Policy with name [q] does not exist.")
    }
}
