import AWSModel
import AWSTypes
import TerminalUI

/// Forms of queues, with AWS's ranges and defaults.
enum QueueForms {
    /// AWS: 80 characters, letters, digits, `-` and `_`; a FIFO queue's name ends in `.fifo`, which counts.
    static func nameProblem(_ name: String, isFIFO: Bool) -> String? {
        let base = isFIFO && name.hasSuffix(".fifo") ? String(name.dropLast(5)) : name
        let length = base.count + (isFIFO ? 5 : 0)
        if length > 80 { return "At most 80 characters\(isFIFO ? " with .fifo" : ""), this has \(length)" }
        if base.hasSuffix(".fifo") { return "Choose type FIFO for a name that ends in .fifo" }
        let isRight = base.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        return isRight ? nil : "Letters, digits, - and _ only"
    }

    static func queueARNProblem(_ text: String) -> String? {
        guard let arn = ARN(text), arn.service == "sqs" else { return "A queue's ARN: arn:aws:sqs:REGION:ACCOUNT:NAME" }
        return nil
    }

    /// Fields that both creating and editing ask for.
    private static func delivery(_ queue: QueueReading?) -> [FormField] {
        func value(_ name: String, _ fallback: Int) -> String {
            String(queue?.number(name, default: fallback) ?? fallback)
        }
        return [
            FormField(
                "VisibilityTimeout", "Visibility timeout", .number(0...43_200), value: value("VisibilityTimeout", 30),
                hint: "0–43,200 s (12 h), default 30", required: true),
            FormField(
                "MessageRetentionPeriod", "Retention period", .number(60...1_209_600),
                value: value("MessageRetentionPeriod", 345_600), hint: "60–1,209,600 s (14 d), default 345,600 (4 d)",
                required: true),
            FormField(
                "DelaySeconds", "Delivery delay", .number(0...900), value: value("DelaySeconds", 0),
                hint: "0–900 s, default 0", required: true),
            FormField(
                "MaximumMessageSize", "Maximum message size", .number(1024...1_048_576),
                value: value("MaximumMessageSize", 1_048_576), hint: "1,024–1,048,576 bytes (1 MiB), default 1,048,576",
                required: true),
            FormField(
                "ReceiveMessageWaitTimeSeconds", "Receive wait time", .number(0...20),
                value: value("ReceiveMessageWaitTimeSeconds", 0), hint: "0–20 s, default 0; more is long polling",
                required: true),
        ]
    }

    private static func fifo(_ queue: QueueReading?, isVisible: @escaping @Sendable (FormValues) -> Bool) -> [FormField]
    {
        [
            FormField(
                "ContentBasedDeduplication", "Content deduplication", .toggle,
                value: queue?.attributes["ContentBasedDeduplication"] ?? "false",
                hint: "The body's SHA-256 stands in for a deduplication id", visible: isVisible),
            FormField(
                "DeduplicationScope", "Deduplication scope", .choice(["queue", "messageGroup"]),
                value: queue?.attributes["DeduplicationScope"] ?? "queue", hint: "← → choose; default queue",
                visible: isVisible),
            FormField(
                "FifoThroughputLimit", "Throughput limit", .choice(["perQueue", "perMessageGroupId"]),
                value: queue?.attributes["FifoThroughputLimit"] ?? "perQueue",
                hint: "perMessageGroupId (high throughput) needs scope messageGroup", visible: isVisible,
                validate: { text, values in
                    text == "perMessageGroupId" && values["DeduplicationScope"] != "messageGroup"
                        ? "Needs deduplication scope messageGroup" : nil
                }),
        ]
    }

    private static func encryption(_ queue: QueueReading?) -> [FormField] {
        let key = queue?.attributes["KmsMasterKeyId"] ?? ""
        let kind = !key.isEmpty ? "KMS" : queue?.attributes["SqsManagedSseEnabled"] == "false" ? "none" : "SQS"
        let isKMS: @Sendable (FormValues) -> Bool = { $0["encryption"] == "KMS" }
        return [
            FormField(
                "encryption", "Encryption", .choice(["SQS", "KMS", "none"]), value: kind,
                hint: "SQS: keys managed by SQS (default); KMS: a key of yours"),
            FormField(
                "KmsMasterKeyId", "KMS key", value: key, hint: "Key id, ARN or alias/NAME",
                placeholder: "alias/aws/sqs", required: true, visible: isKMS),
            FormField(
                "KmsDataKeyReusePeriodSeconds", "Data key reuse", .number(60...86_400),
                value: String(queue?.number("KmsDataKeyReusePeriodSeconds", default: 300) ?? 300),
                hint: "60–86,400 s, default 300", required: true, visible: isKMS),
        ]
    }

