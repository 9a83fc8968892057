import AWSModel
import AWSTypes

extension EventsService {
    private static let eventsPerStep = 100
    private static let activeLimit = 10

    private func replay(_ name: String, _ scope: Scope) throws(ServiceError) -> EventReplay {
        guard let replay = replays[scope]?[name] else { throw .eventsNotFound("Replay \(name) does not exist.") }
        return replay
    }

    func startReplay(_ input: Events.StartReplayRequest, _ call: Call) throws(ServiceError)
        -> Events.StartReplayResponse
    {
        guard let destination = ARN(input.destination.arn), destination.resourceType == "event-bus" else {
            throw .validation(
                "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.")
        }
        _ = try bus(input.destination.arn, call.scope)
        let archiveName = ARN(input.eventSourceArn)?.resourceName ?? ""
        guard let archive = archives[call.scope]?[archiveName] else {
            throw .validation(
                "Parameter EventSourceArn is not valid. Reason: Archive \(archiveName) does not exist.")
        }
        guard archive.sourceArn == input.destination.arn else {
            throw .validation(
                "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.")
        }
        guard input.eventStartTime < input.eventEndTime else {
            throw .validation(
                "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.")
        }
        guard replays[call.scope]?[input.replayName] == nil else {
            throw .eventsExists("Replay \(input.replayName) already exists.")
        }
        guard replays[call.scope, default: [:]].values.count(where: \.isActive) < Self.activeLimit else {
            throw .eventsLimit("The requested resource exceeds the maximum number allowed.")
        }
        let replay = EventReplay(
            scope: call.scope, name: input.replayName, archiveArn: archive.arn, destination: input.destination,
            from: input.eventStartTime, to: input.eventEndTime, started: core.now)
        replay.description = input.description
        replays[call.scope, default: [:]][replay.name] = replay
        save(replay)
        scheduleStep(of: replay)
        core.attribute(call, to: replay.arn)
        return Events.StartReplayResponse(
            replayArn: replay.arn, state: replay.state, replayStartTime: replay.started)
    }

    func cancelReplay(_ input: Events.CancelReplayRequest, _ call: Call) throws(ServiceError)
        -> Events.CancelReplayResponse
    {
        let replay = try replay(input.replayName, call.scope)
        core.attribute(call, to: replay.arn)
        guard replay.state == "STARTING" || replay.state == "RUNNING" else {
            throw .eventsIllegalStatus("Replay \(replay.name) is not in a valid state for this operation.")
        }
        replay.state = "CANCELLING"
        save(replay)
        scheduleStep(of: replay)
        return Events.CancelReplayResponse(replayArn: replay.arn, state: replay.state)
    }

    func describeReplay(_ input: Events.DescribeReplayRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeReplayResponse
    {
        let replay = try replay(input.replayName, call.scope)
        core.attribute(call, to: replay.arn)
        return Events.DescribeReplayResponse(
            replayName: replay.name, replayArn: replay.arn, description: replay.description, state: replay.state,
            stateReason: replay.reason, eventSourceArn: replay.archiveArn, destination: replay.destination,
            eventStartTime: replay.from, eventEndTime: replay.to, eventLastReplayedTime: replay.lastReplayed,
            replayStartTime: replay.started, replayEndTime: replay.ended)
    }

    func listReplays(_ input: Events.ListReplaysRequest, _ call: Call) throws(ServiceError)
        -> Events.ListReplaysResponse
    {
        guard [input.namePrefix, input.eventSourceArn, input.state].count(where: { $0 != nil }) <= 1 else {
            throw .validation(
                "At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or NamePrefix.")
        }
        let all = replays[call.scope, default: [:]].values.filter {
            $0.name.hasPrefix(input.namePrefix ?? "") && $0.archiveArn == (input.eventSourceArn ?? $0.archiveArn)
                && $0.state == (input.state ?? $0.state)
        }.sorted { $0.name < $1.name }
        let page = try page(all, token: input.nextToken, limit: input.limit)
        return Events.ListReplaysResponse(replays: page.items.map(\.summary), nextToken: page.nextToken)
    }

    // MARK: Running

    func scheduleStep(of replay: EventReplay) {
        core.cancel(replay.timer)
        let delay: Duration = replay.state == "RUNNING" ? .milliseconds(10) : .seconds(1)
        replay.timer = core.schedule(at: core.now + delay, TimerLabel(kind: "Replay", resourceArn: replay.arn)) {
            [weak self] in
            replay.timer = nil
            self?.step(replay)
        }
    }

    private func step(_ replay: EventReplay) {
        guard replay.state != "CANCELLING" else { return end(replay, "CANCELLED") }
        replay.state = "RUNNING"
        guard let bus = findBus(replay.destination.arn, replay.scope) else {
            replay.reason = "The event bus does not exist."
            return end(replay, "FAILED")
        }
        var events: [(Int64, BusEvent)] = []
        try? core.journal.rows.forEach(
            """
            SELECT id, time, event FROM events_archived
            WHERE archive = ? AND (time > ? OR (time = ? AND id > ?)) AND time <= ? ORDER BY time, id LIMIT ?
            """,
            [
                .text(replay.archiveArn), .instant(replay.cursorTime), .instant(replay.cursorTime),
                .integer(replay.cursorID), .instant(replay.to), .integer(Self.eventsPerStep),
            ]
        ) { row in
            events.append((row.integer(0), BusEvent(row.document(2), ingested: core.now)))
            replay.cursorTime = row.instant(1)
            replay.cursorID = row.integer(0)
        }
        let filters = replay.destination.filterArns.map(Set.init)
        let cause = core.record(
            .delivery, service: "events", action: "Replay", resource: replay.arn, cause: nil,
            detail: "\(events.count) events")
        for (_, stored) in events {
            var event = stored
            event.replayName = replay.name
            replay.lastReplayed = event.time
            publish(event, on: bus, cause: cause, only: filters?.isEmpty ?? true ? nil : filters)
        }
        guard events.count == Self.eventsPerStep else { return end(replay, "COMPLETED") }
        save(replay)
        scheduleStep(of: replay)
    }

    private func end(_ replay: EventReplay, _ state: String) {
        replay.state = state
        replay.ended = core.now
        save(replay)
    }
}
