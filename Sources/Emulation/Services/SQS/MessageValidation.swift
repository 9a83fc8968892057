import AWSModel
import AWSTypes

/// A message to send, checked against its queue.
struct MessageDraft {
    var body: String
    var delay: Duration
    var attributes: [StoredMessageAttribute]
    var traceHeader: String?
    var groupID: String?
    /// FIFO: given, or the body's hash.
    var deduplicationID: String?
    var isDeduplicationIDGiven: Bool

    var size: Int { body.utf8.count + attributes.reduce(0) { $0 + $1.size } }
}

/// What SendMessage and an entry of SendMessageBatch have in common.
struct MessageInput {
    var body: String
    var delaySeconds: Int?
    var messageAttributes: [String: SQS.MessageAttributeValue]?
    var systemAttributes: [String: SQS.MessageSystemAttributeValue]?
    var deduplicationID: String?
    var groupID: String?

    init(_ input: SQS.SendMessageRequest) {
        body = input.messageBody
        delaySeconds = input.delaySeconds
        messageAttributes = input.messageAttributes
        systemAttributes = input.messageSystemAttributes
        deduplicationID = input.messageDeduplicationId
        groupID = input.messageGroupId
    }

    init(_ entry: SQS.SendMessageBatchRequestEntry) {
        body = entry.messageBody
        delaySeconds = entry.delaySeconds
        messageAttributes = entry.messageAttributes
        systemAttributes = entry.messageSystemAttributes
        deduplicationID = entry.messageDeduplicationId
        groupID = entry.messageGroupId
    }

    /// Body and message attributes in bytes, before any check.
    var size: Int {
        body.utf8.count
            + (messageAttributes ?? [:]).reduce(0) { sum, attribute in
                sum + attribute.key.utf8.count + (attribute.value.dataType).utf8.count
                    + (attribute.value.stringValue?.utf8.count ?? 0) + (attribute.value.binaryValue?.count ?? 0)
            }
    }

    /// Checks everything about the message alone and against its queue.
    func draft(for queue: Queue) throws(ServiceError) -> MessageDraft {
        guard !body.isEmpty else { throw .missingParameter("MessageBody") }
        guard size <= queue.attributes.maximumMessageSize else {
            throw .invalidParameterValue(
                "One or more parameters are invalid. Reason: Message must be shorter than \(queue.attributes.maximumMessageSize) bytes."
            )
        }
        guard MessageText.isAllowed(body) else {
            throw .plainQueue("InvalidMessageContents", MessageText.complaint)
        }
        let attributes = try MessageAttributeValidation.checked(messageAttributes ?? [:])
        let traceHeader = try MessageAttributeValidation.traceHeader(systemAttributes ?? [:])
        try Self.checkID(deduplicationID, "MessageDeduplicationId")
        try Self.checkID(groupID, "MessageGroupId")
        if let delaySeconds, !(0...900).contains(delaySeconds) {
            throw .invalidParameterValue(delaySeconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
        }
        var draft = MessageDraft(
            body: body, delay: .seconds(delaySeconds ?? queue.attributes.delaySeconds), attributes: attributes,
            traceHeader: traceHeader, groupID: groupID, deduplicationID: deduplicationID,
            isDeduplicationIDGiven: deduplicationID != nil)
        if queue.isFIFO {
            // AWS: FIFO queues know only the queue's own delay; an explicit 0 is accepted and means nothing.
            if let delaySeconds, delaySeconds != 0 {
                throw .invalidParameterValue(
                    delaySeconds, "DelaySeconds",
                    "The request include parameter that is not valid for this queue type.")
            }
            draft.delay = .seconds(queue.attributes.delaySeconds)
            guard let groupID, !groupID.isEmpty else { throw .missingParameter("MessageGroupId") }
            if deduplicationID == nil {
                guard queue.attributes.contentBasedDeduplication else { throw Self.noDeduplicationID }
                draft.deduplicationID = MessageDigest.sha256(body)
            }
        } else if let deduplicationID {
            throw .invalidParameterValue(
                deduplicationID, "MessageDeduplicationId",
                "The request includes a parameter that is not valid for this queue type.")
        }
        return draft
    }

    static var noDeduplicationID: ServiceError {
        .invalidParameterValue(
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
        )
    }

    /// AWS: 1 to 128 letters, digits and punctuation; no spaces.
    private static func checkID(_ id: String?, _ parameter: String) throws(ServiceError) {
        guard let id else { return }
        guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidParameterValue(
                id, parameter,
                "\(parameter) can only include alphanumeric and punctuation characters. 1 to 128 in length.")
        }
    }
}

