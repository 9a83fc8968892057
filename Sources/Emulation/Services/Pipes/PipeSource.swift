import AWSModel
import AWSTypes

/// Polls a pipe's queue, filters, enriches, and hands batches to the target. What fails stays in the queue, whose own
/// redrive decides about it.
final class PipeSource: QueueConsumer {
    private static let maximumConcurrency = 5
    private unowned let pipe: EventPipe
    private unowned let pipes: PipesService
    private var core: EngineCore { pipes.core }
    private let filters: EventFilters?
    var registration: QueueConsumerID?
    private var running = 0
    private var windowTimer: TimerID?
    private var windowEnded = false
    private var isStopped = false

    init(pipe: EventPipe, pipes: PipesService) {
        self.pipe = pipe
        self.pipes = pipes
        filters = try? pipes.filters(pipe.settings)
    }

    var consumerArn: String { pipe.arn }
    private var batchSize: Int { pipe.settings.sourceParameters?.sqsQueueParameters?.batchSize ?? 10 }
    private var window: Int {
        pipe.settings.sourceParameters?.sqsQueueParameters?.maximumBatchingWindowInSeconds ?? 0
    }
    private var queues: SQSService? { core.service(SQSService.self) }

    func messagesAvailable(in queueArn: String) { poll() }

    func queueDeleted(_ queueArn: String) {
        stop()
        pipe.source = nil
        pipe.currentState = "START_FAILED"
        pipe.stateReason = "The source \(queueArn) was deleted."
        pipes.save(pipe)
    }

    func stop() {
        isStopped = true
        core.cancel(windowTimer)
        windowTimer = nil
    }

    private func poll() {
        guard !isStopped, running < Self.maximumConcurrency, let queues,
            let depth = queues.depth(ofQueue: pipe.sourceArn), depth.visible > 0
        else { return }
        if window > 0, !windowEnded, depth.visible < batchSize {
            guard windowTimer == nil else { return }
            let label = TimerLabel(kind: "BatchingWindow", resourceArn: pipe.arn)
            windowTimer = core.schedule(at: core.now + .seconds(window), label) { [weak self] in
                self?.windowTimer = nil
                self?.windowEnded = true
                self?.poll()
            }
            return
        }
        core.cancel(windowTimer)
        windowTimer = nil
        windowEnded = false
        let request = QueueBatchRequest(queueArn: pipe.sourceArn, maxMessages: batchSize, holder: pipe.arn)
        guard let messages = try? queues.receiveBatch(request), !messages.isEmpty else { return }
        accept(messages)
        core.later { [weak self] in self?.poll() }
    }

    private func accept(_ messages: [ReceivedMessage]) {
        let region = ARN(pipe.sourceArn)?.region ?? pipe.scope.region
        var passed: [PipeBatch.Item] = []
        var dropped: [String] = []
        for message in messages {
            let record = SQSEventRecord.document(message, queueArn: pipe.sourceArn, region: region)
            if filters?.passes(record) ?? true {
                passed.append(PipeBatch.Item(message: message, record: .object(record)))
            } else {
                dropped.append(message.receiptHandle)
                let clause = filters?.mismatch(record)
                pipe.lastMismatch = clause
                _ = core.record(
                    .delivery, service: "pipes", action: "FilteredOut", resource: pipe.arn, cause: message.cause,
                    detail: "\(message.messageID): none matches \(clause ?? "the filter")")
            }
        }
        if !dropped.isEmpty {
            // AWS: what the filter refuses is deleted.
            pipe.filtered += dropped.count
            _ = queues?.deleteMessages(dropped, in: pipe.sourceArn)
        }
        guard !passed.isEmpty else { return }
        running += 1
        pipes.count("Invocations", pipe)
        pipes.count("EventCount", pipe, Double(passed.count))
        let cause = core.record(
            .delivery, service: "pipes", action: "PipeBatch", resource: pipe.arn, cause: passed.first?.message.cause,
            detail: passed.count == 1 ? "1 message" : "\(passed.count) messages")
        if let entry = cause.entry {
            core.timeline.attach(entry, input: .document(["Records": .list(passed.map(\.record))]))
        }
        let execution = core.identifiers.uuid()
        pipes.log("EXECUTION_STARTED", of: pipe, execution, passed)
        PipeBatch(pipe: pipe, core: core, items: passed, cause: cause).run { [weak self] handled, failure in
            self?.ended(passed, handled: handled, failure, execution, cause)
        }
    }

    private func ended(
        _ items: [PipeBatch.Item], handled: Set<String>, _ failure: DeliveryFailure?, _ execution: String,
        _ cause: Cause
    ) {
        running -= 1
        if let entry = cause.entry {
            core.timeline.amend(entry, error: failure?.code, detail: failure?.message, endedAt: core.now)
        }
        let done = items.filter { handled.contains($0.message.messageID) }
        if !done.isEmpty {
            _ = queues?.deleteMessages(done.map(\.message.receiptHandle), in: pipe.sourceArn)
        }
        pipe.delivered += done.count
        pipe.lastFailure = failure
        if done.count < items.count {
            pipe.failures += 1
            pipes.log(
                done.isEmpty ? "EXECUTION_FAILED" : "EXECUTION_PARTIALLY_FAILED", of: pipe, execution, items, failure)
            pipes.count("ExecutionFailed", pipe)
        } else {
            pipes.log("EXECUTION_SUCCEEDED", of: pipe, execution, items)
        }
        pipes.changed(pipe)
        core.later { [weak self] in self?.poll() }
    }
}
