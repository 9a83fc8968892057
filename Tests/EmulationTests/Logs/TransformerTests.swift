import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Transformers: each processor, and what becomes of events.
@Suite struct TransformerTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine()
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "shop"))
        try engine.call(
            Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "shop", logStreamName: "web"))
    }

    private static func processors(_ json: String) throws -> [Logs.Processor] {
        try (JSONReader.parse(json).list ?? []).compactMap(\.object).map { Logs.Processor($0) }
    }

    /// Processors, a line, and what comes of it.
    static let cases: [(String, String, String)] = [
        (#"[{"parseJSON": {}}]"#, #"{"a": 1}"#, #"{"a":1}"#),
        (#"[{"parseJSON": {"destination": "in"}}]"#, #"{"a": 1}"#, #"{"in":{"a":1}}"#),
        (
            #"[{"parseJSON": {}}, {"addKeys": {"entries": [{"key": "meta.by", "value": "me"}]}}]"#, #"{"a": 1}"#,
            #"{"a":1,"meta":{"by":"me"}}"#
        ),
        (
            #"[{"parseJSON": {}}, {"addKeys": {"entries": [{"key": "a", "value": "x"}]}}]"#, #"{"a": 1}"#, #"{"a":1}"#
        ),
        (
            #"[{"parseJSON": {}}, {"deleteKeys": {"withKeys": ["a.b"]}}]"#, #"{"a": {"b": 1, "c": 2}}"#,
            #"{"a":{"c":2}}"#
        ),
        (
            #"[{"parseJSON": {}}, {"moveKeys": {"entries": [{"source": "a", "target": "in.a"}]}}]"#, #"{"a": 1}"#,
            #"{"in":{"a":1}}"#
        ),
        (
            #"[{"parseJSON": {}}, {"renameKeys": {"entries": [{"key": "a", "renameTo": "b"}]}}]"#, #"{"a": 1}"#,
            #"{"b":1}"#
        ),
        (
            #"[{"parseJSON": {}}, {"copyValue": {"entries": [{"source": "a", "target": "b"}, {"source": "@accountId", "target": "who"}]}}]"#,
            #"{"a": 1}"#, #"{"a":1,"b":1,"who":"123456789012"}"#
        ),
        (
            #"[{"parseJSON": {}}, {"listToMap": {"source": "l", "key": "k", "valueKey": "v", "target": "m", "flatten": true, "flattenedElement": "first"}}, {"deleteKeys": {"withKeys": ["l"]}}]"#,
            #"{"l": [{"k": "x", "v": 1}, {"k": "x", "v": 2}, {"k": "y", "v": 3}]}"#, #"{"m":{"x":1,"y":3}}"#
        ),
        (
            #"[{"parseJSON": {}}, {"upperCaseString": {"withKeys": ["a"]}}, {"trimString": {"withKeys": ["a"]}}]"#,
            #"{"a": " x "}"#, #"{"a":"X"}"#
        ),
        (
            #"[{"parseJSON": {}}, {"splitString": {"entries": [{"source": "a", "delimiter": ","}]}}]"#,
            #"{"a": "x,y"}"#, #"{"a":["x","y"]}"#
        ),
        (
            #"[{"parseJSON": {}}, {"substituteString": {"entries": [{"source": "a", "from": "(\\w+)@(\\w+)", "to": "$2 at $1"}]}}]"#,
            #"{"a": "me@home"}"#, #"{"a":"home at me"}"#
        ),
        (
            #"[{"parseJSON": {}}, {"typeConverter": {"entries": [{"key": "a", "type": "integer"}, {"key": "b", "type": "string"}]}}]"#,
            #"{"a": "12", "b": true}"#, #"{"a":12,"b":"true"}"#
        ),
        (
            #"[{"parseJSON": {}}, {"dateTimeConverter": {"source": "t", "target": "t", "matchPatterns": ["dd/MM/yyyy HH:mm"], "sourceTimezone": "Europe/Berlin", "targetFormat": "yyyy-MM-dd'T'HH:mm:ss'Z'"}}]"#,
            #"{"t": "01/07/2026 12:30"}"#, #"{"t":"2026-07-01T10:30:00Z"}"#
        ),
        (
            #"[{"csv": {"columns": ["a", "b"], "delimiter": ";"}}]"#, #"1;"x;""y""";z"#,
            #"{"a":"1","b":"x;\"y\"","column_3":"z"}"#
        ),
        (#"[{"parseKeyValue": {"fieldDelimiter": " ", "keyPrefix": "p_"}}]"#, "a=1 b=2 c", #"{"p_a":"1","p_b":"2"}"#),
        (
            #"[{"grok": {"match": "%{IP:client} %{WORD:verb} %{NUMBER:bytes:integer} %{GREEDYDATA:http.rest}"}}]"#,
            "10.0.0.1 GET 12 and more", #"{"client":"10.0.0.1","verb":"GET","bytes":12,"http":{"rest":"and more"}}"#
        ),
        (
            #"[{"parseVPC": {}}]"#,
            "2 123456789010 eni-1 192.0.2.0 198.51.100.0 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
            #"{"version":2,"accountId":"123456789010","interfaceId":"eni-1","srcAddr":"192.0.2.0","dstAddr":"198.51.100.0","srcPort":20641,"dstPort":22,"protocol":6,"packets":20,"bytes":4249,"start":1418530010,"end":1418530070,"action":"ACCEPT","logStatus":"OK"}"#
        ),
        (
            #"[{"parsePostgres": {}}]"#,
            #"2019-03-10 03:54:59 UTC:10.0.0.123(52834):postgres@logtestdb:[20175]:ERROR: no column"#,
            #"{"logTime":"2019-03-10 03:54:59 UTC","srcIp":"10.0.0.123","srcPort":"52834","userName":"postgres","dbName":"logtestdb","processId":"20175","logLevel":"ERROR"}"#
        ),
        // What cannot be read stays as it came.
        (#"[{"parseJSON": {}}]"#, "no JSON", "no JSON"),
    ]

    @Test(arguments: cases) func processors(_ config: String, _ line: String, _ expected: String) throws {
        let output = try engine.call(
            Logs.testTransformer,
            Logs.TestTransformerRequest(transformerConfig: try Self.processors(config), logEventMessages: [line]))
        #expect(output.transformedLogs?.map(\.transformedEventMessage) == [expected])
    }

    @Test func `what is refused`() throws {
        for config in [
            #"[{"addKeys": {"entries": [{"key": "a", "value": "b"}]}}]"#, #"[{"grok": {"match": "%{NOPE:x}"}}]"#,
            #"[{"parseJSON": {}}, {"parseVPC": {}}]"#,
        ] {
            let input = Logs.TestTransformerRequest(
                transformerConfig: try Self.processors(config), logEventMessages: ["x"])
            #expect(engine.error(Logs.testTransformer, input)?.code == "InvalidParameterException", "\(config)")
        }
        let input = Logs.TestTransformerRequest(
            transformerConfig: try Self.processors(
                #"[{"parseToOCSF": {"eventSource": "VPCFlow", "ocsfVersion": "V1.1"}}]"#),
            logEventMessages: ["x"])
        #expect(engine.error(Logs.testTransformer, input)?.message.contains("parseToOCSF") == true)
    }

    @Test func `queries and filters see the transformed line, readers the original`() throws {
        func log(_ message: String) throws {
            try engine.call(
                Logs.putLogEvents,
                Logs.PutLogEventsRequest(
                    logGroupName: "shop", logStreamName: "web",
                    logEvents: [
                        Logs.InputLogEvent(timestamp: Int(engine.core.now.epochMilliseconds), message: message)
                    ]))
        }
        func found() throws -> [String?] {
            let end = Int(engine.core.now.epochMilliseconds / 1000)
            let id = try engine.call(
                Logs.startQuery,
                Logs.StartQueryRequest(
                    logGroupName: "shop", startTime: end - 3600, endTime: end,
                    queryString: "filter user = 'ada' | display user, ms")
            ).queryId
            let results = try engine.call(
                Logs.getQueryResults, Logs.GetQueryResultsRequest(queryId: id ?? ""))
            return results.results?.map { row in
                row.filter { $0.field != "@ptr" }.map { $0.value ?? "" }.joined(separator: " ")
            } ?? []
        }
        try log("user=ada&ms=1")
        engine.advance(by: .seconds(1))
        try engine.call(
            Logs.putTransformer,
            Logs.PutTransformerRequest(
                logGroupIdentifier: "shop", transformerConfig: try Self.processors(#"[{"parseKeyValue": {}}]"#)))
        try engine.call(
            Logs.putMetricFilter,
            Logs.PutMetricFilterRequest(
                logGroupName: "shop", filterName: "f", filterPattern: #"{ $.user = "ada" }"#,
                metricTransformations: [
                    Logs.MetricTransformation(metricName: "Ada", metricNamespace: "Shop", metricValue: "1")
                ], applyOnTransformedLogs: true))
        engine.advance(by: .seconds(1))
        try log("user=ada&ms=2")
        engine.advance(by: .seconds(1))
        // What came before the transformer stays as it was.
        #expect(try found() == ["ada 2"])
        let read = try engine.call(
            Logs.filterLogEvents, Logs.FilterLogEventsRequest(logGroupName: "shop")
        ).events
        #expect(read?.map(\.message) == ["user=ada&ms=1", "user=ada&ms=2"])
        #expect(
            try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "Shop")).metrics?.map(
                \.metricName) == ["Ada"])
        try engine.call(Logs.deleteTransformer, Logs.DeleteTransformerRequest(logGroupIdentifier: "shop"))
        engine.advance(by: .seconds(1))
        try log("user=ada&ms=3")
        #expect(try found() == ["ada 2"])
        #expect(
            try engine.call(Logs.getTransformer, Logs.GetTransformerRequest(logGroupIdentifier: "shop"))
                .transformerConfig == nil)
    }
}
