import AWSModel
import AWSTypes

/// A long poll that waits for a message.
final class ParkedReceive {
    let request: ReceivePlan
    let call: Call
    let reply: Reply<SQS.ReceiveMessageResult>
    let until: Instant
    var timer: TimerID?

    init(request: ReceivePlan, call: Call, reply: Reply<SQS.ReceiveMessageResult>, until: Instant) {
        self.request = request
        self.call = call
        self.reply = reply
        self.until = until
    }
}

/// A ReceiveMessage whose parameters were checked.
struct ReceivePlan {
    var maxMessages: Int
    /// Nil for the queue's own at the time of the receive.
    var visibilityTimeout: Duration?
    var systemAttributes: SystemAttributeFilter
    var messageAttributes: MessageAttributeFilter
    var attemptID: String?
}

struct RegisteredConsumer {
    var id: QueueConsumerID
    weak var consumer: (any QueueConsumer)?
}
