import AWSModel
import AWSTypes
import TerminalUI

/// One attempt at a subscriber, as the topic's delivery log tells it.
struct DeliveryRow: Identifiable, Hashable, Sendable {
    enum Status: String, CaseIterable, Sendable {
        case delivered, retrying, failed, filtered
        case deadLettered = "dead-lettered"

        var mark: StatusMark {
            switch self {
            case .delivered: .succeeded
            case .retrying: .waiting
            case .failed: .failed
            case .filtered: .disabled
            case .deadLettered: .aborted
            }
        }

        var word: String {
            switch self {
            case .delivered: "Delivered"
            case .retrying: "Retrying"
            case .failed: "Lost"
            case .filtered: "Filtered"
            case .deadLettered: "Dead letter"
            }
        }
    }

    let id: String
    var time: Instant
    var status: Status
    var subscriptionARN: String
    var kind: String
    var endpoint: String
    var messageID: String
    var attempt: Int
    var nextAttemptAt: Instant?
    var error: String?
    var filterClause: String?
    var deadLetterTarget: String?

    init(_ attempt: Skua.DeliveryAttempt) {
        time = attempt.time
        status = Status(rawValue: attempt.status) ?? .failed
        subscriptionARN = attempt.subscriptionArn
        kind = attempt.protocol
        endpoint = attempt.endpoint
        messageID = attempt.messageId
        self.attempt = attempt.attempt
        nextAttemptAt = attempt.nextAttemptAt
        error = attempt.error
        filterClause = attempt.filterClause
        deadLetterTarget = attempt.deadLetterTargetArn
        id = "\(messageID) \(subscriptionARN) \(attempt.status) \(attempt.attempt)"
    }

    /// Where it went, as people say it.
    var target: String { ARN(endpoint) == nil ? endpoint : ResourceName(endpoint).name }

    /// `kind wants order`
    private var clauseWords: String? {
        guard let filterClause else { return nil }
        guard let object = (try? JSONReader.parse(filterClause))?.object else { return filterClause }
        return FilterClause.all(in: object).map { "\($0.name) wants \(PatternCondition.text($0.condition))" }
            .joined(separator: ", ")
    }

    /// In a word or two, for the list.
    var reason: String {
        switch status {
        case .delivered: attempt > 1 ? "at attempt \(attempt)" : ""
        case .filtered: clauseWords ?? "filter policy"
        case .deadLettered:
            [deadLetterTarget.map { "to \(ResourceName.last(of: $0))" }, error].compactMap { $0 }
                .joined(separator: ": ")
        case .retrying, .failed: error ?? ""
        }
    }

    /// What happened, in sentences.
    func sentences(now: Int64) -> [StyledLine] {
        var lines: [StyledLine] = [
            [
                Span("\(status.mark.glyph) \(status.word)", status.mark.role),
                Span(" at \(ElapsedTime.preciseClock(time)), message ", .dim), Span(messageID, .text),
            ]
        ]
        switch status {
        case .delivered:
            lines.append([Span("\(kind) \(target) took it", .text), Span(" at attempt \(attempt)", .dim)])
        case .filtered:
            lines.append([
                Span("Its filter policy refused it: ", .dim), Span(clauseWords ?? "another message", .text),
            ])
        case .retrying, .failed, .deadLettered:
            lines.append([Span("\(kind) \(target), attempt \(attempt): ", .dim), Span(error ?? "failed", .failure)])
        }
        if let next = nextAttemptAt {
            let wait = next.epochMilliseconds - now
            lines.append([
                Span("◌ ", .warning), Span("Next attempt at \(ElapsedTime.clock(next))", .text),
                Span(wait > 0 ? ", in \(ElapsedTime.countdown(milliseconds: wait))" : "", .dim),
            ])
        } else if status == .deadLettered, let queue = deadLetterTarget {
            lines.append([Span("Moved to the dead-letter queue ", .dim), Span(ResourceName.last(of: queue), .link)])
        } else if status == .failed {
            lines.append(
                StyledLine("Nothing more is tried, and it has no dead-letter queue: the message is lost.", .dim))
        }
        return lines
    }
}
