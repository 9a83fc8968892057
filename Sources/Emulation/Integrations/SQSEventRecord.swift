import AWSModel
import AWSTypes

/// A queue's message as a function receives it.
enum SQSEventRecord {
    static func document(_ message: ReceivedMessage, queueArn: String, region: String) -> DocumentObject {
        var record: DocumentObject = [
            "messageId": .string(message.messageID), "receiptHandle": .string(message.receiptHandle),
            "body": .string(message.body),
        ]
        record["attributes"] = .object(
            DocumentObject(order.compactMap { name in message.attributes[name].map { (name, .string($0)) } }))
        record["messageAttributes"] = .object(
            DocumentObject(
                message.messageAttributes.sorted { $0.key < $1.key }.map { ($0.key, .object(attribute($0.value))) }))
        // AWS: left out without message attributes.
        if let md5 = message.md5OfMessageAttributes { record["md5OfMessageAttributes"] = .string(md5) }
        record["md5OfBody"] = .string(message.md5OfBody)
        record["eventSource"] = "aws:sqs"
        record["eventSourceARN"] = .string(queueArn)
        record["awsRegion"] = .string(region)
        return record
    }

    private static let order = [
        "ApproximateReceiveCount", "AWSTraceHeader", "SentTimestamp", "SequenceNumber", "MessageGroupId", "SenderId",
        "MessageDeduplicationId", "ApproximateFirstReceiveTimestamp", "DeadLetterQueueSourceArn",
    ]

    private static func attribute(_ value: SQS.MessageAttributeValue) -> DocumentObject {
        var document = DocumentObject()
        if let text = value.stringValue { document["stringValue"] = .string(text) }
        if let bytes = value.binaryValue { document["binaryValue"] = .string(Base64.encode(bytes)) }
        document["stringListValues"] = []
        document["binaryListValues"] = []
        document["dataType"] = .string(value.dataType)
        return document
    }
}

/// What a function with `ReportBatchItemFailures` says of its batch.
enum BatchResponse: Equatable {
    case allSucceeded
    case allFailed
    /// Message ids, in the order reported.
    case failed(Set<String>)

    /// - Parameter known: the batch's message ids.
    ///
    /// AWS: nothing, null, `{}`, and an empty or null list are success; unreadable text, an empty or missing
    /// identifier, and one that isn't in the batch fail everything.
    init(_ payload: [UInt8], known: Set<String>) {
        if payload.isEmpty {
            self = .allSucceeded
            return
        }
        guard let value = try? JSONReader.parse(payload) else {
            self = .allFailed
            return
        }
        guard let object = value.object else {
            self = value.isNull ? .allSucceeded : .allFailed
            return
        }
        switch object["batchItemFailures"] {
        case nil, .null: self = .allSucceeded
        case .list(let items):
            var ids: Set<String> = []
            for item in items {
                guard let id = item["itemIdentifier"]?.string, known.contains(id) else {
                    self = .allFailed
                    return
                }
                ids.insert(id)
            }
            self = ids.isEmpty ? .allSucceeded : .failed(ids)
        default: self = .allFailed
        }
    }
}
