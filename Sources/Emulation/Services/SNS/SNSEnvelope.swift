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
        let version = topics[message.topicArn]?.attributes["SignatureVersion"] ?? "1"
        let signature: String
        if let known = message.signatures[body] {
            signature = known
        } else {
            var parts = [("Message", body), ("MessageId", message.messageID)]
            if let subject = message.subject { parts.append(("Subject", subject)) }
            parts += [
                ("Timestamp", message.publishedAt.iso8601()), ("TopicArn", message.topicArn), ("Type", "Notification"),
            ]
            signature = signing?.signature(of: parts, version: version) ?? ""
            message.signatures[body] = signature
        }
        envelope.add("SignatureVersion", version)
        envelope.add("Signature", signature)
        envelope.add("SigningCertURL", certificateURL)
        envelope.add("UnsubscribeURL", unsubscribeURL(subscription))
        if !message.attributes.isEmpty {
            envelope.fields.append(("MessageAttributes", .object(Self.attributes(message))))
        }
        return envelope
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

    func confirmation(_ subscription: SNSSubscription, messageID: String) -> SNSEnvelope {
        let text =
            "You have chosen to subscribe to the topic \(subscription.topicArn).\nTo confirm the subscription, visit the SubscribeURL included in this message."
        let version = topics[subscription.topicArn]?.attributes["SignatureVersion"] ?? "1"
        let time = core.now.iso8601()
        let token = subscription.token ?? ""
        let parts = [
            ("Message", text), ("MessageId", messageID), ("SubscribeURL", confirmURL(subscription)),
            ("Timestamp", time), ("Token", token), ("TopicArn", subscription.topicArn),
            ("Type", "SubscriptionConfirmation"),
        ]
        var envelope = SNSEnvelope()
        envelope.add("Type", "SubscriptionConfirmation")
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
