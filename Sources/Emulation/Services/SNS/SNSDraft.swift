import AWSModel
import AWSTypes

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
        for (name, value) in (attributes ?? [:]).sorted(by: { $0.key < $1.key }) { try Self.check(name, value) }
        self.text = text
        self.subject = subject
        isStructured = structure == "json"
        self.attributes = attributes ?? [:]
        self.groupID = groupID.flatMap { $0.isEmpty ? nil : $0 }
        self.deduplicationID = deduplicationID.flatMap { $0.isEmpty ? nil : $0 }
    }

    func checkSize() throws(ServiceError) {
        guard size <= Self.maximumBytes else { throw .snsInvalid("Message too long") }
    }

    var size: Int {
        attributes.reduce(text.utf8.count) { sum, attribute in
            sum + attribute.key.utf8.count + attribute.value.dataType.utf8.count
                + (attribute.value.stringValue?.utf8.count ?? 0) + (attribute.value.binaryValue?.count ?? 0)
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

    // MARK: Attributes

    private static func check(_ name: String, _ value: SNS.MessageAttributeValue) throws(ServiceError) {
        try check(name: name)
        let type = value.dataType
        guard !type.isEmpty else {
            throw .snsParameterValue("The message attribute '\(name)' must contain non-empty message attribute type.")
        }
        let base = String(type.prefix { $0 != "." })
        guard ["String", "Number", "Binary"].contains(base) else {
            throw .snsParameterValue(
                "The message attribute '\(name)' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
            )
        }
        let field = base == "Binary" ? "Binary" : "String"
        let text = value.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let bytes = value.binaryValue.flatMap { $0.isEmpty ? nil : $0 }
        if field == "Binary" ? bytes == nil && text != nil : text == nil && bytes != nil {
            throw .snsParameterValue(
                "The message attribute '\(name)' with type '\(type)' must use field '\(field)'.")
        }
        guard field == "Binary" ? bytes != nil : text != nil else {
            throw .snsParameterValue(
                "The message attribute '\(name)' must contain non-empty message attribute value for message attribute type '\(type)'."
            )
        }
        if base == "Number", Double(text ?? "") == nil {
            throw .snsParameterValue("Could not cast message attribute '\(name)' value to number.")
        }
    }

    /// AWS: letters, digits, `-`, `_` and `.`, which neither begins, ends nor follows itself.
    private static func check(name: String) throws(ServiceError) {
        guard name.utf8.count <= 256 else {
            throw .snsParameterValue("Length of message attribute name must be less than 256 bytes.")
        }
        let strange = name.unicodeScalars.first {
            !($0.isASCII && BatchValidation.isNameByte(UInt8($0.value))) && $0 != "."
        }
        if let strange {
            throw .snsParameterValue(
                "Invalid non-alphanumeric character '#x\(String(strange.value, radix: 16, uppercase: true))' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
            )
        }
        for (isWrong, place) in [(name.hasPrefix("."), "starting"), (name.hasSuffix("."), "ending")] where isWrong {
            throw .snsParameterValue(
                "Invalid message attribute name \(place) with character '.' was found.")
        }
        if name.contains("..") {
            throw .snsParameterValue("Message attribute name can not have successive '.' character.")
        }
    }
}
