import AWSModel
import AWSTypes

extension LogsService {
    private static let batchLimit = 1_048_576
    private static let eventLimit = 1_048_576

    func putLogEvents(
        _ input: Logs.PutLogEventsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutLogEventsResponse {
        let group = try group(input.logGroupName, in: call.scope)
        let stream = try stream(input.logStreamName, of: group)
        core.attribute(call, to: stream.arn, detail: "\(input.logEvents.count) events")
        let events = input.logEvents.map { (time: Int64($0.timestamp), message: $0.message) }
        try Self.validate(events)
        let (kept, rejected) = Self.sort(out: events, now: call.time, oldestKept: group.oldestKept(at: call.time))
        append(Array(events[kept]), to: stream, of: group)
        return Logs.PutLogEventsResponse(nextSequenceToken: LogsToken.upload(stream), rejectedLogEventsInfo: rejected)
    }

    private static func validate(_ events: [(time: Int64, message: String)]) throws(ServiceError) {
        guard let first = events.first, let last = events.last else {
            throw .invalidParameter("At least one log event must be provided.")
        }
        var bytes = 0
        var previous = first.time
        for event in events {
            let size = event.message.utf8.count
            guard size > 0 else { throw .invalidParameter("Log event message must not be empty.") }
            guard size + LogEvent.overhead <= eventLimit else {
                throw .invalidParameter(
                    "Log event too large: \(size + LogEvent.overhead) bytes exceeds limit of \(eventLimit)")
            }
            guard event.time >= previous else {
                throw .invalidParameter("Log events in a single PutLogEvents request must be in chronological order.")
            }
            previous = event.time
            bytes += size + LogEvent.overhead
        }
        guard bytes <= batchLimit else {
            throw .invalidParameter("Upload too large: \(bytes) bytes exceeds limit of \(batchLimit)")
        }
        guard last.time - first.time <= 24 * 3600 * 1000 else {
            throw .invalidParameter(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
        }
    }

    /// AWS: events older than 14 days or the retention, or more than two hours ahead, are skipped and reported.
    private static func sort(
        out events: [(time: Int64, message: String)], now: Instant, oldestKept: Int64
    ) -> (kept: Range<Int>, rejected: Logs.RejectedLogEventsInfo?) {
        let oldest = (now - .seconds(14 * 86_400)).epochMilliseconds
        let newest = (now + .seconds(2 * 3600)).epochMilliseconds
        let tooOld = events.firstIndex { $0.time >= oldest } ?? events.count
        let expired = events.firstIndex { $0.time >= oldestKept } ?? events.count
        let tooNew = events.firstIndex { $0.time > newest } ?? events.count
        let first = max(tooOld, expired)
        let kept = min(first, tooNew)..<tooNew
        guard kept.count < events.count else { return (kept, nil) }
        return (
            kept,
            Logs.RejectedLogEventsInfo(
                tooNewLogEventStartIndex: tooNew < events.count ? tooNew : nil,
                tooOldLogEventEndIndex: tooOld > 0 ? tooOld : nil,
                expiredLogEventEndIndex: expired > 0 && expired > tooOld ? expired : nil)
        )
    }
}
