import AWSModel
import AWSTypes
import TerminalUI

/// Forms of subscriptions.
enum SubscriptionForms {
    /// AWS: a FIFO topic delivers to queues alone.
    static func protocols(isFIFO: Bool) -> [String] {
        isFIFO ? ["sqs"] : ["sqs", "lambda", "http", "https", "email", "email-json", "sms", "application"]
    }

    static func endpointProblem(_ text: String, _ kind: String) -> String? {
        switch kind {
        case "sqs": QueueForms.queueARNProblem(text)
        case "lambda":
            ARN(text)?.service == "lambda" ? nil : "A function's ARN: arn:aws:lambda:REGION:ACCOUNT:function:NAME"
        case "http", "https": text.hasPrefix("\(kind)://") ? nil : "A URL that begins with \(kind)://"
        case "email", "email-json": text.contains("@") ? nil : "A mail address"
        case "application": ARN(text)?.service == "sns" ? nil : "A platform endpoint's ARN"
        default: nil
        }
    }

    static func create(_ topic: TopicReading) -> Form {
        Form(
            "Subscribe to \(topic.name)", submit: "Subscribe",
            [
                FormField(
                    "protocol", "Protocol", .choice(protocols(isFIFO: topic.isFIFO)), value: "sqs",
                    hint: topic.isFIFO ? "A FIFO topic delivers to queues alone" : "← → choose"),
                FormField(
                    "endpoint", "Endpoint", hint: "A queue's or function's ARN, a URL, an address or a number",
                    required: true, validate: { text, values in endpointProblem(text, values["protocol"]) }),
            ] + settings(nil))
    }

    static func edit(_ subscription: SubscriptionReading) -> Form {
        Form("Edit \(subscription.kind) \(subscription.target)", submit: "Save", settings(subscription))
    }

    private static func settings(_ subscription: SubscriptionReading?) -> [FormField] {
        let kind = subscription?.kind
        let takesRaw: @Sendable (FormValues) -> Bool = {
            ["sqs", "http", "https", "firehose"].contains(kind ?? $0["protocol"])
        }
        let filter = subscription?.filterPolicy.map { CompactJSON.lines($0) }
        return [
            FormField(
                "RawMessageDelivery", "Raw delivery", .toggle,
                value: subscription?.attributes["RawMessageDelivery"] ?? "false",
                hint: "The message alone, without SNS's JSON around it", visible: takesRaw),
            FormField(
                "FilterPolicyScope", "Filter on", .choice(["MessageAttributes", "MessageBody"]),
                value: subscription?.attributes["FilterPolicyScope"] ?? "MessageAttributes",
                hint: "What the filter policy is held against"),
            FormField(
                "FilterPolicy", "Filter policy", .multiline(rows: 6, json: true), value: filter ?? "",
                hint: #"{"kind": ["order"]}: at most 5 keys; empty: every message"#,
                validate: { text, values in
                    PatternSyntax.filterPolicyProblem(text, isOnBody: values["FilterPolicyScope"] == "MessageBody")
                }),
            FormField(
                "DeliveryPolicy", "Delivery policy", .multiline(rows: 3, json: true),
                value: subscription?.attributes["DeliveryPolicy"].map { CompactJSON.lines($0) } ?? "",
                hint: #"{"healthyRetryPolicy": {"numRetries": 3}}; empty: as the topic says"#,
                visible: { ["http", "https"].contains(kind ?? $0["protocol"]) }),
            FormField(
                "target", "Dead-letter queue", value: subscription?.deadLetterTarget ?? "",
                hint: "A queue's ARN: takes what cannot be delivered; empty for none",
                placeholder: "arn:aws:sqs:REGION:ACCOUNT:NAME",
                validate: { text, _ in text.isEmpty ? nil : QueueForms.queueARNProblem(text) }),
        ]
    }

