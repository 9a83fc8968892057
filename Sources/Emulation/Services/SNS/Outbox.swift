import AWSModel
import AWSTypes

/// What would have left for people: mails, text messages and pushes, oldest first.
struct Outbox {
    struct Message {
        var id: Int64
        var scope: Scope
        var kind: String
        var recipient: String
        var subject: String
        var body: String
        var topicArn: String
        /// Of a confirmation, where it is confirmed.
        var link: String?
        var sentAt: Instant

        var token: String? {
            link.flatMap { link in link.firstRange(of: "&Token=").map { String(link[$0.upperBound...]) } }
        }
    }

    static let capacity = 2000

    private(set) var messages: [Message] = []

    /// Adds one; when the box overflows, gives the id of the newest that goes.
    mutating func add(_ message: Message) -> Int64? {
        messages.append(message)
        // Many at once, so that one more costs little on average.
        guard messages.count >= Self.capacity + Self.capacity / 4 else { return nil }
        let last = messages[messages.count - Self.capacity - 1].id
        messages.removeFirst(messages.count - Self.capacity)
        return last
    }

    func message(_ id: Int64) -> Message? { messages.last { $0.id == id } }
}

extension SNSService {
    /// What would leave for people is kept to be read here.
    func keep(
        _ kind: String, to recipient: String, subject: String, _ body: String, topic: String, _ scope: Scope,
        link: String? = nil
    ) {
        let message = Outbox.Message(
            id: nextID(), scope: scope, kind: kind, recipient: recipient, subject: subject, body: body,
            topicArn: topic, link: link, sentAt: core.now)
        core.journal.record(
            "INSERT INTO sns_outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(message.id), .text(scope.accountID), .text(scope.region), .text(kind), .text(recipient),
                .text(subject), .text(body), .text(topic), .text(link), .instant(core.now),
            ])
        if let last = outbox.add(message) {
            core.journal.record("DELETE FROM sns_outbox WHERE id <= ?", [.integer(last)])
        }
        core.changes.mark("sns:outbox")
    }

    func restoreOutbox(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT * FROM sns_outbox ORDER BY id") { row in
            _ = outbox.add(
                Outbox.Message(
                    id: row.integer(0), scope: Scope(accountID: row.text(1), region: row.text(2)), kind: row.text(3),
                    recipient: row.text(4), subject: row.text(5), body: row.text(6), topicArn: row.text(7),
                    link: row.optionalText(8), sentAt: row.instant(9)))
        }
    }

    /// One page, newest first.
    func outboxPage(_ input: Skua.ListOutboxMessagesRequest, _ scope: Scope) -> Skua.ListOutboxMessagesResponse {
        let wanted = outbox.messages.filter { message in
            message.scope == scope && (input.kind ?? message.kind) == message.kind
                && (input.recipient ?? message.recipient) == message.recipient
                && (input.topicArn ?? message.topicArn) == message.topicArn
        }
        let limit = min(input.maxResults ?? 100, 1000)
        let before = input.nextToken.flatMap { Int64($0) } ?? Int64.max
        let rest = wanted.reversed().drop { $0.id >= before }
        let page = Array(rest.prefix(limit))
        return Skua.ListOutboxMessagesResponse(
            messages: page.map { message in
                Skua.OutboxMessage(
                    id: String(message.id), kind: message.kind, recipient: message.recipient,
                    subject: message.subject, preview: String(message.body.prefix(120)),
                    topicArn: message.topicArn.isEmpty ? nil : message.topicArn, confirmUrl: message.link,
                    token: message.token, sentAt: message.sentAt)
            }, total: wanted.count,
            nextToken: rest.dropFirst(limit).isEmpty ? nil : page.last.map { String($0.id) })
    }

    func outboxMessage(_ id: String, _ scope: Scope) throws(ServiceError) -> Skua.GetOutboxMessageResponse {
        guard let message = Int64(id).flatMap({ outbox.message($0) }), message.scope == scope else {
            throw ServiceError("ResourceNotFoundException", "No outbox message has the id \(id).", status: 404)
        }
        return Skua.GetOutboxMessageResponse(
            id: id, kind: message.kind, recipient: message.recipient, subject: message.subject,
            topicArn: message.topicArn.isEmpty ? nil : message.topicArn, confirmUrl: message.link,
            token: message.token, sentAt: message.sentAt, body: message.body)
    }
}
