import AWSModel
import AWSTypes

/// Polls a queue for a function: takes batches, filters them, invokes, and deletes what was handled.
///
/// What fails is left alone, so it comes back when its visibility timeout lapses, with a higher receive count.
final class SQSEventSource: QueueConsumer {
    private unowned let lambda: LambdaService
    private let mapping: EventSourceMapping
    private let filters: EventFilters?
    private let metrics: MappingMetrics?
    private let isFIFO: Bool
    private var registration: QueueConsumerID?
    private var isStopped = false

    /// Batches being run.
    private(set) var running = 0
    /// Taken, but held until the batch is full or the window over. AWS: these are in flight already.
    private var held: [ReceivedMessage] = []
    private var windowTimer: TimerID?
    /// Throttled: no new batch before this.
    private(set) var pausedUntil: Instant?
    private var pauseTimer: TimerID?
    private var pause = 1
    /// Since when there was more than the pollers could take, for scaling up.
    private var busySince: Instant?
    /// Messages delivered since the engine started, and those that no filter wanted.
    private(set) var delivered = 0
    private(set) var filtered = 0
    private(set) var failed = 0

    private var core: EngineCore { lambda.core }
    var consumerArn: String { mapping.arn }

    init?(_ mapping: EventSourceMapping, _ lambda: LambdaService) {
        guard let isFIFO = lambda.core.service(SQSService.self)?.isFIFO(queueArn: mapping.sourceArn) else { return nil }
        self.mapping = mapping
        self.lambda = lambda
        self.isFIFO = isFIFO
        metrics = MappingMetrics(mapping, lambda.core.telemetry)
        // Checked when the mapping was made.
        filters = (try? EventFilters(mapping.configuration.filterCriteria)) ?? nil
    }

    func start() {
        registration = core.service(SQSService.self)?.addConsumer(self, to: mapping.sourceArn)
        core.later { [weak self] in self?.poll() }
    }

    /// Takes no more; batches under way are finished.
    func stop() {
        isStopped = true
        if let registration { core.service(SQSService.self)?.removeConsumer(registration) }
        registration = nil
        core.cancel(windowTimer)
        core.cancel(pauseTimer)
        windowTimer = nil
        pauseTimer = nil
        held = []
    }

    func messagesAvailable(in queueArn: String) { poll() }

    func queueDeleted(_ queueArn: String) {
        registration = nil
        lambda.processed(
            mapping, "PROBLEM: The specified queue does not exist. Delete this mapping or create the queue again.")
    }

    // MARK: Taking batches

    /// AWS: five batches at once to begin with, 300 more each minute that there is a backlog, up to 1,000.
    var concurrencyLimit: Int {
        let cap = mapping.configuration.scalingConfig?.maximumConcurrency ?? 1000
        guard !isFIFO, let busySince else { return isFIFO ? cap : min(cap, 5) }
        let minutes = (core.now - busySince).inSeconds / 60
        return min(cap, 5 + Int(minutes * 300), 1000)
    }

    private func poll() {
        guard !isStopped, mapping.isEnabled, let queues = core.service(SQSService.self) else { return }
        if let pausedUntil, pausedUntil > core.now { return }
        // Nothing is taken for a function that cannot run at all: it would only wait out its visibility timeout.
        if let problem = lambda.deliveryProblem(mapping) { return waitAfter(problem) }
        while running < concurrencyLimit {
            let wanted = mapping.batchSize - held.count
            let request = QueueBatchRequest(
                queueArn: mapping.sourceArn, maxMessages: wanted, maxBytes: 6_000_000, maxGroups: isFIFO ? 1 : nil,
                holder: mapping.arn)
            guard let messages = try? queues.receiveBatch(request), !messages.isEmpty else {
                busySince = nil
                return
            }
            metrics?.count(.polled, messages.count)
            take(passing(messages))
            if let pausedUntil, pausedUntil > core.now { return }
        }
        if busySince == nil, !isFIFO {
            busySince = core.now
            scheduleScaling()
        }
    }

