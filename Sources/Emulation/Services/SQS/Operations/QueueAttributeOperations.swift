import AWSModel
import AWSTypes

extension SQSService {
    func getQueueAttributes(
        _ input: SQS.GetQueueAttributesRequest, _ call: Call
    ) throws(ServiceError) -> SQS.GetQueueAttributesResult {
        let queue = try queue(url: input.queueUrl, call)
        // AWS: no names, no attributes.
        var names = input.attributeNames ?? []
        for name in names where name != "All" && !QueueAttributes.names.contains(name) { throw .unknownAttribute(name) }
        if names.contains("All") { names = QueueAttributes.names }
        var attributes: [String: String] = [:]
        for name in names { attributes[name] = value(of: name, in: queue) }
        return SQS.GetQueueAttributesResult(attributes: attributes.isEmpty ? nil : attributes)
    }

    func value(of name: String, in queue: Queue) -> String? {
        switch name {
        case "QueueArn": queue.arn
        case "CreatedTimestamp": String(queue.createdAt.epochMilliseconds / 1000)
        case "LastModifiedTimestamp": String(queue.modifiedAt.epochMilliseconds / 1000)
        case "ApproximateNumberOfMessages": String(queue.readyCount)
        case "ApproximateNumberOfMessagesNotVisible": String(queue.inFlightCount)
        case "ApproximateNumberOfMessagesDelayed": String(queue.delayedCount)
        default: queue.attributes.value(name, isFIFO: queue.isFIFO)
        }
    }

    func setQueueAttributes(_ input: SQS.SetQueueAttributesRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        guard !input.attributes.isEmpty else { throw .missingParameter("Attribute.Name") }
        var attributes = queue.attributes
        try attributes.set(input.attributes, isFIFO: queue.isFIFO)
        if input.attributes["RedrivePolicy"] != nil {
            try checkRedrive(attributes, arn: queue.arn, isFIFO: queue.isFIFO)
        }
        let delayChanged = attributes.delaySeconds != queue.attributes.delaySeconds
        queue.attributes = attributes
        queue.modifiedAt = core.now
        core.attribute(call, to: queue.arn, detail: input.attributes.keys.sorted().joined(separator: " "))
        record(queue)
        if delayChanged, queue.isFIFO { applyDelay(to: queue) }
        messagesChanged(in: queue)
        return Unit()
    }

    /// AWS: a FIFO queue's delay also holds for messages that are in it already; a standard queue's does not.
    private func applyDelay(to queue: Queue) {
        let now = core.now
        let delay = Duration.seconds(queue.attributes.delaySeconds)
        for message in queue.messages.values.sorted(by: { $0.id < $1.id }) where message.receivesHere == 0 {
            let until = message.sentAt + delay
            switch (message.state, until > now) {
            case (.delayed, true): queue.postpone(message, until: until)
            case (.delayed, false): queue.release(message, at: now)
            case (.ready, true): queue.delay(message, until: until)
            case (.ready, false), (.inFlight, _): continue
            }
            recordVisibility(message)
        }
    }

    func getQueueUrl(_ input: SQS.GetQueueUrlRequest, _ call: Call) throws(ServiceError) -> SQS.GetQueueUrlResult {
        guard !input.queueName.isEmpty else {
            throw .invalidParameterValue("Value for parameter QueueName is invalid. Reason: Must specify a queue name.")
        }
        var scope = call.scope
        if let owner = input.queueOwnerAWSAccountId, !owner.isEmpty { scope.accountID = owner }
        guard let queue = queues[QueueName(scope: scope, name: input.queueName)] else { throw .queueDoesNotExist }
        core.attribute(call, to: queue.arn)
        return SQS.GetQueueUrlResult(queueUrl: url(of: queue, call.caller))
    }

    func listQueues(_ input: SQS.ListQueuesRequest, _ call: Call) throws(ServiceError) -> SQS.ListQueuesResult {
        let prefix = input.queueNamePrefix ?? ""
        let found = queues(in: call.scope).filter { $0.name.hasPrefix(prefix) }
        let page = try Page(found.map { ($0.name, url(of: $0, call.caller)) }, input.maxResults, input.nextToken)
        return SQS.ListQueuesResult(queueUrls: page.items.isEmpty ? nil : page.items, nextToken: page.nextToken)
    }

    func listDeadLetterSourceQueues(
        _ input: SQS.ListDeadLetterSourceQueuesRequest, _ call: Call
    ) throws(ServiceError) -> SQS.ListDeadLetterSourceQueuesResult {
        let queue = try queue(url: input.queueUrl, call)
        let found = sources(ofDeadLetterQueue: queue.arn)
        let page = try Page(found.map { ($0.name, url(of: $0, call.caller)) }, input.maxResults, input.nextToken)
        return SQS.ListDeadLetterSourceQueuesResult(queueUrls: page.items, nextToken: page.nextToken)
    }

    /// One page of a list sorted by name. AWS: at most 1,000, and a token only where MaxResults was given.
    private struct Page {
        var items: [String]
        var nextToken: String?

        init(_ all: [(name: String, item: String)], _ maxResults: Int?, _ token: String?) throws(ServiceError) {
            if let maxResults, !(1...1000).contains(maxResults) {
                throw .invalidParameterValue(
                    "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000."
                )
            }
            var rest = all[...]
            if let token {
                guard let bytes = Base64.decode(token), let after = String(validating: bytes, as: UTF8.self),
                    !after.isEmpty
                else { throw .invalidParameterValue("Invalid or expired next token.") }
                rest = rest.drop { $0.name <= after }
            }
            let page = rest.prefix(maxResults ?? 1000)
            items = page.map(\.item)
            nextToken =
                maxResults != nil && page.count < rest.count ? page.last.map { Base64.encode($0.name.utf8) } : nil
        }
    }
}
