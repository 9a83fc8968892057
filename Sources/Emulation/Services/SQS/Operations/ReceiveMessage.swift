import AWSModel
import AWSTypes

extension SQSService {
    func receiveMessage(
        _ input: SQS.ReceiveMessageRequest, _ call: Call, _ reply: Reply<SQS.ReceiveMessageResult>
    ) throws(ServiceError) {
        let queue = try queue(url: input.queueUrl, call)
        let plan = try plan(input, queue)
        // AWS: any wait above 0 is a long poll; a 0 in the request beats the queue's own.
        let wait = input.waitTimeSeconds ?? queue.attributes.receiveMessageWaitTimeSeconds
        guard (0...20).contains(wait) else {
            throw .invalidParameterValue(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
        }
        // Those who wait already have what arrived in this turn first.
        dispatch(to: queue)
        let messages = receive(plan, from: queue, call)
        if !messages.isEmpty || wait == 0 {
            // AWS: a standard queue says so; a FIFO queue just returns nothing.
            if messages.isEmpty, !queue.isFIFO, queue.canGive, queue.inFlightCount >= queue.inFlightLimit {
                throw .plainQueue(
                    "OverLimit", "Too many messages are in flight; the limit is \(queue.inFlightLimit).", status: 403)
            }
            return answer(reply, messages, plan, queue, call)
        }
        park(
            ParkedReceive(request: plan, call: call, reply: reply, until: core.now + .seconds(wait)), in: queue)
    }

    private func plan(_ input: SQS.ReceiveMessageRequest, _ queue: Queue) throws(ServiceError) -> ReceivePlan {
        let count = input.maxNumberOfMessages ?? 1
        guard (1...10).contains(count) else {
            throw .invalidParameterValue(count, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
        }
        if let timeout = input.visibilityTimeout, !(0...SQSLimits.visibilitySeconds).contains(timeout) {
            throw .invalidParameterValue(
                timeout, "VisibilityTimeout", "Must be >= 0 and <= \(SQSLimits.visibilitySeconds), if provided.")
        }
        if let attempt = input.receiveRequestAttemptId {
            guard queue.isFIFO else {
                throw .invalidParameterValue(
                    attempt, "ReceiveRequestAttemptId",
                    "The request include parameter that is not valid for this queue type.")
            }
            guard (1...128).contains(attempt.utf8.count), attempt.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .invalidParameterValue(
                    attempt, "ReceiveRequestAttemptId",
                    "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length."
                )
            }
        }
        return ReceivePlan(
            maxMessages: count, visibilityTimeout: input.visibilityTimeout.map { .seconds($0) },
            systemAttributes: SystemAttributeFilter(
                names: (input.messageSystemAttributeNames ?? []) + (input.attributeNames ?? [])),
            messageAttributes: MessageAttributeFilter(input.messageAttributeNames ?? []),
            attemptID: input.receiveRequestAttemptId)
    }

    /// Takes what the plan wants now; nothing is an empty list.
    func receive(_ plan: ReceivePlan, from queue: Queue, _ call: Call) -> [QueueMessage] {
        if let attempt = plan.attemptID, let messages = repeated(attempt, plan, queue) { return messages }
        let messages = take(
            ReceiveLimits(messages: plan.maxMessages), from: queue, visibility: plan.visibilityTimeout,
            holder: call.caller.principalArn)
        if let attempt = plan.attemptID, !messages.isEmpty {
            queue.attempts.insert(
                attempt,
                ReceiveAttempts.Attempt(
                    received: messages.map { ($0.id, $0.receiveCount, $0.visibleAt) }, at: core.now))
        }
        return messages
    }

    /// AWS: the same ReceiveRequestAttemptId within five minutes returns the same messages and handles and restarts
    /// their visibility timeout, as long as none of them was touched.
    private func repeated(_ attempt: String, _ plan: ReceivePlan, _ queue: Queue) -> [QueueMessage]? {
        guard var earlier = queue.attempts[attempt, at: core.now] else { return nil }
        var messages: [QueueMessage] = []
        for (row, count, visibleAt) in earlier.received {
            guard let message = queue.messages[row], message.state == .inFlight, message.receiveCount == count,
                message.visibleAt == visibleAt
            else { return nil }
            messages.append(message)
        }
        let timeout = plan.visibilityTimeout ?? .seconds(queue.attributes.visibilityTimeout)
        let until = core.now + timeout
        for message in messages {
            queue.postpone(message, until: until)
            recordVisibility(message)
        }
        earlier.received = messages.map { ($0.id, $0.receiveCount, $0.visibleAt) }
        queue.attempts.insert(attempt, earlier)
        messagesChanged(in: queue)
        return messages
    }

    func answer(
        _ reply: Reply<SQS.ReceiveMessageResult>, _ messages: [QueueMessage], _ plan: ReceivePlan, _ queue: Queue,
        _ call: Call
    ) {
        if messages.isEmpty {
            queue.metrics.count(.emptyReceives, 1, core.telemetry)
            core.attribute(call, to: queue.arn, detail: "no messages")
            // AWS: no `Messages` key at all.
            return reply.succeed(SQS.ReceiveMessageResult())
        }
        core.attribute(call, to: queue.arn, detail: messages.map(\.messageID).joined(separator: " "))
        reply.succeed(
            SQS.ReceiveMessageResult(
                messages: messages.map { message in
                    let attributes =
                        message.details?.attributes.filter { plan.messageAttributes.includes($0.name) } ?? []
                    let system = message.systemAttributes(plan.systemAttributes, isFIFO: queue.isFIFO)
                    return SQS.Message(
                        messageId: message.messageID, receiptHandle: receiptHandle(of: message, in: queue),
                        md5OfBody: MessageDigest.md5(message.body), body: message.body,
                        attributes: system.isEmpty ? nil : system,
                        md5OfMessageAttributes: MessageDigest.md5(ofSorted: attributes),
                        messageAttributes: attributes.isEmpty
                            ? nil : Dictionary(attributes.map { ($0.name, $0.attributeValue) }) { first, _ in first })
                }))
    }
}
