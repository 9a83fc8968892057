import AWSModel
import AWSTypes

/// The JSON document around a message, formatted as AWS formats it.
struct SNSEnvelope {
    var fields: [(name: String, value: DocumentValue)] = []

    mutating func add(_ name: String, _ value: String?) {
        if let value { fields.append((name, .string(value))) }
    }

    var text: String {
        let lines = fields.map { "  \(JSONWriter.string(.string($0.name))) : \(JSONWriter.string($0.value))" }
        return "{\n\(lines.joined(separator: ",\n"))\n}"
    }
}

extension SNSService {
    func envelope(_ message: SNSMessage, _ subscription: SNSSubscription) -> SNSEnvelope {
        var envelope = SNSEnvelope()
        let body = message.body(for: subscription.kind)
        envelope.add("Type", "Notification")
        envelope.add("MessageId", message.messageID)
        envelope.add("SequenceNumber", message.sequence)
        if message.isReplayed { envelope.add("Replayed", "true") }
        envelope.add("TopicArn", message.topicArn)
        envelope.add("Subject", message.subject)
        envelope.add("Message", body)
        envelope.add("Timestamp", message.publishedAt.iso8601())
        // AWS: a FIFO topic's notifications are not signed.
        if message.sequence == nil { sign(message, body, for: subscription, in: &envelope) }
        envelope.add("UnsubscribeURL", unsubscribeURL(subscription))
        if !message.attributes.isEmpty {
            envelope.fields.append(("MessageAttributes", .object(Self.attributes(message))))
        }
        return envelope
    }

    private func sign(
        _ message: SNSMessage, _ body: String, for subscription: SNSSubscription, in envelope: inout SNSEnvelope
    ) {
        // AWS: functions get version 1 whatever the topic says.
        let version = subscription.kind == "lambda" ? "1" : topics[message.topicArn]?.signatureVersion ?? "1"
        let signature: String
        if let known = message.signatures[version + body] {
            signature = known
        } else {
            var parts = [("Message", body), ("MessageId", message.messageID)]
            if let subject = message.subject { parts.append(("Subject", subject)) }
            parts += [
                ("Timestamp", message.publishedAt.iso8601()), ("TopicArn", message.topicArn), ("Type", "Notification"),
            ]
            signature = signing?.signature(of: parts, version: version) ?? ""
            message.signatures[version + body] = signature
        }
        envelope.add("SignatureVersion", version)
        envelope.add("Signature", signature)
        envelope.add("SigningCertURL", certificateURL)
    }

    static func attributes(_ message: SNSMessage) -> DocumentObject {
        DocumentObject(
            message.attributes.sorted { $0.key < $1.key }.map { name, value in
                (
                    name,
                    [
                        "Type": .string(value.dataType),
                        "Value": .string(value.stringValue ?? Base64.encode(value.binaryValue ?? [])),
                    ]
                )
            })
    }

    func unsubscribeURL(_ subscription: SNSSubscription) -> String {
        "\(core.configuration.endpoint)/?Action=Unsubscribe&SubscriptionArn=\(subscription.arn)"
    }

    func confirmURL(_ subscription: SNSSubscription) -> String {
        "\(core.configuration.endpoint)/?Action=ConfirmSubscription&TopicArn=\(subscription.topicArn)&Token=\(subscription.token ?? "")"
    }

    /// The question whether an endpoint wants its topic; with `isOver` the news that it is unsubscribed.
    func confirmation(_ subscription: SNSSubscription, messageID: String, isOver: Bool = false) -> SNSEnvelope {
        let type = isOver ? "UnsubscribeConfirmation" : "SubscriptionConfirmation"
        let text =
            isOver
            ? "You have chosen to deactivate subscription \(subscription.arn).\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
            : "You have chosen to subscribe to the topic \(subscription.topicArn).\nTo confirm the subscription, visit the SubscribeURL included in this message."
        let version = topics[subscription.topicArn]?.signatureVersion ?? "1"
        let time = core.now.iso8601()
        let token = subscription.token ?? ""
        let parts = [
            ("Message", text), ("MessageId", messageID), ("SubscribeURL", confirmURL(subscription)),
            ("Timestamp", time), ("Token", token), ("TopicArn", subscription.topicArn),
            ("Type", type),
        ]
        var envelope = SNSEnvelope()
        envelope.add("Type", type)
        envelope.add("MessageId", messageID)
        envelope.add("Token", token)
        envelope.add("TopicArn", subscription.topicArn)
        envelope.add("Message", text)
        envelope.add("SubscribeURL", confirmURL(subscription))
        envelope.add("Timestamp", time)
        envelope.add("SignatureVersion", version)
        envelope.add("Signature", signing?.signature(of: parts, version: version) ?? "")
        envelope.add("SigningCertURL", certificateURL)
        return envelope
    }
}
