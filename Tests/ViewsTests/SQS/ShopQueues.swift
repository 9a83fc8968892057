import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

@testable import Views

/// A shop's queues: one busy standard queue, a FIFO queue with a locked group, and their dead letters.
enum ShopQueues {
    static func arn(_ name: String) -> String { "arn:aws:sqs:us-east-1:123456789012:\(name)" }
    static func url(_ name: String) -> String { "http://127.0.0.1:4599/123456789012/\(name)" }

    private static func attributes(
        _ name: String, _ visible: Int, _ inFlight: Int, _ delayed: Int, target: String? = nil
    ) -> [String: String] {
        var attributes = [
            "QueueArn": arn(name), "ApproximateNumberOfMessages": String(visible),
            "ApproximateNumberOfMessagesNotVisible": String(inFlight),
            "ApproximateNumberOfMessagesDelayed": String(delayed), "VisibilityTimeout": "30",
            "MessageRetentionPeriod": "345600", "DelaySeconds": "0",
            "MaximumMessageSize": "1048576", "ReceiveMessageWaitTimeSeconds": "20", "SqsManagedSseEnabled": "true",
            "CreatedTimestamp": String(CannedServices.now / 1000 - 5 * 86_400),
            "LastModifiedTimestamp": String(CannedServices.now / 1000 - 3600),
        ]
        if let target {
            attributes["RedrivePolicy"] = #"{"deadLetterTargetArn":"\#(arn(target))","maxReceiveCount":5}"#
        }
        if name.hasSuffix(".fifo") {
            attributes.merge([
                "FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "queue",
                "FifoThroughputLimit": "perQueue",
            ]) { $1 }
        }
        return attributes
    }

    static let all: [String: [String: String]] = [
        "orders": attributes("orders", 1204, 3, 1, target: "orders-dead"),
        "orders-dead": attributes("orders-dead", 42, 0, 0),
        "payments.fifo": attributes("payments.fifo", 6, 1, 0, target: "payments-dead.fifo"),
        "payments-dead.fifo": attributes("payments-dead.fifo", 0, 0, 0),
        "thumbnails": attributes("thumbnails", 0, 0, 0),
    ]

