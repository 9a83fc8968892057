import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Where failed messages go, whose they are here, and moving them back.
struct QueueDeadLettersTab: QueueTab {
    /// A redrive, running or done. Its handle is there only while it runs.
    struct Move: Identifiable, Hashable, Sendable {
        var task: SQS.ListMessageMoveTasksResultEntry
        var id: String { task.taskHandle ?? String(task.startedTimestamp ?? 0) }
        var isRunning: Bool { task.status == "RUNNING" || task.status == "CANCELLING" }

        var mark: StatusMark {
            switch task.status {
            case "RUNNING": .running
            case "CANCELLING", "CANCELLED": .aborted
            case "COMPLETED": .succeeded
            case "FAILED": .failed
            default: .unknown
            }
        }

        var fraction: Double? {
            guard let moved = task.approximateNumberOfMessagesMoved, let all = task.approximateNumberOfMessagesToMove,
                all > 0
            else {
                return task.status == "COMPLETED" ? 1 : nil
            }
            return Double(moved) / Double(all)
        }
    }

    struct Source: Identifiable, Hashable, Sendable {
        var id: String
    }

    struct SourcesAndMoves: Sendable {
        var sources: [Source]
        var moves: [Move]
    }

    enum Message: Sendable {
        case loaded(Result<SourcesAndMoves, any Error>)
        case policySet(FormValues)
        case policySaved(Result<Void, any Error>, FormValues)
        case allowSet(FormValues)
        case allowSaved(Result<Void, any Error>, FormValues)
        case redriveRequested(FormValues)
        case redriveStarted(Result<Void, any Error>, FormValues)
        case cancelConfirmed(String)
        case cancelled(Result<Int, any Error>)
    }

    var queue: QueueReading?
    var isStale = false
    var sources = Table<Source>(
        id: "sources", columns: [TableColumn("Queue", min: 16) { TableCell($0.id) }],
        empty: "No queue sends its dead letters here.")
    var moves: [Move] = []
    var failure: String?

    var running: Move? { moves.first { $0.isRunning } }
    /// Progress is not announced by every endpoint.
    var tickInterval: Duration? { running == nil ? nil : .seconds(1) }
    var capturesText: Bool { sources.capturesText }
    var handlesEscape: Bool { sources.handlesEscape }
    var copyText: String? { sources.selected?.id ?? queue?.redrivePolicy?.targetARN }

    var bindings: [KeyBinding] {
        let canRedrive: Availability =
            running != nil
            ? .disabled("A redrive is running; one at a time")
            : sources.isLoading
                ? .disabled("Still loading")
                : sources.totalCount == 0
                    ? .disabled("This is no dead-letter queue: no queue sends here")
                    : queue?.visible == 0 ? .disabled("There is no message to move") : .enabled
        return [
            KeyBinding(
                ["m"], "redrive", "redrive", help: "Move its messages back, or elsewhere", availability: canRedrive,
                menu: true, needs: [.changes]),
            KeyBinding(
                ["c"], "cancel", "cancel", help: "Stop the running redrive",
                availability: .when(running?.task.taskHandle != nil, otherwise: "No redrive is running"), menu: true,
                destructive: true, needs: [.changes]),
            KeyBinding(
                ["e"], "policy", "policy", help: "Where this queue's own failed messages go", menu: true,
                needs: [.changes]),
            KeyBinding(
                ["p"], "allow", "allow", help: "Which queues may send their dead letters here", menu: true,
                needs: [.changes]),
            KeyBinding(
                ["enter"], "open", "open", help: "Open the source queue",
                availability: .when(sources.selected != nil, otherwise: "No source queue is selected"),
                prominence: .help),
            KeyBinding(
                ["o"], "its dlq", "target", help: "Open its dead-letter queue",
                availability: .when(queue?.redrivePolicy != nil, otherwise: "This queue has no dead-letter queue")),
        ] + Table<Source>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        guard let queue else { return [] }
        switch event {
        case .appeared, .reappeared, .changed, .tick: return [load(queue)]
        case .action("redrive"): return [.form(redriveForm(queue)) { .redriveRequested($0) }]
        case .action("cancel"):
            guard let running, let handle = running.task.taskHandle else { return [] }
            let moved = running.task.approximateNumberOfMessagesMoved ?? 0
            let dialog = Dialog(
                "Stop the redrive?",
                message: "\(Quantity.count(moved, "message")) moved so far stay where they are now.",
                confirm: "Stop it", destructive: true)
            return [.confirm(dialog, then: .cancelConfirmed(handle))]
        case .action("policy"): return [.form(policyForm(queue)) { .policySet($0) }]
        case .action("allow"): return [.form(allowForm(queue)) { .allowSet($0) }]
        case .action("open"): return sources.selected.map { [.open("sqs.queue", $0.id, "Dead letters")] } ?? []
        case .action("target"):
            return queue.redrivePolicy.map { [.open("sqs.queue", ResourceName.last(of: $0.targetARN))] } ?? []
        case .action(let action): _ = sources.perform(action)
        case .input(let input): _ = sources.handle(input)
        case .message(let message): return receive(message, queue)
        }
        return []
    }

