import AWSModel
import AWSTypes

/// Time as a control: pause, scale, jump, step, and what will happen next.
extension SkuaService {
    func registerClock(_ table: inout OperationTable) {
        table.on(Skua.getClock) { [unowned self] (_, _) in Skua.GetClockResponse(clockDocument()) }
        table.on(Skua.setClock) { [unowned self] (input, _) throws(ServiceError) in try setClock(input) }
        table.on(Skua.jumpClock) { [unowned self] (input, _) throws(ServiceError) in try jumpClock(input) }
        table.on(Skua.stepClock) { [unowned self] (_, _) in
            core.step()
            return Skua.StepClockResponse(clockDocument())
        }
        table.on(Skua.listUpcomingEvents) { [unowned self] (input, _) in upcomingEvents(input) }
    }

    private func setClock(_ input: Skua.SetClockRequest) throws(ServiceError) -> Skua.SetClockResponse {
        if let rate = input.rate, !(0.01...100_000).contains(rate) {
            throw .validation("Rate must be between 0.01 and 100000.")
        }
        switch input.mode {
        case "PAUSED": core.setClockMode(.paused)
        case "RUNNING", nil: core.setClockMode(.running(rate: input.rate ?? currentRate ?? 1))
        default: throw .validation("Mode must be RUNNING or PAUSED.")
        }
        return Skua.SetClockResponse(clockDocument())
    }

    private func jumpClock(_ input: Skua.JumpClockRequest) throws(ServiceError) -> Skua.JumpClockResponse {
        let target: Instant
        if let to = input.to {
            target = to
        } else if let seconds = input.bySeconds, seconds.isFinite, abs(seconds) < 3.2e11 {
            target = core.now + .microseconds(Int64(seconds * 1_000_000))
        } else {
            throw .validation("Say where to jump: To (a time) or BySeconds.")
        }
        guard target >= core.now else {
            throw .validation("The engine's clock cannot go back; it is \(core.now.iso8601()).")
        }
        core.jump(to: target)
        return Skua.JumpClockResponse(clockDocument())
    }

    private func upcomingEvents(_ input: Skua.ListUpcomingEventsRequest) -> Skua.ListUpcomingEventsResponse {
        let events = core.timers.upcoming(limit: input.maxResults ?? 50).map { event in
            Skua.UpcomingEvent(at: event.time, kind: event.label.kind, resourceArn: event.label.resourceArn)
        }
        return Skua.ListUpcomingEventsResponse(events: events, total: core.timers.visibleCount)
    }

    private var currentRate: Double? {
        if case .running(let rate) = core.clock.mode { rate } else { nil }
    }

    private func clockDocument() -> DocumentObject {
        var document: DocumentObject = [
            "Now": .timestamp(core.now),
            "OffsetSeconds": .number(core.clock.offset.inSeconds),
            "EffectsOut": .integer(Int64(core.effectsOut)),
            "Rate": .number(currentRate ?? 0),
        ]
        if let target = core.clock.jumpTarget {
            document["Mode"] = "JUMPING"
            document["JumpTarget"] = .timestamp(target)
        } else {
            document["Mode"] = core.clock.mode == .paused ? "PAUSED" : "RUNNING"
        }
        if let next = core.timers.nextVisibleTime { document["NextEventAt"] = .timestamp(next) }
        return document
    }
}
