import AWSModel
import AWSTypes

// One timer a queue: the next visibility timeout, delay or retention that ends.
extension SQSService {
    /// Sets the queue's timer once the turn's changes are known.
    func armTimerLater(of queue: Queue) {
        guard !queue.isTimerDue else { return }
        queue.isTimerDue = true
        core.later { [unowned self] in
            queue.isTimerDue = false
            armTimer(of: queue)
        }
    }

    func armTimer(of queue: Queue) {
        guard queuesByID[queue.id] === queue, let next = nextEvent(of: queue) else {
            core.cancel(queue.timer)
            queue.timer = nil
            queue.timerTime = nil
            return
        }
        guard queue.timerTime != next.time || queue.timerKind != next.kind else { return }
        core.cancel(queue.timer)
        queue.timerTime = next.time
        queue.timerKind = next.kind
        queue.timer = core.schedule(at: next.time, TimerLabel(kind: next.kind, resourceArn: queue.arn)) {
            [unowned self] in
            queue.timer = nil
            queue.timerTime = nil
            timerFired(for: queue)
        }
    }

    private func nextEvent(of queue: Queue) -> (time: Instant, kind: String)? {
        let expiry = queue.oldest.map { $0.sentAt + queue.attributes.retention }
        guard let first = queue.deadlines.first else { return expiry.map { ($0, "RetentionPeriod") } }
        if let expiry, expiry < first.visibleAt { return (expiry, "RetentionPeriod") }
        return (first.visibleAt, first.state == .delayed ? "DelaySeconds" : "VisibilityTimeout")
    }

    private func timerFired(for queue: Queue) {
        guard queuesByID[queue.id] === queue else { return }
        let now = core.now
        var lapsed: [QueueMessage.State: (count: Int, first: QueueMessage)] = [:]
        while let message = queue.deadlines.first, message.visibleAt <= now {
            lapsed[message.state, default: (0, message)].count += 1
            queue.release(message, at: now)
        }
        if let (count, first) = lapsed[.inFlight] {
            recordLapse("VisibilityTimeout", "became visible again", count, first, queue)
        }
        if let (count, first) = lapsed[.delayed] {
            recordLapse("DelaySeconds", "became visible after their delay", count, first, queue)
        }
        expire(in: queue)
        messagesChanged(in: queue)
    }

    private func recordLapse(_ rule: String, _ what: String, _ count: Int, _ first: QueueMessage, _ queue: Queue) {
        let cause = core.record(
            .timer, service: "sqs", action: rule, resource: queue.arn, cause: first.cause,
            detail: count == 1 ? first.messageID : "\(count) messages \(what)")
        if count == 1 { first.causeEntry = cause.entry?.rawValue ?? first.causeEntry }
    }

    /// Removes what is older than the retention period; a long backlog in slices, between which other timers run.
    private func expire(in queue: Queue) {
        let limit = core.now - queue.attributes.retention
        var expired = 0
        var first: QueueMessage?
        while expired < 10_000, let message = queue.oldest, message.sentAt <= limit {
            first = first ?? message
            remove(message, from: queue)
            expired += 1
        }
        guard expired > 0 else { return }
        _ = core.record(
            .timer, service: "sqs", action: "RetentionPeriod", resource: queue.arn, cause: first?.cause,
            detail: expired == 1 ? first?.messageID ?? "" : "\(expired) messages expired")
    }

    // MARK: Those who wait

    /// Offers what can be received to long polls and consumers, after what is running now.
    func dispatchLater(to queue: Queue) {
        guard !queue.isDispatchDue, queue.canGive, !queue.parked.isEmpty || !queue.consumers.isEmpty else { return }
        queue.isDispatchDue = true
        core.later { [unowned self] in dispatch(to: queue) }
    }

    /// Serves long polls in the order in which they came, then tells consumers, each its turn first.
    func dispatch(to queue: Queue) {
        guard queue.isDispatchDue else { return }
        queue.isDispatchDue = false
        while queue.canGive, let waiting = queue.parked.first {
            let messages = receive(waiting.request, from: queue, waiting.call)
            guard !messages.isEmpty else { break }
            unpark(waiting, from: queue)
            answer(waiting.reply, messages, waiting.request, queue, waiting.call)
        }
        queue.consumers.removeAll { $0.consumer == nil }
        guard queue.canGive, !queue.consumers.isEmpty else { return }
        let consumers = queue.consumers
        queue.consumers.append(queue.consumers.removeFirst())
        for registered in consumers {
            guard queue.canGive else { return }
            registered.consumer?.messagesAvailable(in: queue.arn)
        }
    }

    func park(_ waiting: ParkedReceive, in queue: Queue) {
        queue.parked.append(waiting)
        waiting.timer = core.schedule(
            at: waiting.until, TimerLabel(kind: "LongPoll", resourceArn: queue.arn, isInternal: true)
        ) { [unowned self] in
            unpark(waiting, from: queue)
            answer(waiting.reply, [], waiting.request, queue, waiting.call)
        }
        waiting.reply.onAbandon { [unowned self] in
            unpark(waiting, from: queue)
            core.changes.mark(queue.arn)
        }
        core.changes.mark(queue.arn)
    }

    private func unpark(_ waiting: ParkedReceive, from queue: Queue) {
        core.cancel(waiting.timer)
        queue.parked.removeAll { $0 === waiting }
    }
}
