import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A pattern and an event side by side, and below them, as one types, which clauses hold.
struct PatternSandboxScreen: Screen {
    /// What is edited here, and what saving does.
    enum Purpose: Hashable, Sendable {
        case sandbox
        /// Saves into the rule.
        case rule(name: String, bus: String)
        /// A mapping's or a pipe's filter, to be tried only.
        case filter(of: String)
    }

    enum Message: Sendable {
        case explained(Result<PatternExplanation, any Error>)
        case sampleChosen(ActionID)
        case noEngine
        case saved(Result<Void, any Error>)
        case leaveConfirmed
    }

    let purpose: Purpose
    let kind: PatternKind
    private let original: String
    var pattern: TextEditor
    var event: TextEditor
    var isOnEvent = false
    var verdict: PatternExplanation?
    var failure: String?
    /// Elsewhere nothing is tried before it is asked for.
    private var isLive = true
    private var isSaving = false

    static let starter = """
        {
          "source": ["shop"],
          "detail": {
            "total": [{ "numeric": [">", 100] }]
          }
        }
        """

    init(_ purpose: Purpose = .sandbox, kind: PatternKind = .event, pattern: String? = nil, event: String? = nil) {
        self.purpose = purpose
        self.kind = kind
        let starter = pattern ?? (kind == .record ? #"{ "body": { "kind": ["order"] } }"# : Self.starter)
        let text = CompactJSON.lines(starter, width: 34)
        original = text
        self.pattern = TextEditor(text, language: .json)
        self.event = TextEditor(event ?? SampleEvent.all(kind).first?.text ?? "{}", language: .json)
    }

    private var saves: Bool { if case .rule = purpose { true } else { false } }

    var crumbs: [String] {
        switch purpose {
        case .sandbox: ["EventBridge", "Pattern sandbox"]
        case .rule(let name, _): ["EventBridge", name, "Edit pattern"]
        case .filter(let name): [name, "Filter tester"]
        }
    }

    var capturesText: Bool { true }
    var handlesEscape: Bool { saves }
    var copyText: String? { pattern.selectedText ?? pattern.text }

    /// What keeps the pattern from being tried.
    private var problem: String? {
        if let error = pattern.error { return "Pattern: line \(error.line), column \(error.column): \(error.message)" }
        if let error = event.error { return "Event: line \(error.line), column \(error.column): \(error.message)" }
        return pattern.isEmpty ? "The pattern is empty" : nil
    }

    var bindings: [KeyBinding] {
        let readable = Availability.when(problem == nil, otherwise: problem ?? "")
        var list: [KeyBinding] = []
        if saves {
            let save: Availability =
                isSaving
                ? .disabled("It is being saved")
                : pattern.error == nil
                    ? .when(pattern.text != original, otherwise: "Nothing was changed") : readable
            list.append(
                KeyBinding(
                    ["ctrl+s"], "save", "save", help: "Save the rule's pattern", availability: save, menu: true,
                    needs: [.changes]))
        }
        list += [
            KeyBinding(
                saves ? ["f5"] : ["ctrl+s", "f5"], "test", "test", help: "Hold the event against the pattern",
                availability: readable, prominence: saves ? .help : .footer, menu: true),
            KeyBinding(
                ["tab"], isOnEvent ? "to the pattern" : "to the event", "pane", help: "Between pattern and event"),
            KeyBinding(["ctrl+t"], "sample", "sample", help: "Begin with an event of some service", menu: true),
            KeyBinding(
                ["ctrl+l"], "format", "format", help: "Lay the JSON out anew",
                availability: (isOnEvent ? event : pattern).error == nil ? .enabled : readable),
        ]
        return list
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return explain(isAsked: true)
        case .action("test"): return explain(isAsked: true)
        case .action("pane"): isOnEvent.toggle()
        case .action("sample"): return [.menu(SampleEvent.menu(kind)) { .sampleChosen($0) }]
        case .action("format"): format()
        case .action("save"): return save()
        case .input(.key(.escape)): return leave()
        case .input(let input): return take(input)
        case .message(.explained(.success(let new))): (verdict, failure) = (new, nil)
        case .message(.explained(.failure(let error))):
            // AWS names the place after a line break, with all of the pattern: the reason is enough here.
            failure = (error as? AWSError).map { String($0.message.prefix { $0 != "\n" }) } ?? error.sentence
        case .message(.noEngine): isLive = false
        case .message(.sampleChosen(let id)):
            guard let sample = SampleEvent.all(kind).first(where: { $0.id == id.name }) else { return [] }
            self.event.text = sample.text
            return explain(isAsked: isLive)
        case .message(.saved(.success)): return [.toast("Saved the pattern"), .pop]
        case .message(.saved(.failure(let error))):
            isSaving = false
            return [.toast(error.sentence, .failed)]
        case .message(.leaveConfirmed): return [.pop]
        default: break
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input, hit.event.kind == .press {
            if hit.region == "sandbox.pattern" { isOnEvent = false }
            if hit.region == "sandbox.event" { isOnEvent = true }
        }
        if [.key(.tab), .key(.backTab)].contains(input) {
            isOnEvent.toggle()
            return []
        }
        let before = (pattern.text, event.text)
        _ = isOnEvent ? event.handle(input) : pattern.handle(input)
        return isLive && before != (pattern.text, event.text) ? explain() : []
    }

    private mutating func format() {
        if isOnEvent {
            event.text = CompactJSON.lines(event.text, width: 34)
        } else {
            pattern.text = CompactJSON.lines(pattern.text, width: 34)
        }
    }

    private func explain(isAsked: Bool = false) -> [Effect<Message>] {
        guard problem == nil else { return [.cancel("explain")] }
        let (pattern, event, kind) = (pattern.text, event.text, kind)
        return [
            .work("explain") { context in
                if !isAsked, !context.capabilities.hasEngine { return .noEngine }
                do {
                    return .explained(.success(try await PatternExplanation.read(pattern, event, kind: kind, context)))
                } catch {
                    return .explained(.failure(error))
                }
            }
        ]
    }

    private func leave() -> [Effect<Message>] {
        guard saves, pattern.text != original else { return [.pop] }
        return [
            .confirm(
                Dialog(
                    "Leave without saving?", message: "What you have written is lost.", confirm: "Leave",
                    destructive: true), then: .leaveConfirmed)
        ]
    }

    private mutating func save() -> [Effect<Message>] {
        guard case .rule(let name, let bus) = purpose else { return [] }
        isSaving = true
        let text = pattern.text
        return [
            .work("save") { context in
                // AWS: PutRule replaces a rule as a whole, so everything else is sent again.
                let rule = try await context.aws.call(Events.describeRule, .init(name: name, eventBusName: bus))
                _ = try await context.aws.call(
                    Events.putRule,
                    .init(
                        name: name, scheduleExpression: rule.scheduleExpression, eventPattern: text,
                        state: rule.state, description: rule.description, roleArn: rule.roleArn, eventBusName: bus))
            } then: {
                .saved($0)
            }
        ]
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 100
        let clauses = verdict?.clauses.count ?? 0
        let bottom = max(5, min(clauses + 3, surface.height / 3))
        let parts = surface.rows([.fill(), .fixed(bottom)])
        let panes = parts[0].columns([.fill(), isWide ? .percent(46) : .percent(50)])
        draw(pattern, "Pattern", "sandbox.pattern", isFocused: !isOnEvent, on: panes[0], in: frame)
        draw(
            event, heldTitle, "sandbox.event", isFocused: isOnEvent, on: panes[1], in: frame)
        renderVerdict(on: parts[1])
    }

    private func draw(
        _ editor: TextEditor, _ title: String, _ region: String, isFocused: Bool, on surface: Surface,
        in frame: FrameContext
    ) {
        let isFocused = isFocused && frame.isInteractive
        let note = editor.error.map { StyledLine("line \($0.line), column \($0.column)", .failure) }
        let inside =
            note.map { surface.panel(title, focused: isFocused, note: $0) } ?? surface.panel(title, focused: isFocused)
        inside.region(region)
        editor.render(on: inside, focused: isFocused, id: region)
    }

    private var heldTitle: String {
        switch kind {
        case .event: "Event"
        case .record: "Record"
        case .attributes: "Attributes"
        case .body: "Message body"
        }
    }

    private func renderVerdict(on surface: Surface) {
        let inside = surface.panel("Verdict")
        if let text = problem ?? failure {
            for (row, line) in TextWrapping.wrap(text, to: max(20, inside.width - 5)).prefix(inside.height).enumerated()
            {
                inside.write(row == 0 ? "✗ " : "  ", x: 1, y: row, Style(.failure))
                inside.write(line, x: 3, y: row, Style(.failure))
            }
            return
        }
        guard let verdict else {
            inside.write("Trying…", x: 1, y: 0, Style(.dim))
            return
        }
        inside.write(PatternVerdictView.headline(verdict), x: 1, y: 0)
        PatternVerdictView.render(
            verdict, on: inside.part(Rect(x: 0, y: 1, width: inside.width, height: inside.height - 1)))
    }
}