    /// What the form asks for, as attributes; an empty value takes one away.
    private static func attributes(_ values: FormValues) -> [String: String] {
        var attributes = [
            "FilterPolicy": values["FilterPolicy"],
            "FilterPolicyScope": values["FilterPolicy"].isEmpty ? "" : values["FilterPolicyScope"],
            "RawMessageDelivery": values["RawMessageDelivery"], "DeliveryPolicy": values["DeliveryPolicy"],
        ]
        let target = values["target"]
        attributes["RedrivePolicy"] =
            target.isEmpty ? "" : JSONWriter.string(["deadLetterTargetArn": .string(target)])
        return attributes
    }

    static func subscribeInput(_ values: FormValues, _ topicARN: String) -> SNS.SubscribeInput {
        let attributes = attributes(values).filter { !$0.value.isEmpty && $0.value != "false" }
        return SNS.SubscribeInput(
            topicArn: topicARN, protocol: values["protocol"], endpoint: values["endpoint"],
            attributes: attributes.isEmpty ? nil : attributes, returnSubscriptionArn: true)
    }

    /// What differs from now, the scope before the policy it is for.
    static func changes(
        _ values: FormValues, of subscription: SubscriptionReading
    ) -> [(name: String, value: String)] {
        func same(_ one: String, _ other: String) -> Bool {
            if one == other { return true }
            guard let first = try? JSONReader.parse(one), let second = try? JSONReader.parse(other) else {
                return false
            }
            return first == second
        }
        let new = attributes(values)
        var changes: [(name: String, value: String)] = []
        for name in ["RawMessageDelivery", "FilterPolicyScope", "FilterPolicy", "RedrivePolicy", "DeliveryPolicy"] {
            guard let value = new[name] else { continue }
            let old = subscription.attributes[name] ?? (name == "RawMessageDelivery" ? "false" : "")
            // The scope has no empty value: it goes with its policy.
            if name == "FilterPolicyScope", value.isEmpty { continue }
            if !same(value, old) { changes.append((name, value)) }
        }
        return changes
    }

    /// Which of a topic's archived messages the subscription gets again.
    static func replay(_ subscription: SubscriptionReading, since: String?) -> Form {
        let begin = since.flatMap { Instant(iso8601: $0) }
        return Form(
            "Replay to \(subscription.target)", submit: "Start",
            [
                FormField(
                    "from", "From", value: ScheduleText.text(begin), hint: "Messages since then, in UTC",
                    required: true,
                    validate: { text, _ in ScheduleText.instantProblem(text) }),
                FormField(
                    "to", "To", hint: "Messages up to then, in UTC; empty: all, and it goes on with new ones",
                    placeholder: "2026-12-31 00:00:00",
                    validate: { text, values in
                        guard let to = ScheduleText.instant(text) else { return ScheduleText.instantProblem(text) }
                        return ScheduleText.instant(values["from"]).map { $0 < to } ?? true
                            ? nil : "It must be after the start"
                    }),
            ])
    }

    static func replayPolicy(_ values: FormValues) -> String {
        var policy: DocumentObject = [
            "PointType": "Timestamp",
            "StartingPoint": .string((ScheduleText.instant(values["from"]) ?? .epoch).iso8601()),
        ]
        if let end = ScheduleText.instant(values["to"]) { policy["EndingPoint"] = .string(end.iso8601()) }
        return JSONWriter.string(.object(policy))
    }

    static func confirm(_ subscription: SubscriptionReading) -> Form {
        Form(
            "Confirm \(subscription.kind) \(subscription.target)", submit: "Confirm",
            [
                FormField(
                    "token", "Token", hint: "From the message that asked for the confirmation (Token=… in its link)",
                    required: true),
                FormField(
                    "authenticate", "Owner only", .toggle, value: "false",
                    hint: "Only those with rights to the topic may unsubscribe it"),
            ])
    }

    /// A token, or the whole link it is in.
    static func token(_ text: String) -> String {
        guard let mark = text.firstRange(of: "Token=") else { return QueueForms.trimmed(text) }
        return String(text[mark.upperBound...].prefix { $0 != "&" && !$0.isWhitespace })
    }
}
