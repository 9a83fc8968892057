import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct LogGroupsTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [CloudWatchService.init, LogsService.init]) }

    private func create(_ names: String...) throws {
        for name in names { try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: name)) }
    }

    private func describe(_ body: (inout Logs.DescribeLogGroupsRequest) -> Void = { _ in }) throws -> [String] {
        var input = Logs.DescribeLogGroupsRequest()
        body(&input)
        return try engine.call(Logs.describeLogGroups, input).logGroups?.compactMap(\.logGroupName) ?? []
    }

    @Test func describesByPrefixAndPattern() throws {
        try create("/aws/lambda/orders", "/aws/lambda/mail", "app")
        #expect(try describe() == ["/aws/lambda/mail", "/aws/lambda/orders", "app"])
        #expect(try describe { $0.logGroupNamePrefix = "/aws/" } == ["/aws/lambda/mail", "/aws/lambda/orders"])
        #expect(try describe { $0.logGroupNamePattern = "ORD" } == ["/aws/lambda/orders"])
        let page = try engine.call(Logs.describeLogGroups, Logs.DescribeLogGroupsRequest(limit: 2))
        #expect(try describe { $0.nextToken = page.nextToken } == ["app"])
        let group = try #require(page.logGroups?.first)
        #expect(group.arn == "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/mail:*")
        #expect(group.logGroupArn == "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/mail")
        #expect(group.logGroupClass == "STANDARD")
        let both = engine.error(
            Logs.describeLogGroups, Logs.DescribeLogGroupsRequest(logGroupNamePrefix: "a", logGroupNamePattern: "b"))
        #expect(both?.code == "InvalidParameterException")
    }

    @Test func errorsAreAWSs() throws {
        try create("app")
        let again = engine.error(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "app"))
        #expect(again?.code == "ResourceAlreadyExistsException")
        #expect(again?.message == "The specified log group already exists")
        let missing = engine.error(Logs.deleteLogGroup, Logs.DeleteLogGroupRequest(logGroupName: "none"))
        #expect(missing?.code == "ResourceNotFoundException")
        #expect(missing?.message == "The specified log group does not exist.")
        #expect(
            engine.error(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "aws/x"))?.code
                == "InvalidParameterException")
        let retention = engine.error(
            Logs.putRetentionPolicy, Logs.PutRetentionPolicyRequest(logGroupName: "app", retentionInDays: 2))
        #expect(retention?.message.contains("Value '2' at 'retentionInDays'") == true)
    }

    @Test func streamsInOrderOfTheirLastEvent() throws {
        try create("app")
        for (name, offset) in [("a", 3000), ("b", 1000), ("c", 2000)] {
            engine.core.service(LogsService.self)?.append(
                [(engine.core.now - .milliseconds(offset), "x")], group: "app", stream: name, scope: engine.caller.scope
            )
        }
        engine.commit()
        func names(_ body: (inout Logs.DescribeLogStreamsRequest) -> Void) throws -> [String] {
            var input = Logs.DescribeLogStreamsRequest(logGroupName: "app")
            body(&input)
            return try engine.call(Logs.describeLogStreams, input).logStreams?.compactMap(\.logStreamName) ?? []
        }
        #expect(try names { _ in } == ["a", "b", "c"])
        #expect(try names { ($0.orderBy, $0.descending) = ("LastEventTime", true) } == ["b", "c", "a"])
        let page = try engine.call(
            Logs.describeLogStreams,
            Logs.DescribeLogStreamsRequest(
                logGroupIdentifier: engine.caller.scope.arn("logs", "log-group:app:*"), orderBy: "LastEventTime",
                limit: 1))
        #expect(page.logStreams?.first?.logStreamName == "a")
        #expect(try names { ($0.orderBy, $0.nextToken) = ("LastEventTime", page.nextToken) } == ["c", "b"])
        try engine.call(Logs.deleteLogStream, Logs.DeleteLogStreamRequest(logGroupName: "app", logStreamName: "a"))
        #expect(try names { _ in } == ["b", "c"])
    }

    @Test func tagsInBothForms() throws {
        try create("app")
        let arn = engine.caller.scope.arn("logs", "log-group:app")
        try engine.call(Logs.tagResource, Logs.TagResourceRequest(resourceArn: arn, tags: ["a": "1", "b": "2"]))
        try engine.call(Logs.untagLogGroup, Logs.UntagLogGroupRequest(logGroupName: "app", tags: ["a"]))
        #expect(
            try engine.call(Logs.listTagsForResource, Logs.ListTagsForResourceRequest(resourceArn: arn + ":*")).tags
                == ["b": "2"])
    }

    @Test func retentionHidesAtOnceAndDeletesLater() throws {
        try create("app")
        let logs = try #require(engine.core.service(LogsService.self))
        logs.append([(engine.core.now, "old")], group: "app", stream: "s", scope: engine.caller.scope)
        engine.commit()
        engine.advance(by: .seconds(4 * 86_400))
        logs.append([(engine.core.now, "new")], group: "app", stream: "s", scope: engine.caller.scope)
        engine.commit()
        try engine.call(
            Logs.putRetentionPolicy, Logs.PutRetentionPolicyRequest(logGroupName: "app", retentionInDays: 3))
        let seen = try engine.call(Logs.filterLogEvents, Logs.FilterLogEventsRequest(logGroupName: "app")).events
        #expect(seen?.map(\.message) == ["new"])
        func rows() throws -> Int {
            var count = 0
            try engine.core.journal.rows.forEach("SELECT COUNT(*) FROM logs_events") { count = $0.int(0) }
            return count
        }
        #expect(try rows() == 2)
        engine.advance(by: .seconds(86_401))
        #expect(try rows() == 1)
        #expect(logs.find("app", in: engine.caller.scope)?.storedBytes == 29)
    }

    @Test func survivesARestart() throws {
        let journal = try Journal(path: nil)
        let services: [(EngineCore) -> any Service] = [CloudWatchService.init, LogsService.init]
        let first = try TestEngine(services: services, journal: journal)
        try first.call(
            Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "app", tags: ["k": "v"]))
        for index in 0..<5 {
            first.core.telemetry.log("line \(index)", group: "app", stream: "s", scope: first.caller.scope)
        }
        first.commit()
        let second = try TestEngine(services: services, journal: journal)
        second.core.telemetry.log("line 5", group: "app", stream: "s", scope: second.caller.scope)
        second.commit()
        let events = try second.call(Logs.filterLogEvents, Logs.FilterLogEventsRequest(logGroupName: "app")).events
        #expect(events?.map(\.message) == (0...5).map { "line \($0)" })
        #expect(
            try second.call(Logs.listTagsLogGroup, Logs.ListTagsLogGroupRequest(logGroupName: "app")).tags == ["k": "v"]
        )
    }
}
