import AWSModel
import AWSTypes

/// Amazon SQS: standard and FIFO queues.
public final class SQSService: Service {
    public static let id = SQS.id
    public static let migrations = SQSTables.migrations

    unowned let core: EngineCore

    var queues: [QueueName: Queue] = [:]
    var queuesByArn: [String: Queue] = [:]
    var queuesByID: [Int64: Queue] = [:]
    /// AWS: a deleted queue's name is taken for 60 seconds.
    var deletedAt: [QueueName: Instant] = [:]
    var moveTasks: [String: MessageMoveTask] = [:]
    var texts = SharedTexts()
    var lastQueueID: Int64 = 0
    var lastMessageID: Int64 = 0
    /// Message ids below this may have been used, as far as the journal knows.
    var reservedMessageIDs: Int64 = 0
    var lastConsumer: UInt64 = 0
    var metricsTimer: TimerID?

    /// Whether some queue's policy ever denied something.
    public internal(set) var holdsDenials = false

    public init(core: EngineCore) {
        self.core = core
        core.authorizer.register(self, for: "sqs")
    }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(SQS.createQueue, createQueue)
        table.on(SQS.deleteQueue, deleteQueue)
        table.on(SQS.getQueueUrl, getQueueUrl)
        table.on(SQS.listQueues, listQueues)
        table.on(SQS.getQueueAttributes, getQueueAttributes)
        table.on(SQS.setQueueAttributes, setQueueAttributes)
        table.on(SQS.purgeQueue, purgeQueue)
        table.on(SQS.sendMessage, sendMessage)
        table.on(SQS.sendMessageBatch, sendMessageBatch)
        table.onPending(SQS.receiveMessage, receiveMessage)
        table.on(SQS.deleteMessage, deleteMessage)
        table.on(SQS.deleteMessageBatch, deleteMessageBatch)
        table.on(Self.changeMessageVisibility, changeMessageVisibility)
        table.on(SQS.changeMessageVisibilityBatch, changeMessageVisibilityBatch)
        table.on(SQS.listDeadLetterSourceQueues, listDeadLetterSourceQueues)
        table.on(SQS.startMessageMoveTask, startMessageMoveTask)
        table.on(SQS.cancelMessageMoveTask, cancelMessageMoveTask)
        table.on(SQS.listMessageMoveTasks, listMessageMoveTasks)
        table.on(SQS.tagQueue, tagQueue)
        table.on(SQS.untagQueue, untagQueue)
        table.on(SQS.listQueueTags, listQueueTags)
        table.on(SQS.addPermission, addPermission)
        table.on(SQS.removePermission, removePermission)
        return table
    }

    public func resume() {
        for queue in queuesByID.values.sorted(by: { $0.id < $1.id }) { armTimer(of: queue) }
        for task in moveTasks.values.sorted(by: { $0.id < $1.id }) where task.status.isActive { scheduleStep(of: task) }
        armMetricsTimer()
    }

    // MARK: Finding queues

    /// The queue a request names.
    func queue(url: String, _ call: Call) throws(ServiceError) -> Queue {
        guard !url.isEmpty else { throw .missingParameter("QueueUrl") }
        guard let name = QueueName(url: url, caller: call.scope) else {
            throw .plainQueue("InvalidAddress", "The address \(url) is not valid for this endpoint.", status: 404)
        }
        guard let queue = queues[name] else { throw .queueDoesNotExist }
        core.attribute(call, to: queue.arn)
        return queue
    }

    func add(_ queue: Queue) {
        noteDenials(in: queue)
        queues[QueueName(scope: queue.scope, name: queue.name)] = queue
        queuesByArn[queue.arn] = queue
        queuesByID[queue.id] = queue
    }

    func forget(_ queue: Queue) {
        queues[QueueName(scope: queue.scope, name: queue.name)] = nil
        queuesByArn[queue.arn] = nil
        queuesByID[queue.id] = nil
    }

    func noteDenials(in queue: Queue) {
        if queue.attributes.policy?.contains("Deny") == true { holdsDenials = true }
    }

    func url(of queue: Queue, _ caller: Caller) -> String {
        "\(caller.endpoint)/\(queue.scope.accountID)/\(queue.name)"
    }

    /// The queues of an account and region, by name.
    func queues(in scope: Scope) -> [Queue] {
        queuesByID.values.filter { $0.scope == scope }.sorted { $0.name < $1.name }
    }

    /// Queues whose dead letters go to `arn`, by name.
    func sources(ofDeadLetterQueue arn: String) -> [Queue] {
        queuesByID.values.filter { $0.attributes.redrivePolicy?.targetArn == arn }.sorted { $0.arn < $1.arn }
    }

    /// Tells screens that a queue's messages changed.
    func markChanged(_ queue: Queue) {
        core.changes.mark(queue.arn)
        core.changes.mark("sqs:queues")
    }

    func nextMessageID() -> Int64 {
        lastMessageID += 1
        if lastMessageID >= reservedMessageIDs {
            reservedMessageIDs = lastMessageID + 65_536
            core.journal.record(
                "INSERT OR REPLACE INTO sqs_state VALUES ('message_ids', ?)", [.integer(reservedMessageIDs)])
        }
        return lastMessageID
    }
}

extension SQSService: ResourcePolicyHolder {
    public func resourcePolicy(of arn: String) -> String? { queuesByArn[arn]?.attributes.policy }
}
