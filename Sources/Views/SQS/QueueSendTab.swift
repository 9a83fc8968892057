import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Sending to a queue: a body, and what goes with it.
struct QueueSendTab: QueueTab {
    enum Message: Sendable {
        case sent(SQS.SendMessageRequest, Result<SQS.SendMessageResult, any Error>, at: Int64)
    }

    enum Field: CaseIterable, Hashable, Sendable { case body, delay, group, deduplication, attributes }

    /// A message sent from here, newest first.
    struct Sent: Identifiable, Hashable, Sendable {
        var id: String
        var at: Int64
        var size: Int
        var sequenceNumber: String?
    }

    var queue: QueueReading?
    var isStale = false
    var isEditing = true
    var focus = Field.body
    var body = TextEditor("{\n  \n}", language: .json)
    var delay = TextField("")
    var group = TextField("")
    var deduplication = TextField("")
    var attributes = TextEditor("")
    var sent = Table<Sent>(
        id: "sent",
        columns: [
            TableColumn("Message id", min: 12, clipsMiddle: true) { TableCell($0.id) },
            TableColumn("Sent", min: 8, ideal: 8) {
                TableCell(ElapsedTime.clock(Instant(epochMilliseconds: $0.at)), .dim)
            },
            TableColumn("Size", min: 6, ideal: 8, align: .right) { TableCell(Quantity.bytes($0.size), .dim) },
            TableColumn("Sequence", min: 10, ideal: 22, clipsMiddle: true) { TableCell($0.sequenceNumber ?? "", .dim) },
        ], rows: [], empty: "Nothing sent from here yet.")
    var last: SQS.SendMessageRequest?
    var isSending = false
    /// What the service said to the last attempt.
    var failure: String?

    var isFIFO: Bool { queue?.isFIFO ?? false }
    var fields: [Field] { isFIFO ? Field.allCases : [.body, .delay, .group, .attributes] }
    var capturesText: Bool { isEditing || sent.capturesText }
    var handlesEscape: Bool { isEditing || sent.handlesEscape }
    var copyText: String? { sent.selected?.id }

    var bindings: [KeyBinding] {
        let ready = Availability.when(problem == nil && !isSending, otherwise: problem ?? "It is being sent")
        var own = [
            KeyBinding(
                ["ctrl+s", "f5"], "send", "send", help: "Send the message", availability: ready, menu: true,
                needs: [.changes]),
            KeyBinding(
                ["ctrl+r"], "repeat last", "repeat", help: "Send the last message once more",
                availability: .when(last != nil, otherwise: "Nothing was sent from here yet"), menu: true,
                needs: [.changes]),
        ]
        if isEditing {
            own.append(
                KeyBinding(
                    ["ctrl+t"], "format", "format", help: "Indent the JSON",
                    availability: .when(body.error == nil && !body.isEmpty, otherwise: "The body is not JSON")))
        } else {
            own.append(KeyBinding(["enter", "e", "i"], "edit", "edit", help: "Back to the body"))
            own += Table<Sent>.bindings
        }
        return own
    }

    /// The first thing that keeps it from being sent.
    var problem: String? {
        if body.isEmpty { return "The body is empty" }
        let size = body.text.utf8.count
        let limit = queue?.number("MaximumMessageSize", default: 1_048_576) ?? 1_048_576
        if size > limit { return "The body has \(size.grouped) bytes; this queue takes \(limit.grouped)" }
        return Field.allCases.lazy.compactMap { problem(of: $0) }.first
    }

