import AWSModel
import AWSTypes

/// The engine's clock at one moment.
struct ClockReading: Sendable, Hashable {
    enum Mode: String, Sendable {
        case running = "RUNNING"
        case paused = "PAUSED"
        case jumping = "JUMPING"
    }

    var now: Instant
    var mode: Mode
    /// Seconds of engine time a second; 0 while paused.
    var rate: Double
    /// How far engine time is ahead of the wall, in seconds.
    var offset: Double
    var jumpTarget: Instant?
    /// Functions and other real things that time waits for.
    var effectsOut: Int
    var nextEventAt: Instant?

    init(_ document: DocumentObject) {
        let answer = Skua.GetClockResponse(document)
        now = answer.now ?? .epoch
        mode = answer.mode.flatMap(Mode.init(rawValue:)) ?? .running
        rate = answer.rate ?? 1
        offset = answer.offsetSeconds ?? 0
        jumpTarget = answer.jumpTarget
        effectsOut = answer.effectsOut ?? 0
        nextEventAt = answer.nextEventAt
    }
}

/// Something that a timer of the engine will bring about.
struct UpcomingEvent: Identifiable, Sendable, Hashable {
    struct ID: Hashable, Sendable {
        var at: Instant
        var kind: String
        var resource: String
        /// Tells equal ones apart.
        var number: Int
    }

    var id: ID
    /// The engine time that its countdown counts from.
    var now: Instant
    var at: Instant { id.at }
    /// Milliseconds to go; 0 once it is due.
    var remaining: Int64 { max(0, (at - now).wholeMicroseconds / 1000) }
    var resource: ResourceName { ResourceName(id.resource) }

    /// In words: `Visibility timeout ends`.
    var what: String {
        switch id.kind {
        case "VisibilityTimeout": "Visibility timeout ends"
        case "DelaySeconds": "Delay ends"
        case "RetentionPeriod": "Message expires"
        case "MessageMoveTask": "Redrive goes on"
        case "AsynchronousRetry": "Async invocation retries"
        case "BatchingWindow": "Batching window closes"
        case "PollerBackoff": "Trigger polls again"
        case "ExpressTimeout": "Express workflow ends"
        case "Traffic": "Demo traffic is sent"
        default: Self.words(id.kind)
        }
    }

    /// `waitState` and `WaitState` become `Wait state`.
    private static func words(_ name: String) -> String {
        var text = ""
        for character in name {
            if character.isUppercase, !text.isEmpty { text.append(" ") }
            text.append(text.isEmpty ? Character(character.uppercased()) : Character(character.lowercased()))
        }
        return text
    }

    static func list(_ events: [Skua.UpcomingEvent], now: Instant) -> [UpcomingEvent] {
        var seen: [ID: Int] = [:]
        return events.map { event in
            var id = ID(at: event.at ?? .epoch, kind: event.kind ?? "", resource: event.resourceArn ?? "", number: 0)
            let number = seen[id, default: 0]
            seen[id] = number + 1
            id.number = number
            return UpcomingEvent(id: id, now: now)
        }
    }
}
