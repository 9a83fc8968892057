import AWSModel
import AWSTypes

extension SQSService {
    func sendMessage(_ input: SQS.SendMessageRequest, _ call: Call) throws(ServiceError) -> SQS.SendMessageResult {
        let queue = try queue(url: input.queueUrl, call)
        let draft = try MessageInput(input).draft(for: queue)
        let sent = send(draft, to: queue, by: call.caller, cause: call.cause)
        core.attribute(call, to: queue.arn, detail: sent.messageID)
        return SQS.SendMessageResult(
            md5OfMessageBody: MessageDigest.md5(draft.body),
            md5OfMessageAttributes: MessageDigest.md5(ofSorted: draft.attributes),
            md5OfMessageSystemAttributes: draft.md5OfSystemAttributes,
            messageId: sent.messageID, sequenceNumber: sent.sequenceNumber)
    }

    func sendMessageBatch(
        _ input: SQS.SendMessageBatchRequest, _ call: Call
    ) throws(ServiceError) -> SQS.SendMessageBatchResult {
        let queue = try queue(url: input.queueUrl, call)
        try BatchValidation.check(input.entries.map(\.id), entryShape: "SendMessageBatchRequestEntry")
        if queue.isFIFO {
            // AWS: these two fail the whole batch.
            for entry in input.entries {
                if (entry.messageGroupId ?? "").isEmpty {
                    throw .invalidParameterValue("The request must contain the parameter MessageGroupId.")
                }
                if (entry.messageDeduplicationId ?? "").isEmpty, !queue.attributes.contentBasedDeduplication {
                    throw MessageInput.noDeduplicationID
                }
            }
        }
        let messages = input.entries.map(MessageInput.init)
        let size = messages.reduce(0) { $0 + $1.size }
        guard size <= SQSLimits.messageBytes else {
            throw .queue(
                "BatchRequestTooLong",
                "Batch requests cannot be longer than \(SQSLimits.messageBytes) bytes. You have sent \(size) bytes.")
        }
        var successful: [SQS.SendMessageBatchResultEntry] = []
        var failed: [SQS.BatchResultErrorEntry] = []
        for (index, (entry, message)) in zip(input.entries, messages).enumerated() {
            do throws(ServiceError) {
                guard !message.body.isEmpty else {
                    throw .missingParameter("SendMessageBatchRequestEntry.\(index + 1).MessageBody")
                }
                let draft = try message.draft(for: queue)
                let sent = send(draft, to: queue, by: call.caller, cause: call.cause)
                successful.append(
                    SQS.SendMessageBatchResultEntry(
                        id: entry.id, messageId: sent.messageID, md5OfMessageBody: MessageDigest.md5(draft.body),
                        md5OfMessageAttributes: MessageDigest.md5(ofSorted: draft.attributes),
                        md5OfMessageSystemAttributes: draft.md5OfSystemAttributes,
                        sequenceNumber: sent.sequenceNumber))
            } catch {
                failed.append(BatchValidation.failure(entry.id, error))
            }
        }
        core.attribute(call, to: queue.arn, detail: BatchValidation.detail(successful.count, failed.count))
        return SQS.SendMessageBatchResult(successful: successful, failed: failed)
    }
}

extension MessageDraft {
    var md5OfSystemAttributes: String? {
        traceHeader.flatMap {
            MessageDigest.md5(
                ofSorted: [StoredMessageAttribute(name: "AWSTraceHeader", dataType: "String", value: .string($0))])
        }
    }
}

/// What holds for all four batch operations.
enum BatchValidation {
    static func check(_ ids: [String], entryShape: String) throws(ServiceError) {
        guard !ids.isEmpty else {
            throw .queue("EmptyBatchRequest", "There should be at least one \(entryShape) in the request.")
        }
        guard ids.count <= SQSLimits.batchEntries else {
            throw .queue(
                "TooManyEntriesInBatchRequest",
                "Maximum number of entries per request are \(SQSLimits.batchEntries). You have sent \(ids.count).")
        }
        var seen: Set<String> = []
        for id in ids {
            guard (1...80).contains(id.utf8.count), id.utf8.allSatisfy(isNameByte) else {
                throw .queue(
                    "InvalidBatchEntryId",
                    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
                )
            }
            guard seen.insert(id).inserted else { throw .queue("BatchEntryIdsNotDistinct", "Id \(id) repeated.") }
        }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    static func failure(_ id: String, _ error: ServiceError) -> SQS.BatchResultErrorEntry {
        SQS.BatchResultErrorEntry(
            id: id, senderFault: error.fault == .client, code: error.batchCode, message: error.message)
    }

    static func detail(_ successful: Int, _ failed: Int) -> String {
        failed == 0 ? "\(successful) messages" : "\(successful) messages, \(failed) failed"
    }
}
