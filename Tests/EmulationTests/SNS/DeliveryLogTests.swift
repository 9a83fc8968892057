import AWSModel
import AWSTypes
import Testing

@testable import Emulation

struct DeliveryLogTests {
    private let engine: TestEngine
    private let topicArn: String

    init() throws {
        engine = try TestEngine()
        topicArn = try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "orders")).topicArn ?? ""
    }

    private func subscribe(
        _ kind: String, _ endpoint: String, _ attributes: [String: String]? = nil
    ) throws -> String {
        try engine.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topicArn, protocol: kind, endpoint: endpoint, attributes: attributes,
                returnSubscriptionArn: true)
        ).subscriptionArn ?? ""
    }

    private func publish(_ text: String) throws {
        try engine.call(SNS.publish, SNS.PublishInput(topicArn: topicArn, message: text))
    }

    @Test func mailsAreReadAndConfirmed() throws {
        _ = try subscribe("email", "a@example.com")
        let asked = try engine.call(Skua.listOutboxMessages, Skua.ListOutboxMessagesRequest())
        #expect(asked.total == 1 && asked.messages.first?.recipient == "a@example.com")
        let token = try #require(asked.messages.first?.token)
        #expect(asked.messages.first?.confirmUrl?.hasSuffix(token) == true)
        try engine.call(SNS.confirmSubscription, SNS.ConfirmSubscriptionInput(topicArn: topicArn, token: token))
        for number in 1...3 { try publish("news \(number)") }
        let first = try engine.call(Skua.listOutboxMessages, Skua.ListOutboxMessagesRequest(maxResults: 2))
        #expect(first.messages.map { $0.preview.prefix(6) } == ["news 3", "news 2"] && first.total == 4)
        let second = try engine.call(
            Skua.listOutboxMessages, Skua.ListOutboxMessagesRequest(nextToken: first.nextToken, maxResults: 2))
        #expect(second.messages.count == 2 && second.nextToken == nil)
        let whole = try engine.call(
            Skua.getOutboxMessage, Skua.GetOutboxMessageRequest(id: first.messages.first?.id ?? ""))
        #expect(whole.body.hasPrefix("news 3\n\n--\n") && whole.kind == "email" && whole.topicArn == topicArn)
        #expect(engine.error(Skua.getOutboxMessage, Skua.GetOutboxMessageRequest(id: "7x"))?.status == 404)
    }

    @Test func theOutboxIsBounded() {
        var outbox = Outbox()
        var gone: Int64 = 0
        for id in 1...Int64(Outbox.capacity * 2) {
            let message = Outbox.Message(
                id: id, scope: engine.caller.scope, kind: "sms", recipient: "+1", subject: "", body: "", topicArn: "",
                sentAt: engine.core.now)
            gone = outbox.add(message) ?? gone
        }
        #expect(outbox.messages.count < Outbox.capacity * 5 / 4)
        #expect(outbox.messages.first?.id == gone + 1)
    }

    @Test func everyAttemptIsToldWithItsReason() throws {
        try engine.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: "dead"))
        let dead = "arn:aws:sqs:us-east-1:123456789012:dead"
        engine.respond = { _ in .success(OutgoingResponse(status: 503)) }
        let arn = try subscribe(
            "http", "http://127.0.0.1:9/hook", ["RedrivePolicy": #"{"deadLetterTargetArn":"\#(dead)"}"#])
        let token = engine.core.service(SNSService.self)?.subscriptions[arn]?.token ?? ""
        try engine.call(SNS.confirmSubscription, SNS.ConfirmSubscriptionInput(topicArn: topicArn, token: token))
        _ = try subscribe("sms", "+15551230001", ["FilterPolicy": #"{"kind":["paid"]}"#])
        try publish("m")
        for _ in 1...3 { engine.advance(by: .seconds(20)) }
        let mine = try engine.call(Skua.listDeliveries, Skua.ListDeliveriesRequest(subscriptionArn: arn)).deliveries
        #expect(mine.map(\.status) == ["dead-lettered", "retrying", "retrying", "retrying"])
        #expect(mine.map(\.attempt) == [4, 3, 2, 1])
        #expect(mine.first?.error == "The endpoint answered 503." && mine.first?.deadLetterTargetArn == dead)
        #expect(mine.last.flatMap(\.nextAttemptAt) == mine.dropLast().last?.time)
        let filtered = try engine.call(
            Skua.listDeliveries, Skua.ListDeliveriesRequest(topicArn: topicArn, status: "filtered")
        ).deliveries
        #expect(filtered.map(\.filterClause) == [#"{"kind":["paid"]}"#])
        let page = try engine.call(
            Skua.listDeliveries, Skua.ListDeliveriesRequest(topicArn: topicArn, maxResults: 4))
        #expect(page.deliveries.count == 4)
        let rest = try engine.call(
            Skua.listDeliveries, Skua.ListDeliveriesRequest(topicArn: topicArn, nextToken: page.nextToken))
        #expect(rest.deliveries.count == 1 && rest.nextToken == nil)
    }

    @Test func theLogOfATopicIsBounded() throws {
        _ = try subscribe("sms", "+15551230001")
        for number in 0..<(DeliveryLog.capacity + 10) { try publish(String(number)) }
        let all = try engine.call(
            Skua.listDeliveries, Skua.ListDeliveriesRequest(topicArn: topicArn, maxResults: 1000)
        ).deliveries
        #expect(all.count == DeliveryLog.capacity)
    }

    /// AWS: the question whether an endpoint wants its topic is retried like a notification.
    @Test func aConfirmationIsAskedAgainAcrossARestart() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(journal: journal)
        first.respond = { _ in .success(OutgoingResponse(status: 500)) }
        let topic = try first.call(SNS.createTopic, SNS.CreateTopicInput(name: "t")).topicArn ?? ""
        try first.call(
            SNS.subscribe,
            SNS.SubscribeInput(topicArn: topic, protocol: "http", endpoint: "http://127.0.0.1:9/"))
        let second = try TestEngine(journal: journal)
        var types: [String] = []
        second.respond = { request in
            types.append((try? JSONReader.parse(request.body))?["Type"]?.string ?? "")
            return .success(OutgoingResponse(status: types.count < 2 ? 500 : 200))
        }
        for _ in 1...5 { second.advance(by: .seconds(20)) }
        #expect(types == ["SubscriptionConfirmation", "SubscriptionConfirmation"])
        #expect(second.core.service(SNSService.self)?.confirmations.isEmpty == true)
    }
}
