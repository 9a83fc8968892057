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
}
