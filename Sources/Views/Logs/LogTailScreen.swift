import AWSModel
import AWSTypes
import TerminalUI

/// The events of a log group, or of one stream, as they come.
struct LogTailScreen: Screen {
    enum Message: Sendable {
        case started(Result<LogReading, any Error>)
        case more(Result<LogReading, any Error>)
        case patternSet(FormValues)
        case jumped(FormValues)
    }

    /// What is kept of the past when following begins.
    private static let lookBack: Int64 = 3_600_000
    private static let limit = 2000
    static let longest = 50_000
    /// How late an event may come and still be shown, in milliseconds.
    private static let lateness: Int64 = 10_000

    var scope: LogReading.Scope
    var viewer = TextViewer("", id: "text.log")
    var isPaused = false
    /// Where the log was entered; nil for live.
    var jumpedTo: Int64?
    var isLoading = true
    var hasMore = false
    var isAnnounced = true
    var failure: String?
    /// Time of the last event shown: where to go on.
    private(set) var last: Int64 = 0
    /// The latest events shown, by id: streams are written in batches, so events may come late and out of order.
    private var recent: [String: Int64] = [:]
    private(set) var shown = 0
    /// What is shown: all, warnings and errors, or errors alone.
    var level = LogLine.Threshold.all
    /// Changes came while paused.
    private(set) var hasWaiting = false
    private(set) var now: Int64 = 0

    init(group: String, stream: String? = nil, from: Int64? = nil) {
        scope = LogReading.Scope(group: group, stream: stream)
        jumpedTo = from
        viewer.follows = from == nil
        viewer.emptyText = "Loading…"
    }

