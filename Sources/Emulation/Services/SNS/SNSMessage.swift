import AWSModel
import AWSTypes

/// A published message, shared by all its deliveries.
final class SNSMessage {
    let id: Int64
    let messageID: String
    let topicArn: String
    let text: String
    let subject: String?
    let isStructured: Bool
    let attributes: [String: SNS.MessageAttributeValue]
    let groupID: String?
    let deduplicationID: String?
    let sequence: String?
    let publishedAt: Instant
    let cause: Cause
    /// For queues: what the publisher sent as `X-Amzn-Trace-Id`.
    let traceHeader: String?
    var isStored = false
    var openDeliveries = 0
    /// It comes from a topic's archive.
    var isReplayed = false
    /// Signatures by the text they are for: the same for every subscriber of a protocol.
    var signatures: [String: String] = [:]
    private(set) lazy var structure = isStructured ? (try? JSONReader.parse(text))?.object : nil
    private(set) lazy var parsedBody = (try? JSONReader.parse(body(for: "default"))).map(SNSFilter.coarse)
    private(set) lazy var attributeEvent = SNSFilter.coarse(
        .object(DocumentObject(attributes.sorted { $0.key < $1.key }.compactMap { Self.field($0.key, $0.value) })))

    init(
        id: Int64, messageID: String, topicArn: String, text: String, subject: String?, isStructured: Bool,
        attributes: [String: SNS.MessageAttributeValue], groupID: String?, deduplicationID: String?, sequence: String?,
        publishedAt: Instant, cause: Cause, traceHeader: String? = nil
    ) {
        self.id = id
        self.messageID = messageID
        self.topicArn = topicArn
        self.text = text
        self.subject = subject
        self.isStructured = isStructured
        self.attributes = attributes
        self.groupID = groupID
        self.deduplicationID = deduplicationID
        self.sequence = sequence
        self.publishedAt = publishedAt
        self.cause = cause
        self.traceHeader = traceHeader
    }

    /// What a protocol's subscribers get.
    func body(for kind: String) -> String {
        guard let structure else { return text }
        return structure.string(kind) ?? structure.string("default") ?? text
    }

    private static func field(_ name: String, _ value: SNS.MessageAttributeValue) -> (String, DocumentValue)? {
        guard let text = value.stringValue else { return nil }
        switch value.dataType {
        case "String.Array": return (name, (try? JSONReader.parse(text)) ?? .string(text))
        case let type where type.hasPrefix("Number"):
            let number = (try? JSONReader.parse(text)).flatMap { $0.double == nil ? nil : $0 }
            return (name, number ?? .string(text))
        case let type where type.hasPrefix("Binary"): return nil
        default: return (name, .string(text))
        }
    }
}