/// Which characters a message may have.
enum MessageText {
    static let complaint =
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"

    static func isAllowed(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() {
                if byte < 0x20 {
                    guard byte == 0x09 || byte == 0x0A || byte == 0x0D else { return false }
                } else if byte == 0xEF, index + 2 < bytes.count {
                    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
                    if bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE { return false }
                }
            }
            return true
        }
    }
}

enum MessageAttributeValidation {
    /// Checks names, types and values; the result is sorted by name.
    static func checked(
        _ attributes: [String: SQS.MessageAttributeValue]
    ) throws(ServiceError) -> [StoredMessageAttribute] {
        guard !attributes.isEmpty else { return [] }
        guard attributes.count <= 10 else {
            throw .invalidParameterValue(
                "Number of message attributes [\(attributes.count)] exceeds the allowed maximum [10].")
        }
        var result: [StoredMessageAttribute] = []
        for (name, attribute) in attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            try checkName(name)
            result.append(try checked(name, attribute))
        }
        return result
    }

    private static func checkName(_ name: String) throws(ServiceError) {
        guard !name.isEmpty else {
            throw .invalidParameterValue("The request must contain non-empty message (user) attribute names.")
        }
        guard name.utf8.count <= 256 else {
            throw .invalidParameterValue("Message (user) attribute names must be shorter than 256 Bytes")
        }
        // AWS: letters and digits of any script, although its documentation names A to Z only.
        let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        guard isPlain else {
            throw .invalidParameterValue(
                "Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. "
            )
        }
        let lower = name.lowercased()
        guard !lower.hasPrefix("aws."), !lower.hasPrefix("amazon."), !name.hasPrefix("."), !name.hasSuffix(".") else {
            throw .invalidParameterValue(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'."
            )
        }
    }

    private static func checked(
        _ name: String, _ attribute: SQS.MessageAttributeValue
    ) throws(ServiceError) -> StoredMessageAttribute {
        guard (attribute.stringListValues ?? []).isEmpty, (attribute.binaryListValues ?? []).isEmpty else {
            throw .queue(
                "UnsupportedOperation", "Message attribute list values in SendMessage operation are not supported.")
        }
        let type = attribute.dataType
        guard !type.isEmpty || attribute.stringValue != nil || attribute.binaryValue != nil else {
            throw .invalidParameterValue(
                "The message (user) attribute '\(name)' must contain a non-empty message attribute value.")
        }
        guard !type.isEmpty else {
            throw .invalidParameterValue(
                "The message attribute '\(name)' must contain non-empty message attribute type.")
        }
        guard type.utf8.count <= 256 else {
            throw .invalidParameterValue("Message (user) attribute types must be shorter than 256 Bytes")
        }
        let base = type.prefix { $0 != "." }
        let value: StoredMessageAttribute.Value
        switch base {
        case "String", "Number":
            guard let text = attribute.stringValue, !text.isEmpty else {
                throw .invalidParameterValue(
                    "Message (user) attribute '\(name)' must contain a non-empty value of type 'String'.")
            }
            guard MessageText.isAllowed(text) else { throw .invalidParameterValue(MessageText.complaint) }
            if base == "Number", Double(text)?.isFinite != true {
                throw .invalidParameterValue("Can't cast the value of message (user) attribute '\(name)' to a number.")
            }
            value = .string(text)
        case "Binary":
            guard let bytes = attribute.binaryValue, !bytes.isEmpty else {
                throw .invalidParameterValue(
                    "Message (user) attribute '\(name)' must contain a non-empty value of type 'Binary'.")
            }
            value = .binary(bytes)
        default:
            throw .invalidParameterValue(
                "The type of message (user) attribute '\(name)' is invalid. You must use only the following supported type prefixes: Binary, Number, String."
            )
        }
        return StoredMessageAttribute(name: name, dataType: type, value: value)
    }

    /// AWS: the one system attribute a sender may set, a string.
    static func traceHeader(
        _ attributes: [String: SQS.MessageSystemAttributeValue]
    ) throws(ServiceError) -> String? {
        for name in attributes.keys.sorted() where name != "AWSTraceHeader" {
            throw .invalidParameterValue("Message system attribute name '\(name)' is invalid.")
        }
        guard let header = attributes["AWSTraceHeader"] else { return nil }
        guard header.dataType == "String", let text = header.stringValue, !text.isEmpty else {
            throw .invalidParameterValue(
                "Message (system) attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.")
        }
        return text
    }
}
