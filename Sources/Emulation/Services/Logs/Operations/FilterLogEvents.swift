import AWSModel
import AWSTypes

extension LogsService {
    /// Reads in one call: a page may be empty and still have a token. AWS does the same, and it keeps a turn short.
    private static let readsLimit = 10
    private static let sliceSize = 2_000

    func filterLogEvents(
        _ input: Logs.FilterLogEventsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.FilterLogEventsResponse {
        let group = try group(name: input.logGroupName, identifier: input.logGroupIdentifier, in: call.scope)
        core.attribute(call, to: group.arn)
        if input.logStreamNames != nil, input.logStreamNamePrefix != nil {
            throw .invalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.")
        }
        if let start = input.startTime, let end = input.endTime, start > end {
            throw .invalidParameter("The startTime must not be after the endTime.")
        }
        let pattern = try FilterPattern(input.filterPattern ?? "")
        let streams = try streams(of: group, names: input.logStreamNames, prefix: input.logStreamNamePrefix)
        let names = Dictionary(uniqueKeysWithValues: streams.map { ($0.id, $0.name) })
        let limit = min(max(input.limit ?? Self.pageEvents, 1), Self.pageEvents)
        let oldest = max(input.startTime.map(Int64.init) ?? 0, group.oldestKept(at: call.time))
        var selection = LogEventStore.Selection(
            // One stream alone has an index of its own.
            source: streams.count == 1 ? .stream(streams[0].id) : .group(group.id),
            after: LogEvent.Position(time: oldest, sequence: 0),
            // AWS: endTime is inclusive here.
            before: input.endTime.map { LogEvent.Position(time: Int64($0) + 1, sequence: 0) } ?? .end)
        if let token = input.nextToken { selection.after = max(selection.after, try LogsToken.filterPosition(token)) }
        let isMasked = input.unmask != true && hasTreatment(group)
        var found: [Logs.FilteredLogEvent] = []
        var bytes = 0
        var reads = 0
        var nextToken: String?
        scan: while !streams.isEmpty {
            let slice = try events.read(selection, limit: Self.sliceSize)
            for event in slice.events {
                // AWS: what is masked cannot be searched for either.
                let message =
                    isMasked ? masked(event.message, at: event.ingestionTime, of: group) : event.message
                if let name = names[event.stream], pattern.matches(message) {
                    bytes += event.billedBytes
                    if found.count == limit || (bytes > Self.pageBytes && !found.isEmpty) {
                        nextToken = LogsToken.token(filterAfter: selection.after)
                        break scan
                    }
                    found.append(
                        Logs.FilteredLogEvent(
                            logStreamName: name, timestamp: Int(event.position.time), message: message,
                            ingestionTime: Int(event.ingestionTime), eventId: LogsToken.eventID(event)))
                }
                selection.after = event.position
            }
            reads += 1
            if !slice.isCut { break }
            if reads == Self.readsLimit {
                nextToken = LogsToken.token(filterAfter: selection.after)
                break
            }
        }
        // AWS: searchedLogStreams has been empty since 2019.
        return Logs.FilterLogEventsResponse(events: found, searchedLogStreams: [], nextToken: nextToken)
    }

    private func streams(
        of group: LogGroup, names: [String]?, prefix: String?
    ) throws(ServiceError) -> [LogStream] {
        if let names {
            var found: [Int64: LogStream] = [:]
            for name in names {
                let stream = try stream(name, of: group)
                found[stream.id] = stream
            }
            return Array(found.values)
        }
        guard let prefix else { return Array(group.streams.values) }
        return group.streams.values.filter { $0.name.hasPrefix(prefix) }
    }
}
