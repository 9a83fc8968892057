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

    @Test func subscribingAgainIsFineUntilAttributesDiffer() throws {
        _ = try queue("plain")
        let arn = try subscribe("sqs", queueArn("plain"), ["RawMessageDelivery": "true"])
        for attributes in [nil, [:], ["FilterPolicyScope": "MessageAttributes"], ["RawMessageDelivery": "true"]] {
            #expect(try subscribe("sqs", queueArn("plain"), attributes) == arn)
        }
        let error = engine.error(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topicArn, protocol: "sqs", endpoint: queueArn("plain"),
                attributes: ["FilterPolicyScope": "MessageBody"]))
        #expect(
            error?.message
                == "Invalid parameter: Attributes Reason: Subscription already exists with different attributes")
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
        func refusal(_ topic: String, _ token: String) -> String? {
            engine.error(
                SNS.confirmSubscription, SNS.ConfirmSubscriptionInput(topicArn: topic, token: token))?.message
        }
        let token = ask["Token"]?.string ?? ""
        #expect(refusal("not-an-arn", token) == "Invalid parameter: Topic")
        #expect(refusal("arn:aws:sns:eu-west-1:123456789012:orders", token) == "Invalid parameter: Topic")
        #expect(refusal(topicArn, "abc123") == "Invalid parameter: Token")
        #expect(refusal(topicArn, "randomtoken") == "Invalid token")
        // The token alone says which topic it is about.
        let confirmed = try engine.call(
            SNS.confirmSubscription, SNS.ConfirmSubscriptionInput(topicArn: topicArn + "-other", token: token))
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

    /// AWS: an entry that breaks a rule fails the whole request.
    @Test func aBatchIsCheckedAsAWhole() throws {
        typealias Entry = SNS.PublishBatchRequestEntry
        func refusal(_ entries: [Entry], on topic: String? = nil) -> ServiceError? {
            engine.error(
                SNS.publishBatch,
                SNS.PublishBatchInput(topicArn: topic ?? topicArn, publishBatchRequestEntries: entries))
        }
        #expect(refusal([Entry(id: "1", message: "good"), Entry(id: "2", message: "good")]) == nil)
        let error = refusal([
            Entry(id: "1", message: "good"), Entry(id: "2", message: "bad", messageStructure: "json"),
        ])
        #expect(error?.message == "Invalid parameter: Message Structure - JSON message body failed to parse")
        #expect(refusal([])?.queryCode == "EmptyBatchRequest")
        let big = String(repeating: "x", count: 140_000)
        #expect(
            refusal([Entry(id: "1", message: big), Entry(id: "2", message: big)])?.message
                == "The length of all the messages put together is more than the limit.")
        #expect(
            refusal((0...10).map { Entry(id: "\($0)", message: "m") })?.queryCode == "TooManyEntriesInBatchRequest")
        #expect(
            refusal([Entry(id: "1", message: "a"), Entry(id: "1", message: "b")])?.queryCode
                == "BatchEntryIdsNotDistinct")
        #expect(refusal([Entry(id: "no way", message: "a")])?.queryCode == "InvalidBatchEntryId")
        let fifo =
            try engine.call(
                SNS.createTopic, SNS.CreateTopicInput(name: "f.fifo", attributes: ["FifoTopic": "true"])
            ).topicArn ?? ""
        #expect(
            refusal([Entry(id: "1", message: "m", messageGroupId: "g")], on: fifo)?.message.hasPrefix(
                "Invalid parameter: The topic should either have ContentBasedDeduplication") == true)
    }

    @Test func attributesOfMessagesAreChecked() {
        func refusal(_ name: String, _ value: SNS.MessageAttributeValue) -> String? {
            engine.error(
                SNS.publish,
                SNS.PublishInput(topicArn: topicArn, message: "m", messageAttributes: [name: value]))?.message
        }
        typealias Value = SNS.MessageAttributeValue
        let text = Value(dataType: "String", stringValue: "x")
        #expect(refusal("a-1_b.c", text) == nil)
        #expect(
            refusal("a", Value(dataType: "String", binaryValue: [1]))
                == "The message attribute 'a' with type 'String' must use field 'String'.")
        #expect(
            refusal("a", Value(dataType: "Binary", stringValue: "x"))
                == "The message attribute 'a' with type 'Binary' must use field 'Binary'.")
        #expect(refusal("a^b", text)?.hasPrefix("Invalid non-alphanumeric character '#x5E' was found") == true)
        #expect(refusal(".a", text) == "Invalid message attribute name starting with character '.' was found.")
        #expect(refusal("a.", text) == "Invalid message attribute name ending with character '.' was found.")
        #expect(refusal("a..b", text) == "Message attribute name can not have successive '.' character.")
        #expect(
            refusal(String(repeating: "a", count: 257), text)
                == "Length of message attribute name must be less than 256 bytes.")
        #expect(refusal("n", Value(dataType: "Number", stringValue: "x"))?.hasPrefix("Could not cast") == true)
    }

    /// AWS: a region's endpoint knows nothing of another region's topics.
    @Test func topicsOfOtherRegionsAreRefused() {
        let other = topicArn.replacing("us-east-1", with: "eu-west-1")
        #expect(
            engine.error(SNS.publish, SNS.PublishInput(topicArn: other, message: "m"))?.message
                == "Invalid parameter: TopicArn")
        #expect(
            engine.error(SNS.deleteTopic, SNS.DeleteTopicInput(topicArn: other))?.message
                == "Invalid parameter: TopicArn")
    }

    /// AWS: 300 publish requests a second for a FIFO topic; for each group where it counts by group.
    @Test func aFIFOTopicIsThrottled() throws {
        let arn =
            try engine.call(
                SNS.createTopic,
                SNS.CreateTopicInput(
                    name: "f.fifo", attributes: ["FifoTopic": "true", "ContentBasedDeduplication": "true"])
            ).topicArn ?? ""
        func publish(_ text: String, _ group: String = "g") -> String? {
            engine.error(
                SNS.publish, SNS.PublishInput(topicArn: arn, message: text, messageGroupId: group))?.queryCode
        }
        for number in 0..<300 { #expect(publish("m\(number)") == nil) }
        #expect(publish("over", "h") == "Throttled")
        engine.advance(by: .seconds(1))
        #expect(publish("next") == nil)
        try engine.call(
            SNS.setTopicAttributes,
            SNS.SetTopicAttributesInput(
                topicArn: arn, attributeName: "FifoThroughputScope", attributeValue: "MessageGroup"))
        for number in 0..<300 where publish("g\(number)") == "Throttled" { #expect(number == 299) }
        #expect(publish("over") == "Throttled")
        #expect(publish("over", "h") == nil)
    }

    /// A turn serves a slice of the subscribers, so that others get theirs; a restart goes on with the rest.
    @Test func manySubscribersAreServedInSlices() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(services: [SNSService.init], journal: journal)
        let arn = try first.call(SNS.createTopic, SNS.CreateTopicInput(name: "wide")).topicArn ?? ""
        let count = SNSService.subscribersPerTurn * 2 + 10
        for number in 0..<count {
            try first.call(
                SNS.subscribe,
                SNS.SubscribeInput(topicArn: arn, protocol: "sms", endpoint: "+1555\(1_000_000 + number)"))
        }
        func sent(_ engine: TestEngine) -> Int {
            engine.core.service(SNSService.self)?.subscriptions.values.reduce(0) { $0 + $1.delivered } ?? 0
        }
        try first.call(SNS.publish, SNS.PublishInput(topicArn: arn, message: "m"))
        #expect(sent(first) == SNSService.subscribersPerTurn)
        let second = try TestEngine(services: [SNSService.init], journal: journal, wall: first.wall)
        second.advance(by: .milliseconds(1))
        #expect(sent(second) == SNSService.subscribersPerTurn)
        second.advance(by: .milliseconds(1))
        #expect(sent(second) == SNSService.subscribersPerTurn + 10)
        #expect(second.core.service(SNSService.self)?.fanouts.isEmpty == true)
        #expect(second.core.service(SNSService.self)?.messages.isEmpty == true)
    }

    /// AWS: an HTTP endpoint that was unsubscribed is told, with a link that brings its subscription back.
    @Test func whoWasUnsubscribedCanComeBack() throws {
        var last: DocumentValue = .null
        engine.respond = { request in
            last = (try? JSONReader.parse(request.body)) ?? .null
            return .success(OutgoingResponse(status: 200))
        }
        let arn = try subscribe("http", "http://127.0.0.1:9/hook")
        func confirm(_ token: String, _ topic: String? = nil) -> ServiceError? {
            engine.error(
                SNS.confirmSubscription, SNS.ConfirmSubscriptionInput(topicArn: topic ?? topicArn, token: token))
        }
        let token = last["Token"]?.string ?? ""
        #expect(confirm("randomtoken")?.message == "Invalid token")
        #expect(confirm(String(token.reversed()))?.message == "Invalid parameter: Token")
        #expect(
            confirm(token, topicArn.replacing("us-east-1", with: "eu-west-1"))?.message == "Invalid parameter: Topic")
        #expect(confirm(token) == nil)
        try engine.call(SNS.unsubscribe, SNS.UnsubscribeInput(subscriptionArn: arn))
        #expect(last["Type"]?.string == "UnsubscribeConfirmation")
        #expect(last["Message"]?.string?.hasPrefix("You have chosen to deactivate subscription \(arn).") == true)
        #expect(confirm(last["Token"]?.string ?? "") == nil)
        try engine.call(SNS.publish, SNS.PublishInput(topicArn: topicArn, message: "again"))
        #expect(last["Message"]?.string == "again")
    }

    @Test func deliveryPoliciesAreShownInFull() throws {
        engine.respond = { _ in .success(OutgoingResponse(status: 200)) }
        let arn = try subscribe(
            "http", "http://127.0.0.1:9/hook",
            ["DeliveryPolicy": #"{"requestPolicy":{"headerContentType":"text/csv"}}"#])
        let shown = try engine.call(
            SNS.getSubscriptionAttributes, SNS.GetSubscriptionAttributesInput(subscriptionArn: arn)
        ).attributes
        #expect(
            shown?["DeliveryPolicy"]
                == #"{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/csv"},"guaranteed":false}"#
        )
        #expect(shown?["EffectiveDeliveryPolicy"]?.contains(#""numRetries":3"#) == true)
    }

    @Test func aManagedEndpointIsTriedForTwentyThreeDays() {
        var attempts = 1
        while attempts < 200_000, DeliveryPolicy.managed.delay(beforeRetry: attempts) != nil { attempts += 1 }
        // 100,015 tries follow the first one.
        #expect(attempts == 100_016)
    }
}
