import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What fires the rule: its pattern, with what each clause asks in words, or its schedule with the next firings.
struct RuleTriggerTab: ResourceTab {
    enum Message: Sendable {
        case previewed(FiringsPreview.Answer)
    }

    var reading: RuleReading? { didSet { viewer.set(reading?.pattern ?? "") } }
    var isStale = false
    var viewer = JSONViewer("", id: "rule.pattern")
    var firings = FiringsPreview()

    var topics: Set<Topic> { ["events", "skua/clock"] }
    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { reading?.pattern ?? reading?.schedule }
    var tickInterval: Duration? { reading?.schedule == nil ? nil : .seconds(30) }

    var bindings: [KeyBinding] {
        let editable = reading.map(\.editable) ?? .disabled("The rule is not loaded")
        var list: [KeyBinding] = []
        if reading?.pattern != nil {
            list.append(
                KeyBinding(
                    ["t"], "try an event", "try", help: "Hold an event against the pattern: what fails is named",
                    menu: true))
        }
        list.append(
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit pattern, schedule and description", availability: editable,
                menu: true, needs: [.changes]))
        return list + (viewer.text.isEmpty ? [] : JSONViewer.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .tick: return preview()
        case .action("try"):
            guard let reading, let pattern = reading.pattern else { return [] }
            let purpose: PatternSandboxScreen.Purpose =
                reading.isManaged ? .sandbox : .rule(name: reading.name, bus: reading.bus)
            return [.push(PatternSandboxScreen(purpose, pattern: pattern))]
        case .action("edit"): return reading.map { [.push(RuleEditorScreen(editing: $0))] } ?? []
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(.previewed(let answer)): firings.set(answer)
        }
        return []
    }

    private func preview() -> [Effect<Message>] {
        guard let schedule = reading?.schedule else { return [] }
        let query = FiringsPreview.Query(expression: schedule, kind: "rule")
        return [.work("firings") { .previewed(await FiringsPreview.read(query, $0)) }]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        guard let reading else { return }
        if let schedule = reading.schedule {
            let parts = surface.rows([.fixed(4), .fill()])
            let inside = parts[0].panel("Schedule", focused: true)
            inside.write(schedule, x: 2, y: 0, Style(.text, .bold))
            inside.write(
                reading.isEnabled ? "It fires by the clock, on the default bus." : "It is disabled: it does not fire.",
                x: 2, y: 1, Style(reading.isEnabled ? .dim : .warning))
            return firings.render(on: parts[1], now: frame.now)
        }
        let clauses = (try? JSONReader.parse(reading.pattern ?? ""))?.object.map { FilterClause.all(in: $0) } ?? []
        let isWide = surface.width >= 100
        let height = min(max(clauses.count + 2, 6), surface.height / 2)
        let parts =
            isWide ? surface.columns([.fill(), .percent(48)]) : surface.rows([.fill(), .fixed(height)])
        let note =
            reading.isEnabled ? StyledLine("bus \(reading.bus)", .dim) : StyledLine("○ disabled", .warning)
        viewer.render(
            on: parts[0].panel("Event pattern", focused: true, note: note).inset(horizontally: 1),
            focused: frame.isInteractive)
        let words = parts[1].panel("In words")
        let width = min(words.width / 2, clauses.map(\.name.columns).max() ?? 0)
        var row = 0
        for clause in clauses {
            words.write(clause.name.clippedInMiddle(to: width), x: 2, y: row, Style(.dim))
            for line in TextWrapping.wrap(PatternCondition.text(clause.condition), to: max(8, words.width - width - 5))
            {
                words.write(line, x: width + 4, y: row)
                row += 1
            }
        }
    }
}
