import AWSModel
import AWSTypes

/// An archive: the events of a bus that match its pattern.
final class EventArchive {
    let scope: Scope
    let name: String
    let sourceArn: String
    let created: Instant
    var description: String?
    var patternText: String?
    var pattern: EventPattern?
    /// 0 keeps for ever.
    var retentionDays = 0
    var kmsKeyIdentifier: String?
    var eventCount = 0
    var sizeBytes = 0
    var timer: TimerID?

    init(scope: Scope, name: String, sourceArn: String, created: Instant) {
        self.scope = scope
        self.name = name
        self.sourceArn = sourceArn
        self.created = created
    }

    var arn: String { scope.arn("events", "archive/\(name)") }

    var document: DocumentObject {
        var document: DocumentObject = [
            "source": .string(sourceArn), "created": .integer(created.microseconds),
            "retention": .integer(Int64(retentionDays)),
        ]
        document.putString("description", description)
        document.putString("pattern", patternText)
        document.putString("kms", kmsKeyIdentifier)
        return document
    }

    convenience init(scope: Scope, name: String, document: DocumentObject) {
        self.init(
            scope: scope, name: name, sourceArn: document.string("source") ?? "",
            created: Instant(microseconds: document["created"]?.integer ?? 0))
        description = document.string("description")
        patternText = document.string("pattern")
        pattern = patternText.flatMap { try? EventPattern($0) }
        retentionDays = document.integer("retention") ?? 0
        kmsKeyIdentifier = document.string("kms")
    }
}

/// A replay of an archive's events to the bus they came from.
final class EventReplay {
    let scope: Scope
    let name: String
    let archiveArn: String
    let destination: Events.ReplayDestination
    let from: Instant
    let to: Instant
    let started: Instant
    var description: String?
    var state = "STARTING"
    var reason: String?
    var lastReplayed: Instant?
    var ended: Instant?
    /// How far the replay is: the last event's time and row.
    var cursorTime: Instant
    var cursorID: Int64 = 0
    var timer: TimerID?

    init(
        scope: Scope, name: String, archiveArn: String, destination: Events.ReplayDestination, from: Instant,
        to: Instant, started: Instant
    ) {
        self.scope = scope
        self.name = name
        self.archiveArn = archiveArn
        self.destination = destination
        self.from = from
        self.to = to
        self.started = started
        cursorTime = from
    }

    var arn: String { scope.arn("events", "replay/\(name)") }
    var isActive: Bool { ["STARTING", "RUNNING", "CANCELLING"].contains(state) }

    var summary: Events.Replay {
        Events.Replay(
            replayName: name, eventSourceArn: archiveArn, state: state, stateReason: reason, eventStartTime: from,
            eventEndTime: to, eventLastReplayedTime: lastReplayed, replayStartTime: started, replayEndTime: ended)
    }

    var document: DocumentObject {
        var document: DocumentObject = [
            "archive": .string(archiveArn), "destination": .object(destination.document),
            "from": .integer(from.microseconds), "to": .integer(to.microseconds),
            "started": .integer(started.microseconds), "state": .string(state),
            "cursorTime": .integer(cursorTime.microseconds), "cursor": .integer(cursorID),
        ]
        document.putString("description", description)
        document.putString("reason", reason)
        document.putInteger("last", lastReplayed.map { Int($0.microseconds) })
        document.putInteger("ended", ended.map { Int($0.microseconds) })
        return document
    }

    convenience init(scope: Scope, name: String, document: DocumentObject) {
        func time(_ key: String) -> Instant? { document[key]?.integer.map { Instant(microseconds: $0) } }
        self.init(
            scope: scope, name: name, archiveArn: document.string("archive") ?? "",
            destination: Events.ReplayDestination(document.object("destination") ?? [:]), from: time("from") ?? .epoch,
            to: time("to") ?? .epoch, started: time("started") ?? .epoch)
        state = document.string("state") ?? "FAILED"
        cursorTime = time("cursorTime") ?? from
        cursorID = document["cursor"]?.integer ?? 0
        description = document.string("description")
        reason = document.string("reason")
        lastReplayed = time("last")
        ended = time("ended")
    }
}