    /// Looks again as the pollers multiply.
    private func scheduleScaling() {
        guard concurrencyLimit < min(1000, mapping.configuration.scalingConfig?.maximumConcurrency ?? 1000) else {
            return
        }
        let label = TimerLabel(kind: "PollerScaling", resourceArn: mapping.arn, isInternal: true)
        core.schedule(at: core.now + .seconds(1), label) { [weak self] in
            guard let self, !self.isStopped, self.busySince != nil else { return }
            self.poll()
            if self.busySince != nil { self.scheduleScaling() }
        }
    }

    /// AWS: what no filter wants is deleted from the queue.
    private func passing(_ messages: [ReceivedMessage]) -> [ReceivedMessage] {
        guard let filters else { return messages }
        var kept: [ReceivedMessage] = []
        var dropped: [String] = []
        for message in messages {
            let record = SQSEventRecord.document(message, queueArn: mapping.sourceArn, region: mapping.scope.region)
            if filters.passes(record) {
                kept.append(message)
            } else {
                dropped.append(message.receiptHandle)
                _ = core.record(
                    .delivery, service: "lambda", action: "Filtered", resource: mapping.arn, cause: message.cause,
                    detail: "message \(message.messageID) matches no filter and was deleted")
            }
        }
        if !dropped.isEmpty {
            filtered += dropped.count
            metrics?.count(.filteredOut, dropped.count)
            _ = core.service(SQSService.self)?.deleteMessages(dropped, in: mapping.sourceArn)
        }
        return kept
    }

    private func take(_ messages: [ReceivedMessage]) {
        guard !messages.isEmpty else { return }
        guard mapping.window > .zero, !isFIFO else {
            invoke(messages)
            return
        }
        held += messages
        if held.count >= mapping.batchSize || held.reduce(0, { $0 + $1.size }) >= 6_000_000 {
            releaseHeld()
        } else if windowTimer == nil {
            let label = TimerLabel(kind: "BatchingWindow", resourceArn: mapping.arn)
            windowTimer = core.schedule(at: core.now + mapping.window, label) { [weak self] in
                guard let self else { return }
                self.windowTimer = nil
                self.releaseHeld()
                self.poll()
            }
        }
    }

    private func releaseHeld() {
        core.cancel(windowTimer)
        windowTimer = nil
        let messages = held
        held = []
        if !messages.isEmpty { invoke(messages) }
    }

    // MARK: Invoking

    private static let maximumPayload = 6_291_456

    /// Runs the messages as one batch, or as several where their records would exceed an invocation's payload.
    private func invoke(_ messages: [ReceivedMessage]) {
        let opening = Array("{\"Records\":[".utf8)
        var batch: [ReceivedMessage] = []
        var payload = opening
        for message in messages {
            let record = SQSEventRecord.document(message, queueArn: mapping.sourceArn, region: mapping.scope.region)
            let bytes = JSONWriter.bytes(.object(record))
            if !batch.isEmpty, payload.count + bytes.count + 3 > Self.maximumPayload {
                invoke(batch, payload: payload + Array("]}".utf8))
                batch = []
                payload = opening
            }
            if !batch.isEmpty { payload.append(UInt8(ascii: ",")) }
            payload += bytes
            batch.append(message)
        }
        if !batch.isEmpty { invoke(batch, payload: payload + Array("]}".utf8)) }
    }

    private func invoke(_ messages: [ReceivedMessage], payload: [UInt8]) {
        let queueName = mapping.sourceArn.split(separator: ":").last.map(String.init) ?? ""
        let cause = deliveries(of: messages, queueName: queueName)
        do throws(ServiceError) {
            let reference = try FunctionReference(mapping.functionArn, from: mapping.scope)
            let target = try lambda.target(reference)
            let input = InvocationInput(
                payload: payload, requestID: core.identifiers.uuid(), clientContext: nil, cause: cause,
                trigger: "aws:sqs")
            // Held until then: a batch that was taken is finished even when the mapping is stopped or deleted meanwhile.
            try lambda.run(target, input) { report, _ in self.ended(messages, report) }
            running += 1
            delivered += messages.count
            metrics?.count(.invoked, messages.count)
            pause = 1
            pausedUntil = nil
        } catch {
            if error.code == "RecursiveInvocationException" {
                drop(messages, error)
            } else {
                waitAfter(error)
            }
        }
    }

