import AWSModel
import AWSTypes

extension SNSService {
    func publish(_ input: SNS.PublishInput, _ call: Call) throws(ServiceError) -> SNS.PublishResponse {
        if let number = input.phoneNumber { return try text(number, input, call) }
        guard let target = input.topicArn ?? input.targetArn else {
            throw .snsInvalid("TopicArn or TargetArn Reason: no value for required parameter")
        }
        var draft = try SNSDraft(
            text: input.message, subject: input.subject, structure: input.messageStructure,
            attributes: input.messageAttributes, groupID: input.messageGroupId,
            deduplicationID: input.messageDeduplicationId)
        try draft.checkSize()
        if ARN(target)?.resource.hasPrefix("endpoint/") == true { return try push(draft, to: target, call) }
        try Self.check(arn: target, input.topicArn == nil ? "TargetArn" : "TopicArn")
        let topic = try topic(target, call)
        try draft.fit(topic)
        try topic.admit([draft], at: core.now)
        let accepted = accept(draft, on: topic, call)
        core.attribute(call, to: topic.arn, detail: accepted.messageID)
        return SNS.PublishResponse(messageId: accepted.messageID, sequenceNumber: accepted.sequence)
    }

    private func text(
        _ number: String, _ input: SNS.PublishInput, _ call: Call
    ) throws(ServiceError) -> SNS.PublishResponse {
        let digits = number.dropFirst()
        guard number.hasPrefix("+"), (1...15).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { throw .snsInvalid("PhoneNumber Reason: \(number) is not valid to publish to") }
        let draft = try SNSDraft(
            text: input.message, subject: input.subject, structure: input.messageStructure,
            attributes: input.messageAttributes, groupID: nil, deduplicationID: nil)
        // AWS: 1,600 characters in all parts together.
        guard draft.text.unicodeScalars.count <= 1600 else { throw .snsInvalid("Message too long") }
        if settings[call.scope]?.optedOut.contains(number) != true {
            keep("sms", to: number, subject: "", draft.text, topic: "", call.scope)
        }
        return SNS.PublishResponse(messageId: core.identifiers.uuid())
    }

    private func push(_ draft: SNSDraft, to target: String, _ call: Call) throws(ServiceError) -> SNS.PublishResponse {
        guard let endpoint = endpoints[target] else {
            throw .snsInvalid("TargetArn Reason: No endpoint found for the target arn specified")
        }
        guard endpoint.attributes["Enabled"]?.lowercased() != "false" else {
            throw .sns("EndpointDisabledException", "EndpointDisabled", "Endpoint is disabled")
        }
        let message = SNSMessage(
            id: 0, messageID: core.identifiers.uuid(), topicArn: target, text: draft.text, subject: draft.subject,
            isStructured: draft.isStructured, attributes: draft.attributes, groupID: nil, deduplicationID: nil,
            sequence: nil, publishedAt: core.now, cause: call.cause)
        _ = push(message.body(for: platform(of: target)), to: target, draft.subject, topic: "")
        core.attribute(call, to: target, detail: message.messageID)
        return SNS.PublishResponse(messageId: message.messageID)
    }

    func publishBatch(_ input: SNS.PublishBatchInput, _ call: Call) throws(ServiceError) -> SNS.PublishBatchResponse {
        let topic = try topic(input.topicArn, call)
        let entries = input.publishBatchRequestEntries
        guard !entries.isEmpty else {
            throw .sns(
                "EmptyBatchRequestException", "EmptyBatchRequest", "The batch request doesn't contain any entries.")
        }
        guard entries.count <= 10 else {
            throw .sns(
                "TooManyEntriesInBatchRequestException", "TooManyEntriesInBatchRequest",
                "The batch request contains more entries than permissible.")
        }
        guard Set(entries.map(\.id)).count == entries.count else {
            throw .sns(
                "BatchEntryIdsNotDistinctException", "BatchEntryIdsNotDistinct",
                "Two or more batch entries in the request have the same Id.")
        }
        for entry in entries
        where !(1...80).contains(entry.id.utf8.count) || !entry.id.utf8.allSatisfy(BatchValidation.isNameByte) {
            throw .sns(
                "InvalidBatchEntryIdException", "InvalidBatchEntryId",
                "The Id of a batch entry in a batch request doesn't abide by the specification.")
        }
        // AWS: an entry that breaks a rule fails the whole request.
        if topic.isFIFO, entries.contains(where: { ($0.messageGroupId ?? "").isEmpty }) {
            throw .snsInvalid("The MessageGroupId parameter is required for FIFO topics")
        }
        var drafts: [(id: String, draft: SNSDraft)] = []
        for entry in entries {
            var draft = try SNSDraft(
                text: entry.message, subject: entry.subject, structure: entry.messageStructure,
                attributes: entry.messageAttributes, groupID: entry.messageGroupId,
                deduplicationID: entry.messageDeduplicationId)
            try draft.fit(topic)
            drafts.append((entry.id, draft))
        }
        guard drafts.reduce(0, { $0 + $1.draft.size }) <= SNSDraft.maximumBytes else {
            throw .sns(
                "BatchRequestTooLongException", "BatchRequestTooLong",
                "The length of all the messages put together is more than the limit.")
        }
        try topic.admit(drafts.map(\.draft), at: core.now)
        let successful = drafts.map { id, draft in
            let accepted = accept(draft, on: topic, call)
            return SNS.PublishBatchResultEntry(
                id: id, messageId: accepted.messageID, sequenceNumber: accepted.sequence)
        }
        core.attribute(call, to: topic.arn, detail: BatchValidation.detail(successful.count, 0))
        return SNS.PublishBatchResponse(successful: successful, failed: [])
    }
}
