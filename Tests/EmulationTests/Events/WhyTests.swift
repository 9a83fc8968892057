import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// *Why?* of rules, buses, schedules, pipes and subscriptions.
@Suite struct WhyTests {
    private static let events = "arn:aws:events:us-east-1:123456789012"

    @Test func `a rule tells how many events did not match and which clause the last one failed`() throws {
        let fixture = try EventsFixture()
        try fixture.queue("q")
        try fixture.rule(
            #"{"source":["shop"],"detail":{"n":[{"numeric":[">",1]}]}}"#,
            targets: [.init(id: "1", arn: fixture.arn("q"))])
        try fixture.put(detail: #"{"n":0}"#)
        try fixture.put(detail: #"{"n":1}"#)
        let service = try #require(fixture.engine.core.service(EventsService.self))
        let reasons = service.explain("\(Self.events):rule/rule", item: nil)
        #expect(reasons.map(\.rule) == ["PatternMismatch"])
        #expect(reasons.first?.text == "2 events of its source did not match. The last one: detail.n is 1.")
    }

    @Test func `a bus without rules says that events go nowhere, and names rules whose targets fail`() throws {
        let fixture = try EventsFixture()
        try fixture.engine.call(Events.createEventBus, .init(name: "b"))
        let service = try #require(fixture.engine.core.service(EventsService.self))
        #expect(service.explain("\(Self.events):event-bus/b", item: nil).map(\.rule) == ["NoRules"])
        try fixture.rule(#"{"source":["shop"]}"#, bus: "b", targets: [.init(id: "1", arn: fixture.arn("gone"))])
        try fixture.put(bus: "b")
        let reasons = service.explain("\(Self.events):event-bus/b", item: nil)
        #expect(reasons.map(\.rule) == ["TargetFailed"])
        #expect(reasons.first?.relatedArn == "\(Self.events):rule/b/rule")
    }

    @Test func `a pipe tells what its filter refused`() throws {
        let fixture = try EventsFixture()
        try fixture.queue("from")
        try fixture.queue("to")
        try fixture.engine.call(
            Pipes.createPipe,
            .init(
                name: "p", source: fixture.arn("from"),
                sourceParameters: .init(filterCriteria: .init(filters: [.init(pattern: #"{"body":{"kind":["a"]}}"#)])),
                target: fixture.arn("to"), roleArn: EventsFixture.role))
        fixture.engine.advance(by: .seconds(2))
        let service = try #require(fixture.engine.core.service(PipesService.self))
        let arn = "arn:aws:pipes:us-east-1:123456789012:pipe/p"
        #expect(service.explain(arn, item: nil).map(\.rule) == ["NothingToRead"])
        try fixture.engine.call(
            SQS.sendMessage, .init(queueUrl: fixture.url("from"), messageBody: #"{"kind":"b"}"#))
        let reason = service.explain(arn, item: nil).first
        #expect(reason?.rule == "FilterMismatch")
        #expect(reason?.text.contains(#"body.kind is "b""#) == true)
    }

    @Test func `of a message a subscription tells what became of it`() throws {
        let engine = try TestEngine()
        let topic = try engine.call(SNS.createTopic, .init(name: "t")).topicArn ?? ""
        let empty = try engine.call(Skua.explain, .init(resourceArn: topic)).reasons ?? []
        #expect(empty.map(\.rule) == ["NoSubscriptions"])
        let subscription =
            try engine.call(
                SNS.subscribe,
                .init(
                    topicArn: topic, protocol: "sms", endpoint: "+15550101234",
                    attributes: ["FilterPolicy": #"{"kind":["a"]}"#], returnSubscriptionArn: true)
            ).subscriptionArn ?? ""
        let message = try engine.call(SNS.publish, .init(topicArn: topic, message: "x")).messageId ?? ""
        let reasons = try engine.call(Skua.explain, .init(resourceArn: subscription, item: message)).reasons ?? []
        #expect(reasons.map(\.rule) == ["FilterPolicy"])
        #expect(reasons.first?.text?.contains(#"{"kind":["a"]} does not hold"#) == true)
        let taken = try engine.call(
            SNS.publish,
            .init(
                topicArn: topic, message: "x",
                messageAttributes: ["kind": .init(dataType: "String", stringValue: "a")])
        ).messageId
        let told = try engine.call(Skua.explain, .init(resourceArn: subscription, item: taken)).reasons ?? []
        #expect(told.map(\.rule) == ["Delivered"])
    }
}
