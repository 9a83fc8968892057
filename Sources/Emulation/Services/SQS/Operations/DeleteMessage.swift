import AWSModel
import AWSTypes

extension SQSService {
    func deleteMessage(_ input: SQS.DeleteMessageRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        noteMessage(of: input.receiptHandle, in: queue, call)
        try delete(handle: input.receiptHandle, from: queue)
        return Unit()
    }

    func deleteMessageBatch(
        _ input: SQS.DeleteMessageBatchRequest, _ call: Call
    ) throws(ServiceError) -> SQS.DeleteMessageBatchResult {
        let queue = try queue(url: input.queueUrl, call)
        try BatchValidation.check(input.entries.map(\.id), entryShape: "DeleteMessageBatchRequestEntry")
        var successful: [SQS.DeleteMessageBatchResultEntry] = []
        var failed: [SQS.BatchResultErrorEntry] = []
        for entry in input.entries {
            do throws(ServiceError) {
                try delete(handle: entry.receiptHandle, from: queue)
                successful.append(SQS.DeleteMessageBatchResultEntry(id: entry.id))
            } catch {
                failed.append(BatchValidation.failure(entry.id, error))
            }
        }
        core.attribute(call, to: queue.arn, detail: BatchValidation.detail(successful.count, failed.count))
        return SQS.DeleteMessageBatchResult(successful: successful, failed: failed)
    }

    /// The operation with its input as it came: a missing timeout must not be taken for 0, which releases the message.
    static let changeMessageVisibility = Operation<VisibilityChange, Unit>(
        service: SQS.id, name: SQS.changeMessageVisibility.name)

    struct VisibilityChange: AWSStructure {
        let document: DocumentObject
        init(_ document: DocumentObject) { self.document = document }
    }

    func changeMessageVisibility(_ change: VisibilityChange, _ call: Call) throws(ServiceError) -> Unit {
        let input = SQS.ChangeMessageVisibilityRequest(change.document)
        let queue = try queue(url: input.queueUrl, call)
        guard change.document.integer("VisibilityTimeout") != nil else { throw .missingParameter("VisibilityTimeout") }
        noteMessage(of: input.receiptHandle, in: queue, call)
        try changeVisibility(handle: input.receiptHandle, in: queue, to: input.visibilityTimeout)
        return Unit()
    }

    func changeMessageVisibilityBatch(
        _ input: SQS.ChangeMessageVisibilityBatchRequest, _ call: Call
    ) throws(ServiceError) -> SQS.ChangeMessageVisibilityBatchResult {
        let queue = try queue(url: input.queueUrl, call)
        try BatchValidation.check(input.entries.map(\.id), entryShape: "ChangeMessageVisibilityBatchRequestEntry")
        var successful: [SQS.ChangeMessageVisibilityBatchResultEntry] = []
        var failed: [SQS.BatchResultErrorEntry] = []
        for (index, entry) in input.entries.enumerated() {
            do throws(ServiceError) {
                guard let timeout = entry.visibilityTimeout else {
                    throw .missingParameter("ChangeMessageVisibilityBatchRequestEntry.\(index + 1).VisibilityTimeout")
                }
                try changeVisibility(handle: entry.receiptHandle, in: queue, to: timeout)
                successful.append(SQS.ChangeMessageVisibilityBatchResultEntry(id: entry.id))
            } catch {
                failed.append(BatchValidation.failure(entry.id, error))
            }
        }
        core.attribute(call, to: queue.arn, detail: BatchValidation.detail(successful.count, failed.count))
        return SQS.ChangeMessageVisibilityBatchResult(successful: successful, failed: failed)
    }

    /// Names on the timeline which message a handle stands for.
    private func noteMessage(of handle: String, in queue: Queue, _ call: Call) {
        guard !call.caller.isObserver, let handle = ReceiptHandle(handle),
            let message = queue.messages[handle.messageRow]
        else { return }
        core.attribute(call, to: queue.arn, detail: message.messageID)
    }
}
