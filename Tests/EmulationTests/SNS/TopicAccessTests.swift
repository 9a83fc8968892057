import AWSModel
import AWSTypes
import Testing

@testable import Emulation

struct TopicAccessTests {
    /// AWS: a queue takes a topic's messages only where its policy says so.
    @Test(arguments: [true, false]) func aQueuePolicyDecidesWhatArrives(_ isAllowed: Bool) throws {
        let engine = try TestEngine()
        engine.core.authorizer.enforcement = .on
        let topic = try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "t")).topicArn ?? ""
        let queueArn = "arn:aws:sqs:us-east-1:123456789012:q"
        let source = isAllowed ? topic : topic + "-other"
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"\#(queueArn)","Condition":{"ArnEquals":{"aws:SourceArn":"\#(source)"}}}]}"#
        let url =
            try engine.call(
                SQS.createQueue, SQS.CreateQueueRequest(queueName: "q", attributes: ["Policy": policy])
            ).queueUrl ?? ""
        try engine.call(
            SNS.subscribe, SNS.SubscribeInput(topicArn: topic, protocol: "sqs", endpoint: queueArn))
        try engine.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: "m"))
        let messages = try engine.call(
            SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: url, waitTimeSeconds: 0)
        ).messages
        #expect((messages?.count ?? 0) == (isAllowed ? 1 : 0))
        let reasons = engine.core.service(SNSService.self)?.explain(topic, item: nil).map(\.rule)
        #expect(reasons == (isAllowed ? [] : ["DeliveryFailed"]))
    }

    /// AWS: the owner, whom the policy names, services acting for a source; nobody else.
    @Test func aTopicPolicyDecidesWhoPublishes() throws {
        let engine = try TestEngine()
        engine.core.authorizer.enforcement = .on
        let topic = try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "t")).topicArn ?? ""
        func caller(_ account: String, service: String? = nil, source: String? = nil) -> Caller {
            Caller(
                scope: Scope(accountID: account, region: "us-east-1"), endpoint: engine.caller.endpoint,
                servicePrincipal: service, sourceArn: source)
        }
        func refusal(_ caller: Caller) -> String? {
            do {
                try engine.send(SNS.publish, SNS.PublishInput(topicArn: topic, message: "m"), as: caller)
                return nil
            } catch {
                return (error as? ServiceError)?.queryCode
            }
        }
        func set(_ statement: String) throws {
            try engine.call(
                SNS.setTopicAttributes,
                SNS.SetTopicAttributesInput(
                    topicArn: topic, attributeName: "Policy",
                    attributeValue: #"{"Version":"2012-10-17","Statement":[\#(statement)]}"#))
        }
        let friend = caller("111122223333")
        let rule = "arn:aws:events:us-east-1:123456789012:rule/r"
        let service = caller("123456789012", service: "events.amazonaws.com", source: rule)
        #expect(refusal(engine.caller) == nil)
        #expect(refusal(friend) == "AuthorizationError")
        #expect(refusal(service) == "AuthorizationError")
        try engine.call(
            SNS.addPermission,
            SNS.AddPermissionInput(
                topicArn: topic, label: "friend", awsAccountId: ["111122223333"], actionName: ["Publish"]))
        #expect(refusal(friend) == nil)
        #expect(refusal(caller("444455556666")) == "AuthorizationError")
        try engine.call(SNS.removePermission, SNS.RemovePermissionInput(topicArn: topic, label: "friend"))
        #expect(refusal(friend) == "AuthorizationError")
        try set(
            #"{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"\#(topic)","Condition":{"ArnLike":{"aws:SourceArn":"\#(rule)"}}}"#
        )
        #expect(refusal(service) == nil)
        #expect(refusal(caller("123456789012", service: "events.amazonaws.com", source: rule + "2")) != nil)
        #expect(refusal(caller("123456789012", service: "s3.amazonaws.com", source: rule)) != nil)
        try set(#"{"Effect":"Allow","Principal":"*","Action":"SNS:Publish","Resource":"\#(topic)"}"#)
        #expect(refusal(caller("444455556666")) == nil)
        try set(#"{"Effect":"Deny","Principal":"*","Action":"SNS:Publish","Resource":"\#(topic)"}"#)
        #expect(refusal(engine.caller) == "AuthorizationError")
    }

    /// AWS: `sns:Protocol` and `sns:Endpoint` say who may be subscribed.
    @Test func aTopicPolicyDecidesWhoSubscribes() throws {
        let engine = try TestEngine()
        engine.core.authorizer.enforcement = .on
        let topic = try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "t")).topicArn ?? ""
        let friend = Caller(
            scope: Scope(accountID: "111122223333", region: "us-east-1"), endpoint: engine.caller.endpoint)
        try engine.call(
            SNS.setTopicAttributes,
            SNS.SetTopicAttributesInput(
                topicArn: topic, attributeName: "Policy",
                attributeValue:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"SNS:Subscribe","Resource":"\#(topic)","Condition":{"StringEquals":{"sns:Protocol":"https"},"StringLike":{"sns:Endpoint":"https://example.com/*"}}}]}"#
            ))
        func subscribe(_ kind: String, _ endpoint: String) -> Bool {
            (try? engine.send(
                SNS.subscribe, SNS.SubscribeInput(topicArn: topic, protocol: kind, endpoint: endpoint), as: friend))
                != nil
        }
        #expect(subscribe("https", "https://example.com/in"))
        #expect(!subscribe("https", "https://example.org/in"))
        #expect(!subscribe("sms", "+15551230001"))
    }
}
