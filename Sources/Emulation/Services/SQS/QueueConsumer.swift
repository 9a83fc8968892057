import AWSModel
import AWSTypes

/// Something of the engine that takes messages from a queue by itself: a Lambda event source mapping, a pipe.
///
/// A consumer registers with ``SQSService/addConsumer(_:to:)`` and is told whenever messages can be received. It then
/// takes what it wants with ``SQSService/receiveBatch(_:)``, synchronously and within the same turn.
/// Programs that wait in a long poll are served first, in the order in which they came.
public protocol QueueConsumer: AnyObject {
    /// Named as the holder of what it receives: the mapping's or the function's ARN.
    var consumerArn: String { get }

    /// Messages are there, or became receivable: one arrived, a delay or visibility timeout lapsed, a group unlocked.
    /// Called from the turn's deferred work, at most once for each such change; taking nothing is fine.
    func messagesAvailable(in queueArn: String)

    /// The queue is gone, and the registration with it.
    func queueDeleted(_ queueArn: String)
}

/// A registration of a ``QueueConsumer``.
public struct QueueConsumerID: Sendable, Hashable {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// What a consumer wants to have.
public struct QueueBatchRequest: Sendable {
    public var queueArn: String
    /// Unlike ReceiveMessage this may exceed 10: Lambda's batches go to 10,000.
    public var maxMessages: Int
    /// Stops before the sum of the messages' sizes exceeds this; the first message always fits. Nil for no limit.
    public var maxBytes: Int?
    /// FIFO only: take messages of at most so many groups. Nil for no limit.
    public var maxGroups: Int?
    /// Nil for the queue's own.
    public var visibilityTimeout: Duration?
    /// Named on screen as the holder: the mapping's or function's ARN.
    public var holder: String
    /// What made the consumer look; nil where it looked by itself.
    public var cause: Cause?

    public init(
        queueArn: String, maxMessages: Int, maxBytes: Int? = nil, maxGroups: Int? = nil,
        visibilityTimeout: Duration? = nil, holder: String, cause: Cause? = nil
    ) {
        self.queueArn = queueArn
        self.maxMessages = maxMessages
        self.maxBytes = maxBytes
        self.maxGroups = maxGroups
        self.visibilityTimeout = visibilityTimeout
        self.holder = holder
        self.cause = cause
    }
}

/// A message in the hands of a consumer, with all its attributes.
public struct ReceivedMessage: Sendable {
    public var messageID: String
    public var receiptHandle: String
    public var body: String
    public var md5OfBody: String
    /// Nil without message attributes.
    public var md5OfMessageAttributes: String?
    /// `ApproximateReceiveCount`, `SentTimestamp`, `SenderId`, `ApproximateFirstReceiveTimestamp`, and where they apply
    /// `MessageGroupId`, `MessageDeduplicationId`, `SequenceNumber`, `AWSTraceHeader`, `DeadLetterQueueSourceArn`.
    public var attributes: [String: String]
    public var messageAttributes: [String: SQS.MessageAttributeValue]
    /// A FIFO group, or a fair queue's tenant.
    public var groupID: String?
    public var receiveCount: Int
    public var sentAt: Instant
    /// Body and message attributes, in bytes.
    public var size: Int
    /// The call that sent it: pass it on, so that a trace can be followed through the queue.
    public var cause: Cause
}

/// How much a queue holds just now.
public struct QueueDepth: Sendable, Hashable {
    /// In the queue and neither delayed nor in flight; on a FIFO queue also those whose group is locked.
    public var visible: Int
    public var inFlight: Int
    public var delayed: Int
    /// FIFO: groups that have a message to give. Standard: the same as `visible`, but at most 1.
    public var receivableGroups: Int

    public init(visible: Int, inFlight: Int, delayed: Int, receivableGroups: Int) {
        self.visible = visible
        self.inFlight = inFlight
        self.delayed = delayed
        self.receivableGroups = receivableGroups
    }
}

// What SQSService offers to consumers (in SQSService+Consumers.swift):
//
//   func addConsumer(_ consumer: any QueueConsumer, to queueArn: String) -> QueueConsumerID?   // nil: no such queue
//   func removeConsumer(_ id: QueueConsumerID)
//   func depth(ofQueue queueArn: String) -> QueueDepth?                                        // nil: no such queue
//   func receiveBatch(_ request: QueueBatchRequest) throws(ServiceError) -> [ReceivedMessage]
//   func deleteMessages(_ receiptHandles: [String], in queueArn: String) -> [String]           // those that failed
//   func changeVisibility(_ receiptHandles: [String], in queueArn: String, to timeout: Duration) -> [String]
//   func isFIFO(queueArn: String) -> Bool?
//   func visibilityTimeout(ofQueue queueArn: String) -> Duration?