    static let messages: [Skua.PeekedMessage] = [
        message(
            1, "IN_FLIGHT",
            #"{"orderId":"A-1001","total":59.9,"items":[{"sku":"MUG-1","count":2},{"sku":"TEE-4","count":1}],"customer":{"id":7,"name":"Zoë Müller"}}"#,
            visible: 23, receives: 2, holder: "arn:aws:lambda:us-east-1:123456789012:function:charge"),
        message(
            2, "IN_FLIGHT", #"{"orderId":"A-1002","total":12}"#, visible: 4, receives: 5,
            holder: "arn:aws:lambda:us-east-1:123456789012:function:charge"),
        message(3, "VISIBLE", #"{"orderId":"A-1003","total":240}"#),
        message(4, "VISIBLE", "plain text, not JSON"),
        message(5, "DELAYED", #"{"orderId":"A-1005"}"#, visible: 890),
    ]

    static let fifo: [Skua.PeekedMessage] = [
        message(
            1, "IN_FLIGHT", #"{"payment":1}"#, visible: 23, receives: 1,
            holder: "arn:aws:lambda:us-east-1:123456789012:function:settle", group: "customer-7"),
        message(2, "BLOCKED", #"{"payment":2}"#, group: "customer-7"),
        message(3, "VISIBLE", #"{"payment":3}"#, group: "customer-9"),
    ]

    static let groups: [Skua.MessageGroup] = [
        Skua.MessageGroup(
            messageGroupId: "customer-7", visible: 1, inFlight: 1, isLocked: true, lockedUntil: .ahead(23),
            lockedBy: "arn:aws:lambda:us-east-1:123456789012:function:settle"),
        Skua.MessageGroup(messageGroupId: "customer-9", visible: 1, inFlight: 0, isLocked: false),
    ]

    private static func message(
        _ number: Int, _ state: String, _ body: String, visible: Double? = nil, receives: Int = 0,
        holder: String? = nil, group: String? = nil
    ) -> Skua.PeekedMessage {
        Skua.PeekedMessage(
            messageId: "0f9c8a1\(number)-7b1e-4c55-9d21-6a0f3b2c4d5e", body: body, state: state,
            sentAt: .ago(Double(number) * 61), visibleAt: visible.map { .ahead($0) },
            expiresAt: .ahead(345_000), firstReceivedAt: receives > 0 ? .ago(40) : nil, receiveCount: receives,
            holder: holder, messageGroupId: group,
            messageDeduplicationId: group.map { "\($0)-\(number)" },
            sequenceNumber: group == nil ? nil : "1888675309\(number)", senderId: "AROAEXAMPLE:shop",
            md5OfBody: "9e107d9d372bb6826bd81d3542a419d6", size: body.utf8.count,
            messageAttributes: number == 1
                ? [Skua.MessageAttribute(name: "channel", dataType: "String", value: "web")] : nil,
            attributes: number == 1 ? ["AWSTraceHeader": "Root=1-65a0c0de-1234567890abcdef12345678;Sampled=1"] : nil)
    }

    static func services() -> CannedServices {
        let services = CannedServices()
        services.answer(Skua.getClock) { _ in Skua.GetClockResponse(now: Instant(epochMilliseconds: CannedServices.now))
        }
        services.answer(SQS.listQueues) { _ in SQS.ListQueuesResult(queueUrls: all.keys.sorted().map { url($0) }) }
        services.answer(SQS.getQueueUrl) { input in
            guard all[input.queueName] != nil else {
                throw AWSError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
            }
            return SQS.GetQueueUrlResult(queueUrl: url(input.queueName))
        }
        services.answer(SQS.getQueueAttributes) { input in
            SQS.GetQueueAttributesResult(attributes: all[ResourceName.last(of: input.queueUrl)])
        }
        services.answer(SQS.listQueueTags) { _ in SQS.ListQueueTagsResult(tags: ["team": "shop"]) }
        services.answer(Skua.peekMessages) { input in
            let isFIFO = input.queueUrl.hasSuffix(".fifo")
            let shown = (isFIFO ? fifo : messages).filter { input.state == nil || $0.state == input.state }.filter {
                input.messageGroupId == nil || $0.messageGroupId == input.messageGroupId
            }
            return Skua.PeekMessagesResponse(
                messages: shown, groups: isFIFO ? groups : nil, visible: isFIFO ? 6 : 1204, inFlight: isFIFO ? 1 : 3,
                delayed: isFIFO ? 0 : 1, maxReceiveCount: 5)
        }
        services.answer(Skua.explain) { input in
            Skua.ExplainResponse(reasons: [
                Skua.Reason(
                    rule: "VisibilityTimeout",
                    text:
                        "It is in flight: received by function:charge 7 s ago, and becomes visible again in 23 s unless it is deleted before.",
                    movesAt: .ahead(23), relatedArn: "arn:aws:lambda:us-east-1:123456789012:function:charge"),
                Skua.Reason(
                    rule: "MaxReceiveCount", text: "It was received 2 of 5 times; after that it moves to orders-dead.",
                    relatedArn: arn("orders-dead")),
            ])
        }
        services.answer(SQS.listDeadLetterSourceQueues) { input in
            SQS.ListDeadLetterSourceQueuesResult(
                queueUrls: input.queueUrl.hasSuffix("orders-dead") ? [url("orders")] : [])
        }
        services.answer(SQS.listMessageMoveTasks) { _ in
            SQS.ListMessageMoveTasksResult(results: [
                SQS.ListMessageMoveTasksResultEntry(
                    taskHandle: "handle-1", status: "RUNNING", sourceArn: arn("orders-dead"),
                    maxNumberOfMessagesPerSecond: 10, approximateNumberOfMessagesMoved: 18,
                    approximateNumberOfMessagesToMove: 60, startedTimestamp: Int(CannedServices.now) - 2000),
                SQS.ListMessageMoveTasksResultEntry(
                    status: "COMPLETED", sourceArn: arn("orders-dead"), destinationArn: arn("thumbnails"),
                    approximateNumberOfMessagesMoved: 5, approximateNumberOfMessagesToMove: 5,
                    startedTimestamp: Int(CannedServices.now) - 86_400_000),
            ])
        }
        services.answer(Lambda.listEventSourceMappings) { _ in
            Lambda.ListEventSourceMappingsResponse(eventSourceMappings: [
                Lambda.EventSourceMappingConfiguration(
                    uuid: "u-1", batchSize: 10, maximumBatchingWindowInSeconds: 0,
                    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:charge", lastProcessingResult: "OK",
                    state: "Enabled", functionResponseTypes: ["ReportBatchItemFailures"]),
                Lambda.EventSourceMappingConfiguration(
                    uuid: "u-2", batchSize: 100, maximumBatchingWindowInSeconds: 5,
                    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:audit",
                    lastProcessingResult: "PROBLEM: Function call failed", state: "Disabled"),
            ])
        }
        services.answer(SNS.listSubscriptions) { _ in
            SNS.ListSubscriptionsResponse(subscriptions: ShopTopics.subscriptions)
        }
        services.answer(SNS.getSubscriptionAttributes) { input in
            SNS.GetSubscriptionAttributesResponse(attributes: ShopTopics.attributes[input.subscriptionArn] ?? [:])
        }
        services.answer(CloudWatch.getMetricData) { input in
            let minutes = stride(
                from: input.startTime.epochMilliseconds, to: input.endTime.epochMilliseconds, by: 60_000)
            return CloudWatch.GetMetricDataOutput(
                metricDataResults: input.metricDataQueries.enumerated().map { index, query in
                    let times = minutes.map { Instant(epochMilliseconds: $0) }
                    return CloudWatch.MetricDataResult(
                        id: query.id, timestamps: times,
                        values: times.indices.map { Double(($0 * (index + 2) * 7 + index * 13) % 40 + index * 5) })
                })
        }
        return services
    }
}
