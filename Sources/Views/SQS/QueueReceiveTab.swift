import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Really receiving, as a consumer does, and what to do with what came.
struct QueueReceiveTab: QueueTab {
    enum Message: Sendable {
        case optionsSet(FormValues)
        case received(Result<[Held], any Error>)
        case deleted(BulkResult<Held>)
        case visibilitySet(FormValues, [Held])
        case visibilityChanged(Result<Outcome, any Error>, until: Int64)
    }

    /// A received message and how long it is ours.
    struct Held: Identifiable, Hashable, Sendable {
        var message: SQS.Message
        /// Milliseconds since 1970.
        var receivedAt: Int64
        var until: Int64

        var id: String { message.messageId ?? "" }
        var receives: Int { message.attributes?["ApproximateReceiveCount"].flatMap { Int($0) } ?? 0 }
    }

    /// What a batch call did: by message id.
    struct Outcome: Sendable {
        var done: [String] = []
        var problem: String?
    }

    /// What ReceiveMessage is asked for.
    struct Options: Hashable, Sendable {
        var maximum = 10
        /// Nil for the queue's own.
        var visibility: Int?
        var wait = 0
    }

    var queue: QueueReading?
    var isStale = false
    var options = Options()
    var isReceiving = false
    /// An empty answer came.
    var cameEmpty = false
    let clock: FrameClock
    var table: Table<Held>
    var body = PayloadView(id: "received")
    var split = SplitPane(.horizontal, ratio: 55, narrowest: 46)

    init() {
        let clock = FrameClock()
        self.clock = clock
        table = Table<Held>(
            id: "held",
            columns: [
                TableColumn("Held for", min: 12, ideal: 14, order: TableColumn.by { $0.until }) { held in
                    let left = held.until - clock.now
                    return left > 0
                        ? .status(.running, ElapsedTime.countdown(milliseconds: left))
                        : .status(.timedOut, "visible again")
                },
                TableColumn("Receive", min: 7, ideal: 7, align: .right, order: TableColumn.by { $0.receives }) {
                    TableCell($0.receives.grouped, .dim)
                },
                TableColumn("Message id", min: 9, ideal: 14, clipsMiddle: true) { TableCell($0.id) },
                TableColumn("Body", min: 10) {
                    TableCell(String(($0.message.body ?? "").prefix(200).map { $0.isNewline ? " " : $0 }), .dim)
                },
            ], rows: [], empty: "Nothing received from here yet. Press c to receive.")
    }