    /// AWS: what goes round in a loop is left to the queue's dead-letter queue, or discarded where there is none.
    private func drop(_ messages: [ReceivedMessage], _ error: ServiceError) {
        lambda.processed(mapping, "PROBLEM: \(error.message)")
        guard let queues = core.service(SQSService.self), !queues.hasDeadLetterQueue(mapping.sourceArn) else { return }
        _ = queues.deleteMessages(messages.map(\.receiptHandle), in: mapping.sourceArn)
    }

    /// One delivery for each message, so that each can be followed; the batch continues the first one's trace.
    private func deliveries(of messages: [ReceivedMessage], queueName: String) -> Cause {
        var first: Cause?
        for message in messages.prefix(10) {
            let cause = core.record(
                .delivery, service: "lambda", action: "aws:sqs", resource: mapping.functionArn, cause: message.cause,
                detail: "message \(message.messageID) of \(queueName), batch of \(messages.count)")
            first = first ?? cause
        }
        return first ?? Cause(entry: nil, trace: core.newTrace())
    }

    /// AWS: pollers back off while the function is throttled; what they hold returns by its visibility timeout.
    private func waitAfter(_ error: ServiceError) {
        lambda.processed(
            mapping,
            error.code == "TooManyRequestsException"
                ? "PROBLEM: Function call was throttled" : "PROBLEM: Function call failed: \(error.message)")
        let until = core.now + .seconds(pause)
        pause = min(pause * 2, 60)
        pausedUntil = until
        core.cancel(pauseTimer)
        let label = TimerLabel(kind: "PollerBackoff", resourceArn: mapping.arn)
        pauseTimer = core.schedule(at: until, label) { [weak self] in
            self?.retry()
        }
    }

    /// Looks again at once: what held the pollers back may be over.
    func retry() {
        core.cancel(pauseTimer)
        pauseTimer = nil
        pausedUntil = nil
        poll()
    }

    private func ended(_ messages: [ReceivedMessage], _ report: InvocationReport) {
        running -= 1
        var handled: [ReceivedMessage] = []
        if report.functionError == nil {
            handled = mapping.reportsItemFailures ? succeeded(messages, report.payload) : messages
        }
        if !handled.isEmpty {
            _ = core.service(SQSService.self)?.deleteMessages(handled.map(\.receiptHandle), in: mapping.sourceArn)
            metrics?.count(.deleted, handled.count)
        }
        let failed = messages.count - handled.count
        metrics?.count(.failedToInvoke, failed)
        self.failed += failed
        if failed > 0 { noteFailure(of: messages, except: handled, report) }
        lambda.processed(
            mapping,
            report.functionError != nil
                ? "PROBLEM: Function call failed"
                : failed > 0 ? "PROBLEM: \(failed) of \(messages.count) messages were reported as failed" : "OK")
        core.later { [weak self] in self?.poll() }
    }

    private func noteFailure(
        of messages: [ReceivedMessage], except handled: [ReceivedMessage], _ report: InvocationReport
    ) {
        let done = Set(handled.map(\.receiptHandle))
        let name = ResourceNaming.function(mapping.functionArn)
        let text =
            report.functionError == nil
            ? "\(name) reported it as failed." : "\(name) failed with \(LambdaService.errorSentence(report))"
        core.service(SQSService.self)?.noteFailure(
            messages.map(\.receiptHandle).filter { !done.contains($0) }, in: mapping.sourceArn,
            ConsumerFailure(text, by: mapping.functionArn, at: core.now))
    }

    private func succeeded(_ messages: [ReceivedMessage], _ payload: [UInt8]) -> [ReceivedMessage] {
        switch BatchResponse(payload, known: Set(messages.map(\.messageID))) {
        case .allSucceeded: return messages
        case .allFailed: return []
        case .failed(let ids):
            // AWS: order is kept only if the function reports everything after the first failure as well, so nothing is
            // added here: what it calls handled is deleted.
            return messages.filter { !ids.contains($0.messageID) }
        }
    }
}

extension SQSService {
    /// Whether failed messages have somewhere to go.
    fileprivate func hasDeadLetterQueue(_ queueArn: String) -> Bool {
        queuesByArn[queueArn]?.attributes.redrivePolicy != nil
    }
}
