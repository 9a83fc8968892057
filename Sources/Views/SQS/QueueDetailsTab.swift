import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Every attribute of the queue, and its tags; a form edits them.
struct QueueDetailsTab: QueueTab {
    enum Message: Sendable {
        case edited(FormValues)
        case saved(Result<Int, any Error>, FormValues)
        case tagged(FormValues)
        case tagsSaved(Result<Void, any Error>, FormValues)
    }

    var queue: QueueReading? { didSet { if let queue { list.items = Self.items(queue) } } }
    var isStale = false
    var list = KeyValueList()

    var copyText: String? { list.selected?.value }

    var bindings: [KeyBinding] {
        [
            KeyBinding(["e"], "edit", "edit", help: "Edit the settings", menu: true, needs: [.changes]),
            KeyBinding(["T"], "tags", "tags", help: "Edit the tags", menu: true, needs: [.changes]),
        ] + KeyValueList.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        guard let queue else { return [] }
        switch event {
        case .action("edit"): return [.form(QueueForms.edit(queue)) { .edited($0) }]
        case .action("tags"): return [.form(tagForm(queue)) { .tagged($0) }]
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        case .message(.edited(let values)):
            let changes = QueueForms.editedAttributes(values, of: queue)
            guard !changes.isEmpty else { return [.toast("Nothing was changed", .unknown)] }
            return [
                .work("save") { context in
                    _ = try await context.aws.call(
                        SQS.setQueueAttributes, .init(queueUrl: queue.url, attributes: changes))
                    return changes.count
                } then: {
                    .saved($0, values)
                }
            ]
        case .message(.saved(.success(let count), _)):
            isStale = true
            return [.toast("Saved \(Quantity.count(count, "setting"))")]
        case .message(.saved(.failure(let error), let values)):
            return [
                .form(QueueForms.edit(queue).filled(with: values, failure: error.sentence)) { .edited($0) }
            ]
        case .message(.tagged(let values)):
            let tags = QueueForms.tags(values["tags"])
            let gone = queue.tags.keys.filter { tags[$0] == nil }
            let new = tags.filter { queue.tags[$0.key] != $0.value }
            return [
                .work("tags") { context in
                    if !gone.isEmpty {
                        _ = try await context.aws.call(SQS.untagQueue, .init(queueUrl: queue.url, tagKeys: gone))
                    }
                    if !new.isEmpty {
                        _ = try await context.aws.call(SQS.tagQueue, .init(queueUrl: queue.url, tags: new))
                    }
                } then: {
                    .tagsSaved($0, values)
                }
            ]
        case .message(.tagsSaved(.success, _)):
            isStale = true
            return [.toast("Saved the tags")]
        case .message(.tagsSaved(.failure(let error), let values)):
            return [.form(tagForm(queue).filled(with: values, failure: error.sentence)) { .tagged($0) }]
        default: break
        }
        return []
    }

    private func tagForm(_ queue: QueueReading) -> Form {
        let text = queue.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
        return Form(
            "Tags of \(queue.name)", submit: "Save",
            [
                FormField(
                    "tags", "Tags", .multiline(rows: 8, json: false), value: text,
                    hint: "KEY=VALUE, one a line; at most 50", validate: { text, _ in QueueForms.tagsProblem(text) })
            ])
    }

    private static func items(_ queue: QueueReading) -> [KeyValue] {
        func seconds(_ name: String, _ fallback: Int) -> String {
            ElapsedTime.span(seconds: queue.number(name, default: fallback))
        }
        func date(_ name: String) -> String {
            let time = queue.number(name)
            return time == 0 ? "–" : ElapsedTime.date(Instant(epochMilliseconds: Int64(time) * 1000))
        }
        var items: [KeyValue] = [
            .heading("Queue"),
            KeyValue("Name", text: queue.name),
            KeyValue("Type", text: queue.isFIFO ? "FIFO" : "Standard"),
            KeyValue("ARN", text: queue.arn),
            KeyValue("URL", text: queue.url),
            KeyValue("Created", text: date("CreatedTimestamp")),
            KeyValue("Last changed", text: date("LastModifiedTimestamp")),
            .heading("Messages"),
            KeyValue("Visible", text: queue.visible.grouped),
            KeyValue("In flight", text: queue.inFlight.grouped),
            KeyValue("Delayed", text: queue.delayed.grouped),
            .heading("Settings"),
            KeyValue("Visibility timeout", text: seconds("VisibilityTimeout", 30)),
            KeyValue("Retention period", text: seconds("MessageRetentionPeriod", 345_600)),
            KeyValue("Delivery delay", text: seconds("DelaySeconds", 0)),
            KeyValue("Receive wait time", text: seconds("ReceiveMessageWaitTimeSeconds", 0)),
            KeyValue(
                "Maximum message size", text: "\(queue.number("MaximumMessageSize", default: 1_048_576).grouped) bytes"),
        ]
        if queue.isFIFO {
            items += [
                .heading("FIFO"),
                KeyValue(
                    "Content deduplication",
                    queue.usesContentDeduplication ? StatusMark.enabled.line("on") : StatusMark.disabled.line("off")),
                KeyValue("Deduplication scope", text: queue.attributes["DeduplicationScope"] ?? "queue"),
                KeyValue("Throughput limit", text: queue.attributes["FifoThroughputLimit"] ?? "perQueue"),
            ]
        }
        items.append(.heading("Encryption"))
        if let key = queue.attributes["KmsMasterKeyId"], !key.isEmpty {
            items += [
                KeyValue("At rest", StatusMark.enabled.line("KMS")), KeyValue("Key", text: key),
                KeyValue("Data key reuse", text: seconds("KmsDataKeyReusePeriodSeconds", 300)),
            ]
        } else {
            let isOn = queue.attributes["SqsManagedSseEnabled"] != "false"
            items.append(
                KeyValue(
                    "At rest", isOn ? StatusMark.enabled.line("SQS-managed key") : StatusMark.disabled.line("none")))
        }
        items.append(.heading("Tags"))
        items += queue.tags.sorted { $0.key < $1.key }.map { KeyValue($0.key, text: $0.value) }
        if queue.tags.isEmpty { items.append(KeyValue("None", StyledLine("press T to add some", .dim))) }
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        list.render(on: surface.panel("Details", focused: true), focused: frame.isInteractive)
    }
}
