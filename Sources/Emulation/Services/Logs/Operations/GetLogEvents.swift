import AWSModel
import AWSTypes

extension LogsService {
    /// AWS: a page has up to 1 MB.
    static let pageBytes = 1_048_576
    static let pageEvents = 10_000

    /// Pages through one stream in either direction. AWS: getting the token back that was sent means the end.
    func getLogEvents(
        _ input: Logs.GetLogEventsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetLogEventsResponse {
        let group = try group(name: input.logGroupName, identifier: input.logGroupIdentifier, in: call.scope)
        let stream = try stream(input.logStreamName, of: group)
        core.attribute(call, to: stream.arn)
        let limit = min(max(input.limit ?? Self.pageEvents, 1), Self.pageEvents)
        let oldest = max(input.startTime.map(Int64.init) ?? 0, group.oldestKept(at: call.time))
        var selection = LogEventStore.Selection(
            source: .stream(stream.id), after: LogEvent.Position(time: oldest, sequence: 0),
            // AWS: endTime is exclusive here.
            before: input.endTime.map { LogEvent.Position(time: Int64($0), sequence: 0) } ?? .end)
        let from = try input.nextToken.map { token throws(ServiceError) in try LogsToken.position(token) }
        switch from?.direction {
        case .forward: selection.after = max(selection.after, from?.position ?? .start)
        case .backward: selection.before = min(selection.before, from?.position ?? .end)
        case nil: break
        }
        selection.isDescending = from.map { $0.direction == .backward } ?? !(input.startFromHead ?? false)
        var events = Self.page(of: try self.events.read(selection, limit: limit).events)
        if selection.isDescending { events.reverse() }
        let (backward, forward) = Self.tokens(around: events, from: from)
        let isMasked = input.unmask != true && hasTreatment(group)
        return Logs.GetLogEventsResponse(
            events: events.map { event in
                Logs.OutputLogEvent(
                    timestamp: Int(event.position.time),
                    message: isMasked ? masked(event.message, at: event.ingestionTime, of: group) : event.message,
                    ingestionTime: Int(event.ingestionTime))
            },
            nextForwardToken: LogsToken.token(.forward, forward),
            nextBackwardToken: LogsToken.token(.backward, backward))
    }

    private static func page(of events: [LogEvent]) -> [LogEvent] {
        var bytes = 0
        for (index, event) in events.enumerated() {
            bytes += event.billedBytes
            if bytes > pageBytes, index > 0 { return Array(events[..<index]) }
        }
        return events
    }

    /// Positions that the next page begins after and the previous one ends before. On an empty page one of them is where
    /// the caller came from, and the other lets it turn round without losing an event.
    private static func tokens(
        around events: [LogEvent], from: (direction: LogsToken.Direction, position: LogEvent.Position)?
    ) -> (backward: LogEvent.Position, forward: LogEvent.Position) {
        if let first = events.first, let last = events.last { return (first.position, last.position) }
        guard let from else { return (.start, .start) }
        var turned = from.position
        switch from.direction {
        case .forward:
            turned.sequence += 1
            return (turned, from.position)
        case .backward:
            turned.sequence = max(0, turned.sequence - 1)
            return (from.position, turned)
        }
    }
}
