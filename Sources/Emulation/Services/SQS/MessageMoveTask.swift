import AWSModel
import AWSTypes

/// A redrive: messages of a dead-letter queue go back where they came from, or to a queue of choice.
final class MessageMoveTask {
    enum Status: String {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case cancelling = "CANCELLING"
        case cancelled = "CANCELLED"
        case failed = "FAILED"

        var isActive: Bool { self == .running || self == .cancelling }
    }

    let id: String
    let sourceArn: String
    /// Nil: each message's original source.
    let destinationArn: String?
    /// Messages a second; nil for AWS's best.
    let rate: Int?
    let startedAt: Instant
    var status = Status.running
    var moved = 0
    let toMove: Int
    var failureReason: String?
    var timer: TimerID?
    /// When the task was last resumed, and what had been moved by then: the rate is kept from there.
    var paceStart: Instant
    var paceMoved: Int

    init(
        id: String, sourceArn: String, destinationArn: String?, rate: Int?, startedAt: Instant, toMove: Int,
        moved: Int = 0, now: Instant
    ) {
        self.id = id
        self.sourceArn = sourceArn
        self.destinationArn = destinationArn
        self.rate = rate
        self.startedAt = startedAt
        self.toMove = toMove
        self.moved = moved
        paceStart = now
        paceMoved = moved
    }

    /// AWS: base64 of a JSON object.
    var handle: String {
        Base64.encode(
            JSONWriter.bytes(["taskId": .string(id), "sourceArn": .string(sourceArn)]))
    }

    static func parse(handle: String) -> (id: String, sourceArn: String)? {
        guard let bytes = Base64.decode(handle), let object = (try? JSONReader.parse(bytes))?.object,
            let id = object.string("taskId"), let source = object.string("sourceArn")
        else { return nil }
        return (id, source)
    }

    /// Time between two steps. Slow tasks move one message a step, fast ones several.
    private var messagesPerSecond: Int { rate ?? SQSLimits.moveRate }
    private var perStep: Int { max(1, messagesPerSecond / 10) }

    /// When the next step is due, so that the rate holds however the steps fell.
    var nextStep: Instant {
        let steps = moved - paceMoved + perStep
        return paceStart + .microseconds(Int64(steps) * 1_000_000 / Int64(messagesPerSecond))
    }

    var stepSize: Int { perStep }
}

extension SQSService {
    func scheduleStep(of task: MessageMoveTask) {
        task.timer = core.schedule(
            at: task.nextStep, TimerLabel(kind: "MessageMoveTask", resourceArn: task.sourceArn)
        ) { [unowned self] in
            task.timer = nil
            step(task)
        }
    }

    private func step(_ task: MessageMoveTask) {
        guard task.status.isActive else { return }
        guard task.status == .running else { return end(task, .cancelled) }
        guard let source = queuesByArn[task.sourceArn] else {
            return fail(task, "AWS.SimpleQueueService.NonExistentQueue")
        }
        for _ in 0..<task.stepSize {
            guard let message = firstMovable(in: source) else { return end(task, .completed) }
            let target: Queue?
            if let arn = task.destinationArn {
                target = queuesByArn[arn]
            } else if let arn = message.details?.deadLetterSourceArn {
                target = queuesByArn[arn]
            } else {
                // AWS: a message that was sent straight to the dead-letter queue has no source.
                return fail(task, "CouldNotDetermineMessageSource")
            }
            guard let target else { return fail(task, "AWS.SimpleQueueService.NonExistentQueue") }
            redrive(message, from: source, to: target, task)
            task.moved += 1
        }
        if firstMovable(in: source) == nil { return end(task, .completed) }
        record(task)
        scheduleStep(of: task)
    }

    private func firstMovable(in queue: Queue) -> QueueMessage? {
        guard let message = queue.available.first?.list.head, message.state == .ready else { return nil }
        return message
    }

    /// AWS: a redriven message is a new one, with a new id, enqueue time and receive count.
    private func redrive(_ message: QueueMessage, from source: Queue, to target: Queue, _ task: MessageMoveTask) {
        let uuid = core.identifiers.uuidWords()
        let id = nextMessageID()
        let cause = core.record(
            .delivery, service: "sqs", action: "RedriveMessage", resource: target.arn, cause: message.cause,
            detail: "\(message.messageID) from \(source.name) as \(IdentifierSource.text(ofUUID: uuid))")
        remove(message, from: source)
        let details = message.details
        let moved = QueueMessage(
            id: id, uuid: uuid, body: message.body, sentAt: core.now, visibleAt: core.now, sender: message.sender,
            details: .unlessEmpty(
                attributes: details?.attributes ?? [], deduplicationID: details?.deduplicationID,
                traceHeader: details?.traceHeader),
            group: target.group(named: message.group.id), cause: cause)
        arrive(moved, in: target)
        messagesChanged(in: source)
    }

    private func fail(_ task: MessageMoveTask, _ reason: String) {
        task.failureReason = reason
        end(task, .failed)
    }

    private func end(_ task: MessageMoveTask, _ status: MessageMoveTask.Status) {
        task.status = status
        record(task)
        _ = core.record(
            .transition, service: "sqs", action: "MessageMoveTask", resource: task.sourceArn, cause: nil,
            error: task.failureReason, detail: "\(status.rawValue), \(task.moved) of \(task.toMove) messages moved")
        core.changes.mark(task.sourceArn)
        forgetOldTasks(of: task.sourceArn)
    }

    /// AWS: ListMessageMoveTasks shows the ten most recent.
    private func forgetOldTasks(of sourceArn: String) {
        for task in tasks(of: sourceArn).dropFirst(10) where !task.status.isActive {
            moveTasks[task.id] = nil
            core.journal.record("DELETE FROM sqs_move_tasks WHERE id = ?", [.text(task.id)])
        }
    }

    /// Newest first.
    func tasks(of sourceArn: String) -> [MessageMoveTask] {
        moveTasks.values.filter { $0.sourceArn == sourceArn }
            .sorted { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }
    }

    func record(_ task: MessageMoveTask) {
        core.journal.record(
            "INSERT OR REPLACE INTO sqs_move_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(task.id), .text(task.sourceArn), .text(task.destinationArn),
                task.rate.map { SQLValue.integer($0) } ?? .null, .text(task.status.rawValue), .integer(task.moved),
                .integer(task.toMove), .instant(task.startedAt), .text(task.failureReason),
            ])
        core.changes.mark(task.sourceArn)
    }

    func restoreMoveTasks(_ store: StoredRows) throws(StorageError) {
        try store.forEach(
            "SELECT id, source, destination, rate, status, moved, to_move, started, failure FROM sqs_move_tasks"
        ) { row in
            let task = MessageMoveTask(
                id: row.text(0), sourceArn: row.text(1), destinationArn: row.optionalText(2),
                rate: row.isNull(3) ? nil : row.int(3), startedAt: row.instant(7), toMove: row.int(6),
                moved: row.int(5), now: core.now)
            task.status = MessageMoveTask.Status(rawValue: row.text(4)) ?? .failed
            task.failureReason = row.optionalText(8)
            moveTasks[task.id] = task
        }
    }
}
