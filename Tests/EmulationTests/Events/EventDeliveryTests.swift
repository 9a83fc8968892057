import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct EventDeliveryTests {
    @Test func aMatchingEventReachesEveryTarget() throws {
        let fixture = try EventsFixture()
        try fixture.queue("one")
        try fixture.queue("two.fifo")
        try fixture.rule(
            #"{"source":["shop"],"detail":{"n":[{"numeric":[">",1]}]}}"#,
            targets: [
                .init(id: "1", arn: fixture.arn("one")),
                .init(id: "2", arn: fixture.arn("two.fifo"), sqsParameters: .init(messageGroupId: "g")),
            ])
        try fixture.put(detail: #"{"n":1}"#)
        let id = try fixture.put(detail: #"{"n":2}"#)
        let one = try fixture.bodies("one")
        #expect(one.map { $0["id"]?.string } == [id])
        #expect(one.first?["detail"] == ["n": 2])
        #expect(try fixture.bodies("two.fifo").count == 1)
    }

    @Test func theInputTransformerMakesWhatItsTemplateSays() throws {
        let fixture = try EventsFixture()
        try fixture.queue("q")
        try fixture.rule(
            #"{"source":["shop"]}"#,
            targets: [
                .init(
                    id: "1", arn: fixture.arn("q"),
                    inputTransformer: .init(
                        inputPathsMap: ["n": "$.detail.n", "o": "$.detail.o", "none": "$.detail.none"],
                        inputTemplate: #"{"n":<n>,"o":<o>,"t":"n=<n> <none>by <aws.events.rule-name>"}"#))
            ])
        try fixture.put(detail: #"{"n":7,"o":{"a":[1]}}"#)
        #expect(try fixture.bodies("q") == [["n": 7, "o": ["a": [1]], "t": "n=7 by rule"]])
    }

    @Test func theEventAsATemplateSeesItHasNoDetail() throws {
        let fixture = try EventsFixture()
        try fixture.queue("to")
        let template = #"{"event": <aws.events.event>, "whole": <aws.events.event.json>}"#
        try fixture.rule(
            #"{"source":["shop"]}"#,
            targets: [.init(id: "1", arn: fixture.arn("to"), inputTransformer: .init(inputTemplate: template))])
        try fixture.put(detail: #"{"n":1}"#)
        let body = try #require(try fixture.bodies("to").first)
        #expect(
            body["event"]?.object?.keys
                == ["id", "account", "detailType", "time", "source", "region", "resources", "version"])
        #expect(body["whole"]?["detail"]?["n"]?.integer == 1)
        #expect(body["whole"]?["detail-type"]?.string == "order")
    }

    @Test func anArchiveHasARuleThatIsManaged() throws {
        let journal = try Journal(path: nil)
        let fixture = try EventsFixture(journal: journal)
        let bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        try fixture.engine.call(
            Events.createArchive,
            .init(archiveName: "shop", eventSourceArn: bus, eventPattern: #"{"source":["shop"]}"#))
        func rule(_ engine: TestEngine) throws -> Events.DescribeRuleResponse {
            try engine.call(Events.describeRule, .init(name: "Events-Archive-shop"))
        }
        #expect(try rule(fixture.engine).managedBy == "prod.vhs.events.aws.internal")
        let pattern = try JSONReader.parse(try #require(try rule(fixture.engine).eventPattern))
        #expect(pattern == ["source": ["shop"], "replay-name": [["exists": false]]])
        let targets = try fixture.engine.call(Events.listTargetsByRule, .init(rule: "Events-Archive-shop")).targets
        #expect(targets?.map(\.arn) == ["arn:aws:events:us-east-1:::"])
        #expect(
            fixture.engine.error(Events.deleteRule, .init(name: "Events-Archive-shop"))?.code == "ManagedRuleException")
        try fixture.put()
        // It is not a rule of one's own: nothing is delivered, and it is on no map.
        #expect(fixture.engine.core.service(EventsService.self)?.wires(in: fixture.engine.caller.scope).isEmpty == true)
        let again = try EventsFixture(journal: journal, wall: fixture.engine.core.now)
        #expect(try rule(again.engine).eventPattern == rule(fixture.engine).eventPattern)
        try again.put()
        #expect(try again.engine.call(Events.describeArchive, .init(archiveName: "shop")).eventCount == 2)
        try again.engine.call(Events.deleteArchive, .init(archiveName: "shop"))
        #expect(again.engine.error(Events.describeRule, .init(name: "Events-Archive-shop")) != nil)
    }

    @Test func anArchiveCountsWhatAWSCounts() throws {
        let fixture = try EventsFixture()
        try fixture.engine.call(
            Events.createArchive,
            .init(archiveName: "all", eventSourceArn: "arn:aws:events:us-east-1:123456789012:event-bus/default"))
        let detail = #"{"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}"#
        for _ in 0..<10 {
            try fixture.put(
                source: "core.update-account-command", type: "core.update-account-command", detail: detail)
        }
        let archive = try fixture.engine.call(Events.describeArchive, .init(archiveName: "all"))
        #expect(archive.eventCount == 10 && archive.sizeBytes == 1590)
    }

    @Test func aMissingTargetGoesToTheDeadLetterQueueAtOnce() throws {
        let fixture = try EventsFixture()
        try fixture.queue("dead")
        try fixture.rule(
            #"{"source":["shop"]}"#,
            targets: [
                .init(id: "1", arn: fixture.arn("gone"), deadLetterConfig: .init(arn: fixture.arn("dead")))
            ])
        try fixture.put()
        let attributes = try fixture.receive("dead").first?.messageAttributes ?? [:]
        #expect(attributes["ERROR_CODE"]?.stringValue == "NO_RESOURCE")
        #expect(attributes["RULE_ARN"]?.stringValue == "arn:aws:events:us-east-1:123456789012:rule/rule")
        #expect(attributes["RETRY_ATTEMPTS"]?.stringValue == "0")
    }

    @Test func aScheduledRuleFiresByTheClockAndSurvivesARestart() throws {
        let journal = try Journal(path: nil)
        let fixture = try EventsFixture(journal: journal)
        try fixture.queue("q")
        try fixture.engine.call(Events.putRule, .init(name: "tick", scheduleExpression: "rate(5 minutes)"))
        try fixture.engine.call(
            Events.putTargets, .init(rule: "tick", targets: [.init(id: "1", arn: fixture.arn("q"))]))
        fixture.engine.advance(by: .seconds(299))
        #expect(try fixture.receive("q").isEmpty)
        let again = try EventsFixture(journal: journal, wall: TestEngine.start + .seconds(299))
        again.engine.advance(by: .seconds(2))
        #expect(try again.bodies("q").map { $0["detail-type"]?.string } == ["Scheduled Event"])
    }

    @Test func onlyRulesThatMayMatchAreLookedAt() throws {
        let fixture = try EventsFixture()
        for number in 0..<200 {
            try fixture.engine.call(
                Events.putRule, .init(name: "r\(number)", eventPattern: #"{"source":["s\#(number)"]}"#))
        }
        try fixture.engine.call(Events.putRule, .init(name: "open", eventPattern: #"{"detail":{"a":[1]}}"#))
        let service = try #require(fixture.engine.core.service(EventsService.self))
        let bus = try service.bus(nil, fixture.engine.caller.scope)
        let event = BusEvent(
            id: "1", source: "s7", detailType: "t", account: "", region: "", time: .epoch, ingested: .epoch,
            resources: [], detail: .object([:]))
        #expect(bus.candidates(for: event).map(\.name).sorted() == ["open", "r7"])
    }

    @Test func aReplayGivesTheRuleWhatTheArchiveKept() throws {
        let fixture = try EventsFixture()
        try fixture.queue("q")
        let bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        try fixture.engine.call(Events.createArchive, .init(archiveName: "all", eventSourceArn: bus))
        for number in 0..<3 { try fixture.put(detail: #"{"n":\#(number)}"#) }
        try fixture.rule(#"{"source":["shop"]}"#, targets: [.init(id: "1", arn: fixture.arn("q"))])
        try fixture.engine.call(
            Events.startReplay,
            .init(
                replayName: "again", eventSourceArn: "arn:aws:events:us-east-1:123456789012:archive/all",
                eventStartTime: TestEngine.start - .seconds(60), eventEndTime: TestEngine.start + .seconds(60),
                destination: .init(arn: bus)))
        fixture.engine.advance(by: .seconds(5))
        #expect(try fixture.engine.call(Events.describeReplay, .init(replayName: "again")).state == "COMPLETED")
        #expect(try fixture.bodies("q").map { $0["replay-name"]?.string } == ["again", "again", "again"])
        let archive = try fixture.engine.call(Events.describeArchive, .init(archiveName: "all"))
        #expect(archive.eventCount == 3)
    }

    @Test func whyNamesTheClauseThatFails() throws {
        let fixture = try EventsFixture()
        try fixture.rule(#"{"source":["shop"],"detail":{"n":[1]}}"#, targets: [])
        let service = try #require(fixture.engine.core.service(EventsService.self))
        let reasons = service.explain(
            "arn:aws:events:us-east-1:123456789012:rule/rule", item: #"{"source":"shop","detail":{"n":2}}"#)
        #expect(reasons.first?.rule == "PatternMismatch")
        #expect(reasons.first?.text.contains("detail.n is 2") ?? false)
    }
}