    func problem(of field: Field) -> String? {
        switch field {
        case .body: return nil
        case .delay:
            if isFIFO, !delay.text.isEmpty { return "A FIFO queue delays all or none: leave it empty" }
            guard delay.text.isEmpty || Int(delay.text).map({ (0...900).contains($0) }) == true else {
                return "0–900 s"
            }
            return nil
        case .group:
            if isFIFO, group.text.isEmpty { return "A FIFO message needs a group id" }
            return group.text.count > 128 ? "At most 128 characters" : nil
        case .deduplication:
            guard isFIFO else { return nil }
            if deduplication.text.isEmpty, queue?.usesContentDeduplication == false {
                return "This queue does not deduplicate by content: an id is needed"
            }
            return deduplication.text.count > 128 ? "At most 128 characters" : nil
        case .attributes: return MessageAttributeLines.problem(attributes.text)
        }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared:
            isEditing = true
            return []
        case .action("send"): return send(request)
        case .action("repeat"): return last.map { send($0) } ?? []
        case .action("edit"):
            isEditing = true
            return []
        case .action("format"):
            if let value = try? JSONReader.parse(body.text) { body.text = JSONWriter.string(value, pretty: true) }
            return []
        case .action(let action):
            _ = sent.perform(action)
            return []
        case .input(let input):
            take(input)
            return []
        case .message(.sent(let request, .success(let result), let at)):
            isSending = false
            failure = nil
            last = request
            isStale = true
            let id = result.messageId ?? ""
            // AWS: a repeated deduplication id answers with the first message's id.
            let isDuplicate = sent.rows?.contains { $0.id == id } ?? false
            if !isDuplicate {
                let new = Sent(
                    id: id, at: at, size: request.messageBody.utf8.count, sequenceNumber: result.sequenceNumber)
                sent.rows = [new] + (sent.rows ?? []).prefix(199)
                sent.select(index: 0)
            }
            return [
                .toast(
                    isDuplicate ? "A duplicate: accepted, but not queued again" : "Sent \(id)",
                    isDuplicate ? .warning : .succeeded)
            ]
        case .message(.sent(_, .failure(let error), _)):
            isSending = false
            failure = error.sentence
            return []
        default: return []
        }
    }

    private var request: SQS.SendMessageRequest {
        let values = MessageAttributeLines.values(attributes.text)
        return SQS.SendMessageRequest(
            queueUrl: queue?.url ?? "", messageBody: body.text, delaySeconds: Int(delay.text),
            messageAttributes: values.isEmpty ? nil : values,
            messageDeduplicationId: isFIFO && !deduplication.text.isEmpty ? deduplication.text : nil,
            messageGroupId: group.text.isEmpty ? nil : group.text)
    }

    private mutating func send(_ request: SQS.SendMessageRequest) -> [Effect<Message>] {
        isSending = true
        failure = nil
        return [
            .work("send") { context in
                do {
                    let result = try await context.aws.call(SQS.sendMessage, request)
                    return .sent(request, .success(result), at: await context.now().epochMilliseconds)
                } catch {
                    return .sent(request, .failure(error), at: 0)
                }
            }
        ]
    }

    private mutating func take(_ input: WidgetInput) {
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if let field = Field.allCases.first(where: { "send.\($0)" == region }) {
                (focus, isEditing) = (field, true)
            }
            if region == "sent" { isEditing = false }
        }
        guard isEditing else {
            _ = sent.handle(input)
            return
        }
        switch input {
        case .key(.escape):
            isEditing = false
            return
        case .key(.tab): return move(1)
        case .key(.backTab): return move(-1)
        case .key(.enter) where focus != .body && focus != .attributes: return move(1)
        default: break
        }
        failure = nil
        switch focus {
        case .body: _ = body.handle(input)
        case .delay: _ = delay.handle(input)
        case .group: _ = group.handle(input)
        case .deduplication: _ = deduplication.handle(input)
        case .attributes: _ = attributes.handle(input)
        }
        // A body that does not begin like JSON is not checked as such.
        let isJSON = body.text.first { !$0.isWhitespace }.map { "{[\"".contains($0) } ?? true
        if (body.language == .json) != isJSON { setLanguage(isJSON ? .json : .plain) }
    }

    private mutating func setLanguage(_ language: TextLanguage) {
        body.language = language
        // Typing goes on where it was: inserting nothing checks the text anew.
        body.insert("")
    }

    private mutating func move(_ step: Int) {
        let at = fields.firstIndex(of: focus) ?? 0
        focus = fields[(at + step + fields.count) % fields.count]
    }
}

/// Message attributes as lines of `NAME TYPE VALUE`.
enum MessageAttributeLines {
    private static func parts(_ line: Substring) -> [String] {
        line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true).map(String.init)
    }

    static func problem(_ text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline)
        if lines.count > 10 { return "At most 10 attributes" }
        for line in lines {
            let parts = parts(line)
            guard parts.count == 3 else { return "NAME TYPE VALUE is needed, not “\(line.prefix(20))”" }
            switch parts[1].split(separator: ".").first {
            case "String": break
            case "Number": if Double(parts[2]) == nil { return "\(parts[0]): \(parts[2]) is no number" }
            case "Binary": if Base64.decode(parts[2]) == nil { return "\(parts[0]): the value must be in base64" }
            default: return "\(parts[0]): type String, Number or Binary, not \(parts[1])"
            }
        }
        return nil
    }

    static func values(_ text: String) -> [String: SQS.MessageAttributeValue] {
        var values: [String: SQS.MessageAttributeValue] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = parts(line)
            guard parts.count == 3 else { continue }
            if parts[1].hasPrefix("Binary") {
                values[parts[0]] = SQS.MessageAttributeValue(binaryValue: Base64.decode(parts[2]), dataType: parts[1])
            } else {
                values[parts[0]] = SQS.MessageAttributeValue(stringValue: parts[2], dataType: parts[1])
            }
        }
        return values
    }
}
