import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Publishing to a topic: a message, and what goes with it.
struct TopicPublishTab: TopicTab {
    enum Message: Sendable {
        case sent(SNS.PublishInput, Result<SNS.PublishResponse, any Error>, at: Int64)
    }

    enum Field: CaseIterable, Hashable, Sendable { case body, subject, structure, group, deduplication, attributes }

    /// A message sent from here, newest first.
    struct Sent: Identifiable, Hashable, Sendable {
        var id: String
        var at: Int64
        var size: Int
        var sequenceNumber: String?
    }

    var topic: TopicReading?
    var isStale = false
    var isEditing = true
    var focus = Field.body
    var body = TextEditor("{\n  \n}", language: .json)
    var subject = TextField("")
    /// Whether the body is an object with a text a protocol.
    var isStructured = false
    var group = TextField("")
    var deduplication = TextField("")
    var attributes = TextEditor("")
    var sent = Table<Sent>(
        id: "published",
        columns: [
            TableColumn("Message id", min: 12, clipsMiddle: true) { TableCell($0.id) },
            TableColumn("Published", min: 8, ideal: 8) {
                TableCell(ElapsedTime.clock(Instant(epochMilliseconds: $0.at)), .dim)
            },
            TableColumn("Size", min: 6, ideal: 8, align: .right) { TableCell(Quantity.bytes($0.size), .dim) },
            TableColumn("Sequence", min: 10, ideal: 22, clipsMiddle: true) { TableCell($0.sequenceNumber ?? "", .dim) },
        ], rows: [], empty: "Nothing published from here yet.")
    var last: SNS.PublishInput?
    var isSending = false
    /// What the service said to the last attempt.
    var failure: String?

    var isFIFO: Bool { topic?.isFIFO ?? false }
    var fields: [Field] { isFIFO ? Field.allCases : [.body, .subject, .structure, .attributes] }
    var capturesText: Bool { isEditing || sent.capturesText }
    var handlesEscape: Bool { isEditing || sent.handlesEscape }
    var copyText: String? { sent.selected?.id }

    var bindings: [KeyBinding] {
        let ready = Availability.when(problem == nil && !isSending, otherwise: problem ?? "It is being published")
        var own = [
            KeyBinding(
                ["ctrl+s", "f5"], "publish", "send", help: "Publish the message", availability: ready, menu: true,
                needs: [.changes]),
            KeyBinding(
                ["ctrl+r"], "repeat last", "repeat", help: "Publish the last message once more",
                availability: .when(last != nil, otherwise: "Nothing was published from here yet"), menu: true,
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
        if body.isEmpty { return "The message is empty" }
        let size = body.text.utf8.count
        if size > 262_144 { return "The message has \(size.grouped) bytes; SNS takes 262,144" }
        return Field.allCases.lazy.compactMap { problem(of: $0) }.first
    }

    func problem(of field: Field) -> String? {
        switch field {
        case .body: return nil
        case .subject:
            // AWS: ASCII, up to 100 characters, no line breaks.
            if subject.text.count > 100 { return "Subject: at most 100 characters" }
            return subject.text.allSatisfy { $0.isASCII && !$0.isNewline } ? nil : "Subject: ASCII characters only"
        case .structure:
            guard isStructured else { return nil }
            let texts = (try? JSONReader.parse(body.text))?.object
            return texts?.string("default") == nil ? "Structure json needs an object with a “default” text" : nil
        case .group:
            guard isFIFO else { return nil }
            if group.text.isEmpty { return "A FIFO message needs a group id" }
            return group.text.count > 128 ? "At most 128 characters" : nil
        case .deduplication:
            guard isFIFO else { return nil }
            if deduplication.text.isEmpty, topic?.usesContentDeduplication == false {
                return "This topic does not deduplicate by content: an id is needed"
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
        case .action("send"): return publish(request)
        case .action("repeat"): return last.map { publish($0) } ?? []
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
                    id: id, at: at, size: request.message.utf8.count, sequenceNumber: result.sequenceNumber)
                sent.rows = [new] + (sent.rows ?? []).prefix(199)
                sent.select(index: 0)
            }
            return [
                .toast(
                    isDuplicate ? "A duplicate: accepted, but not delivered again" : "Published \(id)",
                    isDuplicate ? .warning : .succeeded)
            ]
        case .message(.sent(_, .failure(let error), _)):
            isSending = false
            failure = error.sentence
            return []
        default: return []
        }
    }

    private var request: SNS.PublishInput {
        let values = MessageAttributeLines.values(attributes.text).mapValues {
            SNS.MessageAttributeValue(dataType: $0.dataType, stringValue: $0.stringValue, binaryValue: $0.binaryValue)
        }
        return SNS.PublishInput(
            topicArn: topic?.arn, message: body.text, subject: subject.text.isEmpty ? nil : subject.text,
            messageStructure: isStructured ? "json" : nil, messageAttributes: values.isEmpty ? nil : values,
            messageDeduplicationId: isFIFO && !deduplication.text.isEmpty ? deduplication.text : nil,
            messageGroupId: isFIFO && !group.text.isEmpty ? group.text : nil)
    }

    private mutating func publish(_ request: SNS.PublishInput) -> [Effect<Message>] {
        isSending = true
        failure = nil
        return [
            .work("publish") { context in
                do {
                    let result = try await context.aws.call(SNS.publish, request)
                    return .sent(request, .success(result), at: await context.now().epochMilliseconds)
                } catch {
                    return .sent(request, .failure(error), at: 0)
                }
            }
        ]
    }

    private mutating func take(_ input: WidgetInput) {
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if let field = Field.allCases.first(where: { "publish.\($0)" == region }) {
                (focus, isEditing) = (field, true)
            }
            if region == "published" { isEditing = false }
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
        case .subject: _ = subject.handle(input)
        case .structure:
            if case .key(let key) = input, [.space, .left, .right].contains(key) { isStructured.toggle() }
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
