import AWSModel
import AWSTypes
import TerminalUI

/// What sort of thing an entry of the timeline is.
enum TimelineKind: String, CaseIterable, Sendable, Hashable {
    case call, delivery, invocation, transition, alarm, timer

    /// One column wide, always next to the word.
    var glyph: String {
        switch self {
        case .call: "→"
        case .delivery: "›"
        case .invocation: "▶"
        case .transition: "•"
        case .alarm: "▲"
        case .timer: "◌"
        }
    }

    var plural: String {
        switch self {
        case .call: "Calls"
        case .delivery: "Deliveries"
        case .invocation: "Invocations"
        case .transition: "Transitions"
        case .alarm: "Alarms"
        case .timer: "Timers"
        }
    }

    var role: Role {
        switch self {
        case .call: .info
        case .delivery: .accent
        case .invocation: .running
        case .transition: .text
        case .alarm: .warning
        case .timer: .dim
        }
    }
}

/// One thing that happened.
struct TimelineRow: Identifiable, Sendable, Hashable {
    let id: Int
    let time: Instant
    let kind: TimelineKind?
    let service: String
    let action: String
    /// An ARN where there is one.
    let resource: String
    let traceID: String?
    let causeID: Int?
    let error: String?
    let detail: String
    /// When it was over; nil while it is under way, and for what takes no time.
    let endedAt: Instant?

    init(_ event: Skua.TimelineEvent) {
        id = event.id ?? 0
        time = event.time ?? .epoch
        kind = event.kind.flatMap(TimelineKind.init(rawValue:))
        service = event.service ?? ""
        action = event.action ?? ""
        resource = event.resource ?? ""
        traceID = event.traceId
        causeID = event.causeId
        error = event.error
        detail = event.detail ?? ""
        endedAt = event.endedAt
    }

    var name: ResourceName { ResourceName(resource) }

    /// `→ SendMessage sqs`, `▶ Invocation by sqs`: the service last, where a narrow column may lose it.
    var what: StyledLine {
        var line = StyledLine()
        if let kind { line.append(kind.glyph + " ", kind.role) }
        let role: Role = error == nil ? .text : .failure
        if kind == .invocation {
            line.append("Invocation", role)
            line.append(" by \(action)", .dim)
        } else {
            line.append(action, role)
            line.append(" \(service)", .dim)
        }
        return line
    }

    /// `✗ CardDeclined  41 ms`
    var outcome: StyledLine {
        var line = StyledLine()
        if let error {
            line.append("✗ ", .failure)
            line.append(error.hasPrefix("AWS.SimpleQueueService.") ? String(error.dropFirst(23)) : error, .failure)
            if !detail.isEmpty { line.append("  ", .dim) }
        } else if detail == "running" {
            return [Span("▶ ", .running), Span("running", .dim)]
        }
        line.append(detail, .dim)
        return line
    }

    /// All of it, for the pane below and the clipboard.
    var sentence: String {
        var text = "\(time.iso8601()) \(kind?.rawValue ?? "") \(service) \(action) \(resource)"
        if let error { text += " \(error)" }
        if !detail.isEmpty { text += " \(detail)" }
        return text
    }
}

/// What the list is narrowed to, by the engine: its history is longer than what the screen holds.
struct TimelineFilter: Sendable, Hashable {
    var kind: TimelineKind?
    var onlyErrors = false
    /// An ARN.
    var resource: String?

    var isEmpty: Bool { self == TimelineFilter() }

    func request(after: Int? = nil, before: Int? = nil, limit: Int) -> Skua.ListTimelineRequest {
        Skua.ListTimelineRequest(
            after: after, before: before, maxResults: limit, resourceArn: resource, kinds: kind.map { [$0.rawValue] },
            onlyErrors: onlyErrors ? true : nil)
    }

    /// `failures · invocation · orders`
    var words: String {
        var parts: [String] = []
        if onlyErrors { parts.append("failures") }
        if let kind { parts.append(kind.plural.lowercased()) }
        if let resource { parts.append(ResourceName(resource).name) }
        return parts.joined(separator: " · ")
    }
}