    private mutating func receive(_ message: Message, _ queue: QueueReading) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let reading)):
            failure = nil
            let wasRunning = running != nil
            sources.rows = reading.sources
            moves = reading.moves
            // The counts at the top are those of the last reading: a redrive that ended moved them.
            if wasRunning, running == nil { isStale = true }
        case .loaded(.failure(let error)): failure = error.sentence
        case .policySet(let values):
            let policy = values.isOn("enabled") ? QueueForms.redrivePolicy(values["target"], values["receives"]) : ""
            return [set("RedrivePolicy", policy, queue) { .policySaved($0, values) }]
        case .allowSet(let values):
            var policy: DocumentObject = ["redrivePermission": .string(values["permission"])]
            if values["permission"] == "byQueue" {
                policy["sourceQueueArns"] = .list(
                    values["sources"].split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
            }
            return [set("RedriveAllowPolicy", JSONWriter.string(.object(policy)), queue) { .allowSaved($0, values) }]
        case .policySaved(.success, _), .allowSaved(.success, _):
            isStale = true
            return [.toast("Saved the redrive policy")]
        case .policySaved(.failure(let error), let values):
            return [.form(policyForm(queue).filled(with: values, failure: error.sentence)) { .policySet($0) }]
        case .allowSaved(.failure(let error), let values):
            return [.form(allowForm(queue).filled(with: values, failure: error.sentence)) { .allowSet($0) }]
        case .redriveRequested(let values):
            return [
                .work("redrive") { context in
                    _ = try await context.aws.call(
                        SQS.startMessageMoveTask,
                        .init(
                            sourceArn: queue.arn,
                            destinationArn: values["to"] == "another queue" ? values["destination"] : nil,
                            maxNumberOfMessagesPerSecond: values.integer("velocity")))
                } then: {
                    .redriveStarted($0, values)
                }
            ]
        case .redriveStarted(.success, _): return [.toast("The redrive has started", .running), load(queue)]
        case .redriveStarted(.failure(let error), let values):
            return [
                .form(redriveForm(queue).filled(with: values, failure: error.sentence)) {
                    .redriveRequested($0)
                }
            ]
        case .cancelConfirmed(let handle):
            return [
                .work("cancel") { context in
                    try await context.aws.call(SQS.cancelMessageMoveTask, .init(taskHandle: handle))
                        .approximateNumberOfMessagesMoved ?? 0
                } then: {
                    .cancelled($0)
                }
            ]
        case .cancelled(.success(let moved)):
            return [.toast("Stopped after \(Quantity.count(moved, "message"))", .aborted), load(queue)]
        case .cancelled(.failure(let error)): return [.toast(error.sentence, .failed), load(queue)]
        }
        return []
    }

    private func set(
        _ name: String, _ value: String, _ queue: QueueReading,
        then message: @escaping @Sendable (Result<Void, any Error>) -> Message
    ) -> Effect<Message> {
        .work("set") { context in
            _ = try await context.aws.call(
                SQS.setQueueAttributes, .init(queueUrl: queue.url, attributes: [name: value]))
        } then: {
            message($0)
        }
    }

    private func load(_ queue: QueueReading) -> Effect<Message> {
        .work("deadletters") { context in
            var urls: [String] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(
                    SQS.listDeadLetterSourceQueues, .init(queueUrl: queue.url, nextToken: token, maxResults: 1000))
                urls += page.queueUrls
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            let tasks =
                try await context.aws.call(SQS.listMessageMoveTasks, .init(sourceArn: queue.arn, maxResults: 10))
                .results ?? []
            return SourcesAndMoves(
                sources: urls.map { Source(id: ResourceName.last(of: $0)) }.sorted { $0.id < $1.id },
                moves: tasks.map { Move(task: $0) })
        } then: {
            .loaded($0)
        }
    }

    private func policyForm(_ queue: QueueReading) -> Form {
        let policy = queue.redrivePolicy
        let isOn: @Sendable (FormValues) -> Bool = { $0.isOn("enabled") }
        return Form(
            "Dead-letter queue of \(queue.name)", submit: "Save",
            [
                FormField(
                    "enabled", "Dead-letter queue", .toggle, value: policy == nil ? "false" : "true",
                    hint: "Space switches"),
                FormField(
                    "target", "Queue ARN", value: policy?.targetARN ?? "",
                    hint: "A \(queue.isFIFO ? "FIFO" : "standard") queue of this account and region",
                    placeholder: "arn:aws:sqs:REGION:ACCOUNT:NAME", required: true, visible: isOn,
                    validate: { text, _ in
                        QueueForms.queueARNProblem(text)
                            ?? (text.hasSuffix(".fifo") == queue.isFIFO
                                ? nil : "It must be a \(queue.isFIFO ? "FIFO" : "standard") queue")
                    }),
                FormField(
                    "receives", "Maximum receives", .number(1...1000), value: String(policy?.maxReceiveCount ?? 3),
                    hint: "1–1,000", required: true, visible: isOn),
            ])
    }

    private func allowForm(_ queue: QueueReading) -> Form {
        let (permission, sources) = queue.redriveAllowPolicy
        return Form(
            "Who may use \(queue.name) as a dead-letter queue", submit: "Save",
            [
                FormField(
                    "permission", "Permission", .choice(["allowAll", "byQueue", "denyAll"]), value: permission,
                    hint: "← → choose; default allowAll"),
                FormField(
                    "sources", "Source queues", .multiline(rows: 4, json: false),
                    value: sources.joined(separator: "\n"), hint: "ARNs, one a line, at most 10", required: true,
                    visible: { $0["permission"] == "byQueue" },
                    validate: { text, _ in
                        let arns = text.split(whereSeparator: \.isWhitespace)
                        return arns.count > 10
                            ? "At most 10" : arns.lazy.compactMap { QueueForms.queueARNProblem(String($0)) }.first
                    }),
            ])
    }

    private func redriveForm(_ queue: QueueReading) -> Form {
        Form(
            "Redrive about \(Quantity.count(queue.visible, "message"))", submit: "Start",
            [
                FormField(
                    "to", "Move to", .choice(["their source queues", "another queue"]), value: "their source queues",
                    hint: "← → choose"),
                FormField(
                    "destination", "Queue ARN", hint: "A \(queue.isFIFO ? "FIFO" : "standard") queue",
                    placeholder: "arn:aws:sqs:REGION:ACCOUNT:NAME", required: true,
                    visible: { $0["to"] == "another queue" }, validate: { text, _ in QueueForms.queueARNProblem(text) }),
                FormField(
                    "velocity", "Messages a second", .number(1...500), hint: "1–500; empty: as fast as it goes",
                    placeholder: "as fast as it goes"),
            ])
    }
}
