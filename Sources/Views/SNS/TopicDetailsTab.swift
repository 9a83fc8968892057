import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Every attribute of the topic, and its tags; a form edits them.
struct TopicDetailsTab: TopicTab {
    enum Message: Sendable {
        case edited(FormValues)
        case saved(Result<Int, any Error>, FormValues)
        case tagged(FormValues)
        case tagsSaved(Result<Void, any Error>, FormValues)
    }

    var topic: TopicReading? { didSet { if let topic { list.items = Self.items(topic) } } }
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
        guard let topic else { return [] }
        switch event {
        case .action("edit"): return [.form(TopicForms.edit(topic)) { .edited($0) }]
        case .action("tags"): return [.form(tagForm(topic)) { .tagged($0) }]
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        case .message(.edited(let values)):
            let changes = TopicForms.editedAttributes(values, of: topic)
            guard !changes.isEmpty else { return [.toast("Nothing was changed", .unknown)] }
            return [
                .work("save") { context in
                    for change in changes {
                        _ = try await context.aws.call(
                            SNS.setTopicAttributes,
                            .init(topicArn: topic.arn, attributeName: change.name, attributeValue: change.value))
                    }
                    return changes.count
                } then: {
                    .saved($0, values)
                }
            ]
        case .message(.saved(.success(let count), _)):
            isStale = true
            return [.toast("Saved \(Quantity.count(count, "setting"))")]
        case .message(.saved(.failure(let error), let values)):
            isStale = true
            return [.form(TopicForms.edit(topic).filled(with: values, failure: error.sentence)) { .edited($0) }]
        case .message(.tagged(let values)): return [saveTags(values, of: topic)]
        case .message(.tagsSaved(.success, _)):
            isStale = true
            return [.toast("Saved the tags")]
        case .message(.tagsSaved(.failure(let error), let values)):
            return [.form(tagForm(topic).filled(with: values, failure: error.sentence)) { .tagged($0) }]
        default: break
        }
        return []
    }

    private func saveTags(_ values: FormValues, of topic: TopicReading) -> Effect<Message> {
        let tags = QueueForms.tags(values["tags"])
        let gone = topic.tags.keys.filter { tags[$0] == nil }.sorted()
        let new = tags.filter { topic.tags[$0.key] != $0.value }.sorted { $0.key < $1.key }
            .map { SNS.Tag(key: $0.key, value: $0.value) }
        return .work("tags") { context in
            if !gone.isEmpty {
                _ = try await context.aws.call(SNS.untagResource, .init(resourceArn: topic.arn, tagKeys: gone))
            }
            if !new.isEmpty {
                _ = try await context.aws.call(SNS.tagResource, .init(resourceArn: topic.arn, tags: new))
            }
        } then: {
            .tagsSaved($0, values)
        }
    }

    private func tagForm(_ topic: TopicReading) -> Form {
        let text = topic.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
        return Form(
            "Tags of \(topic.name)", submit: "Save",
            [
                FormField(
                    "tags", "Tags", .multiline(rows: 8, json: false), value: text,
                    hint: "KEY=VALUE, one a line; at most 50", validate: { text, _ in QueueForms.tagsProblem(text) })
            ])
    }

    private static func items(_ topic: TopicReading) -> [KeyValue] {
        func flag(_ isOn: Bool, _ on: String = "on", _ off: String = "off") -> StyledLine {
            isOn ? StatusMark.enabled.line(on) : StatusMark.disabled.line(off)
        }
        var items: [KeyValue] = [
            .heading("Topic"),
            KeyValue("Name", text: topic.name),
            KeyValue("Type", text: topic.isFIFO ? "FIFO" : "Standard"),
            KeyValue("ARN", text: topic.arn),
            KeyValue("Display name", text: topic.displayName.isEmpty ? "–" : topic.displayName),
            KeyValue("Owner", text: topic.attributes["Owner"] ?? "–"),
            .heading("Subscriptions"),
            KeyValue("Confirmed", text: topic.confirmed.grouped),
            KeyValue("Pending", text: topic.pending.grouped),
            KeyValue("Deleted", text: topic.number("SubscriptionsDeleted").grouped),
        ]
        if topic.isFIFO {
            items += [
                .heading("FIFO"),
                KeyValue("Content deduplication", flag(topic.usesContentDeduplication)),
                KeyValue("Throughput scope", text: topic.attributes["FifoThroughputScope"] ?? "Topic"),
                KeyValue(
                    "Archive",
                    topic.archiveDays > 0
                        ? StatusMark.enabled.line("keeps messages for \(topic.archiveDays.grouped) d")
                        : StatusMark.disabled.line("none")),
            ]
            if let begin = topic.attributes["BeginningArchiveTime"] {
                items.append(KeyValue("Archived since", text: begin))
            }
        }
        items += [
            .heading("Encryption"),
            KeyValue("At rest", flag(topic.encryptionKey != nil, "KMS", "none")),
        ]
        if let key = topic.encryptionKey { items.append(KeyValue("Key", text: key)) }
        items += [
            .heading("Delivery"),
            KeyValue("Signature", text: topic.attributes["SignatureVersion"] == "2" ? "2, SHA-256" : "1, SHA-1"),
            KeyValue("Tracing", text: topic.attributes["TracingConfig"] ?? "PassThrough"),
        ]
        let policy = topic.attributes["DeliveryPolicy"] ?? topic.attributes["EffectiveDeliveryPolicy"]
        if let policy { items.append(KeyValue("Delivery policy", text: policy)) }
        items.append(.heading("Tags"))
        items += topic.tags.sorted { $0.key < $1.key }.map { KeyValue($0.key, text: $0.value) }
        if topic.tags.isEmpty { items.append(KeyValue("None", StyledLine("press T to add some", .dim))) }
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        list.render(on: surface.panel("Details", focused: true), focused: frame.isInteractive)
    }
}
