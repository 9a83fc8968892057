import AWSClient
import AWSModel
import AWSTypes

extension ResourcePolicy where Reading == QueueReading {
    /// Who may use a queue.
    static let queue = ResourcePolicy(
        name: { $0.name }, text: { $0.attributes["Policy"] ?? "" }, arn: { $0.arn },
        sample: (#"{ "Service": "sns.amazonaws.com" }"#, "sqs:SendMessage"), longest: 30_720,
        none: "No policy: identities of this account may use the queue as their own policies say.",
        loss: { "Afterwards only this account's own identities may use \($0.name)" },
        put: { queue, text, context in
            _ = try await context.aws.call(
                SQS.setQueueAttributes, .init(queueUrl: queue.url, attributes: ["Policy": text ?? ""]))
        })
}
