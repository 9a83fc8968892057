import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// One trace through every wire: from whatever began it to all it caused, and back.
@Suite struct FollowTests {
    private let bench: LambdaBench

    init() throws { bench = try LambdaBench() }

    private var timeline: Timeline { bench.engine.core.timeline }

    /// What led to an entry, from its origin on.
    private func chain(to entry: TimelineEntry) -> [TimelineEntry] {
        var chain = [entry]
        while let cause = chain.last?.cause.flatMap({ timeline[$0] }) { chain.append(cause) }
        return chain.reversed()
    }

    private func last(_ isWanted: (TimelineEntry) -> Bool) -> TimelineEntry? {
        timeline.newest(before: nil, limit: 1, where: isWanted).first
    }

    private func expectOneTrace(_ chain: [TimelineEntry]) {
        #expect(Set(chain.map(\.trace)).count == 1)
    }

    private func machine(_ name: String) throws -> String {
        try bench.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(
                name: name, definition: #"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#,
                roleArn: LambdaBench.role)
        ).stateMachineArn
    }

    private func mapWorker(to queue: String) throws {
        try bench.createFunction()
        _ = try bench.call(
            Lambda.createEventSourceMapping,
            Lambda.CreateEventSourceMappingRequest(eventSourceArn: queue, functionName: "worker"))
        bench.advance(5)
    }

    @Test func fromAPublishToTheFunctionBehindTheQueue() throws {
        let queue = try bench.createQueue("news")
        try mapWorker(to: queue.arn)
        let topic = try bench.call(SNS.createTopic, SNS.CreateTopicInput(name: "news")).topicArn ?? ""
        _ = try bench.call(
            SNS.subscribe, SNS.SubscribeInput(topicArn: topic, protocol: "sqs", endpoint: queue.arn))
        _ = try bench.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: "m"))
        bench.end(#""done""#)
        let invocation = try #require(last { $0.kind == .invocation })
        let chain = chain(to: invocation)
        #expect(chain.map(\.action) == ["Publish", "Deliver", "SendMessage", "aws:sqs", "aws:sqs"])
        expectOneTrace(chain)
        #expect(invocation.input?.text.contains("Records") == true)
        #expect(invocation.output?.text == #""done""#)
        #expect(invocation.endedAt != nil)
        #expect(chain.first?.input?.text.contains(#""Message":"m""#) == true)
    }

    @Test func aFilterSaysWhatItKeptBack() throws {
        let queue = try bench.createQueue("news")
        let topic = try bench.call(SNS.createTopic, SNS.CreateTopicInput(name: "news")).topicArn ?? ""
        _ = try bench.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topic, protocol: "sqs", endpoint: queue.arn,
                attributes: ["FilterPolicy": #"{"kind":["big"]}"#]))
        _ = try bench.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: "m"))
        let drop = try #require(last { $0.action == "FilteredOut" })
        #expect(drop.detail.contains(#"none matches {"kind":["big"]}"#))
        #expect(chain(to: drop).map(\.action) == ["Publish", "FilteredOut"])
    }

    @Test func fromAnEventToTheExecutionItStarts() throws {
        let machine = try machine("reacts")
        _ = try bench.call(
            Events.putRule, Events.PutRuleRequest(name: "orders", eventPattern: #"{"source":["shop"]}"#))
        _ = try bench.call(
            Events.putTargets,
            Events.PutTargetsRequest(
                rule: "orders", targets: [Events.Target(id: "1", arn: machine, roleArn: LambdaBench.role)]))
        _ = try bench.call(
            Events.putEvents,
            Events.PutEventsRequest(entries: [
                Events.PutEventsRequestEntry(source: "shop", detailType: "order", detail: #"{"id":1}"#)
            ]))
        bench.advance(1)
        let started = try #require(last { $0.action == "ExecutionStarted" })
        let chain = chain(to: started)
        #expect(chain.first?.action == "PutEvents")
        #expect(chain.contains { $0.action == "StartExecution" })
        expectOneTrace(chain)
        #expect(started.input?.text.contains(#""id":1"#) == true)
        #expect(started.endedAt != nil)
    }

    @Test func aScheduleBeginsATraceOfItsOwn() throws {
        let queue = try bench.createQueue("alarms")
        try mapWorker(to: queue.arn)
        _ = try bench.call(
            Scheduler.createSchedule,
            Scheduler.CreateScheduleInput(
                flexibleTimeWindow: Scheduler.FlexibleTimeWindow(mode: "OFF"), name: "often",
                scheduleExpression: "rate(1 minute)",
                target: Scheduler.Target(arn: queue.arn, input: "tick", roleArn: LambdaBench.role)))
        bench.advance(60)
        let invocation = try #require(last { $0.kind == .invocation })
        let chain = chain(to: invocation)
        #expect(chain.contains { $0.service == "scheduler" })
        #expect(chain.contains { $0.action == "SendMessage" })
        expectOneTrace(chain)
    }

    @Test func throughAPipeToItsTarget() throws {
        let source = try bench.createQueue("source")
        let target = try bench.createQueue("target")
        _ = try bench.call(
            Pipes.createPipe,
            Pipes.CreatePipeRequest(
                name: "p", source: source.arn,
                sourceParameters: .init(
                    filterCriteria: .init(filters: [.init(pattern: #"{"body":{"kind":["order"]}}"#)])),
                target: target.arn, roleArn: LambdaBench.role))
        bench.advance(2)
        try bench.send(#"{"kind":"order"}"#, to: source.url)
        let sent = try #require(last { $0.action == "SendMessage" && $0.resource == target.arn })
        let way = chain(to: sent)
        #expect(way.map(\.action) == ["SendMessage", "PipeBatch", "SendMessage"])
        expectOneTrace(way)
        #expect(way[1].input?.text.contains("order") == true)
        #expect(way[1].endedAt != nil)
        try bench.send(#"{"kind":"other"}"#, to: source.url)
        let drop = try #require(last { $0.action == "FilteredOut" })
        #expect(drop.detail.contains("none matches"))
        #expect(chain(to: drop).map(\.action) == ["SendMessage", "FilteredOut"])
    }

    @Test func fromAMetricThatWasPutToWhomTheAlarmTells() throws {
        let queue = try bench.createQueue("told")
        let topic = try bench.call(SNS.createTopic, SNS.CreateTopicInput(name: "ops")).topicArn ?? ""
        _ = try bench.call(SNS.subscribe, SNS.SubscribeInput(topicArn: topic, protocol: "sqs", endpoint: queue.arn))
        _ = try bench.call(
            CloudWatch.putMetricAlarm,
            CloudWatch.PutMetricAlarmInput(
                alarmName: "hot", alarmActions: [topic], metricName: "Temperature", namespace: "Shop",
                statistic: "Maximum", period: 60, evaluationPeriods: 1, threshold: 10,
                comparisonOperator: "GreaterThanThreshold"))
        _ = try bench.call(
            CloudWatch.putMetricData,
            CloudWatch.PutMetricDataInput(
                namespace: "Shop", metricData: [CloudWatch.MetricDatum(metricName: "Temperature", value: 99)]))
        bench.advance(120)
        let sent = try #require(last { $0.action == "SendMessage" && $0.resource == queue.arn })
        let way = chain(to: sent)
        #expect(way.map(\.action) == ["PutMetricData", "ALARM", "Publish", "Deliver", "SendMessage"])
        expectOneTrace(way)
    }

    @Test func onlyTheNewestPayloadsAreKept() throws {
        let queue = try bench.createQueue("large")
        let body = String(repeating: "x", count: 200_000)
        for _ in 0..<120 { try bench.send(body, to: queue.url) }
        let sends = timeline.newest(before: nil, limit: 500) { $0.action == "SendMessage" }
        #expect(sends.count == 120)
        #expect(sends.first?.input != nil)
        #expect(sends.last?.input == nil)
        let kept = sends.compactMap(\.input).reduce(0) { $0 + $1.size }
        #expect(kept <= 16 << 20)
        #expect(kept > 8 << 20)
    }

    @Test func lookingDrawsNoIdentifiers() throws {
        let engine = bench.engine
        var other = engine.core.identifiers
        var observer = engine.caller
        observer.isObserver = true
        _ = try engine.call(Skua.getClock, Skua.GetClockRequest(), as: observer)
        var after = engine.core.identifiers
        #expect(after.next() == other.next())
    }
}
