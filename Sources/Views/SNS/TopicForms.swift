import AWSModel
import AWSTypes
import TerminalUI

/// Forms of topics, with AWS's ranges and defaults.
enum TopicForms {
    /// AWS: 256 characters, letters, digits, `-` and `_`; a FIFO topic's name ends in `.fifo`, which counts.
    static func nameProblem(_ name: String, isFIFO: Bool) -> String? {
        let base = isFIFO && name.hasSuffix(".fifo") ? String(name.dropLast(5)) : name
        let length = base.count + (isFIFO ? 5 : 0)
        if length > 256 { return "At most 256 characters\(isFIFO ? " with .fifo" : ""), this has \(length)" }
        if base.hasSuffix(".fifo") { return "Choose type FIFO for a name that ends in .fifo" }
        let isRight = base.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        return isRight ? nil : "Letters, digits, - and _ only"
    }

    static func create() -> Form {
        let isFIFO: @Sendable (FormValues) -> Bool = { $0["type"] == "FIFO" }
        return Form(
            "Create topic", submit: "Create",
            [
                FormField(
                    "type", "Type", .choice(["Standard", "FIFO"]), value: "Standard",
                    hint: "← → choose; cannot be changed later"),
                FormField(
                    "name", "Name", hint: "1–256 letters, digits, - and _; .fifo is added for you", required: true,
                    validate: { text, values in nameProblem(text, isFIFO: values["type"] == "FIFO") }),
                FormField(
                    "DisplayName", "Display name", hint: "Up to 100 characters; the sender of its mails and texts",
                    validate: { text, _ in text.count > 100 ? "At most 100 characters" : nil }),
                FormField(
                    "ContentBasedDeduplication", "Content deduplication", .toggle, value: "false",
                    hint: "The message's SHA-256 stands in for a deduplication id", visible: isFIFO),
                FormField(
                    "KmsMasterKeyId", "KMS key", hint: "Key id, ARN or alias/NAME; empty: not encrypted",
                    placeholder: "alias/aws/sns"),
                FormField(
                    "Policy", "Access policy", .multiline(rows: 3, json: true),
                    hint: "JSON policy document; empty: only this account"),
                FormField(
                    "tags", "Tags", hint: "KEY=VALUE, separated by commas",
                    validate: { text, _ in QueueForms.tagsProblem(text) }),
            ])
    }

    static func createRequest(_ values: FormValues) -> SNS.CreateTopicInput {
        var name = values["name"]
        var attributes: [String: String] = [:]
        for attribute in ["DisplayName", "KmsMasterKeyId", "Policy"] {
            attributes[attribute] = values.optional(attribute)
        }
        if values["type"] == "FIFO" {
            if !name.hasSuffix(".fifo") { name += ".fifo" }
            attributes["FifoTopic"] = "true"
            attributes["ContentBasedDeduplication"] = values["ContentBasedDeduplication"]
        }
        let tags = QueueForms.tags(values["tags"]).sorted { $0.key < $1.key }.map {
            SNS.Tag(key: $0.key, value: $0.value)
        }
        return SNS.CreateTopicInput(name: name, attributes: attributes, tags: tags.isEmpty ? nil : tags)
    }

    /// Everything about a topic that can be changed but its access policy.
    static func edit(_ topic: TopicReading) -> Form {
        let fifo = [
            FormField(
                "ContentBasedDeduplication", "Content deduplication", .toggle,
                value: topic.attributes["ContentBasedDeduplication"] ?? "false",
                hint: "The message's SHA-256 stands in for a deduplication id"),
            FormField(
                "archive", "Archive", .number(0...365), value: String(topic.archiveDays),
                hint: "0–365 days that messages are kept for replay; 0, the default, keeps none", required: true),
        ]
        return Form(
            "Edit \(topic.name)", submit: "Save",
            [
                FormField(
                    "DisplayName", "Display name", value: topic.displayName,
                    hint: "Up to 100 characters; the sender of its mails and texts",
                    validate: { text, _ in text.count > 100 ? "At most 100 characters" : nil }),
                FormField(
                    "KmsMasterKeyId", "KMS key", value: topic.encryptionKey ?? "",
                    hint: "Key id, ARN or alias/NAME; empty: not encrypted", placeholder: "alias/aws/sns"),
                FormField(
                    "SignatureVersion", "Signature", .choice(["1", "2"]),
                    value: topic.attributes["SignatureVersion"] ?? "1", hint: "1 signs with SHA-1, 2 with SHA-256"),
                FormField(
                    "TracingConfig", "Tracing", .choice(["PassThrough", "Active"]),
                    value: topic.attributes["TracingConfig"] ?? "PassThrough", hint: "← → choose; default PassThrough"),
            ] + (topic.isFIFO ? fifo : []) + [
                FormField(
                    "DeliveryPolicy", "Delivery policy", .multiline(rows: 4, json: true),
                    value: topic.attributes["DeliveryPolicy"] ?? "",
                    hint: "Retries of HTTP subscriptions: JSON; empty: AWS's defaults")
            ])
    }

    private static let defaults = ["SignatureVersion": "1", "TracingConfig": "PassThrough"]

    static func editedAttributes(_ values: FormValues, of topic: TopicReading) -> [(name: String, value: String)] {
        var names = ["DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig", "DeliveryPolicy"]
        if topic.isFIFO { names.append("ContentBasedDeduplication") }
        // What has not changed is not sent: each is a call of its own.
        var changes = names.filter { values[$0] != topic.attributes[$0] ?? defaults[$0] ?? "" }
            .map { (name: $0, value: values[$0]) }
        if topic.isFIFO, let days = values.integer("archive"), days != topic.archiveDays {
            let policy = days == 0 ? "" : JSONWriter.string(["MessageRetentionPeriod": .string(String(days))])
            changes.append((name: "ArchivePolicy", value: policy))
        }
        return changes
    }
}
