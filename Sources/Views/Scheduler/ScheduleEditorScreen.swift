import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A schedule being made or changed: its form, and beside it when it would fire.
struct ScheduleEditorScreen: Screen {
    enum Message: Sendable {
        case previewed(FiringsPreview.Answer)
        case saved(Result<Void, any Error>)
        case leaveConfirmed
    }

    private let old: ScheduleReading?
    var pane: FormPane
    var firings = FiringsPreview()

    /// A new schedule in a group.
    init(group: String) {
        old = nil
        pane = FormPane(Form("Create schedule", submit: "Create", ScheduleForms.fields(nil, group: group)))
    }

    init(editing schedule: ScheduleReading) {
        old = schedule
        pane = FormPane(
            Form("Edit \(schedule.name)", submit: "Save", ScheduleForms.fields(schedule, group: schedule.group)))
    }

    var crumbs: [String] { ["Scheduler", old?.name ?? "Schedules", old == nil ? "Create" : "Edit"] }
    var capturesText: Bool { true }
    var handlesEscape: Bool { true }
    var bindings: [KeyBinding] { [pane.binding(isNew: old == nil)] }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return preview()
        case .action("save"): return take(.key(.control("s")))
        case .input(let input): return take(input)
        case .message(.previewed(let answer)): firings.set(answer)
        case .message(.saved(.success)):
            guard old == nil else { return [.toast("Saved \(old?.name ?? "")"), .pop] }
            let name = pane.values["name"]
            return [.toast("Created \(name)"), .replace(ScheduleScreen(name: name, group: pane.values["group"]))]
        case .message(.saved(.failure(let error))): pane.failed(error.sentence)
        case .message(.leaveConfirmed): return [.pop]
        default: break
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        switch pane.take(input) {
        case .none: return []
        case .changed: return preview()
        case .cancelled: return pane.isChanged ? [.confirm(FormPane.leaving, then: .leaveConfirmed)] : [.pop]
        case .submitted(let values): return save(values)
        }
    }

    private func preview() -> [Effect<Message>] {
        let query = ScheduleForms.firings(pane.values)
        return [.work("firings") { .previewed(await FiringsPreview.read(query, $0)) }]
    }

    private func save(_ values: FormValues) -> [Effect<Message>] {
        let old = old
        return [
            .work("save") { context in
                if let old {
                    let input = ScheduleForms.document(values, old: old.schedule)
                    _ = try await context.aws.call(Scheduler.updateSchedule, .init(input))
                } else {
                    let input = ScheduleForms.document(values, old: nil)
                    _ = try await context.aws.call(Scheduler.createSchedule, .init(input))
                }
            } then: {
                .saved($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 110
        let parts = isWide ? surface.columns([.fill(), .fixed(46)]) : surface.rows([.fill(), .fixed(6)])
        pane.render(on: parts[0], focused: frame.isInteractive)
        firings.render(on: parts[1], now: frame.now, isFlexible: pane.values.integer("window"))
    }
}
