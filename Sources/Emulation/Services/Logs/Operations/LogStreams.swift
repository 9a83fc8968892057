import AWSModel
import AWSTypes

// CreateLogStream, DeleteLogStream, DescribeLogStreams.

extension LogsService {
    func createLogStream(_ input: Logs.CreateLogStreamRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        if group.streams[input.logStreamName] != nil {
            throw ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists")
        }
        core.attribute(call, to: addStream(input.logStreamName, to: group).arn)
        return Unit()
    }

    func deleteLogStream(_ input: Logs.DeleteLogStreamRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        let stream = try stream(input.logStreamName, of: group)
        core.attribute(call, to: stream.arn)
        remove(stream, of: group)
        return Unit()
    }

    func describeLogStreams(
        _ input: Logs.DescribeLogStreamsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeLogStreamsResponse {
        let group = try group(name: input.logGroupName, identifier: input.logGroupIdentifier, in: call.scope)
        let byTime = input.orderBy == "LastEventTime"
        if byTime, input.logStreamNamePrefix != nil {
            throw .invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
        var streams = Array(group.streams.values)
        if let prefix = input.logStreamNamePrefix { streams = streams.filter { $0.name.hasPrefix(prefix) } }
        streams.sort { left, right in
            if byTime {
                let (first, second) = (left.lastEventTime ?? 0, right.lastEventTime ?? 0)
                if first != second { return first < second }
            }
            return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        if input.descending == true { streams.reverse() }
        // A token names the last stream shown: new events may move others meanwhile, but never lose the place.
        var rest = streams[...]
        if let after = try LogsToken.name(input.nextToken) {
            guard let index = streams.firstIndex(where: { $0.name == after }) else {
                throw .invalidParameter("The specified nextToken is invalid.")
            }
            rest = streams[(index + 1)...]
        }
        let page = rest.prefix(min(max(input.limit ?? 50, 1), 50))
        return Logs.DescribeLogStreamsResponse(
            logStreams: page.map(Self.described),
            nextToken: page.count < rest.count ? page.last.map { LogsToken.token(name: $0.name) } : nil)
    }

    private static func described(_ stream: LogStream) -> Logs.LogStream {
        Logs.LogStream(
            logStreamName: stream.name, creationTime: Int(stream.creationTime.epochMilliseconds),
            firstEventTimestamp: stream.firstEventTime.map { Int($0) },
            lastEventTimestamp: stream.lastEventTime.map { Int($0) },
            lastIngestionTime: stream.lastIngestionTime.map { Int($0) },
            // AWS: there is none before the first event.
            uploadSequenceToken: stream.lastEventTime == nil ? nil : LogsToken.upload(stream), arn: stream.arn,
            // AWS: always 0 since June 2019; the group's figure is the one that counts.
            storedBytes: 0)
    }
}
