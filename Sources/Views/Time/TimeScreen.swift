import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Time as a control: the engine's clock, its rate, stepping, jumping, and what will happen next.
struct TimeScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<Reading, any Error>)
        /// After a change of ours, which is named when it has happened.
        case changed(Result<ClockReading, any Error>, String)
        case jumpSubmitted(FormValues)
        case noEngine
    }

    struct Reading: Sendable {
        var clock: ClockReading
        var events: [UpcomingEvent]
        var total: Int
        var isTrafficOn = false
    }

    static let mostEvents = 200
    static let rates: [Double] = [1, 10, 60, 600]

    var clock: ClockReading?
    /// Where the jump under way began, for its progress.
    var jumpStart: Instant?
    var events = Table<UpcomingEvent>(
        id: "time.events", columns: Self.eventColumns, empty: "Nothing is waiting for time to pass.")
    var total = 0
    var isTrafficOn = false
    var failure: String?
    var hasEngine = true

    var crumbs: [String] { ["Skua", "Time"] }
    var title: String { "Time" }
    var topics: Set<Topic> {
        ["skua/clock", "sqs", "sns", "lambda", "states", "events", "pipes", "scheduler", "cloudwatch", "logs"]
    }
    var capturesText: Bool { events.capturesText }
    var handlesEscape: Bool { events.handlesEscape }
    var copyText: String? { clock?.now.iso8601() }

    /// Stands still while time does.
    var tickInterval: Duration? {
        guard let clock else { return nil }
        switch clock.mode {
        case .paused: return nil
        case .jumping: return .milliseconds(100)
        case .running: return clock.rate > 1 ? .milliseconds(200) : .seconds(1)
        }
    }

    // MARK: Keys

    var bindings: [KeyBinding] {
        let engine = Availability.when(clock != nil, otherwise: "The clock has not answered yet")
        let clockNeeds: Set<Need> = [.engine, .changes]
        let isRunning = clock?.mode == .running
        let isJumping = clock?.mode == .jumping
        let hasNext = clock?.nextEventAt != nil
        let selected = events.selected
        func only(_ condition: Bool, _ reason: String) -> Availability {
            engine.isEnabled && !condition ? .disabled(reason) : engine
        }
        var list = [
            KeyBinding(
                ["space"], isJumping ? "stop the jump" : isRunning ? "pause" : "run", "toggle",
                help: isJumping ? "Stay where the jump is now" : isRunning ? "Stop the clock" : "Let the clock run",
                availability: engine, menu: true, needs: clockNeeds),
            KeyBinding(
                ["s"], "step", "step", help: "Go to the next event, and let it happen",
                availability: only(hasNext, "Nothing is waiting for time to pass"), menu: true,
                needs: clockNeeds),
            KeyBinding(
                ["J"], "jump", "jump", help: "Jump by a duration, or to a time", availability: engine, menu: true,
                needs: clockNeeds),
            KeyBinding(
                ["+", "="], "faster", "faster", help: "The next rate up", availability: engine, needs: clockNeeds),
            KeyBinding(
                ["-"], "slower", "slower", help: "The next rate down", availability: engine, prominence: .help,
                needs: clockNeeds),
            KeyBinding(["l", "right"], "Next on the line of time", "table.down", prominence: .help),
            KeyBinding(["h", "left"], "The one before", "table.up", prominence: .help),
            KeyBinding(
                ["g"], "go there", "go", help: "Jump to the selected event",
                availability: only(selected != nil, "No event is selected"), menu: true, needs: clockNeeds),
            .open(
                .when(
                    selected?.resource.address != nil,
                    otherwise: selected == nil ? "No event is selected" : "This has no screen of its own")),
            .why(only(selected.map { !$0.id.resource.isEmpty } ?? false, "No event is selected")),
            .refresh,
        ]
        for (index, rate) in Self.rates.enumerated() {
            list.append(
                KeyBinding(
                    [Key(stringLiteral: "\(index + 1)")], "×\(Int(rate))", ActionID("rate.\(index)"),
                    help: "Run at ×\(Int(rate))", availability: engine, prominence: .help, needs: clockNeeds))
        }
        return list + Table<UpcomingEvent>.bindings
    }

    // MARK: Update

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .tick: return [load()]
        case .message(let message): return receive(message)
        case .action(let action): return perform(action)
        case .input(let input):
            _ = events.handle(input)
            return []
        }
    }

    private func load() -> Effect<Message> {
        .work("load") { context in
            guard context.capabilities.hasEngine else { return .noEngine }
            do {
                async let traffic = try? context.aws.call(Skua.describeTraffic, .init())
                async let upcoming = context.aws.call(Skua.listUpcomingEvents, .init(maxResults: Self.mostEvents))
                let clock = ClockReading(try await context.aws.call(Skua.getClock, .init()).document)
                let answer = try await upcoming
                let events = UpcomingEvent.list(answer.events ?? [], now: clock.now)
                return .loaded(
                    .success(
                        Reading(
                            clock: clock, events: events, total: answer.total ?? events.count,
                            isTrafficOn: await traffic.map { $0.isEnabled == true && $0.sources?.isEmpty == false }
                                ?? false)))
            } catch {
                return .loaded(.failure(error))
            }
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let reading)):
            failure = nil
            show(reading.clock)
            total = reading.total
            isTrafficOn = reading.isTrafficOn
            let isAtTop = events.selectedIndex == 0
            events.rows = reading.events
            // The first row is what comes next: whoever has not moved stays on it.
            if isAtTop { events.select(index: 0) }
        case .loaded(.failure(let error)): failure = error.sentence
        case .noEngine:
            hasEngine = false
            events.rows = []
        case .changed(.success(let new), let words):
            show(new)
            return new.mode == .jumping ? [load()] : [.toast(words), load()]
        case .changed(.failure(let error), _): return [.toast(error.sentence, .failed)]
        case .jumpSubmitted(let values):
            guard let clock, let target = try? JumpTarget(values["to"], now: clock.now) else { return [] }
            return [jump(to: target.instant, pausingTraffic: isTrafficOn && values.isOn("traffic"))]
        }
        return []
    }

    private mutating func show(_ new: ClockReading) {
        if new.mode == .jumping {
            if clock?.mode != .jumping || clock?.jumpTarget != new.jumpTarget { jumpStart = clock?.now ?? new.now }
        } else {
            jumpStart = nil
        }
        clock = new
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action {
        case "toggle":
            if clock?.mode == .jumping { return [stopJump()] }
            if clock?.mode == .running { return [set(mode: "PAUSED", rate: nil, "Time stands still.")] }
            // A pause forgets the rate; running again is live.
            return [set(mode: "RUNNING", rate: nil, "Time runs.")]
        case "step": return [step()]
        case "jump":
            return clock.map { [.form(Self.jumpForm(now: $0.now, isTrafficOn: isTrafficOn)) { .jumpSubmitted($0) }] }
                ?? []
        case "faster": return changeRate(1)
        case "slower": return changeRate(-1)
        case "go": return events.selected.map { [jump(to: $0.at)] } ?? []
        case "open": return events.selected?.resource.address.map { [.open($0)] } ?? []
        case "why": return events.selected.map { [.open("why", $0.id.resource)] } ?? []
        case "refresh": return [load()]
        default:
            if action.name.hasPrefix("rate."), let index = Int(action.name.dropFirst(5)),
                Self.rates.indices.contains(index)
            {
                return [run(at: Self.rates[index])]
            }
            _ = events.perform(action)
            return []
        }
    }

    /// The neighbouring rate; from a pause, the slowest.
    private func changeRate(_ step: Int) -> [Effect<Message>] {
        guard let clock else { return [] }
        guard clock.rate > 0 else { return [run(at: Self.rates[0])] }
        let next = step > 0 ? Self.rates.first { $0 > clock.rate } : Self.rates.last { $0 < clock.rate }
        guard let next else {
            return [.toast(step > 0 ? "×600 is the fastest; J jumps." : "×1 is the slowest; Space pauses.", .unknown)]
        }
        return [run(at: next)]
    }

    private func run(at rate: Double) -> Effect<Message> {
        set(mode: "RUNNING", rate: rate, "Time runs at ×\(Int(rate)).")
    }

    private func set(mode: String, rate: Double?, _ words: String) -> Effect<Message> {
        .work("set") {
            try await $0.aws.call(Skua.setClock, .init(mode: mode, rate: rate)).document
        } then: {
            .changed($0.map(ClockReading.init), words)
        }
    }

    private func step() -> Effect<Message> {
        let what = events.rows?.first.map { "Stepped: \($0.what.lowercased())." } ?? "Stepped to the next event."
        return .work("set") {
            try await $0.aws.call(Skua.stepClock, .init()).document
        } then: {
            .changed($0.map(ClockReading.init), what)
        }
    }

    private func jump(to target: Instant, pausingTraffic: Bool = false) -> Effect<Message> {
        .work("set") { context in
            if pausingTraffic { _ = try await context.aws.call(Skua.setTraffic, .init(isEnabled: false)) }
            return try await context.aws.call(Skua.jumpClock, .init(to: target)).document
        } then: {
            .changed($0.map(ClockReading.init), "It is \(ElapsedTime.date(target)).")
        }
    }

    /// A jump to where the clock is ends the one under way.
    private func stopJump() -> Effect<Message> {
        .work("set") {
            try await $0.aws.call(Skua.jumpClock, .init(bySeconds: 0)).document
        } then: {
            .changed($0.map(ClockReading.init), "The jump is over.")
        }
    }

    static func jumpForm(now: Instant, isTrafficOn: Bool = false) -> Form {
        Form(
            "Jump", submit: "Jump",
            [
                FormField(
                    "to", "To", value: "", hint: "90s, 15m, 24h, 2d; or a time in UTC: 14:30, 2026-11-24 09:00",
                    placeholder: "15m",
                    required: true,
                    validate: { text, _ in
                        do throws(JumpTarget.Failure) {
                            _ = try JumpTarget(text, now: now)
                            return nil
                        } catch {
                            return error.description
                        }
                    }),
                FormField(
                    "traffic", "Pause demo traffic", .toggle, value: "true",
                    hint: "Else each message on the way is really handled, and the jump takes that long",
                    visible: { _ in isTrafficOn }),
            ])
    }
}

/// Time.
public enum TimeScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("time", "Time", summary: "Pause, scale, step and jump the engine's clock; what happens next")
        { _ in TimeScreen() }
    ]
}
