import AWSModel
import AWSTypes
import Testing

@testable import Emulation

struct TopicTests {
    private let engine: TestEngine
    private let topicArn: String

    init() throws {
        engine = try TestEngine()
        topicArn = try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "orders")).topicArn ?? ""
    }

    private func queue(_ name: String) throws -> String {
        try engine.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: name)).queueUrl ?? ""
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

    private func bodies(_ url: String) throws -> [String] {
        try engine.call(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(queueUrl: url, maxNumberOfMessages: 10, waitTimeSeconds: 0)
        ).messages?.compactMap(\.body) ?? []
    }

    private func queueArn(_ name: String) -> String { "arn:aws:sqs:us-east-1:123456789012:\(name)" }

    @Test func creatingIsIdempotentUntilAttributesDiffer() throws {
        #expect(topicArn == "arn:aws:sns:us-east-1:123456789012:orders")
        #expect(try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "orders")).topicArn == topicArn)
        let error = engine.error(
            SNS.createTopic, SNS.CreateTopicInput(name: "orders", attributes: ["DisplayName": "Shop"]))
        #expect(error?.queryCode == "InvalidParameter")
        #expect(
            error?.message
                == "Invalid parameter: Attributes Reason: Topic already exists with different attributes")
        #expect(
            engine.error(SNS.createTopic, SNS.CreateTopicInput(name: "no way"))?.message
                == "Invalid parameter: Topic Name")
        #expect(
            engine.error(SNS.publish, SNS.PublishInput(topicArn: topicArn + "x", message: "m"))?.queryCode == "NotFound"
        )
    }

    @Test func queuesGetEnvelopesOrRawMessages() throws {
        let plain = try queue("plain")
        let raw = try queue("raw")
        _ = try subscribe("sqs", queueArn("plain"))
        _ = try subscribe("sqs", queueArn("raw"), ["RawMessageDelivery": "true"])
        let published = try engine.call(
            SNS.publish, SNS.PublishInput(topicArn: topicArn, message: "hello", subject: "hi"))
        #expect(try bodies(raw) == ["hello"])
        let envelope = try JSONReader.parse(try #require(try bodies(plain).first))
        #expect(envelope["Type"]?.string == "Notification" && envelope["Message"]?.string == "hello")
        #expect(envelope["MessageId"]?.string == published.messageId && envelope["Subject"]?.string == "hi")
        #expect(envelope["Signature"]?.string?.count == 344)
        #expect(engine.core.service(SNSService.self)?.certificate?.hasPrefix("-----BEGIN CERTIFICATE-----") == true)
        #expect(engine.core.service(SNSService.self)?.deliveries.isEmpty == true)
    }

    @Test func aFilterKeepsOthersOut() throws {
        let url = try queue("filtered")
        _ = try subscribe("sqs", queueArn("filtered"), ["FilterPolicy": #"{"kind":["paid"]}"#])
        for kind in ["paid", "open"] {
            try engine.call(
                SNS.publish,
                SNS.PublishInput(
                    topicArn: topicArn, message: kind,
                    messageAttributes: ["kind": SNS.MessageAttributeValue(dataType: "String", stringValue: kind)]))
        }
        #expect(try bodies(url).count == 1)
        #expect(engine.core.service(SNSService.self)?.explain(topicArn, item: nil).first?.rule == "FilterPolicy")
    }

    @Test func anHTTPEndpointConfirmsThenIsRetriedAndBuried() throws {
        let dead = try queue("dead")
        var requests: [OutgoingRequest] = []
        var status = 200
        engine.respond = { request in
            requests.append(request)
            return .success(OutgoingResponse(status: status))
        }
        let redrive = #"{"deadLetterTargetArn":"\#(queueArn("dead"))"}"#
        let arn = try subscribe("http", "http://127.0.0.1:9/hook", ["RedrivePolicy": redrive])
        let ask = try JSONReader.parse(try #require(requests.first).body)
        #expect(ask["Type"]?.string == "SubscriptionConfirmation")
        try engine.call(SNS.publish, SNS.PublishInput(topicArn: topicArn, message: "unheard"))
        #expect(requests.count == 1)
        let confirmed = try engine.call(
            SNS.confirmSubscription,
            SNS.ConfirmSubscriptionInput(topicArn: topicArn, token: ask["Token"]?.string ?? ""))
        #expect(confirmed.subscriptionArn == arn)
        status = 503
        try engine.call(SNS.publish, SNS.PublishInput(topicArn: topicArn, message: "one"))
        #expect(requests.count == 2)
        #expect(engine.core.service(SNSService.self)?.explain(arn, item: nil).first?.rule == "RetryWait")
        // AWS: three retries, 20 seconds apart.
        for count in 3...5 {
            engine.advance(by: .seconds(20))
            #expect(requests.count == count)
        }
        #expect(try bodies(dead).count == 1)
        engine.advance(by: .seconds(60))
        #expect(requests.count == 5)
        status = 404
        try engine.call(SNS.publish, SNS.PublishInput(topicArn: topicArn, message: "two"))
        #expect(requests.count == 6)
        // The first one is visible again by now.
        #expect(try bodies(dead).count == 2)
    }

    @Test func whatWaitsSurvivesARestart() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(journal: journal)
        first.respond = { _ in .success(OutgoingResponse(status: 500)) }
        let topic = try first.call(SNS.createTopic, SNS.CreateTopicInput(name: "t")).topicArn ?? ""
        let arn =
            try first.call(
                SNS.subscribe,
                SNS.SubscribeInput(
                    topicArn: topic, protocol: "http", endpoint: "http://127.0.0.1:9/", returnSubscriptionArn: true)
            ).subscriptionArn ?? ""
        let subscription = first.core.service(SNSService.self)?.subscriptions[arn]
        try first.call(
            SNS.confirmSubscription,
            SNS.ConfirmSubscriptionInput(topicArn: topic, token: subscription?.token ?? ""))
        try first.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: "kept"))
        let second = try TestEngine(journal: journal)
        var texts: [String] = []
        second.respond = { request in
            texts.append((try? JSONReader.parse(request.body))?["Message"]?.string ?? "")
            return .success(OutgoingResponse(status: 200))
        }
        second.advance(by: .seconds(21))
        #expect(texts == ["kept"])
        let third = try TestEngine(journal: journal)
        #expect(third.core.service(SNSService.self)?.deliveries.isEmpty == true)
    }

    @Test func fifoTopicsKnowDuplicatesAndKeepOrder() throws {
        let arn =
            try engine.call(
                SNS.createTopic, SNS.CreateTopicInput(name: "f.fifo", attributes: ["FifoTopic": "true"])
            ).topicArn ?? ""
        let url =
            try engine.call(
                SQS.createQueue, SQS.CreateQueueRequest(queueName: "q.fifo", attributes: ["FifoQueue": "true"])
            ).queueUrl ?? ""
        try engine.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: arn, protocol: "sqs", endpoint: queueArn("q.fifo"),
                attributes: ["RawMessageDelivery": "true"]))
        #expect(
            engine.error(SNS.publish, SNS.PublishInput(topicArn: arn, message: "m"))?.message
                == "Invalid parameter: The MessageGroupId parameter is required for FIFO topics")
        func publish(_ text: String, _ id: String) throws -> String? {
            let output = try engine.call(
                SNS.publish,
                SNS.PublishInput(
                    topicArn: arn, message: text, messageDeduplicationId: id, messageGroupId: "g"))
            return output.sequenceNumber
        }
        let first = try publish("a", "1")
        #expect(try publish("again", "1") == first)
        #expect(try publish("b", "2") != first)
        #expect(try bodies(url) == ["a", "b"])
    }

    @Test func aBatchFailsInPart() throws {
        let output = try engine.call(
            SNS.publishBatch,
            SNS.PublishBatchInput(
                topicArn: topicArn,
                publishBatchRequestEntries: [
                    SNS.PublishBatchRequestEntry(id: "1", message: "good"),
                    SNS.PublishBatchRequestEntry(id: "2", message: "bad", messageStructure: "json"),
                ]))
        #expect(output.successful?.map(\.id) == ["1"])
        #expect(output.failed?.map(\.code) == ["InvalidParameter"])
    }

    @Test func aManagedEndpointIsTriedForTwentyThreeDays() {
        var attempts = 1
        while attempts < 200_000, DeliveryPolicy.managed.delay(beforeRetry: attempts) != nil { attempts += 1 }
        // 100,015 tries follow the first one.
        #expect(attempts == 100_016)
    }
}
