import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

@testable import Views

/// A shop's topics: orders with listeners of many kinds, and a FIFO topic.
enum ShopTopics {
    static func arn(_ name: String) -> String { "arn:aws:sns:us-east-1:123456789012:\(name)" }

    static let all: [String: [String: String]] = [
        "orders": [
            "TopicArn": arn("orders"), "Owner": "123456789012", "DisplayName": "Shop orders",
            "SubscriptionsConfirmed": "3", "SubscriptionsPending": "1", "SubscriptionsDeleted": "2",
            "Policy":
                #"{"Version":"2008-10-17","Statement":[{"Sid":"owner","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:Publish","SNS:Subscribe"],"Resource":"\#(arn("orders"))","Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}}]}"#,
        ],
        "payments.fifo": [
            "TopicArn": arn("payments.fifo"), "Owner": "123456789012", "FifoTopic": "true",
            "ContentBasedDeduplication": "true", "KmsMasterKeyId": "alias/shop",
            "ArchivePolicy": #"{"MessageRetentionPeriod":"30"}"#, "BeginningArchiveTime": "2026-11-20T08:00:00.000Z",
            "SubscriptionsConfirmed": "1",
            "SubscriptionsPending": "0", "SubscriptionsDeleted": "0",
        ],
        "alarms": [
            "TopicArn": arn("alarms"), "Owner": "123456789012", "SubscriptionsConfirmed": "0",
            "SubscriptionsPending": "0",
        ],
    ]

    static let subscriptions: [SNS.Subscription] = [
        SNS.Subscription(
            subscriptionArn: arn("orders:1111"), owner: "123456789012", protocol: "sqs",
            endpoint: ShopQueues.arn("orders"), topicArn: arn("orders")),
        SNS.Subscription(
            subscriptionArn: arn("orders:2222"), owner: "123456789012", protocol: "lambda",
            endpoint: "arn:aws:lambda:us-east-1:123456789012:function:charge", topicArn: arn("orders")),
        SNS.Subscription(
            subscriptionArn: arn("orders:3333"), owner: "123456789012", protocol: "https",
            endpoint: "https://shop.example/hook", topicArn: arn("orders")),
        SNS.Subscription(
            subscriptionArn: "PendingConfirmation", owner: "123456789012", protocol: "email",
            endpoint: "zoe@shop.example", topicArn: arn("orders")),
    ]

    static let attributes: [String: [String: String]] = [
        arn("orders:1111"): [
            "RawMessageDelivery": "true",
            "RedrivePolicy": #"{"deadLetterTargetArn":"\#(ShopQueues.arn("orders-dead"))"}"#,
        ],
        arn("orders:2222"): [
            "FilterPolicy": #"{"kind":["order","refund"],"total":[{"numeric":[">=",100]}]}"#,
            "FilterPolicyScope": "MessageAttributes",
        ],
        arn("orders:3333"): [
            "FilterPolicy": #"{"customer":{"tier":["gold"]}}"#, "FilterPolicyScope": "MessageBody",
        ],
    ]

    private static func attempt(
        _ seconds: Double, _ status: String, _ kind: String, _ endpoint: String, _ number: Int, next: Instant? = nil,
        error: String? = nil, clause: String? = nil, queue: String? = nil
    ) -> Skua.DeliveryAttempt {
        Skua.DeliveryAttempt(
            time: .ago(seconds), topicArn: arn("orders"), subscriptionArn: arn("orders:\(kind)"), protocol: kind,
            endpoint: endpoint, messageId: "5f0c1e2a-0000-4000-8000-00000000000\(Int(seconds) % 10)", status: status,
            attempt: number, nextAttemptAt: next, error: error, filterClause: clause, deadLetterTargetArn: queue)
    }

