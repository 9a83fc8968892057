import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct LogEventsTests {
    private let engine: TestEngine
    private var now: Int { Int(engine.core.now.epochMilliseconds) }

    init() throws {
        engine = try TestEngine(services: [CloudWatchService.init, LogsService.init])
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "/app"))
        try engine.call(Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "/app", logStreamName: "s"))
    }

    @discardableResult
    private func put(_ messages: [String], at time: Int? = nil, step: Int = 0, stream: String = "s") throws
        -> Logs.PutLogEventsResponse
    {
        let start = time ?? now
        return try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "/app", logStreamName: stream,
                logEvents: messages.enumerated().map { Logs.InputLogEvent(timestamp: start + $0 * step, message: $1) }))
    }

    private func get(_ token: String? = nil, limit: Int? = nil, fromHead: Bool? = nil) throws -> (
        Logs.GetLogEventsResponse, [String]
    ) {
        let output = try engine.call(
            Logs.getLogEvents,
            Logs.GetLogEventsRequest(
                logGroupName: "/app", logStreamName: "s", nextToken: token, limit: limit, startFromHead: fromHead))
        return (output, (output.events ?? []).compactMap(\.message))
    }

    @Test func readsForwardUntilTheTokenRepeats() throws {
        try put(["a", "b", "c"], step: 1)
        let (first, one) = try get(limit: 2, fromHead: true)
        #expect(one == ["a", "b"])
        let (second, two) = try get(first.nextForwardToken, limit: 2, fromHead: true)
        #expect(two == ["c"])
        let (third, three) = try get(second.nextForwardToken, fromHead: true)
        #expect(three.isEmpty)
        #expect(third.nextForwardToken == second.nextForwardToken)
        // Whoever waits at the end hears what comes.
        try put(["d"], at: now + 10)
        #expect(try get(third.nextForwardToken, fromHead: true).1 == ["d"])
        #expect(third.nextForwardToken?.count == 60)
    }

    @Test func readsBackwardFromTheEndByDefault() throws {
        try put(["a", "b", "c"], step: 1)
        let (first, one) = try get(limit: 2)
        #expect(one == ["b", "c"])
        let (second, two) = try get(first.nextBackwardToken, limit: 2)
        #expect(two == ["a"])
        let (third, three) = try get(second.nextBackwardToken)
        #expect(three.isEmpty)
        #expect(third.nextBackwardToken == second.nextBackwardToken)
        #expect(try get(third.nextForwardToken).1 == ["a", "b", "c"])
        #expect(throws: ServiceError.self) { try get("f/12/s") }
    }

    @Test func equalTimesKeepTheirOrder() throws {
        try put(["a", "b"])
        try put(["c"])
        try put(["earlier"], at: now - 1000)
        #expect(try get(fromHead: true).1 == ["earlier", "a", "b", "c"])
    }

    /// Rows of a turn are not on disk yet, but already to be read.
    @Test func readsWhatIsNotCommittedYet() throws {
        try put(["committed"])
        engine.core.telemetry.log("pending", group: "/app", stream: "s", scope: engine.caller.scope)
        var messages: [String] = []
        engine.core.perform(
            service: Logs.id, operation: "GetLogEvents",
            input: Logs.GetLogEventsRequest(logGroupName: "/app", logStreamName: "s", startFromHead: true).document,
            caller: engine.caller
        ) { result in
            if case .success(let document) = result {
                messages = (Logs.GetLogEventsResponse(document).events ?? []).compactMap(\.message)
            }
        }
        #expect(engine.core.journal.hasPending)
        engine.commit()
        #expect(messages == ["committed", "pending"])
        #expect(try get(fromHead: true).1 == ["committed", "pending"])
    }

    @Test func manyEventsInOneTurnAreAllThere() throws {
        for index in 0..<3500 {
            engine.core.telemetry.log("line \(index)", group: "/app", stream: "s", scope: engine.caller.scope)
        }
        engine.commit()
        #expect(try get(limit: 10_000, fromHead: true).1.count == 3500)
    }

    @Test func rejectsOldAndFutureEvents() throws {
        try engine.call(
            Logs.putRetentionPolicy, Logs.PutRetentionPolicyRequest(logGroupName: "/app", retentionInDays: 1))
        let day = 86_400_000
        let old = try put(["x", "y"], at: now - 15 * day)
        #expect(old.rejectedLogEventsInfo?.tooOldLogEventEndIndex == 2)
        let expired = try put(["x"], at: now - 2 * day)
        #expect(expired.rejectedLogEventsInfo?.expiredLogEventEndIndex == 1)
        let mixed = try put(["now", "ahead"], at: now, step: 3 * 3_600_000)
        #expect(mixed.rejectedLogEventsInfo?.tooNewLogEventStartIndex == 1)
        #expect(mixed.rejectedLogEventsInfo?.tooOldLogEventEndIndex == nil)
        #expect(try get(fromHead: true).1 == ["now"])
        #expect(try put(["fine"]).rejectedLogEventsInfo == nil)
    }

    @Test func refusesBadBatches() throws {
        func message(_ body: () throws -> Void) -> String? {
            do {
                try body()
                return nil
            } catch { return (error as? ServiceError)?.message }
        }
        #expect(
            message { try put(["a", "b"], step: -1) }
                == "Log events in a single PutLogEvents request must be in chronological order.")
        #expect(
            message { try put(["a", "b"], at: now - 90_000_000, step: 86_400_001) }
                == "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
        #expect(
            message { try put([String(repeating: "x", count: 1_048_577)]) }?.hasPrefix("Log event too large") == true)
        let half = String(repeating: "x", count: 600_000)
        #expect(message { try put([half, half]) } == "Upload too large: 1200052 bytes exceeds limit of 1048576")
        #expect(message { try put(["a"], stream: "none") } == "The specified log stream does not exist.")
    }

    @Test func filtersAcrossStreamsInOrderOfTime() throws {
        try engine.call(Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "/app", logStreamName: "t"))
        try put(["ERROR 1", "fine", "ERROR 3"], step: 2)
        try put(["ERROR 2"], at: now + 1, stream: "t")
        func filter(_ pattern: String?, _ body: (inout Logs.FilterLogEventsRequest) -> Void = { _ in }) throws
            -> Logs.FilterLogEventsResponse
        {
            var input = Logs.FilterLogEventsRequest(logGroupName: "/app", filterPattern: pattern)
            body(&input)
            return try engine.call(Logs.filterLogEvents, input)
        }
        let all = try filter("ERROR")
        #expect(all.events?.map(\.message) == ["ERROR 1", "ERROR 2", "ERROR 3"])
        #expect(all.events?.map(\.logStreamName) == ["s", "t", "s"])
        #expect(Set((all.events ?? []).compactMap(\.eventId)).count == 3)
        let first = try filter("ERROR") { $0.limit = 2 }
        #expect(first.events?.count == 2)
        let second = try filter("ERROR") { $0.nextToken = first.nextToken }
        #expect(second.events?.map(\.message) == ["ERROR 3"])
        #expect(second.nextToken == nil)
        #expect(try filter(nil) { $0.logStreamNames = ["t"] }.events?.map(\.message) == ["ERROR 2"])
        #expect(try filter(nil) { $0.logStreamNamePrefix = "s" }.events?.count == 3)
        // The end is inclusive here, unlike in GetLogEvents.
        #expect(try filter(nil) { $0.endTime = self.now }.events?.map(\.message) == ["ERROR 1"])
        #expect(try filter(nil) { $0.startTime = self.now + 2 }.events?.count == 2)
    }

    @Test func longSearchesComeInPages() throws {
        for batch in 0..<3 {
            try put((0..<9000).map { "line \(batch) \($0)" }, at: now + batch)
        }
        var token: String?
        var pages = 0
        var found: [String] = []
        repeat {
            let page = try engine.call(
                Logs.filterLogEvents,
                Logs.FilterLogEventsRequest(logGroupName: "/app", filterPattern: "\"line 2 8999\"", nextToken: token))
            found += (page.events ?? []).compactMap(\.message)
            token = page.nextToken
            pages += 1
        } while token != nil && pages < 10
        #expect(pages == 2)
        #expect(found == ["line 2 8999"])
    }

    @Test func countsWhatComesIn() throws {
        try put(["12345", "1234567890"])
        let metrics = try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "AWS/Logs"))
        #expect(metrics.metrics?.map(\.metricName) == ["IncomingBytes", "IncomingLogEvents"])
        let group = try engine.call(Logs.describeLogGroups, Logs.DescribeLogGroupsRequest()).logGroups?.first
        #expect(group?.storedBytes == 67)
    }
}

extension LogEventsTests {
    /// Large events end a page early, and none is lost in between.
    @Test func largeEventsComeInPages() throws {
        for index in 0..<12 {
            engine.core.telemetry.log(
                "\(index) " + String(repeating: "x", count: 900_000), group: "/app", stream: "s",
                scope: engine.caller.scope)
        }
        engine.commit()
        var numbers: [String] = []
        var token: String?
        while true {
            let output = try engine.call(
                Logs.getLogEvents,
                Logs.GetLogEventsRequest(
                    logGroupName: "/app", logStreamName: "s", nextToken: token, startFromHead: true))
            if output.nextForwardToken == token { break }
            #expect(output.events?.count == 1)
            numbers += (output.events ?? []).compactMap(\.message).map { String($0.prefix { $0 != " " }) }
            token = output.nextForwardToken
        }
        #expect(numbers == (0..<12).map(String.init))
        let found = try engine.call(
            Logs.filterLogEvents, Logs.FilterLogEventsRequest(logGroupName: "/app", filterPattern: "\"11 x\"")
        ).events
        #expect(found?.count == 1)
    }
}
