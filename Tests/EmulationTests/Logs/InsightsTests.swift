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

    private func put(_ lines: [String], in group: String, minutesAgo: Int) throws {
        let time = Int(engine.core.now.epochMilliseconds) - minutesAgo * 60_000
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: group, logStreamName: "web",
                logEvents: lines.map { Logs.InputLogEvent(timestamp: time, message: $0) }))
    }

    @Test func `patterns count lines of one shape`() throws {
        try put(
            [
                "INFO order 12 of ada took 30ms", "INFO order 13 of bob took 7ms", "INFO order 99 of eve took 31ms",
                "ERROR order 98 of eve took 31ms", "ERROR no stock left at 10.0.0.7",
            ], in: "shop", minutesAgo: 1)
        let rows = try run("filter @message like /order|stock/ and @message not like '/orders' | pattern @message")
        #expect(rows.count == 3)
        #expect(rows[0]["@pattern"] == "INFO order <Number-1> of <Token-2> took <Number-3>")
        #expect(rows[0]["@sampleCount"] == "3")
        #expect(rows[0]["@ratio"] == "0.6")
        #expect(rows[0]["@severityLabel"] == "Info")
        // A level of its own is a pattern of its own.
        #expect(
            Set(rows.dropFirst().map { $0["@pattern"] }) == [
                "ERROR order <Number-1> of eve took <Number-2>", "ERROR no stock left at <IPAddress-1>",
            ])
        #expect(rows[1]["@severityLabel"] == "Error")
        #expect(try run("pattern @message | filter @sampleCount > 2 | limit 1").count == 1)
    }

    @Test func `diff compares with the time before`() throws {
        try put(["job 1 done", "job 2 done"], in: "shop", minutesAgo: 90)
        try put(["job 3 done", "job 4 done", "job 5 done", "cache is cold"], in: "shop", minutesAgo: 1)
        let rows = try run("filter @message like /job|cache/ | pattern @message | diff")
        #expect(rows.map { $0["@pattern"] } == ["job <Number-1> done", "cache is cold"])
        #expect(rows.map { $0["@differenceCount"] } == ["1", "1"])
        #expect(rows.map { $0["@differenceDescription"] } == ["Increased by 1 events", "New pattern"])
    }

    @Test func `a subquery in another group chooses the records`() throws {
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "db"))
        try engine.call(Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "db", logStreamName: "web"))
        try put([#"{"who": "bob", "failed": true}"#, #"{"who": "eve", "failed": false}"#], in: "db", minutesAgo: 1)
        let inner = "SOURCE 'db' | filter failed = 1 | fields who"
        #expect(try column("filter user.name in (\(inner)) | fields user.name", "user.name") == ["bob"])
        #expect(try column("filter user.name not in (\(inner)) and ispresent(ms) | fields ms", "ms") == ["50", "10"])
        #expect(
            try column(
                "filter user.name in (stats count(*) as n by user.name | filter n > 1 | display user.name) | display ms",
                "ms")
                == ["50", "10"])
    }

    @Test(arguments: [
        "filter a in (fields b | filter b in (fields c))", "filter a in (fields b", "anomaly", "SOURCE",
    ]) func `what it refuses`(_ query: String) {
        let input = Logs.StartQueryRequest(logGroupName: "shop", startTime: 0, endTime: 1, queryString: query)
        #expect(engine.error(Logs.startQuery, input)?.code == "MalformedQueryException")
    }

    static let cases: [(String, String, [String?])] = [
        ("fields isIpv4InSubnet('10.0.3.4', '10.0.0.0/16') as a | limit 1", "a", ["1"]),
        ("fields isIpInSubnet('10.1.3.4', '10.0.0.0/16') as a | limit 1", "a", ["0"]),
        ("fields isValidIpv6('::1') as a, isValidIp('x') as b | limit 1", "a", ["1"]),
        ("fields ltrim('xxhix', 'x') as a | limit 1", "a", ["hix"]),
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