    static func create() -> Form {
        let isFIFO: @Sendable (FormValues) -> Bool = { $0["type"] == "FIFO" }
        return Form(
            "Create queue", submit: "Create",
            [
                FormField(
                    "type", "Type", .choice(["Standard", "FIFO"]), value: "Standard",
                    hint: "← → choose; cannot be changed later"),
                FormField(
                    "name", "Name", hint: "1–80 letters, digits, - and _; .fifo is added for you", required: true,
                    validate: { text, values in
                        nameProblem(text, isFIFO: values["type"] == "FIFO")
                    }),
            ] + delivery(nil) + fifo(nil, isVisible: isFIFO) + [
                FormField(
                    "target", "Dead-letter queue", hint: "ARN of a queue of the same type; empty for none",
                    placeholder: "arn:aws:sqs:REGION:ACCOUNT:NAME",
                    validate: { text, values in
                        queueARNProblem(text)
                            ?? (text.hasSuffix(".fifo") == (values["type"] == "FIFO")
                                ? nil : "It must be of the same type as this queue")
                    }),
                FormField(
                    "receives", "Maximum receives", .number(1...1000), value: "3",
                    hint: "1–1,000 receives before a message is a dead letter", required: true,
                    visible: { !$0["target"].isEmpty }),
            ] + encryption(nil) + [
                FormField(
                    "policy", "Access policy", .multiline(rows: 3, json: true),
                    hint: "JSON policy document; empty: only this account"),
                FormField(
                    "tags", "Tags", hint: "KEY=VALUE, separated by commas", validate: { text, _ in tagsProblem(text) }),
            ])
    }

    static func createRequest(_ values: FormValues) -> SQS.CreateQueueRequest {
        let isFIFO = values["type"] == "FIFO"
        var name = values["name"]
        var attributes = deliveryAttributes(values)
        if isFIFO {
            if !name.hasSuffix(".fifo") { name += ".fifo" }
            attributes["FifoQueue"] = "true"
            attributes.merge(fifoAttributes(values)) { $1 }
        }
        attributes.merge(encryptionAttributes(values).filter { !$0.value.isEmpty }) { $1 }
        if let target = values.optional("target") {
            attributes["RedrivePolicy"] = redrivePolicy(target, values["receives"])
        }
        if let policy = values.optional("policy") { attributes["Policy"] = policy }
        let tags = tags(values["tags"])
        return SQS.CreateQueueRequest(queueName: name, attributes: attributes, tags: tags.isEmpty ? nil : tags)
    }

    /// Everything about a queue that can be changed but its policies.
    static func edit(_ queue: QueueReading) -> Form {
        Form(
            "Edit \(queue.name)", submit: "Save",
            delivery(queue) + (queue.isFIFO ? fifo(queue) { _ in true } : []) + encryption(queue))
    }

    static func editedAttributes(_ values: FormValues, of queue: QueueReading) -> [String: String] {
        var attributes = deliveryAttributes(values)
        if queue.isFIFO { attributes.merge(fifoAttributes(values)) { $1 } }
        attributes.merge(encryptionAttributes(values)) { $1 }
        // What has not changed is not sent: it would need permissions for keys nobody touched.
        return attributes.filter { queue.attributes[$0.key] ?? "" != $0.value }
    }

    private static func deliveryAttributes(_ values: FormValues) -> [String: String] {
        var attributes: [String: String] = [:]
        for name in [
            "VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "MaximumMessageSize",
            "ReceiveMessageWaitTimeSeconds",
        ] {
            attributes[name] = values.integer(name).map { String($0) }
        }
        return attributes
    }

    private static func fifoAttributes(_ values: FormValues) -> [String: String] {
        var attributes: [String: String] = [:]
        for name in ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"] {
            attributes[name] = values[name]
        }
        return attributes
    }

    private static func encryptionAttributes(_ values: FormValues) -> [String: String] {
        switch values["encryption"] {
        // AWS: naming a key switches the other kind off by itself.
        case "KMS":
            [
                "KmsMasterKeyId": values["KmsMasterKeyId"],
                "KmsDataKeyReusePeriodSeconds": values.integer("KmsDataKeyReusePeriodSeconds").map { String($0) }
                    ?? "300",
            ]
        case "none": ["SqsManagedSseEnabled": "false", "KmsMasterKeyId": ""]
        default: ["SqsManagedSseEnabled": "true"]
        }
    }

    static func redrivePolicy(_ target: String, _ receives: String) -> String {
        JSONWriter.string(["deadLetterTargetArn": .string(target), "maxReceiveCount": .integer(Int64(receives) ?? 1)])
    }

    /// `a=1, b=2`
    static func tags(_ text: String) -> [String: String] {
        var tags: [String: String] = [:]
        for part in text.split(whereSeparator: { $0 == "," || $0.isNewline }) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { trimmed($0) }
            if pair.count == 2, !pair[0].isEmpty { tags[pair[0]] = pair[1] }
        }
        return tags
    }

    static func tagsProblem(_ text: String) -> String? {
        for part in text.split(whereSeparator: { $0 == "," || $0.isNewline })
        where !part.contains("=") || part.hasPrefix("=") {
            return "KEY=VALUE is needed, not “\(trimmed(part))”"
        }
        return tags(text).count > 50 ? "At most 50 tags" : nil
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