    var crumbs: [String] { ["CloudWatch", scope.group] + (scope.stream.map { [$0] } ?? []) + ["Tail"] }
    var title: String { "Tail \(scope.group)" }
    var topics: Set<Topic> { [Topic("logs/\(scope.group)")] }
    /// Asking again where nothing is announced.
    var tickInterval: Duration? { isAnnounced || isPaused || jumpedTo != nil ? nil : .seconds(2) }
    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.text.isEmpty ? nil : viewer.text }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["space"], isPaused ? "resume" : "pause", "pause", help: "Hold the log still, or go on",
                availability: .when(jumpedTo == nil, otherwise: "F goes live first"), menu: true),
            KeyBinding(["f"], "filter", "filter", help: "Show only events that match a filter pattern", menu: true),
            KeyBinding(
                ["v"], level.next.title, "level", help: "Show all levels, warnings and errors, or errors alone",
                menu: true),
            KeyBinding(["o"], "go to time", "jump", help: "Read from a moment on", menu: true),
            KeyBinding(
                ["F"], "live", "live", help: "Back to following live",
                availability: .when(jumpedTo != nil, otherwise: "It is live"), menu: true),
            KeyBinding(
                ["m"], "more", "more", help: "Read on", availability: .when(hasMore, otherwise: "There is no more"),
                prominence: hasMore ? .footer : .help),
            KeyBinding(
                ["c"], "clear", "clear", help: "Clear the screen; what is stored stays", prominence: .help, menu: true),
            KeyBinding(
                ["i"], "streams", "streams", help: "The log group's streams and search", prominence: .help, menu: true),
            .refresh,
        ] + TextViewer.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .action("refresh"): return start()
        case .reappeared, .changed, .tick:
            if isPaused {
                hasWaiting = true
                return []
            }
            return jumpedTo == nil ? goOn() : []
        case .action("pause"):
            isPaused.toggle()
            viewer.follows = !isPaused
            guard !isPaused else { return [] }
            hasWaiting = false
            return goOn()
        case .action("filter"):
            return [.form(LogReading.patternForm(scope.pattern).onlyForLooking()) { .patternSet($0) }]
        case .action("level"):
            level = level.next
            return start()
        case .action("jump"): return [.form(jumpForm.onlyForLooking()) { .jumped($0) }]
        case .action("live"):
            (jumpedTo, isPaused) = (nil, false)
            viewer.follows = true
            return start()
        case .action("more"): return goOn()
        case .action("clear"): viewer.setLines([])
        case .action("streams"): return [.open("logs.group", scope.group)]
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(let message): return receive(message)
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .started(.success(let reading)):
            viewer.setLines([])
            (last, recent, shown) = (0, [:], 0)
            take(reading)
        case .more(.success(let reading)): take(reading)
        case .started(.failure(let error)):
            isLoading = false
            failure = error.sentence
            viewer.setLines([])
            viewer.emptyText = error.sentence
        case .more(.failure(let error)):
            isLoading = false
            return [.toast(error.sentence, .failed)]
        case .patternSet(let values):
            scope.pattern = QueueForms.trimmed(values["pattern"])
            return start()
        case .jumped(let values):
            guard let time = LogReading.time(values["time"], now: now) else { return [] }
            jumpedTo = time
            isPaused = false
            viewer.follows = false
            return start()
        }
        return []
    }

    private mutating func take(_ reading: LogReading) {
        isLoading = false
        failure = nil
        hasMore = reading.hasMore
        isAnnounced = reading.isAnnounced
        now = reading.now
        let new = reading.events.filter { recent[$0.eventId ?? ""] == nil }
        viewer.emptyText =
            level != .all
            ? "No \(level.noun) here yet. v shows all levels."
            : scope.pattern.isEmpty
                ? "No events here yet. They appear as they come." : "No event matches \(scope.pattern)."
        guard !new.isEmpty else { return }
        let showsStream = scope.stream == nil
        let passing = new.filter { level.passes($0.message ?? "") }
        viewer.append(passing.flatMap { LogLine.lines(of: $0, showsStream: showsStream) }, limit: Self.longest)
        shown += passing.count
        for event in new { recent[event.eventId ?? ""] = Int64(event.timestamp ?? 0) }
        last = max(last, new.map { Int64($0.timestamp ?? 0) }.max() ?? 0)
        let horizon = last - Self.lateness
        recent = recent.filter { $0.value >= horizon }
    }

    /// From the beginning: the last hour live, or from the moment jumped to.
    private mutating func start() -> [Effect<Message>] {
        isLoading = true
        let (scope, from) = (scope, jumpedTo)
        return [
            .work("read") { context in
                if let from { return try await LogReading.read(scope, from: from, limit: Self.limit, context) }
                let now = await context.now().epochMilliseconds
                return try await LogReading.read(
                    scope, from: now - Self.lookBack, limit: Self.limit, keepsLast: true, context)
            } then: {
                .started($0)
            }
        ]
    }

    /// What came after the last event shown, and what came late.
    private func goOn() -> [Effect<Message>] {
        guard last > 0 else {
            var copy = self
            return copy.start()
        }
        let (scope, from) = (scope, hasMore ? last : last - Self.lateness)
        return [
            .work("read") { context in
                try await LogReading.read(scope, from: from, limit: Self.limit, context)
            } then: {
                .more($0)
            }
        ]
    }

    private var jumpForm: Form {
        let now = now
        return Form(
            "Go to time", submit: "Go",
            [
                FormField(
                    "time", "Time (UTC)", hint: "14:02, 14:02:11, 2026-11-23 14:02, or -15m, -2h, -1d before now",
                    placeholder: "-15m", required: true,
                    validate: { text, _ in
                        LogReading.time(text, now: now) == nil ? "14:02, 2026-11-23 14:02, or -15m" : nil
                    })
            ])
    }

    func render(on surface: Surface, in frame: FrameContext) {
        var note = StyledLine()
        if !scope.pattern.isEmpty {
            note.append("filter \(scope.pattern.clipped(to: max(8, surface.width / 3))) · ", .accent)
        }
        if level != .all { note.append("\(level.noun) only · ", .accent) }
        if isPaused {
            note = note + StatusMark.paused.line(hasWaiting ? "paused, more waits" : "paused")
        } else if let jumpedTo {
            note.append("from \(ElapsedTime.date(Instant(epochMilliseconds: jumpedTo)))", .warning)
        } else if viewer.follows {
            note = note + StatusMark.running.line("live")
        } else {
            note.append("live, scrolled up: G follows", .dim)
        }
        let footer = StyledLine(
            isLoading ? "loading…" : Quantity.count(shown, "event") + (hasMore ? ", m reads on" : ""), .dim)
        let inside = surface.panel(scope.stream ?? scope.group, focused: true, note: note, footer: footer)
        viewer.render(on: inside.inset(horizontally: 1), focused: frame.isInteractive)
    }
}
