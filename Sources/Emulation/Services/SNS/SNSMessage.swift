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
    var isStored = false
    var openDeliveries = 0
    /// It comes from a topic's archive.
    var isReplayed = false
    /// Signatures by the text they are for: the same for every subscriber of a protocol.
    var signatures: [String: String] = [:]
    private(set) lazy var structure = isStructured ? (try? JSONReader.parse(text))?.object : nil
    private(set) lazy var parsedBody = try? JSONReader.parse(body(for: "default"))
    private(set) lazy var attributeEvent = DocumentValue.object(
        DocumentObject(attributes.sorted { $0.key < $1.key }.compactMap { Self.field($0.key, $0.value) }))

    init(
        id: Int64, messageID: String, topicArn: String, text: String, subject: String?, isStructured: Bool,
        attributes: [String: SNS.MessageAttributeValue], groupID: String?, deduplicationID: String?, sequence: String?,
        publishedAt: Instant, cause: Cause
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

/// A message as a publisher gave it, checked.
struct SNSDraft {
    var text: String
    var subject: String?
    var isStructured: Bool
    var attributes: [String: SNS.MessageAttributeValue]
    var groupID: String?
    var deduplicationID: String?

    /// AWS: 256 KiB with attributes; SNS did not follow SQS to a mebibyte.
    static let maximumBytes = 262_144

    init(
        text: String, subject: String?, structure: String?, attributes: [String: SNS.MessageAttributeValue]?,
        groupID: String?, deduplicationID: String?
    ) throws(ServiceError) {
        guard !text.isEmpty else { throw .snsInvalid("Empty message") }
        if let subject {
            guard !subject.isEmpty, subject.unicodeScalars.count <= 100,
                !subject.unicodeScalars.contains(where: { $0.value < 32 })
            else { throw .snsInvalid("Subject") }
        }
        if let structure, !structure.isEmpty {
            guard structure == "json" else { throw .snsInvalid("MessageStructure") }
            guard let object = (try? JSONReader.parse(text))?.object else {
                throw .snsInvalid("Message Structure - JSON message body failed to parse")
            }
            guard object.string("default") != nil else {
                throw .snsInvalid("Message Structure - No default entry in JSON message body")
            }
        }
        try Self.check(attributes ?? [:])
        self.text = text
        self.subject = subject
        isStructured = structure == "json"
        self.attributes = attributes ?? [:]
        self.groupID = groupID.flatMap { $0.isEmpty ? nil : $0 }
        self.deduplicationID = deduplicationID.flatMap { $0.isEmpty ? nil : $0 }
        guard size <= Self.maximumBytes else { throw .snsInvalid("Message too long") }
    }

    var size: Int {
        attributes.reduce(text.utf8.count) { sum, attribute in
            sum + attribute.key.utf8.count + attribute.value.dataType.utf8.count
                + (attribute.value.stringValue?.utf8.count ?? 0) + (attribute.value.binaryValue?.count ?? 0)
        }
    }

    private static func check(_ attributes: [String: SNS.MessageAttributeValue]) throws(ServiceError) {
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            let type = value.dataType
            guard !type.isEmpty else {
                throw .snsParameterValue(
                    "The message attribute '\(name)' must contain non-empty message attribute type.")
            }
            let base = String(type.prefix { $0 != "." })
            guard ["String", "Number", "Binary"].contains(base) else {
                throw .snsParameterValue(
                    "The message attribute '\(name)' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
                )
            }
            let isEmpty = base == "Binary" ? value.binaryValue?.isEmpty != false : value.stringValue?.isEmpty != false
            guard !isEmpty else {
                throw .snsParameterValue(
                    "The message attribute '\(name)' must contain non-empty message attribute value for message attribute type '\(type)'."
                )
            }
            if base == "Number", Double(value.stringValue ?? "") == nil {
                throw .snsParameterValue(
                    "Could not cast message attribute '\(name)' value to number.")
            }
        }
    }

    /// What the kind of topic asks for.
    mutating func fit(_ topic: SNSTopic) throws(ServiceError) {
        guard topic.isFIFO else {
            if deduplicationID != nil {
                throw .snsInvalid(
                    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type"
                )
            }
            return
        }
        guard groupID != nil else {
            throw .snsInvalid("The MessageGroupId parameter is required for FIFO topics")
        }
        if deduplicationID == nil {
            guard topic.isContentDeduplicated else {
                throw .snsInvalid(
                    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
                )
            }
            deduplicationID = MessageDigest.sha256(text)
        }
    }
}