    var capturesText: Bool { split.focus == 0 ? table.capturesText : body.capturesText }
    var handlesEscape: Bool { isReceiving || split.focus == 1 || table.handlesEscape }
    var tickInterval: Duration? { table.rows?.contains { $0.until > clock.now } == true ? .seconds(1) : nil }
    var copyText: String? { split.focus == 0 ? table.selected?.message.receiptHandle : body.copyText }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No message is selected")
        return [
            KeyBinding(
                ["c"], "receive", "receive", help: "Receive messages now",
                availability: .when(!isReceiving, otherwise: "Already receiving; Esc stops it"), menu: true,
                needs: [.changes]),
            KeyBinding(["o"], "options", "options", help: "How many, for how long, and how long to wait", menu: true),
            deletion.binding(in: table),
            KeyBinding(
                ["v"], "visibility", "visibility", help: "Hold it for longer or shorter", availability: one, menu: true,
                needs: [.changes]),
            KeyBinding(
                ["x"], "release", "release", help: "Put it back: visible again at once", availability: one, menu: true,
                needs: [.changes]),
            KeyBinding(["enter"], "read", "read", help: "Read the body", availability: one, prominence: .help),
        ] + (split.focus == 0 ? Table<Held>.bindings : body.bindings) + SplitPane.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("receive"): return receive()
        case .action("options"): return [.form(optionsForm) { .optionsSet($0) }]
        case .action("read"): split.focus = 1
        case .action("delete"): return deletion.effects(on: table.targets) { .deleted($0) }
        case .action("visibility"):
            let targets = table.targets
            return targets.isEmpty ? [] : [.form(visibilityForm) { .visibilitySet($0, targets) }]
        case .action("release"): return setVisibility(0, of: table.targets)
        case .action(let action):
            if split.perform(action) { return [] }
            if split.focus == 0 { _ = table.perform(action) } else { _ = body.perform(action) }
            showSelected()
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        default: break
        }
        return []
    }

    private var deletion: BulkAction<Held> {
        let url = queue?.url ?? ""
        return BulkAction(
            action: "delete", keys: ["d"], title: "delete", help: "Delete what is marked or selected: it is done",
            verb: { _ in .delete }, noun: "message", question: .destructive, name: { $0.id },
            consequence: { "\($0.id): received \(Quantity.count($0.receives, "time"))" },
            // AWS: ten in one call.
            batch: 10
        ) { messages, _, context in
            do {
                let entries = messages.enumerated().map {
                    SQS.DeleteMessageBatchRequestEntry(id: String($0), receiptHandle: $1.message.receiptHandle ?? "")
                }
                let answer = try await context.aws.call(
                    SQS.deleteMessageBatch, .init(queueUrl: url, entries: entries))
                return Dictionary(
                    answer.failed.compactMap { failed in
                        Int(failed.id).map { ($0, "\(failed.code): \(failed.message ?? "")") }
                    }, uniquingKeysWith: { $1 })
            } catch {
                return BulkAction.all(messages, error)
            }
        }
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .key(.escape) = input {
            if split.focus == 1 {
                if !body.handlesEscape || !body.handle(input) { split.focus = 0 }
            } else if isReceiving {
                isReceiving = false
                return [.cancel("receive"), .toast("Stopped waiting", .aborted)]
            } else {
                _ = table.handle(input)
            }
            return []
        }
        if case .mouse(let hit) = input, hit.event.kind == .press {
            split.focus = hit.region == "held" ? 0 : hit.region?.hasSuffix(".received") == true ? 1 : split.focus
        }
        if split.focus == 0 { _ = table.handle(input) } else { _ = body.handle(input) }
        showSelected()
        return []
    }

    private mutating func showSelected() { body.set(table.selected?.message.body ?? "") }

    private mutating func receive() -> [Effect<Message>] {
        guard let queue else { return [] }
        isReceiving = true
        cameEmpty = false
        let options = options
        let timeout = options.visibility ?? queue.visibilityTimeout
        let request = SQS.ReceiveMessageRequest(
            queueUrl: queue.url, messageSystemAttributeNames: ["All"], messageAttributeNames: ["All"],
            maxNumberOfMessages: options.maximum,
            visibilityTimeout: options.visibility, waitTimeSeconds: options.wait)
        return [
            .work("receive") { context in
                let messages = try await context.aws.call(SQS.receiveMessage, request).messages ?? []
                let now = await context.now().epochMilliseconds
                return messages.map { Held(message: $0, receivedAt: now, until: now + Int64(timeout) * 1000) }
            } then: {
                .received($0)
            }
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .optionsSet(let values):
            options = Options(
                maximum: values.integer("maximum") ?? 10, visibility: values.integer("visibility"),
                wait: values.integer("wait") ?? 0)
            return receive()
        case .received(.success(let messages)):
            isReceiving = false
            isStale = true
            cameEmpty = messages.isEmpty
            let new = Set(messages.map(\.id))
            table.rows = messages + (table.rows ?? []).filter { !new.contains($0.id) }
            if let first = messages.first { table.select(id: first.id) }
            showSelected()
            return [
                .toast(
                    messages.isEmpty
                        ? "No message could be received" : "Received \(Quantity.count(messages.count, "message"))",
                    messages.isEmpty ? .unknown : .succeeded)
            ]
        case .received(.failure(let error)):
            isReceiving = false
            return [.toast(error.sentence, .failed)]
        case .deleted(let result):
            isStale = true
            let gone = Set(result.succeeded.map(\.id))
            table.rows = table.rows?.filter { !gone.contains($0.id) }
            showSelected()
            return []
        case .visibilitySet(let values, let targets): return setVisibility(values.integer("seconds") ?? 0, of: targets)
        case .visibilityChanged(.success(let outcome), let until):
            isStale = true
            let isReleased = until == 0
            for id in outcome.done {
                table.rows =
                    isReleased
                    ? table.rows?.filter { $0.id != id }
                    : table.rows?.map { held in
                        guard held.id == id else { return held }
                        var held = held
                        held.until = until
                        return held
                    }
            }
            table.clearMarks()
            showSelected()
            return [
                outcome.problem.map { .toast($0, .failed) }
                    ?? .toast(
                        isReleased
                            ? "Put back \(Quantity.count(outcome.done.count, "message"))"
                            : "Changed the visibility of \(Quantity.count(outcome.done.count, "message"))")
            ]
        case .visibilityChanged(.failure(let error), _):
            return [.toast(error.sentence, .failed)]
        }
    }

    private func setVisibility(_ seconds: Int, of targets: [Held]) -> [Effect<Message>] {
        guard !targets.isEmpty else { return [] }
        let url = queue?.url ?? ""
        return [
            .work("visibility") { context in
                do {
                    let outcome = try await Self.change(targets, to: seconds, url, context)
                    let now = await context.now().epochMilliseconds
                    return .visibilityChanged(.success(outcome), until: seconds == 0 ? 0 : now + Int64(seconds) * 1000)
                } catch {
                    return .visibilityChanged(.failure(error), until: 0)
                }
            }
        ]
    }

    /// AWS: a batch takes ten.
    private static func batches(_ targets: [Held]) -> [[Held]] {
        stride(from: 0, to: targets.count, by: 10).map { Array(targets[$0..<min($0 + 10, targets.count)]) }
    }

    private static func change(_ targets: [Held], to seconds: Int, _ url: String, _ context: ConsoleContext)
        async throws -> Outcome
    {
        var outcome = Outcome()
        for batch in batches(targets) {
            let entries = batch.enumerated().map {
                SQS.ChangeMessageVisibilityBatchRequestEntry(
                    id: String($0), receiptHandle: $1.message.receiptHandle ?? "", visibilityTimeout: seconds)
            }
            let result = try await context.aws.call(
                SQS.changeMessageVisibilityBatch, .init(queueUrl: url, entries: entries))
            outcome.done += result.successful.compactMap { Int($0.id).map { batch[$0].id } }
            outcome.problem = result.failed.first.map { "\($0.code): \($0.message ?? "")" } ?? outcome.problem
        }
        return outcome
    }

    private var optionsForm: Form {
        Form(
            "Receive messages", submit: "Receive",
            [
                FormField(
                    "maximum", "Messages", .number(1...10), value: String(options.maximum), hint: "1–10, at most",
                    required: true),
                FormField(
                    "visibility", "Visibility timeout", .number(0...43_200),
                    value: options.visibility.map { String($0) } ?? "",
                    hint: "0–43,200 s; empty: the queue's \(queue?.visibilityTimeout ?? 30) s",
                    placeholder: "the queue's"),
                FormField(
                    "wait", "Wait time", .number(0...20), value: String(options.wait),
                    hint: "0–20 s; more than 0 is long polling", required: true),
            ])
    }

    private var visibilityForm: Form {
        Form(
            "Change visibility", submit: "Change",
            [
                FormField(
                    "seconds", "Hidden for", .number(0...43_200), value: String(queue?.visibilityTimeout ?? 30),
                    hint: "0–43,200 s from now; 0 puts it back", required: true)
            ])
    }
}
