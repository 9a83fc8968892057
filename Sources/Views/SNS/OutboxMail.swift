import AWSModel
import AWSTypes
import TerminalUI

/// A mail, text message or push that would have left for a person, as the outbox lists it.
struct OutboxMail: Identifiable, Hashable, Sendable {
    let id: String
    /// `email`, `email-json`, `sms`, `push` …
    var kind: String
    var recipient: String
    var subject: String
    var preview: String
    var topicARN: String?
    /// What confirms a subscription, where it asks for that.
    var token: String?
    var sentAt: Instant

    init(_ message: Skua.OutboxMessage) {
        id = message.id
        kind = message.kind
        recipient = message.recipient
        subject = message.subject
        preview = message.preview
        topicARN = message.topicArn
        token = message.token
        sentAt = message.sentAt
    }

    var kindWord: String {
        switch kind {
        case "email": "mail"
        case "email-json": "mail, JSON"
        case "sms": "text"
        default: kind
        }
    }

    /// What the list shows: the subject where there is one, else how the text begins.
    var summary: StyledLine {
        let begin = preview.split(whereSeparator: \.isNewline).joined(separator: " ")
        return subject.isEmpty
            ? StyledLine(begin, .text) : [Span(subject, .text), Span(begin.isEmpty ? "" : "  \(begin)", .faint)]
    }

    /// What stands above the text.
    var headers: [(String, String)] {
        var lines = [("To", recipient)]
        if !subject.isEmpty { lines.append(("Subject", subject)) }
        lines.append(("Sent", "\(ElapsedTime.date(sentAt)) as \(kindWord)"))
        if let topicARN { lines.append(("From", "topic \(ResourceName.last(of: topicARN))")) }
        return lines
    }
}
