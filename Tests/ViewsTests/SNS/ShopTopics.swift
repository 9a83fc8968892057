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
            "ContentBasedDeduplication": "true", "KmsMasterKeyId": "alias/shop", "SubscriptionsConfirmed": "1",
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
