import AWSClient
import AWSModel
import AWSTypes

extension ResourcePolicy where Reading == TopicReading {
    /// Who may use a topic. AWS: it always has one, that of its owner at least.
    static let topic = ResourcePolicy(
        name: { $0.name }, text: { $0.attributes["Policy"] ?? "" }, arn: { $0.arn },
        sample: (#"{ "Service": "events.amazonaws.com" }"#, "sns:Publish"), longest: 30_720,
        none: "No policy: identities of this account may use the topic as their own policies say.", loss: nil,
        put: { topic, text, context in
            _ = try await context.aws.call(
                SNS.setTopicAttributes,
                .init(topicArn: topic.arn, attributeName: "Policy", attributeValue: text))
        })
}
