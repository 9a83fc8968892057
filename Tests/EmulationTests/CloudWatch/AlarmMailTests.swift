import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// One alarm, told to a person and to a queue: the first reads a mail, the second gets JSON.
@Suite struct AlarmMailTests {
    @Test func `people read a mail, programs JSON`() throws {
        let engine = try TestEngine()
        let topic = try #require(
            engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "operators")).topicArn)
        let queue = try #require(
            engine.call(
                SQS.createQueue,
                SQS.CreateQueueRequest(
                    queueName: "pages",
                    attributes: [
                        "Policy":
                            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}]}"#
                    ])
            ).queueUrl)
        for (kind, endpoint) in [
            ("email", "ops@shop.example"), ("sqs", "arn:aws:sqs:us-east-1:123456789012:pages"),
        ] {
            try engine.call(
                SNS.subscribe,
                SNS.SubscribeInput(
                    topicArn: topic, protocol: kind, endpoint: endpoint,
                    attributes: kind == "sqs" ? ["RawMessageDelivery": "true"] : nil))
        }
        let asked = try engine.call(Skua.listOutboxMessages, Skua.ListOutboxMessagesRequest())
        try engine.call(
            SNS.confirmSubscription,
            SNS.ConfirmSubscriptionInput(topicArn: topic, token: #require(asked.messages.first?.token)))
        try engine.call(
            CloudWatch.putMetricAlarm,
            CloudWatch.PutMetricAlarmInput(
                alarmName: "slow", alarmDescription: "Customers wait.", alarmActions: [topic], metricName: "Duration",
                namespace: "Shop", statistic: "Average",
                dimensions: [CloudWatch.Dimension(name: "Shop", value: "Berlin")], period: 60, evaluationPeriods: 3,
                datapointsToAlarm: 2, threshold: 2.5, comparisonOperator: "GreaterThanThreshold"))
        try engine.call(
            CloudWatch.setAlarmState,
            CloudWatch.SetAlarmStateInput(alarmName: "slow", stateValue: "ALARM", stateReason: "a drill"))

        let mail = try #require(
            engine.call(Skua.listOutboxMessages, Skua.ListOutboxMessagesRequest()).messages.first)
        #expect(mail.subject == "ALARM: \"slow\" in US East (N. Virginia)")
        let body = try engine.call(Skua.getOutboxMessage, Skua.GetOutboxMessageRequest(id: mail.id)).body
        for line in [
            "You are receiving this email because your Amazon CloudWatch Alarm \"slow\" in the US East (N. Virginia) region has entered the ALARM state, because \"a drill\" at",
            "- Description:                Customers wait.",
            "- State Change:               INSUFFICIENT_DATA -> ALARM",
            "- The alarm is in the ALARM state when the metric is GreaterThanThreshold 2.5 for at least 2 of the last 3 period(s) of 60 seconds.",
            "- Dimensions:                 [Shop = Berlin]", "- ALARM: [\(topic)]", "- OK: ",
        ] {
            #expect(body.contains(line), "\(line)\n\(body)")
        }
        let received = try engine.call(SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: queue)).messages?.first
        let message = try JSONReader.parse(#require(received?.body))
        #expect(message.object?["NewStateReason"]?.string == "a drill")
        #expect(message.object?["Trigger"]?.object?["DatapointsToAlarm"] == .integer(2))
    }
}
