import AWSModel
import AWSTypes

extension SQSService {
    func createQueue(_ input: SQS.CreateQueueRequest, _ call: Call) throws(ServiceError) -> SQS.CreateQueueResult {
        let wanted = input.attributes ?? [:]
        let isFIFO = wanted["FifoQueue"]?.lowercased() == "true"
        try Self.checkName(input.queueName, isFIFO: isFIFO)
        let name = QueueName(scope: call.scope, name: input.queueName)
        let arn = call.scope.arn("sqs", input.queueName)
        core.attribute(call, to: arn)
        var attributes = QueueAttributes()
        try attributes.set(wanted, isFIFO: isFIFO)

        if let queue = queues[name] {
            // AWS: asking for what is there already is fine; attributes not named are not compared.
            for (attribute, value) in wanted.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
                let present = queue.attributes.value(attribute, isFIFO: queue.isFIFO)
                if present?.lowercased() != value.lowercased(), !Self.isSameJSON(present, value) {
                    throw .queueNameExists(attribute)
                }
            }
            return SQS.CreateQueueResult(queueUrl: url(of: queue, call.caller))
        }
        if let deleted = deletedAt[name] {
            guard deleted + .seconds(60) <= core.now else {
                throw .queue(
                    "QueueDeletedRecently",
                    "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
            }
            forgetDeletion(of: name)
        }
        try checkRedrive(attributes, arn: arn, isFIFO: isFIFO)
        try QueueTags.check(input.tags ?? [:], count: input.tags?.count ?? 0, queueName: input.queueName)

        lastQueueID += 1
        core.journal.record("INSERT OR REPLACE INTO sqs_state VALUES ('queue_ids', ?)", [.integer(lastQueueID)])
        let queue = Queue(
            id: lastQueueID, scope: call.scope, name: input.queueName, attributes: attributes, tags: input.tags ?? [:],
            createdAt: core.now, modifiedAt: core.now)
        add(queue)
        record(queue)
        markChanged(queue)
        armMetricsTimer()
        return SQS.CreateQueueResult(queueUrl: url(of: queue, call.caller))
    }

    func deleteQueue(_ input: SQS.DeleteQueueRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        let name = QueueName(scope: queue.scope, name: queue.name)
        forget(queue)
        core.cancel(queue.timer)
        queue.timer = nil
        for waiting in queue.parked {
            core.cancel(waiting.timer)
            waiting.reply.fail(.queueDoesNotExist)
        }
        queue.parked.removeAll()
        let consumers = queue.consumers
        queue.consumers.removeAll()
        core.later {
            for registered in consumers { registered.consumer?.queueDeleted(queue.arn) }
        }
        recordRemovalOfMessages(in: queue)
        core.journal.record("DELETE FROM sqs_queues WHERE id = ?", [.integer(queue.id)])
        queue.removeAll()
        for (old, time) in deletedAt where time + .seconds(60) <= core.now { forgetDeletion(of: old) }
        deletedAt[name] = core.now
        core.journal.record(
            "INSERT OR REPLACE INTO sqs_deleted_queues VALUES (?, ?, ?, ?)",
            [.text(name.scope.accountID), .text(name.scope.region), .text(name.name), .instant(core.now)])
        markChanged(queue)
        return Unit()
    }

    private func forgetDeletion(of name: QueueName) {
        deletedAt[name] = nil
        core.journal.record(
            "DELETE FROM sqs_deleted_queues WHERE account = ? AND region = ? AND name = ?",
            [.text(name.scope.accountID), .text(name.scope.region), .text(name.name)])
    }

    func purgeQueue(_ input: SQS.PurgeQueueRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        if let purged = queue.purgedAt, purged + .seconds(60) > core.now {
            throw .queue(
                "PurgeQueueInProgress",
                "Only one PurgeQueue operation on \(queue.name) is allowed every 60 seconds.", status: 403)
        }
        core.attribute(call, to: queue.arn, detail: "\(queue.count) messages")
        queue.purgedAt = core.now
        queue.removeAll()
        queue.deduplication.removeAll()
        queue.attempts.removeAll()
        recordRemovalOfMessages(in: queue)
        record(queue)
        messagesChanged(in: queue)
        return Unit()
    }

    private static func checkName(_ name: String, isFIFO: Bool) throws(ServiceError) {
        let base = isFIFO && name.hasSuffix(".fifo") ? name.dropLast(5) : Substring(name)
        let isPlain =
            (1...80).contains(name.utf8.count) && !base.isEmpty && base.utf8.allSatisfy(BatchValidation.isNameByte)
        if isFIFO {
            guard isPlain, name.hasSuffix(".fifo") else {
                throw .invalidParameterValue(
                    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length"
                )
            }
        } else if !isPlain {
            throw .invalidParameterValue(
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
        }
    }

    /// Policies are equal where their JSON is, whatever the spaces.
    private static func isSameJSON(_ left: String?, _ right: String) -> Bool {
        guard let left, left.hasPrefix("{"), let one = try? JSONReader.parse(left),
            let other = try? JSONReader.parse(right)
        else { return false }
        return one == other
    }

    /// The dead-letter queue must be there, of the same kind, in the same account and region, and willing.
    func checkRedrive(_ attributes: QueueAttributes, arn: String, isFIFO: Bool) throws(ServiceError) {
        guard let policy = attributes.redrivePolicy else { return }
        func invalid(_ reason: String) -> ServiceError { .invalidParameterValue(policy.text, "RedrivePolicy", reason) }
        guard let own = QueueName(arn: arn), let other = QueueName(arn: policy.targetArn), own.scope == other.scope
        else {
            throw invalid("Dead-letter queue must be in the same account and region as the source.")
        }
        guard policy.targetArn.hasSuffix(".fifo") == isFIFO else {
            throw invalid("Dead-letter queue must be same type of queue as the source..")
        }
        if policy.targetArn != arn {
            guard let target = queuesByArn[policy.targetArn] else {
                throw invalid("Dead letter target does not exist.")
            }
            guard target.attributes.redriveAllowPolicy?.allows(arn) != false else {
                throw invalid("Dead letter target's redrive allow policy does not allow this source queue.")
            }
        }
    }
}

extension ServiceError {
    /// AWS: the awsQuery code keeps the old name.
    static func queueNameExists(_ attribute: String) -> ServiceError {
        ServiceError(
            "QueueNameExists",
            "A queue already exists with the same name and a different value for attribute \(attribute)",
            queryCode: "QueueAlreadyExists")
    }
}
