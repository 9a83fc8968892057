import AWSModel
import TerminalUI

/// All about one state of an execution: what went in and came out of each stage, its definition, its retries, its events.
struct StateDetailPane: Sendable {
    var tabs = Tabs(["Input/Output", "Definition", "Retry", "Events"], id: "detail.tabs", isNumbered: false)
    private(set) var visit: StateVisit?
    private(set) var stateName: String?
    private(set) var state: StateDefinition?
    /// The Map and Parallel states it lies in, innermost first.
    private var around: [RetryExplanation.Container] = []
    /// Position among the visits of this state: `2 of 5`.
    var visitNumber: (Int, Int) = (0, 0)
    private(set) var stages: [DataStage] = []
    private(set) var stageIndex = 0
    /// Stages came from the engine, not from history.
    private(set) var hasAllStages = false
    /// Why they cannot come from anything but history.
    var stageProblem: String?
    private var data = JSONViewer("", id: "detail.data")
    private var definition = JSONViewer("", id: "detail.definition")
    private var retry = TextViewer("", id: "detail.retry")
    /// The width the Retry tab was last drawn in, for wrapping between words.
    private let retryViewport = Viewport()
    var events = EventRow.table(id: "detail.events")

    var capturesText: Bool {
        switch tabs.selected {
        case 0: data.capturesText
        case 1: definition.capturesText
        case 2: retry.capturesText
        default: events.capturesText
        }
    }

    var handlesEscape: Bool {
        switch tabs.selected {
        case 0: data.handlesEscape
        case 1: definition.handlesEscape
        case 2: retry.handlesEscape
        default: events.handlesEscape
        }
    }

    var bindings: [KeyBinding] {
        switch tabs.selected {
        case 0:
            [
                KeyBinding(
                    ["."], "next stage", "detail.nextStage", help: "The next stage of the data, from input to output"),
                KeyBinding([","], "previous stage", "detail.previousStage", prominence: .help),
            ] + JSONViewer.bindings
        case 1: JSONViewer.bindings
        case 2: TextViewer.bindings
        default:
            [KeyBinding(["enter"], "show event", "detail.event", help: "Show the event among all events")]
                + Table<EventRow>.bindings
        }
    }

    /// What `y` copies.
    var copyText: String? {
        switch tabs.selected {
        case 0: data.selectedValue ?? stages[safe: stageIndex]?.value
        case 1: definition.selectedValue ?? state?.text
        case 2: retry.text
        default: events.selected?.event.text
        }
    }

    mutating func show(
        _ visit: StateVisit?, name: String?, definition state: StateDefinition?,
        around: [RetryExplanation.Container] = [], trace: ExecutionTrace, now: Instant
    ) {
        let isSame = visit?.id == self.visit?.id && name == stateName
        // What happened to the visit since makes the engine's stages of it old.
        if visit != self.visit { hasAllStages = false }
        self.visit = visit
        stateName = name
        self.state = state
        self.around = around
        definition.set(state?.text ?? "")
        let start = (trace.started ?? visit?.entered ?? .epoch).epochMilliseconds
        events.rows = (visit?.events ?? []).compactMap { trace.event($0) }.map {
            EventRow(event: $0, state: visit?.name, start: start)
        }
        retry.setLines(Self.retryLines(explanation, now: now, width: retryViewport.width))
        if !isSame || !hasAllStages {
            let old = stages[safe: stageIndex]?.name
            stages = visit.map { DataStage.known(of: $0, variables: trace.variablesText(before: $0)) } ?? []
            hasAllStages = false
            stageIndex = isSame ? stages.firstIndex { $0.name == old } ?? 0 : preferredStage()
        }
        showStage()
    }

    /// Stages as the engine tells them; the one looked at stays if it is among them.
    mutating func set(stages new: [DataStage], ofVisit id: Int) {
        guard visit?.id == id, !new.isEmpty else { return }
        let old = stages[safe: stageIndex]?.name
        // Variables and error as history has them: the engine's stages are about data.
        let known = stages.filter { ["Error", "Assign", "Variables"].contains($0.name) }
        stages = new.filter { stage in !known.contains { $0.name == stage.name } }
        let end = stages.last?.name == "State output" ? stages.count - 1 : stages.count
        stages.insert(contentsOf: known.filter { $0.name != "Variables" }, at: end)
        stages.insert(contentsOf: known.filter { $0.name == "Variables" }, at: min(1, stages.count))
        hasAllStages = true
        stageIndex = stages.firstIndex { $0.name == old } ?? preferredStage()
        showStage()
    }

    /// The error if there is one, else where the data begins.
    private func preferredStage() -> Int { stages.firstIndex { $0.name == "Error" } ?? 0 }

    mutating func step(stage: Int) {
        guard !stages.isEmpty else { return }
        stageIndex = max(0, min(stages.count - 1, stageIndex + stage))
        showStage()
    }

    private mutating func showStage() { data.set(stages[safe: stageIndex]?.value ?? "") }

    mutating func perform(_ action: ActionID) -> Bool {
        if action == "detail.nextStage" || action == "detail.previousStage" {
            step(stage: action == "detail.nextStage" ? 1 : -1)
            return true
        }
        switch tabs.selected {
        case 0: return data.perform(action)
        case 1: return definition.perform(action)
        case 2: return retry.perform(action)
        default: return events.perform(action)
        }
    }

