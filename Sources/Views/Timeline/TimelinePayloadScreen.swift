import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One entry of the timeline: what went in, what came out, and when.
struct TimelinePayloadScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<Reading, any Error>)
    }

    struct Reading: Sendable {
        var entry: TimelineRow
        var input: String?
        var output: String?
    }

    let entryID: Int
    private(set) var reading: Reading?
    private(set) var failure: String?
    private var input = PayloadView(id: "timeline.input")
    private var output = PayloadView(id: "timeline.output")
    private(set) var isOutputFocused = false

    init(entryID: Int) { self.entryID = entryID }

    var crumbs: [String] { ["Skua", "Timeline", reading?.entry.action ?? "\(entryID)", "Payload"] }
    var title: String { "Payload" }
    private var focused: PayloadView { isOutputFocused ? output : input }
    var capturesText: Bool { focused.capturesText }
    var handlesEscape: Bool { focused.handlesEscape }
    var copyText: String? { focused.copyText }

    var bindings: [KeyBinding] {
        [KeyBinding(["tab"], isOutputFocused ? "input" : "output", "focus"), .refresh] + focused.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .action("refresh"): return [load()]
        case .message(.loaded(.success(let new))):
            failure = nil
            reading = new
            input.set(new.input ?? "")
            output.set(new.output ?? "")
        case .message(.loaded(.failure(let error))): failure = error.sentence
        case .action("focus"): isOutputFocused.toggle()
        case .action(let action):
            if isOutputFocused { _ = output.perform(action) } else { _ = input.perform(action) }
        case .input(let event):
            if isOutputFocused { _ = output.handle(event) } else { _ = input.handle(event) }
        case .reappeared, .changed, .tick: break
        }
        return []
    }

    private func load() -> Effect<Message> {
        let id = entryID
        return .work("load") { context in
            let answer = try await context.aws.call(Skua.getTimelineEntry, Skua.GetTimelineEntryRequest(id: id))
            return Reading(
                entry: TimelineRow(answer.event ?? Skua.TimelineEvent()), input: answer.input, output: answer.output)
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        guard let reading else {
            let inside = surface.panel("Payload", focused: true)
            inside.write(
                failure ?? "Reading…", x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        let parts = surface.rows([.fixed(2), .fill()])
        parts[0].write(reading.entry.what + StyledLine("  \(reading.entry.name.shortName)", .link), x: 1, y: 0)
        parts[0].write(
            StyledLine(ElapsedTime.date(reading.entry.time) + " UTC  ", .dim) + reading.entry.outcome, x: 1, y: 1)
        let panes =
            surface.width >= 100
            ? parts[1].columns([.fill(), .fill()], gap: 1) : parts[1].rows([.fill(), .fill()])
        pane("In", input, reading.input, isFocused: !isOutputFocused, on: panes[0], frame)
        pane("Out", output, reading.output, isFocused: isOutputFocused, on: panes[1], frame)
    }

    private func pane(
        _ title: String, _ view: PayloadView, _ text: String?, isFocused: Bool, on surface: Surface,
        _ frame: FrameContext
    ) {
        let inside = surface.panel(title, focused: isFocused && frame.isInteractive)
        guard text != nil else {
            inside.write(
                "Nothing, or no longer kept.", x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre,
                Style(.dim))
            return
        }
        view.render(on: inside, focused: isFocused && frame.isInteractive)
    }
}
