import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct QueueObservationTests {
    @Test func peekingChangesNothingAndTellsEachState() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "held")
        _ = try sqs.receive(url)
        try sqs.send(url, "visible")
        try sqs.send(url, "delayed", delay: 9)
        for _ in 0..<2 {
            let page = try sqs.service.peek(url, caller: sqs.engine.caller)
            #expect(page.messages?.map(\.body) == ["visible", "held", "delayed"])
            #expect(page.messages?.map(\.state) == ["VISIBLE", "IN_FLIGHT", "DELAYED"])
            #expect(page.messages?.map(\.receiveCount) == [0, 1, 0])
            #expect(page.messages?[1].holder == "arn:aws:iam::123456789012:root")
            #expect(page.messages?[1].visibleAt == sqs.now + .seconds(30))
            #expect(page.messages?[2].visibleAt == sqs.now + .seconds(9))
            #expect([page.visible, page.inFlight, page.delayed] == [1, 1, 1])
            #expect(page.groups == nil && page.nextToken == nil)
        }
        let delayed = try sqs.service.peek(sqs.arn("q"), state: "DELAYED", caller: sqs.engine.caller)
        #expect(delayed.messages?.map(\.body) == ["delayed"])
    }

    @Test func pagesFollowEachOther() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        for index in 0..<7 { try sqs.send(url, "\(index)", delay: index < 5 ? 0 : index) }
        var seen: [String] = []
        var token: String?
        var pages = 0
        repeat {
            let page = try sqs.service.peek(url, nextToken: token, limit: 2, caller: sqs.engine.caller)
            seen += (page.messages ?? []).compactMap(\.body)
            token = page.nextToken
            pages += 1
        } while token != nil && pages < 10
        #expect(seen == ["0", "1", "2", "3", "4", "5", "6"])
        #expect(pages == 4)
    }

    @Test func groupsShowTheirLocks() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        for body in ["a1", "a2", "b1"] { try sqs.send(url, body, group: String(body.prefix(1))) }
        _ = try sqs.receive(url, max: 1)
        let page = try sqs.service.peek(url, caller: sqs.engine.caller)
        #expect(page.messages?.map(\.body) == ["a1", "a2", "b1"])
        #expect(page.messages?.map(\.state) == ["IN_FLIGHT", "BLOCKED", "VISIBLE"])
        let locked = try #require(page.groups?.first)
        #expect(locked.messageGroupId == "a" && locked.isLocked == true && locked.visible == 1 && locked.inFlight == 1)
        #expect(locked.lockedUntil == sqs.now + .seconds(30))
        let blocked = try sqs.service.peek(url, state: "BLOCKED", caller: sqs.engine.caller)
        #expect(blocked.messages?.map(\.body) == ["a2"])
    }

    @Test func whyNamesTheRuleAndTheTime() throws {
        let sqs = try SQSFixture()
        _ = try sqs.queue("dead")
        let url = try sqs.queue(
            "q",
            ["RedrivePolicy": #"{"deadLetterTargetArn":"\#(sqs.arn("dead"))","maxReceiveCount":1}"#])
        #expect(sqs.service.explain(sqs.arn("q"), item: nil).map(\.rule) == ["QueueEmpty"])
        let id = try #require(try sqs.send(url, "a").messageId)
        #expect(sqs.service.explain(sqs.arn("q"), item: id).map(\.rule) == ["NoConsumers", "RetentionPeriod"])
        _ = try sqs.receive(url)
        let held = sqs.service.explain(sqs.arn("q"), item: id)
        #expect(held.map(\.rule) == ["VisibilityTimeout", "MaxReceiveCount", "RetentionPeriod"])
        #expect(held[0].movesAt == sqs.now + .seconds(30))
        #expect(held[0].text.contains("arn:aws:iam::123456789012:root"))
        #expect(held[1].text.contains("the next receive moves it to dead"))
        #expect(sqs.service.explain(sqs.arn("q"), item: nil).map(\.rule) == ["VisibilityTimeout"])
        let delayed = try #require(try sqs.send(url, "b", delay: 7).messageId)
        let why = sqs.service.explain(sqs.arn("q"), item: delayed)
        #expect(why[0].rule == "DelaySeconds" && why[0].movesAt == sqs.now + .seconds(7))
        #expect(sqs.service.explain(sqs.arn("q"), item: "nothing").map(\.rule) == ["MessageGone"])
    }

    @Test func whyNamesTheMessageThatLocksAGroup() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q.fifo", ["ContentBasedDeduplication": "true"])
        let first = try #require(try sqs.send(url, "1", group: "g").messageId)
        let second = try #require(try sqs.send(url, "2", group: "g").messageId)
        _ = try sqs.receive(url, max: 1)
        let why = sqs.service.explain(sqs.arn("q.fifo"), item: second)
        #expect(why[0].rule == "MessageGroupLock")
        #expect(why[0].text.contains(first))
        #expect(why[0].movesAt == sqs.now + .seconds(30))
        #expect(sqs.service.explain(sqs.arn("q.fifo"), item: nil).map(\.rule) == ["MessageGroupLock"])
    }

    @Test func theMapShowsQueuesAndDeadLetterWires() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead")
        _ = try sqs.queue("q", ["RedrivePolicy": #"{"deadLetterTargetArn":"\#(sqs.arn("dead"))","maxReceiveCount":3}"#])
        try sqs.send(dead, "x")
        let nodes = sqs.service.resources(in: sqs.engine.caller.scope)
        #expect(nodes.map(\.name) == ["dead", "q"])
        #expect(nodes.map(\.health) == [.warning, .good])
        #expect(nodes[0].summary == "1 visible" && nodes[0].counts["visible"] == 1)
        let wire = try #require(sqs.service.wires(in: sqs.engine.caller.scope).first)
        #expect(wire.sourceArn == sqs.arn("q") && wire.targetArn == sqs.arn("dead") && wire.kind == "dead-letter")
    }

    @Test func theNextEventIsTheOneThatMatters() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a", delay: 5)
        #expect(sqs.engine.core.timers.upcoming(limit: 5).map(\.label.kind) == ["DelaySeconds"])
        sqs.engine.advance(by: .seconds(5))
        let message = try #require(try sqs.receive(url).first)
        #expect(sqs.engine.core.timers.upcoming(limit: 5).map(\.label.kind) == ["VisibilityTimeout"])
        try sqs.delete(url, message)
        #expect(sqs.engine.core.timers.upcoming(limit: 5).isEmpty)
    }

    @Test func changesAreMarked() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let cursor = sqs.engine.core.changes.version
        try sqs.send(url, "a")
        #expect(sqs.engine.core.changes.changed(after: cursor, topics: []) == [sqs.arn("q"), "sqs:queues"])
    }

    @Test func callsNameTheirQueueAndMessageOnTheTimeline() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let id = try sqs.send(url, "a").messageId
        let entry = try #require(sqs.engine.core.timeline.newest(before: nil, limit: 1).first)
        #expect(entry.action == "SendMessage" && entry.resource == sqs.arn("q") && entry.detail == id)
    }

    @Test func metricsAreCounted() throws {
        let recorder = Recorder()
        let sqs = try SQSFixture()
        sqs.engine.core.telemetry.metrics = recorder
        let url = try sqs.queue("q")
        try sqs.send(url, "hello")
        try sqs.send(url, "later", delay: 600)
        let message = try #require(try sqs.receive(url).first)
        _ = try sqs.receive(url)
        sqs.engine.advance(by: .seconds(10))
        try sqs.delete(url, message)
        sqs.engine.advance(by: .seconds(60))
        #expect(recorder.sums["NumberOfMessagesSent"] == 2)
        #expect(recorder.sums["SentMessageSize"] == 10)
        #expect(recorder.sums["NumberOfMessagesReceived"] == 1)
        #expect(recorder.sums["NumberOfEmptyReceives"] == 1)
        #expect(recorder.sums["NumberOfMessagesDeleted"] == 1)
        #expect(recorder.last["ApproximateNumberOfMessagesDelayed"] == 1)
        #expect(recorder.last["ApproximateNumberOfMessagesVisible"] == 0)
        #expect(recorder.last["ApproximateAgeOfOldestMessage"] == 60)
        let points = recorder.count
        sqs.engine.advance(by: .seconds(12 * 3600))
        // Nothing was used for six hours: no more points.
        let later = recorder.count
        #expect(later > points)
        sqs.engine.advance(by: .seconds(3600))
        #expect(recorder.count == later)
    }

    private final class Recorder: MetricRecorder {
        var names: [String] = []
        var sums: [String: Double] = [:]
        var last: [String: Double] = [:]
        var count = 0

        func handle(for series: MetricSeries) -> MetricHandle {
            names.append(series.name)
            return MetricHandle(rawValue: names.count - 1)
        }

        func record(_ value: Double, count: Double, in handle: MetricHandle, at time: Instant) {
            sums[names[handle.rawValue], default: 0] += value * count
            last[names[handle.rawValue]] = value
            self.count += 1
        }
    }
}