    static let deliveries: [Skua.DeliveryAttempt] = [
        attempt(
            3, "retrying", "https", "https://shop.example/hook", 2, next: .ahead(17),
            error: "The endpoint answered 503."),
        attempt(4, "delivered", "sqs", ShopQueues.arn("orders"), 1),
        attempt(
            4, "filtered", "lambda", "arn:aws:lambda:us-east-1:123456789012:function:charge", 0,
            clause: #"{"total":[{"numeric":[">=",100]}]}"#),
        attempt(
            61, "dead-lettered", "sqs", ShopQueues.arn("gone"), 1, error: "QueueDoesNotExist",
            queue: ShopQueues.arn("orders-dead")),
        attempt(62, "failed", "https", "https://shop.example/hook", 4, error: "The endpoint answered 500."),
    ]

    static let mails: [Skua.OutboxMessage] = [
        Skua.OutboxMessage(
            id: "12", kind: "email", recipient: "zoe@shop.example",
            subject: "AWS Notification - Subscription Confirmation",
            preview: "You have chosen to subscribe to the topic orders.", topicArn: arn("orders"), token: "abc123",
            sentAt: .ago(20)),
        Skua.OutboxMessage(
            id: "11", kind: "email", recipient: "ann@shop.example", subject: "An order", preview: "Order A-1042: 250",
            topicArn: arn("orders"), sentAt: .ago(50)),
        Skua.OutboxMessage(
            id: "10", kind: "sms", recipient: "+15550101234", subject: "", preview: "Your parcel is on its way.",
            sentAt: .ago(90)),
    ]

    static func services() -> CannedServices {
        let services = ShopQueues.services()
        services.answer(SNS.listTopics) { _ in
            SNS.ListTopicsResponse(topics: all.keys.sorted().map { SNS.Topic(topicArn: arn($0)) })
        }
        services.answer(SNS.getTopicAttributes) { input in
            guard let attributes = all[ResourceName.last(of: input.topicArn)] else {
                throw AWSError("NotFound", "Topic does not exist")
            }
            return SNS.GetTopicAttributesResponse(attributes: attributes)
        }
        services.answer(SNS.listTagsForResource) { _ in
            SNS.ListTagsForResourceResponse(tags: [SNS.Tag(key: "team", value: "shop")])
        }
        services.answer(SNS.listSubscriptionsByTopic) { input in
            SNS.ListSubscriptionsByTopicResponse(subscriptions: subscriptions.filter { $0.topicArn == input.topicArn })
        }
        services.answer(Skua.listDeliveries) { input in
            let all = deliveries.filter { (input.status ?? $0.status) == $0.status }
            return Skua.ListDeliveriesResponse(deliveries: all)
        }
        services.answer(Skua.listOutboxMessages) { input in
            let all = mails.filter { (input.kind ?? $0.kind) == $0.kind }
            return Skua.ListOutboxMessagesResponse(messages: all, total: all.count)
        }
        services.answer(Skua.getOutboxMessage) { input in
            guard let mail = mails.first(where: { $0.id == input.id }) else {
                throw AWSError("ResourceNotFoundException", "No outbox message has the id \(input.id).")
            }
            return Skua.GetOutboxMessageResponse(
                id: mail.id, kind: mail.kind, recipient: mail.recipient, subject: mail.subject,
                topicArn: mail.topicArn, token: mail.token, sentAt: mail.sentAt,
                body: "\(mail.preview)\n\nIt was published to the topic orders.\n")
        }
        // As the engine would judge the one message the tests hold against the policies: a refund of a gold customer.
        services.answer(Skua.explainEventPattern) { input in
            let policy = (try? JSONReader.parse(input.pattern))?.object ?? [:]
            let clauses = FilterClause.all(in: policy).map { clause in
                let text = JSONWriter.string(clause.condition)
                return Skua.PatternClause(
                    path: clause.name, condition: text, holds: text.contains("refund") || text.contains("gold"))
            }
            return Skua.ExplainEventPatternResponse(matches: clauses.allSatisfy(\.holds), clauses: clauses)
        }
        // As EventBridge would, clause by clause.
        services.answer(Events.testEventPattern) { input in
            Events.TestEventPatternResponse(
                result: input.eventPattern.contains("refund") || input.eventPattern.contains("gold"))
        }
        return services
    }
}
