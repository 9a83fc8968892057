import AWSModel
import AWSTypes

/// A session of StartLiveTail: what it listens to, and what has come since the last update.
final class LiveTail {
    let reply: Reply<Logs.StartLiveTailResponse>
    let groups: Set<String>
    let streamNames: Set<String>
    let streamPrefixes: [String]
    let pattern: FilterPattern
    let ends: Instant
    /// Waiting for the next update, oldest first.
    private var waiting: [DocumentValue] = []
    private var isSampled = false

    /// AWS: an update has at most so many events; of more a sample is sent.
    private static let mostEvents = 500
    /// AWS: three hours.
    static let longest = Duration.seconds(3 * 3600)

    init(
        _ input: Logs.StartLiveTailRequest, groups: Set<String>, pattern: FilterPattern, ends: Instant,
        reply: Reply<Logs.StartLiveTailResponse>
    ) {
        self.reply = reply
        self.groups = groups
        self.pattern = pattern
        self.ends = ends
        streamNames = Set(input.logStreamNames ?? [])
        streamPrefixes = input.logStreamNamePrefixes ?? []
    }

    func listens(to stream: LogStream, of group: LogGroup) -> Bool {
        groups.contains(group.arn)
            && (streamNames.isEmpty || streamNames.contains(stream.name))
            && (streamPrefixes.isEmpty || streamPrefixes.contains { stream.name.hasPrefix($0) })
    }

    func hear(_ events: [(time: Int64, message: String)], _ stream: LogStream, of group: LogGroup, at now: Int64) {
        for event in events where pattern.matches(event.message) {
            guard waiting.count < Self.mostEvents else {
                isSampled = true
                return
            }
            waiting.append([
                "logStreamName": .string(stream.name),
                "logGroupIdentifier": .string("\(group.scope.accountID):\(group.name)"),
                "message": .string(event.message), "timestamp": .integer(event.time), "ingestionTime": .integer(now),
            ])
        }
    }

    /// What is sent each second, also where nothing came.
    func takeUpdate() -> DocumentObject {
        defer {
            waiting = []
            isSampled = false
        }
        return [
            "sessionUpdate": [
                "sessionMetadata": ["sampled": .bool(isSampled)], "sessionResults": .list(waiting),
            ]
        ]
    }
}

// StartLiveTail.

extension LogsService {
    private static let mostGroups = 10
    /// AWS: fifteen sessions at a time.
    private static let mostTails = 15

    func startLiveTail(
        _ input: Logs.StartLiveTailRequest, _ call: Call, _ reply: Reply<Logs.StartLiveTailResponse>
    ) throws(ServiceError) {
        guard reply.canReport else {
            throw .notImplemented(service: Self.id, operation: "StartLiveTail where the answer cannot be streamed")
        }
        let identifiers = input.logGroupIdentifiers
        guard identifiers.count <= Self.mostGroups else {
            throw .invalidParameter("A live tail session can have at most \(Self.mostGroups) log groups.")
        }
        if identifiers.count > 1, input.logStreamNames != nil || input.logStreamNamePrefixes != nil {
            throw .invalidParameter("Log streams can only be named together with a single log group.")
        }
        if input.logStreamNames != nil, input.logStreamNamePrefixes != nil {
            throw .invalidParameter("logStreamNames and logStreamNamePrefixes are mutually exclusive.")
        }
        guard tails.count < Self.mostTails else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        var groups: Set<String> = []
        for identifier in identifiers {
            // AWS: here groups are named by their ARNs.
            guard identifier.hasPrefix("arn:") else {
                throw .invalidParameter("Invalid log group ARN: \(identifier)")
            }
            groups.insert(try group(Self.name(ofIdentifier: identifier), in: call.scope).arn)
        }
        let pattern = try FilterPattern(input.logEventFilterPattern ?? "")
        let id = core.identifiers.uuid()
        tails[id] = LiveTail(
            input, groups: groups, pattern: pattern, ends: call.time + LiveTail.longest, reply: reply)
        reply.onAbandon { [unowned self] in tails[id] = nil }
        if let first = groups.first { core.attribute(call, to: first) }
        var start = input.document
        start["requestId"] = .string(call.requestID)
        start["sessionId"] = .string(id)
        reply.report(["sessionStart": .object(start)])
        armTail(id)
    }

    private func armTail(_ id: String) {
        core.schedule(
            at: core.now + .seconds(1), TimerLabel(kind: "LiveTail", resourceArn: "", isInternal: true)
        ) { [unowned self] in
            guard let tail = tails[id], tail.reply.isOpen else { return }
            tail.reply.report(tail.takeUpdate())
            if core.now >= tail.ends {
                tails[id] = nil
                tail.reply.fail(
                    ServiceError("SessionTimeoutException", "The session has been open for three hours."))
                return
            }
            armTail(id)
        }
    }

    /// New events for whoever is listening.
    func tellTails(_ events: [(time: Int64, message: String)], _ stream: LogStream, of group: LogGroup) {
        let now = core.now.epochMilliseconds
        for tail in tails.values where tail.listens(to: stream, of: group) {
            tail.hear(events, stream, of: group, at: now)
        }
    }
}
