import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct ScheduleTests {
    private func next(_ text: String, _ zone: String = "UTC", after: String) throws -> String? {
        let time = try #require(Instant(iso8601: after))
        return try ScheduleExpression(text, timezone: zone).next(after: time, origin: time)?.iso8601(
            milliseconds: false)
    }

    @Test func cronFollowsItsZoneAndItsDaylightSaving() throws {
        #expect(
            try next("cron(0 12 ? * MON-FRI *)", after: "2026-01-02T12:00:00Z") == "2026-01-05T12:00:00Z")
        #expect(try next("cron(0 9 L * ? *)", after: "2026-02-01T00:00:00Z") == "2026-02-28T09:00:00Z")
        #expect(try next("cron(0 9 ? * 6#3 *)", after: "2026-01-01T00:00:00Z") == "2026-01-16T09:00:00Z")
        // Skipped in spring: 02:30 does not exist in New York on 8 March 2026.
        #expect(
            try next("cron(30 2 * * ? *)", "America/New_York", after: "2026-03-07T08:00:00Z")
                == "2026-03-09T06:30:00Z")
        // Once in autumn: 01:30 comes twice on 1 November 2026.
        #expect(
            try next("cron(30 1 * * ? *)", "America/New_York", after: "2026-11-01T04:00:00Z")
                == "2026-11-01T05:30:00Z")
        #expect(
            try next("cron(30 1 * * ? *)", "America/New_York", after: "2026-11-01T05:30:00Z")
                == "2026-11-02T06:30:00Z")
        #expect(
            try next("at(2026-07-01T12:00:00)", "Europe/Berlin", after: "2026-01-01T00:00:00Z")
                == "2026-07-01T10:00:00Z")
    }

    @Test(arguments: [
        "rate(10 seconds)", "rate(0 minutes)", "cron(0 1 * * * *)", "at(2026-01-01T00:00:00Z)", "at(2026-01-01)",
        "every day",
    ])
    func badExpressionsAreNamed(_ text: String) throws {
        let error = #expect(throws: ServiceError.self) { try ScheduleExpression(text, timezone: nil) }
        #expect(error?.message == "Invalid Schedule Expression \(text).")
    }

    private func schedule(
        _ name: String, _ expression: String, on fixture: EventsFixture, target: Scheduler.Target? = nil,
        after: String? = nil, window: Int? = nil
    ) throws {
        try fixture.engine.call(
            Scheduler.createSchedule,
            .init(
                actionAfterCompletion: after,
                flexibleTimeWindow: .init(
                    maximumWindowInMinutes: window, mode: window == nil ? "OFF" : "FLEXIBLE"),
                name: name, scheduleExpression: expression,
                target: target ?? .init(arn: fixture.arn("q"), input: #"{"n":1}"#, roleArn: EventsFixture.role)))
    }

    @Test func aOneOffRunsOnceAndIsDeleted() throws {
        let fixture = try EventsFixture()
        try fixture.queue("q")
        try schedule("once", "at(2026-01-01T00:01:00)", on: fixture, after: "DELETE")
        fixture.engine.advance(by: .seconds(59))
        #expect(try fixture.receive("q").isEmpty)
        fixture.engine.advance(by: .seconds(2))
        #expect(try fixture.bodies("q") == [["n": 1]])
        let error = fixture.engine.error(Scheduler.getSchedule, .init(name: "once"))
        #expect(error?.code == "ResourceNotFoundException")
        #expect(error?.status == 404)
    }

    @Test func universalTargetsCallAnyOperation() throws {
        let fixture = try EventsFixture()
        try fixture.queue("q")
        try schedule(
            "universal", "rate(1 minutes)", on: fixture,
            target: .init(
                arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
                input: #"{"QueueUrl":"\#(fixture.url("q"))","MessageBody":"\"<aws.scheduler.attempt-number>\""}"#,
                roleArn: EventsFixture.role))
        fixture.engine.advance(by: .seconds(61))
        // AWS: without a start date a rate's first run is at once.
        #expect(try fixture.bodies("q") == ["1", "1"])
    }

    @Test func schedulesSurviveARestart() throws {
        let journal = try Journal(path: nil)
        let before = try EventsFixture(journal: journal)
        try before.queue("q")
        try schedule("later", "rate(10 minutes)", on: before, window: 5)
        let planned = before.engine.core.service(SchedulerService.self)?.groups[before.engine.caller.scope]?["default"]?
            .schedules["later"]?.runTime
        let after = try EventsFixture(journal: journal, wall: TestEngine.start + .seconds(60))
        let restored = after.engine.core.service(SchedulerService.self)?.groups[after.engine.caller.scope]?["default"]?
            .schedules["later"]?.runTime
        #expect(planned != nil)
        #expect(planned == restored)
        after.engine.advance(by: .seconds(900))
        #expect(try after.bodies("q").count == 2)
    }

    @Test func aRepeatedRequestWithItsTokenMakesNothingNew() throws {
        let fixture = try EventsFixture()
        func create(_ token: String?, _ expression: String = "rate(1 hours)") -> ServiceError? {
            fixture.engine.error(
                Scheduler.createSchedule,
                .init(
                    clientToken: token, flexibleTimeWindow: .init(mode: "OFF"), name: "s",
                    scheduleExpression: expression,
                    target: .init(arn: fixture.arn("q"), roleArn: EventsFixture.role)))
        }
        #expect(create("one") == nil)
        #expect(create("one") == nil)
        #expect(create("two")?.code == "ConflictException")
        #expect(create(nil)?.status == 409)
    }

    @Test func listsGoThroughTheGroupsInOrder() throws {
        let fixture = try EventsFixture()
        for group in ["b", "a"] {
            try fixture.engine.call(Scheduler.createScheduleGroup, .init(name: group))
            for number in 0..<3 {
                try fixture.engine.call(
                    Scheduler.createSchedule,
                    .init(
                        flexibleTimeWindow: .init(mode: "OFF"), groupName: group, name: "s\(number)",
                        scheduleExpression: "at(2027-01-01T00:00:00)", state: number == 1 ? "DISABLED" : "ENABLED",
                        target: .init(arn: fixture.arn("q"), roleArn: EventsFixture.role)))
            }
        }
        var found: [String] = []
        var token: String?
        repeat {
            let page = try fixture.engine.call(
                Scheduler.listSchedules, .init(maxResults: 3, nextToken: token, state: "ENABLED"))
            found += page.schedules.map { "\($0.groupName ?? "")/\($0.name ?? "")" }
            token = page.nextToken
        } while token != nil
        #expect(found == ["a/s0", "a/s2", "b/s0", "b/s2"])
        try fixture.engine.call(Scheduler.deleteScheduleGroup, .init(name: "a"))
        #expect(try fixture.engine.call(Scheduler.listSchedules, .init()).schedules.count == 3)
        #expect(fixture.engine.error(Scheduler.getSchedule, .init(groupName: "a", name: "s0"))?.status == 404)
    }

    @Test func tenThousandAtOneMinuteAllRun() throws {
        let fixture = try EventsFixture()
        try fixture.queue("q")
        for number in 0..<10_000 { try schedule("s\(number)", "at(2026-01-01T00:01:00)", on: fixture) }
        fixture.engine.advance(by: .seconds(61))
        let attributes = try fixture.engine.call(
            SQS.getQueueAttributes,
            .init(queueUrl: fixture.url("q"), attributeNames: ["ApproximateNumberOfMessages"]))
        #expect(attributes.attributes?["ApproximateNumberOfMessages"] == "10000")
    }
}