    mutating func handle(_ input: WidgetInput) -> Bool {
        if !capturesText {
            if case .mouse = input, tabs.handle(input) { return true }
        }
        switch tabs.selected {
        case 0: return data.handle(input)
        case 1: return definition.handle(input)
        case 2: return retry.handle(input)
        default: return events.handle(input)
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, focused: Bool, trace: ExecutionTrace, now: Instant) {
        let inside = surface.panel(stateName ?? "State", focused: focused, note: note)
        guard stateName != nil else {
            inside.write(
                "Select a state to see its data.", x: 0, y: inside.height / 2, width: inside.width, align: .centre,
                Style(.dim))
            return
        }
        let summary = StateSummary(visit: visit, state: state, name: stateName ?? "").lines(
            trace: trace, now: now, width: inside.width - 2)
        for (y, line) in summary.enumerated() { inside.write(line, x: 1, y: y) }
        tabs.render(on: inside.part(Rect(x: 0, y: summary.count, width: inside.width, height: 1)))
        let body = inside.part(
            Rect(x: 0, y: summary.count + 1, width: inside.width, height: inside.height - summary.count - 1))
        switch tabs.selected {
        case 0: renderData(on: body, focused: focused)
        case 1: definition.render(on: body, focused: focused)
        case 2: renderRetry(on: body, focused: focused, now: now)
        default: events.render(on: body, focused: focused)
        }
    }

    private var note: StyledLine? {
        if visitNumber.1 > 1 { return StyledLine("visit \(visitNumber.0) of \(visitNumber.1)", .dim) }
        guard tabs.selected == 0, stageProblem != nil, !stages.isEmpty else { return nil }
        return StyledLine("as history tells", .dim)
    }

    private func renderData(on body: Surface, focused: Bool) {
        guard !stages.isEmpty else {
            let text =
                visit == nil ? "The execution has not come to this state." : "No data is recorded for this state."
            body.write(text, x: 0, y: body.height / 2, width: body.width, align: .centre, Style(.dim))
            return
        }
        StageBar(names: stages.map(\.name), selected: stageIndex).render(
            on: body.part(Rect(x: 0, y: 0, width: body.width, height: 1)))
        data.render(on: body.part(Rect(x: 0, y: 1, width: body.width, height: body.height - 1)), focused: focused)
    }

    private var explanation: RetryExplanation? {
        visit.map { RetryExplanation(visit: $0, state: state, around: around) }
    }

    private func renderRetry(on body: Surface, focused: Bool, now: Instant) {
        var viewer = retry
        if visit?.status.isOpen == true || retryViewport.width != body.width - 1 {
            viewer.setLines(Self.retryLines(explanation, now: now, width: body.width - 1))
        }
        retryViewport.record(top: 0, height: body.height, width: body.width - 1)
        viewer.render(on: body, focused: focused)
    }
}

/// A state in a line or two: how it stands, what it is, when and how long.
struct StateSummary {
    var visit: StateVisit?
    var state: StateDefinition?
    var name: String

    func lines(trace: ExecutionTrace, now: Instant, width: Int) -> [StyledLine] {
        let type = visit?.type ?? state?.type ?? "State"
        guard let visit else {
            return [[Span("○ ", .dim), Span("Not visited", .dim), Span("  \(type)", .dim)]]
        }
        var first: StyledLine =
            visit.isWaitingToRetry ? StatusMark.waiting.line("Waiting to retry") : visit.status.mark.line()
        first.append("  \(type)", .dim)
        if let resource = visit.resource ?? state?.resource { first.append(" · \(TaskResource.short(resource))", .dim) }
        if let iteration = visit.iteration { first.append(" · item #\(iteration)", .dim) }
        let start = trace.started ?? visit.entered
        var second = StyledLine(
            "\(ElapsedTime.clock(visit.entered)) (\(ElapsedTime.offset((visit.entered.microseconds - start.microseconds) / 1000)))",
            .dim)
        second.append(" · \(ElapsedTime.text(milliseconds: visit.milliseconds(now: now)))", .text)
        if visit.retries > 0 { second.append(" · ↻\(visit.retries) retried", .warning) }
        var lines = [first, second]
        if let error = visit.error {
            let place = visit.failedField.map { " in \($0)" } ?? ""
            let text = CauseText.line(error + place, visit.cause)
            lines += TextWrapping.wrap(text.replacingLineEnds, to: max(10, width)).prefix(3).map {
                StyledLine($0, .failure)
            }
        } else if visit.type == "Choice", let next = trace.visit(after: visit.id)?.name {
            let rules = state?.choices.enumerated().filter { $0.element.next == next } ?? []
            var line = StyledLine("→ \(next)", .text)
            if let rule = rules.first, rules.count == 1, state?.defaultNext != next {
                line.append(" · rule \(rule.offset + 1): \(rule.element.condition)", .dim)
            } else if rules.isEmpty {
                line.append(" · no rule matched: Default", .dim)
            } else {
                line.append(" · one of its \(rules.count) rules, or Default", .dim)
            }
            lines.append(line)
        } else if visit.mapRunARN != nil {
            lines.append(StyledLine("M opens the Map Run that its items ran in", .dim))
        } else if let count = visit.itemCount, visit.type == "Map" {
            lines.append(StyledLine(itemSummary(visit, count), .dim))
        }
        return lines
    }

    private func itemSummary(_ visit: StateVisit, _ count: Int) -> String {
        var parts = [Quantity.count(count, "item")]
        for status in [VisitStatus.running, .succeeded, .failed, .aborted] {
            let number = visit.iterations.count { $0.status == status }
            if number > 0 { parts.append("\(number) \(status.mark.word.lowercased())") }
        }
        return parts.joined(separator: " · ")
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
